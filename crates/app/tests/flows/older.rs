//! A database from an earlier day, or one whose age nobody can tell at the moment: nothing is deleted on its word.

use std::path::Path;

use gatewright_contract::Handler;
use gatewright_contract::app::Nothing;
use gatewright_contract::client::ClientRef;
use gatewright_contract::secret::SecretPaste;

use crate::bound::{entered_as, is_older, until};
use crate::keyring::on_keyring;
use crate::stage::Stage;
use crate::test_users::somebody;

const SECRET: &str = "a-secret-of-some-length-9f2c";
const NEXT: &str = "the-next-secret-of-length-11aa";

#[test]
fn an_older_database_finishes_no_deletion_and_removes_no_value() {
    on_keyring(async |keyring| {
        let stage = Stage::new_with_keyring().await;
        let deleted = ClientRef { client: entered_as(&stage, "deleted", SECRET).await.row.id };
        let changed = entered_as(&stage, "changed", SECRET).await.row.id;
        stage.app.client_delete(deleted.clone()).await.unwrap();
        stage.app.secret_paste(SecretPaste { client: changed, secret: NEXT.to_owned() }).await.unwrap();
        let older_copy = stage.folder_as_it_is();
        // What the copy will not know: the deletion is taken back.
        stage.app.client_restore(deleted).await.unwrap();
        let stage = stage.restart().await;
        stage.app.keyring_probe(Nothing {}).await.unwrap();
        stage.app.shut_down().await;

        let items = keyring.item_count();
        let_time_pass(older_copy.path());
        let stage = stage.at_same_keyring(older_copy).await;
        assert!(is_older(&stage).await);
        assert_eq!((stage.counted("client"), keyring.item_count()), (2, items), "all of it may be in use");

        stage.app.database_confirm_older(Nothing {}).await.unwrap();
        assert_eq!(stage.counted("client"), 1, "what the start left is done with the confirmation");
        assert_eq!(keyring.item_count(), items - 2);
    });
}

#[test]
fn a_keyring_that_is_only_away_for_a_moment_does_not_make_files_nobodys() {
    on_keyring(async |mut keyring| {
        let stage = Stage::new_with_keyring().await;
        stage.app.keyring_probe(Nothing {}).await.unwrap();
        stage.app.test_user_create(somebody("Tester A")).await.unwrap();
        stage.edit("UPDATE test_user SET deleted_at = 1");
        stage.app.shut_down().await;
        let folder = stage.folder_as_it_is();
        let picture = folder.path().join("evidence/ab/abcd.png");
        std::fs::create_dir_all(picture.parent().unwrap()).unwrap();
        std::fs::write(&picture, "of a run that this database may have forgotten").unwrap();

        keyring.stop_keyring();
        let stage = stage.at_same_keyring(folder).await;
        // Deleted test users go after pictures were swept, or left alone.
        until(async || stage.counted("test_user") == 0).await;
        assert!(picture.exists(), "a keyring has known this database, and may come back to say how old it is");

        keyring.start_keyring();
        assert!(!is_older(&stage).await);
        assert!(!picture.exists(), "it is nobody's");
    });
}

#[test]
fn what_was_left_half_done_is_finished_once_the_keyring_can_be_used() {
    on_keyring(async |mut keyring| {
        let stage = Stage::new_with_keyring().await;
        let client = entered_as(&stage, "changed", SECRET).await.row.id;
        stage.app.secret_paste(SecretPaste { client: client.clone(), secret: NEXT.to_owned() }).await.unwrap();
        stage.app.test_user_create(somebody("Tester A")).await.unwrap();
        stage.edit("UPDATE test_user SET deleted_at = 1");
        stage.edit(&format!(
            "INSERT INTO intent (what, client, version, created_at) VALUES ('forget_secret', '{client}', 1, 1)"
        ));
        stage.app.shut_down().await;
        let (folder, items) = (stage.folder_as_it_is(), keyring.item_count());

        keyring.stop_keyring();
        let stage = stage.at_same_keyring(folder).await;
        // Deleted test users go after intents were finished, or left alone.
        until(async || stage.counted("test_user") == 0).await;
        assert_eq!(stage.counted("intent"), 1, "nobody can tell whether the entry is in use");

        keyring.start_keyring();
        stage.app.keyring_probe(Nothing {}).await.unwrap();
        assert_eq!(stage.counted("intent"), 0);
        assert_eq!(keyring.item_count(), items - 1, "the old value is gone");
    });
}

/// Lets the time to take a deletion back be over, and the time for which retired values are kept.
fn let_time_pass(folder: &Path) {
    let db = gatewright_store::Connection::open(folder.join("gatewright.sqlite")).unwrap();
    db.execute_batch(
        "UPDATE client SET deleted_at = 1 WHERE deleted_at IS NOT NULL;
         UPDATE secret_version SET retired_at = 1 WHERE retired_at IS NOT NULL;",
    )
    .unwrap();
}
