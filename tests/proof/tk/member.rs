//! The members of a token answer.

use gatewright_model::run::EndReason::{IdTokenRejected, IdentityRefused, TokenMalformed};
use gatewright_sandbox::Twin::{Chaster, Chattz, ContentDb};

use crate::proof::{outlives, refuses_the_tokens};
use crate::stage::Stage;

/// Proves: V-09 by TK-10:different.
#[tokio::test]
async fn two_different_access_tokens_are_refused() {
    refuses_the_tokens(Chattz, "TK-10:different", "member_twice", TokenMalformed).await;
}

/// Proves: V-09 by TK-10:same.
#[tokio::test]
async fn the_same_access_token_twice_is_refused() {
    refuses_the_tokens(Chattz, "TK-10:same", "member_twice", TokenMalformed).await;
}

/// Proves: V-11 by TK-15:missing.
#[tokio::test]
async fn an_answer_without_an_access_token_is_refused() {
    refuses_the_tokens(Chattz, "TK-15:missing", "access_token_missing", TokenMalformed).await;
}

/// Proves: V-11 by TK-15:empty.
#[tokio::test]
async fn an_empty_access_token_is_refused() {
    refuses_the_tokens(Chattz, "TK-15:empty", "access_token_missing", TokenMalformed).await;
}

/// Proves: V-11 by TK-15:number.
#[tokio::test]
async fn an_access_token_that_is_a_number_is_refused() {
    refuses_the_tokens(Chattz, "TK-15:number", "access_token_missing", TokenMalformed).await;
}

/// Proves: V-11 by TK-15:object.
#[tokio::test]
async fn an_access_token_that_is_an_object_is_refused() {
    refuses_the_tokens(Chattz, "TK-15:object", "access_token_missing", TokenMalformed).await;
}

/// Proves: V-11 by TK-15:null.
#[tokio::test]
async fn an_access_token_that_is_null_is_refused() {
    refuses_the_tokens(Chattz, "TK-15:null", "access_token_missing", TokenMalformed).await;
}

/// Proves: V-11 by TK-16:missing.
#[tokio::test]
async fn a_missing_token_type_is_told() {
    outlives(Chattz, "TK-16:missing", &["token_type_missing"]).await;
}

/// Proves: V-11 by TK-16:unknown.
#[tokio::test]
async fn an_unknown_token_type_is_refused() {
    refuses_the_tokens(Chattz, "TK-16:unknown", "token_type_unknown", TokenMalformed).await;
}

/// Proves: V-11 by TK-16:number.
#[tokio::test]
async fn a_token_type_that_is_a_number_is_refused() {
    refuses_the_tokens(Chattz, "TK-16:number", "token_type_unknown", TokenMalformed).await;
}

/// Proves: V-11 by TK-16:upper_case.
#[tokio::test]
async fn a_token_type_in_capitals_is_taken() {
    outlives(Chattz, "TK-16:upper_case", &[]).await;
}

/// Proves: V-11 by TK-16:mixed_case.
#[tokio::test]
async fn a_token_type_in_mixed_letter_case_is_taken() {
    outlives(Chattz, "TK-16:mixed_case", &[]).await;
}

/// Proves: V-11 by TK-17:missing.
#[tokio::test]
async fn a_missing_lifetime_is_told() {
    outlives(Chaster, "TK-17:missing", &["token_never_expires"]).await;
}

/// Proves: V-11 by TK-17:string.
#[tokio::test]
async fn a_lifetime_as_text_is_read_and_told() {
    outlives(Chaster, "TK-17:string", &["lifetime_differs", "lifetime_as_text"]).await;
}

/// Proves: V-11 by TK-17:negative.
#[tokio::test]
async fn a_negative_lifetime_is_ignored_and_told() {
    outlives(Chaster, "TK-17:negative", &["token_never_expires", "lifetime_ignored"]).await;
}

/// Proves: V-11 by TK-17:zero.
#[tokio::test]
async fn a_lifetime_of_zero_is_ignored_and_told() {
    outlives(Chaster, "TK-17:zero", &["token_never_expires", "lifetime_ignored"]).await;
}

/// Proves: V-11 by TK-17:fraction.
#[tokio::test]
async fn a_lifetime_with_a_fraction_is_ignored_and_told() {
    outlives(Chaster, "TK-17:fraction", &["token_never_expires", "lifetime_ignored"]).await;
}

/// Proves: V-11 by TK-17:1e400.
#[tokio::test]
async fn a_lifetime_of_1e400_is_ignored_and_told() {
    outlives(Chaster, "TK-17:1e400", &["token_never_expires", "lifetime_ignored"]).await;
}

/// Proves: V-11 by TK-17:two_to_63.
#[tokio::test]
async fn a_lifetime_of_two_to_the_63rd_is_ignored_and_told() {
    outlives(Chaster, "TK-17:two_to_63", &["token_never_expires", "lifetime_ignored"]).await;
}

/// Proves: V-11 by TK-17:null.
#[tokio::test]
async fn a_lifetime_of_null_is_ignored_and_told() {
    outlives(Chaster, "TK-17:null", &["token_never_expires", "lifetime_ignored"]).await;
}

/// Proves: V-11 by TK-18:missing.
#[tokio::test]
async fn a_missing_scope_means_the_scope_that_was_asked() {
    outlives(Chaster, "TK-18:missing", &[]).await;
}

/// Proves: V-11 by TK-18:commas.
#[tokio::test]
async fn a_scope_with_commas_is_read_and_what_is_missing_told() {
    outlives(Chaster, "TK-18:commas", &["scope_differs"]).await;
}

/// Proves: V-11 by TK-18:array.
#[tokio::test]
async fn a_scope_that_is_a_list_is_ignored_and_told() {
    outlives(Chaster, "TK-18:array", &["scope_not_text"]).await;
}

/// Proves: V-11 by TK-18:number.
#[tokio::test]
async fn a_scope_that_is_a_number_is_ignored_and_told() {
    outlives(Chaster, "TK-18:number", &["scope_not_text"]).await;
}

/// Proves: V-11 by TK-19:empty.
#[tokio::test]
async fn an_empty_refresh_token_is_ignored_and_told() {
    outlives(Chattz, "TK-19:empty", &["token_ignored"]).await;
}

/// Proves: V-11 by TK-19:number.
#[tokio::test]
async fn a_refresh_token_that_is_a_number_is_ignored_and_told() {
    outlives(Chattz, "TK-19:number", &["token_ignored"]).await;
}

/// Proves: V-11 by TK-19:missing.
#[tokio::test]
async fn a_refresh_token_that_was_promised_and_does_not_come_is_told() {
    outlives(Chaster, "TK-19:missing", &["refresh_token_missing"]).await;
}

/// Proves: V-12 by TK-33.
#[tokio::test]
async fn a_missing_id_token_ends_an_openid_login() {
    refuses_the_tokens(Chaster, "TK-33", "id_token_missing", IdTokenRejected).await;
}

/// Proves: V-12 by TK-34.
#[tokio::test]
async fn an_id_token_that_nobody_asked_for_is_told_and_not_used() {
    let mut stage = Stage::at(Chaster).await.fault("TK-34");
    stage.plan.scopes = vec!["profile".to_owned()];
    let proof = stage.log_in().await;
    proof.ends_as(IdentityRefused);
    assert!(proof.findings().contains(&"id_token_unasked"), "{:?}", proof.findings());
    assert!(proof.end.identity.is_none(), "without openid the twin names nobody, and the ID token does not count");
    proof.requests_of("token", 1).fired("TK-34").leaks_nothing();
    drop(proof);
    stage.works_with(|plan| plan.scopes.push("openid".to_owned())).await;
}

/// A profile that says nothing of OpenID Connect gives nothing to judge an ID token by.
///
/// Proves: V-12.
#[tokio::test]
async fn an_id_token_that_nobody_can_judge_is_told_and_not_believed() {
    let mut stage = Stage::at(Chaster).await;
    stage.plan.provider.openid = None;
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("token", 1).without_request("keys").leaks_nothing();
    assert!(proof.findings().contains(&"id_token_unverified"), "{:?}", proof.findings());
}

/// Proves: V-11 by TK-35.
#[tokio::test]
async fn a_person_instead_of_a_token_is_refused_where_tokens_are_the_custom() {
    refuses_the_tokens(Chattz, "TK-35", "access_token_missing", TokenMalformed).await;
}

/// ContentDB says `success: true` beside its tokens; what does not say so is none of its answers.
///
/// Proves: V-09 by TK-35.
#[tokio::test]
async fn an_answer_without_the_sign_of_success_is_refused() {
    refuses_the_tokens(ContentDb, "TK-35", "success_sign_missing", TokenMalformed).await;
}

/// Proves: V-11 by TK-36:carriage_return.
#[tokio::test]
async fn an_access_token_with_a_carriage_return_is_never_put_into_a_header() {
    refuses_the_tokens(Chattz, "TK-36:carriage_return", "access_token_malformed", TokenMalformed).await;
}

/// Proves: V-11 by TK-36:line_feed.
#[tokio::test]
async fn an_access_token_with_a_line_feed_is_never_put_into_a_header() {
    refuses_the_tokens(Chattz, "TK-36:line_feed", "access_token_malformed", TokenMalformed).await;
}

/// Proves: V-11 by TK-36:space.
#[tokio::test]
async fn an_access_token_with_a_space_is_never_put_into_a_header() {
    refuses_the_tokens(Chattz, "TK-36:space", "access_token_malformed", TokenMalformed).await;
}

/// Proves: V-11 by TK-36:non_ascii.
#[tokio::test]
async fn an_access_token_with_a_letter_beyond_ascii_is_never_put_into_a_header() {
    refuses_the_tokens(Chattz, "TK-36:non_ascii", "access_token_malformed", TokenMalformed).await;
}

/// Proves: V-10 by TK-38.
#[tokio::test]
async fn an_access_token_beside_an_error_is_refused() {
    refuses_the_tokens(Chattz, "TK-38", "token_and_error", TokenMalformed).await;
}
