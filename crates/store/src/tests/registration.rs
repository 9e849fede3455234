//! Registrations: the newest token counts, and what an interruption leaves is found.

use gatewright_model::{ClientRecordId, Environment, ProviderId};

use super::Fixture;
use crate::registration::{self, AgreedPlace, RegistrationRow};
use crate::registration_intent::{self, RegistrationIntent};
use crate::registration_token::{self, RegistrationToken};
use crate::{client, seed};

fn with_client() -> (Fixture, ClientRecordId) {
    let fixture = Fixture::new();
    let row = seed::client(1);
    let id = row.id.clone();
    fixture.store.write_blocking(|tx| client::insert(tx, &row)).unwrap();
    (fixture, id)
}

fn row(client: &ClientRecordId, name: &str) -> RegistrationRow {
    RegistrationRow {
        client: client.clone(),
        address: "https://id.example/reg/7".to_owned(),
        metadata: format!(r#"{{"client_name":"{name}"}}"#),
        read_at: seed::minute(1),
        gone_at: None,
        agreed: None,
    }
}

fn token(version: u32) -> RegistrationToken {
    let sealed = vec![u8::try_from(version).unwrap(); 3];
    RegistrationToken { version, sealed, created_at: seed::minute(version) }
}

#[test]
fn what_was_read_last_takes_the_place_of_what_was_read_before() {
    let (fixture, id) = with_client();
    for name in ["Shop", "New shop"] {
        fixture.store.write_blocking(|tx| registration::put(tx, &row(&id, name))).unwrap();
    }
    let fixture = fixture.reopened();
    assert_eq!(fixture.store.read_blocking(|db| registration::find(db, &id)).unwrap(), Some(row(&id, "New shop")));
    fixture.store.write_blocking(|tx| registration::mark_gone(tx, &id, seed::minute(5))).unwrap();
    fixture.store.write_blocking(|tx| registration::mark_gone(tx, &id, seed::minute(9))).unwrap();
    let found = fixture.store.read_blocking(|db| registration::find(db, &id)).unwrap().unwrap();
    assert_eq!(found.gone_at, Some(seed::minute(5)), "it was gone the first time");
}

#[test]
fn a_place_that_was_agreed_to_is_kept_with_what_is_read_later() {
    let (fixture, id) = with_client();
    let read = || fixture.store.read_blocking(|db| registration::find(db, &id)).unwrap().unwrap();
    fixture.store.write_blocking(|tx| registration::put(tx, &row(&id, "Shop"))).unwrap();
    fixture
        .store
        .write_blocking(|tx| registration::agree_to(tx, &id, "https://admin.example", seed::minute(3)))
        .unwrap();
    let agreed = AgreedPlace { place: "https://admin.example".to_owned(), at: Some(seed::minute(3)) };
    assert_eq!(read().agreed, Some(agreed));
    let newer = RegistrationRow { metadata: r#"{"client_name":"New shop"}"#.to_owned(), ..read() };
    fixture.store.write_blocking(|tx| registration::put(tx, &newer)).unwrap();
    assert_eq!(read(), newer);
    fixture.store.write_blocking(|tx| registration::withdraw_agreement(tx, &id)).unwrap();
    assert_eq!(read(), RegistrationRow { agreed: None, ..newer });
}

#[test]
fn the_newest_token_counts_and_the_one_before_is_kept() {
    let (fixture, id) = with_client();
    fixture.store.write_blocking(|tx| registration::put(tx, &row(&id, "Shop"))).unwrap();
    assert_eq!(fixture.store.read_blocking(|db| registration_token::current(db, &id)).unwrap(), None);
    for version in 1..=3 {
        let next = fixture.store.read_blocking(|db| registration_token::next_version(db, &id)).unwrap();
        assert_eq!(next, version);
        fixture.store.write_blocking(|tx| registration_token::add(tx, &id, &token(version))).unwrap();
        let current = fixture.store.read_blocking(|db| registration_token::current(db, &id)).unwrap();
        assert_eq!(current, Some(token(version)));
    }
    let count = "SELECT count(*) FROM registration_token";
    let kept: u32 = fixture.store.read_blocking(|db| Ok(db.query_row(count, [], |row| row.get(0))?)).unwrap();
    assert_eq!(kept, 2);
}

#[test]
fn a_registration_and_its_tokens_go_with_their_client() {
    let (fixture, id) = with_client();
    fixture
        .store
        .write_blocking(|tx| {
            registration::put(tx, &row(&id, "Shop"))?;
            registration_token::add(tx, &id, &token(1))?;
            tx.execute("DELETE FROM client", [])?;
            Ok(())
        })
        .unwrap();
    assert_eq!(fixture.store.read_blocking(|db| registration_token::current(db, &id)).unwrap(), None);
}

#[test]
fn a_registration_that_was_interrupted_is_found_until_it_is_settled() {
    let fixture = Fixture::new();
    let intent = RegistrationIntent {
        client: ClientRecordId::new("new"),
        provider: ProviderId::new("chaster"),
        environment: Environment::Sandbox,
        name: "Shop".to_owned(),
        started_at: seed::minute(3),
    };
    fixture.store.write_durably_blocking(|tx| registration_intent::declare(tx, &intent)).unwrap();
    let fixture = fixture.reopened();
    assert_eq!(fixture.store.read_blocking(registration_intent::list).unwrap(), std::slice::from_ref(&intent));
    for _ in 0..2 {
        fixture.store.write_blocking(|tx| registration_intent::settle(tx, &intent.client)).unwrap();
    }
    assert_eq!(fixture.store.read_blocking(registration_intent::list).unwrap(), []);
}
