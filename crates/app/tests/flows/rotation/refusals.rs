//! What is refused, and changes nothing.

use gatewright_contract::client::{ClientChange, ClientEnter, ClientRef, Environment, Ownership};
use gatewright_contract::registration::RegistrationCreate;
use gatewright_contract::rotation::{
    RotationConfirm, RotationDriver, RotationPaste, RotationStart, RotationState, RotationStrategy,
};
use gatewright_contract::secret::SecretPaste;
use gatewright_contract::{FailureCode, Handler};

use super::{CALLBACK, Walk, value_in_use};
use crate::lifecycle::trail;
use crate::stage::Stage;

#[tokio::test]
async fn a_client_is_rotated_once_at_a_time_and_gets_no_other_secret_meanwhile() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let walk = Walk::start(&stage, &client, RotationStrategy::Overlap, RotationDriver::Sandbox).await;
    let again = RotationStart {
        client: client.row.id.clone(),
        strategy: RotationStrategy::Overlap,
        driver: RotationDriver::ByHand,
    };
    assert_eq!(stage.app.rotation_start(again).await.unwrap_err().code, FailureCode::InUse);
    let paste = SecretPaste { client: client.row.id.clone(), secret: "another-secret-altogether".to_owned() };
    assert_eq!(stage.app.secret_paste(paste).await.unwrap_err().code, FailureCode::InUse);
    let delete = ClientRef { client: client.row.id.clone() };
    assert_eq!(stage.app.client_delete(delete).await.unwrap_err().code, FailureCode::InUse);
    let over = stage.app.rotation_abandon(walk.confirmed()).await.unwrap();
    assert_eq!(over.state, RotationState::Abandoned);
    let lines = trail(&stage).await;
    assert_eq!((&*lines[0].action, &*lines[1].action), ("rotation_abandoned", "rotation_started"));
    assert_eq!(lines[1].detail.as_deref(), Some("by overlap"));
    Walk::start(&stage, &client, RotationStrategy::Overlap, RotationDriver::ByHand).await;
}

#[tokio::test]
async fn what_has_to_be_confirmed_is_not_done_before_it_is() {
    let stage = Stage::new().await;
    let client = stage.register("chaster", CALLBACK).await;
    let mut walk = Walk::start(&stage, &client, RotationStrategy::CutOver, RotationDriver::Keycloak).await;
    walk.prove_old().await;
    let unconfirmed = || RotationConfirm { confirmed: false, ..walk.confirmed() };
    let refused = stage.app.rotation_obtain(unconfirmed()).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("confirmed"));
    let refused = stage.app.rotation_abandon(unconfirmed()).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("confirmed"));
    assert_eq!(walk.ordinary_login().await.row.outcome, "logged_in", "nothing has changed");
}

#[tokio::test]
async fn a_step_out_of_turn_is_refused() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let walk = Walk::start(&stage, &client, RotationStrategy::Overlap, RotationDriver::Sandbox).await;
    for refused in [
        stage.app.rotation_promote(walk.confirmed()).await,
        stage.app.rotation_retire(walk.confirmed()).await,
        stage.app.rotation_obtain(walk.confirmed()).await,
        stage.app.rotation_roll_back(walk.confirmed()).await,
        stage.app.rotation_prove_new(walk.itself()).await,
        stage.app.rotation_store_again(walk.itself()).await,
    ] {
        assert_eq!(refused.unwrap_err().code, FailureCode::ChangedMeanwhile);
    }
    assert_eq!(stage.app.rotation_show(walk.itself()).await.unwrap(), walk.now);
}

#[tokio::test]
async fn the_old_secret_is_not_taken_for_a_new_one() {
    let stage = Stage::new().await;
    let client = stage.register("chattr", CALLBACK).await;
    let value = value_in_use(&stage, &client.row.id).await;
    let mut walk = Walk::start(&stage, &client, RotationStrategy::AskSupport, RotationDriver::ByHand).await;
    walk.pass_over().await;
    let paste = RotationPaste { rotation: walk.now.id.clone(), client_id: None, secret: value };
    let refused = stage.app.rotation_paste_new(paste).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("secret"));
    assert!(refused.message.contains("version 1"), "{}", refused.message);
}

#[tokio::test]
async fn a_secret_is_sent_nowhere_else_while_it_is_rotated() {
    let stage = Stage::new().await;
    let client = stage.register("gitter", CALLBACK).await;
    let _walk = Walk::start(&stage, &client, RotationStrategy::ReplaceClient, RotationDriver::Sandbox).await;
    let mut change = ClientChange {
        client: client.row.id.clone(),
        name: client.row.name.clone(),
        client_id: client.row.client_id.clone(),
        redirect_uris: vec![CALLBACK.to_owned()],
        owner: client.owner.clone(),
        tag: "prod".to_owned(),
        notes: String::new(),
        protocol: None,
    };
    stage.app.client_change(change.clone()).await.expect("a tag is in nobody's way");
    let mut protocol = client.protocol.clone();
    protocol.client_authentication = Some(gatewright_contract::protocol::ClientAuthentication::ClientSecretBasic);
    change.protocol = Some(protocol);
    assert_eq!(stage.app.client_change(change).await.unwrap_err().code, FailureCode::InUse);
}

#[tokio::test]
async fn a_client_of_somebody_else_is_not_rotated() {
    let stage = Stage::new().await;
    let entered = stage
        .app
        .client_enter(ClientEnter {
            provider: "chattz".to_owned(),
            environment: Environment::Sandbox,
            name: "Somebody's client".to_owned(),
            client_id: "abc123".to_owned(),
            secret: Some("a-secret-of-somebody-else".to_owned()),
            redirect_uris: vec![CALLBACK.to_owned()],
            ownership: Ownership::Shared,
            owner: "olivia".to_owned(),
            tag: String::new(),
            notes: String::new(),
            protocol: None,
        })
        .await
        .unwrap();
    let start = RotationStart {
        client: entered.row.id,
        strategy: RotationStrategy::ReplaceClient,
        driver: RotationDriver::ByHand,
    };
    assert_eq!(stage.app.rotation_start(start).await.unwrap_err().code, FailureCode::NotOwned);
}

#[tokio::test]
async fn of_two_who_ask_for_a_new_secret_at_once_one_gets_it() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let mut walk = Walk::start(&stage, &client, RotationStrategy::Overlap, RotationDriver::Sandbox).await;
    walk.pass_over().await;
    let (one, other) =
        tokio::join!(stage.app.rotation_obtain(walk.confirmed()), stage.app.rotation_obtain(walk.confirmed()));
    let refused = [one, other].into_iter().filter_map(Result::err).map(|failure| failure.code).collect::<Vec<_>>();
    // The second either finds the first at work or comes when there is a new secret already.
    assert!(matches!(&*refused, [FailureCode::InUse | FailureCode::ChangedMeanwhile]), "{refused:?}");
    assert_eq!(walk.versions().await.len(), 2, "one new secret");
}

#[tokio::test]
async fn a_client_is_not_aligned_with_its_provider_while_its_secret_is_rotated() {
    let stage = Stage::new().await;
    let creation = RegistrationCreate {
        provider: "chaster".to_owned(),
        environment: Environment::Sandbox,
        name: "Kitten locks".to_owned(),
        redirect_uris: vec![CALLBACK.to_owned()],
        initial_access_token: None,
        owner: "olivia".to_owned(),
        tag: String::new(),
        notes: String::new(),
    };
    let client = stage.app.registration_create(creation).await.unwrap();
    let walk = Walk::start(&stage, &client, RotationStrategy::CutOver, RotationDriver::ByHand).await;
    let itself = || ClientRef { client: client.row.id.clone() };
    let refused = stage.app.registration_push(itself()).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::InUse, "an update may change the secret");
    stage.app.rotation_abandon(walk.confirmed()).await.unwrap();
    stage.app.registration_push(itself()).await.unwrap();
}
