//! How a run ended, in a code, a colour and a few words: those that its reports have.

use gatewright_contract::client::Verdict;
use gatewright_model::Outcome;
pub(crate) use gatewright_report::wording::{outcome_code as code, outcome_words as words};

pub(crate) const fn verdict(outcome: &Outcome) -> Verdict {
    use gatewright_report::Verdict as Reported;
    match Reported::of_outcome(outcome) {
        Reported::Running => Verdict::Running,
        Reported::Passed => Verdict::Passed,
        Reported::Warned => Verdict::Warned,
        // A run comes to none of the others.
        Reported::Failed | Reported::Inconclusive | Reported::Skipped | Reported::NotApplicable => Verdict::Failed,
    }
}
