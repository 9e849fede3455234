//! The ways to reach a provider that need no port: pasting, and not at all; and what remembers where the browser was sent.

use std::sync::{Arc, Mutex, PoisonError};

use gatewright_engine::ports::{Arrival, PortFuture, UserAgent, Visit, VisitError};
use gatewright_model::RunId;
use tokio::sync::mpsc;
use url::Url;

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
