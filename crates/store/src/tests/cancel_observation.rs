//! What was seen of cancels: one row for each run, the newest first, gone with its provider.

use gatewright_model::cancel::{CancelSeen, CancelSignal};
use gatewright_model::{Environment, ProviderId};

use super::Fixture;
use crate::cancel_observation::{self, CancelObservation};
use crate::{provider, seed};

fn observed(number: u32, provider: &str, signal: CancelSignal) -> CancelObservation {
    CancelObservation {
        run: seed::run_id(number),
        provider: ProviderId::new(provider),
        environment: Environment::Sandbox,
        client_name: "Forum login".to_owned(),
        seen: CancelSeen { signal, error: Some("access_denied".to_owned()), page: None },
        by_person: false,
        seen_at: seed::minute(number),
    }
}

fn put(fixture: &Fixture, observation: &CancelObservation) {
    fixture.store.write_durably_blocking(|tx| cancel_observation::put(tx, observation)).unwrap();
}

fn newest(fixture: &Fixture, provider: &str, environment: Environment) -> Vec<CancelObservation> {
    let provider = ProviderId::new(provider);
    fixture.store.read_blocking(|db| cancel_observation::newest(db, &provider, environment, 2)).unwrap()
}

#[test]
fn observations_of_one_server_come_newest_first_and_no_more_than_asked() {
    let fixture = Fixture::new();
    let all = CancelSignal::ALL.into_iter().zip(1..).map(|(signal, number)| observed(number, "mine", signal));
    let all: Vec<_> = all.collect();
    for observation in &all {
        put(&fixture, observation);
    }
    put(&fixture, &observed(20, "other", CancelSignal::Nothing));
    let fixture = fixture.reopened();
    let expected = [all[all.len() - 1].clone(), all[all.len() - 2].clone()];
    assert_eq!(newest(&fixture, "mine", Environment::Sandbox), expected);
    assert_eq!(newest(&fixture, "mine", Environment::Production), []);
}

#[test]
fn a_person_corrects_what_was_told_from_a_run() {
    let fixture = Fixture::new();
    let told = observed(1, "mine", CancelSignal::WindowClosed);
    put(&fixture, &told);
    let seen = CancelSeen { signal: CancelSignal::OtherPage, error: None, page: None };
    let corrected = CancelObservation { seen, by_person: true, ..told.clone() };
    put(&fixture, &corrected);
    let found = fixture.store.read_blocking(|db| cancel_observation::find(db, &told.run)).unwrap();
    assert_eq!(found, Some(corrected));
}

#[test]
fn with_a_provider_goes_how_it_was_seen_to_cancel() {
    let fixture = Fixture::new();
    let id = ProviderId::new("mine");
    fixture.store.write_durably_blocking(|tx| provider::put(tx, &id, "text", seed::minute(1))).unwrap();
    put(&fixture, &observed(1, "mine", CancelSignal::BareRedirect));
    fixture.store.write_durably_blocking(|tx| provider::remove(tx, &id)).unwrap();
    assert_eq!(newest(&fixture, "mine", Environment::Sandbox), []);
}
