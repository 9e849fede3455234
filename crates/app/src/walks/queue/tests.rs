use gatewright_model::run::Browser;
use gatewright_model::walk::{Plan, ScenarioProgress, WalkStatus};
use gatewright_model::{ClientRecordId, Environment, ProviderId};
use jiff::Timestamp;

use super::*;

/// A walk through Chattz' plan that nobody has begun.
fn walk() -> Walk {
    let plan = Plan::find_ready("chattz").unwrap().clone();
    let progress = plan.scenarios.iter().map(|scenario| ScenarioProgress::open(scenario.id.clone())).collect();
    Walk {
        id: WalkId::new("walk-1"),
        plan,
        client: ClientRecordId::new("client-1"),
        client_name: "Forum".to_owned(),
        provider: ProviderId::new("chattz"),
        environment: Environment::Sandbox,
        test_user: None,
        other_test_user: None,
        browser: Browser::Embedded,
        started_at: Timestamp::UNIX_EPOCH,
        ended_at: None,
        status: WalkStatus::GoingOn,
        progress,
    }
}

fn line_up(walks: &Walks, walk: &Walk, scenarios: &[&str]) -> QueueNumber {
    walks.line_up(walk, scenarios.iter().map(|one| (*one).to_owned()).collect())
}

/// A scenario stands so since it was begun.
fn stands(walk: &mut Walk, scenario: &str, stage: Stage, begun_at: i64) {
    let progress = walk.progress.iter_mut().find(|one| one.scenario == scenario).unwrap();
    progress.stage = stage;
    progress.started_at = Some(Timestamp::from_second(begun_at).unwrap());
}

#[test]
fn a_start_of_a_queue_that_was_ended_has_no_part_in_the_next_one() {
    let (walks, walk) = (Walks::default(), walk());
    let old = line_up(&walks, &walk, &["approve", "deny"]);
    assert_eq!(walks.start_next(&walk, old).as_deref(), Some("approve"));
    walks.clear_queue(&walk.id);
    let new = line_up(&walks, &walk, &["cancel", "back_button"]);
    assert!(!walks.is_starting(&walk.id, old), "what was about to begin is refused");
    assert_eq!(walks.start_next(&walk, old), None);

    assert_eq!(walks.start_next(&walk, new).as_deref(), Some("cancel"));
    walks.has_started(&walk.id, old);
    assert!(walks.is_starting(&walk.id, new), "the old start does not let anybody in");
    assert_eq!(walks.start_next(&walk, new), None, "one at a time");
    walks.end(&walk.id, old);
    assert_eq!(walks.queued(&walk.id), ["back_button"], "nor does its failure end what came after it");
    walks.has_started(&walk.id, new);
    walks.end(&walk.id, new);
    assert_eq!(walks.queued(&walk.id), [""; 0]);
}

#[test]
fn a_scenario_that_gives_way_to_one_begun_by_hand_comes_next_and_its_queue_stays() {
    let (walks, mut walk) = (Walks::default(), walk());
    let queue = line_up(&walks, &walk, &["approve", "deny"]);
    let key = |scenario: &str| ScenarioKey { walk: WalkId::new("walk-1"), scenario: scenario.to_owned() };
    assert_eq!(walks.start_next(&walk, queue).as_deref(), Some("approve"));
    stands(&mut walk, "cancel", Stage::GoingOn, 1);
    walks.has_begun(&walk.id, "cancel");
    walks.put_back(&key("approve"), queue);
    walks.has_started(&walk.id, queue);
    assert_eq!(walks.start_next(&walk, queue), None, "what was begun by hand goes on");
    assert_eq!(walks.queued(&walk.id), ["approve", "deny"]);

    stands(&mut walk, "cancel", Stage::Done, 1);
    assert_eq!(walks.start_next(&walk, queue).as_deref(), Some("approve"));
    walks.has_begun(&walk.id, "approve");
    walks.put_back(&key("approve"), queue);
    assert_eq!(walks.queued(&walk.id), ["deny"], "it was begun by hand itself, and is not walked twice");
    walks.clear_queue(&walk.id);
    walks.put_back(&key("deny"), queue);
    assert_eq!(walks.queued(&walk.id), [""; 0], "a queue that was ended stays so");
}

#[test]
fn questions_of_a_scenario_that_was_begun_by_hand_are_answered_first() {
    let (walks, mut walk) = (Walks::default(), walk());
    stands(&mut walk, "consent_remembered", Stage::Asking, 1);
    stands(&mut walk, "already_signed_in", Stage::Asking, 2);
    let queue = line_up(&walks, &walk, &["approve"]);
    assert_eq!(walks.start_next(&walk, queue), None);
    stands(&mut walk, "already_signed_in", Stage::Done, 2);
    assert_eq!(walks.start_next(&walk, queue).as_deref(), Some("approve"), "what was asked long ago can wait");
}

#[test]
fn a_scenario_that_is_to_be_walked_again_does_not_wait_for_answers_about_the_last_time() {
    let (walks, mut walk) = (Walks::default(), walk());
    stands(&mut walk, "already_signed_in", Stage::Asking, 1);
    let queue = line_up(&walks, &walk, &["already_signed_in"]);
    assert_eq!(walks.start_next(&walk, queue).as_deref(), Some("already_signed_in"));
}
