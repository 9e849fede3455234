//! The listener as its user sees it.

use std::sync::Arc;

use gatewright_language::Language;
use gatewright_protocol::RedirectUri;
use gatewright_protocol::authorization::PostedForm;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use url::Url;

use crate::answer::Answer;
use crate::bind::{BindError, Sockets};
use crate::request;
use crate::serve::{self, Limits, Shared};

/// Waits on this computer for a browser to bring a callback. Dropping it closes the port; after [`Callback::accept`] the port stays for
/// a moment, until the browser has shown its last page.
#[derive(Debug)]
pub struct Listener {
    redirect_uri: RedirectUri,
    callbacks: mpsc::Receiver<Callback>,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

/// A navigation to the redirect URI that waits for an answer. Anybody on this computer could have sent it: look at its state first.
///
/// Dropped without a word it counts as [`Callback::ignore`].
pub struct Callback {
    url: Url,
    form: Option<Box<[u8]>>,
    shared: Arc<Shared>,
    answer: oneshot::Sender<Answer>,
}

impl Listener {
    /// Opens the redirect URI's own port on loopback: 127.0.0.1, `::1`, or both for `localhost`. Open it before the browser.
    ///
    /// # Errors
    /// See [`BindError`].
    pub fn bind(redirect_uri: &RedirectUri) -> Result<Self, BindError> {
        Ok(Self::start(redirect_uri.clone(), Sockets::bind(redirect_uri)?, Limits::default()))
    }

    /// Opens the redirect URI's own port and has closed it again when it returns: whether a listener could be opened there right now.
    ///
    /// # Errors
    /// See [`BindError`].
    pub fn probe(redirect_uri: &RedirectUri) -> Result<(), BindError> {
        Sockets::bind(redirect_uri).map(drop)
    }

    /// Opens any free port, for a provider that ignores the port of a loopback redirect URI (RFC 8252 §7.3).
    /// [`Listener::redirect_uri`] names the port to ask with.
    ///
    /// # Errors
    /// See [`BindError`].
    pub fn bind_any_port(redirect_uri: &RedirectUri) -> Result<Self, BindError> {
        let sockets = Sockets::bind_any(redirect_uri)?;
        Ok(Self::start(with_port(redirect_uri, sockets.port)?, sockets, Limits::default()))
    }

    pub(crate) fn start(redirect_uri: RedirectUri, sockets: Sockets, limits: Limits) -> Self {
        let (sender, callbacks) = mpsc::channel(1);
        let shared = Arc::new(Shared::new(&redirect_uri, limits));
        let serving = tokio::spawn(serve::serve(sockets, Arc::clone(&shared), sender));
        Self { redirect_uri, callbacks, shared, serving }
    }

    /// Takes callbacks that a page posts as a form as well, for a login that asks for `response_mode=form_post` (OAuth 2.0 Form Post
    /// Response Mode). Addresses with parameters are still taken: a server that does not do what it was asked for is to be noticed,
    /// not waited for.
    ///
    /// A form that is longer than [`gatewright_protocol::authorization::LONGEST_FORM`], is labelled as something else or leaves its
    /// length open is refused before anybody sees it (413, 415, 400).
    #[must_use]
    pub fn taking_forms(self) -> Self {
        self.shared.take_forms();
        self
    }

    /// Shows its pages in this language, and not in English.
    #[must_use]
    pub fn speaking(self, language: Language) -> Self {
        self.shared.speak(language);
        self
    }

    /// The redirect URI callbacks arrive at, with the port that is open.
    pub const fn redirect_uri(&self) -> &RedirectUri {
        &self.redirect_uri
    }

    /// The next callback; `None` when the port broke.
    pub async fn next_callback(&mut self) -> Option<Callback> {
        self.callbacks.recv().await
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if !self.shared.is_taken() {
            self.serving.abort();
        }
    }
}

impl Callback {
    pub(crate) fn new(url: Url, form: Option<Box<[u8]>>, shared: &Arc<Shared>) -> (Self, oneshot::Receiver<Answer>) {
        let (answer, answered) = oneshot::channel();
        (Self { url, form, shared: Arc::clone(shared), answer }, answered)
    }

    /// The whole address, query included. It may hold a code: never shown, never logged.
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// What was posted, to a listener that is [taking forms](Listener::taking_forms). It may hold a code: never shown, never logged.
    pub fn form(&self) -> Option<PostedForm<'_>> {
        self.form.as_deref().map(|body| PostedForm { content_type: Some(request::FORM), body })
    }

    /// It is the one: the browser gets its last page, every later callback is told that the login is over.
    pub fn accept(self) -> Url {
        self.shared.take();
        self.reply(Answer::Taken)
    }

    /// It belongs to another login, or to nobody.
    pub fn ignore(self) {
        self.reply(Answer::NotOurs);
    }

    /// It could be a cancel as well as a stranger: the browser tells the person to stop the login in Gatewright, if they did cancel.
    pub fn doubt(self) {
        self.reply(Answer::Doubtful);
    }

    fn reply(self, answer: Answer) -> Url {
        // The browser may be gone; the callback counts all the same.
        let _ = self.answer.send(answer);
        self.url
    }
}

impl std::fmt::Debug for Callback {
    /// Shows nothing of the address and the form, which may hold a code.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Callback").field("is_form", &self.form.is_some()).finish_non_exhaustive()
    }
}

/// The same redirect URI with another port.
fn with_port(redirect_uri: &RedirectUri, port: u16) -> Result<RedirectUri, BindError> {
    let not_loopback = || BindError::NotLoopback { redirect_uri: redirect_uri.as_str().to_owned() };
    let mut url = redirect_uri.url().clone();
    url.set_port(Some(port)).map_err(|()| not_loopback())?;
    RedirectUri::parse(url.as_str()).map_err(|_| not_loopback())
}
