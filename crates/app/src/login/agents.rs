//! The ways a person reaches the provider besides the login view: their own browser, and pasting.

use std::sync::{Arc, Mutex, PoisonError};

use gatewright_engine::ports::{Arrival, PortFuture, UserAgent, Visit, VisitError};
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
            pasted = arriving.recv() => pasted.map(|callback| Arrival { callback }).ok_or(VisitError::Cancelled),
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
        let _ = (&self.desktop, visit);
        Box::pin(async { Err(VisitError::ListenerFailed { why: "being written".to_owned() }) })
    }
}
