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

use std::time::Duration;

use gatewright_model::Step;
use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::run::{StepKind, StepStatus};
use gatewright_protocol::http::{HttpRequest, HttpResponse};
use gatewright_protocol::revocation::TokenTypeHint;
use tokio_util::sync::CancellationToken;

pub use introspect::{IntrospectionOutcome, introspect};
pub use log_out::{LogoutOutcome, log_out};
pub use plan::{GrantPlan, LogoutPlan, RefreshPlan};
pub use refresh::{BETWEEN_REFRESHES, BeginRefusal, NotStored, RefreshOutcome, RenewedTokens, RotationLedger, refresh};
pub use revoke::{RevocationOutcome, revoke};
pub use userinfo::{UserinfoOutcome, userinfo};

use crate::finding;
use crate::login::TokenKind;
use crate::ports::{NoEntropy, Ports};
use crate::registered::{PlanError, Registered};
use crate::step::OpenStep;
use crate::wire::{Unanswered, Wire};

/// An operation that came to an end, well or not.
#[derive(Clone, Debug)]
pub struct GrantEnd<T> {
    /// What came of it.
    pub outcome: T,
    /// The step as it is recorded: exchanges, findings, one sentence.
    pub step: Step,
    /// How long it took.
    pub duration: Duration,
}

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

/// An operation that is going on.
struct Errand<'a> {
    client: Registered<'a>,
    wire: Wire<'a>,
    step: OpenStep,
}

impl<'a> Errand<'a> {
    fn begin(
        plan: &'a GrantPlan,
        kind: StepKind,
        ports: &'a Ports,
        cancel: &'a CancellationToken,
    ) -> Result<Self, PlanError> {
        let client = plan.registered();
        client.check(&[])?;
        let mut wire = Wire::new(ports, cancel);
        for (kind, token) in &plan.known {
            wire.secrets.reference_for(reference_kind(*kind), token.expose());
        }
        Ok(Self { client, wire, step: OpenStep::begin(kind, &*ports.clock) })
    }

    /// Sends a request once. What stopped it is told in the step.
    async fn send(&mut self, purpose: ExchangePurpose, request: &HttpRequest) -> Result<HttpResponse, Unanswered> {
        let answer = self.wire.send(&mut self.step, purpose, request).await;
        answer.inspect_err(|unanswered| {
            if let Unanswered::Failed(error) = unanswered {
                self.step.finding(finding::unreachable(error));
            }
        })
    }

    /// Ends well; with findings it is a warning.
    fn pass<T>(self, sentence: &str, outcome: T) -> GrantEnd<T> {
        let status = if self.step.is_clean() { StepStatus::Passed } else { StepStatus::Warned };
        self.end(status, sentence, outcome)
    }

    /// Ends without having done what was wanted.
    fn fail<T>(self, sentence: &str, outcome: T) -> GrantEnd<T> {
        self.end(StepStatus::Failed, sentence, outcome)
    }

    fn end<T>(self, status: StepStatus, sentence: &str, outcome: T) -> GrantEnd<T> {
        let (step, duration) = self.step.end(status, sentence, &*self.wire.ports.clock, &self.wire.secrets);
        GrantEnd { outcome, step, duration }
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

/// Why a request that was sent has no answer, for a sentence.
fn unanswered_words(unanswered: &Unanswered) -> String {
    match unanswered {
        Unanswered::Stopped => "You stopped it before an answer came".to_owned(),
        Unanswered::Failed(error) => format!("No answer came: {error}"),
    }
}
