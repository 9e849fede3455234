//! A new secret that was on its way when the keyring, the disk or a twin went away: it is neither lost nor taken for stored.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use gatewright_contract::app::Nothing;
use gatewright_contract::audit::{AuditActor, AuditQuery};
use gatewright_contract::client::{ClientDetail, ClientRef};
use gatewright_contract::rotation::{
    RotationActionKind, RotationDriver, RotationLogin, RotationStepKind, RotationStrategy,
};
use gatewright_contract::run::Browser;
use gatewright_contract::sandbox::SandboxStart;
use gatewright_contract::{FailureCode, Handler};
use gatewright_testkit::keyring::KeyringStage;

use super::{CALLBACK, Walk};
use crate::bound::until;
use crate::keyring::{at_once, come_back, on_keyring};
use crate::stage::Stage;

#[test]
fn a_new_secret_in_memory_is_stored_when_the_keyring_is_back() {
    on_keyring(async |keyring| {
        let keyring = Arc::new(Mutex::new(keyring));
        let stage = Stage::new_with_keyring().await;
        let client = obtained_while_locked(&stage, &keyring).await;
        come_back(&keyring);
        stage.app.keyring_probe(Nothing {}).await.unwrap();
        is_in_use(&stage, &client).await;
        let trail = stage.app.audit_list(AuditQuery { client: None, offset: 0, limit: 10 }).await.unwrap();
        let line = trail.rows.iter().find(|row| row.action == "secret_stored" && row.version == Some(2)).unwrap();
        assert_eq!(line.actor, AuditActor::Gatewright, "nobody pressed anything");
    });
}

#[test]
fn a_new_secret_in_memory_is_stored_when_gatewright_ends() {
    on_keyring(async |keyring| {
        let keyring = Arc::new(Mutex::new(keyring));
        let stage = Stage::new_with_keyring().await;
        let client = obtained_while_locked(&stage, &keyring).await;
        come_back(&keyring);
        let stage = stage.restart().await;
        is_in_use(&stage, &client).await;
    });
}

#[test]
fn a_new_secret_that_was_changed_outside_stays_in_the_keyring_until_that_is_undone() {
    on_keyring(async |_keyring| {
        let stage = Stage::new_with_keyring().await;
        let client = stage.register("chattz", CALLBACK).await;
        let mut walk = Walk::start(&stage, &client, RotationStrategy::Overlap, RotationDriver::Sandbox).await;
        walk.pass_over().await;
        let app = stage.app.clone();
        at_once("obtain: in the keyring", move || app.let_disk_be_full(true));
        let failed = stage.app.rotation_obtain(walk.confirmed()).await.unwrap_err();
        assert!(failed.message.contains("is in the keyring"), "{}", failed.message);
        let shown = stage.app.rotation_show(walk.itself()).await.unwrap();
        assert!(!shown.if_stopped_now.contains("would be gone"), "{}", shown.if_stopped_now);
        let rotation = walk.itself();

        // As if this computer had stopped here, and somebody had edited the row.
        let left = stage.folder_as_it_is();
        let db = gatewright_store::Connection::open(left.path().join("gatewright.sqlite")).unwrap();
        let edit = r#"UPDATE client SET protocol_settings = '{"client_authentication":"basic"}'"#;
        db.execute_batch(edit).unwrap();
        drop(db);
        let stage = stage.at_same_keyring(left).await;
        stage.app.keyring_probe(Nothing {}).await.unwrap();
        // The start may still have it for itself.
        let shown = async || stage.app.rotation_show(rotation.clone()).await.unwrap();
        until(async || shown().await.actions.iter().any(|action| action.kind == RotationActionKind::Obtain)).await;
        let notices = stage.app.app_state(Nothing {}).await.unwrap().notices;
        assert!(notices.iter().any(|notice| notice.message.contains("was not taken from there")), "{notices:?}");

        stage.edit("UPDATE client SET protocol_settings = NULL");
        stage.app.keyring_probe(Nothing {}).await.unwrap();
        until(async || shown().await.sentence.contains("Step 3 of 6")).await;
    });
}

#[tokio::test]
async fn an_old_client_that_was_not_deleted_is_not_taken_for_ended() {
    let stage = Stage::new().await;
    let client = stage.register("gitter", CALLBACK).await;
    let mut walk = Walk::start(&stage, &client, RotationStrategy::ReplaceClient, RotationDriver::Sandbox).await;
    walk.prove_old().await;
    walk.obtain().await;
    walk.pass_over().await;
    walk.pass_over().await;
    walk.promote().await;
    stage.app.sandbox_stop(Nothing {}).await.unwrap();
    let failed = stage.app.rotation_retire(walk.confirmed()).await.unwrap_err();
    assert_eq!(failed.message, "The sandbox is not running.");
    walk.now = stage.app.rotation_show(walk.itself()).await.unwrap();
    assert_eq!(walk.next(), Some(RotationStepKind::RetireOld));
    assert!(walk.offers(RotationActionKind::RollBack), "the old client is as it was");
}

#[tokio::test]
async fn a_further_try_that_reaches_nobody_does_not_lead_back_to_a_secret_that_may_be_dead() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let mut walk = Walk::start(&stage, &client, RotationStrategy::Staged, RotationDriver::Sandbox).await;
    walk.pass_over().await;
    walk.obtain().await;
    walk.pass_over().await;
    assert!(walk.offers(RotationActionKind::RollBack), "nothing has been asked for yet");
    // As if the answer to the change-over was lost, written down as it was before there was more to write.
    stage.edit(
        r#"UPDATE secret_rotation SET facts = json_set(facts, '$.pending',
             json('{"what":"change_over","since":"2026-01-01T00:00:00Z","is_cut_off":true}'))"#,
    );
    stage.app.sandbox_stop(Nothing {}).await.unwrap();
    for _ in 0..2 {
        let failed = stage.app.rotation_promote(walk.confirmed()).await.unwrap_err();
        assert_eq!(failed.message, "The sandbox is not running.");
        walk.now = stage.app.rotation_show(walk.itself()).await.unwrap();
        assert_eq!(walk.next(), Some(RotationStepKind::Promote));
        assert!(!walk.offers(RotationActionKind::RollBack), "the provider may take the new one alone");
    }
    let start = SandboxStart { port: None, auto_approve: None, gitter_as_engine: false };
    stage.app.sandbox_start(start).await.unwrap();
    walk.promote().await;
    assert_eq!(walk.ordinary_login().await.row.outcome, "logged_in");
}

/// Starts the sandbox again with other apps than it had.
async fn start_with_apps(stage: &Stage, apps: &str) {
    stage.app.sandbox_stop(Nothing {}).await.unwrap();
    std::fs::write(apps_file(stage), apps).unwrap();
    let start = SandboxStart { port: None, auto_approve: None, gitter_as_engine: false };
    stage.app.sandbox_start(start).await.unwrap();
}

fn apps_file(stage: &Stage) -> PathBuf {
    stage.database().with_file_name("sandbox-apps.json")
}

/// The same apps, whose secrets are others.
fn with_other_secrets(apps: &str) -> String {
    let mut parts = apps.split("\"sha256\"");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |all, part| {
        let (before, after) = part.split_at(part.find(|letter: char| letter.is_ascii_hexdigit()).unwrap());
        format!("{all}\"sha256\"{before}{}{}", "0".repeat(64), &after[64..])
    })
}

#[tokio::test]
async fn where_the_provider_refuses_both_secrets_that_is_said_with_what_to_do_and_there_is_a_way_out() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let mut walk = Walk::start(&stage, &client, RotationStrategy::Staged, RotationDriver::Sandbox).await;
    walk.prove_old().await;
    walk.obtain().await;
    walk.pass_over().await;
    let apps = std::fs::read_to_string(apps_file(&stage)).unwrap();
    start_with_apps(&stage, &with_other_secrets(&apps)).await;
    let first = stage.app.rotation_promote(walk.confirmed()).await.unwrap_err();
    assert_eq!(first.message, "The provider activated a staged secret, and refuses the one that is stored here.");
    let failed = stage.app.rotation_promote(walk.confirmed()).await.unwrap_err();
    assert_eq!((failed.code, &*failed.message), (FailureCode::Refused, "The provider refuses v1 and v2."));
    assert!(failed.hint.is_some_and(|hint| hint.contains("whether the client is still there")));
    walk.now = walk.shown().await;
    let step = walk.now.steps.iter().find(|step| step.kind == RotationStepKind::Promote).unwrap();
    assert!(step.sentence.starts_with("The provider refuses v1 and v2. Look there"), "{}", step.sentence);
    assert!(walk.now.if_stopped_now.contains("logins fail until that is put right"), "{}", walk.now.if_stopped_now);
    assert!(walk.offers(RotationActionKind::Promote) && walk.offers(RotationActionKind::RollBack));
    start_with_apps(&stage, &apps).await;
    walk.promote().await;
    let run = walk.ordinary_login().await;
    assert_eq!(run.row.outcome, "logged_in", "it was put right, and is asked again: {:?}", run.sentence);
}

#[tokio::test]
async fn a_login_that_would_not_send_the_new_secret_is_not_started_to_prove_it() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let mut walk = Walk::start(&stage, &client, RotationStrategy::Overlap, RotationDriver::Sandbox).await;
    walk.pass_over().await;
    walk.obtain().await;
    stage.edit(r#"UPDATE client SET protocol_settings = '{"client_authentication":"none"}'"#);
    let login = RotationLogin { rotation: walk.itself().rotation, browser: Browser::Embedded, redirect_uri: None };
    let failed = stage.app.rotation_login(login).await.unwrap_err();
    assert!(failed.message.ends_with("without a secret."), "{}", failed.message);
}

/// A client whose new secret, the only one that works, is in memory: the keyring was locked when the provider answered.
async fn obtained_while_locked(stage: &Stage, keyring: &Arc<Mutex<KeyringStage>>) -> ClientDetail {
    let client = stage.register("chaster", CALLBACK).await;
    let mut walk = Walk::start(stage, &client, RotationStrategy::CutOver, RotationDriver::Keycloak).await;
    walk.pass_over().await;
    let locked = Arc::clone(keyring);
    at_once("obtain: answered", move || locked.lock().unwrap().lock());
    let failed = stage.app.rotation_obtain(walk.confirmed()).await.unwrap_err();
    assert_eq!(failed.code, FailureCode::KeyringLocked);
    client
}

async fn is_in_use(stage: &Stage, client: &ClientDetail) {
    let client = stage.app.client_show(ClientRef { client: client.row.id.clone() }).await.unwrap();
    let active = client.secret_versions.iter().find(|version| version.state == "active").unwrap();
    assert_eq!(active.version, 2);
    let run = stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(run.row.outcome, "logged_in", "{:?}", run.sentence);
}
