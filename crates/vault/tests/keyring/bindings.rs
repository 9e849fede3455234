//! Where a secret may be sent, and what else the keyring remembers about the database.

use gatewright_protocol::Secret;
use gatewright_vault::{EntryName, SealingKeyState, SecretDestination, VaultError};

use crate::stage::{
    CANARY, client_secret, destination, entry, items, on_stage, overwrite_item, usual_destination, vault,
};

/// Everything a secret is bound to, each changed alone.
fn each_field_changed() -> [SecretDestination; 7] {
    let usual = usual_destination;
    let other = || Some("https://collector.example".to_owned());
    [
        SecretDestination { issuer: "https://collector.example".into(), ..usual() },
        SecretDestination { token_endpoint: "https://collector.example".into(), ..usual() },
        SecretDestination { revocation_endpoint: other(), ..usual() },
        SecretDestination { introspection_endpoint: other(), ..usual() },
        SecretDestination { identity_endpoint: None, ..usual() },
        SecretDestination { client_id: "4712".into(), ..usual() },
        SecretDestination { authentication: "none".into(), ..usual() },
    ]
}

#[test]
fn no_field_can_be_changed_unnoticed_and_each_can_be_confirmed() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let vault = vault();
        assert!(matches!(vault.open_sealing_key(&[]).await, Ok(SealingKeyState::Created(_))));
        vault.store(client_secret(1)).await.unwrap();
        let mut bound_to = usual_destination();
        for changed in each_field_changed() {
            assert_eq!(vault.is_bound_to(&entry(1), &bound_to).await, Ok(true));
            assert_eq!(vault.is_bound_to(&entry(1), &changed).await, Ok(false), "{changed:?}");
            assert_eq!(vault.load(&entry(1), &changed).await.unwrap_err(), VaultError::ChangedOutside, "{changed:?}");

            let fingerprint = vault.bind(&entry(1), &changed).await.unwrap();
            assert_eq!(fingerprint, vault.fingerprint(&Secret::new(CANARY)).unwrap());
            assert!(vault.load(&entry(1), &changed).await.unwrap().matches(CANARY));
            assert_eq!(
                vault.load(&entry(1), &bound_to).await.unwrap_err(),
                VaultError::ChangedOutside,
                "not there now"
            );
            bound_to = changed;
        }
        assert_eq!(items().iter().filter(|item| item.user.starts_with("client/")).count(), 1, "never a second entry");
    });
}

#[test]
fn a_secret_in_memory_is_bound_like_one_in_the_keyring() {
    on_stage(async |_no_keyring| {
        let vault = vault();
        vault.open_sealing_key(&[]).await.unwrap();
        vault.store(client_secret(1)).await.unwrap();
        let elsewhere = destination("https://elsewhere.example/token");
        assert_eq!(vault.is_bound_to(&entry(1), &elsewhere).await, Ok(false));
        vault.bind(&entry(1), &elsewhere).await.unwrap();
        assert!(vault.load(&entry(1), &elsewhere).await.unwrap().matches(CANARY));
    });
}

#[test]
fn a_secret_that_is_gone_is_not_bound_to_anything() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let missing = vault().bind(&entry(1), &usual_destination()).await;
        assert_eq!(missing, Err(VaultError::NoSuchEntry));
        assert_eq!(stage.item_count(), 0, "nothing was made up");
    });
}

#[test]
fn the_generation_of_the_database_is_remembered() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        assert_eq!(vault().generation().await, Ok(None));
        vault().set_generation(7).await.unwrap();
        vault().set_generation(8).await.unwrap();
        assert_eq!(vault().generation().await, Ok(Some(8)), "the next start finds it");
        assert_eq!(vault().sweep(&[]).await, Ok(vec![EntryName::generation()]), "under a name of its own");
        overwrite_item(EntryName::generation().as_str(), "many");
        assert_eq!(vault().generation().await, Ok(None));
    });
}

#[test]
fn a_locked_keyring_says_nothing_about_the_generation() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        vault().set_generation(7).await.unwrap();
        stage.lock();
        assert_eq!(vault().generation().await, Err(VaultError::Locked));
        assert_eq!(vault().set_generation(8).await, Err(VaultError::Locked));
    });
}
