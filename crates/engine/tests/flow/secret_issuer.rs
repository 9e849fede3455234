//! New secrets and the end of old ones, against a scripted sandbox and a scripted Keycloak.

use std::sync::Arc;

use gatewright_engine::login::ClientSecret;
use gatewright_engine::registration::ManagementPlan;
use gatewright_engine::secret_issuer::{
    ActivationOutcome, IssuanceOutcome, RetirementOutcome, Retiring, SecretIssuance, SecretIssuer, activate_secret,
    issue_secret, read_back_secret, retire_secret,
};
use gatewright_model::run::Step;
use gatewright_protocol::registration::{ClientMetadata, ManagementAddress};
use gatewright_protocol::secret_issuer::keycloak::admin_base;
use gatewright_protocol::secret_issuer::sandbox::{SandboxClient, SecretStart};
use gatewright_testkit::{Answer, Canary, ReceivedRequest};
use url::Url;

use crate::registration::{Safe, nobody, secret};
use crate::stage::*;

/// What each request of Keycloak's admin REST is answered with.
fn keycloak(request: &ReceivedRequest) -> Answer {
    let told = || Answer::json(200, format!(r#"{{"type":"secret","value":"{}"}}"#, secret().as_str()));
    match (&*request.method, request.target.trim_start_matches("/auth/admin/realms/app")) {
        ("GET", "/clients?clientId=app") => {
            Answer::json(200, format!(r#"[{{"id":"u-1","clientId":"app","secret":"{}"}}]"#, secret().as_str()))
        }
        ("GET", target) if target.starts_with("/clients?") => Answer::json(200, "[]"),
        ("POST" | "GET", "/clients/u-1/client-secret") => told(),
        ("DELETE", "/clients/u-1/client-secret/rotated") => Answer::labelled(204, "text/plain", ""),
        (_, other) => Answer::json(404, format!(r#"{{"error":"no {other}"}}"#)),
    }
}

/// What each request to the sandbox is answered with.
fn sandbox(request: &ReceivedRequest) -> Answer {
    match (&*request.method, &*request.target) {
        ("POST", "/_control/chattr/apps/7/secrets") => {
            Answer::json(201, format!(r#"{{"secret_id":"s2","client_secret":"{}"}}"#, secret().as_str()))
        }
        ("GET", "/_control/chattr/apps/7/secrets") => Answer::json(
            200,
            r#"[{"secret_id":"s2","created_at":"2026","current":true},{"secret_id":"s1","created_at":"2025","current":false}]"#,
        ),
        ("DELETE", "/_control/chattr/apps/7/secrets/s1") => Answer::labelled(204, "text/plain", ""),
        _ => Answer::json(404, r#"{"code":"not_found","sentence":"No such client."}"#),
    }
}

fn key() -> Canary {
    Canary::new("key")
}

fn at_keycloak(stage: &Stage, client_id: &str) -> SecretIssuer {
    let issuer = Url::parse(&format!("{}/auth/realms/app", stage.server.origin())).unwrap();
    SecretIssuer::Keycloak {
        realm: admin_base(&issuer).unwrap(),
        client_id: client_id.to_owned(),
        admin_token: key().secret(),
    }
}

fn at_sandbox(stage: &Stage, client_id: &str) -> SecretIssuer {
    let origin = Url::parse(&stage.server.origin()).unwrap();
    let origin = ManagementAddress::beside(&origin, origin.as_str()).unwrap();
    let client = SandboxClient { origin, server: "chattr".to_owned(), client_id: client_id.to_owned() };
    SecretIssuer::Sandbox {
        client,
        management_key: key().secret(),
        start: SecretStart::AtOnce { others_expire_in: None },
    }
}

fn old() -> ClientSecret {
    ClientSecret { value: Canary::new("old").secret(), version: 1 }
}

async fn issued(stage: &Stage, issuer: SecretIssuer, safe: &Arc<Safe>) -> SecretIssuance {
    let end = issue_secret(issuer, Some(old()), stage.ports(nobody()), Arc::clone(safe) as _, stage.cancel.clone());
    let end = end.await;
    assert_clean(&end.step);
    end.outcome
}

async fn retired(stage: &Stage, issuer: SecretIssuer, which: Retiring) -> RetirementOutcome {
    let end = retire_secret(issuer, which, stage.ports(nobody()), stage.cancel.clone()).await;
    assert_clean(&end.step);
    end.outcome
}

fn assert_clean(step: &Step) {
    let record = format!("{} {step:?}", serde_json::to_string(step).unwrap());
    for canary in [secret(), key(), Canary::new("old")] {
        assert_eq!(canary.traces_in(record.as_bytes()), [] as [&str; 0], "{record}");
    }
}

#[tokio::test]
async fn a_new_secret_is_kept_and_named_where_its_issuer_names_it() {
    for (script, issuer, name) in [
        (sandbox as fn(&ReceivedRequest) -> Answer, at_sandbox as fn(&Stage, &str) -> SecretIssuer, Some("s2")),
        (keycloak, at_keycloak, None),
    ] {
        let (stage, safe) = (Stage::at("chattr", script).await, Arc::new(Safe::default()));
        let client = if name.is_some() { "7" } else { "app" };
        let issuance = issued(&stage, issuer(&stage, client), &safe).await;
        let IssuanceOutcome::Issued(told) = issuance.outcome else { panic!("{issuance:?}") };
        assert_eq!(told.id.as_deref(), name);
        assert_eq!(safe.kept(), [(Some(secret().as_str().to_owned()), None)]);
    }
}

#[tokio::test]
async fn a_client_that_is_not_there_gets_no_secret() {
    let (stage, safe) = (Stage::at("chattr", keycloak).await, Arc::new(Safe::default()));
    assert!(matches!(issued(&stage, at_keycloak(&stage, "other"), &safe).await.outcome, IssuanceOutcome::NoSuchClient));
    let stage = Stage::at("chattr", sandbox).await;
    assert!(matches!(issued(&stage, at_sandbox(&stage, "8"), &safe).await.outcome, IssuanceOutcome::Refused(_)));
    assert!(safe.kept().is_empty());
}

#[tokio::test]
async fn the_older_secret_ends_and_the_newest_stays() {
    let stage = Stage::at("chattr", sandbox).await;
    let ended = retired(&stage, at_sandbox(&stage, "7"), Retiring::AllButTheNewest).await;
    assert_eq!(ended, RetirementOutcome::Retired);
    assert_eq!(stage.server.requests().last().unwrap().target, "/_control/chattr/apps/7/secrets/s1");
    let gone = retired(&stage, at_sandbox(&stage, "7"), Retiring::Named("s9".to_owned())).await;
    assert_eq!(gone, RetirementOutcome::NotThere);
    let stage = Stage::at("chattr", keycloak).await;
    let ended = retired(&stage, at_keycloak(&stage, "app"), Retiring::AllButTheNewest).await;
    assert_eq!(ended, RetirementOutcome::Retired);
}

/// A sandbox at which one secret is staged, and what it says when that is to be activated.
fn staging(activation: fn() -> Answer) -> impl Fn(&ReceivedRequest) -> Answer {
    move |request| match (&*request.method, &*request.target) {
        ("GET", "/_control/chattr/apps/7/secrets") => {
            Answer::json(200, r#"[{"secret_id":"s3","staged":true,"current":false},{"secret_id":"s2","current":true}]"#)
        }
        ("POST", "/_control/chattr/apps/7/secrets/s3/activate") => activation(),
        (_, other) => Answer::json(404, format!(r#"{{"code":"no {other}"}}"#)),
    }
}

#[tokio::test]
async fn a_staged_secret_is_activated_and_nothing_else_is() {
    let activated = async |stage: &Stage, issuer| {
        let end = activate_secret(issuer, Some("s3".to_owned()), stage.ports(nobody()), stage.cancel.clone()).await;
        assert_clean(&end.step);
        end.outcome
    };
    for (activation, outcome) in [
        ((|| Answer::json(200, r#"{"current":true}"#)) as fn() -> Answer, ActivationOutcome::Activated),
        (|| Answer::json(404, r#"{"code":"not_found","sentence":"No."}"#), ActivationOutcome::Refused),
        (|| Answer::Reset, ActivationOutcome::Unknown),
    ] {
        let stage = Stage::at("chattr", staging(activation)).await;
        assert_eq!(activated(&stage, at_sandbox(&stage, "7")).await, outcome);
    }
    let stage = Stage::at("chattr", sandbox).await;
    assert_eq!(activated(&stage, at_sandbox(&stage, "7")).await, ActivationOutcome::NotStaged);
    let stage = Stage::at("chattr", keycloak).await;
    assert_eq!(activated(&stage, at_keycloak(&stage, "app")).await, ActivationOutcome::NotOffered);
    assert!(stage.server.requests().is_empty());
}

#[tokio::test]
async fn a_secret_that_somebody_else_has_staged_is_not_activated() {
    let stage = Stage::at("chattr", staging(|| Answer::json(200, r#"{"current":true}"#))).await;
    let meant = |id: Option<&str>| {
        activate_secret(at_sandbox(&stage, "7"), id.map(str::to_owned), stage.ports(nobody()), stage.cancel.clone())
    };
    let end = meant(Some("s9")).await;
    assert_clean(&end.step);
    assert_eq!(end.outcome, ActivationOutcome::AnotherStaged);
    assert_eq!(end.step.sentence, "At the sandbox another secret is staged than the one that is stored here");
    assert!(stage.server.requests().iter().all(|request| request.method == "GET"), "nothing was activated");
    assert_eq!(meant(None).await.outcome, ActivationOutcome::Activated, "where no name is known, the staged one is");
}

#[tokio::test]
async fn after_a_lost_answer_keycloak_tells_the_secret_and_the_sandbox_what_there_is() {
    let safe = Arc::new(Safe::default());
    let stage = Stage::at("chattr", |_| Answer::Reset).await;
    assert!(matches!(issued(&stage, at_sandbox(&stage, "7"), &safe).await.outcome, IssuanceOutcome::Unknown));
    let stage = Stage::at("chattr", keycloak).await;
    let (issuer, ports) = (at_keycloak(&stage, "app"), stage.ports(nobody()));
    let back = read_back_secret(issuer, Some(old()), ports, Arc::clone(&safe) as _, stage.cancel.clone()).await;
    assert!(matches!(back.outcome.outcome, IssuanceOutcome::Issued(_)));
    assert_eq!(safe.kept().len(), 1);
    let stage = Stage::at("chattr", sandbox).await;
    let (issuer, ports) = (at_sandbox(&stage, "7"), stage.ports(nobody()));
    let back = read_back_secret(issuer, Some(old()), ports, Arc::clone(&safe) as _, stage.cancel.clone()).await;
    let IssuanceOutcome::NotTold(listed) = back.outcome.outcome else { panic!() };
    assert_eq!(listed.iter().map(|secret| secret.id.as_str()).collect::<Vec<_>>(), ["s2", "s1"]);
}

#[tokio::test]
async fn an_update_brings_a_new_secret_where_the_server_changes_it() {
    let issuer = |stage: &Stage| {
        let origin = Url::parse(&stage.server.origin()).unwrap();
        SecretIssuer::RegistrationUpdate {
            plan: ManagementPlan {
                address: ManagementAddress::beside(&origin, &format!("{origin}reg/7")).unwrap(),
                client_id: "7".to_owned(),
                registration_access_token: key().secret(),
                client_secret: Some(old()),
            },
            metadata: ClientMetadata::default().with("client_name", "Shop"),
        }
    };
    let safe = Arc::new(Safe::default());
    let body = format!(r#"{{"client_id":"7","client_secret":"{}","client_secret_expires_at":0}}"#, secret().as_str());
    let stage = Stage::at("chaster", move |_| Answer::json(200, &*body)).await;
    assert!(matches!(issued(&stage, issuer(&stage), &safe).await.outcome, IssuanceOutcome::Issued(_)));
    assert_eq!(safe.kept(), [(Some(secret().as_str().to_owned()), None)]);
    let body = format!(r#"{{"client_id":"7","client_secret":"{}"}}"#, Canary::new("old").as_str());
    let stage = Stage::at("chaster", move |_| Answer::json(200, &*body)).await;
    assert!(matches!(issued(&stage, issuer(&stage), &safe).await.outcome, IssuanceOutcome::Unchanged));
    let offered = retired(&stage, issuer(&stage), Retiring::AllButTheNewest).await;
    assert_eq!(offered, RetirementOutcome::NotOffered);
    assert_eq!(safe.kept().len(), 1);
}
