//! Rows about metadata and keys.

use std::sync::Arc;

use gatewright_engine::discovery::discover;
use gatewright_model::run::StepKind;
use gatewright_protocol::metadata::Issuer;
use gatewright_sandbox::Twin::Chaster;

use crate::openid::refuses_the_metadata;
use crate::person::LoginView;
use crate::stage::Stage;

/// Proves: V-23, rp/discovery-openid-config.
#[tokio::test]
async fn discovery_openid_config() {
    let mut stage = Stage::at(Chaster).await;
    // Nothing but the metadata says where the keys are.
    stage.plan.provider.endpoints.jwks = None;
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("metadata", 1).requests_of("keys", 1).leaks_nothing();
    assert!(proof.requests[0].path.ends_with("/.well-known/openid-configuration"), "{:?}", proof.requests[0]);
}

/// The address of the keys is another in every document, and the one of this document is used.
///
/// Proves: V-14, rp/discovery-jwks-uri-keys by DI-11.
#[tokio::test]
async fn discovery_jwks_uri_keys() {
    let stage = Stage::at(Chaster).await.fault("DI-11");
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("keys", 1).fired("DI-11").leaks_nothing();
    let fetched = &proof.step(StepKind::IdToken).exchanges[0].request;
    assert!(fetched.url.ends_with("/certs") && fetched.query[0].name == "run", "{fetched:?}");
}

/// Proves: V-23, rp/discovery-issuer-mismatch by DI-01:suffix.
#[tokio::test]
async fn discovery_issuer_mismatch() {
    refuses_the_metadata("DI-01:suffix", &["metadata_issuer_mismatch"]).await;
}

/// Proves: V-14, rp/signing-key-rotation-just-before-signing by ID-27:before_signing.
#[tokio::test]
async fn signing_key_rotation_just_before_signing() {
    let stage = Stage::at(Chaster).await;
    stage.log_in().await.logs_in();
    let stage = stage.fault_once("ID-27:before_signing");
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("keys", 1).requests_of("token", 1).fired("ID-27:before_signing").leaks_nothing();
}

/// Proves: V-14, rp/signing-key-rotation by ID-27:between_logins.
#[tokio::test]
async fn signing_key_rotation() {
    let stage = Stage::at(Chaster).await;
    stage.log_in().await.logs_in().requests_of("keys", 1);
    let stage = stage.fault_once("ID-27:between_logins");
    stage.log_in().await.logs_in().requests_of("keys", 0).fired("ID-27:between_logins");
    stage.log_in().await.logs_in().requests_of("keys", 1).requests_of("token", 1).leaks_nothing();
    stage.log_in().await.logs_in().requests_of("keys", 0);
}

/// Without a client certificate the aliases are left alone.
///
/// Proves: V-23, rp/mtls-endpoint-aliases by DI-10.
#[tokio::test]
async fn mtls_endpoint_aliases() {
    let stage = Stage::at(Chaster).await.fault("DI-10");
    let proof = stage.log_in().await;
    proof.logs_in().spares_the_attacker().fired("DI-10").leaks_nothing();
}

/// WebFinger is not spoken: an account is no issuer.
///
/// Proves: V-23, rp/discovery-webfinger-acct by DI-12.
#[tokio::test]
async fn discovery_webfinger_acct() {
    for account in ["acct:olivia@chaster.example", "olivia@chaster.example"] {
        assert!(Issuer::parse(account).is_err(), "{account}");
    }
}

/// WebFinger is not spoken: whoever asks an address gets its well-known documents and nothing else.
///
/// Proves: V-23, rp/discovery-webfinger-url by DI-12.
#[tokio::test]
async fn discovery_webfinger_url() {
    let stage = Stage::at(Chaster).await;
    let ports = stage.ports(Arc::new(LoginView(Arc::clone(&stage.browser))));
    let person = Issuer::parse(&format!("{}/olivia", stage.sandbox.origin())).unwrap();
    assert!(discover(&person, &ports, &stage.cancel()).await.result.is_err());
    let requests = stage.sandbox.recent_requests();
    let asked: Vec<_> = requests.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(asked, ["/olivia/.well-known/openid-configuration", "/.well-known/oauth-authorization-server/olivia"]);
}
