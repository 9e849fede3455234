//! The windows on a display as a window manager sees them; there is none, so that a story does its work.

use anyhow::{Context, Result, ensure};
use tokio::process::Command;
use x11rb::CURRENT_TIME;
use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt as _, EventMask};

/// The title of the window that has the keyboard.
pub async fn focused_title(display: &str) -> Result<String> {
    xdotool(display, &["getwindowfocus", "getwindowname"]).await
}

/// Gatewright's main window and the process it belongs to.
pub(crate) async fn main_window(display: &str) -> Result<(String, u32)> {
    let window = search(display, "^Gatewright$").await.context("Gatewright has no window on the display")?;
    let process = xdotool(display, &["getwindowpid", &window]).await?.parse()?;
    Ok((window, process))
}

/// Asks a window to close, as a window manager does when somebody presses the cross in its frame (ICCCM 4.2.8.1).
pub(crate) async fn ask_to_close(display: &str, window: &str) -> Result<()> {
    let (display, window) = (display.to_owned(), window.parse()?);
    tokio::task::spawn_blocking(move || {
        let (x, _) = x11rb::connect(Some(&display))?;
        let names = [b"WM_PROTOCOLS".as_slice(), b"WM_DELETE_WINDOW"].map(|name| x.intern_atom(false, name));
        let [protocols, delete] = names;
        let (protocols, delete) = (protocols?.reply()?.atom, delete?.reply()?.atom);
        let message = ClientMessageEvent::new(32, window, protocols, [delete, CURRENT_TIME, 0, 0, 0]);
        x.send_event(false, window, EventMask::NO_EVENT, message)?.check()?;
        Ok(())
    })
    .await?
}

/// The newest window that can be seen and whose title matches the pattern.
pub(super) async fn search(display: &str, title: &str) -> Option<String> {
    search_all(display, title).await.pop()
}

/// The windows that can be seen and whose titles match the pattern, the newest last.
pub(super) async fn search_all(display: &str, title: &str) -> Vec<String> {
    let found = xdotool(display, &["search", "--onlyvisible", "--name", title]).await.unwrap_or_default();
    found.lines().map(str::to_owned).collect()
}

/// The titles of all windows that can be seen.
pub async fn titles(display: &str) -> Vec<String> {
    let mut titles = Vec::new();
    let all = xdotool(display, &["search", "--onlyvisible", "--name", ".*"]).await.unwrap_or_default();
    for window in all.lines() {
        titles.extend(xdotool(display, &["getwindowname", window]).await);
    }
    titles
}

/// Whether a window is on the display.
pub(super) async fn exists(display: &str, window: &str) -> bool {
    xdotool(display, &["getwindowname", window]).await.is_ok()
}

/// Runs xdotool and gives what it says.
pub(super) async fn xdotool(display: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new("xdotool").env("DISPLAY", display).args(arguments).output().await?;
    ensure!(output.status.success(), "xdotool {}: {}", arguments[0], String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
