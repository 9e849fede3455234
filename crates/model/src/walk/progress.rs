//! How a walk stands: what has been walked, what comes next, and whom it waits for.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::verdict::{MachineVerdict, VerdictWord};
use super::{Plan, Scenario};
use crate::run::Browser;
use crate::{ClientRecordId, Environment, ProviderId, RunId, TestUserId, WalkId};

/// The person's answers by the questions' ids: yes is true.
pub type Answers = BTreeMap<String, bool>;

/// One execution of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// Its id.
    pub id: WalkId,
    /// The plan as it was when the walk started.
    pub plan: Plan,
    /// The client; the record may be gone by now.
    pub client: ClientRecordId,
    /// The client's name at the time.
    pub client_name: String,
    /// The provider.
    pub provider: ProviderId,
    /// Which server of the provider.
    pub environment: Environment,
    /// The test user who walks.
    pub test_user: Option<TestUserId>,
    /// The test user to sign in as where a wrong account is asked for.
    pub other_test_user: Option<TestUserId>,
    /// The browser, where a scenario asks for no other.
    pub browser: Browser,
    /// When it was started.
    pub started_at: Timestamp,
    /// When the last verdict came.
    pub ended_at: Option<Timestamp>,
    /// Whether it goes on.
    pub status: WalkStatus,
    /// How far each scenario is; one for each of the plan's, in its order.
    pub progress: Vec<ScenarioProgress>,
}

/// Whether a walk goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkStatus {
    /// It goes on.
    GoingOn,
    /// It was put aside.
    Paused,
    /// Every scenario has a verdict.
    Ended,
}

/// How far a scenario is.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioProgress {
    /// Which scenario of the plan.
    pub scenario: String,
    /// How it stands.
    pub stage: Stage,
    /// Its logins, in the order they were started.
    pub runs: Vec<ScenarioRun>,
    /// What the machine found out.
    pub machine: Option<MachineVerdict>,
    /// What the person found.
    pub person: Option<PersonVerdict>,
    /// The person's notes.
    pub notes: String,
    /// The answers so far.
    pub answers: Answers,
    /// When it was begun, the last time if it was walked again.
    pub started_at: Option<Timestamp>,
    /// When the machine's verdict came.
    pub ended_at: Option<Timestamp>,
}

/// How a scenario of a walk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not begun.
    Open,
    /// Its logins go on.
    GoingOn,
    /// Its logins are over, and questions are open.
    Asking,
    /// It has the machine's verdict.
    Done,
}

/// A login of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioRun {
    /// The run.
    pub run: RunId,
    /// Its part.
    pub part: Part,
}

/// The part a login has in its scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The login before the one that counts.
    Before,
    /// The only one that counts.
    Only,
    /// The first of two that are open at once.
    First,
    /// The second of two that are open at once.
    Second,
}

/// What the person found. It stands beside the machine's verdict and never in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonVerdict {
    /// In a word.
    pub verdict: VerdictWord,
    /// When they said so.
    pub at: Timestamp,
}

/// Whom something waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitsFor {
    /// The person in front of the window.
    Person,
    /// Gatewright or the provider.
    Machine,
    /// Nobody.
    Nobody,
}

/// Where the logins of a scenario are, as far as it matters for whom it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// A login is on the provider's pages.
    OnPages,
    /// The callback is held back.
    HoldingCode,
    /// What was granted is being revoked, or a request is under way.
    AtWork,
}

impl Walk {
    /// The scenario that is going on or comes next; none when all are done.
    pub fn current(&self) -> Option<&ScenarioProgress> {
        let going_on = self.progress.iter().find(|one| one.stage == Stage::GoingOn);
        going_on.or_else(|| self.progress.iter().find(|one| one.stage != Stage::Done))
    }

    /// How far a scenario is.
    pub fn progress_of(&self, scenario: &str) -> Option<&ScenarioProgress> {
        self.progress.iter().find(|one| one.scenario == scenario)
    }

    /// What a scenario asks for.
    pub fn scenario(&self, id: &str) -> Option<&Scenario> {
        self.plan.scenarios.iter().find(|scenario| scenario.id == id)
    }

    /// Whether every scenario has the machine's verdict.
    pub fn is_complete(&self) -> bool {
        self.progress.iter().all(|one| one.stage == Stage::Done)
    }

    /// Whom a scenario waits for, and for what. `at` says where its logins are, while they go on.
    pub fn waits_for(&self, progress: &ScenarioProgress, at: Option<Waiting>, instruction: &str) -> (WaitsFor, String) {
        let is_current = self.current().is_some_and(|current| current.scenario == progress.scenario);
        let title = self.scenario(&progress.scenario).map_or("", |scenario| scenario.title.as_str());
        match progress.stage {
            Stage::Done => (WaitsFor::Nobody, "It has its verdict.".to_owned()),
            _ if self.status == WalkStatus::Paused && is_current => {
                (WaitsFor::Nobody, format!("The walk is paused before “{title}”."))
            }
            Stage::Open if is_current => (WaitsFor::Person, format!("Start “{title}” when you are ready.")),
            Stage::Open => (WaitsFor::Nobody, "It comes later.".to_owned()),
            Stage::Asking => (WaitsFor::Person, "Say what you saw: Gatewright cannot.".to_owned()),
            Stage::GoingOn => match at {
                Some(Waiting::OnPages) => (WaitsFor::Person, instruction.to_owned()),
                Some(Waiting::HoldingCode) => {
                    (WaitsFor::Machine, "Gatewright holds the code back until it has expired.".to_owned())
                }
                Some(Waiting::AtWork) | None => (WaitsFor::Machine, "Gatewright is at work.".to_owned()),
            },
        }
    }
}

impl ScenarioProgress {
    /// A scenario that nobody has begun.
    pub const fn open(scenario: String) -> Self {
        Self {
            scenario,
            stage: Stage::Open,
            runs: Vec::new(),
            machine: None,
            person: None,
            notes: String::new(),
            answers: Answers::new(),
            started_at: None,
            ended_at: None,
        }
    }

    /// A scenario of a walk that begins: what does not apply has its verdict at once, and what is not wanted is skipped.
    pub fn beginning(scenario: &Scenario, is_wanted: bool, now: Timestamp) -> Self {
        let verdict = match &scenario.not_applicable {
            Some(reason) => Some(MachineVerdict::not_applicable(reason)),
            None if !is_wanted => Some(MachineVerdict::skipped("Not chosen for this walk.")),
            None => None,
        };
        let mut progress = Self::open(scenario.id.clone());
        if let Some(verdict) = verdict {
            progress.conclude(verdict, now);
        }
        progress
    }

    /// Gives the scenario the machine's verdict.
    pub fn conclude(&mut self, verdict: MachineVerdict, now: Timestamp) {
        self.stage = Stage::Done;
        self.machine = Some(verdict);
        self.ended_at = Some(now);
    }

    /// Begins the scenario, also again: what an earlier attempt found is gone, its runs stay among the results. Notes are kept.
    pub fn begin(&mut self, now: Timestamp) {
        let notes = std::mem::take(&mut self.notes);
        let scenario = std::mem::take(&mut self.scenario);
        *self = Self { stage: Stage::GoingOn, started_at: Some(now), notes, ..Self::open(scenario) };
    }

    /// Whether it goes on, and was begun at that moment: not put back and begun anew since.
    pub fn goes_on_since(&self, begun: Timestamp) -> bool {
        self.stage == Stage::GoingOn && self.started_at == Some(begun)
    }

    /// Takes back that it was begun, because nothing came of that: it stands as it did earlier. What was noted since is kept.
    pub fn take_back(&mut self, earlier: Self) {
        let notes = std::mem::take(&mut self.notes);
        *self = Self { notes, ..earlier };
    }

    /// Goes back to where it can be begun: its logins were stopped.
    pub fn put_back(&mut self) {
        if self.stage == Stage::GoingOn {
            self.stage = Stage::Open;
            self.started_at = None;
            self.runs.clear();
        }
    }
}
