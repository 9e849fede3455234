//! A report: a cover, then its parts one after another, so that a thousand runs never have to be in memory at once.

use std::io;

use gatewright_model::{Environment, Run, Step};
use jiff::Timestamp;

use crate::wording::{Verdict, outcome_words};

/// What a report is about; known before its first part is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Cover {
    /// Its title, as the person gave it or as it follows from what was chosen.
    pub title: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// What made it.
    pub maker: Maker,
    /// What was walked, when it is about a walk.
    pub walk: Option<WalkCover>,
    /// One line for each part, in order.
    pub contents: Vec<Entry>,
}

/// The program a report was made with, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maker {
    /// Gatewright's version.
    pub version: String,
    /// The operating system and the processor, "Linux, x86_64".
    pub system: String,
}

/// What was walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkCover {
    /// The plan's title.
    pub plan: String,
    /// What the plan is about, in a sentence or two.
    pub about: String,
    /// The client's name.
    pub client: String,
    /// The provider's name.
    pub provider: String,
    /// Which server of it.
    pub environment: Environment,
    /// When it was begun.
    pub started_at: Timestamp,
    /// When the last verdict came; none before.
    pub ended_at: Option<Timestamp>,
    /// The test user who walked; none when logins had no expected identity.
    pub test_user: Option<String>,
}

/// One line of the contents: what a part is and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What tells it from the others: the run's id, or the scenario's id in the plan.
    pub key: String,
    /// What was tried: the client's name, or the scenario's title.
    pub title: String,
    /// How it stands.
    pub verdict: Verdict,
    /// What came of it, in a few words.
    pub words: String,
    /// The provider's name.
    pub provider: String,
    /// Which server of it.
    pub environment: Environment,
    /// When it started, when it has.
    pub started_at: Option<Timestamp>,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<u64>,
}

impl Entry {
    /// The line of a run.
    pub fn of_run(run: &Run, provider: &str) -> Self {
        Self {
            key: run.id.to_string(),
            title: run.client_name.clone(),
            verdict: Verdict::of_outcome(&run.outcome),
            words: outcome_words(&run.outcome),
            provider: provider.to_owned(),
            environment: run.environment,
            started_at: Some(run.started_at),
            duration_ms: run.duration_ms,
        }
    }
}

/// One part of a report.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A run by itself.
    Run(Box<RecordedRun>),
    /// A scenario of a walk.
    Scenario(Box<WalkedScenario>),
}

impl Part {
    /// Its runs, in the order in which they started.
    pub fn runs(&self) -> &[RecordedRun] {
        match self {
            Self::Run(run) => std::slice::from_ref(run),
            Self::Scenario(scenario) => &scenario.runs,
        }
    }

    /// Its line of the contents.
    pub fn entry(&self) -> Entry {
        match self {
            Self::Run(recorded) => Entry::of_run(&recorded.run, &recorded.provider),
            Self::Scenario(scenario) => scenario.entry.clone(),
        }
    }
}

/// One run with everything that was recorded of it.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedRun {
    /// Its part in a scenario: "The login before"; none when it stands by itself.
    pub part: Option<String>,
    /// The run.
    pub run: Run,
    /// The provider's name.
    pub provider: String,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// Pictures of the pages the person saw, in order.
    pub pictures: Vec<Picture>,
}

/// One scenario of a walk: what was asked of the person, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct WalkedScenario {
    /// Its line of the contents; its verdict is the machine's.
    pub entry: Entry,
    /// What the person was told to do.
    pub instruction: String,
    /// What should happen, a sentence each.
    pub expected: Vec<String>,
    /// What did happen, or why nothing did, in one sentence; empty when it was not tried.
    pub sentence: String,
    /// What was compared, one by one.
    pub comparisons: Vec<Comparison>,
    /// What the person was asked afterwards, with the answers that were given.
    pub answers: Vec<Answer>,
    /// What the person found, beside what the machine found; none when they said nothing.
    pub person: Option<Verdict>,
    /// What the person noted.
    pub notes: String,
    /// The logins it took, in the order in which they started.
    pub runs: Vec<RecordedRun>,
}

/// One thing that was expected, beside what came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What it is about: "Ending", "Identity".
    pub about: String,
    /// What should have been.
    pub expected: String,
    /// What was.
    pub received: String,
    /// Whether that is the same.
    pub verdict: Verdict,
}

/// A question to the person, with the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The question, which is answered with yes or no.
    pub question: String,
    /// The answer; none when there is none yet.
    pub yes: Option<bool>,
}

/// A picture of a page, as it was kept as evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What it shows, in a few words: "Page loaded", "The person decided".
    pub caption: String,
    /// The address of the page, without its query.
    pub address: String,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// A PNG file.
    pub png: Vec<u8>,
}

/// What of the recorded goes into a report besides what everybody reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Include {
    /// Every request with its response.
    pub exchanges: bool,
    /// The pictures.
    pub pictures: bool,
}

/// A way to write a report down. It is called once with the cover, then with every part in the order of the contents, then once more.
pub trait Format {
    /// Writes what comes before the first part.
    ///
    /// # Errors
    /// Those of `out`; the same holds for the others.
    fn begin(&mut self, cover: &Cover, out: &mut dyn io::Write) -> io::Result<()>;
    /// Writes a part.
    ///
    /// # Errors
    /// Those of `out`.
    fn part(&mut self, part: &Part, out: &mut dyn io::Write) -> io::Result<()>;
    /// Writes what comes after the last part.
    ///
    /// # Errors
    /// Those of `out`.
    fn end(&mut self, out: &mut dyn io::Write) -> io::Result<()>;
}

/// Writes a report whose parts are all at hand.
///
/// # Errors
/// Those of `out`.
pub fn write(format: &mut dyn Format, cover: &Cover, parts: &[Part], out: &mut dyn io::Write) -> io::Result<()> {
    format.begin(cover, out)?;
    parts.iter().try_for_each(|part| format.part(part, out))?;
    format.end(out)
}
