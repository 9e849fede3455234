//! Rows that were changed behind Gatewright's back: noticed, shown, and believed only when a person says so.

use gatewright_contract::app::Nothing;
use gatewright_contract::audit::AuditQuery;
use gatewright_contract::client::{ClientDetail, ClientEnter, ClientRef, Environment, Ownership};
use gatewright_contract::rotation::{RotationDriver, RotationStart, RotationStrategy};
use gatewright_contract::run::{Browser, TokenRef};
use gatewright_contract::secret::SecretRef;
use gatewright_contract::secret_version::{BindingField, SecretBinding, SecretBindingConfirm};
use gatewright_contract::token::TokenRefresh;
use gatewright_contract::{Failure, FailureCode, Handler};

use crate::keyring::on_keyring;
use crate::stage::{PATIENCE, Stage};
use crate::test_users::somebody;

const CALLBACK: &str = "https://app.example.org/callback";
const SECRET: &str = "a-secret-of-some-length-9f2c";

#[tokio::test]
async fn a_client_id_that_was_edited_is_noticed_shown_and_can_be_undone() {
    let stage = Stage::new().await;
    let client = entered(&stage).await;
    assert!(binding(&stage, &client).await.intact);
    stage.edit("UPDATE client SET client_id = 'collector'");
    assert_eq!(revealed(&stage, &client).await.unwrap_err().code, FailureCode::ChangedOutside);
    let shown = binding(&stage, &client).await;
    assert_eq!((shown.intact, shown.former_known, &*shown.refused_versions), (false, true, &[1][..]));
    assert_eq!(differences(&shown), [(BindingField::ClientId, Some("my-website"), Some("collector"))]);
    stage.edit("UPDATE client SET client_id = 'my-website'");
    assert_eq!(revealed(&stage, &client).await.unwrap(), SECRET, "undone, it is as it was");
}

#[tokio::test]
async fn another_way_of_authenticating_is_noticed_and_used_once_it_is_confirmed() {
    let stage = Stage::new().await;
    let client = entered(&stage).await;
    stage.edit(r#"UPDATE client SET protocol_settings = '{"client_authentication":"basic"}'"#);
    assert_eq!(revealed(&stage, &client).await.unwrap_err().code, FailureCode::ChangedOutside);
    let shown = binding(&stage, &client).await;
    assert_eq!(differences(&shown), [(BindingField::Authentication, Some("body"), Some("basic"))]);

    let other = SecretBindingConfirm { client: client.row.id.clone(), digest: "something else".to_owned() };
    let refused = stage.app.secret_confirm_binding(other).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::ChangedMeanwhile, "only what was shown is confirmed");
    confirm(&stage, &client, &shown).await;
    assert_eq!(revealed(&stage, &client).await.unwrap(), SECRET);
    assert!(binding(&stage, &client).await.intact);
    let trail = stage.app.audit_list(AuditQuery { client: None, offset: 0, limit: 10 }).await.unwrap();
    let line = trail.rows.iter().find(|row| row.action == "destination_confirmed").expect("it stands in the trail");
    assert_eq!(line.detail.as_deref(), Some("authentication from body to basic"));
}

#[tokio::test]
async fn what_is_written_beside_a_secret_is_not_believed_when_it_was_edited_too() {
    let stage = Stage::new().await;
    let client = entered(&stage).await;
    stage.edit(
        "UPDATE client SET client_id = 'collector';
         UPDATE secret_version SET destination = json_set(destination, '$.client_id', 'collector')",
    );
    assert_eq!(revealed(&stage, &client).await.unwrap_err().code, FailureCode::ChangedOutside);
    let shown = binding(&stage, &client).await;
    assert!(!shown.former_known);
    assert_eq!(shown.differences.len(), 7, "everything it would be bound to has to be looked at");
    assert!(shown.differences.iter().all(|difference| difference.from.is_none()));
}

#[test]
fn another_server_is_noticed_after_a_restart_and_nothing_is_sent_there() {
    on_keyring(async |_keyring| {
        let stage = Stage::new_with_keyring().await;
        let client = entered(&stage).await;
        stage.edit("INSERT INTO provider_base_url VALUES ('chattz', 'https://collector.example', 0)");
        let stage = stage.restart().await;
        assert_eq!(revealed(&stage, &client).await.unwrap_err().code, FailureCode::ChangedOutside);
        let shown = binding(&stage, &client).await;
        let fields: Vec<_> = shown.differences.iter().map(|difference| difference.field).collect();
        assert_eq!(fields, [BindingField::Issuer, BindingField::TokenEndpoint, BindingField::IdentityEndpoint]);
        let to = |difference: &gatewright_contract::secret_version::BindingDifference| {
            difference.to.clone().is_some_and(|to| to.starts_with("https://collector.example"))
        };
        assert!(shown.former_known && shown.differences.iter().all(to), "{:?}", shown.differences);
        confirm(&stage, &client, &shown).await;
        let stage = stage.restart().await;
        assert_eq!(revealed(&stage, &client).await.unwrap(), SECRET, "confirmed once for all");
    });
}

#[test]
fn rows_of_two_secrets_that_changed_places_are_noticed() {
    on_keyring(async |_keyring| {
        let stage = Stage::new_with_keyring().await;
        let (one, other) = (entered(&stage).await, entered_as(&stage, "other", "another-secret-of-length-11aa").await);
        stage.edit(&format!(
            "PRAGMA foreign_keys = OFF;
             UPDATE secret_version SET client = 'nobody' WHERE client = '{one}';
             UPDATE secret_version SET client = '{one}' WHERE client = '{other}';
             UPDATE secret_version SET client = '{other}' WHERE client = 'nobody';",
            one = one.row.id,
            other = other.row.id,
        ));
        for client in [&one, &other] {
            assert_eq!(revealed(&stage, client).await.unwrap_err().code, FailureCode::ChangedOutside);
        }
        let shown = binding(&stage, &one).await;
        assert_eq!(differences(&shown).last(), Some(&(BindingField::Value, Some("…11aa"), None)));
        confirm(&stage, &one, &shown).await;
        assert_eq!(revealed(&stage, &one).await.unwrap(), SECRET, "the value is the one that was always hers");
    });
}

#[tokio::test]
async fn sealed_tokens_that_changed_places_do_not_open() {
    let stage = Stage::new().await;
    let client = stage.register("chaster", CALLBACK).await;
    let (one, other) = (stage.log_in(&client, Browser::Embedded).await, stage.log_in(&client, Browser::Embedded).await);
    let token = |run: &str| TokenRef { run: run.to_owned(), token: "access_token".to_owned() };
    stage.app.token_copy(token(&one.row.id)).await.unwrap();
    stage.edit(
        "UPDATE sealed_token SET sealed = (SELECT o.sealed FROM sealed_token o WHERE o.name = sealed_token.name AND o.run <> sealed_token.run)
         WHERE run = (SELECT max(seq) FROM run)",
    );
    assert!(stage.app.token_copy(token(&other.row.id)).await.is_err());
    stage.app.token_copy(token(&one.row.id)).await.expect("the others still open");
}

#[test]
fn an_older_copy_of_the_database_is_noticed_and_refreshes_nothing_until_it_is_confirmed() {
    on_keyring(async |_keyring| {
        let stage = Stage::new_with_keyring().await;
        let client = stage.register("chaster", CALLBACK).await;
        let run = stage.log_in(&client, Browser::Embedded).await;
        let ask = TokenRefresh { run: run.row.id.clone(), try_once_more: false };
        let older_copy = stage.folder_as_it_is();
        stage.app.token_refresh(ask.clone()).await.unwrap();
        let stage = stage.restart().await;
        assert!(!is_older(&stage).await, "the database itself is not older");

        stage.app.shut_down().await;
        let stage = stage.at_same_keyring(older_copy).await;
        assert!(is_older(&stage).await);
        assert!(
            stage.app.app_state(Nothing {}).await.unwrap().notices.is_empty(),
            "the window says it in a place of its own"
        );
        let refused = stage.app.token_refresh(ask.clone()).await.unwrap_err();
        assert_eq!(refused.code, FailureCode::OlderDatabase);
        let start = RotationStart {
            client: client.row.id.clone(),
            strategy: RotationStrategy::CutOver,
            driver: RotationDriver::ByHand,
        };
        assert_eq!(stage.app.rotation_start(start).await.unwrap_err().code, FailureCode::OlderDatabase);

        let stage = stage.restart().await;
        assert!(is_older(&stage).await, "a restart forgets nothing");
        let confirmed = stage.app.database_confirm_older(Nothing {}).await.unwrap();
        assert!(!confirmed.older_database && confirmed.notices.is_empty(), "{:?}", confirmed.notices);
        let now_tried = stage.app.token_refresh(ask).await;
        assert_ne!(now_tried.err().map(|failure| failure.code), Some(FailureCode::OlderDatabase));
        let stage = stage.restart().await;
        assert!(!is_older(&stage).await, "confirmed, it is the database");
    });
}

pub(crate) async fn is_older(stage: &Stage) -> bool {
    // The first command that needs the keyring waits until it was looked at.
    stage.app.keyring_probe(Nothing {}).await.unwrap();
    stage.app.app_state(Nothing {}).await.unwrap().older_database
}

#[test]
fn an_entry_of_the_keyring_that_nobody_knows_goes_after_a_week() {
    on_keyring(async |keyring| {
        let stage = Stage::new_with_keyring().await;
        entered(&stage).await;
        let items = keyring.item_count();
        stage.edit("DELETE FROM secret_version");
        let stage = stage.restart().await;
        until(async || orphans(&stage) == 1).await;
        assert_eq!(keyring.item_count(), items, "not at once: a copy of the database may know it");
        stage.edit("UPDATE keyring_orphan SET first_seen_at = 0");
        let stage = stage.restart().await;
        until(async || keyring.item_count() == items - 1).await;
        until(async || orphans(&stage) == 0).await;
    });
}

#[test]
fn files_that_no_row_names_stay_until_the_keyring_has_said_how_old_the_database_is() {
    on_keyring(async |mut keyring| {
        let stage = Stage::new_with_keyring().await;
        stage.app.keyring_probe(Nothing {}).await.unwrap();
        stage.app.test_user_create(somebody("Tester A")).await.unwrap();
        stage.edit("UPDATE test_user SET deleted_at = 1");
        stage.app.shut_down().await;
        let folder = stage.folder_as_it_is();
        let files = ["evidence/ab/abcd.png", "test-users/abc-1/cookies"].map(|name| folder.path().join(name));
        for file in &files {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "of a run or a person this database may have forgotten").unwrap();
        }

        keyring.lock();
        let stage = stage.at_same_keyring(folder).await;
        // Deleted test users go after pictures were swept, or left alone.
        until(async || stage.counted("test_user") == 0).await;
        assert!(files.iter().all(|file| file.exists()), "nobody knows yet whether the database is older");

        keyring.stop_keyring();
        keyring.start_keyring();
        assert!(!is_older(&stage).await);
        assert!(!files.iter().any(|file| file.exists()), "they are nobody's");
    });
}

fn orphans(stage: &Stage) -> u32 {
    stage.counted("keyring_orphan")
}

/// Waits until something is so.
pub(crate) async fn until(holds: impl AsyncFn() -> bool) {
    let so = async {
        while !holds().await {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, so).await.expect("it becomes so");
}

async fn entered(stage: &Stage) -> ClientDetail {
    entered_as(stage, "my-website", SECRET).await
}

/// A client at the real Chattz.
pub(crate) async fn entered_as(stage: &Stage, client_id: &str, secret: &str) -> ClientDetail {
    let request = ClientEnter {
        provider: "chattz".to_owned(),
        environment: Environment::Production,
        name: format!("Client {client_id}"),
        client_id: client_id.to_owned(),
        secret: Some(secret.to_owned()),
        redirect_uris: vec![CALLBACK.to_owned()],
        ownership: Ownership::Owned,
        owner: "Ada".to_owned(),
        tag: String::new(),
        notes: String::new(),
        protocol: None,
    };
    stage.app.client_enter(request).await.unwrap()
}

async fn revealed(stage: &Stage, client: &ClientDetail) -> Result<String, Failure> {
    let request = SecretRef { client: client.row.id.clone(), confirmed: true };
    stage.app.secret_reveal(request).await.map(|revealed| revealed.value)
}

async fn binding(stage: &Stage, client: &ClientDetail) -> SecretBinding {
    stage.app.secret_binding(ClientRef { client: client.row.id.clone() }).await.unwrap()
}

async fn confirm(stage: &Stage, client: &ClientDetail, shown: &SecretBinding) {
    let request = SecretBindingConfirm { client: client.row.id.clone(), digest: shown.digest.clone() };
    stage.app.secret_confirm_binding(request).await.unwrap();
}

fn differences(shown: &SecretBinding) -> Vec<(BindingField, Option<&str>, Option<&str>)> {
    shown.differences.iter().map(|one| (one.field, one.from.as_deref(), one.to.as_deref())).collect()
}
