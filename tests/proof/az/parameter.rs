//! A callback's other parameters: the code, and what has no place beside it.

use gatewright_model::run::EndReason;
use gatewright_sandbox::Twin::{Chaster, Chattr, Chattz, ContentDb, Gitter};

use crate::proof::{outlives, refuses_the_callback, stays_open_after};
use crate::stage::Stage;

/// Proves: V-06 by AZ-11.
#[tokio::test]
async fn a_bare_callback_is_a_cancel_and_never_a_login() {
    let stage = Stage::at(ContentDb).await.fault("AZ-11");
    let proof = stage.log_in().await;
    proof.ends_as(EndReason::Cancelled).without_request("token").without_request("identity");
    proof.fired("AZ-11").leaks_nothing().next_login_works().await;
}

/// Proves: V-06 by AZ-11.
#[tokio::test]
async fn a_bare_callback_does_not_end_a_login_that_listens() {
    stays_open_after(ContentDb, "AZ-11").await;
}

/// Proves: V-06 by AZ-11.
#[tokio::test]
async fn when_nothing_better_comes_than_a_bare_callback_it_was_a_cancel() {
    let stage = Stage::listening_at(ContentDb).await.fault("AZ-11");
    let proof = stage.log_in().await;
    proof.ends_as(EndReason::Cancelled).without_request("token");
    proof.fired("AZ-11").leaks_nothing().next_login_works().await;
}

/// Proves: V-07 by AZ-12:empty.
#[tokio::test]
async fn an_empty_code_is_refused() {
    refuses_the_callback(Chattz, "AZ-12:empty", "code_empty").await;
}

/// Proves: V-07 by AZ-12:whitespace.
#[tokio::test]
async fn a_code_of_spaces_is_refused() {
    refuses_the_callback(Chattr, "AZ-12:whitespace", "code_empty").await;
}

/// Proves: V-06 by AZ-12:missing.
#[tokio::test]
async fn a_callback_with_the_state_and_nothing_else_is_refused() {
    refuses_the_callback(Chattz, "AZ-12:missing", "neither_code_nor_error").await;
}

/// Proves: V-02 by AZ-13:right_wrong.
#[tokio::test]
async fn the_right_code_before_a_wrong_one_is_refused() {
    refuses_the_callback(Chattz, "AZ-13:right_wrong", "parameter_twice").await;
}

/// Proves: V-02 by AZ-13:wrong_right.
#[tokio::test]
async fn the_right_code_after_a_wrong_one_is_refused() {
    refuses_the_callback(Chattz, "AZ-13:wrong_right", "parameter_twice").await;
}

/// Proves: V-02 by AZ-13:same.
#[tokio::test]
async fn the_right_code_twice_is_refused() {
    refuses_the_callback(Chattz, "AZ-13:same", "parameter_twice").await;
}

/// Proves: V-06 by AZ-14.
#[tokio::test]
async fn a_code_beside_an_error_is_refused() {
    refuses_the_callback(Chattz, "AZ-14", "code_and_error").await;
}

/// Proves: V-06 by AZ-15.
#[tokio::test]
async fn a_code_behind_the_hash_is_reported_and_not_used() {
    refuses_the_callback(Chattz, "AZ-15", "in_fragment").await;
}

/// Proves: V-03 by AZ-16:access_token.
#[tokio::test]
async fn an_access_token_in_a_callback_is_refused_and_kept_out_of_every_record() {
    refuses_the_callback(Chattz, "AZ-16:access_token", "parameter_foreign").await;
}

/// Proves: V-03 by AZ-16:id_token.
#[tokio::test]
async fn an_id_token_in_a_callback_is_refused_and_kept_out_of_every_record() {
    refuses_the_callback(Chaster, "AZ-16:id_token", "parameter_foreign").await;
}

/// Proves: V-07 by AZ-20:8_kib.
#[tokio::test]
async fn a_code_of_8_kib_is_taken() {
    outlives(Gitter, "AZ-20:8_kib", &[]).await;
}

/// Proves: V-07 by AZ-20:100_kib.
#[tokio::test]
async fn a_code_of_100_kib_is_refused() {
    refuses_the_callback(Gitter, "AZ-20:100_kib", "code_malformed").await;
}

/// Proves: V-07 by AZ-20:non_ascii.
#[tokio::test]
async fn a_code_beyond_ascii_is_refused() {
    refuses_the_callback(Gitter, "AZ-20:non_ascii", "code_malformed").await;
}

/// Proves: V-07 by AZ-20:bad_percent.
#[tokio::test]
async fn a_code_with_a_broken_percent_encoding_is_refused() {
    refuses_the_callback(Gitter, "AZ-20:bad_percent", "code_malformed").await;
}

/// Proves: V-07 by AZ-20:bad_utf8.
#[tokio::test]
async fn a_code_that_is_no_utf8_is_refused() {
    refuses_the_callback(Gitter, "AZ-20:bad_utf8", "code_malformed").await;
}

/// Proves: V-03 by AZ-22:extra.
#[tokio::test]
async fn a_parameter_that_nobody_knows_is_passed_over() {
    outlives(Chattz, "AZ-22:extra", &[]).await;
}

/// Proves: V-03 by AZ-22:jarm.
#[tokio::test]
async fn a_signed_response_is_refused_as_unsupported() {
    refuses_the_callback(Chattz, "AZ-22:jarm", "jarm_unsupported").await;
}
