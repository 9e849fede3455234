//! Walks: written as they go, and gone on with on another day.

use gatewright_model::run::Browser;
use gatewright_model::walk::{
    MachineVerdict, Part, PersonVerdict, Plan, ScenarioProgress, ScenarioRun, Stage, VerdictWord, Walk, WalkStatus,
};
use gatewright_model::{ClientRecordId, Environment, ProviderId, RunId, TestUserId, WalkId};

use super::Fixture;
use crate::walk::{self, WalkQuery};
use crate::{StoreError, seed};

fn walk(number: u32, provider: &str) -> Walk {
    let plan = Plan::find_ready(provider).unwrap().clone();
    let begin = |one| ScenarioProgress::beginning(one, true, seed::minute(number));
    Walk {
        id: WalkId::new(format!("walk-{number}")),
        progress: plan.scenarios.iter().map(begin).collect(),
        plan,
        client: ClientRecordId::new("client"),
        client_name: "Forum".to_owned(),
        provider: ProviderId::new(provider),
        environment: Environment::Sandbox,
        test_user: Some(TestUserId::new("qa1")),
        other_test_user: None,
        browser: Browser::Embedded,
        started_at: seed::minute(number),
        ended_at: None,
        status: WalkStatus::GoingOn,
    }
}

fn insert(fixture: &Fixture, walk: &Walk) {
    fixture.store.write_durably_blocking(|tx| walk::insert(tx, walk)).unwrap();
}

fn found(fixture: &Fixture, walk: &Walk) -> Result<Walk, StoreError> {
    fixture.store.read_blocking(|db| walk::find(db, &walk.id))
}

fn put(fixture: &Fixture, walk: &Walk, progress: &ScenarioProgress) {
    fixture.store.write_durably_blocking(|tx| walk::put_scenario(tx, &walk.id, progress)).unwrap();
}

fn under_way(walk: &Walk) -> ScenarioProgress {
    let mut progress = walk.progress[0].clone();
    progress.begin(seed::minute(2));
    progress.notes = "The logo is missing.".to_owned();
    progress.runs = vec![
        ScenarioRun { run: RunId::new("run-before"), part: Part::Before },
        ScenarioRun { run: RunId::new("run-only"), part: Part::Only },
    ];
    progress
}

#[test]
fn a_walk_is_found_as_it_was_written() {
    let fixture = Fixture::new();
    let mut walk = walk(1, "contentdb");
    insert(&fixture, &walk);
    let mut progress = under_way(&walk);
    progress.answers.insert("asked_again".to_owned(), true);
    progress.person = Some(PersonVerdict { verdict: VerdictWord::Warn, at: seed::minute(4) });
    progress.conclude(MachineVerdict::inconclusive("It was stopped."), seed::minute(3));
    put(&fixture, &walk, &progress);
    walk.progress[0] = progress;
    let fixture = fixture.reopened();
    walk.status = WalkStatus::Paused;
    assert_eq!(found(&fixture, &walk).unwrap(), walk);
}

#[test]
fn a_walk_that_was_going_on_is_paused_before_the_scenario_that_was_going_on() {
    let fixture = Fixture::new();
    let walk = walk(1, "contentdb");
    insert(&fixture, &walk);
    put(&fixture, &walk, &under_way(&walk));
    let again = found(&fixture.reopened(), &walk).unwrap();
    assert_eq!(again.status, WalkStatus::Paused);
    let first = &again.progress[0];
    assert_eq!((first.stage, first.runs.len(), first.started_at), (Stage::Open, 0, None));
    assert_eq!(first.notes, "The logo is missing.", "what the person wrote is not lost");
    assert_eq!(again.current().unwrap().scenario, "approve");
}

#[test]
fn a_run_knows_its_walk_until_that_is_deleted() {
    let fixture = Fixture::new();
    let walk = walk(1, "chattz");
    insert(&fixture, &walk);
    put(&fixture, &walk, &under_way(&walk));
    let part_of = |run: &str| fixture.store.read_blocking(|db| walk::part_of(db, &RunId::new(run))).unwrap();
    let part = part_of("run-only").unwrap();
    assert_eq!((part.walk, part.scenario.as_str()), (walk.id.clone(), "approve"));
    assert_eq!(part_of("somebody-elses"), None);
    fixture.store.write_durably_blocking(|tx| walk::delete(tx, &walk.id, seed::minute(5))).unwrap();
    assert_eq!(part_of("run-only"), None);
}

#[test]
fn the_list_is_newest_first_and_filtered() {
    let fixture = Fixture::new();
    for (number, provider) in [(1, "chattz"), (2, "contentdb"), (3, "chattz")] {
        insert(&fixture, &walk(number, provider));
    }
    let of = |query: WalkQuery| {
        let read = |db: &rusqlite::Connection| Ok((walk::list(db, &query)?, walk::count(db, &query)?));
        let (rows, total) = fixture.store.read_blocking(read).unwrap();
        (rows.into_iter().map(|walk| walk.id.to_string()).collect::<Vec<_>>(), total)
    };
    assert_eq!(of(WalkQuery::default()), (vec!["walk-3".into(), "walk-2".into(), "walk-1".into()], 3));
    let chattz = WalkQuery { provider: Some(ProviderId::new("chattz")), limit: Some(1), ..WalkQuery::default() };
    assert_eq!(of(chattz), (vec!["walk-3".into()], 2));
    let plan = WalkQuery { plan: Some("contentdb".to_owned()), ..WalkQuery::default() };
    assert_eq!(of(plan), (vec!["walk-2".into()], 1));
}

#[test]
fn a_deleted_walk_can_be_restored_until_it_is_purged() {
    let fixture = Fixture::new();
    let walk = walk(1, "gitter");
    insert(&fixture, &walk);
    put(&fixture, &walk, &under_way(&walk));
    let delete = || fixture.store.write_durably_blocking(|tx| walk::delete(tx, &walk.id, seed::minute(5)));
    delete().unwrap();
    assert!(matches!(found(&fixture, &walk), Err(StoreError::NoSuchWalk(_))));
    assert!(matches!(delete(), Err(StoreError::NoSuchWalk(_))));
    fixture.store.write_durably_blocking(|tx| walk::restore(tx, &walk.id)).unwrap();
    assert_eq!(found(&fixture, &walk).unwrap().progress[0].runs.len(), 2);
    delete().unwrap();
    let purged = fixture.store.write_durably_blocking(|tx| walk::purge_deleted_before(tx, seed::minute(5))).unwrap();
    assert_eq!(purged, 1);
    let restored = fixture.store.write_durably_blocking(|tx| walk::restore(tx, &walk.id));
    assert!(matches!(restored, Err(StoreError::NoSuchWalk(_))));
}

#[test]
fn a_scenario_that_a_walk_has_not_is_not_recorded() {
    let fixture = Fixture::new();
    let walk = walk(1, "gitter");
    insert(&fixture, &walk);
    let foreign = ScenarioProgress::open("somewhere_else".to_owned());
    let refused = fixture.store.write_durably_blocking(|tx| walk::put_scenario(tx, &walk.id, &foreign));
    assert!(matches!(refused, Err(StoreError::NoSuchWalk(_))));
}
