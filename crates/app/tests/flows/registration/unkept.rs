//! What a provider has issued while nothing could be stored: it is in memory, and put away as soon as that can be done.

use std::sync::{Arc, Mutex};

use gatewright_contract::Handler;
use gatewright_contract::app::Nothing;
use gatewright_contract::client::ClientRef;
use gatewright_contract::run::Browser;
use gatewright_testkit::keyring::KeyringStage;

use super::{creation, creation_of};
use crate::keyring::{at_once, come_back, on_keyring};
use crate::stage::{Stage, everything};

/// Registers a client; the keyring is locked at the moment at which the provider has answered.
async fn registered_while_locked(stage: &Stage, keyring: &Arc<Mutex<KeyringStage>>) {
    let locked = Arc::clone(keyring);
    at_once("registration: answered", move || locked.lock().unwrap().lock());
    assert!(stage.app.registration_create(creation(None)).await.is_err());
    assert_eq!(stage.app.client_list(everything()).await.unwrap().total, 0, "nothing is kept yet");
}

/// The client is kept with its token, and its secret works.
async fn is_kept(stage: &Stage) {
    let list = stage.app.client_list(everything()).await.unwrap();
    assert_eq!(list.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Kitten locks"]);
    let reference = ClientRef { client: list.rows[0].id.clone() };
    let registration = stage.app.registration_show(reference.clone()).await.unwrap();
    assert!(registration.managed && registration.token_version == Some(1), "{registration:?}");
    let client = stage.app.client_show(reference).await.unwrap();
    let run = stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(run.row.outcome, "logged_in", "{:?}", run.sentence);
}

#[test]
fn what_was_issued_while_the_keyring_was_locked_is_put_away_when_gatewright_ends() {
    on_keyring(async |keyring| {
        let keyring = Arc::new(Mutex::new(keyring));
        let stage = Stage::new_with_keyring().await;
        registered_while_locked(&stage, &keyring).await;
        come_back(&keyring);
        let stage = stage.restart().await;
        is_kept(&stage).await;
        assert_eq!(stage.counted("registration_intent"), 0, "nobody is told of a registration that was cut off");
    });
}

#[test]
fn what_was_issued_while_the_keyring_was_locked_is_put_away_with_the_next_command_about_a_registration() {
    on_keyring(async |keyring| {
        let keyring = Arc::new(Mutex::new(keyring));
        let stage = Stage::new_with_keyring().await;
        registered_while_locked(&stage, &keyring).await;
        come_back(&keyring);
        stage.app.keyring_probe(Nothing {}).await.unwrap();
        let second = stage.app.registration_create(creation_of("Kitten gates")).await.unwrap();
        assert_eq!(second.row.name, "Kitten gates");
        assert_eq!(stage.app.client_list(everything()).await.unwrap().total, 2);
    });
}
