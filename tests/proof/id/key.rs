//! The keys that signatures are checked with: named or not, weak, replaced.

use gatewright_sandbox::SignatureAlgorithm;
use gatewright_sandbox::Twin::Chaster;

use crate::openid::refuses_the_id_token;
use crate::proof::outlives;
use crate::stage::Stage;

/// Proves: V-14 by ID-26:one_key.
#[tokio::test]
async fn a_token_that_names_no_key_is_taken_where_only_one_fits() {
    outlives(Chaster, "ID-26:one_key", &[]).await;
}

/// Proves: V-14 by ID-26:several_keys.
#[tokio::test]
async fn a_token_that_names_no_key_is_refused_where_several_fit() {
    refuses_the_id_token("ID-26:several_keys", &["key_ambiguous"]).await;
}

/// The keys of the first login are remembered, and the new one is not among them.
///
/// Proves: V-14 by ID-27:before_signing.
#[tokio::test]
async fn keys_that_were_replaced_just_before_signing_are_fetched_once_more() {
    let stage = Stage::at(Chaster).await;
    stage.log_in().await.logs_in().requests_of("keys", 1);
    let stage = stage.fault_once("ID-27:before_signing");
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("keys", 1).requests_of("token", 1).fired("ID-27:before_signing").leaks_nothing();
    proof.next_login_works().await.requests_of("keys", 0);
}

/// Proves: V-14 by ID-27:between_logins.
#[tokio::test]
async fn keys_that_were_replaced_between_two_logins_are_fetched_once_more() {
    let stage = Stage::at(Chaster).await;
    stage.log_in().await.logs_in().requests_of("keys", 1);
    let stage = stage.fault_once("ID-27:between_logins");
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("keys", 0).fired("ID-27:between_logins").leaks_nothing();
    proof.next_login_works().await.requests_of("keys", 1).requests_of("token", 1);
}

/// Proves: V-14 by ID-29:rsa_512.
#[tokio::test]
async fn a_key_of_512_bits_is_too_weak() {
    refuses_the_id_token("ID-29:rsa_512", &["key_weak"]).await;
}

/// Proves: V-14 by ID-29:rsa_1024.
#[tokio::test]
async fn a_key_of_1024_bits_is_too_weak() {
    refuses_the_id_token("ID-29:rsa_1024", &["key_weak"]).await;
}

/// Proves: V-14 by ID-29:p_192.
#[tokio::test]
async fn a_key_on_p_192_is_too_weak() {
    let stage = Stage::at(Chaster).await.with_id_tokens_by(SignatureAlgorithm::Es256).await.fault("ID-29:p_192");
    stage.refuses_the_id_token("ID-29:p_192", &["key_weak"]).await;
}
