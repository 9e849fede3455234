//! Providers: what their profiles say, base URLs, and a profile of the user's own.

use gatewright_contract::app::Nothing;
use gatewright_contract::client::{ClientDetail, ClientEnter, Environment, Ownership};
use gatewright_contract::login::LoginStart;
use gatewright_contract::provider::{BaseUrlChange, ProfileCheck, ProviderRef};
use gatewright_contract::run::Browser;
use gatewright_contract::{FailureCode, Handler};

use crate::stage::Stage;

fn chattr() -> ProviderRef {
    ProviderRef { provider: "chattr".to_owned() }
}

#[tokio::test]
async fn every_statement_of_the_five_carries_a_mark_and_every_documented_one_a_place() {
    let stage = Stage::new().await;
    let list = stage.app.provider_list(Nothing {}).await.unwrap();
    assert_eq!(list.providers.len(), 5);
    for provider in list.providers {
        let detail = stage.app.provider_show(ProviderRef { provider: provider.id.clone() }).await.unwrap();
        assert!(detail.documented > 5, "{} has documented statements", provider.name);
        for statement in detail.groups.iter().flat_map(|group| &group.statements) {
            let documented = statement.mark == gatewright_contract::provider::Mark::Documented;
            assert!(!documented || statement.place.is_some(), "{}: {}", provider.name, statement.title);
        }
    }
}

#[tokio::test]
async fn a_login_at_the_real_chattr_waits_for_its_base_url() {
    let stage = Stage::new().await;
    let client = shared_by_ada(&stage, "chattr", "Guild bot", "7").await;
    let start = LoginStart {
        client: client.row.id,
        test_user: None,
        browser: Browser::Embedded,
        redirect_uri: None,
        scopes: None,
    };
    assert_eq!(stage.app.login_start(start).await.unwrap_err().code, FailureCode::BaseUrlMissing);
    let change =
        BaseUrlChange { provider: "chattr".to_owned(), base_url: "https://chattr.guild-of-makers.org".to_owned() };
    let shown = stage.app.provider_set_base_url(change).await.unwrap();
    assert!(!shown.row.placeholder);
    assert_eq!(shown.row.base_url, "https://chattr.guild-of-makers.org");
}

#[tokio::test]
async fn a_profile_with_mistakes_is_refused_with_the_fields_named() {
    let stage = Stage::new().await;
    let text = stage.app.provider_text(chattr()).await.unwrap().text;
    let broken = text.replace("id = \"chattr\"", "id = \"guild\"").replace("/oauth/token", "oauth/token");
    let findings = stage.app.provider_check(ProfileCheck { text: broken.clone() }).await.unwrap();
    let fields: Vec<_> = findings.problems.iter().map(|problem| problem.field.as_str()).collect();
    assert!(fields.contains(&"endpoints.token.value"), "{fields:?}");
    assert_eq!(stage.app.provider_save(ProfileCheck { text: broken }).await.unwrap_err().code, FailureCode::Invalid);
}

#[tokio::test]
async fn a_profile_of_ones_own_is_kept_across_a_restart_and_can_go_again() {
    let stage = Stage::new().await;
    let text = stage.app.provider_text(chattr()).await.unwrap().text;
    let own = text.replace("id = \"chattr\"", "id = \"guild\"").replace("name = \"Chattr\"", "name = \"Guild\"");
    stage.app.provider_save(ProfileCheck { text: own }).await.unwrap();
    let stage = stage.restart().await;
    let guild = ProviderRef { provider: "guild".to_owned() };
    assert_eq!(stage.app.provider_show(guild.clone()).await.unwrap().row.name, "Guild");
    stage.app.provider_delete(guild.clone()).await.unwrap();
    assert_eq!(stage.app.provider_show(guild).await.unwrap_err().code, FailureCode::NotFound);
}

#[tokio::test]
async fn a_shared_client_can_be_tested_and_not_changed() {
    let stage = Stage::new().await;
    let owned = stage.register("chattz", "https://app.example.org/callback").await;
    let mut change = gatewright_contract::client::ClientChange {
        client: owned.row.id.clone(),
        name: owned.row.name.clone(),
        client_id: owned.row.client_id.clone(),
        redirect_uris: vec!["https://app.example.org/callback".to_owned()],
        owner: owned.owner.clone(),
        tag: "prod".to_owned(),
        notes: "tags and notes are ours".to_owned(),
        protocol: None,
    };
    assert!(stage.app.client_change(change.clone()).await.is_ok());
    let shared = shared_by_ada(&stage, "gitter", "Room archive", "7b1e4f2a").await;
    change.client = shared.row.id;
    change.client_id = shared.row.client_id;
    change.name = "Another name".to_owned();
    assert_eq!(stage.app.client_change(change).await.unwrap_err().code, FailureCode::NotOwned);
}

/// A client that somebody has handed over.
async fn shared_by_ada(stage: &Stage, provider: &str, name: &str, client_id: &str) -> ClientDetail {
    let request = ClientEnter {
        provider: provider.to_owned(),
        environment: Environment::Production,
        name: name.to_owned(),
        client_id: client_id.to_owned(),
        secret: Some("a-secret-somebody-shared".to_owned()),
        redirect_uris: vec!["https://app.example.org/callback".to_owned()],
        ownership: Ownership::Shared,
        owner: "Ada".to_owned(),
        tag: String::new(),
        notes: String::new(),
        protocol: None,
    };
    stage.app.client_enter(request).await.unwrap()
}
