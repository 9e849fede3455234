//! What the person does with a walk: pausing, going on tomorrow, leaving out, saying what they found; and whom it waits for.

use gatewright_contract::fault::{FaultRule, FaultRules, FaultTiming};
use gatewright_contract::result::RunStockQuery;
use gatewright_contract::run::{Browser, RunRef};
use gatewright_contract::walk::{
    ScenarioStatus, WaitsFor, WalkAnswer, WalkJudge, WalkPlanRef, WalkPlanSave, WalkQuery, WalkRef, WalkScenarioRef,
    WalkSkip, WalkStart, WalkStatus, WalkVerdict,
};
use gatewright_contract::{FailureCode, Handler};

use super::tester::Habit;
use super::troupe::{Troupe, of};
use crate::person::Decision;

#[tokio::test]
async fn a_walk_that_gatewrights_end_cut_short_is_paused_and_gone_on_with() {
    let troupe = Troupe::at("chattz").await;
    let walk = troupe.begin(Some(&["approve", "deny"])).await;
    assert_eq!((walk.row.waits_for, walk.current.as_deref()), (WaitsFor::Person, Some("approve")));
    troupe.carry_out(&walk, "approve").await;
    troupe.is_played_by(&troupe.tester(Habit::Press(Decision::Wait)));
    let going_on = troupe.start(&walk, "deny").await;
    assert_eq!(of(&going_on, "deny").status, ScenarioStatus::GoingOn);

    let troupe = troupe.restart().await;
    let paused = troupe.shown(&walk).await;
    assert_eq!((paused.row.status, paused.row.waits_for), (WalkStatus::Paused, WaitsFor::Nobody));
    assert_eq!(paused.current.as_deref(), Some("deny"), "at the right scenario");
    assert_eq!(of(&paused, "deny").status, ScenarioStatus::Open);
    assert_eq!(of(&paused, "approve").machine.unwrap().verdict, WalkVerdict::Pass, "what was found is kept");

    let resumed = troupe.stage.app.walk_resume(reference(&walk.row.id)).await.unwrap();
    assert_eq!((resumed.row.status, resumed.row.waits_for), (WalkStatus::GoingOn, WaitsFor::Person));
    assert!(troupe.sandbox_is_on().await);
    let found = troupe.carry_out(&walk, "deny").await;
    assert_eq!(found.machine.unwrap().verdict, WalkVerdict::Pass);
    assert_eq!(troupe.shown(&walk).await.row.status, WalkStatus::Ended);
}

#[tokio::test]
async fn pausing_stops_the_login_that_goes_on_and_the_scenario_can_be_begun_again() {
    let troupe = Troupe::at("chattz").await;
    let walk = troupe.begin(Some(&["approve"])).await;
    troupe.is_played_by(&troupe.tester(Habit::Press(Decision::Wait)));
    let started = troupe.start(&walk, "approve").await;
    let run = RunRef { run: of(&started, "approve").runs[0].run.clone() };
    let paused = troupe.stage.app.walk_pause(reference(&walk.row.id)).await.unwrap();
    assert_eq!((paused.row.status, of(&paused, "approve").status), (WalkStatus::Paused, ScenarioStatus::Open));
    assert_eq!(troupe.stage.end_of(&run).await.row.outcome, "stopped", "it stays among the results");
    let found = troupe.carry_out(&walk, "approve").await;
    assert_eq!((found.machine.unwrap().verdict, found.runs.len()), (WalkVerdict::Pass, 1));
}

#[tokio::test]
async fn a_scenario_says_that_it_waits_for_the_person_on_the_providers_pages() {
    let troupe = Troupe::at("chattz").await;
    let walk = troupe.begin(Some(&["approve", "deny"])).await;
    troupe.is_played_by(&troupe.tester(Habit::Press(Decision::Wait)));
    troupe.start(&walk, "approve").await;
    let waiting = troupe.until(&walk, "approve", |one| one.waits_for == WaitsFor::Person).await;
    assert_eq!(waiting.waiting, "Sign in as Olivia Ortega and approve.");
    let other = WalkScenarioRef { walk: walk.row.id.clone(), scenario: "deny".to_owned() };
    let refused = troupe.stage.app.walk_scenario_start(other).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::InUse, "one at a time");
}

#[tokio::test]
async fn while_a_code_is_held_the_machine_is_waited_for_and_can_be_stopped() {
    let troupe = Troupe::at("chattz").await;
    let mut text = troupe.stage.app.walk_plan_show(plan("chattz")).await.unwrap().text;
    // At another server than a twin a code is held as long as the plan says; here it is the twin's second.
    text = text.replacen("id = \"chattz\"", "id = \"mine\"", 1);
    troupe.stage.app.walk_plan_save(WalkPlanSave { replaces: None, text }).await.unwrap();
    let walk = troupe.stage.app.walk_start(troupe.asked("mine", Some(&["expired_code"]))).await.unwrap();
    troupe.is_played_by(&troupe.tester(Habit::Press(Decision::Approve)));
    troupe.start(&walk, "expired_code").await;
    let held = troupe.until(&walk, "expired_code", |one| one.waits_until.is_some()).await;
    assert_eq!(held.waits_for, WaitsFor::Machine);
    troupe.stage.app.login_cancel(RunRef { run: held.runs[0].run.clone() }).await.unwrap();
    let stopped = troupe.until(&walk, "expired_code", |one| one.status == ScenarioStatus::Done).await;
    let machine = stopped.machine.unwrap();
    assert_eq!((machine.verdict, stopped.waits_until), (WalkVerdict::Inconclusive, None), "{}", machine.sentence);
}

#[tokio::test]
async fn a_scenario_is_skipped_with_a_reason_and_never_without() {
    let troupe = Troupe::at("chattz").await;
    let walk = troupe.begin(Some(&["approve", "deny"])).await;
    let skip =
        |reason: &str| WalkSkip { walk: walk.row.id.clone(), scenario: "deny".to_owned(), reason: reason.to_owned() };
    let refused = troupe.stage.app.walk_skip(skip("  ")).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (FailureCode::Invalid, Some("reason")));
    let skipped = troupe.stage.app.walk_skip(skip("The button is gone today.")).await.unwrap();
    let machine = of(&skipped, "deny").machine.unwrap();
    assert_eq!((machine.verdict, machine.sentence.as_str()), (WalkVerdict::Skipped, "The button is gone today."));
    assert_eq!(of(&skipped, "tampered_state").machine.unwrap().verdict, WalkVerdict::Skipped, "was not chosen");
    let again = troupe.stage.app.walk_skip(skip("Once more.")).await.unwrap_err();
    assert_eq!(again.code, FailureCode::ChangedMeanwhile);
}

#[tokio::test]
async fn what_the_person_finds_stands_beside_what_the_machine_found() {
    let troupe = Troupe::at("chattz").await;
    let walk = troupe.begin(Some(&["approve"])).await;
    troupe.carry_out(&walk, "approve").await;
    let said = WalkJudge {
        walk: walk.row.id.clone(),
        scenario: "approve".to_owned(),
        verdict: Some(WalkVerdict::Fail),
        notes: "  The page names the wrong company. ".to_owned(),
        answers: Vec::new(),
    };
    let judged = troupe.stage.app.walk_judge(said.clone()).await.unwrap();
    let one = of(&judged, "approve");
    assert_eq!((one.machine.unwrap().verdict, one.person.unwrap().verdict), (WalkVerdict::Pass, WalkVerdict::Fail));
    assert_eq!((one.notes.as_str(), judged.row.counts.pass), ("The page names the wrong company.", 1));
    let skipping = WalkJudge { verdict: Some(WalkVerdict::Skipped), ..said.clone() };
    assert_eq!(troupe.stage.app.walk_judge(skipping).await.unwrap_err().field.as_deref(), Some("verdict"));
    let taken_back = troupe.stage.app.walk_judge(WalkJudge { verdict: None, ..said }).await.unwrap();
    assert!(of(&taken_back, "approve").person.is_none());
}

#[tokio::test]
async fn an_answer_that_is_corrected_changes_the_machines_verdict() {
    let troupe = Troupe::at("chattz").await;
    let walk = troupe.begin(Some(&["already_signed_in"])).await;
    let found = troupe.carry_out(&walk, "already_signed_in").await;
    assert_eq!((found.machine.unwrap().verdict, found.runs.len()), (WalkVerdict::Pass, 2));
    let answer = |question: &str| WalkJudge {
        walk: walk.row.id.clone(),
        scenario: "already_signed_in".to_owned(),
        verdict: None,
        notes: String::new(),
        answers: vec![WalkAnswer { question: question.to_owned(), yes: true }],
    };
    let corrected = troupe.stage.app.walk_judge(answer("signed_in_again")).await.unwrap();
    assert_eq!(of(&corrected, "already_signed_in").machine.unwrap().verdict, WalkVerdict::Fail);
    assert_eq!(troupe.stage.app.walk_judge(answer("why")).await.unwrap_err().field.as_deref(), Some("answers"));
}

#[tokio::test]
async fn a_run_of_a_walk_is_a_run_like_any_other_and_knows_its_walk() {
    let troupe = Troupe::at("contentdb").await;
    let walk = troupe.begin(Some(&["cancel"])).await;
    let found = troupe.carry_out(&walk, "cancel").await;
    let run = RunRef { run: found.runs[0].run.clone() };
    assert_eq!(troupe.stage.app.run_show(run.clone()).await.unwrap().row.outcome, "cancelled");
    let part = troupe.stage.app.run_walk(run).await.unwrap().part_of.unwrap();
    assert_eq!((part.walk, part.title.as_str()), (walk.row.id.clone(), "Cancel"));
    let by_itself = troupe.stage.log_in(&troupe.client, Browser::Embedded).await;
    let part = troupe.stage.app.run_walk(RunRef { run: by_itself.row.id }).await.unwrap().part_of;
    assert_eq!(part, None, "it was started by itself");
}

#[tokio::test]
async fn a_walk_is_deleted_and_comes_back_and_its_runs_stay() {
    let troupe = Troupe::at("gitter").await;
    let walk = troupe.begin(Some(&["approve"])).await;
    let found = troupe.carry_out(&walk, "approve").await;
    let app = &troupe.stage.app;
    app.walk_delete(reference(&walk.row.id)).await.unwrap();
    let query = || WalkQuery { client: None, provider: None, plan: None, offset: 0, limit: 10 };
    assert_eq!(app.walk_list(query()).await.unwrap().total, 0);
    assert_eq!(app.walk_show(reference(&walk.row.id)).await.unwrap_err().code, FailureCode::NotFound);
    app.run_show(RunRef { run: found.runs[0].run.clone() }).await.unwrap();
    app.walk_restore(reference(&walk.row.id)).await.unwrap();
    let list = app.walk_list(query()).await.unwrap();
    assert_eq!((list.total, list.rows[0].counts.pass, list.rows[0].status), (1, 1, WalkStatus::Ended));
}

#[tokio::test]
async fn a_walk_that_is_deleted_in_the_middle_comes_back_ready_to_go_on() {
    let troupe = Troupe::at("chattz").await;
    let walk = troupe.begin(Some(&["approve"])).await;
    troupe.is_played_by(&troupe.tester(Habit::Press(Decision::Wait)));
    let started = troupe.start(&walk, "approve").await;
    let run = RunRef { run: of(&started, "approve").runs[0].run.clone() };
    troupe.stage.app.walk_delete(reference(&walk.row.id)).await.unwrap();
    assert_eq!(troupe.stage.end_of(&run).await.row.outcome, "stopped");
    let restored = troupe.stage.app.walk_restore(reference(&walk.row.id)).await.unwrap();
    assert_eq!(of(&restored, "approve").status, ScenarioStatus::Open);
    assert_eq!(troupe.carry_out(&walk, "approve").await.machine.unwrap().verdict, WalkVerdict::Pass);
}

#[tokio::test]
async fn what_a_scenario_needs_and_has_not_is_said_before_anything_is_sent() {
    let troupe = Troupe::at("chattz").await;
    let alone = WalkStart { test_user: None, ..troupe.asked("chattz", None) };
    let walk = troupe.stage.app.walk_start(alone).await.unwrap();
    for scenario in ["wrong_account", "already_signed_in"] {
        let request = WalkScenarioRef { walk: walk.row.id.clone(), scenario: scenario.to_owned() };
        let refused = troupe.stage.app.walk_scenario_start(request).await.unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (FailureCode::Invalid, Some("testUser")), "{scenario}");
        assert!(refused.hint.is_some());
        assert_eq!(of(&troupe.shown(&walk).await, scenario).status, ScenarioStatus::Open);
    }
    let foreign = troupe.stage.app.walk_start(troupe.asked("contentdb", None)).await.unwrap_err();
    assert_eq!(foreign.field.as_deref(), Some("plan"));
    let nothing = troupe.stage.app.walk_start(troupe.asked("chattz", Some(&["scope_reduced"]))).await.unwrap_err();
    assert_eq!(nothing.field.as_deref(), Some("scenarios"));
}

#[tokio::test]
async fn what_was_walked_is_found_by_its_test_user_timed_and_told_of_before_it_goes() {
    let troupe = Troupe::at("chattz").await;
    let walk = troupe.begin(Some(&["approve"])).await;
    troupe.carry_out(&walk, "approve").await;
    for (user, runs) in [(&walk.test_user, 1), (&walk.other_test_user, 0)] {
        let query = serde_json::json!({ "search": "", "testUser": user, "offset": 0, "limit": 10 });
        let found = troupe.stage.app.run_list(serde_json::from_value(query).unwrap()).await.unwrap();
        assert_eq!(found.total, runs);
    }
    let timed = troupe.stage.app.walk_plan_show(plan("chattz")).await.unwrap().durations;
    assert_eq!(timed.iter().map(|one| one.scenario.as_str()).collect::<Vec<_>>(), ["approve"]);

    let going = async || troupe.stage.app.run_stock(RunStockQuery { days: 30 }).await.unwrap();
    assert_eq!((going().await.going, going().await.walks), (0, 0));
    troupe.stage.edit("UPDATE run SET started_at = started_at - 40 * 86400 * 1000000");
    assert_eq!((going().await.going, going().await.walks), (1, 1));
}

#[tokio::test]
async fn a_login_before_that_failed_leaves_the_scenario_undecided() {
    let troupe = Troupe::at("chattz").await;
    let rule = FaultRule {
        fault: "TK-22".to_owned(),
        variant: None,
        twin: "chattz".to_owned(),
        client_id: None,
        when: FaultTiming::First(1),
        delay_ms: None,
    };
    troupe.stage.app.sandbox_faults_set(FaultRules { rules: vec![rule] }).await.unwrap();
    let walk = troupe.begin(Some(&["already_signed_in"])).await;
    let found = troupe.carry_out(&walk, "already_signed_in").await;
    let machine = found.machine.unwrap();
    assert_eq!((machine.verdict, found.runs.len()), (WalkVerdict::Inconclusive, 1), "{}", machine.sentence);
    let again = troupe.carry_out(&walk, "already_signed_in").await;
    assert_eq!((again.machine.unwrap().verdict, again.runs.len()), (WalkVerdict::Pass, 2), "walked again");
}

fn reference(walk: &str) -> WalkRef {
    WalkRef { walk: walk.to_owned() }
}

fn plan(id: &str) -> WalkPlanRef {
    WalkPlanRef { plan: id.to_owned() }
}
