//! Clients: kept, changed, deleted, restored.

use gatewright_contract::client::{ClientChange, ClientDetail, ClientDraft, ClientRef, ClientRegister, Environment};
use gatewright_contract::protocol::CustomParameter;
use gatewright_contract::secret::{SecretPaste, SecretRef};
use gatewright_contract::{FailureCode, Handler};
use gatewright_testkit::Canary;
use gatewright_testkit::keyring::KeyringStage;

use crate::handover::enter;
use crate::keyring::on_keyring;
use crate::stage::{PATIENCE, Stage, everything};

const CALLBACK: &str = "https://app.example.org/callback";

#[tokio::test]
async fn a_registered_client_is_listed_with_its_secret_as_version_one() {
    let stage = Stage::new().await;
    let client = stage.register("chattr", CALLBACK).await;
    let list = stage.app.client_list(everything()).await.unwrap();
    assert_eq!(list.rows.len(), 1);
    assert_eq!(list.rows[0].secret_version, Some(1));
    assert_eq!(client.secret.unwrap().state, "active");
    assert!(client.obstacles.is_empty(), "{:?}", client.obstacles);
}

#[tokio::test]
async fn a_person_without_a_verified_phone_may_not_create_an_app_at_chattr() {
    let stage = Stage::new().await;
    let request = ClientRegister {
        provider: "chattr".to_owned(),
        name: "Guild bot".to_owned(),
        redirect_uris: vec![CALLBACK.to_owned()],
        register_as: "una".to_owned(),
        tag: String::new(),
        notes: String::new(),
    };
    let refused = stage.app.client_register(request).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::Refused);
    assert!(refused.message.to_lowercase().contains("phone"), "{}", refused.message);
    assert_eq!(stage.app.client_list(everything()).await.unwrap().total, 0);
}

#[tokio::test]
async fn a_secret_is_shown_only_when_that_was_confirmed() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let ask = |confirmed| SecretRef { client: client.row.id.clone(), confirmed };
    assert_eq!(stage.app.secret_reveal(ask(false)).await.unwrap_err().code, FailureCode::Invalid);
    let revealed = stage.app.secret_reveal(ask(true)).await.unwrap();
    assert_eq!(revealed.hide_after_ms, 20_000);
    assert!(client.secret.unwrap().last_four.is_some_and(|four| revealed.value.ends_with(&four)));
}

#[tokio::test]
async fn an_edit_reaches_the_twin() {
    let stage = Stage::new().await;
    let client = stage.register("contentdb", "https://app.example.org/old/callback").await;
    let change = ClientChange {
        client: client.row.id.clone(),
        name: "Forum login new".to_owned(),
        client_id: client.row.client_id.clone(),
        redirect_uris: vec![CALLBACK.to_owned()],
        owner: client.owner.clone(),
        tag: "prod".to_owned(),
        notes: "moved".to_owned(),
        protocol: None,
    };
    let changed = stage.app.client_change(change).await.unwrap();
    assert_eq!(changed.redirect_uris[0].uri, CALLBACK);
    stage.person("olivia", crate::person::Decision::Approve);
    let run = stage.log_in(&changed, gatewright_contract::run::Browser::Embedded).await;
    assert_eq!(run.row.outcome, "logged_in", "{:?}", run.sentence);
}

#[tokio::test]
async fn a_deleted_client_comes_back_with_its_secret() {
    let stage = Stage::new().await;
    let client = stage.register("gitter", CALLBACK).await;
    let which = ClientRef { client: client.row.id.clone() };
    let deleted = stage.app.client_delete(which.clone()).await.unwrap();
    assert_eq!(deleted.undo_ms, 10_000);
    assert_eq!(stage.app.client_list(everything()).await.unwrap().total, 0);
    let restored = stage.app.client_restore(which).await.unwrap();
    let run = stage.log_in(&restored, gatewright_contract::run::Browser::Embedded).await;
    assert_eq!(run.row.outcome, "logged_in", "{:?}", run.sentence);
}

#[tokio::test]
async fn a_copy_of_a_client_has_an_id_and_a_secret_of_its_own() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let copy = stage.app.client_duplicate(ClientRef { client: client.row.id.clone() }).await.unwrap();
    assert_ne!(copy.row.client_id, client.row.client_id);
    assert!(copy.row.name.ends_with("copy"));
    assert_eq!(copy.row.secret_version, Some(1));
}

#[tokio::test]
async fn no_secret_of_a_client_is_anywhere_in_the_data_folder() {
    let stage = Stage::new().await;
    let client = stage.register("chaster", CALLBACK).await;
    let secret =
        stage.app.secret_reveal(SecretRef { client: client.row.id.clone(), confirmed: true }).await.unwrap().value;
    stage.log_in(&client, gatewright_contract::run::Browser::Embedded).await;
    let folder = stage.database().parent().unwrap().to_owned();
    for entry in std::fs::read_dir(folder).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        let bytes = std::fs::read(entry.path()).unwrap();
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "the secret stands in {}", entry.path().display());
    }
}

#[tokio::test]
async fn protocol_settings_are_judged_as_they_are_typed_and_kept_only_when_they_are_right() {
    let stage = Stage::new().await;
    let client = stage.register("chaster", CALLBACK).await;
    let mut protocol = client.protocol.clone();
    protocol.token_parameters = vec![
        CustomParameter { name: "audience".to_owned(), value: "api".to_owned() },
        CustomParameter { name: "grant_type".to_owned(), value: "password".to_owned() },
    ];
    let draft = ClientDraft {
        provider: "chaster".to_owned(),
        environment: Environment::Sandbox,
        client: Some(client.row.id.clone()),
        name: client.row.name.clone(),
        client_id: Some(client.row.client_id.clone()),
        secret: None,
        redirect_uris: vec![CALLBACK.to_owned()],
        protocol: Some(protocol.clone()),
    };
    let judged = stage.app.client_check(draft).await.unwrap();
    let errors: Vec<_> =
        judged.findings.iter().filter(|finding| finding.error).map(|finding| &*finding.field).collect();
    assert_eq!(errors, ["protocol.tokenParameters.1"], "a parameter that Gatewright sends itself");
    let mut change = ClientChange {
        client: client.row.id.clone(),
        name: client.row.name.clone(),
        client_id: client.row.client_id.clone(),
        redirect_uris: vec![CALLBACK.to_owned()],
        owner: client.owner.clone(),
        tag: client.row.tag.clone(),
        notes: client.notes.clone(),
        protocol: Some(protocol.clone()),
    };
    let refused = stage.app.client_change(change.clone()).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("protocol.tokenParameters.1"));
    protocol.token_parameters.pop();
    protocol.max_age = Some(600);
    change.protocol = Some(protocol.clone());
    assert_eq!(stage.app.client_change(change.clone()).await.unwrap().protocol, protocol);
    change.protocol = None;
    assert_eq!(stage.app.client_change(change).await.unwrap().protocol, protocol, "left out, they stay");
}

#[tokio::test]
async fn an_address_at_which_another_providers_client_is_called_is_told_with_one_of_its_own() {
    const SHARED: &str = "http://127.0.0.1:8914/callback";
    let stage = Stage::new().await;
    let chattz = stage.register("chattz", SHARED).await;
    let draft = |provider: &str, uri: &str| ClientDraft {
        provider: provider.to_owned(),
        environment: Environment::Sandbox,
        client: None,
        name: "Website".to_owned(),
        client_id: None,
        secret: None,
        redirect_uris: vec![uri.to_owned()],
        protocol: None,
    };
    let judged = stage.app.client_check(draft("gitter", SHARED)).await.unwrap();
    let [found] = judged.findings.as_slice() else { panic!("{:?}", judged.findings) };
    assert_eq!(
        (found.code.as_str(), found.field.as_str(), found.error),
        ("redirect_uri_shared", "redirectUris.0", false)
    );
    assert!(found.message.contains("Chattz") && found.message.contains(&chattz.row.name), "{}", found.message);
    let own = found.fix.as_deref().unwrap();
    assert_eq!(own, "http://127.0.0.1:8914/callback/gitter");
    for (provider, uri) in [("gitter", own), ("chattz", SHARED)] {
        let judged = stage.app.client_check(draft(provider, uri)).await.unwrap();
        assert!(judged.findings.is_empty(), "{provider}: {:?}", judged.findings);
    }
    stage.app.client_delete(ClientRef { client: chattz.row.id }).await.unwrap();
    let judged = stage.app.client_check(draft("gitter", SHARED)).await.unwrap();
    assert!(judged.findings.is_empty(), "a client that is gone is called by nobody");
}

/// The labels of clients' secrets in the keyring, in alphabetical order.
fn labels(keyring: &KeyringStage) -> Vec<String> {
    let mut labels: Vec<_> = keyring.labels().into_iter().filter(|label| label.contains("client secret")).collect();
    labels.sort();
    labels
}

#[test]
fn every_version_of_a_renamed_client_is_found_by_the_new_name_in_the_keyring() {
    on_keyring(async |keyring| {
        let stage = Stage::new_with_keyring().await;
        let client = enter(&stage, "Guild portal", "abc123", &Canary::new("first")).await;
        let other = enter(&stage, "Something else", "def456", &Canary::new("other")).await;
        let paste =
            SecretPaste { client: client.row.id.clone(), secret: "a-second-secret-of-the-client-77aa".to_owned() };
        stage.app.secret_paste(paste).await.unwrap();
        // Twice in a row: the later name counts, whichever of the two is done last.
        for name in ["Guild board", "Guild hall"] {
            stage.app.client_change(renaming(&client, name)).await.unwrap();
        }
        let label = |name: &str, version| format!("Gatewright: {name} at Chattz (client secret, version {version})");
        let expected = [label("Guild hall", 1), label("Guild hall", 2), label("Something else", 1)];
        let relabelled = async {
            while labels(&keyring) != expected {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, relabelled).await;
        assert!(in_time.is_ok(), "{:?}", labels(&keyring));
        let ask = SecretRef { client: client.row.id.clone(), confirmed: true };
        assert_eq!(stage.app.secret_reveal(ask).await.unwrap().value, "a-second-secret-of-the-client-77aa");

        keyring.lock();
        let renamed = stage.app.client_change(renaming(&other, "Another name")).await.unwrap();
        assert_eq!(renamed.row.name, "Another name", "a locked keyring is in nobody's way");
    });
}

/// The client as it is, under another name.
pub(crate) fn renaming(client: &ClientDetail, name: &str) -> ClientChange {
    ClientChange {
        client: client.row.id.clone(),
        name: name.to_owned(),
        client_id: client.row.client_id.clone(),
        redirect_uris: client.redirect_uris.iter().map(|shown| shown.uri.clone()).collect(),
        owner: client.owner.clone(),
        tag: client.row.tag.clone(),
        notes: client.notes.clone(),
        protocol: None,
    }
}
