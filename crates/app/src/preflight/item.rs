//! How one question came out.

use gatewright_contract::preflight::{PreflightFix, PreflightItem, PreflightStanding};
use gatewright_model::client_rules::{Finding, FindingLevel};

use super::Question;

/// How one question came out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) standing: PreflightStanding,
    pub(super) sentence: String,
    pub(super) expected: Option<String>,
    pub(super) received: Option<String>,
    pub(super) fix: Option<PreflightFix>,
    /// Nothing could be sent.
    pub(super) stops: bool,
}

impl Item {
    fn new(standing: PreflightStanding, sentence: impl Into<String>) -> Self {
        Self { standing, sentence: sentence.into(), expected: None, received: None, fix: None, stops: false }
    }

    pub(super) fn waiting() -> Self {
        Self::new(PreflightStanding::Waiting, "The answer is not there yet.")
    }

    pub(super) fn good(sentence: impl Into<String>) -> Self {
        Self::new(PreflightStanding::Good, sentence)
    }

    pub(super) fn warning(sentence: impl Into<String>) -> Self {
        Self::new(PreflightStanding::Warning, sentence)
    }

    pub(super) fn problem(sentence: impl Into<String>) -> Self {
        Self::new(PreflightStanding::Problem, sentence)
    }

    pub(super) fn skipped(sentence: impl Into<String>) -> Self {
        Self::new(PreflightStanding::Skipped, sentence)
    }

    /// What the client's rules found about one thing; the worst first, because only one sentence is shown.
    pub(super) fn of_findings<'a>(found: impl Iterator<Item = &'a Finding>, good: &str, fix: PreflightFix) -> Self {
        let mut found: Vec<_> = found.collect();
        found.sort_by_key(|finding| finding.level != FindingLevel::Error);
        let Some(worst) = found.first() else { return Self::good(good) };
        let sentence = format!("{} {}", worst.message, worst.hint);
        let item = match worst.level {
            FindingLevel::Error => Self::problem(sentence),
            FindingLevel::Warning => Self::warning(sentence),
        };
        item.fix(fix)
    }

    pub(super) fn expecting(mut self, expected: impl Into<String>, received: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self.received = Some(received.into());
        self
    }

    pub(super) fn fix(mut self, fix: PreflightFix) -> Self {
        self.fix = Some(fix);
        self
    }

    pub(super) const fn stops(mut self) -> Self {
        self.stops = true;
        self
    }

    pub(super) fn wire(self, question: Question) -> PreflightItem {
        PreflightItem {
            code: question.code().to_owned(),
            title: question.title().to_owned(),
            standing: self.standing,
            sentence: self.sentence,
            expected: self.expected,
            received: self.received,
            fix: self.fix,
            stops: self.stops,
        }
    }
}
