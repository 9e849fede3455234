//! A browser of plain HTTP with a person in front of it, who signs in and approves.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use tokio::sync::Barrier;
use url::{Host, Url};

use crate::page::{self, Answers, Fetch, Move};
use crate::witness::Secrets;

/// Redirects in a row after which a browser gives up.
const MOST_REDIRECTS: usize = 20;
/// Pages on one way; no login has so many.
const MOST_PAGES: usize = 40;

/// An answer as the browser got it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) url: Url,
    pub(crate) status: u16,
    pub(crate) text: String,
    /// Where it redirects to.
    pub(crate) location: Option<String>,
}

/// Where a walk through pages ended.
#[derive(Debug)]
pub(crate) enum Way {
    /// At a request that was caught before it was made.
    Caught(Move),
    /// At a page with nothing to do on it.
    Stuck,
    /// In circles.
    Circles,
    /// At an address that is neither the sandbox's nor anything else on this computer.
    Elsewhere,
    /// At an address where nobody answered.
    Unanswered,
}

/// A browser that keeps its cookies, and the person in front of it.
pub(crate) struct Browser {
    http: reqwest::Client,
    username: &'static str,
    decision: Mutex<&'static str>,
    /// Whether it sends fetch metadata, as every browser has since 2023.
    tells_why_it_asks: bool,
    /// Where the person waits for others before deciding.
    meets: Option<Arc<Barrier>>,
    secrets: Secrets,
    cookies: Mutex<BTreeMap<String, String>>,
    seen: Mutex<Vec<Seen>>,
}

impl Browser {
    /// Somebody who approves.
    pub(crate) fn of(username: &'static str, secrets: &Secrets) -> Self {
        Self {
            http: reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap(),
            username,
            decision: Mutex::new("approve"),
            tells_why_it_asks: true,
            meets: None,
            secrets: secrets.clone(),
            cookies: Mutex::default(),
            seen: Mutex::default(),
        }
    }

    /// The same in front of a browser so old that it does not say why it asks.
    pub(crate) fn without_fetch_metadata(self) -> Self {
        Self { tells_why_it_asks: false, ..self }
    }

    /// The same person, who decides only when everybody else has come as far.
    pub(crate) fn meeting_at(self, barrier: &Arc<Barrier>) -> Self {
        Self { meets: Some(Arc::clone(barrier)), ..self }
    }

    /// Changes the person's mind: "approve", "deny" or "cancel".
    pub(crate) fn decide(&self, decision: &'static str) {
        *self.decision.lock().unwrap_or_else(PoisonError::into_inner) = decision;
    }

    /// Every answer so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Walks on from an address as far as pages lead; an address that is `caught` is not opened.
    pub(crate) async fn walk(&self, start: &Url, caught: impl Fn(&Url) -> bool) -> Way {
        let mut next = Move::navigation(start.clone());
        let mut redirects = 0;
        for _ in 0..MOST_PAGES {
            if caught(&next.url) && next.fetch == Fetch::Navigation {
                return Way::Caught(next);
            }
            if !is_here(&next.url) {
                return Way::Elsewhere;
            }
            let Some(seen) = self.load(&next).await else { return Way::Unanswered };
            if let Some(location) = &seen.location {
                redirects += 1;
                if redirects > MOST_REDIRECTS {
                    return Way::Circles;
                }
                let Ok(url) = seen.url.join(location) else { return Way::Stuck };
                let form = next.form.filter(|_| matches!(seen.status, 307 | 308));
                next = Move { url, form, ..next };
                continue;
            }
            redirects = 0;
            for picture in page::pictures(&seen.text, &seen.url) {
                self.load(&picture).await;
            }
            if let Some(barrier) = self.meets.as_ref().filter(|_| page::asks_for_consent(&seen.text)) {
                barrier.wait().await;
            }
            let answers = Answers { username: self.username, decision: *self.decision.lock().unwrap() };
            match page::onward(&seen.text, &seen.url, &answers) {
                Some(onward) if next.fetch == Fetch::Navigation => next = onward,
                _ => return Way::Stuck,
            }
        }
        panic!("there is no end to the pages: {:?}", self.seen().last());
    }

    /// Makes one request; none when nobody answers.
    pub(crate) async fn load(&self, wanted: &Move) -> Option<Seen> {
        let answer = self.request(wanted).send().await.ok()?;
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let (name, value) = cookie.to_str().unwrap().split(';').next()?.split_once('=')?;
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        self.secrets.add_from(wanted.url.as_str());
        let status = answer.status();
        let location = answer.headers().get(LOCATION).filter(|_| status.is_redirection());
        let location = location.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        self.secrets.add_from(location.as_deref().unwrap_or_default());
        let seen = Seen { url: wanted.url.clone(), status: status.as_u16(), location, text: answer.text().await.ok()? };
        self.seen.lock().unwrap().push(seen.clone());
        Some(seen)
    }

    fn request(&self, wanted: &Move) -> reqwest::RequestBuilder {
        let mut request = match &wanted.form {
            None => self.http.get(wanted.url.clone()),
            Some((body, label)) => self
                .http
                .post(wanted.url.clone())
                .header(ORIGIN, wanted.url.origin().ascii_serialization())
                .header(CONTENT_TYPE, *label)
                .body(body.clone()),
        };
        if self.tells_why_it_asks {
            let (mode, destination) = match wanted.fetch {
                Fetch::Navigation => ("navigate", "document"),
                Fetch::Frame => ("navigate", "iframe"),
                Fetch::Picture => ("no-cors", "image"),
            };
            request = request.header("sec-fetch-mode", mode).header("sec-fetch-dest", destination);
        }
        let cookies = self.cookies.lock().unwrap();
        let jar: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if jar.is_empty() { request } else { request.header(COOKIE, jar.join("; ")) }
    }
}

/// Whether an address is on this computer, so that a test may open it.
fn is_here(url: &Url) -> bool {
    let here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        _ => false,
    };
    here && matches!(url.scheme(), "http" | "https")
}
