//! Apps: who may create, edit, delete and restore them, and that they survive a restart.

use std::path::Path;

use gatewright_protocol::ClientId;
use gatewright_sandbox::{AppForm, AppRefusal, AppRefusalCode, Sandbox, SandboxHandle, SandboxOptions, Twin};

use crate::browser::{self, Browser, CALLBACK, Login, app, app_of};

fn form(name: &str) -> AppForm {
    AppForm { name: name.into(), redirect_uris: vec![CALLBACK.into()] }
}

async fn kept_at(path: &Path) -> SandboxHandle {
    Sandbox::start(SandboxOptions { apps_file: Some(path.to_owned()), ..SandboxOptions::default() }).await.unwrap()
}

async fn refused(sandbox: &SandboxHandle, twin: Twin, user: &str, form: AppForm) -> AppRefusal {
    sandbox.create_app(twin, user, form).await.expect_err("the form or the person is not in order")
}

#[tokio::test]
async fn chattr_wants_a_verified_phone_of_whoever_creates_an_app() {
    let sandbox = browser::sandbox().await;
    let refusal = refused(&sandbox, Twin::Chattr, "una", form("Una's app")).await;
    assert_eq!(refusal.code, AppRefusalCode::NotAllowed);
    assert!(refusal.sentence.contains("phone-verified"), "{refusal}");
    for tester in ["theo", "tara", "olivia"] {
        sandbox.create_app(Twin::Chattr, tester, form("App")).await.unwrap();
    }
    sandbox.create_app(Twin::Chattz, "una", form("Una's app")).await.expect("Chattz asks for no phone");
}

#[tokio::test]
async fn somebody_elses_app_and_no_app_at_all_get_the_same_answer() {
    let sandbox = browser::sandbox().await;
    let olivias = app(&sandbox, Twin::Chattr).await.app.client_id.to_string();
    for (existing, missing) in [
        (
            sandbox.delete_app(Twin::Chattr, "theo", &olivias).await,
            sandbox.delete_app(Twin::Chattr, "theo", "999").await,
        ),
        (
            sandbox.update_app(Twin::Chattr, "theo", &olivias, form("Mine now")).await.map(drop),
            sandbox.update_app(Twin::Chattr, "theo", "999", form("Mine now")).await.map(drop),
        ),
        (
            sandbox.update_app(Twin::Chattr, "theo", &olivias, form("")).await.map(drop),
            sandbox.update_app(Twin::Chattr, "theo", "999", form("")).await.map(drop),
        ),
    ] {
        assert_eq!(existing, missing);
        assert_eq!(existing.unwrap_err().code, AppRefusalCode::NotFound);
    }
    assert_eq!(sandbox.apps(Twin::Chattr)[0].name, "Kitten Board");
}

#[tokio::test]
async fn editing_moves_the_redirect_uri_at_once_and_keeps_the_secret() {
    let login = Login::prepare(Twin::Chattz).await;
    let moved = AppForm { name: "Moved".into(), redirect_uris: vec!["http://127.0.0.1:9/new".into()] };
    login.sandbox.update_app(Twin::Chattz, "olivia", &login.id(), moved).await.unwrap();
    assert_eq!(Browser::new(&login.sandbox).open(login.authorize(&[])).await.page().status, 400);
    login.sandbox.update_app(Twin::Chattz, "olivia", &login.id(), form("Back again")).await.unwrap();
    assert_eq!(login.exchange(&login.approved("theo").await.code(), &[]).await.0, 200);
}

#[tokio::test]
async fn a_deleted_app_loses_its_tokens_and_can_be_restored_by_its_owner() {
    let login = Login::prepare(Twin::Chattz).await;
    let body = login.exchange(&login.approved("theo").await.code(), &[]).await.1;
    let token = body["access_token"].as_str().unwrap();
    login.sandbox.delete_app(Twin::Chattz, "olivia", &login.id()).await.unwrap();
    assert_eq!(login.identity(token).await.0, 401);
    assert!(login.sandbox.apps(Twin::Chattz).is_empty());
    assert!(login.sandbox.restore_app(Twin::Chattz, "theo", &login.id()).await.is_err());
    login.sandbox.restore_app(Twin::Chattz, "olivia", &login.id()).await.unwrap();
    assert_eq!(login.exchange(&login.approved("theo").await.code(), &[]).await.0, 200, "same id, same secret");
}

#[tokio::test]
async fn contentdb_names_are_unique_whatever_the_letter_case() {
    let sandbox = browser::sandbox().await;
    app(&sandbox, Twin::ContentDb).await;
    let refusal = refused(&sandbox, Twin::ContentDb, "theo", form("KITTEN board")).await;
    assert_eq!((refusal.code, refusal.field), (AppRefusalCode::NameTaken, Some("name")));
    sandbox.create_app(Twin::Gitter, "theo", form("Kitten Board")).await.expect("another twin, another list");
}

#[tokio::test]
async fn apps_survive_a_restart_and_their_secrets_are_digests() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox").join("apps.json");
    let first = kept_at(&path).await;
    let created = app(&first, Twin::Chattr).await;
    app_of(&first, Twin::Gitter, "theo").await;
    first.delete_app(Twin::Chattr, "olivia", "7").await.unwrap();
    first.restore_app(Twin::Chattr, "olivia", "7").await.unwrap();
    first.stop().await;
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains(created.secret.expose()), "no secret in the file");

    let second = kept_at(&path).await;
    assert_eq!(second.apps(Twin::Chattr), std::slice::from_ref(&created.app));
    assert_eq!(second.apps(Twin::Gitter)[0].owner, "theo");
    second.delete_app(Twin::Chattr, "olivia", "7").await.unwrap();
    assert_eq!(app(&second, Twin::Chattr).await.app.client_id, ClientId::Integer(8), "an id is never given twice");
    second.stop().await;

    let third = kept_at(&path).await;
    assert_eq!(third.apps(Twin::Chattr)[0].client_id, ClientId::Integer(8));
}

#[tokio::test]
async fn the_secret_still_works_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("apps.json");
    let first = Login::at_sandbox(kept_at(&path).await, Twin::Chattz).await;
    let Login { sandbox, app, .. } = first;
    sandbox.stop().await;
    let login = Login { sandbox: kept_at(&path).await, twin: Twin::Chattz, app };
    assert_eq!(login.exchange(&login.approved("theo").await.code(), &[]).await.0, 200);
}

#[tokio::test]
async fn a_broken_apps_file_is_moved_aside_and_reported() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("apps.json");
    for broken in ["{ not json", r#"{"version": 99, "next_chattr_id": 1, "apps": []}"#, ""] {
        std::fs::write(&path, broken).unwrap();
        let sandbox = kept_at(&path).await;
        let aside = sandbox.broken_apps_file().expect("it is reported").to_owned();
        assert_eq!(std::fs::read_to_string(&aside).unwrap(), broken, "nothing is lost");
        app(&sandbox, Twin::Chattz).await;
        sandbox.stop().await;
        std::fs::remove_file(aside).unwrap();
    }
}

#[tokio::test]
async fn an_apps_file_that_cannot_be_written_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("apps.json");
    let sandbox = kept_at(&path).await;
    // A folder where the new file would be written: no permission bit is needed to make the write fail, for root as for anybody.
    std::fs::create_dir(folder.path().join("apps.json.new")).unwrap();
    let refusal = refused(&sandbox, Twin::Chattz, "olivia", form("Unsaved")).await;
    assert_eq!(refusal.code, AppRefusalCode::NotSaved);
    assert!(sandbox.apps(Twin::Chattz).is_empty());
}

#[tokio::test]
async fn a_twin_that_was_not_started_takes_no_apps() {
    let options = SandboxOptions { twins: vec![Twin::Gitter], ..SandboxOptions::default() };
    let sandbox = Sandbox::start(options).await.unwrap();
    assert_eq!(refused(&sandbox, Twin::Chattz, "olivia", form("App")).await.code, AppRefusalCode::TwinOff);
    assert_eq!(refused(&sandbox, Twin::Gitter, "mallory", form("App")).await.code, AppRefusalCode::UnknownUser);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_app_and_codes() {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let options = SandboxOptions { seed: Some(7), auto_approve: Some("theo".into()), ..SandboxOptions::default() };
        let login = Login::at_sandbox(Sandbox::start(options).await.unwrap(), Twin::Chattz).await;
        let callback = Browser::new(&login.sandbox).open(login.authorize(&[])).await.callback();
        seen.push((login.id(), login.app.secret.expose().to_owned(), callback.code()));
    }
    assert_eq!(seen[0], seen[1]);
}
