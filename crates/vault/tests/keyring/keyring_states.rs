//! Keyrings that are locked, missing, silent, restarted, or back again.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use gatewright_testkit::keyring::KeyringStage;
use gatewright_vault::{AbsentReason, KeyringState, SealingKeyState, SecretPlace, Vault, VaultError, VaultPlace};
use keyring::api::CredentialStoreApi as _;

use crate::stage::{CANARY, client_secret, destination, entry, on_stage, random, usual_destination, vault};

#[test]
fn a_locked_keyring_is_said_to_be_locked_and_no_key_is_created() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        vault().store(client_secret(1)).await.unwrap();
        stage.stop_keyring();
        stage.start_keyring_without_password();

        let vault = vault();
        assert_eq!(vault.probe().await, KeyringState::Locked);
        assert_eq!(vault.open_sealing_key(&[]).await, Err(VaultError::Locked));
        assert_eq!(vault.store(client_secret(2)).await, Err(VaultError::Locked));
        assert_eq!(vault.load(&entry(1), &usual_destination()).await.unwrap_err(), VaultError::Locked);
        assert_eq!(
            vault.load(&entry(9), &usual_destination()).await.unwrap_err(),
            VaultError::Locked,
            "not: no such entry"
        );
        assert_eq!(vault.delete(&entry(9)).await, Err(VaultError::Locked));
        assert_eq!(vault.session_secrets(), 0, "nothing is kept for the session behind the person's back");
        assert_eq!(stage.item_count(), 1);

        stage.stop_keyring();
        stage.start_keyring();
        assert!(
            vault.load(&entry(1), &usual_destination()).await.unwrap().matches(CANARY),
            "unlocked, without asking again"
        );
        assert_eq!(vault.state(), KeyringState::Ready);
    });
}

#[test]
fn a_keyring_locked_while_in_use_is_noticed_by_the_next_call() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let vault = vault();
        vault.store(client_secret(1)).await.unwrap();
        stage.lock();
        assert_eq!(vault.load(&entry(1), &usual_destination()).await.unwrap_err(), VaultError::Locked);
        assert_eq!(vault.state(), KeyringState::Locked);
    });
}

#[test]
fn the_person_may_go_on_without_a_locked_keyring() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        stage.lock();
        let vault = vault();
        assert_eq!(vault.store(client_secret(1)).await, Err(VaultError::Locked));
        vault.continue_without_keyring();
        assert_eq!(vault.store(client_secret(1)).await, Ok(SecretPlace::Session));
        assert_eq!(vault.open_sealing_key(&[]).await, Ok(SealingKeyState::SessionOnly));
        assert_eq!(vault.state(), KeyringState::Absent(AbsentReason::NotUsed));
        assert_eq!(vault.probe().await, KeyringState::Locked, "a probe asks again");
    });
}

#[test]
fn without_a_bus_secrets_live_for_this_session_and_on_no_disk() {
    on_stage(async |stage| {
        let vault = vault();
        assert_eq!(vault.store(client_secret(1)).await, Ok(SecretPlace::Session));
        assert_eq!(vault.state(), KeyringState::Absent(AbsentReason::NoSessionBus));
        assert!(vault.state().sentence().contains("gone when Gatewright closes"));
        assert!(vault.load(&entry(1), &usual_destination()).await.unwrap().matches(CANARY));
        assert!(matches!(vault.load(&entry(2), &usual_destination()).await, Err(VaultError::Absent(_))));
        assert_eq!(vault.open_sealing_key(&[]).await, Ok(SealingKeyState::SessionOnly));
        let directory = stage.environment().iter().find(|(name, _)| *name == "HOME").unwrap().1.clone();
        assert_eq!(files_below(Path::new(&directory).parent().unwrap()), 0, "no file was written");
        vault.delete(&entry(1)).await.unwrap();
        assert_eq!(vault.session_secrets(), 0);
    });
}

#[test]
fn a_bus_without_a_keyring_program_is_told_from_no_bus() {
    on_stage(async |mut stage| {
        stage.start_bus();
        let vault = vault();
        assert_eq!(vault.probe().await, KeyringState::Absent(AbsentReason::NoSecretService));
        assert!(vault.state().next_step().unwrap().contains("Install"));
        assert_eq!(vault.store(client_secret(1)).await, Ok(SecretPlace::Session));
    });
}

#[test]
fn a_fresh_home_without_a_collection_looks_healthy_to_a_reader_but_not_to_the_probe() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring_without_password();
        let read = tokio::task::spawn_blocking(|| {
            let store = zbus_secret_service_keyring_store::Store::new().unwrap();
            store.build("Gatewright", "anything", Some(&HashMap::new())).unwrap().get_secret()
        });
        assert!(matches!(read.await.unwrap(), Err(keyring::Error::NoEntry)), "as if all was well");

        let vault = vault();
        assert_eq!(vault.probe().await, KeyringState::Absent(AbsentReason::NoDefaultCollection));
        assert_eq!(vault.store(client_secret(1)).await, Ok(SecretPlace::Session));
    });
}

#[test]
fn a_keyring_program_that_restarted_is_found_again() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let vault = vault();
        vault.store(client_secret(1)).await.unwrap();
        stage.stop_keyring();
        stage.start_keyring();
        assert!(vault.load(&entry(1), &usual_destination()).await.unwrap().matches(CANARY));

        stage.stop_keyring();
        stage.start_keyring();
        assert_eq!(vault.store(client_secret(2)).await, Ok(SecretPlace::Keyring));

        stage.stop_bus();
        stage.start_bus();
        stage.start_keyring();
        assert!(vault.load(&entry(2), &usual_destination()).await.unwrap().matches(CANARY), "a new bus as well");
    });
}

#[test]
fn a_keyring_that_never_answers_is_given_up_and_works_again_later() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let vault = Vault::open(VaultPlace::system(random()).with_timeout(Duration::from_secs(2)));
        vault.store(client_secret(1)).await.unwrap();
        stage.freeze_keyring();
        assert_eq!(vault.load(&entry(1), &usual_destination()).await.unwrap_err(), VaultError::TimedOut);
        assert_eq!(vault.state(), KeyringState::Unanswered);
        assert_eq!(vault.store(client_secret(2)).await, Err(VaultError::TimedOut), "not kept for the session unasked");
        stage.thaw_keyring();
        while vault.probe().await != KeyringState::Ready {}
        assert!(vault.load(&entry(1), &usual_destination()).await.unwrap().matches(CANARY));
    });
}

#[test]
fn when_the_keyring_comes_back_the_session_secrets_can_be_moved_into_it() {
    on_stage(async |mut stage| {
        stage.start_bus();
        let vault = vault();
        vault.store(client_secret(1)).await.unwrap();
        vault.open_sealing_key(&[]).await.unwrap();
        let of_session = vault.fingerprint(&client_secret(1).value).unwrap();
        assert_eq!(vault.held_secrets().unwrap_err(), VaultError::SealingKeyNotOpen);
        assert!(matches!(vault.write_held(&entry(1)).await, Err(VaultError::Absent(_))));

        stage.start_keyring();
        assert_eq!(vault.probe().await, KeyringState::Ready);
        assert!(matches!(vault.open_sealing_key(&[]).await, Ok(SealingKeyState::Created(_))));
        let held = vault.held_secrets().unwrap();
        assert_eq!((held.len(), &held[0].entry), (1, &entry(1)));
        assert_ne!(held[0].fingerprint, of_session, "made with the lasting key");
        assert!(!vault.release(&entry(1)));
        assert_eq!(vault.session_secrets(), 1, "nothing is let go of that the keyring does not have");
        assert!(!vault.is_in_keyring(&entry(1)).await.unwrap());
        assert!(vault.write_held(&entry(1)).await.unwrap());
        assert_eq!(vault.session_secrets(), 1, "it is in both places until its row says so");
        assert!(vault.is_in_keyring(&entry(1)).await.unwrap());
        assert!(vault.release(&entry(1)));

        assert_eq!(vault.session_secrets(), 0);
        let next_start = crate::stage::vault();
        assert!(next_start.load(&entry(1), &usual_destination()).await.unwrap().matches(CANARY));
    });
}

#[test]
fn a_secret_that_changes_on_its_way_into_the_keyring_stays_in_memory_until_it_is_written_again() {
    on_stage(async |mut stage| {
        let vault = in_both_places(&mut stage).await;
        let elsewhere = destination("https://elsewhere.example");
        vault.rebind(&entry(1), &usual_destination(), &elsewhere).await.unwrap();
        assert!(!vault.release(&entry(1)), "the keyring has it as it was");
        assert_eq!(vault.session_secrets(), 1);

        assert!(vault.write_held(&entry(1)).await.unwrap());
        assert!(vault.release(&entry(1)));
        assert_eq!(vault.session_secrets(), 0);
        assert!(vault.load(&entry(1), &elsewhere).await.unwrap().matches(CANARY));
    });
}

#[test]
fn deleting_a_secret_on_its_way_into_the_keyring_takes_it_out_of_both() {
    on_stage(async |mut stage| {
        let vault = in_both_places(&mut stage).await;
        vault.delete(&entry(1)).await.unwrap();
        assert_eq!(vault.load(&entry(1), &usual_destination()).await.unwrap_err(), VaultError::NoSuchEntry);
        assert!(!vault.write_held(&entry(1)).await.unwrap(), "there is nothing to write any more");
    });
}

/// A vault whose one secret was written into a keyring that came back, and is in memory still.
async fn in_both_places(stage: &mut KeyringStage) -> Vault {
    stage.start_bus();
    let vault = vault();
    vault.store(client_secret(1)).await.unwrap();
    stage.start_keyring();
    assert_eq!(vault.probe().await, KeyringState::Ready);
    assert!(vault.write_held(&entry(1)).await.unwrap());
    vault
}

fn files_below(directory: &Path) -> usize {
    std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { files_below(&path) } else { 1 })
        .sum()
}
