//! Every ready plan passes at its twin, from the first scenario to the last.

use gatewright_contract::walk::{ScenarioStatus, WaitsFor, WalkStatus, WalkVerdict};

use super::troupe::Troupe;

#[tokio::test]
async fn the_plan_for_chattr_passes_at_its_twin() {
    passes("chattr", 13).await;
}

#[tokio::test]
async fn the_plan_for_chattz_passes_at_its_twin() {
    passes("chattz", 13).await;
}

#[tokio::test]
async fn the_plan_for_chaster_passes_at_its_twin() {
    passes("chaster", 16).await;
}

#[tokio::test]
async fn the_plan_for_gitter_passes_at_its_twin() {
    passes("gitter", 12).await;
}

#[tokio::test]
async fn the_plan_for_contentdb_passes_at_its_twin() {
    passes("contentdb", 13).await;
}

#[tokio::test]
async fn a_plan_whose_provider_remembers_consent_can_be_walked_again() {
    for twin in ["chaster", "contentdb"] {
        let troupe = Troupe::at(twin).await;
        // Without those that only take their time.
        let scenarios = ["approve", "cancel", "close_window", "consent_remembered", "revoked_consent", "back_button"];
        let scenarios = [&scenarios[..], &["double_click", "second_login", "tampered_state", "provider_down"]].concat();
        for day in ["today", "tomorrow"] {
            let walk = troupe.begin(Some(&scenarios)).await;
            for id in walk.scenarios.iter().map(|one| one.scenario.id.as_str()).filter(|id| scenarios.contains(id)) {
                let machine = troupe.carry_out(&walk, id).await.machine.unwrap();
                assert_eq!(machine.verdict, WalkVerdict::Pass, "{twin} {id} {day}: {}", machine.sentence);
            }
        }
    }
}

/// Walks a plan with so many scenarios that apply, in its order.
async fn passes(twin: &str, applying: u32) {
    let troupe = Troupe::at(twin).await;
    let walk = troupe.begin(None).await;
    assert_eq!((walk.row.counts.open, walk.row.counts.open + walk.row.counts.not_applicable), (applying, 16));
    for one in walk.scenarios.iter().filter(|one| one.status == ScenarioStatus::Open) {
        let id = &one.scenario.id;
        let found = troupe.carry_out(&walk, id).await;
        let machine = found.machine.unwrap();
        assert_eq!(machine.verdict, WalkVerdict::Pass, "{twin} {id}: {} {:#?}", machine.sentence, found.runs);
        assert!(found.runs.iter().all(|run| run.recorded), "{twin} {id}");
    }
    let end = troupe.shown(&walk).await;
    assert_eq!(
        (end.row.status, end.row.waits_for, end.row.counts.pass),
        (WalkStatus::Ended, WaitsFor::Nobody, applying)
    );
    assert!(end.row.ended_at.is_some() && end.current.is_none());
}
