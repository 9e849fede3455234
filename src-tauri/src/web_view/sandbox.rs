//! WebKitGTK's sandbox: the processes that draw pages see neither the person's files nor other programs.
//!
//! WebKitGTK builds it with bubblewrap and ends with an error where it cannot, so the question has to be asked before.

use std::path::Path;
use std::process::{Command, Stdio};

use gatewright_contract::app::Notice;

/// WebKitGTK's own switch.
const FORCED: &str = "WEBKIT_FORCE_SANDBOX";
/// WebKitGTK's own switch the other way round, for whoever knows what they do.
const DISABLED: &str = "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS";
/// Our switch: `off` leaves the sandbox away.
const OURS: &str = "GATEWRIGHT_WEB_SANDBOX";

/// Where WebKitGTK looks for the programs that it builds the sandbox with: the path was fixed when it was compiled.
const BUBBLEWRAP: &str = "/usr/bin/bwrap";
const BUS_PROXY: &str = "/usr/bin/xdg-dbus-proxy";

/// The file that remembers under which circumstances bubblewrap worked.
const REMEMBERED: &str = "web-sandbox";

/// Why there is no sandbox although nobody switched it off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// A program that it is built with is not there.
    Missing(&'static str),
    /// The system does not let bubblewrap make its namespaces.
    NotPermitted,
    /// The environment could not be changed any more.
    TooLate,
}

/// Switches the sandbox on for every page, or leaves it off because the person wants it off.
pub(super) fn switch_on(data_dir: Option<&Path>) -> Result<(), Obstacle> {
    let switched_off = std::env::var_os(OURS).is_some_and(|value| value == "off");
    if switched_off || std::env::var_os(DISABLED).is_some() {
        return Ok(());
    }
    for program in [BUBBLEWRAP, BUS_PROXY] {
        if !is_program(Path::new(program)) {
            return Err(Obstacle::Missing(program));
        }
    }
    let remembered = data_dir.map(|folder| folder.join(REMEMBERED));
    if !works(Path::new(BUBBLEWRAP), remembered.as_deref(), &circumstances()) {
        return Err(Obstacle::NotPermitted);
    }
    gatewright_early_environment::set(FORCED, "1").map_err(|_| Obstacle::TooLate)
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

/// Whether bubblewrap works here. Starting it takes some milliseconds, so a yes counts for as long as the circumstances are the
/// same; a no is asked again at every start, because somebody may just have mended it.
fn works(bubblewrap: &Path, remembered: Option<&Path>, circumstances: &str) -> bool {
    if remembered.is_some_and(|file| std::fs::read_to_string(file).is_ok_and(|text| text == circumstances)) {
        return true;
    }
    let mut trial = Command::new(bubblewrap);
    trial.args([
        "--ro-bind",
        "/",
        "/",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--unshare-all",
        "--die-with-parent",
        "true",
    ]);
    trial.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let works = trial.status().is_ok_and(|status| status.success());
    if let Some(file) = remembered.filter(|_| works) {
        // Not before the folder is there; then the next start asks once more.
        let _not_yet = std::fs::write(file, circumstances);
    }
    works
}

/// What decides about namespaces: the boot, the system's settings, who we are, and the container we may be in.
fn circumstances() -> String {
    let settings = [
        "/proc/sys/kernel/random/boot_id",
        "/proc/sys/user/max_user_namespaces",
        "/proc/sys/kernel/unprivileged_userns_clone",
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
    ];
    let settings = settings.map(|file| std::fs::read_to_string(file).unwrap_or_default().trim().to_owned());
    let spaces = ["/proc/self/ns/user", "/proc/self/ns/pid"];
    let spaces = spaces.map(|link| std::fs::read_link(link).unwrap_or_default().display().to_string());
    format!("{} {} {}\n", settings.join(" "), spaces.join(" "), rustix::process::getuid().as_raw())
}

impl From<Obstacle> for Notice {
    fn from(obstacle: Obstacle) -> Self {
        let why = match obstacle {
            Obstacle::Missing(program) => format!(
                "WebKitGTK builds it with {program}, which is not there. Install bubblewrap and xdg-dbus-proxy, then start Gatewright again."
            ),
            Obstacle::NotPermitted => {
                "This system does not let bubblewrap make the namespaces it needs. Until it does, log in with your own browser where you do not trust a provider.".to_owned()
            }
            Obstacle::TooLate => "It could not be switched on any more. Start Gatewright again.".to_owned(),
        };
        Self {
            message: "Login pages are drawn without WebKitGTK's sandbox.".to_owned(),
            hint: Some(format!("{why} {OURS}=off does without it and without this message.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_worked_is_not_tried_again_before_something_changes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(REMEMBERED);
        let (working, broken) = (Path::new("/bin/true"), Path::new("/bin/false"));
        assert!(!works(broken, Some(&file), "this boot"));
        assert!(!file.exists(), "a no is asked again");
        assert!(works(working, Some(&file), "this boot"));
        assert!(works(broken, Some(&file), "this boot"), "remembered");
        assert!(!works(broken, Some(&file), "another boot"));
        assert!(
            works(working, Some(&folder.path().join("nowhere/x")), "this boot"),
            "not being able to remember is no reason"
        );
    }

    #[test]
    fn a_program_can_be_started_and_not_only_read() {
        assert!(is_program(Path::new("/bin/true")));
        for other in ["/etc/passwd", "/usr/bin", "/dev/null", "/nowhere"] {
            assert!(!is_program(Path::new(other)), "{other}");
        }
    }

    #[test]
    fn the_circumstances_name_this_boot() {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
        assert!(circumstances().contains(boot.trim()));
        assert_eq!(circumstances(), circumstances());
    }

    #[test]
    fn the_notice_says_what_is_missing_and_how_to_do_without() {
        let notice = Notice::from(Obstacle::Missing(BUBBLEWRAP));
        assert!(notice.message.contains("without WebKitGTK's sandbox"));
        let hint = notice.hint.unwrap();
        assert!(hint.contains("/usr/bin/bwrap") && hint.contains("GATEWRIGHT_WEB_SANDBOX=off"), "{hint}");
    }
}
