//! What happens between the logins of a scenario, and where the next one cannot be started.

use gatewright_contract::Handler;
use gatewright_contract::app::Nothing;
use gatewright_contract::client::ClientRef;
use gatewright_contract::fault::{FaultRule, FaultRules, FaultTiming};
use gatewright_contract::run::RunRef;
use gatewright_contract::walk::{
    ScenarioStatus, WalkDetail, WalkJudge, WalkRef, WalkScenarioRef, WalkStatus, WalkVerdict,
};

use super::tester::Habit;
use super::troupe::{Troupe, of};
use crate::person::Decision;
use crate::stage::PATIENCE;

const REVOKED: &str = "revoked_consent";

#[tokio::test]
async fn where_nothing_was_revoked_nothing_is_judged_and_the_reason_stays() {
    let troupe = Troupe::at("chaster").await;
    put_in_force(&troupe, "RV-03", FaultTiming::Always).await;
    let walk = troupe.begin(Some(&[REVOKED])).await;
    let found = troupe.carry_out(&walk, REVOKED).await;
    let machine = found.machine.unwrap();
    assert_eq!((machine.verdict, found.runs.len()), (WalkVerdict::Inconclusive, 1));
    let why = "What was granted could not be revoked: The server does not revoke tokens of this kind.";
    assert_eq!(machine.sentence, why);
    let noted = troupe.stage.app.walk_judge(saying(&walk, "Their page is down.")).await.unwrap();
    assert_eq!(of(&noted, REVOKED).machine.unwrap().sentence, why);
}

#[tokio::test]
async fn a_note_between_two_logins_does_not_end_the_scenario() {
    let troupe = Troupe::at("chaster").await;
    // Busy once, so the revocation takes a second.
    put_in_force(&troupe, "RV-02", FaultTiming::First(1)).await;
    let walk = troupe.begin(Some(&[REVOKED])).await;
    troupe.is_played_by(&troupe.tester(Habit::Press(Decision::Approve)));
    troupe.start(&walk, REVOKED).await;
    troupe.until(&walk, REVOKED, |one| one.runs.iter().any(|run| run.outcome_text != "Going on")).await;
    let noted = troupe.stage.app.walk_judge(saying(&walk, "The logo is old.")).await.unwrap();
    assert_eq!(of(&noted, REVOKED).status, ScenarioStatus::GoingOn);
    let asking = troupe.until(&walk, REVOKED, |one| one.status != ScenarioStatus::GoingOn).await;
    assert_eq!((asking.status, asking.runs.len()), (ScenarioStatus::Asking, 2));
}

#[tokio::test]
async fn what_an_earlier_attempt_found_stays_when_the_scenario_cannot_be_started_again() {
    let troupe = Troupe::at("chattz").await;
    let walk = troupe.begin(Some(&["already_signed_in"])).await;
    troupe.carry_out(&walk, "already_signed_in").await;
    let earlier = troupe.shown(&walk).await;
    assert_eq!(earlier.row.status, WalkStatus::Ended);
    troupe.stage.app.client_delete(ClientRef { client: troupe.client.row.id.clone() }).await.unwrap();
    let again = WalkScenarioRef { walk: walk.row.id.clone(), scenario: "already_signed_in".to_owned() };
    troupe.stage.app.walk_scenario_start(again).await.unwrap_err();
    let after = troupe.shown(&walk).await;
    assert_eq!(of(&after, "already_signed_in"), of(&earlier, "already_signed_in"));
    assert_eq!((after.row.status, after.row.ended_at), (earlier.row.status, earlier.row.ended_at));
}

#[tokio::test]
async fn an_attempt_begun_anew_gets_no_login_of_the_one_that_was_paused() {
    let troupe = Troupe::at("chaster").await;
    put_in_force(&troupe, "RV-02", FaultTiming::First(1)).await;
    let walk = troupe.begin(Some(&[REVOKED])).await;
    troupe.is_played_by(&troupe.tester(Habit::Press(Decision::Approve)));
    troupe.start(&walk, REVOKED).await;
    let first = troupe.until(&walk, REVOKED, |one| one.runs.iter().any(|run| run.outcome_text != "Going on")).await;
    revocation_begins(&troupe).await;
    let reference = || WalkRef { walk: walk.row.id.clone() };
    troupe.stage.app.walk_pause(reference()).await.unwrap();
    troupe.stage.app.walk_resume(reference()).await.unwrap();
    troupe.is_played_by(&troupe.tester(Habit::Press(Decision::Wait)));
    troupe.start(&walk, REVOKED).await;
    // Its first login needs nobody: consent is remembered still. Its second asks, and there the tester waits.
    troupe.until(&walk, REVOKED, |one| one.runs.len() >= 2).await;
    revoked(&troupe, &first.runs[0].run).await;
    // Whoever changes a walk does it in turn: the note comes after whatever follows the revocation.
    let noted = troupe.stage.app.walk_judge(saying(&walk, "Once more.")).await.unwrap();
    assert_eq!((of(&noted, REVOKED).status, of(&noted, REVOKED).runs.len()), (ScenarioStatus::GoingOn, 2));
}

/// Waits until the twin was asked to revoke something, and was busy.
async fn revocation_begins(troupe: &Troupe) {
    let was_asked = async {
        loop {
            let log = troupe.stage.app.sandbox_log(Nothing {}).await.unwrap();
            if log.entries.iter().any(|entry| entry.faults.iter().any(|fault| fault.starts_with("RV-02"))) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, was_asked).await.unwrap();
}

/// Waits until a run has the step of its revocation.
async fn revoked(troupe: &Troupe, run: &str) {
    let has_step = async {
        loop {
            let shown = troupe.stage.app.run_show(RunRef { run: run.to_owned() }).await.unwrap();
            if shown.steps.iter().any(|step| step.kind == "revocation") {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, has_step).await.unwrap();
}

async fn put_in_force(troupe: &Troupe, fault: &str, when: FaultTiming) {
    let rule = FaultRule {
        fault: fault.to_owned(),
        variant: None,
        twin: "chaster".to_owned(),
        client_id: None,
        when,
        delay_ms: None,
    };
    troupe.stage.app.sandbox_faults_set(FaultRules { rules: vec![rule] }).await.unwrap();
}

fn saying(walk: &WalkDetail, notes: &str) -> WalkJudge {
    WalkJudge {
        walk: walk.row.id.clone(),
        scenario: REVOKED.to_owned(),
        verdict: None,
        notes: notes.to_owned(),
        answers: Vec::new(),
    }
}
