//! A Grant: what a person granted in one login and what became of it, as long as it can be refreshed.
//!
//! A server that rotates refresh tokens accepts each of them once. A refresh whose answer was lost leaves a refresh token that may or may
//! not be used up, and sending it again may cost the whole grant (RFC 9700 §4.14.2). So the intent to send is written down before, and a
//! grant whose intent was never settled is [`GrantState::Ambiguous`] until a person decides.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AttemptId, ClientRecordId, GrantId, RunId};

/// What a person granted in one login, with tokens that can be refreshed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The login it came from. It goes with that run.
    pub run: RunId,
    /// The client it was given to; the record may be gone by now.
    pub client: ClientRecordId,
    /// Where it stands.
    pub state: GrantState,
    /// The version of its tokens that is current: 1 for those of the login.
    pub version: u32,
    /// When the current access token expires, as far as the server said.
    pub access_expires_at: Option<Timestamp>,
    /// When the current refresh token expires, as far as the server said.
    pub refresh_expires_at: Option<Timestamp>,
    /// When it began.
    pub created_at: Timestamp,
    /// When its tokens were last refreshed.
    pub refreshed_at: Option<Timestamp>,
}

/// Where a grant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantState {
    /// Its current refresh token can be used.
    Live,
    /// Its current refresh token was sent, and nobody knows whether the server has used it up. Nothing is refreshed before a person
    /// decides.
    Ambiguous,
    /// The server refuses its refresh token: only a new login helps.
    Lost,
    /// It was revoked, or the person was logged out.
    Ended,
}

/// Where a version of a grant's tokens stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenVersionState {
    /// The newest.
    Current,
    /// A newer one took its place. Its tokens are kept for a while, in case the newer ones turn out not to work.
    Superseded,
}

/// One set of tokens a grant has had, without the tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenVersion {
    /// 1 for the tokens of the login.
    pub version: u32,
    /// Where it stands.
    pub state: TokenVersionState,
    /// When it was stored.
    pub created_at: Timestamp,
    /// When a newer one took its place.
    pub superseded_at: Option<Timestamp>,
}

/// A refresh token is about to be sent. Written down and on the disk before it is, removed with the transaction that stores what came
/// back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RotationIntent {
    /// Whose refresh token.
    pub grant: GrantId,
    /// Of which version of its tokens.
    pub version: u32,
    /// The vault's keyed fingerprint of that refresh token.
    pub fingerprint: String,
    /// The attempt that sends it, once.
    pub attempt: AttemptId,
    /// The start of Gatewright in which it is sent: one that is gone will never settle it.
    pub instance: String,
    /// When it was written down.
    pub started_at: Timestamp,
}

/// Whether a person has been told what another try with an ambiguous refresh token may cost, and wants it all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Nobody was asked: only a grant that is live is refreshed.
    NotAsked,
    /// The person wants this one try.
    Given,
}

/// How a refresh ended that brought no tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abandonment {
    /// The server refused the refresh token itself: `invalid_grant` (RFC 6749 §5.2).
    TokenRefused,
    /// The refresh token is as good as before: nothing was sent, or the server refused the request before it looked at the token.
    TokenUntouched,
    /// Something was sent, and no answer came that settles it.
    OutcomeUnknown,
}
