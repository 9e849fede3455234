//! The measuring programs of `benches/`: built once for all rows, then run one by one.

use std::process::Command;

use super::measurements;
use super::row::Measurement;
use crate::app_build::{APP_FEATURES, build_ui};
use crate::process::{cargo, run};
use crate::project::Project;
use crate::provision::{self, Purpose, TAURI_DRIVER};

/// Start until the list is painted, and memory then, beside a blank window's.
pub(super) fn start(project: &Project) -> anyhow::Result<Vec<Measurement>> {
    measurements(&mut in_the_window(project, "start_bench")?)
}

/// A login without a window beside bare requests and one commit.
pub(super) fn login(project: &Project) -> anyhow::Result<Vec<Measurement>> {
    build(project)?;
    measurements(&mut program(project, "login_bench"))
}

/// What the window waits for with 10,000 clients.
pub(super) fn clients(project: &Project) -> anyhow::Result<Vec<Measurement>> {
    build(project)?;
    measurements(&mut program(project, "clients_bench"))
}

/// The engine with every rule on beside bare requests, its listener, and its memory.
pub(super) fn engine(project: &Project) -> anyhow::Result<Vec<Measurement>> {
    build(project)?;
    measurements(&mut program(project, "engine_bench"))
}

/// What its pictures cost a login page.
pub(super) fn evidence(project: &Project) -> anyhow::Result<Vec<Measurement>> {
    measurements(&mut in_the_window(project, "evidence_bench")?)
}

/// "Which secret is this?" over ten thousand files, beside reading them.
pub(super) fn fingerprint(project: &Project) -> anyhow::Result<Vec<Measurement>> {
    build(project)?;
    measurements(&mut program(project, "fingerprint_bench"))
}

/// What is looked at before a login, beside the one request that it sends.
pub(super) fn preflight(project: &Project) -> anyhow::Result<Vec<Measurement>> {
    build(project)?;
    measurements(&mut program(project, "preflight_bench"))
}

/// A thousand logins as one page, beside writing as many bytes.
pub(super) fn report(project: &Project) -> anyhow::Result<Vec<Measurement>> {
    build(project)?;
    measurements(&mut program(project, "report_bench"))
}

/// How often a rotation asks the keyring, beside the fewest times it can.
pub(super) fn rotation(project: &Project) -> anyhow::Result<Vec<Measurement>> {
    build(project)?;
    measurements(&mut program(project, "rotation_bench"))
}

/// The sandbox beside other people's servers, which come from npm in a folder of their own.
pub(super) fn sandbox(project: &Project) -> anyhow::Result<Vec<Measurement>> {
    build(project)?;
    let peers = project.root().join("benches/peers");
    provision::npm_packages(project, &peers, "the measured peers'")?;
    measurements(program(project, "sandbox_bench").arg("--peers").arg(peers))
}

/// Searching a million recorded exchanges, beside the query alone.
pub(super) fn results(project: &Project) -> anyhow::Result<Vec<Measurement>> {
    build(project)?;
    measurements(&mut program(project, "results_bench"))
}

/// Opening a run with 500 exchanges in the window.
pub(super) fn run_with_many_exchanges(project: &Project) -> anyhow::Result<Vec<Measurement>> {
    measurements(&mut in_the_window(project, "run_bench")?)
}

/// Scrolling through the list of clients in the window.
pub(super) fn scroll(project: &Project) -> anyhow::Result<Vec<Measurement>> {
    measurements(&mut in_the_window(project, "scroll_bench")?)
}

/// A program that opens Gatewright's window on a virtual display.
fn in_the_window(project: &Project, name: &str) -> anyhow::Result<Command> {
    let tools = provision::tool(project, &TAURI_DRIVER)?;
    build(project)?;
    let mut command = program(project, name);
    command.env("GATEWRIGHT_BIN", project.release_binary("gatewright")).env("GATEWRIGHT_TOOLS", tools);
    Ok(command)
}

fn program(project: &Project, name: &str) -> Command {
    let mut command = Command::new(project.release_binary(name));
    command.current_dir(project.root());
    command
}

/// Builds everything that is measured, and what measures it, in one go: asked for one by one, Cargo would compile dependencies again
/// for each set of features.
fn build(project: &Project) -> anyhow::Result<()> {
    const PACKAGES: [&str; 4] =
        ["gatewright-benches", "gatewright-blank-window", "gatewright-sandbox", "gatewright-shell"];
    provision::provision(project, Purpose::VirtualDisplay)?;
    build_ui(project)?;
    let mut build = cargo(project);
    build.args(["build", "--release", "--bins", "--features", APP_FEATURES]);
    run(build.args(PACKAGES.iter().flat_map(|package| ["-p", package])))
}
