//! Rotations of clients' secrets: one at a time, one task at a time, nothing overwritten that somebody has not read.

use gatewright_model::rotation::{
    Driver, PendingWork, RotatedSecret, RotationChange, RotationRefusal, RotationStep, Strategy, WrittenClientId,
};
use gatewright_model::secret_version::{ProofVerdict, SecretVersionState};
use gatewright_model::{AttemptId, Rotation, RotationId, RunId, SecretVersion};
use gatewright_protocol::ClientId;
use jiff::{SignedDuration, Timestamp};

use super::Fixture;
use crate::secret_rotation::{self, Kept, SecretRotationRefusal};
use crate::{StoreError, client, secret_version, seed};

fn with_client() -> Fixture {
    let fixture = Fixture::new();
    let second = SecretVersion {
        version: 2,
        state: SecretVersionState::Staged,
        due_at: None,
        promoted_at: None,
        ..seed::secret_version(1)
    };
    let rows = move |tx: &crate::Transaction<'_>| {
        client::insert(tx, &seed::client(1))?;
        secret_version::insert(tx, &SecretVersion { version: 1, ..seed::secret_version(1) })?;
        secret_version::insert(tx, &second)
    };
    fixture.store.write_blocking(rows).unwrap();
    fixture
}

fn rotation(id: &str) -> Rotation {
    let old = RotatedSecret { version: 1, client_id: seed::client(1).client_id };
    let (id, client) = (RotationId::new(id), seed::client_id(1));
    Rotation::start(id, client, Strategy::ReplaceClient, Driver::Sandbox, old, seed::minute(1))
}

fn start(fixture: &Fixture, rotation: &Rotation) -> Result<(), StoreError> {
    fixture.store.write_durably_blocking(|tx| secret_rotation::start(tx, rotation))
}

fn found(fixture: &Fixture, id: &str) -> Kept {
    fixture.store.read_blocking(|db| secret_rotation::find(db, &RotationId::new(id))).unwrap()
}

fn put(fixture: &Fixture, rotation: &Rotation, revision: u32) -> Result<(), StoreError> {
    fixture.store.write_durably_blocking(|tx| secret_rotation::put(tx, rotation, revision))
}

fn refusal<T: std::fmt::Debug>(result: Result<T, StoreError>) -> SecretRotationRefusal {
    match result {
        Err(StoreError::SecretRotation(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// A rotation with something in every column and every fact.
fn story() -> Vec<RotationChange> {
    let new = ClientId::Text("new-one".to_owned());
    let obtain = PendingWork::Obtain { version: 2, client_id: Some(WrittenClientId::of(&new)) };
    vec![
        RotationChange::OldProved(ProofVerdict::Accepted),
        RotationChange::Begun(obtain),
        RotationChange::CutOff,
        RotationChange::Obtained { client_id: None, issued_as: Some("s2".to_owned()) },
        RotationChange::PassedOver,
        RotationChange::NewProved(ProofVerdict::CannotTell),
        RotationChange::LoginStarted(RunId::new("run")),
        RotationChange::LoggedIn(RunId::new("run")),
        RotationChange::Promoted,
        RotationChange::Begun(PendingWork::EndOld),
        RotationChange::OldEnded,
        RotationChange::OldProvedEnded(ProofVerdict::Refused),
        RotationChange::Retired { unproved: false },
    ]
}

#[test]
fn a_rotation_comes_back_after_every_change_as_it_was_written() {
    let fixture = with_client();
    let mut current = rotation("r");
    start(&fixture, &current).unwrap();
    for (revision, change) in (1..).zip(story()) {
        assert_eq!(found(&fixture, "r"), Kept { rotation: current.clone(), revision });
        current = current.after(change, seed::minute(revision + 1)).unwrap();
        put(&fixture, &current, revision).unwrap();
    }
    let over = found(&fixture.reopened(), "r").rotation;
    assert_eq!(over, current);
    assert_eq!(over.step(), None);
}

#[test]
fn a_client_has_one_rotation_under_way_and_its_former_ones_are_kept() {
    let fixture = with_client();
    start(&fixture, &rotation("first")).unwrap();
    assert_eq!(
        refusal(start(&fixture, &rotation("second"))),
        SecretRotationRefusal::UnderWay(RotationId::new("first"))
    );
    let over = rotation("first").after(RotationChange::Abandoned, seed::minute(2)).unwrap();
    put(&fixture, &over, 1).unwrap();
    assert_eq!(fixture.store.read_blocking(secret_rotation::list_under_way).unwrap(), []);
    start(&fixture, &Rotation { started_at: seed::minute(3), ..rotation("second") }).unwrap();
    let all = fixture.store.read_blocking(|db| secret_rotation::list(db, &seed::client_id(1))).unwrap();
    assert_eq!(all.iter().map(|kept| kept.rotation.id.as_str()).collect::<Vec<_>>(), ["second", "first"]);
    let open = fixture.store.read_blocking(|db| secret_rotation::under_way(db, &seed::client_id(1))).unwrap().unwrap();
    assert_eq!(open.rotation.step(), Some(RotationStep::ProveOld));
}

#[test]
fn of_two_changes_made_from_the_same_reading_the_second_is_refused() {
    let fixture = with_client();
    start(&fixture, &rotation("r")).unwrap();
    let read = found(&fixture, "r");
    let proved = read.rotation.after(RotationChange::OldProved(ProofVerdict::Accepted), seed::minute(2)).unwrap();
    let abandoned = read.rotation.after(RotationChange::Abandoned, seed::minute(2)).unwrap();
    put(&fixture, &proved, read.revision).unwrap();
    assert_eq!(refusal(put(&fixture, &abandoned, read.revision)), SecretRotationRefusal::GoneOn);
    assert_eq!(found(&fixture, "r").rotation, proved);
}

#[test]
fn one_task_at_a_time_works_on_a_rotation_and_none_outlives_the_session() {
    let fixture = with_client();
    start(&fixture, &rotation("r")).unwrap();
    let until = seed::minute(5) + SignedDuration::from_secs(1);
    let lease = |fixture: &Fixture, owner: &str, now: Timestamp| {
        let (id, owner) = (RotationId::new("r"), AttemptId::new(owner));
        fixture.store.write_durably_blocking(|tx| secret_rotation::lease(tx, &id, &owner, until, now))
    };
    lease(&fixture, "one", seed::minute(1)).unwrap();
    lease(&fixture, "one", seed::minute(2)).unwrap();
    assert_eq!(refusal(lease(&fixture, "two", seed::minute(2))), SecretRotationRefusal::Leased { until });
    lease(&fixture, "two", until).expect("its time is over");
    let (id, one) = (RotationId::new("r"), AttemptId::new("one"));
    fixture.store.write_blocking(|tx| secret_rotation::release(tx, &id, &one)).unwrap();
    assert!(lease(&fixture, "one", seed::minute(3)).is_err(), "one lets go of nothing that two has");
    lease(&fixture.reopened(), "three", seed::minute(3)).unwrap();
}

#[test]
fn what_a_rotation_cannot_take_is_said_as_a_refusal() {
    let over = rotation("r").after(RotationChange::Abandoned, seed::minute(2)).unwrap();
    let refused = over.after(RotationChange::PassedOver, seed::minute(3)).map_err(SecretRotationRefusal::from);
    assert_eq!(refused, Err(SecretRotationRefusal::Impossible(RotationRefusal::Over)));
}
