//! An operation outside a login: one step, with its requests and findings, that ends in an outcome.

use std::future::Future;
use std::time::Duration;

use gatewright_model::Step;
use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::run::{StepKind, StepStatus};
use gatewright_protocol::http::{HttpRequest, HttpResponse};
use tokio_util::sync::CancellationToken;

use crate::finding;
use crate::ports::Ports;
use crate::step::OpenStep;
use crate::wire::{Unanswered, Wire};

/// An operation that came to an end, well or not.
#[derive(Clone, Debug)]
pub struct ErrandEnd<T> {
    /// What came of it.
    pub outcome: T,
    /// The step as it is recorded: exchanges, findings, one sentence.
    pub step: Step,
    /// How long it took.
    pub duration: Duration,
}

/// An operation that is going on, in the name of `client`.
pub(crate) struct Errand<'a, C> {
    pub(crate) client: C,
    pub(crate) wire: Wire<'a>,
    pub(crate) step: OpenStep,
}

impl<'a, C> Errand<'a, C> {
    pub(crate) fn new(client: C, kind: StepKind, ports: &'a Ports, cancel: &'a CancellationToken) -> Self {
        Self { client, wire: Wire::new(ports, cancel), step: OpenStep::begin(kind, &*ports.clock) }
    }

    /// Sends a request once. What stopped it is told in the step.
    pub(crate) async fn send(
        &mut self,
        purpose: ExchangePurpose,
        request: &HttpRequest,
    ) -> Result<HttpResponse, Unanswered> {
        let answer = self.wire.send(&mut self.step, purpose, request).await;
        answer.inspect_err(|unanswered| {
            if let Unanswered::Failed(error) = unanswered {
                self.step.finding(finding::unreachable(error));
            }
        })
    }

    /// Ends well; with findings it is a warning.
    pub(crate) fn pass<T>(self, sentence: &str, outcome: T) -> ErrandEnd<T> {
        let status = if self.step.is_clean() { StepStatus::Passed } else { StepStatus::Warned };
        self.end(status, sentence, outcome)
    }

    /// Ends without having done what was wanted.
    pub(crate) fn fail<T>(self, sentence: &str, outcome: T) -> ErrandEnd<T> {
        self.end(StepStatus::Failed, sentence, outcome)
    }

    pub(crate) fn end<T>(self, status: StepStatus, sentence: &str, outcome: T) -> ErrandEnd<T> {
        let (step, duration) = self.step.end(status, sentence, &*self.wire.ports.clock, &self.wire.secrets);
        ErrandEnd { outcome, step, duration }
    }
}

/// Why a request that was sent has no answer, for a sentence.
pub(crate) fn unanswered_words(unanswered: &Unanswered) -> String {
    match unanswered {
        Unanswered::Stopped => "You stopped it before an answer came".to_owned(),
        Unanswered::Failed(error) => format!("No answer came: {error}"),
    }
}

/// Starts an operation in a task of its own: who drops this future leaves it to end by itself.
pub(crate) fn undropped<T: Send + 'static>(
    operation: impl Future<Output = T> + Send + 'static,
) -> impl Future<Output = T> {
    // Not an async function: that would hold the whole operation once more beside the task.
    let going_on = tokio::spawn(operation);
    async move {
        match going_on.await {
            Ok(end) => end,
            Err(broken) => match broken.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is ending, and with it whoever waits here.
                Err(_) => std::future::pending().await,
            },
        }
    }
}
