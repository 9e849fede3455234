//! How a run ended, as it stands in the columns `outcome`, `standing`, `findings`, `sentence` and `next`.

use gatewright_model::run::{EndReason, Ending, Outcome};

use crate::column::{Columns, Word, words};

/// How a run stands, in one word: what a list shows as a colour and filters by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunStanding {
    /// Going on.
    Running,
    /// Logged in.
    Passed,
    /// Logged in, but something was off; or cancelled or denied by the person.
    Warned,
    /// Ended without a login.
    Failed,
}
words!(RunStanding { Running = "running", Passed = "passed", Warned = "warned", Failed = "failed" });

impl RunStanding {
    /// How a run with this outcome stands.
    pub fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Running => Self::Running,
            Outcome::LoggedIn { findings: 0 } => Self::Passed,
            Outcome::LoggedIn { .. } => Self::Warned,
            Outcome::Ended(ending) => match ending.reason {
                EndReason::Denied | EndReason::Cancelled => Self::Warned,
                _ => Self::Failed,
            },
        }
    }
}

/// The word for an outcome: `running`, `logged_in`, or the reason it ended, `denied`, `token_refused` …
pub fn outcome_word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Running => "running",
        Outcome::LoggedIn { .. } => "logged_in",
        Outcome::Ended(ending) => ending.reason.word(),
    }
}

/// How many steps carry a finding.
pub(crate) fn findings(outcome: &Outcome) -> u32 {
    if let Outcome::LoggedIn { findings } = outcome { *findings } else { 0 }
}

/// The ending, when it is not a login.
pub(crate) fn ending(outcome: &Outcome) -> Option<&Ending> {
    if let Outcome::Ended(ending) = outcome { Some(ending) } else { None }
}

/// Reads an outcome from four columns: outcome, findings, sentence, next.
pub(crate) fn outcome_from(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Outcome> {
    let word = columns.word()?;
    let findings = columns.take()?;
    let sentence: Option<String> = columns.take()?;
    let next: Option<String> = columns.take()?;
    Ok(match word {
        Stored::Running => Outcome::Running,
        Stored::LoggedIn => Outcome::LoggedIn { findings },
        Stored::Ended(reason) => {
            Outcome::Ended(Ending { reason, sentence: sentence.unwrap_or_default(), next: next.unwrap_or_default() })
        }
    })
}

/// The column `outcome`.
#[derive(Clone, Copy)]
enum Stored {
    Running,
    LoggedIn,
    Ended(EndReason),
}

impl Word for Stored {
    fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::LoggedIn => "logged_in",
            Self::Ended(reason) => reason.word(),
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        match word {
            "running" => Some(Self::Running),
            "logged_in" => Some(Self::LoggedIn),
            reason => EndReason::from_word(reason).map(Self::Ended),
        }
    }
}
