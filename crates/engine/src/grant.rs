//! What is done with the tokens of a login that is over: refreshed, revoked, asked about, used, and the person logged out.
//!
//! Each operation is one step with its recorded exchanges and findings, and an outcome. A server that says no is an outcome; `Err` means
//! that *we* could not do our job, and then nothing was sent.

mod introspect;
mod log_out;
mod plan;
mod refresh;
mod revoke;
mod userinfo;

use gatewright_model::run::StepKind;
use gatewright_protocol::revocation::TokenTypeHint;
use tokio_util::sync::CancellationToken;

pub use introspect::{IntrospectionOutcome, introspect};
pub use log_out::{LogoutOutcome, log_out};
pub use plan::{GrantPlan, LogoutPlan, RefreshPlan};
pub use refresh::{BETWEEN_REFRESHES, BeginRefusal, NotStored, RefreshOutcome, RenewedTokens, RotationLedger, refresh};
pub use revoke::{RevocationOutcome, revoke};
pub use userinfo::{LoginSubject, UserinfoOutcome, userinfo};

pub use crate::errand::ErrandEnd as GrantEnd;
use crate::errand::unanswered_words;
use crate::login::TokenKind;
use crate::ports::{NoEntropy, Ports};
use crate::registered::{PlanError, Registered};

/// Why *we* could not do an operation. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// The plan cannot be carried out.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// No random numbers.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
}

/// An operation on the tokens of a client.
type Errand<'a> = crate::errand::Errand<'a, Registered<'a>>;

impl<'a> Errand<'a> {
    fn begin(
        plan: &'a GrantPlan,
        kind: StepKind,
        ports: &'a Ports,
        cancel: &'a CancellationToken,
    ) -> Result<Self, PlanError> {
        let client = plan.registered();
        client.check(&[])?;
        let mut errand = Self::new(client, kind, ports, cancel);
        if let Some(secret) = &plan.client_secret {
            errand.wire.secrets.learn(&secret.value, &secret.reference());
        }
        for (kind, token) in &plan.known {
            errand.wire.secrets.reference_for(reference_kind(*kind), token.expose());
        }
        Ok(errand)
    }
}

/// What a server is told of the kind of a token; it knows of no ID tokens.
const fn hint(kind: TokenKind) -> Option<TokenTypeHint> {
    match kind {
        TokenKind::Access => Some(TokenTypeHint::AccessToken),
        TokenKind::Refresh => Some(TokenTypeHint::RefreshToken),
        TokenKind::Id => None,
    }
}

/// How a token is called in a transcript.
const fn reference_kind(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Access => "token",
        TokenKind::Refresh => "refresh",
        TokenKind::Id => "id_token",
    }
}
