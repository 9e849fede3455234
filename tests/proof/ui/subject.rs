//! Who it is: the subject of a userinfo answer against the one of the ID token.

use gatewright_engine::grant::UserinfoOutcome;
use gatewright_model::run::EndReason::IdentityMalformed;
use gatewright_sandbox::Twin::{Chaster, Chattz, ContentDb, Gitter};

use crate::openid::refuses_the_identity;
use crate::stage::Stage;

/// Proves: V-22 by UI-01.
#[tokio::test]
async fn another_person_than_in_the_id_token_is_refused() {
    refuses_the_identity(Chaster, "UI-01", IdentityMalformed, &["userinfo_subject_mismatch"]).await;
}

/// Proves: V-22 by UI-02.
#[tokio::test]
async fn nobody_in_a_userinfo_answer_is_refused() {
    refuses_the_identity(Chaster, "UI-02", IdentityMalformed, &["userinfo_subject_missing"]).await;
}

/// Proves: V-22 by UI-02.
#[tokio::test]
async fn nobody_at_chattz_is_refused() {
    refuses_the_identity(Chattz, "UI-02", IdentityMalformed, &["subject_missing"]).await;
}

/// Proves: V-22 by UI-02.
#[tokio::test]
async fn nobody_at_gitter_is_refused() {
    refuses_the_identity(Gitter, "UI-02", IdentityMalformed, &["subject_missing"]).await;
}

/// Proves: V-22 by UI-02.
#[tokio::test]
async fn nobody_at_contentdb_is_refused() {
    refuses_the_identity(ContentDb, "UI-02", IdentityMalformed, &["subject_missing"]).await;
}

/// Proves: V-22 by UI-07:one.
#[tokio::test]
async fn a_list_of_persons_is_no_userinfo_answer() {
    refuses_the_identity(Chaster, "UI-07:one", IdentityMalformed, &["answer_not_an_object"]).await;
}

/// Proves: V-22 by UI-07:one.
#[tokio::test]
async fn a_list_with_one_person_is_that_person_where_lists_are_the_custom() {
    let stage = Stage::at(Gitter).await.fault("UI-07:one");
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("identity", 1).fired("UI-07:one").leaks_nothing();
    assert_eq!(proof.subject(), proof.next_login_works().await.subject());
}

/// Proves: V-22 by UI-07:two.
#[tokio::test]
async fn a_list_with_two_persons_is_nobody() {
    refuses_the_identity(Gitter, "UI-07:two", IdentityMalformed, &["not_one_person"]).await;
}

/// Proves: V-22 by UI-07:none.
#[tokio::test]
async fn an_empty_list_is_nobody() {
    refuses_the_identity(Gitter, "UI-07:none", IdentityMalformed, &["not_one_person"]).await;
}

/// Proves: V-22 by UI-11.
#[tokio::test]
async fn a_subject_that_is_another_at_each_call_is_refused() {
    refuses_the_identity(Chaster, "UI-11", IdentityMalformed, &["userinfo_subject_mismatch"]).await;
}

/// Proves: V-22 by UI-11.
#[tokio::test]
async fn a_subject_that_changes_after_the_login_is_refused() {
    let stage = Stage::at(Chaster).await;
    let tokens = stage.log_in().await.logs_in().tokens();
    let asked = tokens.fault("UI-11").userinfo().await;
    assert_eq!(asked.end.outcome, UserinfoOutcome::Rejected);
    asked.finds(&["userinfo_subject_mismatch"]).requests_of("identity", 1).fired("UI-11").leaks_nothing();
}

/// Proves: V-22 by UI-12:number.
#[tokio::test]
async fn a_subject_that_is_a_number_is_no_subject_of_openid_connect() {
    refuses_the_identity(Chaster, "UI-12:number", IdentityMalformed, &["userinfo_subject_malformed"]).await;
}

/// Proves: V-22 by UI-12:text.
#[tokio::test]
async fn a_subject_of_digits_is_compared_as_text() {
    refuses_the_identity(Chaster, "UI-12:text", IdentityMalformed, &["userinfo_subject_mismatch"]).await;
}

/// Proves: V-22 by UI-12:large.
#[tokio::test]
async fn a_subject_beyond_two_to_the_53rd_is_no_subject_of_openid_connect() {
    refuses_the_identity(Chaster, "UI-12:large", IdentityMalformed, &["userinfo_subject_malformed"]).await;
}

/// Proves: V-22 by UI-12:number.
#[tokio::test]
async fn an_identifier_that_is_a_number_is_kept_as_written() {
    is_kept_as_written("UI-12:number", "42").await;
}

/// Proves: V-22 by UI-12:text.
#[tokio::test]
async fn an_identifier_that_is_a_text_of_digits_is_kept_as_written() {
    is_kept_as_written("UI-12:text", "42").await;
}

/// A reader that knows floating point only would take it for 9007199254740992.
///
/// Proves: V-22 by UI-12:large.
#[tokio::test]
async fn an_identifier_beyond_two_to_the_53rd_is_kept_digit_by_digit() {
    is_kept_as_written("UI-12:large", "9007199254740993").await;
}

async fn is_kept_as_written(fault: &str, subject: &str) {
    let stage = Stage::at(Chattz).await.fault(fault);
    let proof = stage.log_in().await;
    proof.logs_in().fired(fault).leaks_nothing();
    assert_eq!(proof.subject(), subject);
}
