//! The sealing key across starts, losses and replacements.

use gatewright_protocol::Secret;
use gatewright_vault::{
    EntryName, SealContext, SealError, SealingKeyRecord, SealingKeyState, Vault, VaultError, VaultPlace,
};

use crate::stage::{items, on_stage, random, vault};

const CONTEXT: SealContext<'static> =
    SealContext { table: "run_token", row: "run-1", column: "access_token", owner: "d", schema: 1 };

async fn create(vault: &Vault) -> SealingKeyRecord {
    match vault.open_sealing_key(&[]).await {
        Ok(SealingKeyState::Created(record)) => record,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_token_sealed_by_one_start_is_opened_by_the_next_in_its_own_row_only() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let first = vault();
        let record = create(&first).await;
        assert_eq!(create(&first).await, record, "asked twice before the commit: the same key");
        let sealed = first.seal(&Secret::new("token"), &CONTEXT).unwrap();

        let next = vault();
        assert_eq!(next.open_sealed(&sealed, &CONTEXT).unwrap_err(), SealError::KeyNotOpen);
        assert_eq!(next.open_sealing_key(std::slice::from_ref(&record)).await, Ok(SealingKeyState::Opened));
        assert!(next.open_sealed(&sealed, &CONTEXT).unwrap().matches("token"));
        let moved = SealContext { row: "run-2", ..CONTEXT };
        assert_eq!(next.open_sealed(&sealed, &moved).unwrap_err(), SealError::Altered);
        let secret = Secret::new("hunter2hunter2");
        assert_eq!(first.fingerprint(&secret), next.fingerprint(&secret));
        assert_eq!(items()[0].user, format!("sealing-key/{}", record.key_id));
    });
}

#[test]
fn a_missing_or_a_wrong_key_is_reported_and_not_replaced() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let record = create(&vault()).await;
        let wrong = SealingKeyRecord { check: "00".repeat(16), ..record.clone() };
        assert_eq!(vault().open_sealing_key(&[wrong]).await, Err(VaultError::WrongSealingKey));

        vault().delete(&EntryName::sealing_key(&record.key_id)).await.unwrap();
        let after_loss = vault();
        assert_eq!(after_loss.open_sealing_key(&[record]).await, Err(VaultError::NoSuchEntry));
        assert_eq!(stage.item_count(), 0, "no key was created");
        assert_eq!(after_loss.seal(&Secret::new("token"), &CONTEXT), Err(SealError::KeyNotOpen));
    });
}

#[test]
fn without_the_keyring_earlier_tokens_cannot_be_opened_and_new_ones_last_the_session() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let first = vault();
        let record = create(&first).await;
        let earlier = first.seal(&Secret::new("earlier"), &CONTEXT).unwrap();

        let without = Vault::open(VaultPlace::session_only(random()));
        assert_eq!(without.open_sealing_key(std::slice::from_ref(&record)).await, Ok(SealingKeyState::SessionOnly));
        assert_eq!(without.open_sealed(&earlier, &CONTEXT).unwrap_err(), SealError::KeyringNeeded);
        let of_session = without.seal(&Secret::new("new"), &CONTEXT).unwrap();
        assert!(without.open_sealed(&of_session, &CONTEXT).unwrap().matches("new"));

        let next = vault();
        next.open_sealing_key(&[record]).await.unwrap();
        assert_eq!(next.open_sealed(&of_session, &CONTEXT).unwrap_err(), SealError::OtherKey);
    });
}

#[test]
fn a_keyring_found_during_the_session_takes_over_and_the_session_s_tokens_are_sealed_anew() {
    on_stage(async |mut stage| {
        stage.start_bus();
        let vault = vault();
        assert_eq!(vault.open_sealing_key(&[]).await, Ok(SealingKeyState::SessionOnly));
        let of_session = vault.seal(&Secret::new("token"), &CONTEXT).unwrap();

        stage.start_keyring();
        vault.probe().await;
        let record = create(&vault).await;
        let anew = vault.reseal(&of_session, &CONTEXT).unwrap().expect("it was sealed with the session's key");
        assert_eq!(vault.reseal(&anew, &CONTEXT), Ok(None));

        let next = crate::stage::vault();
        next.open_sealing_key(&[record]).await.unwrap();
        assert!(next.open_sealed(&anew, &CONTEXT).unwrap().matches("token"));
    });
}

#[test]
fn a_replaced_key_still_opens_what_it_sealed_until_it_is_deleted() {
    on_stage(async |mut stage| {
        stage.start_bus();
        stage.start_keyring();
        let vault = vault();
        let old = create(&vault).await;
        let sealed = vault.seal(&Secret::new("token"), &CONTEXT).unwrap();
        let new = vault.replace_sealing_key().await.unwrap();
        assert!(vault.open_sealed(&sealed, &CONTEXT).unwrap().matches("token"));
        let anew = vault.reseal(&sealed, &CONTEXT).unwrap().unwrap();

        let crashed = crate::stage::vault();
        crashed.open_sealing_key(&[new.clone(), old.clone()]).await.unwrap();
        for value in [&sealed, &anew] {
            assert!(crashed.open_sealed(value, &CONTEXT).unwrap().matches("token"), "whichever of the two sealed it");
        }

        crashed.delete(&EntryName::sealing_key(&old.key_id)).await.unwrap();
        let last = crate::stage::vault();
        assert_eq!(
            last.open_sealing_key(&[new, old]).await,
            Ok(SealingKeyState::Opened),
            "a missing earlier key is no obstacle"
        );
        assert!(last.open_sealed(&anew, &CONTEXT).unwrap().matches("token"));
        assert_eq!(last.open_sealed(&sealed, &CONTEXT).unwrap_err(), SealError::OtherKey);
    });
}
