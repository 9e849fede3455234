//! Consent walks: plans, their scenarios, and walks that are carried out.
//!
//! Their texts are in the language of the window already, and no field is marked as ours: whose words a title or an instruction is depends on
//! the plan, which the sender knows.

mod plan;

use crate::client::Environment;
use crate::run::Browser;
use crate::wire;

pub use self::plan::*;

wire! { "walk.ts";
    /// Whom something waits for.
    #[derive(Copy, Eq)]
    pub enum WaitsFor {
        /// The person in front of the window has to do something.
        Person,
        /// Gatewright or the provider is at work.
        Machine,
        /// Nothing is waited for.
        Nobody,
    }

    /// What was found out about a scenario.
    #[derive(Copy, Eq)]
    pub enum WalkVerdict {
        /// It went as it should.
        Pass,
        /// It went as it should, and something was odd.
        Warn,
        /// It went otherwise.
        Fail,
        /// It cannot be told; a reason says why.
        Inconclusive,
        /// This provider has no such thing; a reason says why.
        NotApplicable,
        /// The person left it out; a reason says why.
        Skipped,
    }

    /// Start a walk.
    pub struct WalkStart {
        /// The plan.
        pub plan: String,
        /// The client's record id.
        pub client: String,
        /// The test user who walks; none when logins have no expected identity.
        pub test_user: Option<String>,
        /// The test user to sign in as where a wrong account is asked for.
        pub other_test_user: Option<String>,
        /// The browser, where a scenario asks for no other.
        pub browser: Browser,
        /// Ids of the scenarios to walk; all when left out. The others are skipped.
        pub scenarios: Option<Vec<String>>,
    }

    /// One walk.
    pub struct WalkRef {
        /// The walk's id.
        pub walk: String,
    }

    /// What the list is asked for.
    pub struct WalkQuery {
        /// Only walks of this client.
        pub client: Option<String>,
        /// Only this provider.
        pub provider: Option<String>,
        /// Only this plan.
        pub plan: Option<String>,
        /// How many rows to skip.
        pub offset: u32,
        /// How many rows to give at most.
        pub limit: u32,
    }

    /// One page of walks, newest first.
    pub struct WalkList {
        /// The rows asked for.
        pub rows: Vec<WalkRow>,
        /// How many rows match.
        pub total: u32,
    }

    /// Whether a walk goes on.
    #[derive(Copy, Eq)]
    pub enum WalkStatus {
        /// It goes on.
        GoingOn,
        /// It was put aside and can be gone on with, also after a restart.
        Paused,
        /// Every scenario has a verdict.
        Ended,
    }

    /// How many scenarios have which verdict.
    #[derive(Copy, Eq, Default)]
    pub struct WalkCounts {
        /// Passed.
        pub pass: u32,
        /// Passed with something odd.
        pub warn: u32,
        /// Failed.
        pub fail: u32,
        /// Cannot be told.
        pub inconclusive: u32,
        /// No such thing at this provider.
        pub not_applicable: u32,
        /// Left out.
        pub skipped: u32,
        /// Without a verdict yet.
        pub open: u32,
    }

    /// One walk in the list.
    pub struct WalkRow {
        /// Its id.
        pub id: String,
        /// The plan's id.
        pub plan: String,
        /// The plan's title at the time.
        pub plan_title: String,
        /// The client's record id; the record may be gone.
        pub client: String,
        /// The client's name at the time.
        pub client_name: String,
        /// The provider's id.
        pub provider: String,
        /// The provider's name.
        pub provider_name: String,
        /// Which server.
        pub environment: Environment,
        /// When it started, RFC 3339.
        pub started_at: String,
        /// When the last verdict came, RFC 3339; none before.
        pub ended_at: Option<String>,
        /// Whether it goes on.
        pub status: WalkStatus,
        /// Whom it waits for right now.
        pub waits_for: WaitsFor,
        /// For what, in one sentence.
        pub waiting: String,
        /// The machine's verdicts, counted.
        pub counts: WalkCounts,
    }

    /// One walk with its scenarios.
    pub struct WalkDetail {
        /// The row.
        pub row: WalkRow,
        /// The test user who walks.
        pub test_user: Option<String>,
        /// The test user to sign in as where a wrong account is asked for.
        pub other_test_user: Option<String>,
        /// The browser, where a scenario asks for no other.
        pub browser: Browser,
        /// The scenario that is next or going on; none when all are done.
        pub current: Option<String>,
        /// Ids of the scenarios that start by themselves, each as soon as the one before has its verdict.
        pub queued: Vec<String>,
        /// The scenarios, in the plan's order.
        pub scenarios: Vec<WalkScenario>,
    }

    /// How a scenario of a walk stands.
    #[derive(Copy, Eq)]
    pub enum ScenarioStatus {
        /// Not begun.
        Open,
        /// Its logins go on.
        GoingOn,
        /// Its logins are over; the person has to answer questions.
        Asking,
        /// It has the machine's verdict.
        Done,
    }

    /// A scenario of a walk: what was asked for, and what came of it.
    pub struct WalkScenario {
        /// What was asked for, as the plan was when the walk started.
        pub scenario: Scenario,
        /// How it stands.
        pub status: ScenarioStatus,
        /// Whom it waits for.
        pub waits_for: WaitsFor,
        /// For what, in one sentence: "Approve on the provider's page.", "The code is held until it has expired."
        pub waiting: String,
        /// When the machine goes on by itself, RFC 3339; there while a code is held. `login_cancel` of the run that waits ends it early.
        pub waits_until: Option<String>,
        /// Its logins, in the order they were started; ordinary runs.
        pub runs: Vec<ScenarioRun>,
        /// What the machine found out; none before the logins have ended.
        pub machine: Option<MachineVerdict>,
        /// What the person found, beside it; none when they have said nothing.
        pub person: Option<PersonVerdict>,
        /// The person's notes.
        pub notes: String,
        /// The answers given so far.
        pub answers: Vec<WalkAnswer>,
        /// When it was begun, RFC 3339.
        pub started_at: Option<String>,
        /// When the machine's verdict came, RFC 3339.
        pub ended_at: Option<String>,
    }

    /// A login of a scenario.
    pub struct ScenarioRun {
        /// The run's id.
        pub run: String,
        /// Its part: "The login before", "The login", "The second login".
        pub part: String,
        /// How it ended, in a few words; "Going on".
        pub outcome_text: String,
        /// Whether the run is still recorded; it may have been deleted.
        pub recorded: bool,
    }

    /// What the machine found out.
    pub struct MachineVerdict {
        /// In one word.
        pub verdict: WalkVerdict,
        /// In one sentence; for the last three verdicts the reason.
        pub sentence: String,
        /// What was compared, one by one.
        pub comparisons: Vec<WalkComparison>,
    }

    /// One thing that was expected, beside what came.
    pub struct WalkComparison {
        /// What it is about: "Ending", "Identity".
        pub about: String,
        /// What should have been.
        pub expected: String,
        /// What was.
        pub received: String,
        /// `pass`, `warn`, `fail` or `inconclusive`.
        pub verdict: WalkVerdict,
    }

    /// What the person found.
    pub struct PersonVerdict {
        /// In one word.
        pub verdict: WalkVerdict,
        /// When they said so, RFC 3339.
        pub at: String,
    }

    /// An answer of the person.
    pub struct WalkAnswer {
        /// The question's id.
        pub question: String,
        /// Yes or no.
        pub yes: bool,
    }

    /// A scenario of a walk.
    pub struct WalkScenarioRef {
        /// The walk.
        pub walk: String,
        /// The scenario's id.
        pub scenario: String,
    }

    /// Scenarios to walk one after the other.
    pub struct WalkScenariosStart {
        /// The walk.
        pub walk: String,
        /// The scenarios' ids, in the order in which they start; every one that nobody has begun when left out.
        pub scenarios: Option<Vec<String>>,
    }

    /// What the person says about a scenario. The machine's verdict stays beside it.
    pub struct WalkJudge {
        /// The walk.
        pub walk: String,
        /// The scenario's id.
        pub scenario: String,
        /// The person's verdict: pass, warn, fail, inconclusive or not-applicable; none takes an earlier one back.
        pub verdict: Option<WalkVerdict>,
        /// The person's notes, in place of the earlier ones.
        pub notes: String,
        /// Answers to the scenario's questions, in place of earlier ones to the same.
        pub answers: Vec<WalkAnswer>,
    }

    /// A scenario is to be left out.
    pub struct WalkSkip {
        /// The walk.
        pub walk: String,
        /// The scenario's id.
        pub scenario: String,
        /// Why, in the person's words.
        pub reason: String,
    }

    /// Which walk a run belongs to.
    pub struct RunWalk {
        /// The scenario of the walk; none when the run was started by itself.
        pub part_of: Option<RunWalkScenario>,
    }

    /// The scenario of a walk that started a run.
    pub struct RunWalkScenario {
        /// The walk.
        pub walk: String,
        /// The plan's title.
        pub plan_title: String,
        /// The scenario's id.
        pub scenario: String,
        /// The scenario's title.
        pub title: String,
    }
}
