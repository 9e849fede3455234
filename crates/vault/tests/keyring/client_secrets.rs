//! Client secrets in a keyring that works.

use gatewright_protocol::Secret;
use gatewright_vault::{
    ClientSecret, KeyringState, Namespace, SecretDestination, SecretPlace, Vault, VaultError, VaultPlace,
};

use crate::stage::{
    CANARY, client_secret, destination, entry, items, on_stage, overwrite_item, random, usual_destination, vault,
};

#[test]
fn a_secret_is_stored_read_by_the_next_start_and_deleted() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        assert_eq!(vault().store(client_secret(1)).await, Ok(SecretPlace::Keyring));

        let next_start = vault();
        let secret = next_start.load(&entry(1), &usual_destination()).await.unwrap();
        assert!(secret.matches(CANARY));

        next_start.delete(&entry(1)).await.unwrap();
        assert_eq!(next_start.load(&entry(1), &usual_destination()).await.unwrap_err(), VaultError::NoSuchEntry);
        assert_eq!(next_start.delete(&entry(1)).await, Ok(()), "what is gone is deleted");
        assert_eq!(stage.item_count(), 0);
    });
}

#[test]
fn a_person_recognises_the_entry_in_their_keyring_program() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        vault().store(client_secret(3)).await.unwrap();

        let items = items();
        assert_eq!(items.len(), 1, "the probe entry is gone");
        assert_eq!(items[0].label, "Gatewright: Guild portal at Chattr (client secret, version 3)");
        assert_eq!(items[0].user, "client/record1/v3");
        assert!(str::from_utf8(&items[0].content).unwrap().contains(CANARY), "text, which KDE Wallet keeps too");
    });
}

#[test]
fn a_client_that_was_renamed_is_recognised_by_its_new_name() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let vault = vault();
        vault.store(client_secret(3)).await.unwrap();
        vault.relabel(&entry(3), "Guild board", "Chattr").await.unwrap();
        let items = items();
        assert_eq!(items.len(), 1);
        assert_eq!(items[0].label, "Gatewright: Guild board at Chattr (client secret, version 3)");
        assert!(vault.load(&entry(3), &usual_destination()).await.unwrap().matches(CANARY), "its value is as it was");
        assert_eq!(vault.relabel(&entry(9), "Guild board", "Chattr").await, Err(VaultError::NoSuchEntry));
    });
}

#[test]
fn a_token_endpoint_edited_behind_our_back_makes_the_vault_refuse() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let vault = vault();
        vault.store(client_secret(1)).await.unwrap();
        let attackers = destination("https://collector.example/token");
        assert_eq!(vault.load(&entry(1), &attackers).await.unwrap_err(), VaultError::ChangedOutside);
        assert_eq!(
            vault.rebind(&entry(1), &destination("https://elsewhere.example"), &attackers).await,
            Err(VaultError::ChangedOutside),
            "only from the destination it was stored for"
        );
    });
}

#[test]
fn every_endpoint_that_gets_the_secret_or_a_token_counts() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let vault = vault();
        vault.store(client_secret(1)).await.unwrap();
        let collector = Some("https://collector.example".to_owned());
        for attackers in [
            SecretDestination { revocation_endpoint: collector.clone(), ..usual_destination() },
            SecretDestination { introspection_endpoint: collector.clone(), ..usual_destination() },
            SecretDestination { identity_endpoint: collector.clone(), ..usual_destination() },
        ] {
            assert_eq!(vault.load(&entry(1), &attackers).await.unwrap_err(), VaultError::ChangedOutside);
        }
    });
}

#[test]
fn a_secret_kept_by_an_earlier_version_is_still_read_and_bound_anew_by_an_edit() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let vault = vault();
        vault.store(client_secret(1)).await.unwrap();
        // SHA-256 over the parts that counted then, as version 0.1 wrote it.
        let former = "ffa027afc739b97cca56c8e24ece356f78f0999f47a21bb02b5e1c59c5b1025c";
        let text = format!("{{\"v\":1,\"secret\":\"{CANARY}\",\"destination\":\"{former}\"}}");
        overwrite_item("client/record1/v1", &text);
        assert!(vault.load(&entry(1), &usual_destination()).await.unwrap().matches(CANARY));
        let moved = destination("https://chattr.example/v2/token");
        vault.rebind(&entry(1), &usual_destination(), &moved).await.unwrap();
        assert!(vault.load(&entry(1), &moved).await.unwrap().matches(CANARY));
        assert_eq!(vault.load(&entry(1), &usual_destination()).await.unwrap_err(), VaultError::ChangedOutside);
    });
}

#[test]
fn a_confirmed_edit_lets_the_secret_go_to_the_new_destination_only() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let vault = vault();
        vault.store(client_secret(1)).await.unwrap();
        let moved = destination("https://chattr.example/v2/token");
        for _ in 0..2 {
            vault.rebind(&entry(1), &usual_destination(), &moved).await.unwrap();
        }
        assert!(vault.load(&entry(1), &moved).await.unwrap().matches(CANARY));
        assert_eq!(vault.load(&entry(1), &usual_destination()).await.unwrap_err(), VaultError::ChangedOutside);
        assert_eq!(items()[0].label, "Gatewright: Guild portal at Chattr (client secret, version 1)");
    });
}

#[test]
fn an_entry_edited_in_another_program_is_not_sent_anywhere() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let vault = vault();
        vault.store(client_secret(1)).await.unwrap();
        overwrite_item("client/record1/v1", "just the secret");
        assert_eq!(vault.load(&entry(1), &usual_destination()).await.unwrap_err(), VaultError::Unreadable);
    });
}

#[test]
fn a_pasted_text_too_long_for_every_keyring_is_refused_with_its_length() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let long = ClientSecret { value: Secret::new("x".repeat(3000)), ..client_secret(1) };
        let error = vault().store(long).await.unwrap_err();
        assert!(matches!(error, VaultError::TooLong { bytes } if bytes > 3000), "{error}");
        assert_eq!(stage.item_count(), 0);
    });
}

#[test]
fn the_sweep_lists_what_no_row_knows_in_its_own_namespace() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let vault_of =
            |name: &str| Vault::open(VaultPlace::system(random()).with_namespace(Namespace::new(name).unwrap()));
        let (ours, theirs, plain) = (vault_of("ours"), vault_of("theirs"), vault());
        for vault in [&ours, &theirs, &plain] {
            vault.store(client_secret(1)).await.unwrap();
        }
        ours.store(client_secret(2)).await.unwrap();
        ours.open_sealing_key(&[]).await.unwrap();

        assert_eq!(ours.sweep(&[entry(1)]).await, Ok(vec![entry(2)]), "the open sealing key is never listed");
        assert_eq!(theirs.sweep(&[entry(1)]).await, Ok(vec![]));
        assert_eq!(plain.sweep(&[]).await, Ok(vec![entry(1)]));
        ours.delete(&entry(1)).await.unwrap();
        assert!(
            theirs.load(&entry(1), &usual_destination()).await.is_ok(),
            "the other database's entry is still there"
        );
    });
}

#[test]
fn calls_from_several_tasks_at_once_all_succeed() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let vault = vault();
        assert_eq!(vault.probe().await, KeyringState::Ready);
        let tasks: Vec<_> = (1..=8)
            .map(|version| {
                let vault = vault.clone();
                tokio::spawn(async move {
                    vault.store(client_secret(version)).await.unwrap();
                    vault.load(&entry(version), &usual_destination()).await.unwrap().matches(CANARY)
                })
            })
            .collect();
        for task in tasks {
            assert!(task.await.unwrap());
        }
        assert_eq!(stage.item_count(), 8);
    });
}
