//! Runs: written as they go, finished, opened, listed, deleted.

use gatewright_model::run::{Browser, EndReason, Ending, Identity, Outcome, StepKind, StepStatus, TokenSummary};
use gatewright_model::{Environment, ProviderId, Run, Step};

use super::Fixture;
use crate::run::{RunQuery, RunStanding, outcome_word};
use crate::sealed_token::{self, SealedToken};
use crate::{StoreError, run, seed, step};

fn running(number: u32) -> Run {
    Run {
        outcome: Outcome::Running,
        identity: None,
        tokens: None,
        duration_ms: None,
        person_ms: None,
        ..seed::run(number, 1)
    }
}

fn with_runs(count: u32) -> Fixture {
    let fixture = Fixture::new();
    seed::seed(&fixture.store, 5, count).unwrap();
    fixture
}

fn numbers(fixture: &Fixture, query: &RunQuery) -> Vec<u32> {
    let rows = fixture.store.read_blocking(|db| run::list(db, query)).unwrap();
    if query.limit.is_none() && query.offset == 0 {
        let total = fixture.store.read_blocking(|db| run::count(db, query)).unwrap();
        assert_eq!(rows.len(), total as usize, "list and count agree: {query:?}");
    }
    rows.iter().map(|row| (0..1000).find(|number| seed::run_id(*number) == row.id).unwrap()).collect()
}

#[test]
fn a_run_is_there_from_its_first_moment_and_grows_step_by_step() {
    let fixture = Fixture::new();
    let run = running(1);
    fixture.store.write_blocking(|tx| run::start(tx, &run)).unwrap();
    let open = || fixture.store.read_blocking(|db| run::open(db, &run.id)).unwrap();
    assert_eq!((open().run, open().steps), (run.clone(), vec![]));

    let waiting =
        Step { status: StepStatus::Running, duration_us: None, ..seed::plain_step(StepKind::Pages, "Waiting.") };
    fixture.store.write_blocking(|tx| step::put(tx, &run.id, 0, &waiting)).unwrap();
    assert_eq!(open().steps, std::slice::from_ref(&waiting));

    let done = seed::steps(&Outcome::LoggedIn { findings: 1 }).remove(3);
    fixture.store.write_blocking(|tx| step::put(tx, &run.id, 0, &done)).unwrap();
    assert_eq!(open().steps, std::slice::from_ref(&done), "a step that changed stands in the place of what it was");
    fixture.store.write_blocking(|tx| step::put(tx, &run.id, 0, &done)).unwrap();
    assert_eq!(open().steps[0].exchanges.len(), 1, "written twice, an exchange is there once");
}

#[test]
fn an_ended_run_comes_back_whole_also_after_a_restart() {
    let fixture = Fixture::new();
    let ended: Vec<Run> = (0..10).map(|number| seed::run(number, number)).collect();
    fixture.store.write_durably_blocking(|tx| ended.iter().try_for_each(|run| seed::write_run(tx, run))).unwrap();
    let fixture = fixture.reopened();
    for run in &ended {
        let opened = fixture.store.read_blocking(|db| run::open(db, &run.id)).unwrap();
        assert_eq!(opened.run, *run);
        assert_eq!(opened.steps, seed::steps(&run.outcome));
        assert_eq!(fixture.store.read_blocking(|db| run::find(db, &run.id)).unwrap(), *run);
    }
    assert_eq!(fixture.store.opening().interrupted, [], "a run that has ended was not interrupted");
}

#[test]
fn nothing_is_recorded_in_a_run_that_has_ended() {
    let fixture = with_runs(1);
    let ended = seed::run(0, 0);
    let step = seed::plain_step(StepKind::Pages, "late");
    let late = fixture.store.write_blocking(|tx| step::put(tx, &ended.id, 9, &step));
    assert!(matches!(late, Err(StoreError::RunHasEnded(_))));
    let twice = fixture.store.write_blocking(|tx| run::finish(tx, &ended));
    assert!(matches!(twice, Err(StoreError::RunHasEnded(_))));
    let unknown = fixture.store.write_blocking(|tx| step::put(tx, &seed::run_id(5), 0, &step));
    assert!(matches!(unknown, Err(StoreError::NoSuchRun(_))));
    let unknown = fixture.store.write_blocking(|tx| run::finish(tx, &seed::run(5, 0)));
    assert!(matches!(unknown, Err(StoreError::NoSuchRun(_))));
}

#[test]
fn an_identity_and_tokens_without_much_in_them_come_back_as_they_were() {
    let fixture = Fixture::new();
    let bare = Run {
        identity: Some(Identity { subject: "7".to_owned(), display_name: None, fields: vec![] }),
        tokens: Some(TokenSummary::default()),
        outcome: Outcome::LoggedIn { findings: 0 },
        ..running(1)
    };
    fixture.store.write_blocking(|tx| seed::write_run(tx, &bare)).unwrap();
    assert_eq!(fixture.store.read_blocking(|db| run::find(db, &bare.id)).unwrap(), bare);
}

#[test]
fn a_run_is_listed_among_those_that_go_on_until_it_ends() {
    let fixture = with_runs(3);
    let standing = |standing| RunQuery { standing: Some(standing), ..RunQuery::default() };
    assert!(numbers(&fixture, &standing(RunStanding::Running)).is_empty());
    fixture.store.write_blocking(|tx| run::start(tx, &running(7))).unwrap();
    assert_eq!(numbers(&fixture, &standing(RunStanding::Running)), [7]);
    let ended = Run { outcome: Outcome::LoggedIn { findings: 0 }, ..running(7) };
    fixture.store.write_blocking(|tx| run::finish(tx, &ended)).unwrap();
    assert!(
        numbers(&fixture, &standing(RunStanding::Running)).is_empty(),
        "it has ended, though it cannot be found yet"
    );
    assert_eq!(numbers(&fixture, &standing(RunStanding::Passed))[0], 7);
}

#[test]
fn a_run_left_over_is_marked_interrupted_once() {
    let fixture = Fixture::new();
    fixture.store.write_blocking(|tx| run::start(tx, &running(1))).unwrap();
    let fixture = fixture.reopened();
    assert_eq!(fixture.store.opening().interrupted, [seed::run_id(1)]);
    let found = fixture.store.read_blocking(|db| run::find(db, &seed::run_id(1))).unwrap();
    assert!(matches!(found.outcome, Outcome::Ended(Ending { reason: EndReason::Interrupted, .. })));
    assert_eq!(numbers(&fixture, &RunQuery { standing: Some(RunStanding::Failed), ..RunQuery::default() }), [1]);
    assert_eq!(fixture.reopened().store.opening().interrupted, []);
}

#[test]
fn the_list_is_newest_first_and_paged() {
    let fixture = with_runs(25);
    let all = numbers(&fixture, &RunQuery::default());
    assert_eq!(all, (0..25).rev().collect::<Vec<_>>());
    let page = |offset| numbers(&fixture, &RunQuery { offset, limit: Some(10), ..RunQuery::default() });
    assert_eq!([page(0), page(10), page(20)].concat(), all);
}

#[test]
fn each_filter_keeps_what_it_says_and_they_hold_together() {
    let fixture = with_runs(200);
    let runs: Vec<Run> = (0..200).map(|number| seed::run(number, number % 5)).collect();
    let expect = |query: RunQuery, keep: &dyn Fn(&Run) -> bool| {
        let expected: Vec<u32> = (0..200).rev().filter(|number| keep(&runs[*number as usize])).collect();
        assert!(!expected.is_empty() && expected.len() < 200);
        assert_eq!(numbers(&fixture, &query), expected, "{query:?}");
    };
    let none = RunQuery::default();
    let gitter = ProviderId::new("gitter");
    expect(RunQuery { client: Some(seed::client_id(2)), ..none.clone() }, &|r| r.client == seed::client_id(2));
    expect(RunQuery { provider: Some(gitter.clone()), ..none.clone() }, &|r| r.provider == gitter);
    expect(RunQuery { environment: Some(Environment::Production), ..none.clone() }, &|r| {
        r.environment == Environment::Production
    });
    expect(RunQuery { browser: Some(Browser::Paste), ..none.clone() }, &|r| r.browser == Browser::Paste);
    for standing in [RunStanding::Passed, RunStanding::Warned, RunStanding::Failed] {
        expect(RunQuery { standing: Some(standing), ..none.clone() }, &|r| RunStanding::of(&r.outcome) == standing);
    }
    expect(RunQuery { reason: Some(EndReason::Denied), ..none.clone() }, &|r| outcome_word(&r.outcome) == "denied");
    let (from, until) = (seed::minute(50), seed::minute(60));
    expect(RunQuery { from: Some(from), until: Some(until), ..none.clone() }, &|r| {
        r.started_at >= from && r.started_at < until
    });
    let together =
        RunQuery { search: "denied".to_owned(), environment: Some(Environment::Sandbox), from: Some(from), ..none };
    expect(together, &|r| {
        outcome_word(&r.outcome) == "denied" && r.environment == Environment::Sandbox && r.started_at >= from
    });
}

#[test]
fn a_login_with_findings_or_stopped_by_the_person_is_a_warning_and_any_other_end_a_failure() {
    let ended = |reason| Outcome::Ended(Ending { reason, sentence: String::new(), next: String::new() });
    assert_eq!(RunStanding::of(&Outcome::Running), RunStanding::Running);
    assert_eq!(RunStanding::of(&Outcome::LoggedIn { findings: 0 }), RunStanding::Passed);
    assert_eq!(RunStanding::of(&Outcome::LoggedIn { findings: 2 }), RunStanding::Warned);
    assert_eq!(RunStanding::of(&ended(EndReason::Cancelled)), RunStanding::Warned);
    assert_eq!(RunStanding::of(&ended(EndReason::TokenRefused)), RunStanding::Failed);
}

#[test]
fn a_deleted_run_is_gone_until_it_is_restored_or_purged() {
    let fixture = with_runs(3);
    let id = seed::run_id(1);
    let token = SealedToken { name: "access_token".to_owned(), sealing_key: "k1".to_owned(), sealed: vec![1, 2, 3] };
    fixture.store.write_blocking(|tx| sealed_token::put(tx, &id, &token)).unwrap();
    fixture.store.write_durably_blocking(|tx| run::delete(tx, &id, seed::minute(9))).unwrap();
    assert_eq!(numbers(&fixture, &RunQuery::default()), [2, 0]);
    let searched = RunQuery { search: "Guild".to_owned(), ..RunQuery::default() };
    assert_eq!(numbers(&fixture, &searched), [0; 0]);
    assert!(fixture.store.read_blocking(|db| run::open(db, &id)).is_err());
    assert_eq!(fixture.store.read_blocking(|db| sealed_token::find(db, &id, "access_token")).unwrap(), None);
    let again = fixture.store.write_blocking(|tx| run::delete(tx, &id, seed::minute(9)));
    assert!(matches!(again, Err(StoreError::NoSuchRun(_))));

    fixture.store.write_durably_blocking(|tx| run::restore(tx, &id)).unwrap();
    assert_eq!(numbers(&fixture, &searched), [1]);
    assert_eq!(fixture.store.read_blocking(|db| run::open(db, &id)).unwrap().sealed_tokens, ["access_token"]);
    assert!(fixture.store.write_blocking(|tx| run::restore(tx, &id)).is_err(), "there is nothing to restore");

    fixture.store.write_blocking(|tx| run::delete(tx, &id, seed::minute(9))).unwrap();
    let purge =
        |minute| fixture.store.write_blocking(|tx| run::purge_deleted_before(tx, seed::minute(minute))).unwrap();
    assert_eq!((purge(8), purge(9), purge(9)), (0, 1, 0));
    assert!(fixture.store.write_blocking(|tx| run::restore(tx, &id)).is_err());
    let left = |table: &str| {
        let sql = format!("SELECT count(*) FROM {table} WHERE run NOT IN (SELECT seq FROM run)");
        fixture.store.read_blocking(|db| Ok(db.query_row(&sql, [], |row| row.get::<_, i64>(0))?)).unwrap()
    };
    assert_eq!((left("step"), left("exchange"), left("sealed_token")), (0, 0, 0));
}

#[test]
fn a_run_that_is_going_on_is_not_deleted() {
    let fixture = Fixture::new();
    fixture.store.write_blocking(|tx| run::start(tx, &running(1))).unwrap();
    let result = fixture.store.write_blocking(|tx| run::delete(tx, &seed::run_id(1), seed::minute(0)));
    assert!(matches!(result, Err(StoreError::RunIsGoingOn(_))));
}

#[test]
fn a_row_that_cannot_be_read_is_an_error_and_not_a_guess() {
    let fixture = with_runs(1);
    fixture.store.write_blocking(|tx| Ok(tx.execute("UPDATE run SET outcome = 'levitated'", [])?)).unwrap();
    let result = fixture.store.read_blocking(|db| run::list(db, &RunQuery::default()));
    assert!(matches!(result, Err(StoreError::Unreadable(_))));
    fixture.store.write_blocking(|tx| Ok(tx.execute("UPDATE step SET findings = '{'", [])?)).unwrap();
    fixture.store.write_blocking(|tx| Ok(tx.execute("UPDATE run SET outcome = 'denied'", [])?)).unwrap();
    let result = fixture.store.read_blocking(|db| run::open(db, &seed::run_id(0)));
    assert!(matches!(result, Err(StoreError::Unreadable(_))));
}
