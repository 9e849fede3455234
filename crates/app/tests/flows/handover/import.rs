//! What is taken in, whose it is then, and what may be done with it.

use gatewright_contract::app::Nothing;
use gatewright_contract::client::{ClientChange, ClientRef, Ownership};
use gatewright_contract::handover::{
    ImportKey, ImportKeyKind, ImportLook, ImportRef, ImportStanding, ImportTake, PlainExport,
};
use gatewright_contract::provider::BaseUrlChange;
use gatewright_contract::rotation::{RotationDriver, RotationStart, RotationStrategy};
use gatewright_contract::secret::{SecretPaste, SecretRef};
use gatewright_contract::{FailureCode, Handler};
use gatewright_testkit::Canary;
use tempfile::TempDir;

use super::{enter, look, opened, sealed, take_all};
use crate::stage::{Stage, everything};

/// A colleague's client with its secret in an encrypted file.
async fn handed_on(folder: &TempDir, secret: &Canary) -> std::path::PathBuf {
    let colleague = Stage::new().await;
    let client = enter(&colleague, "My Website Login", "abc123", secret).await;
    let file = folder.path().join("for-theo.age");
    colleague.app.clients_export_sealed(sealed(&file, &[&client])).await.unwrap();
    file
}

#[tokio::test]
async fn what_a_colleague_handed_on_can_be_used_and_neither_changed_nor_handed_on() {
    let (folder, secret) = (TempDir::new().unwrap(), Canary::new("of-olivia"));
    let file = handed_on(&folder, &secret).await;
    let stage = Stage::new().await;
    let preview = stage.app.import_look(opened(&file)).await.unwrap();
    assert!(preview.is_somebody_elses && preview.clients[0].has_secret);
    assert_eq!(preview.clients[0].standing, ImportStanding::New);
    let imported = take_all(&stage, &preview).await;
    assert_eq!(
        (imported.secrets, imported.ownership),
        (1, Ownership::Shared),
        "asked for as one's own, shared all the same"
    );

    let id = imported.clients[0].clone();
    let client = stage.app.client_show(ClientRef { client: id.clone() }).await.unwrap();
    assert_eq!((client.row.ownership, client.owner.as_str()), (Ownership::Shared, "Olivia"));
    assert!(client.obstacles.is_empty(), "it can be logged in with: {:?}", client.obstacles);

    let change = ClientChange {
        client: id.clone(),
        name: "Mine now".to_owned(),
        client_id: client.row.client_id.clone(),
        redirect_uris: vec![super::CALLBACK.to_owned()],
        owner: client.owner.clone(),
        tag: String::new(),
        notes: String::new(),
        protocol: None,
    };
    assert_eq!(stage.app.client_change(change).await.unwrap_err().code, FailureCode::NotOwned);
    let paste = SecretPaste { client: id.clone(), secret: "another-secret-0000".to_owned() };
    assert_eq!(stage.app.secret_paste(paste).await.unwrap_err().code, FailureCode::NotOwned);
    let rotate =
        RotationStart { client: id.clone(), strategy: RotationStrategy::CutOver, driver: RotationDriver::ByHand };
    assert_eq!(stage.app.rotation_start(rotate).await.unwrap_err().code, FailureCode::NotOwned);

    let out = folder.path().join("again.age");
    for clients in [vec![&client], vec![]] {
        let refused = stage.app.clients_export_sealed(sealed(&out, &clients)).await.unwrap_err();
        assert_eq!(refused.code, FailureCode::NotOwned, "{}", refused.message);
    }
    assert!(!out.exists());
    let plain = PlainExport { clients: vec![id], folder: folder.path().display().to_string() };
    assert_eq!(stage.app.clients_export(plain).await.unwrap().clients, 1, "without its secret it may go on");
}

#[tokio::test]
async fn an_encrypted_file_says_what_it_wants_and_nothing_more() {
    let (folder, secret) = (TempDir::new().unwrap(), Canary::new("closed"));
    let file = handed_on(&folder, &secret).await;
    let stage = Stage::new().await;
    let closed = stage.app.import_look(look(&file)).await.unwrap();
    assert_eq!((closed.wanted, closed.clients.len()), (Some(ImportKeyKind::Passphrase), 0));
    let key = |key| ImportLook { key: Some(key), ..look(&file) };
    let wrong =
        stage.app.import_look(key(ImportKey::Passphrase("wrong horse battery staple".to_owned()))).await.unwrap_err();
    assert_eq!(wrong.field.as_deref(), Some("passphrase"));
    let other = stage.app.import_look(key(ImportKey::Identity("AGE-SECRET-KEY-1X".to_owned()))).await.unwrap_err();
    assert!(other.message.contains("wants a passphrase"), "{}", other.message);
}

#[tokio::test]
async fn a_secret_does_not_come_along_where_the_provider_leads_elsewhere() {
    let (folder, secret) = (TempDir::new().unwrap(), Canary::new("elsewhere"));
    let file = handed_on(&folder, &secret).await;
    let stage = Stage::new().await;
    let moved = BaseUrlChange { provider: "chattz".to_owned(), base_url: "https://login.guild-portal.dev".to_owned() };
    stage.app.provider_set_base_url(moved).await.unwrap();
    let preview = stage.app.import_look(opened(&file)).await.unwrap();
    assert!(!preview.clients[0].has_secret && preview.clients[0].standing == ImportStanding::New);
    assert!(preview.clients[0].why.as_deref().unwrap().contains("it comes without"), "{:?}", preview.clients[0].why);
    let imported = take_all(&stage, &preview).await;
    assert_eq!(imported.secrets, 0);
    let asked = SecretRef { client: imported.clients[0].clone(), confirmed: true };
    assert_eq!(stage.app.secret_reveal(asked).await.unwrap_err().code, FailureCode::NotFound);
}

#[tokio::test]
async fn a_git_folder_comes_back_as_ones_own_and_what_is_there_already_stays() {
    let (folder, mine) = (TempDir::new().unwrap(), Stage::new().await);
    enter(&mine, "My Website Login", "abc123", &Canary::new("one")).await;
    enter(&mine, "Guild bot", "def456", &Canary::new("two")).await;
    mine.app
        .clients_export(PlainExport { clients: vec![], folder: folder.path().display().to_string() })
        .await
        .unwrap();
    std::fs::write(folder.path().join("Cargo.toml"), "[package]\n").unwrap();

    let other = Stage::new().await;
    enter(&other, "Known already", "abc123", &Canary::new("three")).await;
    let preview = other.app.import_look(look(folder.path())).await.unwrap();
    let standings: Vec<_> = preview.clients.iter().map(|client| (client.client_id.as_str(), client.standing)).collect();
    assert_eq!(standings, [("abc123", ImportStanding::Duplicate), ("def456", ImportStanding::New)]);
    assert_eq!(preview.left, ["Cargo.toml: not a client file of Gatewright's"]);
    let imported = take_all(&other, &preview).await;
    assert_eq!((imported.clients.len(), imported.ownership), (1, Ownership::Owned));
    let names: Vec<_> =
        other.app.client_list(everything()).await.unwrap().rows.into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["Guild bot", "Known already"]);

    other.app.import_undo(ImportRef { import: imported.import.clone() }).await.unwrap();
    assert_eq!(other.app.client_list(everything()).await.unwrap().total, 1);
    let again = other.app.import_undo(ImportRef { import: imported.import }).await.unwrap_err();
    assert_eq!(again.code, FailureCode::NotFound);
}

#[tokio::test]
async fn only_what_was_shown_last_can_be_taken() {
    let (folder, stage) = (TempDir::new().unwrap(), Stage::new().await);
    let file = folder.path().join(".env");
    std::fs::write(&file, "CHATTZ_CLIENT_ID=abc\nCHATTZ_REDIRECT_URI=https://a.example/cb\n").unwrap();
    let preview = stage.app.import_look(look(&file)).await.unwrap();
    assert_eq!(preview.clients[0].provider_name.as_deref(), Some("Chattz"), "told by its name");
    stage.app.import_look(look(&file)).await.unwrap();
    let take = ImportTake { look: preview.look, clients: vec![0], ownership: Ownership::Owned };
    assert_eq!(stage.app.import_take(take).await.unwrap_err().code, FailureCode::ChangedMeanwhile);
    let _state = stage.app.app_state(Nothing {}).await.unwrap();
}

#[tokio::test]
async fn another_programs_client_waits_for_its_provider_and_says_what_was_left() {
    let (folder, stage) = (TempDir::new().unwrap(), Stage::new().await);
    let file = folder.path().join("environment.json");
    let environment = serde_json::json!({ "name": "Staging", "values": [
        { "key": "clientId", "value": "abc123", "enabled": true },
        { "key": "clientSecret", "value": "a-secret-of-postmans-77aa", "enabled": true },
        { "key": "callbackUrl", "value": "https://a.example/cb", "enabled": true },
        { "key": "baseUrl", "value": "https://a.example", "enabled": true },
    ] });
    std::fs::write(&file, environment.to_string()).unwrap();
    let preview = stage.app.import_look(look(&file)).await.unwrap();
    assert!(preview.asks_for_provider && preview.clients[0].standing == ImportStanding::Unusable);
    assert_eq!(preview.left, ["baseUrl"]);
    let chosen = ImportLook { provider: Some("chattz".to_owned()), ..look(&file) };
    let preview = stage.app.import_look(chosen).await.unwrap();
    assert_eq!(preview.clients[0].standing, ImportStanding::New, "{:?}", preview.clients[0].why);
    assert_eq!(preview.clients[0].took, ["clientId", "clientSecret", "callbackUrl"]);
    let imported = take_all(&stage, &preview).await;
    let asked = SecretRef { client: imported.clients[0].clone(), confirmed: true };
    assert_eq!(stage.app.secret_reveal(asked).await.unwrap().value, "a-secret-of-postmans-77aa");
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_refused_with_a_sentence() {
    let (folder, stage) = (TempDir::new().unwrap(), Stage::new().await);
    let unknown = folder.path().join("notes.txt");
    std::fs::write(&unknown, "hello world").unwrap();
    for path in [unknown, folder.path().join("gone"), folder.path().to_owned()] {
        let refused = stage.app.import_look(look(&path)).await.unwrap_err();
        assert_eq!(
            (refused.code, refused.field.as_deref()),
            (FailureCode::Invalid, Some("path")),
            "{}",
            refused.message
        );
        assert!(refused.hint.is_some());
    }
}
