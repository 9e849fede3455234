//! A person with a browser: signs in, says yes or no, and never loads the redirect URI.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use gatewright_engine::ports::{Arrival, PortFuture, UserAgent, Visit, VisitError};
use gatewright_protocol::RedirectUri;
use gatewright_tests::peer::Account;
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use tokio::sync::Mutex;
use url::Url;

use crate::form::{Form, link_with};

/// What the person answers when asked for consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Approve,
    Decline,
}

/// A page the person has looked at.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) status: u16,
    pub(crate) text: String,
}

/// A person with a browser that keeps its cookies, so that a second visit finds the session of the first.
pub(crate) struct Person {
    account: Account,
    approves: AtomicBool,
    passwords_typed: AtomicUsize,
    browser: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
    pages: Mutex<Vec<Page>>,
}

/// Where a walk through pages led.
pub(crate) enum Way {
    /// To the redirect URI, which was not loaded.
    Arrived(Url),
    /// To a form that wants to be posted to the redirect URI, which was not done: its address and its body.
    Posted(Url, String),
    /// To a page on which there is nothing to do.
    Stuck(Page),
}

impl Person {
    /// Somebody with this account who decides so.
    pub(crate) fn new(account: &Account, decision: Decision) -> Self {
        let browser =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        Self {
            account: account.clone(),
            approves: AtomicBool::new(decision == Decision::Approve),
            passwords_typed: AtomicUsize::default(),
            browser,
            cookies: Mutex::default(),
            pages: Mutex::default(),
        }
    }

    /// Changes the person's mind.
    pub(crate) fn decide(&self, decision: Decision) {
        self.approves.store(decision == Decision::Approve, Ordering::Relaxed);
    }

    /// How often the person had to sign in.
    pub(crate) fn passwords_typed(&self) -> usize {
        self.passwords_typed.load(Ordering::Relaxed)
    }

    /// The page the person looked at last.
    pub(crate) async fn last_page(&self) -> Page {
        self.pages.lock().await.last().cloned().expect("no page was seen")
    }

    /// Walks from an address through whatever pages there are, until the redirect URI or a page without a form.
    pub(crate) async fn walk(&self, start: &Url, redirect_uri: &RedirectUri) -> Way {
        let mut request = self.browser.get(start.clone());
        for _page in 0..20 {
            let (page, location) = self.load(request).await;
            if let Some(location) = location {
                let next = page.url.join(&location).unwrap();
                if redirect_uri.caught_by(&next) {
                    return Way::Arrived(next);
                }
                request = self.browser.get(next);
                continue;
            }
            self.pages.lock().await.push(page.clone());
            let Some(form) = Form::read(&page.text) else { return Way::Stuck(page) };
            let action = page.url.join(&form.action).unwrap();
            if redirect_uri.caught_by(&action) {
                return Way::Posted(action, form.approved());
            }
            request = self.answer(&page, &form, action);
        }
        panic!("there is no end to the pages: {:?}", self.last_page().await);
    }

    /// What the person does about a page with a form.
    fn answer(&self, page: &Page, form: &Form, action: Url) -> reqwest::RequestBuilder {
        let body = if form.signs_in() {
            self.passwords_typed.fetch_add(1, Ordering::Relaxed);
            form.signed(&self.account.login, &self.account.password)
        } else if self.approves.load(Ordering::Relaxed) {
            form.approved()
        } else if let Some(abort) = link_with(&page.text, "/abort") {
            return self.browser.get(page.url.join(&abort).unwrap());
        } else {
            form.declined()
        };
        self.browser.post(action).header(CONTENT_TYPE, FORM).body(body)
    }

    /// Sends one request of the browser; brings the page and where it redirects to.
    async fn load(&self, request: reqwest::RequestBuilder) -> (Page, Option<String>) {
        let mut cookies = self.cookies.lock().await;
        let jar: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header(COOKIE, jar.join("; ")).send().await.unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (name, value) = text.split(';').next().and_then(|pair| pair.split_once('=')).unwrap();
            cookies.remove(name);
            // An empty value is how servers take a cookie back.
            if !value.is_empty() {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let location = answer.headers().get(LOCATION).map(|value| value.to_str().unwrap().to_owned());
        let (url, status) = (answer.url().clone(), answer.status().as_u16());
        (Page { url, status, text: answer.text().await.unwrap() }, location)
    }
}

/// How a browser writes a form.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

impl UserAgent for Person {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(async move {
            match self.walk(&visit.authorization_url, &visit.redirect_uri).await {
                Way::Arrived(callback) => Ok(Arrival::at(callback)),
                // A person who reads an error page has nothing left to do but close the window; no login of ours asks for a form.
                Way::Stuck(_) | Way::Posted(..) => Err(VisitError::WindowClosed),
            }
        })
    }
}
