//! The main window.

use std::path::Path;

use tauri::webview::{NewWindowResponse, PermissionResponse};
use tauri::{AppHandle, Manager, Runtime, WebviewUrl, WebviewWindow, WebviewWindowBuilder};
use url::Url;

use crate::appearance;

/// The label of the main window, the only one that has a capability.
pub(crate) const MAIN: &str = "main";

/// Opens the main window.
///
/// It has to be the first webview of the process: WebKitGTK gives the addresses of our own pages only to the browsing context
/// that asks first, and a login window's throw-away context would keep them from the main window for good.
pub(crate) fn open_main<R: Runtime>(app: &AppHandle<R>, data_dir: &Path) -> tauri::Result<WebviewWindow<R>> {
    let dev_url = app.config().build.dev_url.clone();
    let theme = appearance::remembered(data_dir);
    // Not visible until its colour is set, which needs the window: the system's theme is only known by it.
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Gatewright")
        .inner_size(1280.0, 820.0)
        .min_inner_size(900.0, 600.0)
        .visible(false)
        .on_navigation(move |url| is_own_page(url, dev_url.as_ref()))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .build()?;
    #[cfg(target_os = "linux")]
    window.with_webview(|webview| reload_after_crash(&webview.inner()))?;
    window.set_background_color(Some(appearance::background(theme, window.theme()?)))?;
    window.show()?;
    Ok(window)
}

/// How often the UI is loaded again after its process crashed. More would be a loop.
#[cfg(target_os = "linux")]
const RELOADS: u32 = 3;

/// Loads the UI again when the process that draws it has crashed or was ended for want of memory: the application is not in it, so
/// nothing is lost but what was being typed.
#[cfg(target_os = "linux")]
fn reload_after_crash(view: &webkit2gtk::WebView) {
    use webkit2gtk::WebViewExt as _;

    let reloads = std::cell::Cell::new(0);
    view.connect_web_process_terminated(move |view, reason| {
        tracing::error!(?reason, "the process that draws the window ended");
        reloads.set(reloads.get() + 1);
        if reloads.get() > RELOADS {
            return;
        }
        match view.uri() {
            // Also when it was the very first page, which has not come yet and cannot be loaded "again".
            Some(address) => view.load_uri(&address),
            None => view.reload(),
        }
    });
}

/// Brings the main window to the front.
pub(crate) fn focus_main<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(MAIN) {
        come_to_front(&window);
    }
}

/// Brings a window to the front, also out of the task bar.
pub(crate) fn come_to_front<R: Runtime>(window: &WebviewWindow<R>) {
    let came = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
    if let Err(error) = came {
        tracing::warn!(%error, window = window.label(), "a window did not come to the front");
    }
}

/// Whether an address belongs to the UI itself. The main window goes nowhere else: a page from the network inside it would look
/// like Gatewright.
fn is_own_page(url: &Url, dev_url: Option<&Url>) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // Where Windows serves the same pages.
        "http" | "https" if url.host_str() == Some("tauri.localhost") => true,
        "about" => url.path() == "blank",
        _ => tauri::is_dev() && dev_url.is_some_and(|dev| dev.origin() == url.origin()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_window_stays_on_its_own_pages() {
        for own in ["tauri://localhost", "tauri://localhost/index.html#/clients", "http://tauri.localhost/"] {
            assert!(is_own_page(&own.parse().unwrap(), None), "{own}");
        }
        for foreign in [
            "https://example.org/",
            "http://localhost/",
            "tauri://example.org/",
            "file:///etc/passwd",
            "data:text/html,x",
        ] {
            assert!(!is_own_page(&foreign.parse().unwrap(), None), "{foreign}");
        }
    }
}
