//! Programs on disk: made ready with the tools of their language, started, and talked to.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use gatewright_snippet::Language;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use url::Url;

use crate::proof::Proof;
use crate::stage::Case;

/// How long a program may take to say its next word.
const PATIENCE: Duration = Duration::from_mins(1);

/// A program that can be started.
pub(crate) struct Program {
    language: Language,
    executable: PathBuf,
    arguments: Vec<PathBuf>,
}

/// A program that runs.
pub(crate) struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    seen: String,
}

/// How a program ended.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) succeeded: bool,
    pub(crate) output: String,
    pub(crate) errors: String,
}

/// Saves the program of each case and makes it ready, compiled where the language wants that.
pub(crate) async fn make(language: Language, cases: &[Case]) -> Vec<Program> {
    let folder = workshop(language);
    std::fs::create_dir_all(&folder).unwrap();
    match language {
        Language::Rust => rust(&folder, cases).await,
        Language::Go => go(&folder, cases).await,
        Language::Curl => interpreted(&folder, cases, language, "bash"),
        Language::Node => interpreted(&folder, cases, language, "node"),
        Language::Python => interpreted(&folder, cases, language, "python3"),
        Language::Php => interpreted(&folder, cases, language, "php"),
    }
}

fn interpreted(folder: &Path, cases: &[Case], language: Language, interpreter: &str) -> Vec<Program> {
    let of = |case: &Case| {
        let file = folder.join(format!("{}-{}", case.name, language.file_name()));
        std::fs::write(&file, case.program(language)).unwrap();
        Program { language, executable: interpreter.into(), arguments: vec![file] }
    };
    cases.iter().map(of).collect()
}

/// Go compiles each file by itself, as `go run` does, without a module and without the network.
async fn go(folder: &Path, cases: &[Case]) -> Vec<Program> {
    let mut programs = Vec::new();
    for case in cases {
        let (file, program) = (folder.join(format!("{}.go", case.name)), folder.join(case.name));
        std::fs::write(&file, case.program(Language::Go)).unwrap();
        let mut build = Command::new("go");
        build.arg("build").arg("-o").arg(&program).arg(&file).current_dir(folder);
        let unformatted = Command::new("gofmt").arg("-d").arg(&file).output().await.unwrap().stdout;
        assert!(unformatted.is_empty(), "gofmt writes it otherwise: {}", String::from_utf8_lossy(&unformatted));
        build.env("GOCACHE", folder.join("cache")).env("GOPATH", folder.join("path"));
        build.env("GOPROXY", "off").env("GOTOOLCHAIN", "local").env("GOFLAGS", "-mod=mod");
        finished(build).await;
        programs.push(Program { language: Language::Go, executable: program, arguments: Vec::new() });
    }
    programs
}

/// One small project for all programs in Rust, with the versions of our own lock file, so that nothing is downloaded. Unlike what a
/// person gets with `cargo add`, reqwest has no TLS here: the twins speak plain HTTP. The cryptographic library that it would bring along
/// for that is here all the same: with it a program signs with a private key.
async fn rust(folder: &Path, cases: &[Case]) -> Vec<Program> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    std::fs::create_dir_all(folder.join("src/bin")).unwrap();
    std::fs::write(folder.join("Cargo.toml"), RUST_PROJECT).unwrap();
    std::fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    for case in cases {
        std::fs::write(folder.join(format!("src/bin/{}.rs", case.name)), case.program(Language::Rust)).unwrap();
    }
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build.args(["build", "--quiet", "--offline", "--bins"]).current_dir(folder);
    build.env("CARGO_TARGET_DIR", folder.join("target")).env_remove("RUSTFLAGS");
    finished(build).await;
    let compiled = |case: &Case| Program {
        language: Language::Rust,
        executable: folder.join("target/debug").join(case.name),
        arguments: Vec::new(),
    };
    cases.iter().map(compiled).collect()
}

const RUST_PROJECT: &str = r#"[package]
name = "snippets"
version = "0.0.0"
edition = "2024"

[workspace]

[profile.dev]
debug = false

[dependencies]
aws-lc-rs = "1"
base64 = "0.23"
getrandom = { version = "0.4", features = ["std"] }
hmac = "0.13"
reqwest = { version = "0.13", default-features = false, features = ["blocking", "form", "json", "multipart"] }
serde_json = "1"
sha2 = "0.11"
url = "2"
"#;

/// Where programs of a language are kept; what they compile to is found again by the next run.
fn workshop(language: Language) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    target.join("snippets").join(language.name().to_lowercase())
}

/// Runs a compiler; the test fails with its words.
async fn finished(mut command: Command) {
    let output = command.stdin(Stdio::null()).output().await;
    let output = output.unwrap_or_else(|cause| panic!("{command:?} is not installed: {cause}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

impl Program {
    /// The language's name.
    pub(crate) fn name(&self) -> &'static str {
        self.language.name()
    }

    /// Starts it with nothing in its environment but its secret, or where its key is, and the way to programs.
    pub(crate) fn start(&self, proof: Option<&Proof>) -> Running {
        let mut command = Command::new(&self.executable);
        command.args(&self.arguments).env_clear().kill_on_drop(true);
        command
            .envs(["PATH", "HOME", "PYENV_ROOT"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.envs(proof.map(Proof::variable));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child =
            command.spawn().unwrap_or_else(|cause| panic!("{} is not installed: {cause}", self.executable.display()));
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Running { child, lines, seen: String::new() }
    }
}

impl Running {
    /// The address that the program prints.
    pub(crate) async fn address(&mut self) -> Url {
        let reading = async {
            while let Some(line) = self.lines.next_line().await.unwrap() {
                self.seen.push_str(&line);
                self.seen.push('\n');
                if line.starts_with("http") {
                    return Url::parse(&line).unwrap();
                }
            }
            let mut errors = String::new();
            self.child.stderr.take().unwrap().read_to_string(&mut errors).await.unwrap();
            panic!("no address was printed: {}{errors}", self.seen);
        };
        tokio::time::timeout(PATIENCE, reading).await.expect("an address is printed")
    }

    /// Pastes an address and waits for the end.
    pub(crate) async fn paste(mut self, address: &str) -> End {
        let mut input = self.child.stdin.take().unwrap();
        // A program that has ended reads no more.
        let _ended = input.write_all(format!("{address}\n").as_bytes()).await;
        drop(input);
        let ending = async {
            while let Some(line) = self.lines.next_line().await.unwrap() {
                self.seen.push_str(&line);
                self.seen.push('\n');
            }
            self.child.wait_with_output().await.unwrap()
        };
        let output = tokio::time::timeout(PATIENCE, ending).await.expect("the program ends");
        End {
            succeeded: output.status.success(),
            output: self.seen,
            errors: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl End {
    /// The last line that was printed.
    pub(crate) fn last_line(&self) -> &str {
        self.output.lines().last().unwrap_or_default()
    }
}
