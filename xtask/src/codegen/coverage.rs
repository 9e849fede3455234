//! docs/engine-coverage.md: which test proves which rule of the engine by which fault of the sandbox.
//!
//! The program that knows is one of the tests' own, because only they may name both the engine and the sandbox.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::process::{cargo, read};
use crate::project::Project;

/// Writes the document.
pub(super) fn write(project: &Project) -> anyhow::Result<()> {
    let (path, text) = (committed(project), generate(project, &[])?);
    std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
}

/// Fails when the committed document says something else than the tests, or when nothing proves a rule, a fault or a row of it.
pub(super) fn check(project: &Project) -> anyhow::Result<()> {
    let path = committed(project);
    // A checkout on Windows may have turned the ends of lines.
    let old =
        std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?.replace("\r\n", "\n");
    if old != generate(project, &["--check"])? {
        bail!("docs/engine-coverage.md is out of date; run `cargo xtask codegen`");
    }
    Ok(())
}

fn committed(project: &Project) -> PathBuf {
    project.root().join("docs/engine-coverage.md")
}

fn generate(project: &Project, arguments: &[&str]) -> anyhow::Result<String> {
    let mut program = cargo(project);
    program.args(["run", "--quiet", "-p", "gatewright-tests", "--bin", "engine-coverage", "--"]);
    read(program.args(arguments))
}
