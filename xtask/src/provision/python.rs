//! Python packages, each in an environment of its own: nothing is installed for the whole machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use super::version;
use crate::process::run;
use crate::project::Project;

/// Debian takes the modules `venv` and `ensurepip` out of Python and into a package of their own.
pub(super) const SYSTEM_PACKAGE: super::Package = super::package("python3-venv", super::Proof::Program("python3"));

/// Installs a list of requirements into `target/tools/NAME` unless it is there already; returns the Python that sees them.
pub(super) fn environment(project: &Project, name: &str, requirements: &Path) -> anyhow::Result<PathBuf> {
    let wanted = std::fs::read(requirements).with_context(|| format!("{}", requirements.display()))?;
    let environment = project.tools().join(name);
    let python = interpreter(&environment);
    let stamp = environment.join(".installed-requirements.txt");
    if python.exists() && std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    version::require("Python", Command::new("python3").arg("--version"), (3, 10), "https://www.python.org")?;
    println!("Installing Python packages into target/tools/{name}.");
    // Laid anew, so that no package of an older list stays behind.
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    let mut install = Command::new(&python);
    // Wheels only: a source package runs code of its own while it is installed, and wants compilers.
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]);
    run(install.args(["--only-binary", ":all:", "--requirement"]).arg(requirements))?;
    std::fs::write(&stamp, wanted).context("the stamp of the installed Python packages")?;
    Ok(python)
}

fn interpreter(environment: &Path) -> PathBuf {
    environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}
