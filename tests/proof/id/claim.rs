//! Claims that are compared: who says it, about whom, to whom, for which login.

use gatewright_model::dialect::Presence;
use gatewright_sandbox::Twin::Chaster;

use crate::openid::refuses_the_id_token;
use crate::proof::outlives;
use crate::stage::Stage;

/// Proves: V-16 by ID-10:other.
#[tokio::test]
async fn the_token_of_another_issuer_is_refused() {
    refuses_the_id_token("ID-10:other", &["claim_issuer"]).await;
}

/// Proves: V-16 by ID-10:suffix.
#[tokio::test]
async fn an_issuer_with_something_behind_it_is_refused() {
    refuses_the_id_token("ID-10:suffix", &["claim_issuer"]).await;
}

/// Proves: V-16 by ID-10:slash.
#[tokio::test]
async fn an_issuer_with_a_slash_behind_it_is_refused() {
    refuses_the_id_token("ID-10:slash", &["claim_issuer"]).await;
}

/// Proves: V-16 by ID-10:case.
#[tokio::test]
async fn an_issuer_in_other_letter_case_is_refused() {
    refuses_the_id_token("ID-10:case", &["claim_issuer"]).await;
}

/// Proves: V-16 by ID-10:missing.
#[tokio::test]
async fn a_token_without_an_issuer_is_refused() {
    refuses_the_id_token("ID-10:missing", &["claim_issuer"]).await;
}

/// Proves: V-16 by ID-10:number.
#[tokio::test]
async fn an_issuer_that_is_a_number_is_refused() {
    refuses_the_id_token("ID-10:number", &["claim_issuer"]).await;
}

/// Proves: V-16 by ID-30.
#[tokio::test]
async fn an_issuer_that_is_a_template_is_refused() {
    refuses_the_id_token("ID-30", &["claim_issuer"]).await;
}

/// Proves: V-16 by ID-11:other.
#[tokio::test]
async fn a_token_for_another_client_is_refused() {
    refuses_the_id_token("ID-11:other", &["claim_audience"]).await;
}

/// Proves: V-16 by ID-11:suffix.
#[tokio::test]
async fn an_audience_with_something_behind_it_is_refused() {
    refuses_the_id_token("ID-11:suffix", &["claim_audience"]).await;
}

/// Proves: V-16 by ID-11:missing.
#[tokio::test]
async fn a_token_for_nobody_is_refused() {
    refuses_the_id_token("ID-11:missing", &["claim_audience"]).await;
}

/// Proves: V-16 by ID-11:empty_array.
#[tokio::test]
async fn an_empty_list_of_audiences_is_refused() {
    refuses_the_id_token("ID-11:empty_array", &["claim_audience"]).await;
}

/// Proves: V-16 by ID-11:number.
#[tokio::test]
async fn an_audience_that_is_a_number_is_refused() {
    refuses_the_id_token("ID-11:number", &["claim_audience"]).await;
}

/// Proves: V-16 by ID-11:array.
#[tokio::test]
async fn a_list_with_the_client_alone_is_taken() {
    outlives(Chaster, "ID-11:array", &[]).await;
}

/// Proves: V-16 by ID-11:array_with_other.
#[tokio::test]
async fn a_token_for_somebody_unknown_as_well_is_refused() {
    refuses_the_id_token("ID-11:array_with_other", &["claim_audience"]).await;
}

/// Proves: V-16 by ID-11:array_with_other.
#[tokio::test]
async fn a_token_for_somebody_trusted_as_well_is_taken() {
    let mut stage = Stage::at(Chaster).await.fault("ID-11:array_with_other");
    stage.plan.settings.trusted_audiences = vec!["another-client".to_owned()];
    stage.log_in().await.logs_in().fired("ID-11:array_with_other").leaks_nothing();
}

/// Proves: V-16 by ID-12:other.
#[tokio::test]
async fn a_token_that_was_issued_to_another_client_is_refused() {
    refuses_the_id_token("ID-12:other", &["claim_authorized_party"]).await;
}

/// Proves: V-16 by ID-12:missing_for_several.
#[tokio::test]
async fn a_token_for_several_that_was_issued_to_nobody_is_refused() {
    refuses_the_id_token("ID-12:missing_for_several", &["claim_audience", "claim_authorized_party"]).await;
}

/// Proves: V-16 by ID-12:missing_for_several.
#[tokio::test]
async fn a_token_for_several_that_are_trusted_still_says_to_whom_it_was_issued() {
    let mut stage = Stage::at(Chaster).await.fault("ID-12:missing_for_several");
    stage.plan.settings.trusted_audiences = vec!["another-client".to_owned()];
    stage.refuses_the_id_token("ID-12:missing_for_several", &["claim_authorized_party"]).await;
}

/// Proves: V-21 by ID-13:missing.
#[tokio::test]
async fn a_token_without_a_subject_is_refused() {
    refuses_the_id_token("ID-13:missing", &["claim_subject"]).await;
}

/// Proves: V-21 by ID-13:empty.
#[tokio::test]
async fn an_empty_subject_is_refused() {
    refuses_the_id_token("ID-13:empty", &["claim_subject"]).await;
}

/// Proves: V-21 by ID-13:number.
#[tokio::test]
async fn a_subject_that_is_a_number_is_refused() {
    refuses_the_id_token("ID-13:number", &["claim_subject"]).await;
}

/// Proves: V-21 by ID-13:too_long.
#[tokio::test]
async fn a_subject_of_256_characters_is_refused() {
    refuses_the_id_token("ID-13:too_long", &["claim_subject"]).await;
}

/// Proves: V-21 by ID-13:not_ascii.
#[tokio::test]
async fn a_subject_beyond_ascii_is_refused() {
    refuses_the_id_token("ID-13:not_ascii", &["claim_subject"]).await;
}

/// Proves: V-18 by ID-17:wrong.
#[tokio::test]
async fn the_nonce_of_another_login_is_refused() {
    refuses_the_id_token("ID-17:wrong", &["claim_nonce"]).await;
}

/// Proves: V-18 by ID-17:missing.
#[tokio::test]
async fn a_token_without_the_nonce_that_was_sent_is_refused() {
    refuses_the_id_token("ID-17:missing", &["claim_nonce"]).await;
}

/// Proves: V-18 by ID-17:twice.
#[tokio::test]
async fn a_nonce_that_is_there_twice_is_refused() {
    refuses_the_id_token("ID-17:twice", &["jws_payload_twice"]).await;
}

/// Proves: V-18 by ID-17:unexpected.
#[tokio::test]
async fn a_nonce_that_nobody_sent_is_refused() {
    let mut stage = Stage::at(Chaster).await.fault("ID-17:unexpected");
    stage.plan.provider.openid.as_mut().unwrap().nonce.value = Presence::Absent;
    stage.refuses_the_id_token("ID-17:unexpected", &["claim_nonce"]).await;
}

/// Proves: V-19 by ID-18:wrong.
#[tokio::test]
async fn the_hash_of_another_access_token_is_refused() {
    refuses_the_id_token("ID-18:wrong", &["claim_access_token_hash"]).await;
}

/// Proves: V-19 by ID-18:other_hash.
#[tokio::test]
async fn an_access_token_hashed_by_another_algorithm_is_refused() {
    refuses_the_id_token("ID-18:other_hash", &["claim_access_token_hash"]).await;
}

/// Proves: V-19 by ID-18:missing.
#[tokio::test]
async fn a_code_login_needs_no_hash_of_the_access_token() {
    outlives(Chaster, "ID-18:missing", &[]).await;
}

/// Proves: V-19 by ID-19:c_hash.
#[tokio::test]
async fn the_hash_of_another_code_is_refused() {
    refuses_the_id_token("ID-19:c_hash", &["claim_code_hash"]).await;
}

/// Proves: V-19 by ID-19:s_hash.
#[tokio::test]
async fn the_hash_of_another_state_is_refused() {
    refuses_the_id_token("ID-19:s_hash", &["claim_state_hash"]).await;
}

/// Proves: V-20 by ID-21.
#[tokio::test]
async fn another_authentication_context_than_the_essential_one_is_refused() {
    let stage = demanding_a_context(true).await.fault("ID-21");
    stage.refuses_the_id_token("ID-21", &["claim_authentication_context"]).await;
}

/// Proves: V-20 by ID-21.
#[tokio::test]
async fn another_authentication_context_is_taken_where_it_was_only_a_wish() {
    let stage = demanding_a_context(false).await.fault("ID-21");
    stage.log_in().await.logs_in().fired("ID-21").leaks_nothing();
}

async fn demanding_a_context(is_essential: bool) -> Stage {
    let mut stage = Stage::at(Chaster).await;
    stage.plan.settings.acr_values = vec!["1".to_owned()];
    stage.plan.settings.acr_essential = is_essential;
    stage
}
