//! A login that was started for one person, and an access token that was one person's, at a server that says it was another.

use gatewright_engine::grant::UserinfoOutcome;
use gatewright_engine::login::ExpectedPerson;
use gatewright_model::Outcome;
use gatewright_model::run::EndReason::WrongPerson;
use gatewright_model::run::{StepKind, StepStatus};
use gatewright_sandbox::Twin::{self, Chattz, ContentDb, Gitter};

use crate::rf::without_openid;
use crate::stage::Stage;

/// The person is who she should be until the server makes somebody else of her.
async fn is_told_apart(twin: Twin) {
    let mut stage = Stage::at(twin).await;
    let subject = stage.log_in().await.logs_in().subject().to_owned();
    stage.plan.expected_person = Some(ExpectedPerson { name: "Olivia".to_owned(), subject: subject.clone() });
    stage.log_in().await.logs_in();
    let stage = stage.fault("UI-11");
    let proof = stage.log_in().await;
    proof.ends_as(WrongPerson).requests_of("identity", 1).fired("UI-11").leaks_nothing();
    assert_eq!(proof.findings().last(), Some(&"wrong_person"));
    assert_ne!(proof.subject(), subject, "who it was is shown");
    assert_eq!(proof.next_login_works().await.subject(), subject);
}

/// Nobody was meant, and no ID token says who it has to be: who it was at the login is still known.
async fn is_told_after_the_login(twin: Twin) {
    let stage = Stage::at(twin).await;
    let tokens = stage.log_in().await.logs_in().tokens();
    tokens.userinfo().await.finds(&[]);
    let tokens = tokens.fault("UI-11");
    let asked = tokens.userinfo().await;
    asked.finds(&["identity_changed"]).requests_of("identity", 1).fired("UI-11").leaks_nothing();
    assert_eq!(asked.end.step.status, StepStatus::Warned);
    assert!(matches!(asked.outcome(), UserinfoOutcome::Known(_)), "{:?}", asked.end);
    stage.sandbox.clear_faults();
    tokens.userinfo().await.finds(&[]);
}

/// Somebody was meant and nobody is told, so that it may have been anybody.
///
/// Proves: TU.
#[tokio::test]
async fn a_login_for_somebody_at_a_server_that_names_nobody_leaves_open_who_it_was() {
    let mut stage = without_openid().await;
    stage.plan.expected_person = Some(ExpectedPerson { name: "Olivia".to_owned(), subject: "olivia".to_owned() });
    let proof = stage.log_in().await;
    assert!(matches!(proof.outcome(), Outcome::LoggedIn { .. }), "{:?}", proof.end.outcome);
    assert_eq!(proof.findings_of(StepKind::Identity), ["person_not_told"]);
    assert!(proof.end.identity.is_none());
    proof.requests_of("token", 1).without_request("identity").leaks_nothing();
}

/// Proves: V-22 by UI-11.
#[tokio::test]
async fn another_number_at_chattz_after_the_login_is_told() {
    is_told_after_the_login(Chattz).await;
}

/// Proves: V-22 by UI-11.
#[tokio::test]
async fn another_id_at_gitter_after_the_login_is_told() {
    is_told_after_the_login(Gitter).await;
}

/// Proves: V-22 by UI-11.
#[tokio::test]
async fn another_name_at_contentdb_after_the_login_is_told() {
    is_told_after_the_login(ContentDb).await;
}

/// Proves: TU by UI-11.
#[tokio::test]
async fn another_number_at_chattz_is_another_person() {
    is_told_apart(Chattz).await;
}

/// Proves: TU by UI-11.
#[tokio::test]
async fn another_id_at_gitter_is_another_person() {
    is_told_apart(Gitter).await;
}

/// Proves: TU by UI-11.
#[tokio::test]
async fn another_name_at_contentdb_is_another_person() {
    is_told_apart(ContentDb).await;
}
