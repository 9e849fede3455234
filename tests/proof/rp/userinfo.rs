//! Rows about userinfo.

use gatewright_model::dialect::TokenPlacement;
use gatewright_model::exchange::RecordedRequest;
use gatewright_model::run::EndReason::IdentityMalformed;
use gatewright_model::run::StepKind;
use gatewright_sandbox::SignatureAlgorithm;
use gatewright_sandbox::Twin::Chaster;

use crate::openid::refuses_the_identity;
use crate::stage::Stage;

/// Proves: V-22, rp/userinfo-invalid-sub by UI-01.
#[tokio::test]
async fn userinfo_invalid_sub() {
    refuses_the_identity(Chaster, "UI-01", IdentityMalformed, &["userinfo_subject_mismatch"]).await;
}

/// Proves: V-11, rp/userinfo-bearer-header.
#[tokio::test]
async fn userinfo_bearer_header() {
    let stage = Stage::at(Chaster).await;
    let request = identity_request(&stage).await;
    let header = request.headers.iter().find(|field| field.name == "authorization").unwrap();
    assert!(header.value.to_plain().starts_with("Bearer ‹token#"), "{header:?}");
    assert!(request.method == "GET" && request.query.is_empty() && request.fields.is_empty());
}

/// Proves: V-11, rp/userinfo-bearer-body.
#[tokio::test]
async fn userinfo_bearer_body() {
    let mut stage = Stage::at(Chaster).await;
    stage.plan.provider.dialect.identity.userinfo_token_placement.as_mut().unwrap().value = TokenPlacement::Body;
    let request = identity_request(&stage).await;
    assert_eq!((request.method.as_str(), request.fields[0].name.as_str()), ("POST", "access_token"));
    assert!(request.query.is_empty() && request.headers.iter().all(|field| field.name != "authorization"));
}

/// Proves: V-22, rp/userinfo-signed by UI-03, UI-04:bad_signature.
#[tokio::test]
async fn userinfo_signed() {
    let stage = Stage::at(Chaster).await.with_userinfo_by(SignatureAlgorithm::Rs256).await.fault("UI-03");
    stage.log_in().await.logs_in().requests_of("identity", 1).fired("UI-03").leaks_nothing();
    let stage = stage.fault("UI-04:bad_signature");
    stage.refuses_the_identity("UI-04:bad_signature", IdentityMalformed, &["jws_signature"]).await;
}

/// Proves: V-22, rp/aggregated-claims by UI-09:aggregated.
#[tokio::test]
async fn aggregated_claims() {
    passes_over("UI-09:aggregated").await;
}

/// The suite expects that they are fetched. They are not, on purpose: whoever writes the answer would choose whom this computer calls.
///
/// Proves: V-22, rp/distributed-claims by UI-09:distributed_attacker.
#[tokio::test]
async fn distributed_claims() {
    passes_over("UI-09:distributed_attacker").await;
}

/// The identity request of a login that goes well.
async fn identity_request(stage: &Stage) -> RecordedRequest {
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("identity", 1).leaks_nothing();
    proof.step(StepKind::Identity).exchanges[0].request.clone()
}

/// Claims elsewhere are told and left where they are.
async fn passes_over(fault: &str) {
    let stage = Stage::at(Chaster).await.fault(fault);
    let proof = stage.log_in().await;
    proof.logs_in().spares_the_attacker().fired(fault).leaks_nothing();
    assert_eq!(proof.findings_of(StepKind::Identity), ["claims_elsewhere"]);
}
