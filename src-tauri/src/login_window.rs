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

use gatewright_app::desktop::ViewStorage;
use gatewright_app::ports::{Arrival, Pictures, PortFuture, UserAgent, Visit, VisitError};
use tauri::{AppHandle, Manager as _, Runtime};

use self::trip::Trip;

/// The login view of one run.
pub(crate) struct LoginWindow<R: Runtime> {
    app: AppHandle<R>,
    label: String,
    title: String,
    storage: ViewStorage,
    pictures: Pictures,
}

impl<R: Runtime> LoginWindow<R> {
    /// The login view of a run. The window opens with the visit.
    pub(crate) fn new(app: AppHandle<R>, run: &str, title: &str, storage: ViewStorage, pictures: Pictures) -> Self {
        Self { app, label: label(run), title: title.to_owned(), storage, pictures }
    }

    async fn take_trip(&self, visit: Visit) -> Result<Arrival, VisitError> {
        let cancel = visit.cancel.clone();
        self.pictures.hide_request(&visit.authorization_url);
        let (trip, ended, loading) = Trip::new(visit);
        // Whatever ends this function, also being dropped in the middle, closes the window.
        let closing = Closing { app: self.app.clone(), label: self.label.clone(), left: Arc::default() };
        self.open(Arc::new(trip), closing.left.clone()).await?;
        tokio::select! {
            biased;
            outcome = ended => outcome.unwrap_or(Err(VisitError::WindowClosed)),
            () = cancel.cancelled() => Err(VisitError::Cancelled),
            error = patience::run_out(loading) => Err(error),
        }
    }

    /// Opens the window from a thread that may wait for the main thread, which is the one that makes windows.
    async fn open(&self, trip: Arc<Trip>, left: Arc<AtomicBool>) -> Result<(), VisitError> {
        let (app, label, title) = (self.app.clone(), self.label.clone(), self.title.clone());
        let (storage, pictures) = (self.storage.clone(), self.pictures.clone());
        let opening = tauri::async_runtime::spawn_blocking(move || {
            let window = opening::open(&app, &label, &title, storage, pictures, &trip)?;
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
