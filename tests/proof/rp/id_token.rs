//! Rows about the ID token.

use gatewright_model::run::StepKind;
use gatewright_sandbox::SignatureAlgorithm;
use gatewright_sandbox::Twin::Chaster;

use crate::openid::refuses_the_id_token;
use crate::proof::outlives;
use crate::stage::Stage;

/// Proves: V-16, rp/invalid-iss by ID-10:suffix.
#[tokio::test]
async fn invalid_iss() {
    refuses_the_id_token("ID-10:suffix", &["claim_issuer"]).await;
}

/// Proves: V-21, rp/missing-sub by ID-13:missing.
#[tokio::test]
async fn missing_sub() {
    refuses_the_id_token("ID-13:missing", &["claim_subject"]).await;
}

/// Proves: V-16, rp/invalid-aud by ID-11:suffix.
#[tokio::test]
async fn invalid_aud() {
    refuses_the_id_token("ID-11:suffix", &["claim_audience"]).await;
}

/// Proves: V-16, rp/missing-aud by ID-11:missing.
#[tokio::test]
async fn missing_aud() {
    refuses_the_id_token("ID-11:missing", &["claim_audience"]).await;
}

/// Proves: V-17, rp/missing-iat by ID-14:missing.
#[tokio::test]
async fn missing_iat() {
    refuses_the_id_token("ID-14:missing", &["claim_issued_at"]).await;
}

/// Proves: V-14, rp/kid-absent-single-jwks by ID-26:one_key.
#[tokio::test]
async fn kid_absent_single_jwks() {
    outlives(Chaster, "ID-26:one_key", &[]).await;
}

/// Proves: V-14, rp/kid-absent-multiple-jwks by ID-26:several_keys.
#[tokio::test]
async fn kid_absent_multiple_jwks() {
    refuses_the_id_token("ID-26:several_keys", &["key_ambiguous"]).await;
}

/// Proves: V-15, rp/idtoken-sig-rs256.
#[tokio::test]
async fn idtoken_sig_rs256() {
    let stage = Stage::at(Chaster).await;
    let proof = stage.log_in().await;
    assert_eq!(proof.logs_in().findings_of(StepKind::IdToken), [""; 0]);
    assert_eq!(proof.step(StepKind::IdToken).sentence, "Signed with RS256, every claim as it should be");
    proof.requests_of("keys", 1).leaks_nothing();
}

/// Proves: V-13, rp/idtoken-sig-none by ID-04:none.
#[tokio::test]
async fn idtoken_sig_none() {
    refuses_the_id_token("ID-04:none", &["jws_alg"]).await;
}

/// Proves: V-15, rp/invalid-sig-rs256 by ID-01.
#[tokio::test]
async fn invalid_sig_rs256() {
    refuses_the_id_token("ID-01", &["jws_signature"]).await;
}

/// Proves: V-15, rp/invalid-sig-es256 by ID-02:bit_flip.
#[tokio::test]
async fn invalid_sig_es256() {
    let stage = Stage::at(Chaster).await.with_id_tokens_by(SignatureAlgorithm::Es256).await.fault("ID-02:bit_flip");
    stage.refuses_the_id_token("ID-02:bit_flip", &["jws_signature"]).await;
}

/// Proves: V-15, rp/invalid-sig-hs256 by ID-03:bad_mac.
#[tokio::test]
async fn invalid_sig_hs256() {
    let stage = Stage::at(Chaster).await.with_id_tokens_by(SignatureAlgorithm::Hs256).await.fault("ID-03:bad_mac");
    stage.refuses_the_id_token("ID-03:bad_mac", &["jws_signature"]).await;
}

/// Proves: V-18, rp/nonce-invalid by ID-17:wrong.
#[tokio::test]
async fn nonce_invalid() {
    refuses_the_id_token("ID-17:wrong", &["claim_nonce"]).await;
}

/// Not run for the code flow; a nonce is sent there too.
///
/// Proves: V-18, rp/nonce-unless-code-flow.
#[tokio::test]
async fn nonce_unless_code_flow() {
    let stage = Stage::at(Chaster).await;
    let proof = stage.log_in().await;
    let asked = &proof.logs_in().step(StepKind::AuthorizationRequest).exchanges[0].request;
    assert!(asked.query.iter().any(|field| field.name == "nonce"), "{:?}", asked.query);
}

/// Proves: V-19, rp/invalid-athash by ID-18:wrong.
#[tokio::test]
async fn invalid_athash() {
    refuses_the_id_token("ID-18:wrong", &["claim_access_token_hash"]).await;
}

/// Not run for the code flow, in which a token may do without the hash.
///
/// Proves: V-19, rp/missing-athash by ID-18:missing.
#[tokio::test]
async fn missing_athash() {
    outlives(Chaster, "ID-18:missing", &[]).await;
}

/// Not run for the code flow; a hash that is there is compared all the same.
///
/// Proves: V-19, rp/invalid-chash by ID-19:c_hash.
#[tokio::test]
async fn invalid_chash() {
    refuses_the_id_token("ID-19:c_hash", &["claim_code_hash"]).await;
}

/// Not run for the code flow, in which no token has the hash.
///
/// Proves: V-19, rp/missing-chash.
#[tokio::test]
async fn missing_chash() {
    let stage = Stage::at(Chaster).await;
    stage.log_in().await.logs_in().leaks_nothing();
}
