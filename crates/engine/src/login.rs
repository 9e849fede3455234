//! Logins: what one needs, how it is walked, and how it ends.

mod code;
mod course;
mod discover;
pub mod ending;
mod identify;
mod judge;
mod judge_id_token;
mod look;
mod plan;
mod redeem;
pub(crate) mod rules;
mod token_findings;
mod visit;

use std::time::Duration;

use gatewright_model::Outcome;
use gatewright_model::run::{Identity, Step, TokenSummary};
use gatewright_protocol::Secret;

pub use code::log_in;
pub use look::{Look, LookError, look};
pub use plan::{ExpectedPerson, LoginPlan, TIME_LIMIT};

pub use crate::registered::{ClientSecret, PlanError};

use crate::ports::NoEntropy;
use crate::progress::NotRecorded;

/// Which token of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// For the provider's API.
    Access,
    /// For new access tokens (RFC 6749 §6).
    Refresh,
    /// Who logged in, signed (OpenID Connect Core §2).
    Id,
}

impl TokenKind {
    /// The name the token has in a token response.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access_token",
            Self::Refresh => "refresh_token",
            Self::Id => "id_token",
        }
    }
}

/// A login that came to an end, well or not.
#[derive(Debug)]
pub struct LoginEnd {
    /// How it ended; never [`Outcome::Running`].
    pub outcome: Outcome,
    /// Who logged in; none where the provider has no identity to give. Also there when it was the wrong person.
    pub identity: Option<Identity>,
    /// What the tokens are; there even where the identity could not be read.
    pub tokens: Option<TokenSummary>,
    /// The tokens themselves, to be sealed at once; none when the judgement of the ID token ended the login.
    pub to_seal: Vec<(TokenKind, Secret)>,
    /// Every step, as reported on the way.
    pub steps: Vec<Step>,
    /// How long it took.
    pub duration: Duration,
    /// Of which waiting for the person.
    pub person: Duration,
}

/// Why *we* could not do a login. A provider that refuses is no error: see [`LoginEnd::outcome`].
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The plan cannot be carried out.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// No random numbers.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// The run could not be recorded.
    #[error(transparent)]
    Recording(#[from] NotRecorded),
}
