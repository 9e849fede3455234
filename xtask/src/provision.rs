//! What a machine must have before anything can be built here. What is missing is installed, and said.
//!
//! Every question is cheap (a query of the package database, one compared file, one existing
//! program), so that asking all of them again costs less than a second.

mod python;
pub(crate) mod system;
mod version;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::process::{cargo, npm, run};
use crate::project::Project;

/// What a command is about to do, as far as the machine is concerned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Compile the shell, which links against the system's web view.
    Build,
    /// Also open the window on a virtual display, with a keyring of its own.
    VirtualDisplay,
}

/// A system package by Debian's name, and how to see on another system that its content is there.
pub(crate) struct Package {
    name: &'static str,
    proof: Proof,
}

/// What shows that a package's content is there.
enum Proof {
    Program(&'static str),
    Library(&'static str),
    /// Comfort: text in the screenshots looks as intended.
    NotNeeded,
}

const fn package(name: &'static str, proof: Proof) -> Package {
    Package { name, proof }
}

const BUILD: &[Package] = &[
    package("build-essential", Proof::Program("cc")),
    package("pkg-config", Proof::Program("pkg-config")),
    package("libwebkit2gtk-4.1-dev", Proof::Library("webkit2gtk-4.1")),
];

const VIRTUAL_DISPLAY: &[Package] = &[
    package("webkit2gtk-driver", Proof::Program("WebKitWebDriver")),
    package("xvfb", Proof::Program("Xvfb")),
    package("xauth", Proof::Program("xauth")),
    package("dbus", Proof::Program("dbus-run-session")),
    package("gnome-keyring", Proof::Program("gnome-keyring-daemon")),
    package("xdotool", Proof::Program("xdotool")),
    package("imagemagick", Proof::Program("import")),
    // Two computers with a cable between them, for the tests of the listener.
    package("iproute2", Proof::Program("ip")),
    package("fonts-inter", Proof::NotNeeded),
    package("fonts-dejavu-core", Proof::NotNeeded),
];

/// The languages that programs for pasting are written in, beside those that everything else here needs anyway.
const SNIPPETS: &[Package] = &[
    package("curl", Proof::Program("curl")),
    package("jq", Proof::Program("jq")),
    package("openssl", Proof::Program("openssl")),
    package("python3", Proof::Program("python3")),
    package("php-cli", Proof::Program("php")),
    package("golang-go", Proof::Program("go")),
];

impl Purpose {
    fn system_packages(self) -> Vec<&'static Package> {
        let display = if self == Self::VirtualDisplay { VIRTUAL_DISPLAY } else { &[] };
        BUILD.iter().chain(display).collect()
    }
}

/// A program installed from the crates registry into `target/tools`.
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
}

/// Drives the real window for the journeys and the tour. The version is exact: without one, Cargo
/// takes a pre-release.
pub(crate) const TAURI_DRIVER: Tool = Tool { name: "tauri-driver", version: "2.1.0" };

/// Judges licences, duplicates and sources of the dependencies.
pub(crate) const CARGO_DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2" };

/// Builds and runs the programs of `fuzz`.
pub(crate) const CARGO_FUZZ: Tool = Tool { name: "cargo-fuzz", version: "0.13.2" };

/// Makes the machine ready for a purpose: system packages, Rust, Node and the UI's npm packages.
pub(crate) fn provision(project: &Project, purpose: Purpose) -> anyhow::Result<()> {
    version::require("Rust", Command::new("rustc").arg("--version"), (1, 95), "https://rustup.rs")?;
    version::require("Node", Command::new("node").arg("--version"), (20, 19), "https://nodejs.org")?;
    system::install_missing(&purpose.system_packages())?;
    npm_packages(project, &project.ui(), "the UI's")
}

/// Installs the authorization servers that the interop tests start; returns the Python that runs one of them.
pub(crate) fn interop_servers(project: &Project) -> anyhow::Result<PathBuf> {
    let servers = project.root().join("tests/interop/servers");
    system::install_missing(&[&python::SYSTEM_PACKAGE])?;
    npm_packages(project, &servers, "the interop tests'")?;
    python::environment(project, "interop-python", &servers.join("requirements.txt"))
}

/// Installs the interpreters and compilers that run the programs for pasting.
pub(crate) fn snippet_languages() -> anyhow::Result<()> {
    system::install_missing(&SNIPPETS.iter().collect::<Vec<_>>())
}

/// Installs a tool unless this version of it is there already; returns the folder it is in.
pub(crate) fn tool(project: &Project, tool: &Tool) -> anyhow::Result<PathBuf> {
    let root = project.tools();
    let binaries = root.join("bin");
    // The version is part of the stamp, so that raising it in this file installs the new one.
    let stamp = root.join(format!("{}-{}.installed", tool.name, tool.version));
    let program = binaries.join(format!("{}{}", tool.name, std::env::consts::EXE_SUFFIX));
    if stamp.exists() && program.exists() {
        return Ok(binaries);
    }
    println!("Installing {} {} into target/tools.", tool.name, tool.version);
    let mut install = cargo(project);
    install.args(["install", tool.name, "--version", tool.version, "--locked", "--force", "--root"]).arg(&root);
    // Nobody waits for these programs, so a build twice as fast is worth more than a faster program.
    install.args(["--profile", "dev", "--config", "profile.dev.debug=false"]);
    run(&mut install)?;
    std::fs::write(&stamp, "").context("the stamp of an installed tool")?;
    Ok(binaries)
}

/// Makes sure of a component of the Rust toolchain that a minimal installation leaves out.
pub(crate) fn rust_component(project: &Project, component: &str, subcommand: &str) -> anyhow::Result<()> {
    let found = cargo(project).args([subcommand, "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if found.success() {
        return Ok(());
    }
    println!("Adding the Rust component {component}.");
    run(Command::new("rustup").args(["component", "add", component]))
}

/// Runs `npm ci` in a folder when its lock file is not the one that was installed last.
pub(crate) fn npm_packages(project: &Project, folder: &Path, whose: &str) -> anyhow::Result<()> {
    let lock_path = folder.join("package-lock.json");
    let Ok(lock) = std::fs::read(&lock_path) else {
        bail!("{} is missing, so nobody can say which npm packages to install", lock_path.display());
    };
    let stamp = folder.join("node_modules/.installed-package-lock.json");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("Installing {whose} npm packages.");
    run(npm(project).current_dir(folder).arg("ci"))?;
    std::fs::write(&stamp, lock).context("the stamp of the installed npm packages")
}
