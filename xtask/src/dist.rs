//! `cargo xtask dist`: the .deb, and the proof that it installs, starts and goes away again.

mod package;

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail};

use crate::app_build::build_ui;
use crate::process::run;
use crate::project::Project;
use crate::provision::{self, Purpose};
use package::Package;

/// The packager, exact because it is installed without a lock file.
const TAURI_CLI: &str = "@tauri-apps/cli@2.12.5";

/// Builds the package and tries it on this machine; with the path of a package, only tries that one.
pub(crate) fn dist(project: &Project, arguments: &[String]) -> anyhow::Result<ExitCode> {
    provision::provision(project, Purpose::VirtualDisplay)?;
    let path = match arguments {
        [path] => std::path::absolute(path)?,
        _ => build_deb(project)?,
    };
    let package = Package::open(path)?;
    package.check_contents()?;
    package.try_out(project)?;
    println!("\n{} installs, starts and goes away again.", package.path().display());
    Ok(ExitCode::SUCCESS)
}

/// The packager's script, for Node. It comes from npm because it is prebuilt there.
pub(crate) fn tauri_cli(project: &Project) -> anyhow::Result<PathBuf> {
    let folder = project.tools().join("tauri-cli");
    let stamp = folder.join(TAURI_CLI.replace('/', "-"));
    if !stamp.exists() {
        println!("Installing {TAURI_CLI} into target/tools.");
        std::fs::create_dir_all(&folder)?;
        let mut install = Command::new("npm");
        install.current_dir(project.root()).args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&folder);
        run(install.arg(TAURI_CLI))?;
        std::fs::write(&stamp, "").context("the stamp of the packager")?;
    }
    Ok(folder.join("node_modules/@tauri-apps/cli/tauri.js"))
}

/// A release build in a .deb.
fn build_deb(project: &Project) -> anyhow::Result<PathBuf> {
    build_ui(project)?;
    let folder = project.target().join("release/bundle/deb");
    if folder.exists() {
        // An older version's package beside the new one would leave a choice.
        std::fs::remove_dir_all(&folder)?;
    }
    let mut build = Command::new("node");
    build.current_dir(project.root().join("src-tauri")).arg(tauri_cli(project)?);
    run(build.args(["build", "--bundles", "deb", "--ci", "--features", "custom-protocol"]))?;
    let files = std::fs::read_dir(&folder).context("the packager left no folder of packages")?.flatten();
    let mut packages = files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|e| e == "deb"));
    match packages.next() {
        Some(path) => Ok(path),
        None => bail!("the packager made no .deb in {}", folder.display()),
    }
}
