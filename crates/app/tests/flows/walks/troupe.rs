//! Gatewright, a client at a twin, its test users, and a tester who walks.

use std::time::Duration;

use gatewright_contract::Handler;
use gatewright_contract::app::Nothing;
use gatewright_contract::client::ClientDetail;
use gatewright_contract::registration::ProviderPlace;
use gatewright_contract::run::Browser;
use gatewright_contract::secret::{SecretPaste, SecretRef};
use gatewright_contract::test_user::TestUserDetail;
use gatewright_contract::walk::{
    ScenarioStatus, WalkAnswer, WalkDetail, WalkJudge, WalkRef, WalkScenario, WalkScenarioRef, WalkStart,
};

use super::tester::{Habit, Tester};
use crate::person::Decision;
use crate::stage::{PATIENCE, Stage};

/// Everything a walk takes.
pub(super) struct Troupe {
    pub(super) stage: Stage,
    pub(super) client: ClientDetail,
    tester: Tester,
    walker: TestUserDetail,
    other: TestUserDetail,
}

impl Troupe {
    /// The app's owner walks, and Theo is somebody else.
    pub(super) async fn at(twin: &str) -> Self {
        Self::on(Stage::new().await, twin).await
    }

    async fn on(stage: Stage, twin: &str) -> Self {
        let client = stage.register(twin, "https://app.example.org/callback").await;
        let place = ProviderPlace { provider: twin.to_owned(), environment: client.row.environment };
        let people = stage.app.test_user_create_from_twin(place).await.unwrap().test_users;
        let named = |name: &str| people.iter().find(|user| user.name.starts_with(name)).unwrap().clone();
        let troupe = Self { walker: named("Olivia"), other: named("Theo"), tester: Tester::new(), stage, client };
        troupe.is_played_by(&troupe.tester);
        troupe
    }

    /// Ends Gatewright and starts it again. The client's secret, which was in memory only, is pasted again.
    pub(super) async fn restart(self) -> Self {
        let client = self.client.row.id.clone();
        let which = SecretRef { client: client.clone(), confirmed: true };
        let secret = self.stage.app.secret_reveal(which).await.unwrap().value;
        let stage = self.stage.restart().await;
        stage.app.secret_paste(SecretPaste { client, secret }).await.unwrap();
        let troupe = Self { stage, ..self };
        troupe.is_played_by(&troupe.tester);
        troupe
    }

    /// Starts a walk through the twin's ready plan.
    pub(super) async fn begin(&self, scenarios: Option<&[&str]>) -> WalkDetail {
        let plan = self.client.row.provider.clone();
        self.stage.app.walk_start(self.asked(&plan, scenarios)).await.unwrap()
    }

    /// What a walk through a plan is started with.
    pub(super) fn asked(&self, plan: &str, scenarios: Option<&[&str]>) -> WalkStart {
        WalkStart {
            plan: plan.to_owned(),
            client: self.client.row.id.clone(),
            test_user: Some(self.walker.id.clone()),
            other_test_user: Some(self.other.id.clone()),
            browser: Browser::Embedded,
            scenarios: scenarios.map(|wanted| wanted.iter().map(|one| (*one).to_owned()).collect()),
        }
    }

    /// Nobody is signed in anywhere any more.
    pub(super) fn forget_cookies(&self) {
        self.tester.forget_cookies();
    }

    /// Carries a scenario out as its instruction says, answers what is asked, and brings what came of it.
    pub(super) async fn carry_out(&self, walk: &WalkDetail, scenario: &str) -> WalkScenario {
        let user = if scenario == "wrong_account" { "theo" } else { "olivia" };
        let tester = self.tester.about_to(habit_for(scenario), user);
        self.is_played_by(&tester);
        self.start(walk, scenario).await;
        if scenario == "second_login" {
            self.until(walk, scenario, |one| one.runs.iter().any(|run| run.outcome_text != "Going on")).await;
            tester.first_is_over();
        }
        let settled =
            self.until(walk, scenario, |one| matches!(one.status, ScenarioStatus::Asking | ScenarioStatus::Done));
        let found = settled.await;
        if found.status == ScenarioStatus::Done {
            return found;
        }
        let met = tester.met_last();
        let yes = |question: &str| if question == "signed_in_again" { met.signed_in } else { met.was_asked };
        let questions = found.scenario.questions.iter();
        let answers = questions.map(|one| WalkAnswer { question: one.id.clone(), yes: yes(&one.id) }).collect();
        let judge = WalkJudge {
            walk: walk.row.id.clone(),
            scenario: scenario.to_owned(),
            verdict: None,
            notes: String::new(),
            answers,
        };
        of(&self.stage.app.walk_judge(judge).await.unwrap(), scenario)
    }

    /// Starts a scenario.
    pub(super) async fn start(&self, walk: &WalkDetail, scenario: &str) -> WalkDetail {
        let request = WalkScenarioRef { walk: walk.row.id.clone(), scenario: scenario.to_owned() };
        self.stage.app.walk_scenario_start(request).await.unwrap()
    }

    /// From now on this tester opens the login views.
    pub(super) fn is_played_by(&self, tester: &Tester) {
        let tester = tester.clone();
        *self.stage.desktop.walker.lock().unwrap() = Some(Box::new(move |storage| tester.view(storage)));
    }

    /// The tester who walks, about to do something.
    pub(super) fn tester(&self, habit: Habit) -> Tester {
        self.tester.about_to(habit, "olivia")
    }

    /// A walk as it stands.
    pub(super) async fn shown(&self, walk: &WalkDetail) -> WalkDetail {
        self.stage.app.walk_show(WalkRef { walk: walk.row.id.clone() }).await.unwrap()
    }

    /// Waits until a scenario stands as it should.
    pub(super) async fn until(
        &self,
        walk: &WalkDetail,
        scenario: &str,
        is_so: impl Fn(&WalkScenario) -> bool,
    ) -> WalkScenario {
        let so = async {
            loop {
                let found = of(&self.shown(walk).await, scenario);
                if is_so(&found) {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let Ok(found) = tokio::time::timeout(PATIENCE, so).await else {
            panic!("{scenario} stands as {:#?}", of(&self.shown(walk).await, scenario));
        };
        found
    }

    /// Whether the sandbox is there.
    pub(super) async fn sandbox_is_on(&self) -> bool {
        self.stage.app.sandbox_state(Nothing {}).await.unwrap().running
    }
}

/// A scenario of a walk.
pub(super) fn of(walk: &WalkDetail, scenario: &str) -> WalkScenario {
    walk.scenarios.iter().find(|one| one.scenario.id == scenario).unwrap().clone()
}

/// What a tester does who has read the instruction.
fn habit_for(scenario: &str) -> Habit {
    match scenario {
        "deny" => Habit::Press(Decision::Deny),
        "cancel" => Habit::Press(Decision::Cancel),
        "close_window" => Habit::CloseWindow,
        "back_button" => Habit::GoBack,
        "double_click" => Habit::DoubleClick,
        "second_login" => Habit::MeetTheOther,
        _ => Habit::Press(Decision::Approve),
    }
}
