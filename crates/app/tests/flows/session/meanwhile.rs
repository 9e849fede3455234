//! What else happens while secrets are on their way from memory into the keyring.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use gatewright_app::{App, failpoint};
use gatewright_contract::app::Nothing;
use gatewright_contract::client::{ClientChange, ClientDetail, SecretPlace};
use gatewright_contract::rotation::{RotationConfirm, RotationDetail, RotationDriver, RotationRef, RotationStrategy};
use gatewright_contract::secret::SecretPaste;
use gatewright_contract::settings::KeyringState;
use gatewright_contract::{Failure, FailureCode, Handler as _};
use gatewright_testkit::keyring::KeyringStage;
use tokio::task::JoinHandle;

use super::{SECRET, full_at, place, value, versions_in, without_keyring};
use crate::bound::{entered_as, until};
use crate::clients::renaming;
use crate::keyring::{at_once, come_back, on_keyring};
use crate::rotation::{CALLBACK, Walk};
use crate::stage::Stage;

#[test]
fn two_checks_of_the_keyring_at_once_move_secrets_one_after_the_other() {
    on_keyring(async |mut keyring| {
        let intents = Arc::new(AtomicUsize::new(0));
        let app: Arc<OnceLock<App>> = Arc::default();
        let other: Arc<Mutex<Option<Check>>> = Arc::default();
        let (counted, there, begun) = (Arc::clone(&intents), Arc::clone(&app), Arc::clone(&other));
        failpoint::set_hook(Box::new(move |place| match place {
            "move: intended" => drop(counted.fetch_add(1, Ordering::SeqCst)),
            "move: in the keyring" if begun.lock().unwrap().is_none() => {
                let checking = there.get().unwrap().clone();
                *begun.lock().unwrap() = Some(tokio::spawn(async move { checking.keyring_probe(Nothing {}).await }));
                wait_in_vain(|| counted.load(Ordering::SeqCst) > 1);
            }
            _ => {}
        }));
        let (stage, client) = in_memory_beside(&mut keyring).await;
        app.set(stage.app.clone()).ok();
        assert_eq!(stage.app.keyring_probe(Nothing {}).await.unwrap().session_secrets, 0);
        let other = other.lock().unwrap().take().unwrap();
        assert_eq!(other.await.unwrap().unwrap().session_secrets, 0);
        assert_eq!(intents.load(Ordering::SeqCst), 1, "the other waited, and then had nothing to do");
        assert_eq!(value(&stage, &client).await, SECRET);
    });
}

/// A check of the keyring that goes on.
type Check = JoinHandle<Result<KeyringState, Failure>>;

/// Gives something that must not happen the time to happen.
fn wait_in_vain(happened: impl Fn() -> bool) {
    let start = Instant::now();
    while !happened() && start.elapsed() < Duration::from_secs(2) {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_secret_that_the_keyring_does_not_take_keeps_no_other_in_memory() {
    on_keyring(async |mut keyring| {
        let stage = without_keyring(&mut keyring).await;
        let mut clients = [entered_as(&stage, "one", SECRET).await, entered_as(&stage, "other", SECRET).await];
        // They are moved in the order of their ids.
        clients.sort_by(|one, other| one.row.id.cmp(&other.row.id));
        let [refused, taken] = clients;
        let long = "a-secret-that-goes-on-".repeat(200);
        let paste = SecretPaste { client: refused.row.id.clone(), secret: long.clone() };
        stage.app.secret_paste(paste).await.unwrap();
        keyring.start_keyring();
        let failed = stage.app.keyring_probe(Nothing {}).await.unwrap_err();
        let said = format!("The secret of “{}” stays in memory. The secret is too long", refused.row.name);
        assert!(failed.message.starts_with(&said), "{}", failed.message);
        assert_eq!(place(&stage, &taken).await, SecretPlace::Keyring);
        assert_eq!(place(&stage, &refused).await, SecretPlace::Session, "it was never on its way");
        assert_eq!(value(&stage, &refused).await, long, "memory has it still");
        assert_eq!(stage.app.secrets_in_memory(), 1);
    });
}

#[test]
fn a_secret_that_is_bound_anew_on_its_way_arrives_as_it_is_bound_then() {
    on_keyring(async |mut keyring| {
        let app = do_at("move: recorded", async |app, client: ClientDetail| {
            let change = ClientChange { client_id: "web-2".to_owned(), ..renaming(&client, "Another client") };
            app.client_change(change).await.unwrap();
        });
        let (stage, client) = in_memory_beside(&mut keyring).await;
        app.set((stage.app.clone(), client.clone())).ok();
        assert_eq!(stage.app.keyring_probe(Nothing {}).await.unwrap().session_secrets, 0);
        assert_eq!(stage.app.secrets_in_memory(), 0);
        assert_eq!(value(&stage, &client).await, SECRET);
    });
}

#[test]
fn a_secret_that_is_bound_anew_while_the_keyring_takes_it_is_written_once_more() {
    on_keyring(async |mut keyring| {
        let (stage, client) = in_memory_beside(&mut keyring).await;
        let keyring = Arc::new(keyring);
        let (app, bound, frozen) = (stage.app.clone(), client.clone(), Arc::clone(&keyring));
        at_once("move: intended", move || {
            frozen.freeze_keyring();
            let (app, bound, frozen, before) =
                (app.clone(), bound.clone(), Arc::clone(&frozen), app.keyring_round_trips());
            tokio::spawn(async move {
                while app.keyring_round_trips() == before {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                let change = ClientChange { client_id: "web-2".to_owned(), ..renaming(&bound, "Client web") };
                app.client_change(change).await.unwrap();
                frozen.thaw_keyring();
            });
        });
        let kept = stage.app.keyring_probe(Nothing {}).await.unwrap();
        assert_eq!((kept.session_secrets, kept.moving_secrets, stage.app.secrets_in_memory()), (0, 0, 0));
        assert_eq!(value(&stage, &client).await, SECRET);
    });
}

#[test]
fn a_secret_that_the_keyring_does_not_take_as_it_was_bound_meanwhile_is_on_its_way_again() {
    on_keyring(async |mut keyring| {
        let (stage, client) = in_memory_beside(&mut keyring).await;
        let keyring = Arc::new(Mutex::new(keyring));
        let locked = Arc::clone(&keyring);
        let app = do_at("move: recorded", async move |app, client: ClientDetail| {
            let change = ClientChange { client_id: "web-2".to_owned(), ..renaming(&client, "Client web") };
            app.client_change(change).await.unwrap();
            locked.lock().unwrap().lock();
        });
        app.set((stage.app.clone(), client.clone())).ok();
        let failed = stage.app.keyring_probe(Nothing {}).await.unwrap_err();
        assert_eq!(failed.code, FailureCode::KeyringLocked);
        assert_eq!(place(&stage, &client).await, SecretPlace::Moving);
        assert_eq!(value(&stage, &client).await, SECRET, "memory has it");

        come_back(&keyring);
        assert_eq!(stage.app.keyring_probe(Nothing {}).await.unwrap().moving_secrets, 0);
        assert_eq!((place(&stage, &client).await, stage.app.secrets_in_memory()), (SecretPlace::Keyring, 0));
        assert_eq!(value(&stage, &client).await, SECRET);
    });
}

#[test]
fn a_new_secret_of_a_rotation_is_said_to_be_on_its_way_until_the_keyring_says_whether_it_arrived() {
    on_keyring(async |mut keyring| {
        let app = full_at("move: in the keyring");
        let (stage, rotation) = with_new_in_memory(&mut keyring).await;
        assert!(
            rotation.if_stopped_now.contains("v2 is only in memory and would be gone."),
            "{}",
            rotation.if_stopped_now
        );
        keyring.start_keyring();
        app.set(stage.app.clone()).ok();
        stage.app.keyring_probe(Nothing {}).await.unwrap_err();
        let says_so = async |stage: &Stage| {
            let said = shown_rotation(stage, &rotation).await.if_stopped_now;
            assert!(said.contains("v2 is on its way from memory into the keyring, and would be gone if"), "{said}");
            assert!(said.ends_with("if it is there, it continues at step 3, otherwise at step 2."), "{said}");
        };
        says_so(&stage).await;
        let folder = stage.folder_as_it_is();
        keyring.stop_keyring();
        let next = Stage::with_keyring(folder.path()).await;
        says_so(&next).await;
        let new = shown_rotation(&next, &rotation).await.secrets.into_iter().find(|secret| !secret.is_old).unwrap();
        assert_eq!((new.place, &*new.state), (Some(SecretPlace::Moving), "staged"));

        keyring.start_keyring();
        assert_eq!(next.app.keyring_probe(Nothing {}).await.unwrap().moving_secrets, 0);
        let said = shown_rotation(&next, &rotation).await.if_stopped_now;
        assert!(!said.contains("would be gone") && said.ends_with("continues at step 3."), "{said}");
    });
}

#[test]
fn a_new_secret_of_a_rotation_that_did_not_arrive_is_lost_when_the_keyring_says_so() {
    on_keyring(async |mut keyring| {
        let (stage, rotation) = with_new_in_memory(&mut keyring).await;
        keyring.start_keyring();
        let keyring = Arc::new(Mutex::new(keyring));
        let locked = Arc::clone(&keyring);
        at_once("move: intended", move || locked.lock().unwrap().lock());
        let failed = stage.app.keyring_probe(Nothing {}).await.unwrap_err();
        assert_eq!(failed.code, FailureCode::KeyringLocked);
        let folder = stage.folder_as_it_is();
        let next = Stage::with_keyring(folder.path()).await;
        let said = shown_rotation(&next, &rotation).await.if_stopped_now;
        assert!(said.contains("v2 is on its way"), "{said}");

        come_back(&keyring);
        next.app.keyring_probe(Nothing {}).await.unwrap();
        until(async || shown_rotation(&next, &rotation).await.if_stopped_now.ends_with("continues at step 2.")).await;
    });
}

#[test]
fn a_rotation_that_is_rolled_back_while_its_new_secret_moves_leaves_nothing_in_the_keyring() {
    on_keyring(async |mut keyring| {
        let rolled = do_at("move: in the keyring", async |app, rotation: RotationDetail| {
            let roll_back = RotationConfirm { rotation: rotation.id, confirmed: true, access_token: None };
            app.rotation_roll_back(roll_back).await.unwrap();
        });
        let (stage, rotation) = with_new_in_memory(&mut keyring).await;
        keyring.start_keyring();
        rolled.set((stage.app.clone(), rotation.clone())).ok();
        stage.app.keyring_probe(Nothing {}).await.unwrap();
        let moves = || stage.counted("intent WHERE what = 'move_secret'");
        assert_eq!(moves(), 1, "a slow keyring may take it after this");
        assert_eq!(stage.app.secrets_in_memory(), 0);
        let shown = shown_rotation(&stage, &rotation).await;
        assert_eq!(
            shown.secrets.iter().map(|secret| secret.place).collect::<Vec<_>>(),
            [Some(SecretPlace::Keyring), None]
        );

        let folder = stage.folder_as_it_is();
        let next = Stage::with_keyring(folder.path()).await;
        next.app.keyring_probe(Nothing {}).await.unwrap();
        assert_eq!(next.counted("intent WHERE what = 'move_secret'"), 0);
        assert_eq!(versions_in(&keyring), 1, "the old one");
    });
}

/// A client whose secret was stored while there was no keyring, and a keyring that is there again.
async fn in_memory_beside(keyring: &mut KeyringStage) -> (Stage, ClientDetail) {
    let stage = without_keyring(keyring).await;
    let client = entered_as(&stage, "web", SECRET).await;
    keyring.start_keyring();
    (stage, client)
}

/// A rotation by overlap whose new secret is in memory only, because the keyring left before the provider answered.
async fn with_new_in_memory(keyring: &mut KeyringStage) -> (Stage, RotationDetail) {
    let stage = Stage::new_with_keyring().await;
    let client = stage.register("chattz", CALLBACK).await;
    let mut walk = Walk::start(&stage, &client, RotationStrategy::Overlap, RotationDriver::Sandbox).await;
    walk.pass_over().await;
    keyring.stop_keyring();
    walk.obtain().await;
    let now = walk.now.clone();
    (stage, now)
}

async fn shown_rotation(stage: &Stage, rotation: &RotationDetail) -> RotationDetail {
    stage.app.rotation_show(RotationRef { rotation: rotation.id.clone() }).await.unwrap()
}

/// Does something when a place is first reached, with the app and the thing that will stand here; the app waits there meanwhile.
fn do_at<T: Clone + Send + Sync + 'static>(
    place: &'static str,
    act: impl AsyncFn(App, T) + Send + Sync + 'static,
) -> Arc<OnceLock<(App, T)>> {
    let given: Arc<OnceLock<(App, T)>> = Arc::default();
    let there = Arc::clone(&given);
    at_once(place, move || {
        let (app, thing) = there.get().expect("both are there by now").clone();
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(act(app, thing)));
    });
    given
}
