//! `cargo xtask fuzz`: makes up inputs for everything that reads what strangers send (crates/fuzz-targets).
//!
//! What is tried lies in `target/fuzz`. With `--keep`, inputs that reach code which no kept input reaches are added to
//! `fuzz/corpus`, where every test run looks at them again.

use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};

use anyhow::{Context as _, bail};

use crate::process::{cargo, run};
use crate::project::Project;
use crate::provision::{self, CARGO_FUZZ};

/// How long each target is tried unless somebody says otherwise.
const SECONDS: u32 = 60;

/// Longer inputs find little more and take long to read.
const LONGEST_INPUT: u32 = 4_096;

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Wish {
    /// Starts of the targets' names; none means all targets.
    names: Vec<String>,
    seconds: u32,
    keep: bool,
}

/// Tries each target, or those whose name starts with one of the arguments, for `--seconds` each. The first that does not hold ends it,
/// and cargo-fuzz says how to try its input again.
pub(crate) fn fuzz(project: &Project, arguments: &[String]) -> anyhow::Result<ExitCode> {
    let wish = Wish::of(arguments)?;
    let targets = targets(project.root(), &wish.names)?;
    let tools = provision::tool(project, &CARGO_FUZZ)?;
    let fuzzer = Fuzzer { project, program: &tools.join("cargo-fuzz") };
    let mut lines = Vec::new();
    for target in &targets {
        println!("Trying {target} for {} s.", wish.seconds);
        let executions = fuzzer.try_out(target, wish.seconds)?;
        if wish.keep {
            fuzzer.keep(target)?;
        }
        lines.push(format!("{executions:>12}  {target}"));
    }
    println!("\nInputs tried, none of which broke anything:\n{}", lines.join("\n"));
    Ok(ExitCode::SUCCESS)
}

impl Wish {
    fn of(arguments: &[String]) -> anyhow::Result<Self> {
        let mut wish = Self { names: Vec::new(), seconds: SECONDS, keep: false };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--keep" => wish.keep = true,
                "--seconds" => {
                    let number = arguments.next().and_then(|number| number.parse().ok());
                    wish.seconds = number.context("--seconds takes a number")?;
                }
                option if option.starts_with('-') => bail!("{option} is no option; there are --seconds N and --keep"),
                name => wish.names.push(name.to_owned()),
            }
        }
        Ok(wish)
    }
}

/// The names of the targets, sorted.
fn targets(root: &Path, starts: &[String]) -> anyhow::Result<Vec<String>> {
    let files = std::fs::read_dir(root.join("fuzz/fuzz_targets")).context("fuzz/fuzz_targets")?.flatten();
    let names = files.filter_map(|file| file.file_name().to_str()?.strip_suffix(".rs").map(str::to_owned));
    let wanted = |name: &String| starts.is_empty() || starts.iter().any(|start| name.starts_with(start));
    let mut names: Vec<String> = names.filter(wanted).collect();
    names.sort();
    if names.is_empty() {
        bail!("no target's name starts with `{}`", starts.join("`, `"));
    }
    Ok(names)
}

struct Fuzzer<'a> {
    project: &'a Project,
    program: &'a Path,
}

impl Fuzzer<'_> {
    /// Makes up inputs, and brings how many were tried.
    fn try_out(&self, target: &str, seconds: u32) -> anyhow::Result<u64> {
        let found = self.project.target().join("fuzz/corpus").join(target);
        std::fs::create_dir_all(&found)?;
        let mut command = self.command(target);
        // The first folder gets what is found; the second is only read.
        command.arg(found).arg(self.kept(target)).arg("--").arg(format!("-max_total_time={seconds}"));
        command.args([format!("-max_len={LONGEST_INPUT}").as_str(), "-print_final_stats=1", "-timeout=10"]);
        let dictionary = self.project.root().join("fuzz/dictionaries").join(format!("{target}.dict"));
        if dictionary.exists() {
            command.arg(format!("-dict={}", dictionary.display()));
        }
        let output = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().and_then(Child::wait_with_output);
        let output = output.context("cargo-fuzz could not be started")?;
        let said = String::from_utf8_lossy(&output.stderr);
        match executions(&said).filter(|_| output.status.success()) {
            Some(executions) => Ok(executions),
            None => bail!("{target} does not hold:\n{said}"),
        }
    }

    /// Adds to the corpus what reaches code that nothing in it reaches.
    fn keep(&self, target: &str) -> anyhow::Result<()> {
        let mut command = self.command(target);
        command.arg(self.kept(target)).arg(self.project.target().join("fuzz/corpus").join(target));
        // By the branches taken, not by how often: that would keep an input for each length of everything.
        run(command.args(["--", "-merge=1", "-use_counters=0"]).stderr(Stdio::null()))
    }

    fn kept(&self, target: &str) -> std::path::PathBuf {
        self.project.root().join("fuzz/corpus").join(target)
    }

    fn command(&self, target: &str) -> Command {
        let mut command = Command::new(self.program);
        command.envs(cargo(self.project).get_envs().filter_map(|(name, value)| Some((name, value?))));
        // Instrumentation is an unstable option of the compiler. This lets the stable one take it, so that nobody needs a nightly.
        command.current_dir(self.project.root()).env("RUSTC_BOOTSTRAP", "1");
        command.args(["run", "--fuzz-dir", "fuzz", "--codegen-units", "16", "--target-dir"]);
        command.arg(self.project.target().join("fuzz")).arg(target);
        command
    }
}

/// The number of inputs that libFuzzer says it has tried.
fn executions(said: &str) -> Option<u64> {
    let line = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    line.and_then(|number| number.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(arguments: &[&str]) -> anyhow::Result<Wish> {
        Wish::of(&arguments.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn targets_and_options_come_in_any_order() -> anyhow::Result<()> {
        let asked = wish(&["--keep", "jw", "--seconds", "5", "metadata"])?;
        assert_eq!(asked, Wish { names: vec!["jw".to_owned(), "metadata".to_owned()], seconds: 5, keep: true });
        assert_eq!(wish(&[])?, Wish { names: Vec::new(), seconds: SECONDS, keep: false });
        assert!(wish(&["--seconds"]).is_err() && wish(&["--second", "5"]).is_err());
        Ok(())
    }

    #[test]
    fn a_target_is_chosen_by_the_start_of_its_name() -> anyhow::Result<()> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        assert_eq!(targets(&root, &["jw".to_owned()])?, ["jwks", "jwt"]);
        assert!(targets(&root, &["nothing".to_owned()]).is_err());
        Ok(())
    }

    #[test]
    fn the_number_of_inputs_is_read_out_of_the_statistics() {
        assert_eq!(executions("Done 7\nstat::number_of_executed_units: 123456\nstat::x: 1"), Some(123_456));
        assert_eq!(executions("==1== ERROR: libFuzzer: deadly signal"), None);
    }
}
