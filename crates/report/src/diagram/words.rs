//! What is said above every picture of a run.

use gatewright_model::run::StepStatus;

use super::Subject;
use crate::wording::{duration, outcome_words};

/// How a step stands, in the middle of a sentence.
pub(super) const fn status(status: StepStatus) -> &'static str {
    match status {
        StepStatus::Running => "going on",
        StepStatus::Passed => "passed",
        StepStatus::Warned => "with a remark",
        StepStatus::Failed => "failed",
    }
}

/// The first line of a picture: whose login at which provider.
pub(super) fn title(subject: &Subject<'_>) -> String {
    format!("{} at {}", subject.run.client_name, subject.provider_name)
}

/// The second line: when, how long, what became of it.
pub(super) fn facts(subject: &Subject<'_>) -> String {
    let started = subject.run.started_at.strftime("%Y-%m-%d %H:%M:%S UTC");
    let took =
        subject.run.duration_ms.map(|ms| format!(" · {}", duration(ms.saturating_mul(1000)))).unwrap_or_default();
    format!("{started}{took} · {}", outcome_words(&subject.run.outcome))
}
