//! Grants: one for each login that gave a refresh token, with it and gone with it.

use gatewright_model::run::StepKind;
use gatewright_model::{Client, Grant, GrantId, GrantState, Outcome, ProtocolSettings, Run};

use super::Fixture;
use crate::versioned_token::{self, TokenPlace};
use crate::{StoreError, client, grant, run, sealed_token, seed, step, token_version};

/// A login that gave these tokens, recorded as the app records it.
pub(super) fn with_login(fixture: &Fixture, number: u32, tokens: &[&str]) -> bool {
    fixture
        .store
        .write_durably_blocking(|tx| {
            seed::write_run(tx, &seed::run(number, number))?;
            tokens
                .iter()
                .try_for_each(|name| sealed_token::put(tx, &seed::run_id(number), &seed::sealed_token(name, number)))?;
            grant::start(tx, &seed::grant(number))
        })
        .unwrap()
}

pub(super) fn found(fixture: &Fixture, number: u32) -> Result<Grant, StoreError> {
    fixture.store.read_blocking(|db| grant::find(db, &seed::grant_id(number)))
}

#[test]
fn a_login_with_a_refresh_token_begins_a_grant_whose_tokens_are_those_of_the_run() {
    let fixture = Fixture::new();
    assert!(with_login(&fixture, 1, &["access_token", "refresh_token"]));
    assert_eq!(found(&fixture, 1).unwrap(), seed::grant(1));
    fixture
        .store
        .read_blocking(|db| {
            assert_eq!(grant::find_by_run(db, &seed::run_id(1))?, Some(seed::grant(1)));
            let kept = versioned_token::current(db, &seed::grant_id(1), "refresh_token")?.unwrap();
            assert_eq!(kept.token, seed::sealed_token("refresh_token", 1));
            assert_eq!((kept.place.table(), kept.place.row()), ("sealed_token", seed::run_id(1).to_string()));
            assert_eq!(versioned_token::current(db, &seed::grant_id(1), "id_token")?, None);
            assert_eq!(versioned_token::current_names(db, &seed::grant_id(1))?, ["access_token", "refresh_token"]);
            assert_eq!(token_version::list(db, &seed::grant_id(1))?.len(), 1);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_login_without_a_refresh_token_begins_none() {
    let fixture = Fixture::new();
    assert!(!with_login(&fixture, 1, &["access_token", "id_token"]));
    assert!(matches!(found(&fixture, 1), Err(StoreError::NoSuchGrant(_))));
    assert_eq!(fixture.store.read_blocking(|db| grant::find_by_run(db, &seed::run_id(1))).unwrap(), None);
}

#[test]
fn a_run_has_one_grant() {
    let fixture = Fixture::new();
    with_login(&fixture, 1, &["refresh_token"]);
    let second = Grant { id: GrantId::new("second"), ..seed::grant(1) };
    assert!(fixture.store.write_blocking(|tx| grant::start(tx, &second)).is_err());
    let orphan = fixture.store.write_blocking(|tx| grant::start(tx, &seed::grant(2)));
    assert!(matches!(orphan, Err(StoreError::NoSuchRun(_))));
}

#[test]
fn the_grants_of_a_client_are_listed_newest_first() {
    let fixture = Fixture::new();
    with_login(&fixture, 1, &["refresh_token"]);
    fixture
        .store
        .write_blocking(|tx| {
            seed::write_run(tx, &seed::run(2, 1))?;
            sealed_token::put(tx, &seed::run_id(2), &seed::sealed_token("refresh_token", 2))?;
            grant::start(tx, &Grant { client: seed::client_id(1), ..seed::grant(2) })
        })
        .unwrap();
    let list = fixture.store.read_blocking(|db| grant::list_by_client(db, &seed::client_id(1))).unwrap();
    assert_eq!(list.iter().map(|grant| &grant.id).collect::<Vec<_>>(), [&seed::grant_id(2), &seed::grant_id(1)]);
}

#[test]
fn a_grant_goes_with_its_run_and_comes_back_with_it() {
    let fixture = Fixture::new();
    with_login(&fixture, 1, &["refresh_token"]);
    let delete = || fixture.store.write_blocking(|tx| run::delete(tx, &seed::run_id(1), seed::minute(0))).unwrap();
    delete();
    assert!(matches!(found(&fixture, 1), Err(StoreError::NoSuchGrant(_))));
    fixture.store.write_blocking(|tx| run::restore(tx, &seed::run_id(1))).unwrap();
    assert_eq!(found(&fixture, 1).unwrap(), seed::grant(1));
    delete();
    assert_eq!(fixture.store.write_blocking(|tx| run::purge_deleted_before(tx, seed::minute(0))).unwrap(), 1);
    let left: u32 = fixture
        .store
        .read_blocking(|db| Ok(db.query_row("SELECT count(*) FROM token_grant", [], |row| row.get(0))?))
        .unwrap();
    assert_eq!(left, 0);
}

#[test]
fn a_grant_that_is_over_keeps_its_tokens_so_that_they_can_be_tried() {
    let fixture = Fixture::new();
    with_login(&fixture, 1, &["access_token", "refresh_token"]);
    fixture.store.write_durably_blocking(|tx| grant::end(tx, &seed::grant_id(1))).unwrap();
    assert_eq!(found(&fixture, 1).unwrap().state, GrantState::Ended);
    let kept = fixture.store.read_blocking(|db| versioned_token::current_names(db, &seed::grant_id(1))).unwrap();
    assert_eq!(kept, ["access_token", "refresh_token"]);
    let nobody = fixture.store.write_blocking(|tx| grant::end(tx, &seed::grant_id(7)));
    assert!(matches!(nobody, Err(StoreError::NoSuchGrant(_))));
}

#[test]
fn what_is_done_with_the_tokens_later_is_added_to_the_run() {
    let fixture = Fixture::new();
    with_login(&fixture, 1, &["refresh_token"]);
    let before = fixture.store.read_blocking(|db| run::open(db, &seed::run_id(1))).unwrap();
    let refresh = seed::plain_step(StepKind::Refresh, "New tokens came.");
    let place = fixture.store.write_blocking(|tx| step::append(tx, &seed::run_id(1), &refresh)).unwrap();
    assert_eq!(place, 5);
    let after = fixture.store.read_blocking(|db| run::open(db, &seed::run_id(1))).unwrap();
    assert_eq!((after.steps.last(), after.run), (Some(&refresh), before.run));

    let running = Run { outcome: Outcome::Running, ..seed::run(2, 1) };
    let early = fixture.store.write_blocking(|tx| {
        run::start(tx, &running)?;
        step::append(tx, &running.id, &refresh)
    });
    assert!(matches!(early, Err(StoreError::RunIsGoingOn(_))));
}

#[test]
fn the_place_of_a_token_says_table_and_row() {
    let place = TokenPlace::of_version(&seed::grant_id(1), 2);
    assert_eq!(place.table(), "versioned_token");
    assert_eq!(place.row(), format!("{}/2", seed::grant_id(1)));
}

#[test]
fn a_clients_protocol_settings_come_back_and_can_be_taken_back() {
    let fixture = Fixture::new();
    let settings = ProtocolSettings { max_age: Some(60), hmac_allowed: true, ..ProtocolSettings::default() };
    let kept = Client { protocol_settings: settings, ..seed::client(1) };
    let find = || fixture.store.read_blocking(|db| client::find(db, &kept.id)).unwrap();
    fixture.store.write_blocking(|tx| client::insert(tx, &kept)).unwrap();
    assert_eq!(find(), kept);
    fixture.store.write_blocking(|tx| client::update(tx, &seed::client(1))).unwrap();
    assert_eq!(find(), seed::client(1));
}
