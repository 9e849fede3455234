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
fn a_deleted_profile_takes_what_was_observed_with_it() {
    let fixture = Fixture::new();
    let mine = ProviderId::new("mine");
    fixture.store.write_durably_blocking(|tx| provider::put(tx, &mine, "id = \"mine\"", seed::minute(1))).unwrap();
    note(&fixture, Environment::Production, 1, &seen(Agreement::Confirms, "It was."), "1");
    fixture.store.write_durably_blocking(|tx| provider::remove(tx, &mine)).unwrap();
    assert!(list(&fixture, Environment::Production).is_empty());
}
