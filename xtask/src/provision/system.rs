//! System packages: installed on Debian and its descendants, named on other systems.

use std::process::{Command, Stdio};

use anyhow::bail;

use super::{Package, Proof};
use crate::process::{ask, is_on_path, run};

/// Installs those of the packages that are missing; on other systems names them and stops.
pub(crate) fn install_missing(packages: &[&Package]) -> anyhow::Result<()> {
    if cfg!(not(target_os = "linux")) {
        // Windows and macOS bring their web view and keyring along.
        return Ok(());
    }
    let os_release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !is_debian_like(&os_release) {
        return name_what_is_missing(packages);
    }
    let names: Vec<&str> = packages.iter().map(|package| package.name).collect();
    let format = "-f=${binary:Package} ${db:Status-Status}\n";
    let answer = ask(Command::new("dpkg-query").args(["-W", format]).args(&names))?;
    let missing = not_installed(&names, &answer);
    if missing.is_empty() {
        return Ok(());
    }
    println!("Installing the system packages {}.", missing.join(", "));
    run(apt_get()?.arg("update"))?;
    run(apt_get()?.args(["install", "--no-install-recommends"]).args(&missing))
}

/// Debian's package tool with administrator rights, by sudo where we are somebody else. It asks no
/// questions and says little.
pub(crate) fn apt_get() -> anyhow::Result<Command> {
    let mut command = if ask(Command::new("id").arg("-u"))?.trim() == "0" {
        Command::new("env")
    } else if is_on_path("sudo") {
        let mut sudo = Command::new("sudo");
        sudo.arg("env");
        sudo
    } else {
        bail!("installing packages needs administrator rights, and there is no sudo: run this once as root");
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y", "-o", "Dpkg::Use-Pty=0"]);
    Ok(command)
}

/// Reads dpkg-query's answer: a package is there when a line has its name, with or without an
/// architecture, and the status `installed`.
fn not_installed<'a>(packages: &[&'a str], answer: &str) -> Vec<&'a str> {
    let installed: Vec<&str> = answer
        .lines()
        .filter_map(|line| line.strip_suffix(" installed"))
        .map(|name| name.split(':').next().unwrap_or(name))
        .collect();
    packages.iter().copied().filter(|package| !installed.contains(package)).collect()
}

fn is_debian_like(os_release: &str) -> bool {
    os_release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .flat_map(|value| value.trim_matches('"').split_whitespace())
        .any(|id| id == "debian" || id == "ubuntu")
}

/// On a Linux whose packages we cannot install: stops with the names of what is not there.
fn name_what_is_missing(packages: &[&Package]) -> anyhow::Result<()> {
    let missing: Vec<&str> =
        packages.iter().filter(|package| !is_there(&package.proof)).map(|package| package.name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    bail!(
        "packages are installed for you on Debian and Ubuntu only; on this system please install what they call {}",
        missing.join(", ")
    );
}

fn is_there(proof: &Proof) -> bool {
    match proof {
        Proof::Program(name) => is_on_path(name),
        Proof::Library(name) => Command::new("pkg-config")
            .args(["--exists", name])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success()),
        Proof::NotNeeded => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_what_descends_from_it_is_recognised() {
        assert!(is_debian_like("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
        assert!(is_debian_like("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_debian_like("ID=fedora\nVERSION_ID=42\n"));
    }

    #[test]
    fn a_package_counts_as_installed_only_when_the_database_says_so() {
        let answer = "libwebkit2gtk-4.1-dev:amd64 installed\nxvfb config-files\n";
        assert_eq!(not_installed(&["libwebkit2gtk-4.1-dev", "xvfb", "dbus"], answer), ["xvfb", "dbus"]);
    }

    #[test]
    fn elsewhere_a_missing_program_is_named_by_its_package() {
        let absent = Package { name: "a-package", proof: Proof::Program("a-program-nobody-has") };
        let present = Package { name: "another", proof: Proof::Program("sh") };
        let error = name_what_is_missing(&[&absent, &present]).unwrap_err().to_string();
        assert!(error.ends_with("what they call a-package"), "{error}");
    }
}
