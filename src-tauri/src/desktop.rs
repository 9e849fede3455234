//! What the application asks of the desktop, done with Tauri's windows and the system's browser and clipboard.

use std::path::PathBuf;
use std::sync::Arc;

use gatewright_app::desktop::{Desktop, DesktopError, PathChoice, Showing, ViewStorage, ViewTitle};
use gatewright_app::ports::{Pictures, Secret, UserAgent};
use gatewright_contract::app::Nothing;
use gatewright_contract::events::EVENT_NAME;
use gatewright_contract::path::PathQuestion;
use gatewright_contract::{Event, Handler as _, Spoken};
use tauri::{AppHandle, Emitter as _, Manager as _, Runtime};
use url::Url;

use crate::appearance;
use crate::backend::Backend;
use crate::clipboard::Clipboard;
use crate::folder_window;
use crate::login_window::{self, LoginWindow};
use crate::notification;
use crate::path_dialog;
use crate::windows::{MAIN, come_to_front};

/// The desktop the window runs on.
pub(crate) struct ShellDesktop<R: Runtime> {
    app: AppHandle<R>,
    clipboard: Clipboard,
    data_dir: PathBuf,
}

impl<R: Runtime> ShellDesktop<R> {
    /// The desktop of a Tauri application.
    pub(crate) fn new(app: AppHandle<R>, clipboard: Clipboard, data_dir: PathBuf) -> Self {
        Self { app, clipboard, data_dir }
    }

    /// Keeps the theme where the next start finds it before the database is open.
    fn remember_theme(&self) {
        let (app, data_dir) = (self.app.clone(), self.data_dir.clone());
        tauri::async_runtime::spawn(async move {
            let backend = app.state::<Backend>();
            if let Ok(settings) = backend.app().await.settings_show(Nothing {}).await {
                appearance::remember(&data_dir, settings.theme);
            }
        });
    }
}

impl<R: Runtime> Desktop for ShellDesktop<R> {
    fn login_view(&self, run: &str, title: &ViewTitle, storage: ViewStorage, pictures: Pictures) -> Arc<dyn UserAgent> {
        Arc::new(LoginWindow::new(self.app.clone(), run, title.clone(), storage, pictures))
    }

    fn focus_login_view(&self, run: &str) -> bool {
        let window = self.app.get_webview_window(&login_window::label(run));
        window.inspect(come_to_front).is_some()
    }

    fn open_in_browser(&self, address: &Url) -> Result<(), DesktopError> {
        open_in_browser(address, |address| open::that_detached(address))
    }

    fn copy_concealed(&self, secret: &Secret) -> Result<(), DesktopError> {
        self.clipboard.copy(secret)
    }

    fn clear_clipboard_of(&self, secret: &Secret) {
        self.clipboard.clear_of(secret);
    }

    fn choose_path(&self, question: PathQuestion) -> PathChoice {
        path_dialog::choose(self.app.get_webview_window(MAIN), question)
    }

    fn show_in_folder(&self, path: PathBuf) -> Showing {
        folder_window::show(path)
    }

    fn restart(&self) {
        self.app.request_restart();
    }

    fn notify(&self, title: &str, body: &str) {
        notification::show(title, body);
    }

    fn tell(&self, event: Spoken<Event>) {
        if *event.said() == Event::SettingsChanged {
            self.remember_theme();
        }
        tell(&self.app, &event);
    }
}

/// Tells the main window that something happened.
pub(crate) fn tell<R: Runtime>(app: &AppHandle<R>, event: &Spoken<Event>) {
    // To the main window and nobody else: a login window shows pages of strangers.
    if let Err(error) = app.emit_to(tauri::EventTarget::webview_window(MAIN), EVENT_NAME, event) {
        tracing::warn!(%error, "the window was not told of an event");
    }
}

/// Hands an address to the system's browser: to a program as one argument, never to a shell, and web addresses only, since other
/// schemes would start whatever has registered itself for them.
fn open_in_browser(address: &Url, open: impl FnOnce(&str) -> std::io::Result<()>) -> Result<(), DesktopError> {
    if !matches!(address.scheme(), "http" | "https") {
        return Err(DesktopError::Browser(format!("{}: addresses are not web addresses", address.scheme())));
    }
    open(address.as_str()).map_err(|error| DesktopError::Browser(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reaches_the_browser_as_one_argument() {
        let address: Url = "https://example.org/authorize?a=1&b='\"$(id)%20;|".parse().unwrap();
        let opened = open_in_browser(&address, |argument| {
            assert_eq!(argument, address.as_str());
            Ok(())
        });
        assert_eq!(opened, Ok(()));
    }

    #[test]
    fn only_web_addresses_reach_the_browser() {
        for address in ["file:///etc/passwd", "javascript:alert(1)", "mailto:a@example.org", "tauri://localhost/"] {
            let opened = open_in_browser(&address.parse().unwrap(), |_| panic!("{address} must not be opened"));
            assert!(matches!(opened, Err(DesktopError::Browser(_))), "{address}");
        }
    }
}
