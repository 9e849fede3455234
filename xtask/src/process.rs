//! Starting other programs, saying which.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context as _, bail};

use crate::project::Project;

/// Cargo, in the workspace's root.
pub(crate) fn cargo(project: &Project) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(project.root());
    // `cargo run` describes the xtask crate in these. Build scripts that watch them would run again
    // each time somebody changes between `cargo xtask` and plain `cargo`.
    for (name, _) in std::env::vars_os() {
        let inherited = name.to_string_lossy();
        if inherited.starts_with("CARGO_PKG_") || inherited.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Cargo for what compiles our own code. Where the project lints, the compiler is Clippy's: it is rustc with more lints, and what it has
/// looked at is compiled. `cargo clippy` would read some six hundred libraries once more for itself.
pub(crate) fn compiler(project: &Project) -> Command {
    let mut command = cargo(project);
    if project.lints() {
        command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    }
    command
}

/// npm, in the UI's folder.
pub(crate) fn npm(project: &Project) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(project.ui()).env("npm_config_fund", "false").env("npm_config_audit", "false");
    command
}

/// Prints the command line, runs it with our own terminal, and fails unless it ends well.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!("`{}` ended with {status}", spell(command));
    }
    Ok(())
}

/// Like [`run`], for callers to whom the exit code means something.
pub(crate) fn status(command: &mut Command) -> anyhow::Result<ExitStatus> {
    println!("$ {}", spell(command));
    command.status().with_context(|| format!("`{}` could not be started", spell(command)))
}

/// Runs quietly and returns what the program wrote to standard output, whatever its exit code.
pub(crate) fn ask(command: &mut Command) -> anyhow::Result<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output();
    let output = output.with_context(|| format!("`{}` could not be started", spell(command)))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs and returns standard output; errors go to our own terminal, and a bad end is an error.
pub(crate) fn read(command: &mut Command) -> anyhow::Result<String> {
    println!("$ {}", spell(command));
    output(command)
}

/// Like [`read`], without a word about it.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("`{}` could not be started", spell(command)))?;
    if !output.status.success() {
        bail!("`{}` ended with {}", spell(command), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// True when a program of this name is on the path.
pub(crate) fn is_on_path(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// A command line as a person would type it.
fn spell(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut line = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for argument in command.get_args() {
        let argument = argument.to_string_lossy();
        let quote = if argument.contains(char::is_whitespace) { "'" } else { "" };
        let _ = write!(line, " {quote}{argument}{quote}");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_spelled_as_it_would_be_typed() {
        let mut command = Command::new("/somewhere/cargo");
        command.args(["test", "--features", "a b"]);
        assert_eq!(spell(&command), "cargo test --features 'a b'");
    }

    #[test]
    fn a_program_that_ends_badly_is_an_error_that_names_it() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert!(error.to_string().contains("sh -c 'exit 3'"), "{error}");
    }
}
