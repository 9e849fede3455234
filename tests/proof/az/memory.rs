//! What a server remembers of codes, consent and people, and what it forgets or mistakes.

use std::sync::Arc;

use gatewright_engine::login::ExpectedPerson;
use gatewright_model::run::EndReason::WrongPerson;
use gatewright_sandbox::Twin::{self, Chaster, Chattr, Chattz, ContentDb};

use crate::browser::Browser;
use crate::stage::Stage;

/// Proves: V-08 by AZ-34.
#[tokio::test]
async fn a_code_that_never_expires_is_sent_once_all_the_same() {
    let stage = Stage::at(Chattz).await.fault("AZ-34");
    stage.log_in().await.logs_in().requests_of("token", 1).fired("AZ-34").leaks_nothing();
}

/// Proves: V-04 by AZ-35.
#[tokio::test]
async fn somebody_who_is_asked_for_consent_again_comes_back_to_this_login() {
    let stage = Stage::at(Chaster).await;
    stage.log_in().await.logs_in();
    let stage = stage.fault("AZ-35");
    stage.log_in().await.logs_in().requests_of("token", 1).fired("AZ-35").leaks_nothing();
}

/// Proves: V-04 by AZ-36.
#[tokio::test]
async fn somebody_who_has_to_sign_in_again_comes_back_to_this_login() {
    let stage = Stage::at(ContentDb).await;
    stage.log_in().await.logs_in();
    let stage = stage.fault_once("AZ-36");
    stage.log_in().await.logs_in().requests_of("token", 1).fired("AZ-36").leaks_nothing();
}

/// A person whose code stands for the app's owner.
async fn is_told_from_the_owner(twin: Twin) {
    let mut stage = Stage::at(twin).await;
    stage.browser = Arc::new(Browser::of("theo", &stage.secrets));
    let subject = stage.log_in().await.logs_in().subject().to_owned();
    stage.plan.expected_person = Some(ExpectedPerson { name: "Theo".to_owned(), subject: subject.clone() });
    let stage = stage.fault("AZ-37");
    let proof = stage.log_in().await;
    proof.ends_as(WrongPerson).requests_of("token", 1).fired("AZ-37").leaks_nothing();
    assert_ne!(proof.subject(), subject, "who it was is shown");
    assert_eq!(proof.next_login_works().await.subject(), subject);
}

/// Proves: TU by AZ-37.
#[tokio::test]
async fn the_owner_in_chattrs_token_answer_is_another_person() {
    is_told_from_the_owner(Chattr).await;
}

/// Proves: TU by AZ-37.
#[tokio::test]
async fn the_owner_in_chasters_id_token_is_another_person() {
    is_told_from_the_owner(Chaster).await;
}

/// Proves: TU by AZ-37.
#[tokio::test]
async fn the_owner_of_contentdbs_token_is_another_person() {
    is_told_from_the_owner(ContentDb).await;
}
