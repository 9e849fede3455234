//! Clients at their provider: registered by its API, compared, changed and deleted there, and proved.

mod elsewhere;
mod unkept;

use gatewright_contract::client::{ClientChange, ClientDetail, ClientRef, Environment};
use gatewright_contract::registration::{
    ProviderPlace, RegistrationCreate, RegistrationDelete, RegistrationImport, RegistrationRead, SecretVerdict,
};
use gatewright_contract::secret::SecretRef;
use gatewright_contract::{FailureCode, Handler};

use crate::lifecycle::trail;
use crate::stage::{Stage, everything};

const CALLBACK: &str = "https://app.example.org/callback";

fn creation(initial_access_token: Option<&str>) -> RegistrationCreate {
    RegistrationCreate {
        provider: "chaster".to_owned(),
        environment: Environment::Sandbox,
        name: "Kitten locks".to_owned(),
        redirect_uris: vec![CALLBACK.to_owned()],
        initial_access_token: initial_access_token.map(str::to_owned),
        owner: "olivia".to_owned(),
        tag: "test".to_owned(),
        notes: String::new(),
    }
}

fn creation_of(name: &str) -> RegistrationCreate {
    RegistrationCreate { name: name.to_owned(), ..creation(None) }
}

async fn registered(stage: &Stage) -> (ClientDetail, ClientRef) {
    let client = stage.app.registration_create(creation(None)).await.unwrap();
    let reference = ClientRef { client: client.row.id.clone() };
    (client, reference)
}

fn read(client: &ClientRef) -> RegistrationRead {
    RegistrationRead { client: client.client.clone(), agreed_place: None }
}

/// Gives the client another name, here and (because it is a twin's) there.
async fn rename(stage: &Stage, client: &ClientDetail, post_logout_redirect_uri: &str) {
    let mut protocol = client.protocol.clone();
    protocol.post_logout_redirect_uri = Some(post_logout_redirect_uri.to_owned());
    let change = ClientChange {
        client: client.row.id.clone(),
        name: client.row.name.clone(),
        client_id: client.row.client_id.clone(),
        redirect_uris: vec![CALLBACK.to_owned()],
        owner: client.owner.clone(),
        tag: String::new(),
        notes: String::new(),
        protocol: Some(protocol),
    };
    stage.app.client_change(change).await.unwrap();
}

#[tokio::test]
async fn a_client_that_was_registered_is_kept_with_its_secret_and_its_token() {
    let stage = Stage::new().await;
    let (client, reference) = registered(&stage).await;
    assert_eq!(client.secret.as_ref().map(|secret| secret.version), Some(1));
    let shown = stage.app.registration_show(reference.clone()).await.unwrap();
    assert!(shown.managed && !shown.needs_agreement);
    assert_eq!((shown.token_version, shown.differences.len()), (Some(1), 0), "{:?}", shown.differences);
    assert_eq!(stage.app.secret_prove(reference).await.unwrap().verdict, SecretVerdict::Accepted);
    let stage = stage.restart().await;
    let list = stage.app.client_list(everything()).await.unwrap();
    assert_eq!(list.rows[0].name, "Kitten locks");
}

#[tokio::test]
async fn what_is_other_here_is_shown_and_sent_and_the_new_token_takes_the_place_of_the_old() {
    let stage = Stage::new().await;
    let (client, reference) = registered(&stage).await;
    rename(&stage, &client, "https://app.example.org/signed-out").await;
    let shown = stage.app.registration_read(read(&reference)).await.unwrap();
    let members: Vec<_> = shown.differences.iter().map(|found| found.member.as_str()).collect();
    assert_eq!(members, ["post_logout_redirect_uris"]);
    let shown = stage.app.registration_push(reference.clone()).await.unwrap();
    assert_eq!((shown.differences.len(), shown.token_version), (0, Some(2)), "{:?}", shown.differences);
    let again = stage.app.registration_push(reference).await.unwrap();
    assert_eq!(again.token_version, Some(3));
    assert_eq!(trail(&stage).await[0].action, "client_pushed");
}

#[tokio::test]
async fn a_client_is_deleted_at_its_provider_when_that_was_confirmed() {
    let stage = Stage::new().await;
    let (_, reference) = registered(&stage).await;
    let ask = |confirmed| RegistrationDelete { client: reference.client.clone(), confirmed };
    assert_eq!(stage.app.registration_delete(ask(false)).await.unwrap_err().code, FailureCode::Invalid);
    let shown = stage.app.registration_delete(ask(true)).await.unwrap();
    assert!(shown.gone_at.is_some());
    assert_eq!(stage.app.registration_read(read(&reference)).await.unwrap_err().code, FailureCode::Refused);
    assert_eq!(stage.app.secret_prove(reference).await.unwrap().verdict, SecretVerdict::Refused);
    assert_eq!(stage.app.client_list(everything()).await.unwrap().total, 1, "what is kept of it here stays");
}

#[tokio::test]
async fn a_registration_that_is_refused_leaves_nothing_and_says_what_is_wanted() {
    let stage = Stage::new().await;
    let refused = stage.app.registration_create(creation(Some("no such token"))).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (FailureCode::Refused, Some("initialAccessToken")));
    assert_eq!(stage.app.client_list(everything()).await.unwrap().total, 0);
    let stage = stage.restart().await;
    assert_eq!(stage.app.client_list(everything()).await.unwrap().total, 0);
}

#[tokio::test]
async fn a_token_is_sent_to_no_place_that_nobody_has_agreed_to() {
    let stage = Stage::new().await;
    let import = |address: &str| RegistrationImport {
        provider: "chaster".to_owned(),
        environment: Environment::Sandbox,
        address: address.to_owned(),
        token: "a token".to_owned(),
        agreed_place: None,
        secret: None,
    };
    let elsewhere = stage.app.registration_import(import("https://evil.example/reg/7")).await.unwrap_err();
    assert_eq!(elsewhere.field.as_deref(), Some("agreedPlace"), "{}", elsewhere.message);
    let plain = stage.app.registration_import(import("http://evil.example/reg/7")).await.unwrap_err();
    assert_eq!(plain.field.as_deref(), Some("address"));
    assert_eq!(stage.app.client_list(everything()).await.unwrap().total, 0);
}

#[tokio::test]
async fn a_client_made_by_hand_is_not_looked_after_by_an_api() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let reference = ClientRef { client: client.row.id };
    assert!(!stage.app.registration_show(reference.clone()).await.unwrap().managed);
    assert_eq!(stage.app.registration_push(reference).await.unwrap_err().code, FailureCode::Refused);
}

#[tokio::test]
async fn at_each_twin_a_secret_is_proved_without_a_login() {
    let stage = Stage::new().await;
    for provider in ["chattr", "chattz", "chaster", "gitter", "contentdb"] {
        let client = stage.register(provider, CALLBACK).await;
        let reference = ClientRef { client: client.row.id.clone() };
        let proved = stage.app.secret_prove(reference.clone()).await.unwrap();
        assert_eq!(proved.verdict, SecretVerdict::Accepted, "{provider}");
        // By now it is known what this twin says.
        assert_eq!(stage.app.secret_prove(reference).await.unwrap().verdict, SecretVerdict::Accepted, "{provider}");
        stage.app.secret_reveal(SecretRef { client: client.row.id, confirmed: true }).await.unwrap();
    }
}

#[tokio::test]
async fn each_provider_says_how_a_client_is_made_there() {
    let stage = Stage::new().await;
    for (provider, path) in [
        ("chattr", "/chattr/settings/oauth-apps"),
        ("chattz", "/chattz/oauth/clients"),
        ("chaster", "/chaster/developers/applications"),
        ("gitter", "/gitter/apps"),
        ("contentdb", "/contentdb/user/apps/"),
    ] {
        let place = ProviderPlace { provider: provider.to_owned(), environment: Environment::Sandbox };
        let offer = stage.app.creation_offer(place).await.unwrap();
        assert!(offer.address.unwrap().ends_with(path), "{provider}");
        assert_eq!(offer.registration.is_some(), provider == "chaster");
        assert!(offer.rules.len() >= 3, "{:?}", offer.rules);
    }
}
