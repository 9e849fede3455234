//! The ways a person comes back from the authorization endpoint, as the engine's port sees them.

use std::sync::{Arc, Mutex, PoisonError};

use gatewright_engine::login::TIME_LIMIT;
use gatewright_engine::ports::{Arrival, Judgement, PortFuture, PostedCallback, UserAgent, Visit, VisitError};
use gatewright_loopback::{Callback, Listener};
use tokio::task::JoinHandle;

use crate::browser::{Browser, Way};
use crate::clock::SharedClock;

/// A login view: the callback is caught before it is opened. Whoever finds nothing to do on a page closes the window.
pub(crate) struct LoginView(pub(crate) Arc<Browser>);

impl UserAgent for LoginView {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        let browser = Arc::clone(&self.0);
        Box::pin(async move {
            visit.sightings.page(&visit.authorization_url);
            let host = visit.authorization_url.host_str().unwrap_or_default().to_owned();
            let way = tokio::select! {
                () = visit.cancel.cancelled() => return Err(VisitError::Cancelled),
                way = browser.walk(&visit.authorization_url, |url| visit.redirect_uri.caught_by(url)) => way,
            };
            match way {
                Way::Caught(callback) => Ok(Arrival::at(callback.url)),
                Way::Stuck | Way::Elsewhere => Err(VisitError::WindowClosed),
                Way::Circles => Err(VisitError::PageUnreachable { host, why: "redirects in circles".to_owned() }),
                Way::Unanswered => Err(VisitError::PageUnreachable { host, why: "no answer".to_owned() }),
            }
        })
    }
}

/// A browser of the person's own and a listener on this computer, which does with callbacks what the application's listener does.
///
/// The person begins the login anew as often as `tries` says, as somebody does who goes back in the browser. When nothing came of any
/// try, the login's time runs out.
pub(crate) struct OwnBrowser {
    pub(crate) browser: Arc<Browser>,
    pub(crate) clock: SharedClock,
    pub(crate) tries: usize,
    listener: Mutex<Option<Listener>>,
    browsing: Mutex<Option<JoinHandle<()>>>,
}

impl OwnBrowser {
    pub(crate) fn new(browser: Arc<Browser>, clock: SharedClock, tries: usize, listener: Listener) -> Self {
        Self { browser, clock, tries, listener: Mutex::new(Some(listener)), browsing: Mutex::default() }
    }

    /// Waits until the browser has gone wherever it was sent, which may be after the login.
    pub(crate) async fn is_done(&self) {
        let browsing = self.browsing.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(browsing) = browsing {
            browsing.await.unwrap();
        }
    }

    fn open(&self, visit: &Visit) {
        let (browser, clock, tries) = (Arc::clone(&self.browser), self.clock.clone(), self.tries);
        let (address, over) = (visit.authorization_url.clone(), visit.cancel.clone());
        let browsing = tokio::spawn(async move {
            for _ in 0..tries {
                browser.walk(&address, |_| false).await;
            }
            if !over.is_cancelled() {
                clock.advance(TIME_LIMIT);
            }
        });
        *self.browsing.lock().unwrap_or_else(PoisonError::into_inner) = Some(browsing);
    }

    async fn listen(&self, visit: Visit) -> Result<Arrival, VisitError> {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap();
        let mut listener = if visit.judge_form.is_some() { listener.taking_forms() } else { listener };
        self.open(&visit);
        loop {
            let callback = tokio::select! {
                () = visit.cancel.cancelled() => return Err(VisitError::Cancelled),
                callback = listener.next_callback() => callback.unwrap(),
            };
            let form = posted(&callback);
            let judgement = match (&form, &visit.judge_form) {
                (Some(form), Some(judge)) => judge(callback.url(), form),
                _ => (visit.judge)(callback.url()),
            };
            match judgement {
                Judgement::Accept => return Ok(Arrival { callback: callback.accept(), form }),
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

/// What a browser posted to the redirect URI.
fn posted(callback: &Callback) -> Option<PostedCallback> {
    let form = callback.form()?;
    Some(PostedCallback { content_type: form.content_type.map(str::to_owned), body: form.body.to_vec() })
}

impl UserAgent for OwnBrowser {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(self.listen(visit))
    }
}
