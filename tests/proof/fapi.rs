//! The client modules of FAPI 1.0 and 2.0 that say something about a plain code login, one test each, under the name of the module. What
//! belongs to JARM or DPoP shows what is done with them now: they are told to be beyond us.

use gatewright_model::run::EndReason::TokenMalformed;
use gatewright_sandbox::Twin::{Chaster, Chattz};

use crate::openid::{refuses_the_id_token, refuses_the_metadata};
use crate::proof::{outlives, refuses_the_callback, refuses_the_tokens};
use crate::stage::{Stage, rule};

/// Proves: V-04, fapi/ensure-authorization-response-with-invalid-state-fails by AZ-02.
#[tokio::test]
async fn ensure_authorization_response_with_invalid_state_fails() {
    refuses_the_callback(Chaster, "AZ-02", "state_mismatch").await;
}

/// Proves: V-04, fapi/ensure-authorization-response-with-invalid-missing-state-fails by AZ-01.
#[tokio::test]
async fn ensure_authorization_response_with_invalid_missing_state_fails() {
    refuses_the_callback(Chaster, "AZ-01", "state_missing").await;
}

/// Proves: V-05, fapi/invalid-authorization-response-iss by AZ-08:suffix.
#[tokio::test]
async fn invalid_authorization_response_iss() {
    refuses_the_callback(Chaster, "AZ-08:suffix", "issuer_mismatch").await;
}

/// Proves: V-05, fapi/remove-authorization-response-iss by AZ-07.
#[tokio::test]
async fn remove_authorization_response_iss() {
    refuses_the_callback(Chaster, "AZ-07", "issuer_missing").await;
}

/// Proves: V-23, fapi/discovery-issuer-mismatch by DI-01:suffix.
#[tokio::test]
async fn discovery_issuer_mismatch() {
    refuses_the_metadata("DI-01:suffix", &["metadata_issuer_mismatch"]).await;
}

/// Proves: V-17, fapi/invalid-expired-exp by ID-15:six_minutes_ago.
#[tokio::test]
async fn invalid_expired_exp() {
    refuses_the_id_token("ID-15:six_minutes_ago", &["claim_expiry"]).await;
}

/// Proves: V-17, fapi/invalid-missing-exp by ID-15:missing.
#[tokio::test]
async fn invalid_missing_exp() {
    refuses_the_id_token("ID-15:missing", &["claim_expiry"]).await;
}

/// Proves: V-16, fapi/invalid-missing-iss by ID-10:missing.
#[tokio::test]
async fn invalid_missing_iss() {
    refuses_the_id_token("ID-10:missing", &["claim_issuer"]).await;
}

/// Proves: V-18, fapi/invalid-missing-nonce by ID-17:missing.
#[tokio::test]
async fn invalid_missing_nonce() {
    refuses_the_id_token("ID-17:missing", &["claim_nonce"]).await;
}

/// Proves: V-16, fapi/invalid-secondary-aud by ID-11:array_with_other.
#[tokio::test]
async fn invalid_secondary_aud() {
    refuses_the_id_token("ID-11:array_with_other", &["claim_audience"]).await;
}

/// Proves: V-16, fapi/valid-aud-as-array by ID-11:array.
#[tokio::test]
async fn valid_aud_as_array() {
    outlives(Chaster, "ID-11:array", &[]).await;
}

/// Proves: V-13, fapi/invalid-alternate-alg by ID-06:ps256.
#[tokio::test]
async fn invalid_alternate_alg() {
    refuses_the_id_token("ID-06:ps256", &["jws_alg"]).await;
}

/// Proves: V-13, fapi/invalid-null-alg by ID-04:none.
#[tokio::test]
async fn invalid_null_alg() {
    refuses_the_id_token("ID-04:none", &["jws_alg"]).await;
}

/// Proves: V-17, fapi/iat-is-week-in-past by ID-14:week_old.
#[tokio::test]
async fn iat_is_week_in_past() {
    refuses_the_id_token("ID-14:week_old", &["claim_issued_at"]).await;
}

/// Proves: V-19, fapi/invalid-shash by ID-19:s_hash.
#[tokio::test]
async fn invalid_shash() {
    refuses_the_id_token("ID-19:s_hash", &["claim_state_hash"]).await;
}

/// No profile of ours demands the hash, so that a token without it is taken.
///
/// Proves: V-19, fapi/invalid-missing-shash.
#[tokio::test]
async fn invalid_missing_shash() {
    let stage = Stage::at(Chaster).await;
    stage.log_in().await.logs_in().leaks_nothing();
}

/// Proves: V-11, fapi/no-scope-in-token-endpoint-response by TK-18:missing, TK-17:missing.
#[tokio::test]
async fn no_scope_in_token_endpoint_response() {
    let stage = Stage::at(Chaster).await;
    let faults = ["TK-18:missing", "TK-17:missing"];
    stage.sandbox.set_faults(faults.map(|fault| rule(Chaster, fault)).to_vec()).unwrap();
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("token", 1).fired("TK-18:missing").fired("TK-17:missing").leaks_nothing();
    assert!(!proof.findings().contains(&"scope_differs"), "the scope is the one that was asked for");
}

/// Proves: V-11, fapi/token-endpoint-response-without-expires_in by TK-17:missing.
#[tokio::test]
async fn token_endpoint_response_without_expires_in() {
    outlives(Chaster, "TK-17:missing", &["token_never_expires"]).await;
}

/// Proves: V-11, fapi/token-type-case-insensitivity by TK-16:mixed_case.
#[tokio::test]
async fn token_type_case_insensitivity() {
    outlives(Chaster, "TK-16:mixed_case", &[]).await;
}

/// All nine of them: a signed callback is not read.
///
/// Proves: V-03, fapi/ensure-jarm by AZ-22:jarm.
#[tokio::test]
async fn ensure_jarm() {
    refuses_the_callback(Chaster, "AZ-22:jarm", "jarm_unsupported").await;
}

/// A server that demands a proof is told to be beyond us, and the code is not sent again.
///
/// Proves: V-10, fapi/happy-path-no-dpop-nonce by TK-43.
#[tokio::test]
async fn happy_path_no_dpop_nonce() {
    refuses_the_tokens(Chaster, "TK-43", "dpop_unsupported", TokenMalformed).await;
}

/// A token of another kind than Bearer is never used as if it were one.
///
/// Proves: V-11, fapi/rs-dpop-auth-scheme-case-insensitivity by TK-16:unknown.
#[tokio::test]
async fn rs_dpop_auth_scheme_case_insensitivity() {
    refuses_the_tokens(Chattz, "TK-16:unknown", "token_type_unknown", TokenMalformed).await;
}
