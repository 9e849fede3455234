//! A step that is going on.

use std::time::Duration;

use gatewright_model::Redacted;
use gatewright_model::exchange::{Exchange, Piece};
use gatewright_model::run::{Finding, Step, StepKind, StepStatus};

use crate::known_secrets::KnownSecrets;
use crate::ports::Clock;

/// A step that has begun, with what it has met so far.
pub(crate) struct OpenStep {
    step: Step,
    since: Duration,
}

impl OpenStep {
    pub(crate) fn begin(kind: StepKind, clock: &dyn Clock) -> Self {
        let step = Step {
            kind,
            status: StepStatus::Running,
            sentence: String::new(),
            duration_us: None,
            waited_for_person: matches!(kind, StepKind::Pages | StepKind::Logout),
            findings: Vec::new(),
            exchanges: Vec::new(),
            pages: Vec::new(),
        };
        Self { step, since: clock.elapsed() }
    }

    pub(crate) const fn kind(&self) -> StepKind {
        self.step.kind
    }

    pub(crate) fn exchange(&mut self, exchange: Exchange) {
        self.step.exchanges.push(exchange);
    }

    pub(crate) fn finding(&mut self, finding: Finding) {
        self.step.findings.push(finding);
    }

    pub(crate) fn findings(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.step.findings.extend(findings);
    }

    pub(crate) fn page(&mut self, page: String) {
        if self.step.pages.last() != Some(&page) {
            self.step.pages.push(page);
        }
    }

    pub(crate) fn pages(&self) -> usize {
        self.step.pages.len()
    }

    /// Whether anything was off so far.
    pub(crate) fn is_clean(&self) -> bool {
        self.step.findings.is_empty()
    }

    /// The step as it is recorded, with the time it took. A server's words may repeat a secret, and so may the paths of its pages: they
    /// are looked through before anybody sees them.
    pub(crate) fn end(
        self,
        status: StepStatus,
        sentence: &str,
        clock: &dyn Clock,
        secrets: &KnownSecrets,
    ) -> (Step, Duration) {
        let took = clock.elapsed().saturating_sub(self.since);
        let mut step = self.step;
        step.status = status;
        step.sentence = secrets.plain(sentence);
        for page in &mut step.pages {
            *page = secrets.plain(page);
        }
        step.duration_us = Some(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        for finding in &mut step.findings {
            debug_assert!(crate::codes::is_known(&finding.code), "{} is in no list of codes", finding.code);
            look_through(finding, secrets);
        }
        tracing::info!(step = ?step.kind, status = ?step.status, findings = step.findings.len(), "a step ended");
        (step, took)
    }
}

fn look_through(finding: &mut Finding, secrets: &KnownSecrets) {
    for side in [&mut finding.expected, &mut finding.received] {
        let mut clean = Redacted::default();
        for piece in std::mem::take(&mut side.0) {
            match piece {
                Piece::Text(text) => clean.0.extend(secrets.redact(&text).0),
                reference @ Piece::Reference(_) => clean.0.push(reference),
            }
        }
        *side = clean;
    }
}
