//! Signatures that prove nothing.

use gatewright_engine::login::ClientSecret;
use gatewright_model::dialect::ClientAuthentication;
use gatewright_protocol::Secret;
use gatewright_protocol::jose::SigningAlgorithm;
use gatewright_sandbox::Twin::Chaster;
use gatewright_sandbox::{ClientAuthMethod, OpenIdSettings, SignatureAlgorithm};

use crate::openid::refuses_the_id_token;
use crate::stage::Stage;

/// Proves: V-15 by ID-01.
#[tokio::test]
async fn an_rs256_signature_with_one_bit_flipped_is_refused() {
    refuses_the_id_token("ID-01", &["jws_signature"]).await;
}

/// Proves: V-15 by ID-02:bit_flip.
#[tokio::test]
async fn an_es256_signature_with_one_bit_flipped_is_refused() {
    a_broken_ecdsa_signature("ID-02:bit_flip").await;
}

/// Proves: V-15 by ID-02:der.
#[tokio::test]
async fn an_es256_signature_in_der_is_refused() {
    a_broken_ecdsa_signature("ID-02:der").await;
}

/// A verifier that does not look at r and s believes it for any message (CVE-2022-21449).
///
/// Proves: V-15 by ID-02:zeros.
#[tokio::test]
async fn an_es256_signature_of_zeros_is_refused() {
    a_broken_ecdsa_signature("ID-02:zeros").await;
}

/// Proves: V-15 by ID-03:bad_mac.
#[tokio::test]
async fn a_wrong_hs256_value_is_refused() {
    let stage = Stage::at(Chaster).await.with_id_tokens_by(SignatureAlgorithm::Hs256).await.fault("ID-03:bad_mac");
    stage.refuses_the_id_token("ID-03:bad_mac", &["jws_signature"]).await;
}

/// Proves: V-13 by ID-03:public_client.
#[tokio::test]
async fn an_hs256_token_for_a_public_client_is_refused() {
    let stage = a_public_client().await.fault("ID-03:public_client");
    stage.refuses_the_id_token("ID-03:public_client", &["jws_alg"]).await;
}

/// Even where somebody has set that HMAC is allowed: whoever keys it with nothing must not be believed.
///
/// Proves: V-13 by ID-03:public_client.
#[tokio::test]
async fn an_hs256_token_for_a_client_without_a_secret_is_refused_whatever_is_set() {
    let mut stage = a_public_client().await.fault("ID-03:public_client");
    stage.plan.settings.hmac_allowed = true;
    stage.plan.settings.id_token_signed_response_alg = SigningAlgorithm::named("HS256");
    let proof = stage.log_in().await;
    proof.refuses_the_id_token(&["jws_secret_missing"]).fired("ID-03:public_client").leaks_nothing();
    drop(proof);
    stage.works_with(|plan| plan.settings.id_token_signed_response_alg = None).await;
}

/// A secret that can be guessed proves nothing, also where HMAC was allowed (RFC 7518 §3.2).
///
/// Proves: V-13 by ID-03:public_client.
#[tokio::test]
async fn an_hs256_token_for_a_client_with_a_short_secret_is_refused_whatever_is_set() {
    let mut stage = a_public_client().await.fault("ID-03:public_client");
    let short = Secret::new("too short for a key".to_owned());
    stage.plan.client_secret = Some(ClientSecret { value: short, version: 1 });
    stage.plan.settings.hmac_allowed = true;
    stage.plan.settings.id_token_signed_response_alg = SigningAlgorithm::named("HS256");
    let proof = stage.log_in().await;
    proof.refuses_the_id_token(&["jws_secret_short"]).fired("ID-03:public_client").leaks_nothing();
    drop(proof);
    stage.works_with(|plan| plan.settings.id_token_signed_response_alg = None).await;
}

/// The secret of a confidential client makes no key by itself: HMAC has to be set.
///
/// Proves: V-13 by ID-03:public_client.
#[tokio::test]
async fn an_hs256_token_is_refused_unless_hmac_was_allowed() {
    let mut stage =
        Stage::at(Chaster).await.with_id_tokens_by(SignatureAlgorithm::Hs256).await.fault("ID-03:public_client");
    stage.plan.settings.hmac_allowed = false;
    let proof = stage.log_in().await;
    proof.refuses_the_id_token(&["jws_alg"]).fired("ID-03:public_client").leaks_nothing();
    drop(proof);
    stage.works_with(|plan| plan.settings.hmac_allowed = true).await;
}

/// Proves: V-13 by ID-04:none.
#[tokio::test]
async fn a_token_by_none_is_refused() {
    refuses_the_id_token("ID-04:none", &["jws_alg"]).await;
}

/// Proves: V-13 by ID-04:mixed_case.
#[tokio::test]
async fn a_token_by_none_in_mixed_letter_case_is_refused() {
    refuses_the_id_token("ID-04:mixed_case", &["jws_alg"]).await;
}

/// Proves: V-13 by ID-04:empty.
#[tokio::test]
async fn a_token_with_an_empty_algorithm_is_refused() {
    refuses_the_id_token("ID-04:empty", &["jws_alg"]).await;
}

/// Proves: V-13 by ID-04:missing.
#[tokio::test]
async fn a_token_without_an_algorithm_is_refused() {
    refuses_the_id_token("ID-04:missing", &["jws_alg"]).await;
}

/// Proves: V-13 by ID-04:null.
#[tokio::test]
async fn a_token_whose_algorithm_is_null_is_refused() {
    refuses_the_id_token("ID-04:null", &["jws_alg"]).await;
}

/// Proves: V-13 by ID-04:array.
#[tokio::test]
async fn a_token_whose_algorithm_is_a_list_is_refused() {
    refuses_the_id_token("ID-04:array", &["jws_alg"]).await;
}

/// Proves: V-13 by ID-05:pem.
#[tokio::test]
async fn hs256_keyed_with_the_public_key_as_pem_is_refused() {
    refuses_the_id_token("ID-05:pem", &["jws_alg"]).await;
}

/// Proves: V-13 by ID-05:der.
#[tokio::test]
async fn hs256_keyed_with_the_public_key_as_der_is_refused() {
    refuses_the_id_token("ID-05:der", &["jws_alg"]).await;
}

/// Proves: V-13 by ID-05:jwk.
#[tokio::test]
async fn hs256_keyed_with_the_public_key_as_a_jwk_is_refused() {
    refuses_the_id_token("ID-05:jwk", &["jws_alg"]).await;
}

/// Proves: V-15 by ID-05:pem.
#[tokio::test]
async fn hs256_keyed_with_the_public_key_as_pem_is_refused_where_hmac_is_allowed() {
    keyed_by_the_public_key("ID-05:pem").await;
}

/// Proves: V-15 by ID-05:der.
#[tokio::test]
async fn hs256_keyed_with_the_public_key_as_der_is_refused_where_hmac_is_allowed() {
    keyed_by_the_public_key("ID-05:der").await;
}

/// Proves: V-15 by ID-05:jwk.
#[tokio::test]
async fn hs256_keyed_with_the_public_key_as_a_jwk_is_refused_where_hmac_is_allowed() {
    keyed_by_the_public_key("ID-05:jwk").await;
}

/// Proves: V-13 by ID-06:rs384.
#[tokio::test]
async fn a_right_signature_by_rs384_is_refused_where_rs256_was_agreed_on() {
    refuses_the_id_token("ID-06:rs384", &["jws_alg"]).await;
}

/// Proves: V-13 by ID-06:ps256.
#[tokio::test]
async fn a_right_signature_by_ps256_is_refused_where_rs256_was_agreed_on() {
    refuses_the_id_token("ID-06:ps256", &["jws_alg"]).await;
}

/// Proves: V-13 by ID-06:es384.
#[tokio::test]
async fn a_right_signature_by_es384_is_refused_where_rs256_was_agreed_on() {
    refuses_the_id_token("ID-06:es384", &["jws_alg"]).await;
}

/// Proves: V-15 by ID-07.
#[tokio::test]
async fn a_key_under_the_name_of_another_verifies_nothing() {
    let stage = Stage::at(Chaster).await.fault("ID-07");
    let proof = stage.log_in().await;
    proof.refuses_the_id_token(&["jws_signature"]).requests_of("keys", 1).fired("ID-07").leaks_nothing();
    proof.next_login_works().await;
}

/// Proves: V-14 by ID-08:jwk.
#[tokio::test]
async fn a_key_in_the_header_is_not_used() {
    refuses_the_id_token("ID-08:jwk", &["jws_signature", "jws_key_in_header"]).await;
}

/// Proves: V-14 by ID-08:jku.
#[tokio::test]
async fn a_key_set_that_the_header_names_is_not_fetched() {
    refuses_the_id_token("ID-08:jku", &["jws_signature", "jws_key_in_header"]).await;
}

/// Proves: V-14 by ID-08:x5u.
#[tokio::test]
async fn a_certificate_that_the_header_names_is_not_fetched() {
    refuses_the_id_token("ID-08:x5u", &["jws_signature", "jws_key_in_header"]).await;
}

/// Proves: V-14 by ID-08:x5c.
#[tokio::test]
async fn a_certificate_in_the_header_is_not_used() {
    refuses_the_id_token("ID-08:x5c", &["jws_signature", "jws_key_in_header"]).await;
}

/// Proves: V-13 by ID-09:unknown.
#[tokio::test]
async fn an_extension_that_nobody_understands_is_refused() {
    refuses_the_id_token("ID-09:unknown", &["jws_crit"]).await;
}

/// Proves: V-13 by ID-09:b64.
#[tokio::test]
async fn a_payload_that_is_not_encoded_is_refused() {
    refuses_the_id_token("ID-09:b64", &["jws_crit", "jws_b64"]).await;
}

async fn a_broken_ecdsa_signature(fault: &str) {
    let stage = Stage::at(Chaster).await.with_id_tokens_by(SignatureAlgorithm::Es256).await.fault(fault);
    stage.refuses_the_id_token(fault, &["jws_signature"]).await;
}

/// Where HMAC is allowed, the client's secret is the key and nothing else is.
async fn keyed_by_the_public_key(fault: &str) {
    let mut stage = Stage::at(Chaster).await.fault(fault);
    stage.plan.settings.hmac_allowed = true;
    stage.plan.settings.id_token_signed_response_alg = SigningAlgorithm::named("HS256");
    let proof = stage.log_in().await;
    proof.refuses_the_id_token(&["jws_signature"]).fired(fault).leaks_nothing();
    drop(proof);
    stage.works_with(|plan| plan.settings.id_token_signed_response_alg = None).await;
}

/// A client that keeps no secret, on both sides.
async fn a_public_client() -> Stage {
    let mut stage = Stage::at(Chaster).await;
    stage.plan.client_secret = None;
    stage.plan.settings.client_authentication = Some(ClientAuthentication::None);
    let method = Some(ClientAuthMethod::None);
    stage.registered(OpenIdSettings { token_endpoint_auth_method: method, ..OpenIdSettings::default() }).await
}
