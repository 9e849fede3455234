//! Userinfo: about the person of the ID token, or not shown.

use gatewright_model::run::{EndReason, StepKind};
use gatewright_protocol::jose::SigningAlgorithm;
use gatewright_testkit::Answer;
use serde_json::json;

use crate::issuer::*;
use crate::stage::*;

#[track_caller]
fn discarded(walked: &Walked, code: &str) {
    assert_eq!(walked.ending().reason, EndReason::IdentityMalformed, "{}", walked.ending().sentence);
    assert_eq!(walked.findings(), [code]);
    assert!(walked.end.identity.is_none());
}

#[tokio::test]
async fn claims_about_somebody_else_are_discarded() {
    for (body, code) in [
        (json!({ "sub": "5f0cinvalid", "preferred_username": "eve" }), "userinfo_subject_mismatch"),
        (json!({ "preferred_username": "ada" }), "userinfo_subject_missing"),
        (json!({ "sub": 7 }), "userinfo_subject_malformed"),
    ] {
        let answer = Answer::json(200, body.to_string());
        let (_, walked) = OpenIdProvider::with(|script| script.userinfo = answer).log_in().await;
        discarded(&walked, code);
    }
}

#[tokio::test]
async fn a_signed_answer_is_verified_with_the_keys_of_the_id_token() {
    let provider = OpenIdProvider::new();
    let mut stage = provider.stage().await;
    stage.plan.settings.userinfo_signed_response_alg = Some(SigningAlgorithm::Es256);
    let claims = json!({ "iss": provider.issuer(), "aud": "7", "sub": "5f0c", "preferred_username": "ada" });
    let good = provider.signed(&claims);
    provider.change(|script| script.userinfo = Answer::labelled(200, "application/jwt", good));
    let walked = stage.walk(provider.person()).await;
    assert_eq!(walked.end.identity.as_ref().unwrap().display_name.as_deref(), Some("ada"), "{:?}", walked.end.outcome);

    let forged = Key::new("k1").sign(&claims);
    provider.change(|script| script.userinfo = Answer::labelled(200, "application/jwt", forged));
    discarded(&stage.walk(provider.person()).await, "jws_signature");

    let for_another = provider.signed(&json!({ "iss": provider.issuer(), "aud": "8", "sub": "5f0c" }));
    provider.change(|script| script.userinfo = Answer::labelled(200, "application/jwt", for_another));
    discarded(&stage.walk(provider.person()).await, "claim_audience");

    provider.change(|script| script.userinfo = Answer::json(200, r#"{"sub":"5f0c"}"#));
    discarded(&stage.walk(provider.person()).await, "userinfo_not_signed");
}

#[tokio::test]
async fn claims_that_another_server_keeps_are_told_and_never_fetched() {
    let body = json!({
        "sub": "5f0c", "_claim_names": { "credit": "bank" },
        "_claim_sources": { "bank": { "endpoint": "http://127.0.0.1:1/claims", "access_token": "canary-pointer" } }
    });
    let answer = Answer::json(200, body.to_string());
    let (stage, walked) = OpenIdProvider::with(|script| script.userinfo = answer).log_in().await;
    assert_eq!(walked.findings(), ["claims_elsewhere"]);
    assert_eq!(walked.subject(), "5f0c");
    assert_eq!(asked(&stage), ["openid-configuration", "token", "certs", "userinfo"]);
    assert!(!walked.record().contains("canary-pointer"));
}

#[tokio::test]
async fn a_refusal_is_told_in_the_servers_words() {
    let answer = Answer::labelled(403, "text/plain", "")
        .with("www-authenticate", "Bearer error=\"insufficient_scope\", error_description=\"Missing openid scope\"");
    let (_, walked) = OpenIdProvider::with(|script| script.userinfo = answer).log_in().await;
    assert_eq!(walked.ending().reason, EndReason::IdentityRefused);
    assert!(walked.ending().sentence.contains("Missing openid scope"));
    assert_eq!(walked.step(StepKind::Identity).findings[0].code, "userinfo_refused");
}
