//! One visit while it goes on: what the window's callbacks tell, and how it ends.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use gatewright_app::ports::{Arrival, RedirectUri, Visit, VisitError};
use tokio::sync::{oneshot, watch};
use url::Url;

use super::address::{self, Refusal};

/// How a visit ended.
pub(super) type Outcome = Result<Arrival, VisitError>;

/// What a window is waiting for: the host and port whose page has not come yet.
pub(super) type Loading = Option<String>;

/// What a window does with an address that it is asked to go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Go there.
    Follow,
    /// Stay. The page it comes from goes on.
    Stay,
    /// Stay, and close: the visit has ended.
    End,
}

/// One visit. Its methods are called on the main thread and never wait.
pub(super) struct Trip {
    start: Url,
    redirect_uri: RedirectUri,
    /// Whether callbacks are posted to a listener. Of a form a window sees the address only, so this one has to let it leave.
    lets_forms_pass: bool,
    tell_page: Box<dyn Fn(&Url) + Send + Sync>,
    ending: Mutex<Option<oneshot::Sender<Outcome>>>,
    loading: watch::Sender<Loading>,
    /// Whether any page has been shown yet.
    arrived_somewhere: AtomicBool,
}

impl Trip {
    /// A visit that is about to begin, where its end arrives, and what it is waiting for.
    pub(super) fn new(visit: Visit) -> (Self, oneshot::Receiver<Outcome>, watch::Receiver<Loading>) {
        let sightings = visit.sightings;
        // Only a listener on this computer can be meant: what is posted anywhere else would be gone.
        let lets_forms_pass = visit.judge_form.is_some() && visit.redirect_uri.is_loopback();
        let tell_page = Box::new(move |page: &Url| sightings.page(page));
        let (trip, ended, loading) = Self::between(visit.authorization_url, visit.redirect_uri, tell_page);
        (Self { lets_forms_pass, ..trip }, ended, loading)
    }

    fn between(
        start: Url,
        redirect_uri: RedirectUri,
        tell_page: Box<dyn Fn(&Url) + Send + Sync>,
    ) -> (Self, oneshot::Receiver<Outcome>, watch::Receiver<Loading>) {
        let (ending, ended) = oneshot::channel();
        let (loading, watched) = watch::channel(Some(address::host(&start)));
        let (ending, arrived_somewhere) = (Mutex::new(Some(ending)), AtomicBool::new(false));
        let lets_forms_pass = false;
        (Self { start, redirect_uri, lets_forms_pass, tell_page, ending, loading, arrived_somewhere }, ended, watched)
    }

    /// Where the browser starts.
    pub(super) fn start(&self) -> &Url {
        &self.start
    }

    /// A page, or a frame in it, wants to go to `url`. No request has left yet.
    pub(super) fn turn(&self, url: &Url, own_dev_server: Option<&Url>) -> Turn {
        if self.lets_forms_pass && *url == *self.redirect_uri.url() {
            return Turn::Follow;
        }
        if self.redirect_uri.caught_by(url) {
            self.end(Ok(Arrival::at(url.clone())));
            return Turn::End;
        }
        let Err(refusal) = address::may_open(url, own_dev_server) else { return Turn::Follow };
        tracing::info!(?refusal, "a login page wanted to go where a login window does not go");
        if self.arrived_somewhere.load(Ordering::Relaxed) {
            return Turn::Stay;
        }
        // Nothing has been shown, and nothing else will come: a blank window would be all that is left.
        self.unreachable(&self.start, words(&refusal));
        Turn::End
    }

    /// A page is being fetched.
    pub(super) fn loads(&self, url: &Url) {
        self.loading.send_replace(Some(address::host(url)));
    }

    /// Nothing is being fetched any more.
    pub(super) fn rests(&self) {
        self.loading.send_replace(None);
    }

    /// A page that was being fetched is not going to be shown, and that was our doing or the page's own.
    pub(super) fn stopped(&self, url: &Url) {
        self.rests();
        if !self.arrived_somewhere.load(Ordering::Relaxed) {
            // The very first page, so a blank window would be all that is left: a download, perhaps.
            self.unreachable(url, "what it sent is not a page".to_owned());
        }
    }

    /// A server wants a user name and a password, not by a page but by a box of the browser's, which could be anybody's.
    pub(super) fn asks_for_password(&self, url: &Url) {
        // A picture or a script of a page may be behind such a box without anybody missing it.
        if self.loading.borrow().is_some() {
            let why = "it asks for a password in a box of the browser, which a login window does not show; use your own browser";
            self.unreachable(url, why.to_owned());
        }
    }

    /// A page has come and is being shown.
    pub(super) fn shows(&self, url: &Url) {
        self.rests();
        if matches!(url.scheme(), "http" | "https") && !self.is_over() {
            self.arrived_somewhere.store(true, Ordering::Relaxed);
            (self.tell_page)(url);
        }
    }

    /// A page could not be opened.
    pub(super) fn unreachable(&self, url: &Url, why: String) {
        self.end(Err(VisitError::PageUnreachable { host: address::host(url), why }));
    }

    /// The visit has ended. Only the first end counts: what comes after it follows from it.
    pub(super) fn end(&self, outcome: Outcome) {
        if let Some(ending) = self.ending.lock().ok().and_then(|mut ending| ending.take()) {
            // Nobody waits any more when the run was given up in this very moment.
            let _given_up = ending.send(outcome);
        }
    }

    fn is_over(&self) -> bool {
        self.ending.lock().is_ok_and(|ending| ending.is_none())
    }
}

fn words(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Scheme(scheme) => format!("it led to a {scheme}: address, which a login window does not open"),
        Refusal::AppOrigin(host) => format!("it led to {host}, where only applications' own pages are"),
    }
}

#[cfg(test)]
mod tests;
