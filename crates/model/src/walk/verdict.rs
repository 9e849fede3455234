//! Verdicts: what was found out about a scenario.

use serde::{Deserialize, Serialize};

/// What was found out about a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// It went as it should.
    Pass,
    /// It went as it should, and something was odd.
    Warn,
    /// It went otherwise.
    Fail,
    /// It cannot be told.
    Inconclusive {
        /// Why, in one sentence.
        reason: String,
    },
    /// The provider has no such thing.
    NotApplicable {
        /// Why, in one sentence.
        reason: String,
    },
    /// The person left it out.
    Skipped {
        /// Why, in the person's words.
        reason: String,
    },
}

/// A verdict in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictWord {
    /// It went as it should.
    Pass,
    /// It went as it should, and something was odd.
    Warn,
    /// It went otherwise.
    Fail,
    /// It cannot be told.
    Inconclusive,
    /// The provider has no such thing.
    NotApplicable,
    /// The person left it out.
    Skipped,
}

impl Verdict {
    /// In one word.
    pub const fn word(&self) -> VerdictWord {
        match self {
            Self::Pass => VerdictWord::Pass,
            Self::Warn => VerdictWord::Warn,
            Self::Fail => VerdictWord::Fail,
            Self::Inconclusive { .. } => VerdictWord::Inconclusive,
            Self::NotApplicable { .. } => VerdictWord::NotApplicable,
            Self::Skipped { .. } => VerdictWord::Skipped,
        }
    }

    /// Why, where the verdict alone does not say it.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Pass | Self::Warn | Self::Fail => None,
            Self::Inconclusive { reason } | Self::NotApplicable { reason } | Self::Skipped { reason } => Some(reason),
        }
    }
}

/// What the machine found out about a scenario, and by what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineVerdict {
    /// The verdict.
    pub verdict: Verdict,
    /// What happened, in one sentence.
    pub sentence: String,
    /// What was compared, one by one.
    pub comparisons: Vec<Comparison>,
}

/// One thing that was expected, beside what was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// What it is about, in a few words: "Ending", "Identity of the second login".
    pub about: String,
    /// What should have been.
    pub expected: String,
    /// What was.
    pub received: String,
    /// Pass, warn, fail or inconclusive.
    pub verdict: VerdictWord,
}

impl MachineVerdict {
    /// A scenario that the provider has no such thing for.
    pub fn not_applicable(reason: &str) -> Self {
        Self::without_comparison(Verdict::NotApplicable { reason: reason.to_owned() })
    }

    /// A scenario that the person leaves out.
    pub fn skipped(reason: &str) -> Self {
        Self::without_comparison(Verdict::Skipped { reason: reason.to_owned() })
    }

    /// A scenario of which nothing can be said.
    pub fn inconclusive(reason: impl Into<String>) -> Self {
        Self::without_comparison(Verdict::Inconclusive { reason: reason.into() })
    }

    fn without_comparison(verdict: Verdict) -> Self {
        Self { sentence: verdict.reason().unwrap_or_default().to_owned(), verdict, comparisons: Vec::new() }
    }

    /// What follows from the comparisons: one failure is a failure, and what cannot be told makes the whole untold.
    pub(super) fn from(comparisons: Vec<Comparison>) -> Self {
        let worst = |verdict| comparisons.iter().find(|one| one.verdict == verdict);
        let differing = |one: &Comparison| match one.about.strip_suffix('?') {
            Some(question) => format!("{question}? Expected {}, received {}.", one.expected, one.received),
            None => format!("{}: expected {}, received {}.", one.about, one.expected, one.received),
        };
        let (verdict, sentence) = if let Some(failed) = worst(VerdictWord::Fail) {
            (Verdict::Fail, differing(failed))
        } else if let Some(unknown) = worst(VerdictWord::Inconclusive) {
            let reason = format!("{}: {}.", unknown.about, unknown.received);
            (Verdict::Inconclusive { reason: reason.clone() }, reason)
        } else if let Some(odd) = worst(VerdictWord::Warn) {
            (Verdict::Warn, differing(odd))
        } else {
            let received = comparisons.first().map_or("nothing was compared", |one| one.received.as_str());
            (Verdict::Pass, format!("As expected: {received}."))
        };
        Self { verdict, sentence, comparisons }
    }
}
