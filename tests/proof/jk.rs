//! JK: the provider's keys go wrong.

use std::time::Duration;

use gatewright_model::run::StepKind;
use gatewright_sandbox::Twin::Chaster;

use crate::openid::UNTIL_FORGOTTEN;
use crate::proof::outlives;
use crate::stage::{LITTLE_PATIENCE, Stage, rule};

/// Proves: V-14 by JK-01:not_found.
#[tokio::test]
async fn keys_that_are_not_there_verify_nothing() {
    is_no_key_set("JK-01:not_found", "jwks_unusable").await;
}

/// Proves: V-14 by JK-01:server_error.
#[tokio::test]
async fn keys_behind_an_error_500_verify_nothing() {
    is_no_key_set("JK-01:server_error", "jwks_unusable").await;
}

/// Proves: V-14 by JK-01:html.
#[tokio::test]
async fn a_page_is_no_key_set() {
    is_no_key_set("JK-01:html", "jwks_unusable").await;
}

/// Proves: V-14 by JK-01:hang.
#[tokio::test]
async fn keys_that_never_come_are_waited_for_no_longer_than_the_limit() {
    let stage = Stage::at(Chaster).await.fault("JK-01:hang").patience(LITTLE_PATIENCE);
    let proof = stage.log_in().await;
    proof.refuses_the_id_token(&["jwks_unusable", "key_set_missing"]).requests_of("keys", 1);
    proof.fired("JK-01:hang").leaks_nothing().next_login_works().await;
}

/// Proves: V-14 by JK-02:empty.
#[tokio::test]
async fn an_empty_list_of_keys_verifies_nothing() {
    is_no_key_set("JK-02:empty", "jwks_unusable").await;
}

/// Proves: V-14 by JK-02:not_an_array.
#[tokio::test]
async fn keys_that_are_no_list_verify_nothing() {
    is_no_key_set("JK-02:not_an_array", "jwks_unusable").await;
}

/// Only the names of the private members are told; their values stand in no record.
///
/// Proves: V-14 by JK-03.
#[tokio::test]
async fn a_provider_that_publishes_its_private_key_is_told_so() {
    let stage = Stage::at(Chaster).await.fault("JK-03");
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("keys", 1).fired("JK-03").leaks_nothing();
    let findings = &proof.step(StepKind::IdToken).findings;
    assert_eq!(proof.findings_of(StepKind::IdToken), ["jwks_private_members"]);
    assert_eq!(findings[0].received.to_plain(), "d, p, q, dp, dq, qi");
    stage.clock.advance(UNTIL_FORGOTTEN);
    assert!(!proof.next_login_works().await.findings().contains(&"jwks_private_members"));
}

/// Proves: V-14 by JK-04:same_use.
#[tokio::test]
async fn two_keys_of_one_name_for_one_use_verify_nothing() {
    verifies_nothing("JK-04:same_use", &["key_ambiguous"]).await;
}

/// Proves: V-14 by JK-04:other_use.
#[tokio::test]
async fn of_two_keys_of_one_name_the_one_for_signatures_counts() {
    outlives(Chaster, "JK-04:other_use", &[]).await;
}

/// Proves: V-14 by JK-05:encryption.
#[tokio::test]
async fn a_key_for_encryption_verifies_nothing() {
    verifies_nothing("JK-05:encryption", &["key_not_for_this"]).await;
}

/// Proves: V-14 by JK-05:other_algorithm.
#[tokio::test]
async fn a_key_for_another_algorithm_verifies_nothing() {
    verifies_nothing("JK-05:other_algorithm", &["key_not_for_this"]).await;
}

/// Proves: V-14 by JK-05:no_verify.
#[tokio::test]
async fn a_key_that_may_not_verify_verifies_nothing() {
    verifies_nothing("JK-05:no_verify", &["key_not_for_this"]).await;
}

/// Proves: V-14 by JK-06.
#[tokio::test]
async fn a_symmetric_key_is_never_taken_for_a_public_one() {
    verifies_nothing("JK-06", &["jwks_private_members", "key_unusable"]).await;
}

/// Proves: V-14 by JK-07.
#[tokio::test]
async fn entries_that_nobody_knows_do_not_spoil_the_good_ones() {
    spoil_nothing("JK-07", &["jwks_entry_skipped"; 3]).await;
}

/// Proves: V-14 by JK-08:many_keys.
#[tokio::test]
async fn a_hundred_thousand_keys_are_not_read_to_their_end() {
    is_no_key_set("JK-08:many_keys", "jwks_too_large").await;
}

/// Proves: V-14 by JK-08:many_bytes.
#[tokio::test]
async fn a_key_set_of_ten_megabytes_is_not_read_to_its_end() {
    is_no_key_set("JK-08:many_bytes", "jwks_too_large").await;
}

/// Proves: V-14 by JK-09.
#[tokio::test]
async fn keys_that_change_with_every_answer_are_fetched_twice_and_not_more_often() {
    let stage = Stage::at(Chaster).await.fault("JK-09");
    let proof = stage.log_in().await;
    proof.refuses_the_id_token(&["key_unknown"]).requests_of("keys", 2).fired("JK-09").leaks_nothing();
    proof.next_login_works().await.requests_of("keys", 1);
}

/// Proves: V-14 by JK-10:other_host.
#[tokio::test]
async fn a_redirect_to_keys_at_another_host_is_not_followed() {
    is_no_key_set("JK-10:other_host", "jwks_unusable").await;
}

/// Proves: V-14 by JK-10:http.
#[tokio::test]
async fn a_redirect_to_keys_at_another_path_is_not_followed() {
    is_no_key_set("JK-10:http", "jwks_unusable").await;
}

/// Proves: V-14 by JK-11:no_time.
#[tokio::test]
async fn keys_that_may_be_kept_for_no_time_are_fetched_for_each_login() {
    let stage = Stage::at(Chaster).await.fault("JK-11:no_time");
    for _ in 0..2 {
        let proof = stage.log_in().await;
        proof.logs_in().requests_of("keys", 1).fired("JK-11:no_time").leaks_nothing();
    }
}

/// Proves: V-14 by JK-11:one_year.
#[tokio::test]
async fn keys_that_may_be_kept_for_a_year_are_kept_for_an_hour() {
    let stage = Stage::at(Chaster).await.fault("JK-11:one_year");
    stage.log_in().await.logs_in().requests_of("keys", 1).fired("JK-11:one_year").leaks_nothing();
    stage.clock.advance(Duration::from_mins(59));
    stage.log_in().await.logs_in().requests_of("keys", 0);
    stage.clock.advance(Duration::from_mins(2));
    stage.log_in().await.logs_in().requests_of("keys", 1);
}

/// Proves: V-14 by JK-12:bad_base64.
#[tokio::test]
async fn a_key_that_is_no_base64url_does_not_spoil_the_good_ones() {
    spoil_nothing("JK-12:bad_base64", &["jwks_entry_skipped"]).await;
}

/// Proves: V-14 by JK-12:wrong_point.
#[tokio::test]
async fn a_point_beside_its_curve_does_not_spoil_the_good_keys() {
    spoil_nothing("JK-12:wrong_point", &["jwks_entry_skipped"]).await;
}

/// The token names no key, and there is none for its algorithm.
///
/// Proves: V-14 by ID-26:one_key, JK-05:encryption.
#[tokio::test]
async fn a_token_that_names_no_key_is_refused_where_none_fits() {
    let stage = Stage::at(Chaster).await;
    let faults = ["ID-26:one_key", "JK-05:encryption"];
    stage.sandbox.set_faults(faults.map(|fault| rule(Chaster, fault)).to_vec()).unwrap();
    let proof = stage.log_in().await;
    proof.refuses_the_id_token(&["key_missing"]).fired(faults[0]).fired(faults[1]).leaks_nothing();
    proof.next_login_works().await;
}

/// Entries that cannot be used are told, and the good ones among them verify.
async fn spoil_nothing(fault: &str, codes: &[&str]) {
    let stage = Stage::at(Chaster).await.fault(fault);
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("keys", 1).fired(fault).leaks_nothing();
    assert_eq!(proof.findings_of(StepKind::IdToken), codes);
    stage.clock.advance(UNTIL_FORGOTTEN);
    assert_eq!(proof.next_login_works().await.findings_of(StepKind::IdToken), [""; 0]);
}

/// What came is no key set: it is not remembered, so that the next login asks again and works.
async fn is_no_key_set(fault: &str, code: &str) {
    let stage = Stage::at(Chaster).await.fault(fault);
    let proof = stage.log_in().await;
    proof.refuses_the_id_token(&[code, "key_set_missing"]).requests_of("keys", 1).fired(fault).leaks_nothing();
    proof.next_login_works().await.requests_of("keys", 1);
}

/// The keys came and none of them verifies: the next login asks for them again and works.
async fn verifies_nothing(fault: &str, codes: &[&str]) {
    let stage = Stage::at(Chaster).await.fault(fault);
    let proof = stage.log_in().await;
    proof.refuses_the_id_token(codes).requests_of("keys", 1).fired(fault).leaks_nothing();
    proof.next_login_works().await.requests_of("keys", 1);
}
