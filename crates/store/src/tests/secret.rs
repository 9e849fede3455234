//! Secret versions: numbered, one of them active, none of them a value.

use gatewright_model::SecretVersion;
use gatewright_model::secret_version::{SecretPlace, SecretVersionChange, SecretVersionState};

use super::Fixture;
use crate::intent::{self, IntentKind};
use crate::{StoreError, Transaction, client, secret_version, seed};

fn version(number: u32, state: SecretVersionState, place: SecretPlace) -> SecretVersion {
    let due_at = seed::secret_version(1).due_at.filter(|_| state == SecretVersionState::Active);
    SecretVersion { version: number, state, place, due_at, ..seed::secret_version(1) }
}

fn with_client() -> Fixture {
    let fixture = Fixture::new();
    fixture.store.write_blocking(|tx| client::insert(tx, &seed::client(1))).unwrap();
    fixture
}

fn states(fixture: &Fixture) -> Vec<(u32, SecretVersionState)> {
    let list = fixture.store.read_blocking(|db| secret_version::list(db, &seed::client_id(1))).unwrap();
    list.into_iter().map(|version| (version.version, version.state)).collect()
}

/// How many are in memory only, and how many on their way.
fn outside(fixture: &Fixture) -> (u32, u32) {
    let outside = fixture.store.read_blocking(secret_version::outside_keyring).unwrap();
    (outside.session, outside.moving)
}

#[test]
fn a_version_comes_back_as_it_went_in_and_numbers_go_on() {
    let fixture = with_client();
    let id = seed::client_id(1);
    let next = || fixture.store.read_blocking(|db| secret_version::next_number(db, &id)).unwrap();
    assert_eq!(next(), 1);
    let first = SecretVersion { last_four: None, ..version(1, SecretVersionState::Active, SecretPlace::Keyring) };
    fixture.store.write_durably_blocking(|tx| secret_version::insert(tx, &first)).unwrap();
    assert_eq!(next(), 2);
    assert_eq!(fixture.store.read_blocking(|db| secret_version::active(db, &id)).unwrap(), Some(first.clone()));
    assert_eq!(fixture.store.read_blocking(|db| secret_version::list(db, &id)).unwrap(), [first]);
}

#[test]
fn two_versions_that_are_being_kept_at_once_have_two_numbers() {
    let fixture = with_client();
    let id = seed::client_id(1);
    let begin = || {
        let begin = |tx: &Transaction<'_>| {
            let number = secret_version::next_number(tx, &id)?;
            intent::declare(tx, IntentKind::KeepSecret, &id, number, seed::minute(0))?;
            Ok(number)
        };
        fixture.store.write_durably_blocking(begin).unwrap()
    };
    assert_eq!((begin(), begin()), (1, 2));
}

#[test]
fn a_client_has_at_most_one_active_version() {
    let fixture = with_client();
    let id = seed::client_id(1);
    let insert = |number, state| {
        fixture.store.write_blocking(|tx| secret_version::insert(tx, &version(number, state, SecretPlace::Keyring)))
    };
    insert(1, SecretVersionState::Active).unwrap();
    assert!(insert(2, SecretVersionState::Active).is_err());
    insert(2, SecretVersionState::Staged).unwrap();
    let promote = |number, former| {
        fixture.store.write_durably_blocking(|tx| secret_version::promote(tx, &id, number, former, seed::minute(5)))
    };
    let promoted = promote(2, SecretVersionChange::Supersede).unwrap();
    assert_eq!((promoted.state, promoted.promoted_at), (SecretVersionState::Active, promoted.promoted_at));
    assert_eq!(states(&fixture), [(2, SecretVersionState::Active), (1, SecretVersionState::Retiring)]);
    let again = promote(2, SecretVersionChange::Retire);
    assert!(matches!(again, Err(StoreError::SecretVersionChange(_))), "it is active already");
    assert_eq!(states(&fixture), [(2, SecretVersionState::Active), (1, SecretVersionState::Retiring)]);
    promote(1, SecretVersionChange::StepBack).unwrap();
    assert_eq!(states(&fixture), [(2, SecretVersionState::Staged), (1, SecretVersionState::Active)]);
}

#[test]
fn a_version_that_is_not_there_is_named_and_nothing_is_changed() {
    let fixture = with_client();
    let id = seed::client_id(1);
    let first = version(1, SecretVersionState::Active, SecretPlace::Keyring);
    fixture.store.write_blocking(|tx| secret_version::insert(tx, &first)).unwrap();
    let result = fixture
        .store
        .write_blocking(|tx| secret_version::promote(tx, &id, 7, SecretVersionChange::Retire, seed::minute(5)));
    assert!(matches!(result, Err(StoreError::NoSuchSecretVersion { version: 7, .. })));
    assert_eq!(states(&fixture), [(1, SecretVersionState::Active)], "the whole write was taken back");
    let place = fixture.store.write_blocking(|tx| secret_version::set_place(tx, &id, 7, SecretPlace::Keyring));
    assert!(matches!(place, Err(StoreError::NoSuchSecretVersion { version: 7, .. })));
}

#[test]
fn no_version_without_its_client_and_no_more_than_four_characters() {
    let fixture = with_client();
    let orphan = seed::secret_version(2);
    assert!(fixture.store.write_blocking(|tx| secret_version::insert(tx, &orphan)).is_err());
    let talkative = SecretVersion { last_four: Some("whole-secret".to_owned()), ..seed::secret_version(1) };
    assert!(fixture.store.write_blocking(|tx| secret_version::insert(tx, &talkative)).is_err());
}

#[test]
fn what_was_only_in_memory_is_lost_with_the_session() {
    let fixture = with_client();
    let session = [
        version(1, SecretVersionState::Retired, SecretPlace::Session),
        version(2, SecretVersionState::Active, SecretPlace::Session),
        version(3, SecretVersionState::Staged, SecretPlace::Keyring),
    ];
    fixture
        .store
        .write_blocking(|tx| session.iter().try_for_each(|version| secret_version::insert(tx, version)))
        .unwrap();
    assert_eq!(outside(&fixture), (1, 0));
    let fixture = fixture.reopened();
    assert_eq!(fixture.store.opening().lost_secrets, 1);
    assert_eq!(
        states(&fixture),
        [(3, SecretVersionState::Staged), (2, SecretVersionState::Lost), (1, SecretVersionState::Retired)]
    );
    assert_eq!(outside(&fixture), (0, 0));
    assert_eq!(fixture.reopened().store.opening().lost_secrets, 0);
}

#[test]
fn a_value_that_found_its_way_into_the_keyring_is_not_lost() {
    let fixture = with_client();
    let id = seed::client_id(1);
    let session = version(1, SecretVersionState::Active, SecretPlace::Session);
    fixture
        .store
        .write_blocking(|tx| {
            secret_version::insert(tx, &session)?;
            secret_version::set_fingerprint(tx, &id, 1, "f-kept")?;
            secret_version::set_place(tx, &id, 1, SecretPlace::Keyring)
        })
        .unwrap();
    let fixture = fixture.reopened();
    assert_eq!(states(&fixture), [(1, SecretVersionState::Active)]);
    let active = fixture.store.read_blocking(|db| secret_version::active(db, &id)).unwrap().unwrap();
    assert_eq!((active.place, &*active.fingerprint), (SecretPlace::Keyring, "f-kept"));
}

#[test]
fn a_value_that_was_on_its_way_into_the_keyring_is_not_lost_before_somebody_has_looked() {
    let fixture = with_client();
    let id = seed::client_id(1);
    let session = [
        version(1, SecretVersionState::Retired, SecretPlace::Session),
        version(2, SecretVersionState::Active, SecretPlace::Session),
    ];
    fixture
        .store
        .write_blocking(|tx| {
            session.iter().try_for_each(|version| secret_version::insert(tx, version))?;
            (1..=2).try_for_each(|version| {
                intent::declare(tx, IntentKind::MoveSecret, &id, version, seed::minute(0)).map(drop)
            })
        })
        .unwrap();
    let fixture = fixture.reopened();
    assert_eq!(fixture.store.opening().lost_secrets, 0);
    assert_eq!(states(&fixture), [(2, SecretVersionState::Active), (1, SecretVersionState::Retired)]);
    let places = || fixture.store.read_blocking(|db| secret_version::list(db, &id)).unwrap();
    assert!(places().iter().all(|version| version.place == SecretPlace::Moving), "{:?}", places());
    assert_eq!(outside(&fixture), (0, 1));
    fixture.store.write_blocking(|tx| client::delete(tx, &id, seed::minute(1))).unwrap();
    assert_eq!(outside(&fixture), (0, 0), "nobody can see that client");
    fixture.store.write_blocking(|tx| client::restore(tx, &id)).unwrap();

    let lose = |version| fixture.store.write_blocking(|tx| secret_version::lose_session_value(tx, &id, version));
    assert!(!lose(1).unwrap(), "a retired one could not have been used");
    assert!(lose(2).unwrap());
    assert!(!lose(2).unwrap(), "it is lost already");
    assert_eq!(states(&fixture), [(2, SecretVersionState::Lost), (1, SecretVersionState::Retired)]);
}
