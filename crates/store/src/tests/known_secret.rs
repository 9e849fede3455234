//! What a fingerprint is looked up in.

use gatewright_model::SecretVersionState;
use gatewright_model::secret_version::SecretVersionChange;

use super::Fixture;
use crate::{client, known_secret, secret_version, seed};

#[test]
fn every_version_is_known_with_its_client_also_a_retired_one_and_one_of_a_deleted_client() {
    let fixture = Fixture::new();
    let first = gatewright_model::SecretVersion { version: 1, ..seed::secret_version(1) };
    let second = gatewright_model::SecretVersion {
        version: 2,
        state: SecretVersionState::Staged,
        fingerprint: "0123456789abcdef".to_owned(),
        due_at: None,
        promoted_at: None,
        ..first.clone()
    };
    fixture
        .store
        .write_durably_blocking(|tx| {
            client::insert(tx, &seed::client(1))?;
            secret_version::insert(tx, &first)?;
            secret_version::insert(tx, &second)?;
            secret_version::promote(tx, &seed::client_id(1), 2, SecretVersionChange::Retire, seed::minute(9))?;
            client::delete(tx, &seed::client_id(1), seed::minute(10))
        })
        .unwrap();
    let known = fixture.store.read_blocking(known_secret::list).unwrap();
    let told: Vec<_> = known.iter().map(|one| (one.version, one.state, one.since, one.deleted)).collect();
    assert_eq!(
        told,
        [
            (2, SecretVersionState::Active, seed::minute(9), true),
            (1, SecretVersionState::Retired, seed::minute(9), true)
        ]
    );
    assert_eq!(known[1].fingerprint, first.fingerprint);
    assert_eq!(known[0].client_name, seed::client(1).name);
}
