//! Every entry, out of one keyring and into another namespace.

use gatewright_protocol::Secret;
use gatewright_testkit::keyring::KeyringStage;
use gatewright_vault::{Namespace, SealingKeyRecord, SealingKeyState, Vault, VaultError, VaultPlace};

use crate::stage::{CANARY, client_secret, destination, entry, items, on_stage, random, usual_destination, vault};

fn unlocked(mut stage: KeyringStage) -> KeyringStage {
    stage.start_bus();
    stage.start_keyring();
    stage
}

fn in_namespace(text: &str) -> Vault {
    Vault::open(VaultPlace::system(random()).with_namespace(Namespace::new(text).unwrap()))
}

#[test]
fn entries_put_back_open_in_their_new_place_and_stay_bound_to_their_destination() {
    on_stage(async |stage| {
        let _stage = unlocked(stage);
        let first = in_namespace("first");
        first.store(client_secret(1)).await.unwrap();
        let SealingKeyState::Created(key) = first.open_sealing_key(&[]).await.unwrap() else { panic!("a new key") };
        let fingerprint = first.fingerprint(&Secret::new(CANARY)).unwrap();

        let second = in_namespace("second");
        let entries = first.entries_for_backup().await.unwrap();
        assert_eq!(entries.len(), 2, "the secret and the sealing key");
        for entry in entries {
            let label = entry.name.label(Some(("Guild portal", "Chattr")));
            second.put_back(entry, label).await.unwrap();
        }
        let secret = second.load(&entry(1), &usual_destination()).await.unwrap();
        assert!(secret.matches(CANARY));
        let elsewhere = second.load(&entry(1), &destination("https://elsewhere.example/token")).await;
        assert!(matches!(elsewhere, Err(VaultError::ChangedOutside)));
        let record = SealingKeyRecord { ..key };
        assert_eq!(second.open_sealing_key(&[record]).await.unwrap(), SealingKeyState::Opened);
        assert_eq!(second.fingerprint(&Secret::new(CANARY)).unwrap(), fingerprint);
        let labels: Vec<_> =
            items().into_iter().filter(|item| item.user.starts_with("second/")).map(|item| item.label).collect();
        assert!(
            labels.contains(&"Gatewright: Guild portal at Chattr (client secret, version 1)".to_owned()),
            "{labels:?}"
        );

        assert_eq!(second.remove_every_entry().await.unwrap(), 1, "what is open stays until it is closed");
        assert!(first.load(&entry(1), &usual_destination()).await.is_ok(), "the other namespace is not touched");
    });
}

#[test]
fn without_a_keyring_there_is_nothing_to_back_up() {
    on_stage(async |_stage| {
        let vault = vault();
        vault.probe().await;
        assert!(matches!(vault.entries_for_backup().await, Err(VaultError::Absent(_))));
    });
}
