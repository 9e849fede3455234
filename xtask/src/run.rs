//! `cargo xtask run`: the app, or a tour of it where nobody could see a window.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::app_build::{build_app, build_ui};
use crate::process::status;
use crate::project::Project;
use crate::provision::{self, Purpose, TAURI_DRIVER};

/// Builds the UI and the app and opens the window with the sandbox on. Arguments after `--` go to the app.
pub(crate) fn run(project: &Project, arguments: &[String]) -> anyhow::Result<ExitCode> {
    let display = has_display(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    provision::provision(project, if display { Purpose::Build } else { Purpose::VirtualDisplay })?;
    build_ui(project)?;
    let app = build_app(project)?;
    if !display {
        return tour(project, &app);
    }
    let mut window = Command::new(app);
    // The first login must need no account anywhere.
    window.args(arguments.iter().filter(|argument| *argument != "--")).env("GATEWRIGHT_SANDBOX", "on");
    Ok(exit_code(status(&mut window)?))
}

/// Shows the app on a virtual display: a login with each provider's twin, and a picture of each screen.
fn tour(project: &Project, app: &Path) -> anyhow::Result<ExitCode> {
    println!("There is no display here, so this is a tour on a virtual one.");
    let tools = provision::tool(project, &TAURI_DRIVER)?;
    let mut tour = Command::new(project.debug_binary("tour"));
    tour.current_dir(project.root()).env("GATEWRIGHT_BIN", app).env("GATEWRIGHT_TOOLS", tools);
    Ok(exit_code(status(&mut tour)?))
}

/// Windows and macOS always have one; elsewhere the session says so.
fn has_display(is_set: impl Fn(&str) -> bool) -> bool {
    cfg!(not(target_os = "linux")) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// The other program's exit code as ours; one that was killed has none and is a failure.
fn exit_code(status: std::process::ExitStatus) -> ExitCode {
    status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::has_display;

    #[test]
    fn either_display_server_will_do_and_none_means_a_tour() {
        assert!(has_display(|name| name == "DISPLAY"));
        assert!(has_display(|name| name == "WAYLAND_DISPLAY"));
        assert!(!has_display(|_| false));
    }
}
