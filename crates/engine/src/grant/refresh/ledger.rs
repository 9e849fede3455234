//! What a refresh needs written down, and by when.

use gatewright_model::grant::Abandonment;
use gatewright_model::run::TokenSummary;
use gatewright_protocol::Secret;
use gatewright_protocol::token::Rotation;
use jiff::Timestamp;

use crate::ports::PortFuture;

/// Keeps account of one refresh of one grant, durably: what it says is done is on the disk.
///
/// [`RotationLedger::begin`] comes before the request, then exactly one of the two others. When neither comes, the program ended in
/// between, and the grant is doubtful.
pub trait RotationLedger: Send + Sync {
    /// Writes down that the refresh token is about to be sent, and takes the grant for this attempt. Only after `Ok` it is sent.
    fn begin(&self) -> PortFuture<'_, Result<(), BeginRefusal>>;

    /// Stores the new tokens in the place of the old ones. Only after `Ok` they are handed out as stored.
    fn commit<'a>(&'a self, renewed: &'a RenewedTokens) -> PortFuture<'a, Result<(), NotStored>>;

    /// Writes down how a refresh ended that brought no tokens.
    fn abandon(&self, how: Abandonment) -> PortFuture<'_, Result<(), NotStored>>;
}

/// Why a refresh token must not be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BeginRefusal {
    /// Another refresh of this grant is under way: wait for it, then look again.
    #[error("another refresh of these tokens is under way")]
    UnderWay,
    /// The refresh token was sent before, and nobody knows what became of it: a person has to decide.
    #[error("this refresh token was sent before, and its answer never came")]
    Ambiguous,
    /// The grant is lost or ended.
    #[error("these tokens cannot be refreshed any more")]
    NotLive,
    /// There are newer tokens.
    #[error("there are newer tokens by now")]
    Superseded,
    /// It could not be written down.
    #[error("it could not be written down: {0}")]
    NotWritten(String),
}

/// Something could not be stored; why, in a few words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotStored(pub String);

/// New tokens, judged and to be stored before anything is done with them.
#[derive(Clone, Debug)]
pub struct RenewedTokens {
    /// The new access token.
    pub access_token: Secret,
    /// The refresh token to keep from now on: a new one, or the one that was sent (RFC 6749 §6).
    pub refresh_token: Secret,
    /// What became of the refresh token that was sent.
    pub rotation: Rotation,
    /// The new ID token, when one came and was verified.
    pub id_token: Option<Secret>,
    /// What the tokens are, without their values.
    pub summary: TokenSummary,
    /// The scopes of the new access token.
    pub scopes: Vec<String>,
    /// When the access token expires, as far as the server said.
    pub access_expires_at: Option<Timestamp>,
    /// When the refresh token expires, as far as the server said.
    pub refresh_expires_at: Option<Timestamp>,
    /// When the answer came.
    pub at: Timestamp,
}
