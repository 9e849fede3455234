//! Logins that are started for one person: another one is told, and ends the login.

use gatewright_engine::login::ExpectedPerson;
use gatewright_model::dialect::IdentitySource;
use gatewright_model::run::{EndReason, Outcome, StepKind, StepStatus};
use gatewright_model::{Redacted, run::Browser};
use gatewright_testkit::Answer;

use crate::stage::*;

fn tester_a(subject: &str) -> ExpectedPerson {
    ExpectedPerson { name: "Tester A".to_owned(), subject: subject.to_owned() }
}

/// A login at Chattz, whose person is 123, that was started for somebody.
async fn meant_for(subject: &str, browser: Browser) -> Walked {
    let mut stage = Stage::at("chattz", chattz).await;
    stage.plan.expected_person = Some(tester_a(subject));
    stage.plan.browser = browser;
    stage.walk(comes_back_with("?code=splendid&state={state}")).await
}

/// Proves: TU.
#[tokio::test]
async fn somebody_else_than_was_meant_ends_the_login_and_is_named() {
    let walked = meant_for("42", Browser::Embedded).await;
    let ending = walked.ending();
    assert_eq!(ending.reason, EndReason::WrongPerson);
    assert_eq!(ending.sentence, "You meant to log in as Tester A (42), but Chattz said 123.");
    assert_eq!(
        ending.next,
        "Log out at Chattz in the login window, or forget what the login window kept of Tester A; then log in again as Tester A."
    );
    let step = walked.step(StepKind::Identity);
    assert_eq!((step.status, &step.sentence), (StepStatus::Failed, &ending.sentence));
    let [finding] = step.findings.as_slice() else { panic!("{:?}", step.findings) };
    assert_eq!((finding.code.as_str(), finding.field.as_str()), ("wrong_person", "id"));
    assert_eq!((&finding.expected, &finding.received), (&Redacted::text("42"), &Redacted::text("123")));
}

/// Proves: TU.
#[tokio::test]
async fn who_it_was_is_shown_and_their_token_is_kept_as_after_any_bad_end() {
    let walked = meant_for("42", Browser::Embedded).await;
    assert_eq!(walked.subject(), "123");
    assert_eq!(walked.end.identity.as_ref().unwrap().display_name.as_deref(), Some("ada"));
    assert_eq!(walked.end.to_seal.len(), 1, "it can be revoked by whoever knows how");
}

/// Proves: TU.
#[tokio::test]
async fn the_person_who_was_meant_logs_in_without_a_word_more() {
    let walked = meant_for("123", Browser::Embedded).await;
    assert_eq!(walked.end.outcome, Outcome::LoggedIn { findings: 0 });
    assert_eq!(walked.step(StepKind::Identity).sentence, "id = 123");
}

/// Proves: TU.
#[tokio::test]
async fn subjects_are_compared_letter_by_letter() {
    for other in ["0123", "12", "1234", "123 ", "１２３", ""] {
        assert_eq!(meant_for(other, Browser::Embedded).await.ending().reason, EndReason::WrongPerson, "{other:?}");
    }
}

#[tokio::test]
async fn a_browser_of_the_persons_own_is_logged_out_there() {
    let next = &meant_for("42", Browser::System).await.ending().next.clone();
    assert_eq!(next, "Log out at Chattz in your browser, then log in again as Tester A.");
}

/// Proves: TU.
#[tokio::test]
async fn an_identity_without_a_token_is_compared_as_well() {
    let identity = r#"{"chattr_user_id":43,"nickname":"theo","name":"Theo T."}"#;
    let mut stage = Stage::at("chattr", move |_| Answer::json(200, identity)).await;
    stage.plan.expected_person = Some(tester_a("42"));
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    assert_eq!(walked.ending().sentence, "You meant to log in as Tester A (42), but Chattr said 43.");
}

/// Proves: TU.
#[tokio::test]
async fn a_provider_that_does_not_say_who_it_was_leaves_that_open() {
    let mut stage = Stage::at("chattz", chattz).await;
    stage.plan.provider.dialect.identity.source.value = IdentitySource::Nowhere;
    let silent = stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    assert_eq!(silent.end.outcome, Outcome::LoggedIn { findings: 0 }, "nobody was meant, so nobody is missed");

    stage.plan.expected_person = Some(tester_a("42"));
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    assert_eq!(walked.findings(), ["person_not_told"]);
    assert_eq!(walked.end.outcome, Outcome::LoggedIn { findings: 1 });
    let step = walked.step(StepKind::Identity);
    assert_eq!(step.status, StepStatus::Warned);
    assert_eq!(step.sentence, "Whether it was Tester A is not known: Chattz does not say who logged in.");
}

/// Proves: TU.
#[tokio::test]
async fn a_token_in_the_place_of_a_subject_is_shown_as_a_reference() {
    let repeating = |request: &gatewright_testkit::ReceivedRequest| match request.target.as_str() {
        "/chattz/oauth/userinfo" => Answer::json(200, serde_json::json!({ "id": token().as_str() }).to_string()),
        _ => chattz(request),
    };
    let mut stage = Stage::at("chattz", repeating).await;
    stage.plan.expected_person = Some(tester_a("42"));
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    assert_eq!(walked.ending().reason, EndReason::WrongPerson);
    assert!(!walked.record().contains(token().as_str()), "{}", walked.ending().sentence);
}
