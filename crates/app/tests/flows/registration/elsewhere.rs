//! Registrations at a provider that was found by its issuer.

use std::time::Duration;

use gatewright_contract::app::Nothing;
use gatewright_contract::audit::AuditQuery;
use gatewright_contract::client::{ClientRef, Environment};
use gatewright_contract::discovery::{DiscoveryAdopt, IssuerText};
use gatewright_contract::registration::{RegistrationCreate, RegistrationDelete, RegistrationImport, RegistrationRead};
use gatewright_contract::rotation::{RotationDriver, RotationStrategy};
use gatewright_contract::secret::SecretRef;
use gatewright_contract::{FailureCode, Handler};
use gatewright_testkit::{Answer, Canary, RawServer, ReceivedRequest};
use serde_json::json;

use crate::rotation::Walk;
use crate::stage::{PATIENCE, Stage, everything};

const CALLBACK: &str = "https://app.example.org/callback";

fn token() -> Canary {
    Canary::new("registration")
}

/// A provider with everything that registering takes.
fn acme(request: &ReceivedRequest) -> Answer {
    let origin = format!("http://{}", request.header("host").unwrap());
    match (&*request.method, &*request.target) {
        ("GET", "/.well-known/openid-configuration") => metadata(&origin),
        ("POST", "/reg") => registration(201, &origin),
        ("GET", "/reg/7") if is_opened(request) => registration(200, &origin),
        ("GET" | "PUT" | "DELETE", "/reg/7") => Answer::json(401, r#"{"error":"invalid_token"}"#),
        _ => Answer::json(404, "{}"),
    }
}

fn metadata(origin: &str) -> Answer {
    let document = json!({
        "issuer": origin, "authorization_endpoint": format!("{origin}/auth"), "token_endpoint": format!("{origin}/token"),
        "jwks_uri": format!("{origin}/keys"), "registration_endpoint": format!("{origin}/reg"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    });
    Answer::json(200, document.to_string())
}

fn registration(status: u16, origin: &str) -> Answer {
    Answer::json(status, client(origin).to_string())
}

fn client(origin: &str) -> serde_json::Value {
    json!({
        "client_id": "7", "client_secret": "a secret of some length", "client_secret_expires_at": 0,
        "registration_access_token": token().as_str(), "registration_client_uri": format!("{origin}/reg/7"),
        "client_name": "Kitten locks", "redirect_uris": [CALLBACK],
    })
}

/// The same provider, but an update brings a new secret and a new token.
fn acme_that_rotates(request: &ReceivedRequest) -> Answer {
    if (&*request.method, &*request.target) != ("PUT", "/reg/7") {
        return acme(request);
    }
    let mut client = client(&format!("http://{}", request.header("host").unwrap()));
    client["client_secret"] = "another secret of some length".into();
    client["registration_access_token"] = "another registration token".into();
    Answer::json(200, client.to_string())
}

/// The same provider, but every answer brings a new token, and the first one no client ID.
fn acme_that_stumbles(request: &ReceivedRequest) -> Answer {
    if (&*request.method, &*request.target) != ("GET", "/reg/7") {
        return acme(request);
    }
    let mut client = client(&format!("http://{}", request.header("host").unwrap()));
    client["registration_access_token"] = "another registration token".into();
    match request.header("authorization") {
        Some("Bearer another registration token") => Answer::json(200, client.to_string()),
        _ if is_opened(request) => {
            client["client_id"] = serde_json::Value::Null;
            Answer::json(200, client.to_string())
        }
        _ => Answer::json(401, r#"{"error":"invalid_token"}"#),
    }
}

/// A server that looks after clients for another one, and has what it is sent.
fn admin_side(request: &ReceivedRequest) -> Answer {
    let origin = format!("http://{}", request.header("host").unwrap());
    match (&*request.method, is_opened(request)) {
        ("PUT", true) => {
            let mut changed: serde_json::Value = serde_json::from_str(&request.body).unwrap();
            for (member, value) in client(&origin).as_object().unwrap() {
                let known = changed.as_object_mut().unwrap().entry(member.clone());
                known.or_insert_with(|| value.clone());
            }
            Answer::json(200, changed.to_string())
        }
        ("DELETE", true) => Answer::labelled(204, "application/json", ""),
        _ => acme(request),
    }
}

/// The same provider, but every answer brings a new token, and only the last one opens.
fn acme_that_always_renews(request: &ReceivedRequest, last: &std::sync::Mutex<String>) -> Answer {
    if (&*request.method, &*request.target) != ("GET", "/reg/7") {
        return acme(request);
    }
    let mut last = last.lock().unwrap();
    if request.header("authorization") != Some(&*format!("Bearer {last}")) {
        return Answer::json(401, r#"{"error":"invalid_token"}"#);
    }
    last.push('+');
    let mut client = client(&format!("http://{}", request.header("host").unwrap()));
    client["registration_access_token"] = last.as_str().into();
    Answer::json(200, client.to_string())
}

fn is_opened(request: &ReceivedRequest) -> bool {
    request.header("authorization") == Some(&*format!("Bearer {}", token().as_str()))
}

/// A request as the window sends it.
fn sent<T: serde::de::DeserializeOwned>(request: serde_json::Value) -> T {
    serde_json::from_value(request).unwrap()
}

/// Takes the server in as a provider; its id.
async fn adopted(stage: &Stage, server: &RawServer) -> String {
    let issuer: IssuerText = sent(json!({ "issuer": server.origin(), "nearby": false }));
    let found = stage.app.provider_discover(issuer).await.unwrap();
    let digest = found.proposal.unwrap_or_else(|| panic!("{} {:?}", found.sentence, found.findings)).digest;
    let adopt: DiscoveryAdopt =
        sent(json!({ "issuer": found.issuer, "name": "Acme Login", "digest": digest, "nearby": false }));
    stage.app.provider_adopt(adopt).await.unwrap().row.id
}

fn creation(provider: &str) -> RegistrationCreate {
    RegistrationCreate {
        provider: provider.to_owned(),
        environment: Environment::Production,
        name: "Kitten locks".to_owned(),
        redirect_uris: vec![CALLBACK.to_owned()],
        initial_access_token: None,
        owner: "Me".to_owned(),
        tag: String::new(),
        notes: String::new(),
    }
}

fn import(provider: &str, address: String, agreed_place: Option<String>) -> RegistrationImport {
    RegistrationImport {
        provider: provider.to_owned(),
        environment: Environment::Production,
        address,
        token: token().as_str().to_owned(),
        agreed_place,
        secret: None,
    }
}

#[tokio::test]
async fn a_registration_made_elsewhere_is_taken_over_with_what_the_provider_tells() {
    let (stage, server) = (Stage::new().await, RawServer::start(acme).await);
    let provider = adopted(&stage, &server).await;
    let request = import(&provider, format!("{}/reg/7", server.origin()), None);
    let client = stage.app.registration_import(request.clone()).await.unwrap();
    assert_eq!((client.row.name.as_str(), client.row.client_id.as_str()), ("Kitten locks", "7"));
    assert!(client.secret.is_some());
    let shown = stage.app.registration_show(ClientRef { client: client.row.id.clone() }).await.unwrap();
    assert!(shown.managed && !shown.needs_agreement && shown.token_version == Some(1));
    let again =
        stage.app.registration_read(RegistrationRead { client: client.row.id, agreed_place: None }).await.unwrap();
    assert_eq!(again.token_version, Some(1), "the same token again is no new one");
    let twice = stage.app.registration_import(request).await.unwrap_err();
    assert_eq!(twice.message, "This client is kept already.");
    let told = stage.desktop.told.lock().unwrap().clone();
    assert_eq!(token().traces_in(told.as_bytes()), [] as [&str; 0]);
}

#[tokio::test]
async fn a_token_that_is_replaced_while_a_client_is_taken_over_is_not_lost_with_an_odd_answer() {
    let (stage, server) = (Stage::new().await, RawServer::start(acme_that_stumbles).await);
    let provider = adopted(&stage, &server).await;
    let request = import(&provider, format!("{}/reg/7", server.origin()), None);
    let refused = stage.app.registration_import(request.clone()).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::Refused, "an answer without a client ID makes no client");
    assert_eq!(stage.counted("replaced_token"), 1);
    let client = stage.app.registration_import(request).await.unwrap();
    assert_eq!(client.row.client_id, "7");
    assert_eq!(stage.counted("replaced_token"), 0);
}

#[tokio::test]
async fn a_place_elsewhere_gets_the_token_once_a_person_has_agreed_to_it() {
    let (stage, server, admin) = (Stage::new().await, RawServer::start(acme).await, RawServer::start(acme).await);
    let provider = adopted(&stage, &server).await;
    let address = format!("{}/reg/7", admin.origin());
    let refused = stage.app.registration_import(import(&provider, address.clone(), None)).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("agreedPlace"));
    assert!(admin.requests().is_empty());
    let agreed = import(&provider, address, Some(admin.origin()));
    let client = stage.app.registration_import(agreed).await.unwrap();
    let shown = stage.app.registration_show(ClientRef { client: client.row.id.clone() }).await.unwrap();
    assert_eq!(shown.place.as_deref(), Some(&*admin.origin()));
    assert!(!shown.needs_agreement, "it was agreed to when the client was taken over");
    let read = |agreed_place| RegistrationRead { client: client.row.id.clone(), agreed_place };
    assert!(stage.app.registration_read(read(None)).await.is_ok());

    stage.edit("UPDATE registration SET agreed_place = NULL");
    let asked = admin.requests().len();
    let elsewhere = stage.app.registration_read(read(Some("https://thief.example".to_owned()))).await;
    assert_eq!(elsewhere.unwrap_err().field.as_deref(), Some("agreedPlace"), "another place was agreed to");
    assert!(stage.app.registration_read(read(None)).await.is_err());
    assert_eq!(admin.requests().len(), asked, "nothing was sent");
    assert!(!stage.app.registration_read(read(Some(admin.origin()))).await.unwrap().needs_agreement);
}

#[tokio::test]
async fn an_agreement_can_be_taken_back_and_then_nothing_is_sent_there_until_it_is_given_again() {
    let (stage, server, admin) = (Stage::new().await, RawServer::start(acme).await, RawServer::start(acme).await);
    let provider = adopted(&stage, &server).await;
    let agreed = import(&provider, format!("{}/reg/7", admin.origin()), Some(admin.origin()));
    let reference = ClientRef { client: stage.app.registration_import(agreed).await.unwrap().row.id };
    let shown = stage.app.registration_show(reference.clone()).await.unwrap();
    assert_eq!(shown.agreed_place.as_deref(), Some(&*admin.origin()));
    assert!(shown.agreed_at.is_some());

    let withdrawn = stage.app.registration_withdraw(reference.clone()).await.unwrap();
    assert!(withdrawn.needs_agreement && withdrawn.agreed_place.is_none() && withdrawn.agreed_at.is_none());
    let asked = admin.requests().len();
    let read = |agreed_place| RegistrationRead { client: reference.client.clone(), agreed_place };
    assert_eq!(stage.app.registration_read(read(None)).await.unwrap_err().field.as_deref(), Some("agreedPlace"));
    assert!(stage.app.registration_push(reference.clone()).await.is_err());
    assert_eq!(admin.requests().len(), asked, "nothing was sent");
    stage.app.registration_withdraw(reference.clone()).await.unwrap();

    let again = stage.app.registration_read(read(Some(admin.origin()))).await.unwrap();
    assert!(!again.needs_agreement && again.agreed_place.is_some());
    assert!(admin.requests().len() > asked);
    let query = AuditQuery { client: Some(reference.client), offset: 0, limit: 10 };
    let trail = stage.app.audit_list(query).await.unwrap().rows;
    let places = trail.into_iter().filter(|row| row.detail.as_deref() == Some(&*admin.origin()));
    let lines: Vec<_> = places.map(|row| row.action).collect();
    let expected = ["management_place_agreed", "management_place_withdrawn", "management_place_agreed"];
    assert_eq!(lines, expected, "withdrawing what is withdrawn is no line");
}

#[tokio::test]
async fn at_a_place_that_was_agreed_to_a_client_is_changed_and_deleted_as_at_the_providers_own() {
    let (stage, server, admin) = (Stage::new().await, RawServer::start(acme).await, RawServer::start(admin_side).await);
    let provider = adopted(&stage, &server).await;
    let agreed = import(&provider, format!("{}/reg/7", admin.origin()), Some(admin.origin()));
    let client = stage.app.registration_import(agreed).await.unwrap();
    let reference = ClientRef { client: client.row.id.clone() };
    stage.edit("UPDATE client SET name = 'Kitten gates'");
    let differing = stage.app.registration_show(reference.clone()).await.unwrap();
    assert!(differing.differences.iter().any(|one| one.member == "client_name" && one.here == "Kitten gates"));

    let pushed = stage.app.registration_push(reference.clone()).await.unwrap();
    assert!(!pushed.differences.iter().any(|one| one.member == "client_name"), "{:?}", pushed.differences);
    let put = admin.requests().into_iter().find(|request| request.method == "PUT").unwrap();
    assert!(put.body.contains("Kitten gates"));

    let delete = RegistrationDelete { client: reference.client, confirmed: true };
    assert!(stage.app.registration_delete(delete).await.unwrap().gone_at.is_some());
    assert_eq!(server.requests().iter().filter(|request| request.target == "/reg/7").count(), 0);
}

#[tokio::test]
async fn two_commands_at_once_about_one_client_are_answered_one_after_the_other() {
    let stage = Stage::new().await;
    let last = std::sync::Mutex::new(token().as_str().to_owned());
    let server = RawServer::start(move |request| acme_that_always_renews(request, &last)).await;
    let provider = adopted(&stage, &server).await;
    let client = stage.app.registration_create(creation(&provider)).await.unwrap();
    let read = || stage.app.registration_read(RegistrationRead { client: client.row.id.clone(), agreed_place: None });
    let (one, two, three) = tokio::join!(read(), read(), read());
    let mut versions: Vec<_> = [one, two, three].map(|state| state.unwrap().token_version.unwrap()).into();
    versions.sort_unstable();
    assert_eq!(versions, [2, 3, 4], "each was sent with the token that the one before it was given");
}

#[tokio::test]
async fn a_token_is_opened_for_the_address_it_was_sealed_for_and_for_no_other() {
    let (stage, server) = (Stage::new().await, RawServer::start(acme).await);
    let provider = adopted(&stage, &server).await;
    let client = stage.app.registration_create(creation(&provider)).await.unwrap();
    let read = RegistrationRead { client: client.row.id, agreed_place: None };
    stage.app.registration_read(read.clone()).await.unwrap();
    let before = server.requests().len();
    stage.edit("UPDATE registration SET address = replace(address, '/reg/', '/thief/')");
    let refused = stage.app.registration_read(read).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::ChangedOutside, "{}", refused.message);
    assert_eq!(server.requests().len(), before, "nothing was sent");
}

#[tokio::test]
async fn a_registration_that_was_cut_off_by_a_crash_is_told_at_the_next_start() {
    let stage = Stage::new().await;
    let server = RawServer::start(|request| if request.target == "/reg" { Answer::Never } else { acme(request) }).await;
    let provider = adopted(&stage, &server).await;
    let app = stage.app.clone();
    let going_on = tokio::spawn(async move { app.registration_create(creation(&provider)).await });
    let asked = async {
        while !server.requests().iter().any(|request| request.target == "/reg") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asked).await.expect("the provider is asked");
    let after = Stage::at(stage.folder_as_it_is()).await;
    going_on.abort();
    let told = async {
        loop {
            let notices = after.app.app_state(Nothing {}).await.unwrap().notices;
            if notices.iter().any(|notice| notice.message.contains("while it registered “Kitten locks” at Acme Login"))
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, told).await.expect("the next start says so");
    assert_eq!(after.app.client_list(everything()).await.unwrap().total, 0);
}

#[tokio::test]
async fn a_provider_that_changes_the_secret_with_an_update_is_asked_by_the_runbook() {
    let (stage, server) = (Stage::new().await, RawServer::start(acme_that_rotates).await);
    let provider = adopted(&stage, &server).await;
    let client = stage.app.registration_create(creation(&provider)).await.unwrap();
    let reference = ClientRef { client: client.row.id.clone() };
    let mut walk = Walk::start(&stage, &client, RotationStrategy::CutOver, RotationDriver::Registration).await;
    walk.pass_over().await;
    walk.obtain().await;
    let versions = walk.versions().await;
    assert_eq!(
        versions.first().map(|(version, state)| (*version, state.as_str())),
        Some((2, "active")),
        "{versions:?}"
    );
    let shown = stage.app.registration_show(reference.clone()).await.unwrap();
    assert_eq!(shown.token_version, Some(2), "the token that came along is kept, too");
    let revealed = stage.app.secret_reveal(SecretRef { client: reference.client, confirmed: true }).await.unwrap();
    assert_eq!(revealed.value, "another secret of some length");
}
