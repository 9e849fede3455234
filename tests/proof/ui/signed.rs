//! Userinfo answers that are signed, or should be.

use gatewright_model::run::EndReason::IdentityMalformed;
use gatewright_sandbox::SignatureAlgorithm;
use gatewright_sandbox::Twin::Chaster;

use crate::openid::refuses_the_identity;
use crate::proof::outlives;
use crate::stage::Stage;

/// Proves: V-22 by UI-03.
#[tokio::test]
async fn a_signed_answer_is_verified_and_taken_although_nobody_asked_for_one() {
    outlives(Chaster, "UI-03", &[]).await;
}

/// Proves: V-22 by UI-03.
#[tokio::test]
async fn a_signed_answer_is_verified_and_taken_where_it_was_agreed_on() {
    let stage = Stage::at(Chaster).await.with_userinfo_by(SignatureAlgorithm::Rs256).await.fault("UI-03");
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("identity", 1).fired("UI-03").leaks_nothing();
}

/// Proves: V-22 by UI-04:bad_signature.
#[tokio::test]
async fn a_signed_answer_with_one_bit_flipped_is_refused() {
    refuses_the_identity(Chaster, "UI-04:bad_signature", IdentityMalformed, &["jws_signature"]).await;
}

/// Proves: V-22 by UI-04:alg_none.
#[tokio::test]
async fn an_answer_signed_by_none_is_refused() {
    refuses_the_identity(Chaster, "UI-04:alg_none", IdentityMalformed, &["jws_alg"]).await;
}

/// Proves: V-22 by UI-04:iss.
#[tokio::test]
async fn a_signed_answer_of_another_issuer_is_refused() {
    refuses_the_identity(Chaster, "UI-04:iss", IdentityMalformed, &["claim_issuer"]).await;
}

/// Proves: V-22 by UI-04:aud.
#[tokio::test]
async fn a_signed_answer_for_another_client_is_refused() {
    refuses_the_identity(Chaster, "UI-04:aud", IdentityMalformed, &["claim_audience"]).await;
}

/// Proves: V-22 by UI-04:plain_json.
#[tokio::test]
async fn plain_json_is_refused_where_a_signature_was_agreed_on() {
    let stage = Stage::at(Chaster).await.with_userinfo_by(SignatureAlgorithm::Rs256).await.fault("UI-04:plain_json");
    stage.refuses_the_identity("UI-04:plain_json", IdentityMalformed, &["userinfo_not_signed"]).await;
}
