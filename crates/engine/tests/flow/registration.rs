//! Registering a client and looking after it, against a scripted server.

use std::sync::{Arc, Mutex};

use gatewright_engine::login::ClientSecret;
use gatewright_engine::ports::PortFuture;
use gatewright_engine::registration::{
    CredentialKeeper, DeletionOutcome, ManagementPlan, NotStored, RegistrationAnswer, RegistrationOutcome,
    RegistrationPlan, delete_registration, read_registration, register, update_registration,
};
use gatewright_model::run::{Step, StepStatus};
use gatewright_protocol::registration::{ClientMetadata, IssuedCredentials, ManagementAddress};
use gatewright_testkit::{Answer, Canary, ReceivedRequest};
use serde_json::{Value, json};
use url::Url;

use crate::stage::*;

/// A keeper that remembers what it was given, or cannot.
#[derive(Default)]
pub(crate) struct Safe {
    kept: Mutex<Vec<IssuedCredentials>>,
    is_full: bool,
}

impl Safe {
    pub(crate) fn full() -> Self {
        Self { is_full: true, ..Self::default() }
    }

    /// What was kept, one line for each time: secret and token.
    pub(crate) fn kept(&self) -> Vec<(Option<String>, Option<String>)> {
        let kept = self.kept.lock().unwrap();
        let line = |issued: &IssuedCredentials| {
            (issued.client_secret.as_ref().map(text), issued.registration_access_token.as_ref().map(text))
        };
        kept.iter().map(line).collect()
    }
}

impl CredentialKeeper for Safe {
    fn keep<'a>(&'a self, new: &'a IssuedCredentials) -> PortFuture<'a, Result<(), NotStored>> {
        self.kept.lock().unwrap().push(new.clone());
        let full = self.is_full;
        Box::pin(async move { if full { Err(NotStored("the disk is full".to_owned())) } else { Ok(()) } })
    }
}

pub(crate) fn nobody() -> ScriptedBrowser {
    browser(|_| std::future::pending())
}

pub(crate) fn secret() -> Canary {
    Canary::new("issued")
}

fn registration_token(number: u32) -> Canary {
    Canary::new(&format!("registration{number}"))
}

fn metadata(value: &Value) -> ClientMetadata {
    ClientMetadata::parse(&value.to_string()).unwrap()
}

/// What a well-behaved server says of client 7.
fn whole(origin: &str) -> Value {
    json!({
        "client_id": "7", "client_secret": secret().as_str(), "client_secret_expires_at": 0,
        "registration_access_token": registration_token(1).as_str(), "registration_client_uri": format!("{origin}/reg/7"),
        "client_name": "Shop", "redirect_uris": ["https://app.example/cb"]
    })
}

/// An answer in which `{origin}` is the server's own.
fn answering(status: u16, change: &Value) -> impl Fn(&ReceivedRequest) -> Answer + Send + Sync + 'static {
    let change = change.clone();
    move |request| {
        let origin = format!("http://{}", request.header("host").unwrap());
        let mut body = whole(&origin);
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        Answer::json(status, body.to_string())
    }
}

async fn registered(stage: &Stage, safe: &Arc<Safe>) -> (RegistrationAnswer, Step) {
    let plan = RegistrationPlan {
        provider: stage.plan.provider.clone(),
        bases: stage.plan.bases.clone(),
        metadata: metadata(&json!({"client_name": "Shop", "redirect_uris": ["https://app.example/cb"]})),
        initial_access_token: Some(token().secret()),
    };
    let end = register(plan, stage.ports(nobody()), Arc::clone(safe) as _, stage.cancel.clone()).await.unwrap();
    (end.outcome, end.step)
}

fn managed(stage: &Stage) -> ManagementPlan {
    let origin = Url::parse(&stage.server.origin()).unwrap();
    ManagementPlan {
        address: ManagementAddress::beside(&origin, &format!("{}/reg/7", stage.server.origin())).unwrap(),
        client_id: "7".to_owned(),
        registration_access_token: registration_token(1).secret(),
        client_secret: Some(ClientSecret { value: secret().secret(), version: 4 }),
    }
}

/// Codes of the findings; nothing that was issued is in the record.
fn codes(step: &Step) -> Vec<&str> {
    let record = format!("{} {step:?}", serde_json::to_string(step).unwrap());
    for canary in [secret(), registration_token(1), registration_token(2), token()] {
        assert_eq!(canary.traces_in(record.as_bytes()), [] as [&str; 0], "{record}");
    }
    step.findings.iter().map(|finding| finding.code.as_str()).collect()
}

fn said(canary: &Canary) -> String {
    canary.as_str().to_owned()
}

/// Proves: RG.
#[tokio::test]
async fn what_a_registration_issues_is_kept_and_stands_in_no_record() {
    let (stage, safe) = (Stage::at("chaster", answering(201, &json!({}))).await, Arc::new(Safe::default()));
    let (answer, step) = registered(&stage, &safe).await;
    assert_eq!((codes(&step), step.status), (vec![], StepStatus::Passed));
    assert_eq!(safe.kept(), [(Some(said(&secret())), Some(said(&registration_token(1))))]);
    assert!(matches!(answer.outcome, RegistrationOutcome::Registered(found) if found.client_id == "7"));
    assert_eq!(answer.address.unwrap().unwrap().url().path(), "/reg/7");
    let request = &stage.server.requests()[0];
    assert_eq!(request.target, "/chaster/auth/realms/app/clients-registrations/openid-connect");
    assert_eq!(request.header("authorization"), Some(&*format!("Bearer {}", token().as_str())));
    assert_eq!(request.body, r#"{"client_name":"Shop","redirect_uris":["https://app.example/cb"]}"#);
    let record = serde_json::to_string(&step).unwrap();
    assert!(record.contains("initial_access#1") && record.contains("client_secret#1"), "{record}");
}

/// Proves: RG.
#[tokio::test]
async fn what_is_issued_is_kept_even_if_the_rest_of_the_answer_is_useless() {
    for (status, change, code) in [
        (201, json!({"client_id": null}), "registration_client_id_missing"),
        (500, json!({}), "server_failed"),
        (302, json!({}), "answer_redirected"),
        (400, json!({"error": "oops"}), "registration_refused"),
    ] {
        let (stage, safe) = (Stage::at("chaster", answering(status, &change)).await, Arc::new(Safe::default()));
        let (answer, step) = registered(&stage, &safe).await;
        assert_eq!(safe.kept(), [(Some(said(&secret())), Some(said(&registration_token(1))))], "{status}");
        assert_eq!(codes(&step), [code]);
        assert!(matches!(answer.outcome, RegistrationOutcome::Unknown | RegistrationOutcome::Refused(_)));
    }
}

/// Proves: RG.
#[tokio::test]
async fn what_cannot_be_kept_is_handed_back() {
    let (stage, safe) = (Stage::at("chaster", answering(201, &json!({}))).await, Arc::new(Safe::full()));
    let (answer, step) = registered(&stage, &safe).await;
    assert_eq!(codes(&step), ["credentials_not_kept"]);
    assert_eq!(answer.unkept.unwrap().client_secret.as_ref().map(text), Some(said(&secret())));
}

/// Proves: RG.
#[tokio::test]
async fn a_management_address_elsewhere_gets_nothing_before_a_person_agrees() {
    let change = json!({"registration_client_uri": "https://evil.example/reg/7"});
    let (stage, safe) = (Stage::at("chaster", answering(201, &change)).await, Arc::new(Safe::default()));
    let (answer, step) = registered(&stage, &safe).await;
    assert_eq!(codes(&step), ["registration_address"]);
    assert!(matches!(answer.address, Some(Err(_))));
    assert_eq!(stage.server.requests().len(), 1);
}

/// Proves: RG.
#[tokio::test]
async fn what_a_server_makes_of_the_wishes_and_leaves_out_is_told() {
    for (change, code) in [
        (json!({"redirect_uris": ["https://other.example/cb"]}), "registration_differs"),
        (json!({"client_secret_expires_at": null}), "registration_expiry_missing"),
        (json!({"registration_access_token": null}), "registration_half_managed"),
        (json!({"token_endpoint_auth_method": "none"}), "registration_secret_unasked"),
        (json!({"client_secret": "ä"}), "registration_secret_malformed"),
    ] {
        let stage = Stage::at("chaster", answering(201, &change)).await;
        let (_, step) = registered(&stage, &Arc::default()).await;
        assert_eq!(codes(&step), [code]);
    }
    let stage = Stage::at("chaster", answering(200, &json!({}))).await;
    assert_eq!(codes(&registered(&stage, &Arc::default()).await.1), ["registration_status"]);
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_has_registered_nothing_and_one_that_hangs_up_perhaps() {
    let stage = Stage::at("chaster", |_| Answer::Reset).await;
    let (answer, step) = registered(&stage, &Arc::default()).await;
    assert!(matches!(answer.outcome, RegistrationOutcome::Unknown));
    assert!(step.sentence.contains("there may be a new client"), "{}", step.sentence);
    stage.cancel.cancel();
    let (answer, _) = registered(&stage, &Arc::default()).await;
    assert!(matches!(answer.outcome, RegistrationOutcome::Untouched));
    assert_eq!(stage.server.requests().len(), 1);
}

#[tokio::test]
async fn a_provider_without_the_endpoint_is_not_asked() {
    let stage = Stage::at("chattr", answering(201, &json!({}))).await;
    let plan = RegistrationPlan {
        provider: stage.plan.provider.clone(),
        bases: stage.plan.bases.clone(),
        metadata: ClientMetadata::default(),
        initial_access_token: None,
    };
    let refused = register(plan, stage.ports(nobody()), Arc::<Safe>::default(), stage.cancel.clone()).await;
    assert!(refused.is_err());
}

/// Proves: RG.
#[tokio::test]
async fn reading_keeps_only_what_is_new_and_loses_nothing_that_is_not_repeated() {
    let stage = Stage::at("chaster", answering(200, &json!({}))).await;
    let safe = Arc::new(Safe::default());
    let end = read_registration(managed(&stage), stage.ports(nobody()), Arc::clone(&safe) as _, stage.cancel.clone());
    let end = end.await;
    assert_eq!((codes(&end.step), safe.kept().len()), (vec![], 0));
    assert!(matches!(end.outcome.outcome, RegistrationOutcome::Registered(_)));
    let change = json!({"client_secret": null, "registration_access_token": registration_token(2).as_str()});
    let stage = Stage::at("chaster", answering(200, &change)).await;
    let end = read_registration(managed(&stage), stage.ports(nobody()), Arc::clone(&safe) as _, stage.cancel.clone());
    assert_eq!(codes(&end.await.step), [""; 0]);
    assert_eq!(safe.kept(), [(None, Some(said(&registration_token(2))))]);
    assert_eq!(stage.server.requests()[0].method, "GET");
}

/// Proves: RG.
#[tokio::test]
async fn an_update_sends_all_of_it_and_keeps_the_token_that_takes_the_old_ones_place() {
    let change = json!({"registration_access_token": registration_token(2).as_str(), "client_name": "New"});
    let stage = Stage::at("chaster", answering(200, &change)).await;
    let safe = Arc::new(Safe::default());
    let wanted = metadata(&json!({"client_name": "New", "x_kept": [1]}));
    let ports = stage.ports(nobody());
    let end = update_registration(managed(&stage), wanted, ports, Arc::clone(&safe) as _, stage.cancel.clone()).await;
    // The server has forgotten a member, which is told.
    assert_eq!(codes(&end.step), ["registration_differs"]);
    assert_eq!(safe.kept(), [(None, Some(said(&registration_token(2))))]);
    let request = &stage.server.requests()[0];
    assert_eq!(request.method, "PUT");
    assert_eq!(request.header("authorization"), Some(&*format!("Bearer {}", registration_token(1).as_str())));
    let sent: Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(sent["client_id"], "7");
    assert_eq!(sent["client_secret"], secret().as_str());
    assert_eq!(sent["x_kept"], json!([1]));
}

/// Proves: RG.
#[tokio::test]
async fn an_answer_about_somebody_elses_client_is_not_believed() {
    let stage = Stage::at("chaster", answering(200, &json!({"client_id": "8"}))).await;
    let end = read_registration(managed(&stage), stage.ports(nobody()), Arc::<Safe>::default(), stage.cancel.clone());
    let end = end.await;
    assert_eq!(codes(&end.step), ["registration_other_client"]);
    assert!(matches!(end.outcome.outcome, RegistrationOutcome::Unknown));
}

#[tokio::test]
async fn what_came_of_a_deletion_is_told_apart() {
    let error = |status| Answer::json(status, r#"{"error":"invalid_token"}"#);
    for (answer, outcome) in [
        (Answer::labelled(204, "text/plain", ""), DeletionOutcome::Deleted),
        (error(405), DeletionOutcome::NotOffered),
        (error(401), DeletionOutcome::NotKnown),
        (error(403), DeletionOutcome::Refused),
        (error(503), DeletionOutcome::Unknown),
        (Answer::Reset, DeletionOutcome::Unknown),
    ] {
        let stage = Stage::at("chaster", move |_| answer.clone()).await;
        let ports = stage.ports(nobody());
        let end = delete_registration(managed(&stage), ports, Arc::<Safe>::default(), stage.cancel.clone()).await;
        codes(&end.step);
        assert_eq!(end.outcome, outcome);
        assert_eq!(stage.server.requests()[0].method, "DELETE");
    }
}

#[tokio::test]
async fn who_drops_a_registration_in_flight_loses_nothing() {
    let body = whole("http://127.0.0.1").to_string();
    let answer = format!("HTTP/1.1 201 Created\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let slowly = Answer::Slowly(answer.into_bytes(), std::time::Duration::from_millis(1));
    let stage = Stage::at("chaster", move |_| slowly.clone()).await;
    let safe = Arc::new(Safe::default());
    let plan = RegistrationPlan {
        provider: stage.plan.provider.clone(),
        bases: stage.plan.bases.clone(),
        metadata: metadata(&json!({"client_name": "Shop"})),
        initial_access_token: None,
    };
    let going_on = register(plan, stage.ports(nobody()), Arc::clone(&safe) as _, stage.cancel.clone());
    tokio::select! {
        _ = going_on => panic!("it cannot be over yet"),
        () = stage.server.until_asked(1) => stage.cancel.cancel(),
    }
    while safe.kept().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(safe.kept().len(), 1);
}
