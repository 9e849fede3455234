//! What the application asks of the desktop it runs on. The shell implements it with windows; a test with whatever it needs.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use gatewright_contract::path::PathQuestion;
use gatewright_contract::{Event, Spoken};
use gatewright_protocol::Secret;
use url::Url;

use crate::ports::{Pictures, UserAgent};

/// A path that a person is being asked for: none when they close the dialog.
pub type PathChoice = Pin<Box<dyn Future<Output = Option<PathBuf>> + Send>>;

/// What the application asks of the desktop it runs on. Every method returns quickly and may be called from any thread.
pub trait Desktop: Send + Sync {
    /// A login view for one run: a browser window whose title starts with `title`, which lives as long as its visit and shares what it
    /// keeps with no other storage. A second one does not cover the first.
    ///
    /// What its pages look like goes to `pictures`; a desktop that cannot picture them says so there.
    fn login_view(&self, run: &str, title: &str, storage: ViewStorage, pictures: Pictures) -> Arc<dyn UserAgent>;

    /// Brings the login view of a run to the front; says whether there is one.
    fn focus_login_view(&self, run: &str) -> bool;

    /// Opens an address in the person's own browser.
    fn open_in_browser(&self, address: &Url) -> Result<(), DesktopError>;

    /// Puts a secret on the clipboard, marked so that clipboard histories leave it out.
    fn copy_concealed(&self, secret: &Secret) -> Result<(), DesktopError>;

    /// Clears the clipboard if it still holds that secret.
    fn clear_clipboard_of(&self, secret: &Secret);

    /// Asks the person for a file or folder in the desktop's own dialog.
    fn choose_path(&self, question: PathQuestion) -> PathChoice;

    /// Ends Gatewright as if its window had been closed, and starts it again.
    fn restart(&self);

    /// Shows a notification, if this desktop shows any.
    fn notify(&self, title: &str, body: &str);

    /// Tells the window that something changed, in its language.
    fn tell(&self, event: Spoken<Event>);
}

/// What becomes of cookies and the like of a login view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewStorage {
    /// They go with the window.
    ThrownAway,
    /// They stay in this folder, which exists, is named absolutely and belongs to one person; the next view with it finds them.
    KeptIn(PathBuf),
}

/// Why the desktop could not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DesktopError {
    /// No browser, or it could not be started.
    #[error("the browser could not be opened: {0}")]
    Browser(String),
    /// No clipboard, or it is not to be had right now.
    #[error("the clipboard could not be used: {0}")]
    Clipboard(String),
}
