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

/// Something that the desktop is showing: whether it does, as far as can be known.
pub type Showing = Pin<Box<dyn Future<Output = Result<(), DesktopError>> + Send>>;

/// What the application asks of the desktop it runs on. Every method returns quickly and may be called from any thread.
pub trait Desktop: Send + Sync {
    /// A login view for one run: a browser window, which lives as long as its visit and shares what it keeps with no other storage. Its
    /// title starts with where its page is and goes on with `title`. A second one does not cover the first.
    ///
    /// What its pages look like goes to `pictures`; a desktop that cannot picture them says so there.
    fn login_view(&self, run: &str, title: &ViewTitle, storage: ViewStorage, pictures: Pictures) -> Arc<dyn UserAgent>;

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

    /// Shows a file in its folder, or what is in a folder, in the desktop's own program for files. The path is absolute.
    fn show_in_folder(&self, path: PathBuf) -> Showing;

    /// The locale that the person has set for the desktop, as `de-AT`; none where nothing is set.
    fn locale(&self) -> Option<String> {
        sys_locale::get_locale()
    }

    /// Ends Gatewright as if its window had been closed, and starts it again.
    fn restart(&self);

    /// Shows a notification, if this desktop shows any.
    fn notify(&self, title: &str, body: &str);

    /// Tells the window that something changed, in its language.
    fn tell(&self, event: Spoken<Event>);
}

/// What the title of a login view says besides where its page is, in the language of the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewTitle {
    /// Whose login it is, where that is known, and of which client.
    pub login: String,
    /// What kind of window it is.
    pub kind: String,
    /// What is said of a page that came in the clear over a network.
    pub not_encrypted: String,
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
    /// No program that shows folders, or it could not be asked.
    #[error("the folder could not be shown: {cause}")]
    Folder {
        /// What was to be shown.
        path: PathBuf,
        /// Why it was not.
        cause: String,
    },
}
