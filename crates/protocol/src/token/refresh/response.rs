//! Judging the answer to a refresh request.

use crate::Secret;
use crate::answer::{AnswerDefect, Refusal};
use crate::http::HttpResponse;
use crate::token::{IssuedTokens, SuccessRule, TokenResponse, TokenRules};

/// What was held when the refresh was asked for.
#[derive(Clone, Debug)]
pub struct Before {
    /// The refresh token that was sent.
    pub refresh_token: Secret,
    /// The scopes of the grant.
    pub scopes: Vec<String>,
    /// What this provider writes between scopes, a space by RFC 6749 §3.3.
    pub scope_separator: char,
}

/// The answer to a refresh request, judged.
#[derive(Clone, Debug)]
pub enum RefreshResponse {
    /// New tokens. They are to be stored before the access token is used.
    Renewed(Renewed),
    /// The server said no.
    Refused(Refusal),
    /// It cannot be used. The server may have taken the refresh token all the same: whether it is still good is unknown, and it must
    /// not be sent again by itself.
    Malformed(AnswerDefect),
}

/// New tokens, and what became of the old ones.
#[derive(Clone, Debug)]
pub struct Renewed {
    /// The tokens as issued.
    pub tokens: IssuedTokens,
    /// The refresh token to keep from now on.
    pub refresh_token: Secret,
    /// Whether it is another one.
    pub rotation: Rotation,
    /// The scopes of the new access token.
    pub scopes: Vec<String>,
    /// Those of them that the grant did not have, which RFC 6749 §6 forbids.
    pub wider: Vec<String>,
}

/// What a server does with the refresh token when it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It issued another one; the old one is spent.
    Rotated,
    /// It issued the same one again.
    Same,
    /// It issued none; the old one stays good (RFC 6749 §6).
    NotReturned,
}

impl RefreshResponse {
    /// Judges an answer. Total: every response has a judgement.
    pub fn read(response: &HttpResponse, rules: &TokenRules, before: &Before) -> Self {
        // A refresh has an access token for its result, also where a login's answer is the identity itself.
        let success = match &rules.success {
            SuccessRule::Present(_) => SuccessRule::AccessToken,
            other => other.clone(),
        };
        match TokenResponse::read(response, &TokenRules { success, errors: rules.errors }) {
            TokenResponse::Issued(tokens) => Self::Renewed(Renewed::of(tokens, before)),
            TokenResponse::Identity(..) => Self::Malformed(AnswerDefect::NoAccessToken),
            TokenResponse::Refused(refusal) => Self::Refused(refusal),
            TokenResponse::Malformed(defect) => Self::Malformed(defect),
        }
    }

    /// Whether the server said for certain that this refresh token is good no more: only a new login helps.
    pub fn ends_the_grant(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.error.error.as_deref() == Some("invalid_grant"))
    }
}

impl Renewed {
    fn of(tokens: IssuedTokens, before: &Before) -> Self {
        let (refresh_token, rotation) = match &tokens.refresh_token {
            None => (before.refresh_token.clone(), Rotation::NotReturned),
            Some(same) if before.refresh_token.matches(same.expose()) => (same.clone(), Rotation::Same),
            Some(other) => (other.clone(), Rotation::Rotated),
        };
        let scopes = tokens.granted_scopes(before.scope_separator, &before.scopes);
        let wider = scopes.iter().filter(|name| !before.scopes.contains(name)).cloned().collect();
        Self { tokens, refresh_token, rotation, scopes, wider }
    }
}
