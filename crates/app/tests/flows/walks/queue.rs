//! Scenarios that start by themselves, one after the other, whether anybody looks or not.

use gatewright_contract::Handler;
use gatewright_contract::walk::{
    ScenarioStatus, WalkAnswer, WalkDetail, WalkJudge, WalkRef, WalkScenariosStart, WalkSkip, WalkStart, WalkStatus,
    WalkVerdict,
};

use super::tester::Habit;
use super::troupe::{Troupe, of};
use crate::person::Decision;

/// Starts scenarios one after the other; all of them where none are named.
async fn run(troupe: &Troupe, walk: &WalkDetail, scenarios: Option<&[&str]>) -> WalkDetail {
    let scenarios = scenarios.map(|named| named.iter().map(|one| (*one).to_owned()).collect());
    let request = WalkScenariosStart { walk: walk.row.id.clone(), scenarios };
    troupe.stage.app.walk_scenarios_start(request).await.unwrap()
}

fn reference(walk: &WalkDetail) -> WalkRef {
    WalkRef { walk: walk.row.id.clone() }
}

fn verdict(walk: &WalkDetail, scenario: &str) -> Option<WalkVerdict> {
    of(walk, scenario).machine.map(|machine| machine.verdict)
}

/// The person's answer to what is asked after a login at which they were signed in already.
fn not_signed_in_again(walk: &WalkDetail) -> WalkJudge {
    WalkJudge {
        walk: walk.row.id.clone(),
        scenario: "already_signed_in".to_owned(),
        verdict: None,
        notes: String::new(),
        answers: vec![WalkAnswer { question: "signed_in_again".to_owned(), yes: false }],
    }
}

#[tokio::test]
async fn all_that_is_open_is_walked_in_order_without_another_press() {
    let troupe = Troupe::at("chattz").await;
    let walk = troupe.begin(Some(&["approve", "back_button", "tampered_state"])).await;
    assert_eq!(walk.queued, [""; 0], "nothing starts before somebody says so");
    let started = run(&troupe, &walk, None).await;
    assert_eq!(of(&started, "approve").status, ScenarioStatus::GoingOn);
    assert_eq!(started.queued, ["back_button", "tampered_state"]);
    troupe.until(&walk, "tampered_state", |one| one.status == ScenarioStatus::Done).await;
    let ended = troupe.shown(&walk).await;
    assert_eq!((ended.row.status, ended.row.counts.pass, ended.queued.len()), (WalkStatus::Ended, 3, 0));
    let begun = |scenario| of(&ended, scenario).started_at.unwrap();
    assert!(begun("approve") < begun("back_button") && begun("back_button") < begun("tampered_state"));
}

#[tokio::test]
async fn some_are_walked_in_the_order_that_was_asked_for_and_a_question_is_answered_in_between() {
    let troupe = Troupe::at("chattz").await;
    let walk = troupe.begin(None).await;
    run(&troupe, &walk, Some(&["already_signed_in", "approve"])).await;
    troupe.until(&walk, "already_signed_in", |one| one.status == ScenarioStatus::Asking).await;
    assert_eq!(troupe.shown(&walk).await.queued, ["approve"], "the person is asked first");
    troupe.stage.app.walk_judge(not_signed_in_again(&walk)).await.unwrap();
    troupe.until(&walk, "approve", |one| one.status == ScenarioStatus::Done).await;
    let walked = troupe.shown(&walk).await;
    assert_eq!(of(&walked, "deny").status, ScenarioStatus::Open, "nobody asked for it");
    assert_eq!(walked.row.status, WalkStatus::GoingOn);
}

#[tokio::test]
async fn what_was_asked_after_a_scenario_begun_by_hand_is_answered_before_all_the_others_start() {
    let troupe = Troupe::at("chattz").await;
    let walk = troupe.begin(Some(&["already_signed_in", "approve"])).await;
    troupe.start(&walk, "already_signed_in").await;
    troupe.until(&walk, "already_signed_in", |one| one.status == ScenarioStatus::Asking).await;
    let waiting = run(&troupe, &walk, None).await;
    assert_eq!(of(&waiting, "approve").status, ScenarioStatus::Open);
    assert_eq!(waiting.queued, ["approve"]);
    troupe.stage.app.walk_judge(not_signed_in_again(&walk)).await.unwrap();
    troupe.until(&walk, "approve", |one| one.status == ScenarioStatus::Done).await;
}

#[tokio::test]
async fn the_last_one_is_said_to_be_so_and_a_pause_stops_everything() {
    let troupe = Troupe::at("chattz").await;
    let walk = troupe.begin(Some(&["approve", "deny", "cancel"])).await;
    troupe.is_played_by(&troupe.tester(Habit::Press(Decision::Wait)));
    run(&troupe, &walk, None).await;
    let ending = troupe.stage.app.walk_scenarios_end(reference(&walk)).await.unwrap();
    assert_eq!((ending.queued.len(), of(&ending, "approve").status), (0, ScenarioStatus::GoingOn));

    assert_eq!(run(&troupe, &walk, None).await.queued, ["deny", "cancel"], "lined up behind the one that goes on");
    let paused = troupe.stage.app.walk_pause(reference(&walk)).await.unwrap();
    assert_eq!((paused.row.status, paused.queued.len()), (WalkStatus::Paused, 0));
    for scenario in ["approve", "deny", "cancel"] {
        assert_eq!(of(&paused, scenario).status, ScenarioStatus::Open, "{scenario}");
    }
    troupe.is_played_by(&troupe.tester(Habit::Press(Decision::Approve)));
    let resumed = run(&troupe, &walk, Some(&["approve"])).await;
    assert_eq!(resumed.row.status, WalkStatus::GoingOn, "that goes on with the walk");
    troupe.until(&walk, "approve", |one| one.status == ScenarioStatus::Done).await;
}

#[tokio::test]
async fn one_that_is_skipped_does_not_start_and_one_that_lacks_something_lets_the_next_one_pass() {
    let troupe = Troupe::at("chattz").await;
    let alone = WalkStart { test_user: None, ..troupe.asked("chattz", Some(&["wrong_account", "approve", "deny"])) };
    let walk = troupe.stage.app.walk_start(alone).await.unwrap();
    let lone = WalkScenariosStart { walk: walk.row.id.clone(), scenarios: Some(vec!["wrong_account".to_owned()]) };
    let refused = troupe.stage.app.walk_scenarios_start(lone).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("testUser"), "where nothing can start that is said at once");

    troupe.is_played_by(&troupe.tester(Habit::Press(Decision::Wait)));
    let started = run(&troupe, &walk, Some(&["wrong_account", "approve", "deny"])).await;
    assert_eq!((started.current.as_deref(), started.queued), (Some("approve"), vec!["deny".to_owned()]));
    for scenario in ["deny", "approve"] {
        let (walk, scenario, reason) = (walk.row.id.clone(), scenario.to_owned(), "Not today.".to_owned());
        troupe.stage.app.walk_skip(WalkSkip { walk, scenario, reason }).await.unwrap();
    }
    let skipped = troupe.shown(&walk).await;
    assert_eq!((verdict(&skipped, "deny"), skipped.queued.len()), (Some(WalkVerdict::Skipped), 0));
    assert_eq!(of(&skipped, "wrong_account").status, ScenarioStatus::Open, "it can be walked when somebody is named");
}

#[tokio::test]
async fn after_a_restart_nothing_starts_that_nobody_has_just_asked_for() {
    let troupe = Troupe::at("chattz").await;
    let walk = troupe.begin(Some(&["approve", "deny"])).await;
    troupe.is_played_by(&troupe.tester(Habit::Press(Decision::Wait)));
    run(&troupe, &walk, None).await;
    let troupe = troupe.restart().await;
    let paused = troupe.shown(&walk).await;
    assert_eq!((paused.row.status, paused.queued.len()), (WalkStatus::Paused, 0));
    run(&troupe, &walk, Some(&["approve"])).await;
    troupe.until(&walk, "approve", |one| one.status == ScenarioStatus::Done).await;
    assert_eq!(verdict(&troupe.shown(&walk).await, "approve"), Some(WalkVerdict::Pass));
}

#[tokio::test]
async fn a_twins_pages_are_slow_while_a_slow_network_is_walked_and_only_then() {
    let troupe = Troupe::at("chattz").await;
    let walk = troupe.begin(Some(&["slow_network", "approve"])).await;
    let pages = async |scenario| {
        let found = troupe.carry_out(&walk, scenario).await;
        let run = gatewright_contract::run::RunRef { run: found.runs[0].run.clone() };
        let run = troupe.stage.app.run_show(run).await.unwrap();
        run.steps.iter().find(|step| step.kind == "pages").unwrap().duration_ms.unwrap()
    };
    assert!(pages("slow_network").await >= 2_000.0, "the page and the decision each took a second");
    assert!(pages("approve").await < 2_000.0);
}
