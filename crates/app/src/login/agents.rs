//! The ways a person reaches the provider besides the login view: their own browser, and pasting.

use std::sync::{Arc, Mutex, PoisonError};

use gatewright_engine::ports::{Arrival, Judgement, PortFuture, UserAgent, Visit, VisitError};
use gatewright_loopback::Listener;
use gatewright_model::RunId;
use tokio::sync::mpsc;
use url::Url;

use crate::desktop::Desktop;
use crate::live::LiveRuns;

/// Remembers where the browser is sent, so that the link can be copied, and hands the visit on.
pub(super) struct Announcing {
    inner: Arc<dyn UserAgent>,
    live: LiveRuns,
    run: RunId,
}

impl Announcing {
    pub(super) fn new(inner: Arc<dyn UserAgent>, live: LiveRuns, run: RunId) -> Self {
        Self { inner, live, run }
    }
}

impl UserAgent for Announcing {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        self.live.change(&self.run, |live| live.address = Some(visit.authorization_url.to_string()));
        self.inner.visit(visit)
    }
}

/// For requests that no person has a part in.
pub(crate) struct NoBrowser;

impl UserAgent for NoBrowser {
    fn visit(&self, _: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(async { Err(VisitError::BrowserFailed { why: "this needs no browser".to_owned() }) })
    }
}

/// A person who walks the pages in any browser and pastes the callback. Clones share the one visit.
#[derive(Clone)]
pub(crate) struct PasteAgent {
    pasted: mpsc::Sender<Url>,
    arriving: Arc<Mutex<Option<mpsc::Receiver<Url>>>>,
}

impl Default for PasteAgent {
    fn default() -> Self {
        let (pasted, arriving) = mpsc::channel(1);
        Self { pasted, arriving: Arc::new(Mutex::new(Some(arriving))) }
    }
}

impl PasteAgent {
    /// Hands a pasted callback over; says whether anybody still waits for one.
    pub(crate) fn hand_over(&self, callback: Url) -> bool {
        self.pasted.try_send(callback).is_ok()
    }

    async fn wait(&self, visit: Visit) -> Result<Arrival, VisitError> {
        let taken = self.arriving.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut arriving) = taken else {
            return Err(VisitError::BrowserFailed { why: "this login has had its visit".to_owned() });
        };
        tokio::select! {
            () = visit.cancel.cancelled() => Err(VisitError::Cancelled),
            pasted = arriving.recv() => pasted.map(Arrival::at).ok_or(VisitError::Cancelled),
        }
    }
}

impl UserAgent for PasteAgent {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(self.wait(visit))
    }
}

/// The person's own browser, with a listener on loopback for the callback (RFC 8252).
pub(super) struct SystemBrowser {
    desktop: Arc<dyn Desktop>,
}

impl SystemBrowser {
    pub(super) fn new(desktop: Arc<dyn Desktop>) -> Self {
        Self { desktop }
    }
}

impl UserAgent for SystemBrowser {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(self.listen(visit))
    }
}

impl SystemBrowser {
    /// The port is held before the browser opens, so that nobody else can take it in between (RFC 8252 §8.3), and let go of when this
    /// future ends, however it ends.
    async fn listen(&self, visit: Visit) -> Result<Arrival, VisitError> {
        let bound = Listener::bind(&visit.redirect_uri);
        let mut listener = bound.map_err(|cause| VisitError::ListenerFailed { why: cause.to_string() })?;
        let (desktop, address) = (Arc::clone(&self.desktop), visit.authorization_url.clone());
        // A launcher takes a moment to say whether it works.
        let opening = tokio::task::spawn_blocking(move || desktop.open_in_browser(&address)).await;
        let opened =
            opening.map_err(|cause| cause.to_string()).and_then(|done| done.map_err(|cause| cause.to_string()));
        opened.map_err(|why| VisitError::BrowserFailed { why })?;
        loop {
            let callback = tokio::select! {
                () = visit.cancel.cancelled() => return Err(VisitError::Cancelled),
                callback = listener.next_callback() => callback,
            };
            let Some(callback) = callback else {
                return Err(VisitError::ListenerFailed { why: "the port for the callback broke".to_owned() });
            };
            match (visit.judge)(callback.url()) {
                Judgement::Accept => return Ok(Arrival::at(callback.accept())),
                Judgement::Ignore => {
                    visit.sightings.stranger();
                    callback.ignore();
                }
                Judgement::Doubtful => {
                    visit.sightings.bare_callback();
                    callback.doubt();
                }
            }
        }
    }
}
