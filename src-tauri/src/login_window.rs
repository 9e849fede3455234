//! The embedded login view: a browser window in which a person logs in, and which catches the callback before any request to it
//! leaves.
//!
//! The pages it shows are not ours and may be hostile. Its label is in no capability, its storage lives as long as the window or is one
//! test user's alone, and it opens web addresses only. It keeps no permission, takes no download and shows nobody else's title.

mod address;
mod opening;
mod patience;
mod place;
mod trip;
#[cfg(target_os = "linux")]
mod webkit;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gatewright_app::desktop::{ViewStorage, ViewTitle};
use gatewright_app::ports::{Arrival, Pictures, PortFuture, UserAgent, Visit, VisitError};
use tauri::{AppHandle, Manager as _, Runtime};
use tokio::sync::oneshot;

use self::trip::Trip;

/// How long a last look at the page may take when the visit is ended for it. Painting takes some milliseconds.
const LAST_LOOK: Duration = Duration::from_secs(1);

/// Asks a window for a last look at its page. What is sent is dropped when the look is over.
type LastLook = oneshot::Sender<oneshot::Sender<()>>;

/// Where a window hears that it is asked for a last look.
type Leaving = oneshot::Receiver<oneshot::Sender<()>>;

/// What looks at the pages of a window.
struct Eyes {
    /// Where the pictures go.
    pictures: Pictures,
    leaving: Leaving,
}

/// The login view of one run.
pub(crate) struct LoginWindow<R: Runtime> {
    app: AppHandle<R>,
    label: String,
    title: ViewTitle,
    storage: ViewStorage,
    pictures: Pictures,
}

impl<R: Runtime> LoginWindow<R> {
    /// The login view of a run. The window opens with the visit.
    pub(crate) fn new(
        app: AppHandle<R>,
        run: &str,
        title: ViewTitle,
        storage: ViewStorage,
        pictures: Pictures,
    ) -> Self {
        Self { app, label: label(run), title, storage, pictures }
    }

    async fn take_trip(&self, visit: Visit) -> Result<Arrival, VisitError> {
        let cancel = visit.cancel.clone();
        self.pictures.hide_request(&visit.authorization_url);
        let (trip, ended, loading) = Trip::new(visit);
        // Whatever ends this function, also being dropped in the middle, closes the window.
        let closing = Closing { app: self.app.clone(), label: self.label.clone(), left: Arc::default() };
        let (leave, leaving) = oneshot::channel();
        self.open(Arc::new(trip), leaving, closing.left.clone()).await?;
        tokio::select! {
            biased;
            outcome = ended => outcome.unwrap_or(Err(VisitError::WindowClosed)),
            () = cancel.cancelled() => {
                look_a_last_time(leave).await;
                Err(VisitError::Cancelled)
            }
            error = patience::run_out(loading) => Err(error),
        }
    }

    /// Opens the window from a thread that may wait for the main thread, which is the one that makes windows.
    async fn open(&self, trip: Arc<Trip>, leaving: Leaving, left: Arc<AtomicBool>) -> Result<(), VisitError> {
        let (app, label, title) = (self.app.clone(), self.label.clone(), self.title.clone());
        let (storage, pictures) = (self.storage.clone(), self.pictures.clone());
        let opening = tauri::async_runtime::spawn_blocking(move || {
            let window = opening::open(&app, &label, &title, storage, Eyes { pictures, leaving }, &trip)?;
            // The visit was given up while the window was being made, and nobody else will close it.
            if left.load(Ordering::Acquire) { window.destroy() } else { Ok(()) }
        });
        let failed = |error: &dyn std::error::Error| VisitError::BrowserFailed { why: error.to_string() };
        opening.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
    }
}

impl<R: Runtime> UserAgent for LoginWindow<R> {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(self.take_trip(visit))
    }
}

/// Pictures the page as it is now, because nobody will see it again. Whoever cannot, or takes too long, is not waited for.
async fn look_a_last_time(leave: LastLook) {
    let (looking, looked) = oneshot::channel();
    if leave.send(looking).is_ok() {
        // It ends when the other end goes, which says nothing else.
        let _over = tokio::time::timeout(LAST_LOOK, looked).await;
    }
}

/// What the label of every login view begins with.
const LABEL: &str = "login-";

/// The window label of a run's login view. Tauri takes a few characters only.
pub(crate) fn label(run: &str) -> String {
    let run: String = run.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("{LABEL}{run}")
}

/// Closes the login window when it goes out of scope.
struct Closing<R: Runtime> {
    app: AppHandle<R>,
    label: String,
    left: Arc<AtomicBool>,
}

impl<R: Runtime> Drop for Closing<R> {
    fn drop(&mut self) {
        self.left.store(true, Ordering::Release);
        if let Some(window) = self.app.get_webview_window(&self.label) {
            // Fails only when the event loop has ended, and the window with it.
            let _ended = window.destroy();
        }
    }
}
