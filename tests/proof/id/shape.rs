//! Tokens that are not written as they must be, or are of another kind.

use gatewright_model::run::EndReason::TokenMalformed;
use gatewright_model::run::StepKind;
use gatewright_sandbox::Twin::Chaster;

use crate::openid::refuses_the_id_token;
use crate::proof::refuses_the_tokens;
use crate::stage::Stage;

/// Proves: V-13 by ID-22:two_parts.
#[tokio::test]
async fn a_token_of_two_parts_is_refused() {
    refuses_the_id_token("ID-22:two_parts", &["jws_parts"]).await;
}

/// Proves: V-13 by ID-22:four_parts.
#[tokio::test]
async fn a_token_of_four_parts_is_refused() {
    refuses_the_id_token("ID-22:four_parts", &["jws_parts"]).await;
}

/// Proves: V-13 by ID-22:padding.
#[tokio::test]
async fn a_token_with_padding_is_refused() {
    refuses_the_id_token("ID-22:padding", &["jws_encoding"]).await;
}

/// Proves: V-13 by ID-22:standard_base64.
#[tokio::test]
async fn a_token_in_plain_base64_is_refused() {
    refuses_the_id_token("ID-22:standard_base64", &["jws_encoding"]).await;
}

/// A token with white space is none at all (RFC 6749 Appendix A), and so there is no ID token.
///
/// Proves: V-12 by ID-22:whitespace.
#[tokio::test]
async fn a_token_with_white_space_is_refused() {
    let stage = Stage::at(Chaster).await.fault("ID-22:whitespace");
    let proof = stage.log_in().await;
    proof.refuses_the_id_token(&["id_token_missing"]).fired("ID-22:whitespace").leaks_nothing();
    assert!(proof.findings_of(StepKind::TokenRequest).contains(&"token_ignored"));
    proof.next_login_works().await;
}

/// Proves: V-13 by ID-22:five_parts.
#[tokio::test]
async fn an_encrypted_token_is_told_to_be_beyond_us() {
    refuses_the_id_token("ID-22:five_parts", &["jwe_unsupported"]).await;
}

/// Proves: V-13 by ID-23:not_json.
#[tokio::test]
async fn claims_that_are_no_json_are_refused() {
    refuses_the_id_token("ID-23:not_json", &["jws_payload"]).await;
}

/// Proves: V-13 by ID-23:array.
#[tokio::test]
async fn claims_in_a_list_are_refused() {
    refuses_the_id_token("ID-23:array", &["jws_payload"]).await;
}

/// Proves: V-13 by ID-23:twice.
#[tokio::test]
async fn a_subject_that_is_there_twice_is_refused() {
    refuses_the_id_token("ID-23:twice", &["jws_payload_twice"]).await;
}

/// Proves: V-13 by ID-32:not_json.
#[tokio::test]
async fn a_header_that_is_no_json_is_refused() {
    refuses_the_id_token("ID-32:not_json", &["jws_header"]).await;
}

/// Proves: V-13 by ID-32:array.
#[tokio::test]
async fn a_header_in_a_list_is_refused() {
    refuses_the_id_token("ID-32:array", &["jws_header"]).await;
}

/// One reader takes the first of two algorithms and another the last.
///
/// Proves: V-13 by ID-32:twice.
#[tokio::test]
async fn a_header_with_two_algorithms_is_refused() {
    refuses_the_id_token("ID-32:twice", &["jws_header_twice"]).await;
}

/// Proves: V-13 by ID-24:at_jwt.
#[tokio::test]
async fn an_access_token_in_the_place_of_an_id_token_is_refused() {
    refuses_the_id_token("ID-24:at_jwt", &["jws_typ"]).await;
}

/// Proves: V-13 by ID-24:logout_jwt.
#[tokio::test]
async fn a_logout_token_in_the_place_of_an_id_token_is_refused() {
    refuses_the_id_token("ID-24:logout_jwt", &["jws_typ"]).await;
}

/// Proves: V-13 by ID-24:dpop_jwt.
#[tokio::test]
async fn a_dpop_proof_in_the_place_of_an_id_token_is_refused() {
    refuses_the_id_token("ID-24:dpop_jwt", &["jws_typ"]).await;
}

/// Proves: V-09 by ID-25.
#[tokio::test]
async fn a_token_of_ten_megabytes_is_not_read_to_its_end() {
    refuses_the_tokens(Chaster, "ID-25", "answer_too_large", TokenMalformed).await;
}
