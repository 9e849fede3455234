//! docs/engine-coverage.md: which test proves which rule of the engine by which fault of the sandbox.
//!
//! The program that knows is one of the tests' own, because only they may name both the engine and the sandbox.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, bail};

use super::Built;
use crate::app_build::build_app;
use crate::process::{cargo, read};
use crate::project::Project;

/// Writes the document.
pub(super) fn write(project: &Project) -> anyhow::Result<()> {
    let (path, text) = (committed(project), generate(project, Built::Nothing, &[])?);
    std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
}

/// Fails when the committed document says something else than the tests, or when nothing proves a rule, a fault or a row of it.
pub(super) fn check(project: &Project, built: Built) -> anyhow::Result<()> {
    let path = committed(project);
    // A checkout on Windows may have turned the ends of lines.
    let old =
        std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?.replace("\r\n", "\n");
    if old != generate(project, built, &["--check"])? {
        bail!("docs/engine-coverage.md is out of date; run `cargo xtask codegen`");
    }
    Ok(())
}

fn committed(project: &Project) -> PathBuf {
    project.root().join("docs/engine-coverage.md")
}

fn generate(project: &Project, built: Built, arguments: &[&str]) -> anyhow::Result<String> {
    const PROGRAM: &str = "engine-coverage";
    let mut program = match built {
        Built::Nothing => {
            let mut cargo = cargo(project);
            cargo.args(["run", "--quiet", "-p", "gatewright-tests", "--bin", PROGRAM, "--"]);
            cargo
        }
        Built::Everything => {
            // The tests' programs are built together with the application.
            build_app(project)?;
            let mut program = Command::new(project.debug_binary(PROGRAM));
            program.env("CARGO_MANIFEST_DIR", project.root().join("tests"));
            program
        }
    };
    read(program.args(arguments))
}
