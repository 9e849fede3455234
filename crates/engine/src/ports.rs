//! The four ports through which the engine touches the world: [`Transport`], [`UserAgent`], [`Clock`], [`Entropy`].
//!
//! All are object-safe, so that an application wires them once: a test brings a scripted browser or a clock it turns by hand, the
//! desktop shell brings its login window.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use gatewright_protocol::authorization::PostedForm;
use gatewright_protocol::http::{HttpRequest, HttpResponse};
use gatewright_protocol::redirect_uri::RedirectUri;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::issuers::IssuerDirectory;
use crate::sightings::Sightings;
use crate::spent_states::SpentStates;

/// A future behind a port.
pub type PortFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends one HTTP request and brings its response: never follows a redirect, keeps no cookie, repeats nothing.
pub trait Transport: Send + Sync {
    /// Sends `request` once. A status of 3xx, 4xx or 5xx is an answer like any other.
    fn send<'a>(&'a self, request: &'a HttpRequest) -> PortFuture<'a, Result<HttpResponse, SendError>>;
}

/// Why a request has no response. Each is one sentence without the URL, which might hold what must not be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The host's name has no address.
    #[error("the name {host} could not be found")]
    DnsFailed {
        /// The host.
        host: String,
    },
    /// The name leads to this computer or into the network at hand, and nobody has confirmed that it may.
    #[error("{host} leads to {address}, which is not on the internet")]
    TooNear {
        /// The host.
        host: String,
        /// Where the name leads.
        address: IpAddr,
    },
    /// Nothing listens there.
    #[error("{host} refused the connection: nothing listens on that port")]
    ConnectionRefused {
        /// Host and port.
        host: String,
    },
    /// No connection for another reason: no route, network down …
    #[error("{host} could not be reached: {why}")]
    Unreachable {
        /// Host and port.
        host: String,
        /// The operating system's words.
        why: String,
    },
    /// The certificate or the TLS handshake was refused.
    #[error("the connection to {host} is not safe: {why}")]
    TlsRefused {
        /// The host.
        host: String,
        /// Of which kind that is.
        problem: TlsProblem,
        /// What is wrong with the certificate or the handshake.
        why: String,
    },
    /// No request can be sent to any server of this kind: what is needed for it on this computer is not there.
    #[error("this computer could not prepare for the request: {why}")]
    Unprepared {
        /// What is missing.
        why: String,
    },
    /// No complete answer in time.
    #[error("{host} did not answer within {} seconds", after.as_secs())]
    TimedOut {
        /// The host.
        host: String,
        /// How long we waited.
        after: Duration,
    },
    /// The connection ended before the answer was complete: what the server has done with the request is unknown.
    #[error("{host} closed the connection before its answer was complete")]
    Interrupted {
        /// The host.
        host: String,
    },
    /// What came back is not HTTP.
    #[error("{host} did not answer in HTTP: {why}")]
    NotHttp {
        /// The host.
        host: String,
        /// What the reader stumbled over.
        why: String,
    },
    /// The request cannot be written: a header value holds a character that may not be there.
    #[error("the request could not be written: {why}")]
    Unwritable {
        /// What is wrong with it.
        why: String,
    },
}

/// Why there is no safe connection: each has its own way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsProblem {
    /// Nobody whom this computer trusts has signed the certificate.
    UnknownIssuer,
    /// The certificate has expired or is not valid yet, by this computer's clock.
    Validity,
    /// Something else about the certificate: its name, its signature …
    Certificate,
    /// It did not come to a certificate: what answers speaks no TLS, or none that both sides know.
    Handshake,
}

impl SendError {
    /// Whether the request may have reached the server. If not, it is as if it had never been sent.
    pub const fn may_have_arrived(&self) -> bool {
        match self {
            Self::TimedOut { .. } | Self::Interrupted { .. } | Self::NotHttp { .. } => true,
            Self::DnsFailed { .. }
            | Self::TooNear { .. }
            | Self::ConnectionRefused { .. }
            | Self::Unreachable { .. }
            | Self::TlsRefused { .. }
            | Self::Unprepared { .. }
            | Self::Unwritable { .. } => false,
        }
    }
}

/// A browser that takes a person to the authorization endpoint and brings the callback back: the embedded login window, the
/// system browser with a loopback listener, or a person who pastes the callback.
pub trait UserAgent: Send + Sync {
    /// Opens `visit.authorization_url` and ends with the first callback on `visit.redirect_uri`, before any request to it leaves.
    ///
    /// It ends early, as soon as it can, when `visit.cancel` fires; the engine keeps the time limit and may also drop the future. After the
    /// time limit it waits for that a moment, so that what was shown last can still be kept.
    /// Either way whatever was opened (a window, a port) is closed.
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>>;
}

/// One trip of a person to the authorization endpoint and back.
#[derive(Clone)]
pub struct Visit {
    /// Where the browser starts.
    pub authorization_url: Url,
    /// Where the callback arrives: `redirect_uri.caught_by(&url)` is the whole rule, exact in scheme, host, port and path. A `code=`
    /// on any other address is not a callback (a provider's own social login has one too).
    pub redirect_uri: RedirectUri,
    /// What to think of a callback, for a user agent that anybody can call: see [`Judgement`].
    pub judge: Judge,
    /// The same for a callback that the browser posts as a form. There where the answer was asked for as one (OAuth 2.0 Form Post
    /// Response Mode): only then is a `POST` on the redirect URI a callback.
    pub judge_form: Option<JudgeForm>,
    /// Where pages and strangers are told.
    pub sightings: Sightings,
    /// Fires when the run was stopped or its time is up.
    pub cancel: CancellationToken,
}

/// Looks at a callback without ending anything.
pub type Judge = Arc<dyn Fn(&Url) -> Judgement + Send + Sync>;

/// Looks at a posted callback without ending anything.
pub type JudgeForm = Arc<dyn Fn(&Url, &PostedCallback) -> Judgement + Send + Sync>;

/// What to think of a callback that anybody on this computer could have sent.
///
/// A loopback listener asks it, so that a stranger's callbacks neither end nor delay the login. The embedded view and the paste
/// field take callbacks from the login itself only: they hand over whatever arrives, and the engine reports what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It belongs to this login: hand it over.
    Accept,
    /// Its state is missing or wrong: a stranger's. Count it with [`Sightings::stranger`] and wait on.
    Ignore,
    /// It carries no parameters at all. Some providers cancel like that, but a stranger could have called the address as well:
    /// tell it with [`Sightings::bare_callback`] and wait on.
    Doubtful,
}

/// The callback that ended a visit.
#[derive(Clone)]
pub struct Arrival {
    /// The whole callback address, with query and fragment. It holds the code: never shown, never logged.
    pub callback: Url,
    /// What the browser posted there, where it came as a form.
    pub form: Option<PostedCallback>,
}

/// A form that a browser posted to the redirect URI. It holds the code: never shown, never logged.
#[derive(Clone)]
pub struct PostedCallback {
    /// The `Content-Type` header, parameters and all.
    pub content_type: Option<String>,
    /// The body, at most one byte more than [`gatewright_protocol::authorization::LONGEST_FORM`] of it.
    pub body: Vec<u8>,
}

impl Arrival {
    /// A navigation to this address.
    pub const fn at(callback: Url) -> Self {
        Self { callback, form: None }
    }

    /// A form that was posted to this address.
    pub const fn posted(callback: Url, form: PostedCallback) -> Self {
        Self { callback, form: Some(form) }
    }
}

impl PostedCallback {
    pub(crate) fn as_form(&self) -> PostedForm<'_> {
        PostedForm { content_type: self.content_type.as_deref(), body: &self.body }
    }
}

/// Why a visit brought no callback.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VisitError {
    /// The person closed the login window.
    #[error("the login window was closed")]
    WindowClosed,
    /// [`Visit::cancel`] fired.
    #[error("the visit was cancelled")]
    Cancelled,
    /// A page could not be loaded.
    #[error("{host} could not be opened: {why}")]
    PageUnreachable {
        /// The page's host and port.
        host: String,
        /// Why, in a few words: "connection refused", "name not found" …
        why: String,
    },
    /// The server's certificate was refused. There is no way to go on regardless.
    #[error("the certificate of {host} was refused: {why}")]
    CertificateRefused {
        /// The page's host and port.
        host: String,
        /// Why, in a few words: "expired", "for another name" …
        why: String,
    },
    /// The loopback listener could not be opened, or broke.
    #[error("{why}")]
    ListenerFailed {
        /// A whole sentence's worth, naming the port: "port 8914 on 127.0.0.1 is taken by another program".
        why: String,
    },
    /// The window or the system browser could not be opened.
    #[error("the browser could not be opened: {why}")]
    BrowserFailed {
        /// Why, in a few words.
        why: String,
    },
}

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The time of day, for records.
    fn now(&self) -> Timestamp;

    /// Time since some fixed moment; never goes back. For durations.
    fn elapsed(&self) -> Duration;

    /// Ends after `duration`. For time limits.
    fn sleep(&self, duration: Duration) -> PortFuture<'_, ()>;
}

/// Gives unpredictable bytes, fit for state and code verifier.
pub trait Entropy: Send + Sync {
    /// Fills the whole buffer.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), NoEntropy>;
}

/// The operating system gave no random bytes. A login cannot start: its state could be guessed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this computer gave no random numbers, so no login can be started safely")]
pub struct NoEntropy;

/// The four ports, wired, and what is remembered from one login to the next.
#[derive(Clone)]
pub struct Ports {
    /// Sends the token and identity requests.
    pub transport: Arc<dyn Transport>,
    /// Walks the person through the login.
    pub user_agent: Arc<dyn UserAgent>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives state, nonce and code verifier.
    pub entropy: Arc<dyn Entropy>,
    /// Metadata and keys of issuers, shared by everything that has the same transport and clock.
    pub issuers: Arc<IssuerDirectory>,
    /// States of logins that are over, so that a callback that is played again is known for what it is.
    pub spent_states: Arc<SpentStates>,
}
