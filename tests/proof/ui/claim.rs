//! Claims that would do harm if they were more than text.

use gatewright_model::run::EndReason::IdentityMalformed;
use gatewright_model::run::StepKind;
use gatewright_sandbox::Twin::{Chaster, Chattz};

use crate::openid::refuses_the_identity;
use crate::stage::Stage;

/// Proves: V-22 by UI-08:html.
#[tokio::test]
async fn markup_in_a_name_is_text() {
    is_shown_as("UI-08:html", "<img src=x onerror=alert(1)><script>alert(2)</script>").await;
}

/// Proves: V-22 by UI-08:formula.
#[tokio::test]
async fn a_formula_in_a_name_is_text() {
    is_shown_as("UI-08:formula", "=HYPERLINK(\"https://attacker.example\",\"Click\")").await;
}

/// Proves: V-22 by UI-08:bidi.
#[tokio::test]
async fn signs_that_turn_the_reading_direction_are_made_visible() {
    is_shown_as("UI-08:bidi", "admin\\u{202e}tset\\u{2066}").await;
}

/// Proves: V-22 by UI-08:ansi.
#[tokio::test]
async fn control_characters_are_made_visible() {
    is_shown_as("UI-08:ansi", "\\u{1b}[2J\\u{1b}]8;;https://attacker.example\\u{7}click\\u{1b}]8;;\\u{7}").await;
}

/// Proves: V-22 by UI-08:javascript_avatar.
#[tokio::test]
async fn the_address_of_a_picture_is_text_and_never_opened() {
    let stage = Stage::at(Chaster).await.fault("UI-08:javascript_avatar");
    let proof = stage.log_in().await;
    proof.logs_in().fired("UI-08:javascript_avatar").leaks_nothing();
    assert_eq!(proof.claim("picture"), Some("javascript:alert(document.domain)"));
}

/// Proves: V-09 by UI-08:megabyte.
#[tokio::test]
async fn an_identity_with_a_name_of_a_megabyte_is_not_read_to_its_end() {
    refuses_the_identity(Chaster, "UI-08:megabyte", IdentityMalformed, &["answer_too_large"]).await;
}

/// Proves: V-09 by UI-08:megabyte.
#[tokio::test]
async fn a_person_with_a_name_of_a_megabyte_is_not_read_to_its_end() {
    refuses_the_identity(Chattz, "UI-08:megabyte", IdentityMalformed, &["answer_too_large"]).await;
}

/// Proves: V-22 by UI-09:aggregated.
#[tokio::test]
async fn claims_of_another_party_that_came_along_are_told_and_not_believed() {
    are_told_and_not_fetched("UI-09:aggregated", "payment_info at a JWT that came along").await;
}

/// Proves: V-22 by UI-09:distributed_loopback.
#[tokio::test]
async fn claims_on_this_computer_are_told_and_not_fetched() {
    are_told_and_not_fetched("UI-09:distributed_loopback", "payment_info at http://127.0.0.1:").await;
}

/// Proves: V-22 by UI-09:distributed_attacker.
#[tokio::test]
async fn claims_at_an_attacker_are_told_and_not_fetched() {
    are_told_and_not_fetched("UI-09:distributed_attacker", "payment_info at http://localhost:").await;
}

async fn is_shown_as(fault: &str, shown: &str) {
    let stage = Stage::at(Chaster).await.fault(fault);
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("identity", 1).spares_the_attacker().fired(fault).leaks_nothing();
    assert_eq!(proof.claim("name"), Some(shown));
}

async fn are_told_and_not_fetched(fault: &str, told: &str) {
    let stage = Stage::at(Chaster).await.fault(fault);
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("identity", 1).spares_the_attacker().fired(fault).leaks_nothing();
    assert_eq!(proof.findings_of(StepKind::Identity), ["claims_elsewhere"]);
    let received = proof.step(StepKind::Identity).findings[0].received.to_plain();
    assert!(received.starts_with(told), "{received}");
    let identity = format!("{:?}", proof.end.identity);
    assert!(!identity.contains("for-the-attacker") && proof.claim("payment_info").is_none(), "{identity}");
    assert!(!proof.next_login_works().await.findings().contains(&"claims_elsewhere"));
}
