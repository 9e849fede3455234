//! The course of one login: its steps as they begin and end, the secrets it has met, and the time it took.

use std::time::Duration;

use gatewright_model::exchange::{Exchange, ExchangePurpose};
use gatewright_model::run::{Ending, Finding, Step, StepKind, StepStatus, TokenSummary};
use gatewright_protocol::Secret;
use gatewright_protocol::http::{HttpRequest, HttpResponse};
use tokio_util::sync::CancellationToken;

use super::{LoginError, LoginPlan, TokenKind, ending};
use crate::exchange;
use crate::known_secrets::KnownSecrets;
use crate::ports::{Ports, SendError};
use crate::progress::{Event, Progress};

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
    pub(super) ports: &'a Ports,
    pub(super) progress: &'a Progress,
    pub(super) cancel: &'a CancellationToken,
    pub(super) secrets: KnownSecrets,
    pub(super) steps: Vec<Step>,
    pub(super) person: Duration,
    pub(super) tokens: Option<TokenSummary>,
    pub(super) to_seal: Vec<(TokenKind, Secret)>,
}

/// A step that has begun.
pub(super) struct Begun {
    step: Step,
    since: Duration,
}

impl Begun {
    pub(super) fn exchange(&mut self, exchange: Exchange) {
        self.step.exchanges.push(exchange);
    }

    pub(super) fn finding(&mut self, finding: Finding) {
        self.step.findings.push(finding);
    }

    pub(super) fn findings(&mut self, findings: Vec<Finding>) {
        self.step.findings.extend(findings);
    }

    pub(super) fn page(&mut self, page: String) {
        if self.step.pages.last() != Some(&page) {
            self.step.pages.push(page);
        }
    }

    pub(super) fn pages(&self) -> usize {
        self.step.pages.len()
    }
}

impl Course<'_> {
    /// Begins a step and tells so. The token request waits until that is recorded: see [`crate::progress::Report::is_awaited`].
    pub(super) async fn begin(&self, kind: StepKind) -> Result<Begun, Stop> {
        let event = Event::StepStarted(kind);
        if kind == StepKind::TokenRequest {
            self.progress.record(event).await?;
        } else {
            self.progress.tell(event).await?;
        }
        let step = Step {
            kind,
            status: StepStatus::Running,
            sentence: String::new(),
            duration_us: None,
            waited_for_person: kind == StepKind::Pages,
            findings: Vec::new(),
            exchanges: Vec::new(),
            pages: Vec::new(),
        };
        Ok(Begun { step, since: self.ports.clock.elapsed() })
    }

    /// Ends a step well; with findings it is a warning.
    pub(super) async fn pass(&mut self, begun: Begun, sentence: &str) -> Result<(), Stop> {
        let status = if begun.step.findings.is_empty() { StepStatus::Passed } else { StepStatus::Warned };
        self.finish(begun, status, sentence).await
    }

    /// Ends a step and with it the login. A server's words may repeat a secret: they are looked through before anybody sees them.
    pub(super) async fn fail(&mut self, begun: Begun, ending: Ending) -> Stop {
        let ending = Ending {
            reason: ending.reason,
            sentence: self.secrets.plain(&ending.sentence),
            next: self.secrets.plain(&ending.next),
        };
        match self.finish(begun, StepStatus::Failed, &ending.sentence.clone()).await {
            Ok(()) => Stop::Ended(ending),
            Err(stop) => stop,
        }
    }

    async fn finish(&mut self, begun: Begun, status: StepStatus, sentence: &str) -> Result<(), Stop> {
        let took = self.ports.clock.elapsed().saturating_sub(begun.since);
        let mut step = begun.step;
        step.status = status;
        step.sentence = self.secrets.plain(sentence);
        step.duration_us = Some(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        for finding in &mut step.findings {
            self.look_through(finding);
        }
        if step.waited_for_person {
            self.person += took;
        }
        tracing::info!(step = ?step.kind, status = ?step.status, findings = step.findings.len(), "a step of a login ended");
        self.steps.push(step.clone());
        self.progress.tell(Event::StepFinished(step)).await?;
        Ok(())
    }

    /// Sends a request once and records what came of it. Being stopped ends the login here.
    pub(super) async fn send(
        &mut self,
        begun: &mut Begun,
        purpose: ExchangePurpose,
        request: &HttpRequest,
    ) -> Result<Result<HttpResponse, SendError>, Ending> {
        let since = self.ports.clock.elapsed();
        let result = tokio::select! {
            biased;
            () = self.cancel.cancelled() => return Err(ending::stopped(begun.step.kind, self.plan)),
            result = self.ports.transport.send(request) => result,
        };
        let took = self.ports.clock.elapsed().saturating_sub(since);
        begun.exchange(exchange::record(purpose, request, &result, took, &mut self.secrets));
        Ok(result)
    }

    fn look_through(&self, finding: &mut Finding) {
        use gatewright_model::Redacted;
        use gatewright_model::exchange::Piece;
        for side in [&mut finding.expected, &mut finding.received] {
            let mut clean = Redacted::default();
            for piece in std::mem::take(&mut side.0) {
                match piece {
                    Piece::Text(text) => clean.0.extend(self.secrets.redact(&text).0),
                    reference @ Piece::Reference(_) => clean.0.push(reference),
                }
            }
            *side = clean;
        }
    }
}
