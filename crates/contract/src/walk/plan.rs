//! Plans for consent walks, and the scenarios they are made of.

use crate::provider::ProfileProblem;
use crate::run::Browser;
use crate::wire;

wire! { "walk.ts";
    /// One plan.
    pub struct WalkPlanRef {
        /// The plan's id.
        pub plan: String,
    }

    /// Every plan: the ready ones, then the person's own.
    pub struct WalkPlanList {
        /// The plans.
        pub plans: Vec<WalkPlanRow>,
        /// The folder of the person's own plans.
        pub folder: String,
    }

    /// One plan in the list.
    pub struct WalkPlanRow {
        /// Its id.
        pub id: String,
        /// What it is called.
        pub title: String,
        /// What it is about, in a sentence or two.
        pub about: String,
        /// The provider it is for; none when it is for any.
        pub provider: Option<String>,
        /// The provider's name; "Any provider".
        pub provider_name: String,
        /// Whether it comes with Gatewright and cannot be changed.
        pub ready: bool,
        /// How many scenarios it has.
        pub scenarios: u32,
        /// Of which do not apply to its provider.
        pub not_applicable: u32,
        /// The file of a plan of the person's own.
        pub file: Option<String>,
        /// What is wrong with the file; a plan with mistakes cannot be walked.
        pub problems: Vec<ProfileProblem>,
    }

    /// One plan with its scenarios.
    pub struct WalkPlanDetail {
        /// The row.
        pub row: WalkPlanRow,
        /// The scenarios, in order; none when the file cannot be read.
        pub scenarios: Vec<Scenario>,
        /// The plan as TOML.
        pub text: String,
        /// What tells its file from any other state of it, for who changes the text; none for a ready plan.
        pub digest: Option<String>,
        /// How long scenarios of this plan have taken, those that somebody has walked.
        pub durations: Vec<ScenarioDuration>,
    }

    /// How long a scenario has taken, from its start to its verdict.
    pub struct ScenarioDuration {
        /// Its id in the plan.
        pub scenario: String,
        /// The median of its last walks, in seconds.
        pub seconds: u32,
    }

    /// One scripted part of a walk.
    pub struct Scenario {
        /// Its id in the plan.
        pub id: String,
        /// What it is called.
        pub title: String,
        /// What the person does, in one or two sentences.
        pub instruction: String,
        /// What Gatewright does for it by itself; none when nothing.
        pub preparation: Option<String>,
        /// What should happen, a sentence each.
        pub expected: Vec<String>,
        /// What is recorded, a few words each.
        pub recorded: Vec<String>,
        /// The browser it has to be walked in; none when any will do.
        pub browser: Option<Browser>,
        /// How many test users it takes: 1, or 2 where the person signs in as another one than is expected.
        pub test_users: u32,
        /// What the person is asked afterwards, because no machine can see it.
        pub questions: Vec<WalkQuestion>,
        /// Why it does not apply to this provider; none when it does.
        pub not_applicable: Option<String>,
    }

    /// A question with the answers yes and no.
    pub struct WalkQuestion {
        /// Its id in the scenario.
        pub id: String,
        /// The question.
        pub text: String,
        /// The answer that should be given; none when either is fine.
        pub expected: Option<bool>,
    }

    /// The text of a plan, to be judged.
    pub struct WalkPlanText {
        /// The file it takes the place of; none for a new plan.
        pub replaces: Option<WalkPlanRead>,
        /// TOML.
        pub text: String,
    }

    /// The text of a plan, to be kept.
    pub struct WalkPlanSave {
        /// The file it takes the place of; none for a new plan.
        pub replaces: Option<WalkPlanRead>,
        /// TOML.
        pub text: String,
    }

    /// The file of a plan, as it was read.
    pub struct WalkPlanRead {
        /// The plan's id.
        pub plan: String,
        /// `WalkPlanRow.file`: whatever it says by now, it is the file that was read.
        pub file: String,
        /// `WalkPlanDetail.digest`.
        pub digest: String,
    }

    /// A plan is to be copied into the folder of the person's own.
    pub struct WalkPlanDuplicate {
        /// The plan.
        pub plan: String,
        /// What the copy is called.
        pub title: String,
        /// The plan's text as the person has changed it, and has not kept it; none where the copy is to say what the plan says.
        pub text: Option<String>,
    }

    /// What is wrong in the text of a plan.
    pub struct WalkPlanFindings {
        /// Every mistake found; empty when the plan can be kept.
        pub problems: Vec<ProfileProblem>,
    }
}
