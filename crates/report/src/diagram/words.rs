//! What is said above every picture of a run.

use gatewright_language::Language;

use super::Subject;
use crate::locale::{date_and_time, duration};
use crate::wording::outcome_words;

/// The first line of a picture: whose login at which provider.
pub(super) fn title(subject: &Subject<'_>, language: Language) -> String {
    language
        .fill("{client} at {provider}", &[("client", &subject.run.client_name), ("provider", subject.provider_name)])
}

/// The second line: when, how long, what became of it.
pub(super) fn facts(subject: &Subject<'_>, language: Language) -> String {
    let started = date_and_time(language, &subject.run.started_at);
    let took = subject.run.duration_ms.map(|ms| format!(" · {}", duration(language, ms.saturating_mul(1000))));
    let outcome = outcome_words(&subject.run.outcome);
    format!("{started} UTC{} · {}", took.unwrap_or_default(), language.says(&outcome))
}
