//! What runs have shown of statements: the newest of each kind, how often, and each server for itself.

use gatewright_model::observation::{Agreement, Observation};
use gatewright_model::{Environment, ProviderId, RunId};

use super::Fixture;
use crate::observation::{self, Observed, Witness};
use crate::{provider, seed};

const STATEMENT: &str = "dialect.token_response.token_type";

fn seen(agreement: Agreement, saw: &str) -> Observation {
    Observation { statement: STATEMENT, agreement, saw: saw.to_owned(), step: 4, exchange: 0 }
}

fn note(fixture: &Fixture, environment: Environment, minute: u32, seen: &Observation, value: &str) {
    let (provider, run) = (ProviderId::new("mine"), RunId::new(format!("run-{minute}")));
    let write = |tx: &rusqlite::Transaction<'_>| {
        let witness = Witness { provider: &provider, environment, run: &run, at: seed::minute(minute) };
        observation::note(tx, &witness, seen, value)
    };
    fixture.store.write_blocking(write).unwrap();
}

fn list(fixture: &Fixture, environment: Environment) -> Vec<Observed> {
    fixture.store.read_blocking(|db| observation::list(db, &ProviderId::new("mine"), environment)).unwrap()
}

#[test]
fn the_newest_of_each_kind_is_kept_with_how_often_it_was_seen() {
    let fixture = Fixture::new();
    let (yes, no) = (seen(Agreement::Confirms, "It was."), seen(Agreement::Contradicts, "It was not."));
    note(&fixture, Environment::Production, 1, &yes, "\"Bearer\"");
    note(&fixture, Environment::Production, 2, &no, "\"Bearer\"");
    note(&fixture, Environment::Production, 3, &yes, "\"Bearer\"");
    let fixture = fixture.reopened();
    let [confirmed, contradicted] = list(&fixture, Environment::Production).try_into().unwrap();
    assert_eq!((confirmed.times, confirmed.run.as_str()), (2, "run-3"));
    assert_eq!((confirmed.first_at, confirmed.seen_at), (seed::minute(1), seed::minute(3)));
    assert_eq!((contradicted.times, contradicted.saw.as_str()), (1, "It was not."));
    assert!(!confirmed.run_is_kept, "there is no such run");
}

#[test]
fn a_twin_confirms_nothing_of_the_real_provider() {
    let fixture = Fixture::new();
    note(&fixture, Environment::Sandbox, 1, &seen(Agreement::Confirms, "It was."), "\"Bearer\"");
    assert!(list(&fixture, Environment::Production).is_empty());
    assert_eq!(list(&fixture, Environment::Sandbox).len(), 1);
}

#[test]
fn a_statement_that_says_something_else_begins_anew() {
    let fixture = Fixture::new();
    let yes = seen(Agreement::Confirms, "It was.");
    note(&fixture, Environment::Production, 1, &yes, "\"Bearer\"");
    note(&fixture, Environment::Production, 2, &yes, "\"bearer\"");
    let [one] = list(&fixture, Environment::Production).try_into().unwrap();
    assert_eq!((one.times, one.first_at, one.stated.as_str()), (1, seed::minute(2), "\"bearer\""));
}

#[test]
fn a_run_that_is_looked_through_again_takes_only_what_it_was_the_last_to_show_there() {
    let fixture = Fixture::new();
    let (yes, no) = (seen(Agreement::Confirms, "It was."), seen(Agreement::Contradicts, "It was not."));
    note(&fixture, Environment::Production, 1, &yes, "1");
    note(&fixture, Environment::Production, 2, &no, "1");
    note(&fixture, Environment::Sandbox, 2, &no, "1");
    let (provider, run) = (ProviderId::new("mine"), RunId::new("run-2"));
    let witness = Witness { provider: &provider, environment: Environment::Production, run: &run, at: seed::minute(2) };
    fixture.store.write_blocking(|tx| observation::forget_shown_by(tx, &witness)).unwrap();
    let [left] = list(&fixture, Environment::Production).try_into().unwrap();
    assert_eq!((left.agreement, left.run.as_str()), (Agreement::Confirms, "run-1"));
    assert_eq!(list(&fixture, Environment::Sandbox).len(), 1);
}

#[test]
fn what_is_seen_anew_counts_no_less_than_before_unless_it_is_stated_otherwise() {
    for (stated, expected) in [("1", (3, seed::minute(1))), ("2", (1, seed::minute(9)))] {
        let fixture = Fixture::new();
        let (mine, yes) = (ProviderId::new("mine"), seen(Agreement::Confirms, "It was."));
        (1..=3).for_each(|minute| note(&fixture, Environment::Production, minute, &yes, "1"));
        let [before] = list(&fixture, Environment::Production).try_into().unwrap();
        fixture.store.write_blocking(|tx| observation::forget(tx, &mine)).unwrap();
        note(&fixture, Environment::Production, 9, &yes, stated);
        let keep =
            |tx: &rusqlite::Transaction<'_>| observation::keep_history(tx, &mine, Environment::Production, &before);
        fixture.store.write_blocking(keep).unwrap();
        let [after] = list(&fixture, Environment::Production).try_into().unwrap();
        assert_eq!((after.times, after.first_at), expected, "{stated}");
        assert_eq!(after.seen_at, seed::minute(9));
    }
}

#[test]
fn a_deleted_profile_takes_what_was_observed_with_it() {
    let fixture = Fixture::new();
    let mine = ProviderId::new("mine");
    fixture.store.write_durably_blocking(|tx| provider::put(tx, &mine, "id = \"mine\"", seed::minute(1))).unwrap();
    note(&fixture, Environment::Production, 1, &seen(Agreement::Confirms, "It was."), "1");
    fixture.store.write_durably_blocking(|tx| provider::remove(tx, &mine)).unwrap();
    assert!(list(&fixture, Environment::Production).is_empty());
}
