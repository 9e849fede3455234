//! A Run: one execution of a login, its Steps and how it ended.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::test_user::MeantPerson;
use crate::{ClientRecordId, Environment, Exchange, ProviderId, Redacted, RunId};

/// The browser a login is walked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Browser {
    /// Gatewright's own login view: a throw-away browser window that catches the callback before any request leaves.
    Embedded,
    /// The person's own browser, with a listener on loopback (RFC 8252).
    System,
    /// Any browser; the person pastes the callback address.
    Paste,
}

/// One execution of a login.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// The client it was run for; the record may be gone by now.
    pub client: ClientRecordId,
    /// The client's name at the time.
    pub client_name: String,
    /// The provider.
    pub provider: ProviderId,
    /// Which server of the provider.
    pub environment: Environment,
    /// The browser.
    pub browser: Browser,
    /// The persona it was started for; none when it was anybody's.
    pub meant: Option<MeantPerson>,
    /// When it started.
    pub started_at: Timestamp,
    /// How long it took, in milliseconds; none while it runs.
    pub duration_ms: Option<u64>,
    /// Of which waiting for the person, in milliseconds.
    pub person_ms: Option<u64>,
    /// How it ended.
    pub outcome: Outcome,
    /// Who logged in; also where that was not the person meant.
    pub identity: Option<Identity>,
    /// What the tokens are, without their values.
    pub tokens: Option<TokenSummary>,
}

/// How a run ended. Every ending but the first two is one sentence and a next step for the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// It has not ended yet.
    Running,
    /// Identity received, or tokens where there is no identity to be had; `findings` things were off on the way.
    LoggedIn {
        /// How many findings the steps carry.
        findings: u32,
    },
    /// It ended otherwise.
    Ended(Ending),
}

/// An ending that is not a login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// Which ending.
    pub reason: EndReason,
    /// What happened, in one sentence.
    pub sentence: String,
    /// What to do next, in one sentence.
    pub next: String,
}

/// Why a run ended without a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The person refused consent: `error=access_denied`.
    Denied,
    /// The person cancelled and the provider said so without parameters.
    Cancelled,
    /// The login window was closed.
    WindowClosed,
    /// The user stopped the run in Gatewright.
    Stopped,
    /// Nobody came back in time.
    TimedOut,
    /// A page could not be loaded: name not found, connection refused …
    PageUnreachable,
    /// The server's certificate was refused.
    CertificateRefused,
    /// The callback is not to be believed: state missing or wrong, parameters twice, both code and error …
    CallbackRejected,
    /// The authorization endpoint sent an error other than `access_denied`.
    AuthorizationRefused,
    /// The token endpoint refused.
    TokenRefused,
    /// The token endpoint's answer could not be understood.
    TokenMalformed,
    /// The token or identity endpoint did not answer.
    ProviderUnreachable,
    /// The issuer's metadata could not be had, or is not to be believed.
    MetadataRejected,
    /// The ID token is missing, or not to be believed.
    IdTokenRejected,
    /// The identity endpoint refused, or said that nobody is signed in.
    IdentityRefused,
    /// The identity endpoint's answer could not be understood.
    IdentityMalformed,
    /// Somebody else logged in than the test user the run was started for.
    WrongPerson,
    /// The loopback port was taken or the listener could not be opened.
    ListenerFailed,
    /// The login window or the system browser could not be opened.
    BrowserFailed,
    /// The client's secret could not be had.
    SecretUnavailable,
    /// Gatewright ended while the run was going on.
    Interrupted,
}

/// Who logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The provider's identifier of the person, by the dialect's pointer.
    pub subject: String,
    /// The name to show.
    pub display_name: Option<String>,
    /// Every field of the identity, in the order of arrival: name and text.
    pub fields: Vec<(String, String)>,
}

/// What the tokens of a run are, without their values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSummary {
    /// The tokens that were issued, in order: "access_token", "refresh_token", "id_token". Empty where none was kept, because the ID token
    /// that came with them is not to be believed.
    pub issued: Vec<String>,
    /// As the server wrote it.
    pub token_type: Option<String>,
    /// Seconds the access token lives; none when the server did not say.
    pub expires_in: Option<u64>,
    /// Seconds the refresh token lives; 0 means for ever at Keycloak.
    pub refresh_expires_in: Option<u64>,
    /// As the server wrote it.
    pub scope: Option<String>,
}

/// Which step of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// The issuer's metadata was read.
    Discovery,
    /// The authorization request was built and given to the browser.
    AuthorizationRequest,
    /// Pages the person saw.
    Pages,
    /// The callback was caught and judged.
    Callback,
    /// The code was exchanged.
    TokenRequest,
    /// The ID token was judged.
    IdToken,
    /// The identity was read.
    Identity,
    /// New tokens were asked for, after the login.
    Refresh,
    /// A token was revoked, after the login.
    Revocation,
    /// The provider was asked what a token is worth, after the login.
    Introspection,
    /// The person was logged out at the provider, after the login.
    Logout,
    /// A client was registered at the provider, read back, changed or deleted there, or got a new secret; apart from any login.
    ClientManagement,
    /// A client's secret was proved with a nonsense code; apart from any login.
    SecretProbe,
}

impl StepKind {
    /// Whether such a step belongs to what is done with the tokens of a login that is over.
    pub const fn is_after_login(self) -> bool {
        matches!(self, Self::Refresh | Self::Revocation | Self::Introspection | Self::Logout)
    }
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// Going on; for pages: waiting for the person.
    Running,
    /// As it should be.
    Passed,
    /// Done, but something was off.
    Warned,
    /// The run ended here.
    Failed,
}

/// One step of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which.
    pub kind: StepKind,
    /// How it stands.
    pub status: StepStatus,
    /// What happened, in one sentence.
    pub sentence: String,
    /// Microseconds it took; none while it runs.
    pub duration_us: Option<u64>,
    /// Whether that time was the person's, not ours.
    pub waited_for_person: bool,
    /// What was off.
    pub findings: Vec<Finding>,
    /// The requests of this step.
    pub exchanges: Vec<Exchange>,
    /// For pages: the addresses seen, without query, in order.
    pub pages: Vec<String>,
}

/// Something that was off: expected against received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable code, `state_missing`, `token_never_expires` …
    pub code: String,
    /// What it is about, in one sentence.
    pub title: String,
    /// Why it matters and what to do.
    pub advice: String,
    /// The field it is about.
    pub field: String,
    /// What should have been there, with the source that says so.
    pub expected: Redacted,
    /// What was there.
    pub received: Redacted,
}
