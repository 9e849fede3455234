//! `cargo xtask test`: everything that must hold, in one order, with one line at the end.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use cargo_metadata::MetadataCommand;

use crate::app_build::{APP_FEATURES, build_app, build_ui};
use crate::process::{cargo, compiler, npm, run};
use crate::project::Project;
use crate::provision::{self, CARGO_DENY, Purpose, TAURI_DRIVER};
use crate::{codegen, lint, tidy};

/// One thing that must hold.
struct Step {
    name: &'static str,
    act: fn(&Project) -> anyhow::Result<()>,
}

/// In this order: what takes seconds before what takes minutes, and the UI before the crates,
/// because the shell embeds it.
const STEPS: &[Step] = &[
    Step { name: "machine", act: machine },
    Step { name: "format", act: format },
    Step { name: "tidy", act: tidy::check },
    Step { name: "licences", act: licences },
    Step { name: "ui types", act: |project| run(npm(project).args(["run", "check"])) },
    Step { name: "ui lint", act: |project| run(npm(project).args(["run", "lint"])) },
    Step { name: "ui tests", act: |project| run(npm(project).arg("test")) },
    Step { name: "ui build", act: build_ui },
    Step { name: "clippy", act: lint::check },
    Step { name: "app build", act: |project| build_app(project).map(drop) },
    Step { name: "rust tests", act: rust_tests },
    Step { name: "generated files", act: codegen::check },
    Step { name: "doc tests", act: doc_tests },
    Step { name: "interop", act: interop },
    Step { name: "snippets", act: snippets },
    Step { name: "journeys", act: journeys },
];

/// The test program that logs in at other people's servers; it is a step of its own, because these have to be installed.
const INTEROP: &str = "interop";

/// The test program that runs the programs for pasting; it is a step of its own, because their languages have to be installed.
const SNIPPETS: &str = "snippets";

/// The test program that opens the real window; it is a step of its own.
const JOURNEYS: &str = "journeys";

/// How one step ended.
struct Outcome {
    name: &'static str,
    took: Duration,
    error: Option<anyhow::Error>,
}

/// Runs the steps whose name starts with one of the arguments, or all of them. A step that fails
/// does not keep the later ones from being tried: one run tells all there is to mend.
pub(crate) fn test(project: &Project, arguments: &[String]) -> anyhow::Result<ExitCode> {
    let steps = chosen(arguments)?;
    let project = project.linting();
    let outcomes: Vec<Outcome> = steps.iter().map(|step| perform(&project, step)).collect();
    println!("\n{}", summary(&outcomes));
    let all_held = outcomes.iter().all(|outcome| outcome.error.is_none());
    Ok(if all_held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn chosen(arguments: &[String]) -> anyhow::Result<Vec<&'static Step>> {
    let wanted = |step: &&Step| arguments.is_empty() || arguments.iter().any(|start| step.name.starts_with(start));
    let steps: Vec<&Step> = STEPS.iter().filter(wanted).collect();
    if steps.is_empty() {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        bail!("no step's name starts with `{}`; the steps are: {}", arguments.join("`, `"), names.join(", "));
    }
    Ok(steps)
}

fn perform(project: &Project, step: &Step) -> Outcome {
    println!("\n── {} ──", step.name);
    let start = Instant::now();
    let error = (step.act)(project).err();
    let took = start.elapsed();
    match &error {
        None => println!("{} passed in {:.1} s", step.name, took.as_secs_f64()),
        Some(error) => println!("{} FAILED after {:.1} s: {error:#}", step.name, took.as_secs_f64()),
    }
    Outcome { name: step.name, took, error }
}

/// The table of steps and the closing line.
fn summary(outcomes: &[Outcome]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for outcome in outcomes {
        let word = if outcome.error.is_none() { "passed" } else { "FAILED" };
        lines.push(format!("{word}  {:>7.1} s  {}", outcome.took.as_secs_f64(), outcome.name));
        lines.extend(outcome.error.iter().map(|error| format!("                   {error:#}").replace('\n', "\n  ")));
    }
    let failed = outcomes.iter().filter(|outcome| outcome.error.is_some()).count();
    lines.push(format!("{} passed, {failed} failed", outcomes.len() - failed));
    lines.join("\n")
}

fn machine(project: &Project) -> anyhow::Result<()> {
    provision::provision(project, Purpose::VirtualDisplay)?;
    provision::rust_component(project, "rustfmt", "fmt")?;
    provision::rust_component(project, "clippy", "clippy")?;
    provision::interop_servers(project)?;
    provision::snippet_languages()?;
    provision::tool(project, &TAURI_DRIVER)?;
    provision::tool(project, &CARGO_DENY).map(drop)
}

fn format(project: &Project) -> anyhow::Result<()> {
    run(cargo(project).args(["fmt", "--all", "--check"]))
}

fn licences(project: &Project) -> anyhow::Result<()> {
    let tools = provision::tool(project, &CARGO_DENY)?;
    let mut deny = Command::new(tools.join("cargo-deny"));
    deny.current_dir(project.root()).args(["--workspace", "--all-features", "--locked"]);
    run(deny.args(["check", "--hide-inclusion-graph", "bans", "licenses", "sources"]))
}

/// Every Rust test except those with a step of their own. Cargo can name test programs but not leave one
/// out, so the others are named one by one.
fn rust_tests(project: &Project) -> anyhow::Result<()> {
    let mut test = compiler(project);
    test.args(["test", "--workspace", "--features", APP_FEATURES, "--no-fail-fast", "--lib", "--bins", "--examples"]);
    for name in test_programs(project)?.iter().filter(|name| ![INTEROP, JOURNEYS, SNIPPETS].contains(&name.as_str())) {
        test.args(["--test", name]);
    }
    // The contract's tests write the UI's types. Here they must not mend what a later step is to find.
    run(test.env("TS_RS_EXPORT_DIR", codegen::written_by_tests(project)))
}

fn doc_tests(project: &Project) -> anyhow::Result<()> {
    run(compiler(project).args(["test", "--workspace", "--features", APP_FEATURES, "--doc", "--quiet"]))
}

fn interop(project: &Project) -> anyhow::Result<()> {
    let python = provision::interop_servers(project)?;
    run(test_program(project, INTEROP)?.env("GATEWRIGHT_INTEROP_PYTHON", python))
}

fn snippets(project: &Project) -> anyhow::Result<()> {
    provision::snippet_languages()?;
    run(&mut test_program(project, SNIPPETS)?)
}

fn journeys(project: &Project) -> anyhow::Result<()> {
    let tools = provision::tool(project, &TAURI_DRIVER)?;
    // One story is told at somebody else's server, also when nobody asked for the step before.
    provision::interop_servers(project)?;
    let app = build_app(project)?;
    // A story says where it was and what stood in the window; the lines of this program under it tell nobody more.
    let mut stories = test_program(project, JOURNEYS)?;
    stories.env("RUST_LIB_BACKTRACE", "0");
    run(stories.env("GATEWRIGHT_BIN", app).env("GATEWRIGHT_TOOLS", tools))
}

/// One test program by name. Cargo is silent about a name that no program of the workspace has.
fn test_program(project: &Project, name: &str) -> anyhow::Result<Command> {
    if !test_programs(project)?.iter().any(|program| program == name) {
        bail!("there is no test program named {name}");
    }
    let mut test = compiler(project);
    test.args(["test", "--workspace", "--features", APP_FEATURES, "--test", name]);
    Ok(test)
}

/// The names of the workspace's test programs, sorted.
fn test_programs(project: &Project) -> anyhow::Result<Vec<String>> {
    let manifest = project.root().join("Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().context("cargo metadata")?;
    let targets = metadata.packages.iter().flat_map(|package| &package.targets);
    let mut names: Vec<String> = targets.filter(|target| target.is_test()).map(|target| target.name.clone()).collect();
    names.sort();
    names.dedup();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    fn outcome(name: &'static str, error: Option<anyhow::Error>) -> Outcome {
        Outcome { name, took: Duration::from_millis(1_540), error }
    }

    #[test]
    fn the_last_line_counts_the_steps() {
        let text = summary(&[outcome("format", None), outcome("tidy", Some(anyhow!("two rules are broken")))]);
        assert_eq!(text.lines().last(), Some("1 passed, 1 failed"));
        assert!(text.contains("two rules are broken"), "{text}");
    }

    #[test]
    fn a_step_is_chosen_by_the_start_of_its_name_and_a_wrong_name_is_refused() -> anyhow::Result<()> {
        let names: Vec<&str> = chosen(&["ui".to_owned()])?.iter().map(|step| step.name).collect();
        assert_eq!(names, ["ui types", "ui lint", "ui tests", "ui build"]);
        assert_eq!(chosen(&[])?.len(), STEPS.len());
        assert!(chosen(&["nothing".to_owned()]).is_err());
        Ok(())
    }
}
