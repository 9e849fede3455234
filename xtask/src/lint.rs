//! What Clippy and the compiler have to say of our own code.

use std::io::BufReader;
use std::process::Stdio;

use anyhow::{Context as _, bail};
use cargo_metadata::Message;

use crate::app_build::APP_FEATURES;
use crate::codegen;
use crate::process::compiler;
use crate::project::Project;

/// Compiles everything there is, and fails when something was said of it. What was said stops nobody: the later steps use what was compiled.
pub(crate) fn check(project: &Project) -> anyhow::Result<()> {
    let mut build = compiler(project);
    build.args(["build", "--workspace", "--all-targets", "--features", APP_FEATURES]);
    build.args(["--message-format", "json-diagnostic-rendered-ansi"]);
    // As the tests are built, so that they are not built again.
    build.env("TS_RS_EXPORT_DIR", codegen::written_by_tests(project));
    let mut building = build.stdout(Stdio::piped()).spawn().context("cargo could not be started")?;
    let said = building.stdout.take().context("what cargo says")?;
    let mut remarks = 0;
    for message in Message::parse_stream(BufReader::new(said)) {
        if let Message::CompilerMessage(remark) = message? {
            eprint!("{}", remark.message.rendered.unwrap_or(remark.message.message));
            remarks += 1;
        }
    }
    let status = building.wait()?;
    if !status.success() {
        bail!("not everything could be compiled: {status}");
    }
    if remarks > 0 {
        bail!("{remarks} remarks, which stand above");
    }
    Ok(())
}
