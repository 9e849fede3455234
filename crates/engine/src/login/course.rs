//! The course of one login: its steps as they begin and end, the secrets it has met, and the time it took.

use std::time::Duration;

use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::run::{Ending, Identity, Step, StepKind, StepStatus, TokenSummary};
use gatewright_protocol::Secret;
use gatewright_protocol::http::{HttpRequest, HttpResponse};

use super::{LoginError, LoginPlan, TokenKind, ending};
use crate::finding;
use crate::ports::SendError;
use crate::progress::{Event, Progress};
use crate::step::OpenStep;
use crate::wire::{Unanswered, Wire};

/// Why a login goes no further.
pub(super) enum Stop {
    /// It ended, with an outcome to show.
    Ended(Ending),
    /// We could not do our job.
    Failed(LoginError),
}

impl<E: Into<LoginError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// The course of one login.
pub(super) struct Course<'a> {
    pub(super) plan: &'a LoginPlan,
    pub(super) wire: Wire<'a>,
    pub(super) progress: &'a Progress,
    pub(super) steps: Vec<Step>,
    pub(super) person: Duration,
    pub(super) tokens: Option<TokenSummary>,
    pub(super) to_seal: Vec<(TokenKind, Secret)>,
    /// Who logged in, once that is known.
    pub(super) identity: Option<Identity>,
    /// Whether the keys were fetched anew for this login: that is done once.
    pub(super) has_refetched: bool,
}

impl Course<'_> {
    /// Begins a step and tells so. The token request waits until that is recorded: see [`crate::progress::Report::is_awaited`].
    pub(super) async fn begin(&self, kind: StepKind) -> Result<OpenStep, Stop> {
        let event = Event::StepStarted(kind);
        if kind == StepKind::TokenRequest {
            self.progress.record(event).await?;
        } else {
            self.progress.tell(event).await?;
        }
        Ok(OpenStep::begin(kind, &*self.wire.ports.clock))
    }

    /// Ends a step well; with findings it is a warning.
    pub(super) async fn pass(&mut self, step: OpenStep, sentence: &str) -> Result<(), Stop> {
        let status = if step.is_clean() { StepStatus::Passed } else { StepStatus::Warned };
        self.finish(step, status, sentence).await
    }

    /// Ends a step and with it the login. A server's words may repeat a secret: they are looked through before anybody sees them.
    pub(super) async fn fail(&mut self, step: OpenStep, ending: Ending) -> Stop {
        let ending = Ending {
            reason: ending.reason,
            sentence: self.wire.secrets.plain(&ending.sentence),
            next: self.wire.secrets.plain(&ending.next),
        };
        match self.finish(step, StepStatus::Failed, &ending.sentence).await {
            Ok(()) => Stop::Ended(ending),
            Err(failed) => failed,
        }
    }

    async fn finish(&mut self, step: OpenStep, status: StepStatus, sentence: &str) -> Result<(), Stop> {
        let (step, took) = step.end(status, sentence, &*self.wire.ports.clock, &self.wire.secrets);
        if step.waited_for_person {
            self.person += took;
        }
        self.steps.push(step.clone());
        self.progress.tell(Event::StepFinished(step)).await?;
        Ok(())
    }

    /// Lets go of the tokens: who came with an ID token that is not to be believed may have put them in as well (OpenID Connect Core
    /// §3.1.3.5).
    pub(super) fn keep_no_token(&mut self) {
        self.to_seal.clear();
        if let Some(tokens) = &mut self.tokens {
            tokens.issued.clear();
        }
    }

    /// Sends a request once and records what came of it. Being stopped ends the login here, a failure as `failed` says.
    pub(super) async fn send(
        &mut self,
        step: &mut OpenStep,
        purpose: ExchangePurpose,
        request: &HttpRequest,
        failed: fn(&SendError, &LoginPlan) -> Ending,
    ) -> Result<HttpResponse, Ending> {
        self.wire.send(step, purpose, request).await.map_err(|unanswered| match unanswered {
            Unanswered::Stopped => ending::stopped(step.kind(), self.plan),
            Unanswered::Failed(error) => {
                step.finding(finding::unreachable(&error));
                failed(&error, self.plan)
            }
        })
    }
}
