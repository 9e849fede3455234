//! Secrets that are kept for the session because there is no keyring, and their way into one that is there again.

mod meanwhile;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use gatewright_app::{App, failpoint};
use gatewright_contract::app::Nothing;
use gatewright_contract::client::{ClientDetail, ClientRef, SecretPlace};
use gatewright_contract::secret::{SecretPaste, SecretRef};
use gatewright_contract::{FailureCode, Handler as _};
use gatewright_testkit::keyring::KeyringStage;

use crate::bound::entered_as;
use crate::keyring::{at_once, come_back, on_keyring};
use crate::stage::Stage;

const SECRET: &str = "a-secret-of-some-length-9f2c";

#[test]
fn a_secret_whose_row_is_missing_does_not_keep_others_out_of_the_keyring() {
    on_keyring(async |mut keyring| {
        let stage = without_keyring(&mut keyring).await;
        let lost = entered_as(&stage, "lost", SECRET).await;
        let kept = entered_as(&stage, "kept", SECRET).await;
        assert_eq!(place(&stage, &kept).await, SecretPlace::Session);
        stage.edit(&format!("DELETE FROM secret_version WHERE client = '{}'", lost.row.id));

        keyring.start_keyring();
        stage.app.keyring_probe(Nothing {}).await.unwrap();
        assert_eq!(place(&stage, &kept).await, SecretPlace::Keyring, "its row says where it is");
        assert_eq!(value(&stage, &kept).await, SECRET);
        assert_eq!(versions_in(&keyring), 1, "nobody knows the other one's row yet");
    });
}

#[test]
fn a_secret_that_reached_the_keyring_unrecorded_stays_in_memory_until_it_is_recorded() {
    on_keyring(async |mut keyring| {
        let (stage, client) = on_its_way(&mut keyring).await;
        assert_eq!(place(&stage, &client).await, SecretPlace::Moving, "nothing is said that was not written down");
        let said = stage.app.app_state(Nothing {}).await.unwrap().keyring;
        assert_eq!((said.session_secrets, said.moving_secrets), (0, 1));

        stage.app.let_disk_be_full(false);
        assert_eq!(value(&stage, &client).await, SECRET, "memory has it still");
        assert_eq!(stage.app.keyring_probe(Nothing {}).await.unwrap().session_secrets, 0);
        let folder = stage.folder_as_it_is();
        let next = Stage::with_keyring(folder.path()).await;
        assert_eq!(value(&next, &client).await, SECRET);
        assert!(next.app.app_state(Nothing {}).await.unwrap().notices.is_empty());
    });
}

#[test]
fn a_secret_on_its_way_when_gatewright_ended_is_not_called_lost_before_a_keyring_says_so() {
    on_keyring(async |mut keyring| {
        let (stage, client) = on_its_way(&mut keyring).await;
        let folder = stage.folder_as_it_is();
        keyring.stop_keyring();

        let next = Stage::with_keyring(folder.path()).await;
        let found = shown(&next, &client).await;
        assert_eq!(found.secret_versions[0].state, "active", "nobody could look");
        assert_eq!(found.secret_versions[0].place, Some(SecretPlace::Moving));
        let said = next.app.app_state(Nothing {}).await.unwrap().keyring;
        assert_eq!((said.session_secrets, said.moving_secrets), (0, 1), "it is in no memory any more");
        keyring.start_keyring();
        assert_eq!(next.app.keyring_probe(Nothing {}).await.unwrap().moving_secrets, 0);
        assert_eq!(place(&next, &client).await, SecretPlace::Keyring);
        assert_eq!(value(&next, &client).await, SECRET);
    });
}

#[test]
fn what_arrived_at_a_first_try_is_found_though_the_second_did_not_come_to_it() {
    on_keyring(async |mut keyring| {
        let stage = without_keyring(&mut keyring).await;
        let clients = [entered_as(&stage, "one", SECRET).await, entered_as(&stage, "other", SECRET).await];
        keyring.start_keyring();
        let keyring = Arc::new(Mutex::new(keyring));
        let (app, locked) = (stage.app.clone(), Arc::clone(&keyring));
        let tries = AtomicUsize::new(0);
        failpoint::set_hook(Box::new(move |place| match place {
            "move: intended" if tries.fetch_add(1, Ordering::SeqCst) == 1 => locked.lock().unwrap().lock(),
            "move: in the keyring" => app.let_disk_be_full(true),
            _ => {}
        }));
        stage.app.keyring_probe(Nothing {}).await.unwrap_err();
        stage.app.let_disk_be_full(false);
        let locked = stage.app.keyring_probe(Nothing {}).await.unwrap_err();
        assert_eq!(locked.code, FailureCode::KeyringLocked);

        let folder = stage.folder_as_it_is();
        come_back(&keyring);
        let next = Stage::with_keyring(folder.path()).await;
        next.app.keyring_probe(Nothing {}).await.unwrap();
        for client in &clients {
            assert_eq!(value(&next, client).await, SECRET);
        }
    });
}

#[test]
fn a_pasted_secret_that_the_disk_did_not_take_is_in_no_memory_either() {
    on_keyring(async |mut keyring| {
        let stage = Stage::new_with_keyring().await;
        let client = entered_as(&stage, "web", SECRET).await;
        keyring.stop_keyring();
        full_at("keep: in the keyring").set(stage.app.clone()).ok();
        let paste = SecretPaste { client: client.row.id.clone(), secret: "another-secret-of-some-length-1".to_owned() };
        stage.app.secret_paste(paste).await.unwrap_err();
        assert_eq!(stage.app.secrets_in_memory(), 0);
        stage.app.let_disk_be_full(false);

        keyring.start_keyring();
        stage.app.keyring_probe(Nothing {}).await.unwrap();
        assert_eq!(value(&stage, &client).await, SECRET);
        assert_eq!(versions_in(&keyring), 1, "only the one that is known");
    });
}

/// Starts Gatewright, and takes its keyring away.
async fn without_keyring(keyring: &mut KeyringStage) -> Stage {
    let stage = Stage::new_with_keyring().await;
    stage.app.keyring_probe(Nothing {}).await.unwrap();
    keyring.stop_keyring();
    stage
}

/// A secret that the keyring has and memory as well: the disk was full when it should have been written down.
async fn on_its_way(keyring: &mut KeyringStage) -> (Stage, ClientDetail) {
    let app = full_at("move: in the keyring");
    let stage = without_keyring(keyring).await;
    let client = entered_as(&stage, "web", SECRET).await;
    keyring.start_keyring();
    app.set(stage.app.clone()).ok();
    stage.app.keyring_probe(Nothing {}).await.unwrap_err();
    (stage, client)
}

/// Lets the disk be full when a place is first reached by the app that will stand here.
fn full_at(place: &'static str) -> Arc<OnceLock<App>> {
    let app: Arc<OnceLock<App>> = Arc::default();
    let there = Arc::clone(&app);
    at_once(place, move || there.get().expect("the app is there by now").let_disk_be_full(true));
    app
}

/// How many versions of secrets the keyring has.
fn versions_in(keyring: &KeyringStage) -> usize {
    keyring.labels().iter().filter(|label| label.contains("client secret")).count()
}

async fn place(stage: &Stage, client: &ClientDetail) -> SecretPlace {
    shown(stage, client).await.secret.unwrap().place.unwrap()
}

async fn shown(stage: &Stage, client: &ClientDetail) -> ClientDetail {
    stage.app.client_show(ClientRef { client: client.row.id.clone() }).await.unwrap()
}

async fn value(stage: &Stage, client: &ClientDetail) -> String {
    let reveal = SecretRef { client: client.row.id.clone(), confirmed: true };
    stage.app.secret_reveal(reveal).await.unwrap().value
}
