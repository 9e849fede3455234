//! One .deb: what is in it, and what it does to a machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::process::{ask, read, run};
use crate::project::Project;
use crate::provision::system::apt_get;

/// A session bus that starts nothing by itself: no portal, no keyring of the machine's own.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"#;

/// Starts the installed app and ends well as soon as its window is on the screen.
const WAIT_FOR_WINDOW: &str = r"
gatewright & app=$!
timeout 60 xdotool search --sync --onlyvisible --name Gatewright; seen=$?
kill $app; wait $app
exit $seen
";

/// A built package.
pub(super) struct Package {
    path: PathBuf,
    name: String,
    /// Everything it puts on the machine: absolute paths, folders without the slash at the end.
    files: Vec<PathBuf>,
}

impl Package {
    /// Reads a package's name and list of files.
    pub(super) fn open(path: PathBuf) -> anyhow::Result<Self> {
        let name = read(Command::new("dpkg-deb").arg("--field").arg(&path).arg("Package"))?.trim().to_owned();
        let files = paths(&read(Command::new("dpkg-deb").arg("--contents").arg(&path))?);
        Ok(Self { path, name, files })
    }

    /// Where the package lies.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The program, an entry for the menu, an icon for it, and what the program needs to start.
    pub(super) fn check_contents(&self) -> anyhow::Result<()> {
        let missing = missing_parts(&self.files);
        if !missing.is_empty() {
            bail!("the package has no {}", missing.join(" and no "));
        }
        let depends = read(Command::new("dpkg-deb").arg("--field").arg(&self.path).arg("Depends"))?;
        for needed in ["libwebkit2gtk-4.1-0", "libgtk-3-0"] {
            if !depends.contains(needed) {
                bail!("the package does not say that it needs {needed}: {}", depends.trim());
            }
        }
        Ok(())
    }

    /// Installs it, starts it, removes it, and looks for what is left.
    pub(super) fn try_out(&self, project: &Project) -> anyhow::Result<()> {
        if self.is_installed()? {
            bail!("{} is installed on this machine, and trying the package out would remove it", self.name);
        }
        let installed = run(apt_get()?.args(["install", "--no-install-recommends"]).arg(&self.path));
        let started = installed.and_then(|()| start(project));
        // Whatever happened, nothing of ours stays on the machine.
        if self.is_installed()? {
            run(apt_get()?.args(["purge", &self.name]))?;
        }
        started?;
        self.check_removed()
    }

    fn is_installed(&self) -> anyhow::Result<bool> {
        let status = ask(Command::new("dpkg-query").args(["-W", "-f=${db:Status-Status}", &self.name]))?;
        Ok(status == "installed")
    }

    fn check_removed(&self) -> anyhow::Result<()> {
        let own = self.files.iter().filter(|path| path.to_string_lossy().to_lowercase().contains("gatewright"));
        let left: Vec<String> = own.filter(|path| path.exists()).map(|path| path.display().to_string()).collect();
        if self.is_installed()? || !left.is_empty() {
            bail!("after removing the package there is still: {}", left.join(", "));
        }
        Ok(())
    }
}

/// Starts the installed program on a virtual display with a home of its own.
fn start(project: &Project) -> anyhow::Result<()> {
    let home = project.target().join("dist-home");
    std::fs::create_dir_all(&home)?;
    let bus = home.join("bus.conf");
    std::fs::write(&bus, BUS)?;
    let mut window = Command::new("xvfb-run");
    window.args(["-a", "-s", "-screen 0 1280x900x24", "dbus-run-session", "--config-file"]).arg(bus);
    window.args(["--", "sh", "-c", WAIT_FOR_WINDOW]).env("NO_AT_BRIDGE", "1").env_remove("WAYLAND_DISPLAY");
    for name in ["HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"] {
        window.env(name, &home);
    }
    run(&mut window).context("the installed app showed no window within a minute")?;
    std::fs::remove_dir_all(home).context("the home the app was started with")
}

/// The paths in what `dpkg-deb --contents` prints: tar's long listing, where five columns come first.
/// Packagers differ in whether a path starts with a dot.
fn paths(listing: &str) -> Vec<PathBuf> {
    listing.lines().filter_map(path).filter(|path| path != Path::new("/")).collect()
}

fn path(line: &str) -> Option<PathBuf> {
    const COLUMNS: usize = 5;
    let after_columns = (0..COLUMNS).try_fold(line, |rest, _| Some(rest.trim_start().split_once(' ')?.1))?;
    let without_target = after_columns.split(" -> ").next()?;
    let relative = without_target.trim().trim_start_matches('.').trim_matches('/');
    Some(Path::new("/").join(relative))
}

/// What a desktop package must have and this one has not.
fn missing_parts(files: &[PathBuf]) -> Vec<&'static str> {
    let is_in = |folder: &str, ending: &str| {
        files.iter().any(|path| path.starts_with(folder) && path.extension().is_some_and(|found| found == ending))
    };
    let parts = [
        ("program /usr/bin/gatewright", files.iter().any(|path| path == Path::new("/usr/bin/gatewright"))),
        ("desktop entry", is_in("/usr/share/applications", "desktop")),
        ("icon", is_in("/usr/share/icons/hicolor", "png")),
    ];
    parts.into_iter().filter(|(_, is_there)| !is_there).map(|(part, _)| part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTING: &str = "\
drwxr-xr-x 0/0               0 2026-01-02 03:04 ./
drwxr-xr-x 0/0               0 2026-01-02 03:04 ./usr/bin/
-rwxr-xr-x 0/0         6000000 2026-01-02 03:04 ./usr/bin/gatewright
-rw-r--r-- 0/0             200 2026-01-02 03:04 ./usr/share/applications/Gatewright.desktop
-rw-r--r-- 0/0            2000 2026-01-02 03:04 ./usr/share/icons/hicolor/32x32/apps/gatewright.png
";

    #[test]
    fn a_listing_becomes_absolute_paths_with_and_without_a_dot() {
        let with_dot = paths(LISTING);
        assert_eq!(with_dot[0], Path::new("/usr/bin"));
        assert_eq!(with_dot.len(), 4);
        let without = LISTING.replace(" ./", " ").replace("bin/\n", "bin\n");
        assert_eq!(paths(&without), with_dot);
    }

    #[test]
    fn a_package_without_a_desktop_entry_is_told_so() {
        assert!(missing_parts(&paths(LISTING)).is_empty());
        let without: String = LISTING.lines().filter(|line| !line.contains(".desktop")).collect::<Vec<_>>().join("\n");
        assert_eq!(missing_parts(&paths(&without)), ["desktop entry"]);
    }
}
