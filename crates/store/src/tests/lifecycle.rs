//! What becomes of a secret: promoted, proved, retired, removed; due by its client's policy; deployed where its owner says.

use gatewright_model::deployment::VersionInUse;
use gatewright_model::secret_version::{Proof, ProofVerdict, RotationPolicy, SecretPlace, SecretVersionChange};
use gatewright_model::{Client, Deployment, Ownership, SecretVersion, SecretVersionState};
use jiff::Timestamp;

use super::Fixture;
use crate::client::rotation_policy;
use crate::secret_version::{due, promote, prove, retired_before};
use crate::{StoreError, client, deployment, secret_version, seed};

const DAY: u32 = 24 * 60;

/// Clients 0 to `clients`, each with one active secret that was stored on the day with its number.
fn with_clients(clients: u32) -> Fixture {
    let fixture = Fixture::new();
    fixture
        .store
        .write_blocking(|tx| {
            for number in 0..clients {
                client::insert(tx, &Client { ownership: Ownership::Owned, ..seed::client(number) })?;
                let stored = seed::minute(number * DAY);
                let secret =
                    SecretVersion { created_at: stored, promoted_at: Some(stored), ..seed::secret_version(number) };
                secret_version::insert(tx, &secret)?;
            }
            Ok(())
        })
        .unwrap();
    fixture
}

fn staged(number: u32, version: u32) -> SecretVersion {
    let client = seed::client_id(number);
    SecretVersion::staged(client, version, SecretPlace::Keyring, "f-new".to_owned(), seed::minute(1))
}

fn versions(fixture: &Fixture, number: u32) -> Vec<SecretVersion> {
    fixture.store.read_blocking(|db| secret_version::list(db, &seed::client_id(number))).unwrap()
}

fn page(fixture: &Fixture) -> Vec<due::DueRow> {
    fixture.store.read_blocking(|db| due::page(db, 100, 0)).unwrap()
}

#[test]
fn a_rotation_is_written_down_with_its_times() {
    let fixture = with_clients(1);
    let id = seed::client_id(0);
    let (store, minute) = (&fixture.store, seed::minute);
    store
        .write_blocking(|tx| {
            secret_version::insert(tx, &staged(0, 2))?;
            promote(tx, &id, 2, SecretVersionChange::Supersede, minute(10))?;
            secret_version::change(tx, &id, 1, SecretVersionChange::Retire, minute(20))
        })
        .unwrap();
    let [new, old] = <[SecretVersion; 2]>::try_from(versions(&fixture, 0)).unwrap();
    assert_eq!((new.state, new.promoted_at), (SecretVersionState::Active, Some(minute(10))));
    assert_eq!(new.due_at, Some(minute(10 + 90 * DAY)));
    assert_eq!((old.state, old.promoted_at), (SecretVersionState::Retired, Some(minute(0))));
    assert_eq!((old.retiring_since, old.retired_at, old.due_at), (Some(minute(10)), Some(minute(20)), None));
    let back = store.write_blocking(|tx| promote(tx, &id, 1, SecretVersionChange::StepBack, minute(30)));
    assert!(matches!(back, Err(StoreError::SecretVersionChange(_))), "what is retired stays so");
    assert_eq!(versions(&fixture, 0)[0], new, "and the active one stays active");
}

#[test]
fn the_last_answer_about_a_secret_is_kept_and_the_last_good_one_too() {
    let fixture = with_clients(1);
    let id = seed::client_id(0);
    let ask = |verdict, minute| {
        let proof = Proof { verdict, at: seed::minute(minute) };
        fixture.store.write_blocking(|tx| prove(tx, &id, 1, proof)).unwrap();
        versions(&fixture, 0).remove(0)
    };
    assert_eq!(versions(&fixture, 0)[0].last_proof, None);
    assert_eq!(ask(ProofVerdict::Accepted, 1).last_accepted_at, Some(seed::minute(1)));
    let unknown = ask(ProofVerdict::CannotTell, 2);
    assert_eq!(unknown.last_proof, Some(Proof { verdict: ProofVerdict::CannotTell, at: seed::minute(2) }));
    assert_eq!(unknown.last_accepted_at, Some(seed::minute(1)));
    let proof = Proof { verdict: ProofVerdict::Refused, at: seed::minute(3) };
    let missing = fixture.store.write_blocking(|tx| prove(tx, &id, 7, proof));
    assert!(matches!(missing, Err(StoreError::NoSuchSecretVersion { version: 7, .. })));
    assert_eq!(page(&fixture)[0].last_proof.map(|proof| proof.verdict), Some(ProofVerdict::CannotTell));
    let waiting = |minute| fixture.store.read_blocking(|db| due::not_proved_since(db, seed::minute(minute))).unwrap();
    assert_eq!(waiting(1), [], "asked after that");
    assert_eq!(waiting(2).iter().map(|kept| (&kept.client, kept.version)).collect::<Vec<_>>(), [(&id, 1)]);
    let rows = fixture.store.read_blocking(|db| client::list(db, &client::ClientQuery::default())).unwrap();
    assert_eq!(rows[0].secret.as_ref().unwrap().last_proof, unknown.last_proof);
}

#[test]
fn what_is_due_first_stands_first_and_what_is_never_due_last() {
    let fixture = with_clients(4);
    let set = |number, policy| {
        fixture.store.write_blocking(|tx| rotation_policy::set(tx, &seed::client_id(number), policy)).unwrap();
    };
    set(0, RotationPolicy::NEVER);
    set(3, RotationPolicy::after_days(7).unwrap());
    let order: Vec<_> = page(&fixture).into_iter().map(|row| (row.client, row.due_at)).collect();
    let expected = [(3, Some(3 + 7)), (1, Some(1 + 90)), (2, Some(2 + 90)), (0, None)];
    assert_eq!(order, expected.map(|(number, day)| (seed::client_id(number), day.map(|day| seed::minute(day * DAY)))));
    let between = |after, until| fixture.store.read_blocking(|db| due::count_between(db, after, until)).unwrap();
    assert_eq!(between(Timestamp::MIN, seed::minute(10 * DAY)), 1);
    assert_eq!(between(seed::minute(10 * DAY), seed::minute(91 * DAY)), 1);
    assert_eq!(fixture.store.read_blocking(due::count).unwrap(), 4);
    let second = fixture.store.read_blocking(|db| due::page(db, 1, 1)).unwrap();
    assert_eq!(second[0].client, seed::client_id(1));
    let policy = fixture.store.read_blocking(|db| rotation_policy::find(db, &seed::client_id(3))).unwrap();
    assert_eq!(policy.days(), Some(7));
}

#[test]
fn only_secrets_of_clients_that_are_owned_and_there_are_due() {
    let fixture = with_clients(3);
    fixture
        .store
        .write_blocking(|tx| {
            client::delete(tx, &seed::client_id(0), seed::minute(1))?;
            client::update(tx, &Client { ownership: Ownership::Shared, ..seed::client(1) })
        })
        .unwrap();
    let left: Vec<_> = page(&fixture).into_iter().map(|row| row.client).collect();
    assert_eq!(left, [seed::client_id(2)]);
    assert_eq!(fixture.store.read_blocking(due::count).unwrap(), 1);
    let gone = fixture.store.write_blocking(|tx| rotation_policy::set(tx, &seed::client_id(0), RotationPolicy::NEVER));
    assert!(matches!(gone, Err(StoreError::NoSuchClient(_))));
    fixture
        .store
        .write_blocking(|tx| {
            client::restore(tx, &seed::client_id(0))?;
            client::update(tx, &seed::client(1))
        })
        .unwrap();
    assert_eq!(page(&fixture).len(), 3, "they are due again with their clients");
}

#[test]
fn a_retired_value_is_kept_until_its_time_is_over_and_its_row_for_ever() {
    let fixture = with_clients(2);
    let id = seed::client_id(1);
    fixture
        .store
        .write_blocking(|tx| secret_version::change(tx, &id, 2, SecretVersionChange::Retire, seed::minute(10)))
        .unwrap();
    let due = |minute| fixture.store.read_blocking(|db| retired_before(db, seed::minute(minute))).unwrap();
    assert_eq!(due(9), []);
    assert_eq!(due(10).iter().map(|kept| (&kept.client, kept.version)).collect::<Vec<_>>(), [(&id, 2)]);
    assert_eq!(fixture.store.read_blocking(secret_version::kept).unwrap().len(), 2);
    for minute in [11, 12] {
        fixture.store.write_blocking(|tx| secret_version::mark_removed(tx, &id, 2, seed::minute(minute))).unwrap();
    }
    assert_eq!(due(99), []);
    assert_eq!(versions(&fixture, 1)[0].removed_at, Some(seed::minute(11)));
    assert_eq!(fixture.store.read_blocking(secret_version::kept).unwrap().len(), 1, "its entry is nobody's now");
}

#[test]
fn a_retired_value_that_was_only_in_memory_went_with_it() {
    let fixture = with_clients(1);
    let id = seed::client_id(0);
    fixture
        .store
        .write_blocking(|tx| {
            secret_version::set_place(tx, &id, 1, SecretPlace::Session)?;
            secret_version::change(tx, &id, 1, SecretVersionChange::Retire, seed::minute(1))
        })
        .unwrap();
    let fixture = fixture.reopened();
    assert!(!versions(&fixture, 0)[0].has_value());
    assert_eq!(fixture.store.opening().lost_secrets, 0, "nobody needs it");
}

#[test]
fn a_deployment_is_added_ticked_renamed_removed_and_brought_back() {
    let fixture = with_clients(2);
    let (store, first) = (&fixture.store, seed::deployment(0));
    let second = Deployment { client: seed::client_id(0), ..seed::deployment(1) };
    store.write_blocking(|tx| [&first, &second].into_iter().try_for_each(|one| deployment::insert(tx, one))).unwrap();
    let list = || store.read_blocking(|db| deployment::list(db, &seed::client_id(0))).unwrap();
    assert_eq!(list(), [first.clone(), second.clone()]);

    let uses = Some(VersionInUse { version: 1, ticked_at: seed::minute(7) });
    store
        .write_blocking(|tx| {
            deployment::tick(tx, &first.id, uses)?;
            deployment::rename(tx, &first.id, "job", "host-2")
        })
        .unwrap();
    let changed = Deployment { uses, name: "job".to_owned(), place: "host-2".to_owned(), ..first.clone() };
    assert_eq!(store.read_blocking(|db| deployment::find(db, &first.id)).unwrap(), changed);
    assert_eq!((page(&fixture)[0].deployments, page(&fixture)[0].deployed), (2, 1));

    store.write_blocking(|tx| deployment::remove(tx, &first.id, seed::minute(9))).unwrap();
    assert_eq!(list(), std::slice::from_ref(&second));
    store.write_blocking(|tx| deployment::restore(tx, &first.id)).unwrap();
    assert_eq!(list(), [changed, second.clone()]);
    store.write_blocking(|tx| deployment::remove(tx, &first.id, seed::minute(9))).unwrap();
    assert_eq!(store.write_blocking(|tx| deployment::purge(tx, seed::minute(8))).unwrap(), 0);
    assert_eq!(store.write_blocking(|tx| deployment::purge(tx, seed::minute(9))).unwrap(), 1);
    let late = store.write_blocking(|tx| deployment::restore(tx, &first.id));
    assert!(matches!(late, Err(StoreError::NoSuchDeployment(_))));
}

#[test]
fn a_deployment_has_no_version_that_never_was() {
    let fixture = with_clients(1);
    let one = seed::deployment(0);
    fixture.store.write_blocking(|tx| deployment::insert(tx, &one)).unwrap();
    let uses = Some(VersionInUse { version: 9, ticked_at: seed::minute(1) });
    let ticked = fixture.store.write_blocking(|tx| deployment::tick(tx, &one.id, uses));
    assert!(matches!(ticked, Err(StoreError::NoSuchSecretVersion { version: 9, .. })));
}

#[test]
fn deployments_go_with_their_client() {
    let fixture = with_clients(1);
    let one = seed::deployment(0);
    fixture
        .store
        .write_blocking(|tx| {
            deployment::insert(tx, &one)?;
            deployment::tick(tx, &one.id, Some(VersionInUse { version: 1, ticked_at: seed::minute(1) }))?;
            client::delete(tx, &seed::client_id(0), seed::minute(2))?;
            client::purge(tx, &seed::client_id(0))
        })
        .unwrap();
    assert!(matches!(
        fixture.store.read_blocking(|db| deployment::find(db, &one.id)),
        Err(StoreError::NoSuchDeployment(_))
    ));
}

#[test]
fn where_a_value_may_be_sent_is_written_beside_it() {
    let fixture = with_clients(1);
    let destination = gatewright_model::client::SecretDestination {
        issuer: "https://a.example".to_owned(),
        token_endpoint: "https://a.example/token".to_owned(),
        revocation_endpoint: None,
        introspection_endpoint: None,
        identity_endpoint: None,
        client_id: "7".to_owned(),
        authentication: "body".to_owned(),
    };
    let id = seed::client_id(0);
    fixture.store.write_blocking(|tx| secret_version::set_destination(tx, &id, &destination)).unwrap();
    assert_eq!(versions(&fixture, 0)[0].destination, Some(destination));
}
