//! Claims that are times.

use gatewright_model::run::StepKind;
use gatewright_sandbox::Twin::Chaster;

use crate::openid::refuses_the_id_token;
use crate::proof::outlives;
use crate::stage::Stage;

/// Proves: V-17 by ID-14:missing.
#[tokio::test]
async fn a_token_that_does_not_say_when_it_was_issued_is_refused() {
    refuses_the_id_token("ID-14:missing", &["claim_issued_at"]).await;
}

/// Proves: V-17 by ID-14:text.
#[tokio::test]
async fn a_time_of_issue_written_as_text_is_refused() {
    refuses_the_id_token("ID-14:text", &["claim_issued_at"]).await;
}

/// Proves: V-17 by ID-14:future.
#[tokio::test]
async fn a_token_issued_in_ten_minutes_is_refused() {
    refuses_the_id_token("ID-14:future", &["claim_issued_at"]).await;
}

/// Proves: V-17 by ID-14:week_old.
#[tokio::test]
async fn a_token_issued_a_week_ago_is_refused() {
    refuses_the_id_token("ID-14:week_old", &["claim_issued_at"]).await;
}

/// Proves: V-17 by ID-15:six_minutes_ago.
#[tokio::test]
async fn a_token_that_expired_six_minutes_ago_is_refused() {
    refuses_the_id_token("ID-15:six_minutes_ago", &["claim_expiry"]).await;
}

/// Proves: V-17 by ID-15:missing.
#[tokio::test]
async fn a_token_without_an_expiry_is_refused() {
    refuses_the_id_token("ID-15:missing", &["claim_expiry"]).await;
}

/// Proves: V-17 by ID-15:text.
#[tokio::test]
async fn an_expiry_written_as_text_is_refused() {
    refuses_the_id_token("ID-15:text", &["claim_expiry"]).await;
}

/// Proves: V-17 by ID-15:huge.
#[tokio::test]
async fn an_expiry_of_1e308_is_refused() {
    refuses_the_id_token("ID-15:huge", &["claim_expiry"]).await;
}

/// Proves: V-17 by ID-15:milliseconds.
#[tokio::test]
async fn an_expiry_in_milliseconds_is_refused_and_told_as_such() {
    refuses_the_id_token("ID-15:milliseconds", &["claim_in_milliseconds"]).await;
}

/// Proves: V-17 by ID-15:twenty_seconds_ago.
#[tokio::test]
async fn a_token_that_expired_twenty_seconds_ago_is_taken() {
    outlives(Chaster, "ID-15:twenty_seconds_ago", &[]).await;
}

/// Whoever finds such a token has a month for it. It is told, and the login is as good as any.
///
/// Proves: V-17 by ID-31.
#[tokio::test]
async fn a_token_that_is_good_for_a_month_is_told() {
    outlives(Chaster, "ID-31", &["claim_lifetime_long"]).await;
}

/// Proves: V-17 by ID-16:ten_minutes.
#[tokio::test]
async fn a_token_that_is_valid_in_ten_minutes_is_refused() {
    refuses_the_id_token("ID-16:ten_minutes", &["claim_not_before"]).await;
}

/// Proves: V-17 by ID-16:twenty_seconds.
#[tokio::test]
async fn a_token_that_is_valid_in_twenty_seconds_is_taken() {
    outlives(Chaster, "ID-16:twenty_seconds", &[]).await;
}

/// Proves: V-20 by ID-20:missing.
#[tokio::test]
async fn a_token_that_does_not_say_when_the_person_signed_in_is_refused_with_max_age() {
    let mut stage = Stage::at(Chaster).await.fault("ID-20:missing");
    stage.plan.settings.max_age = Some(3600);
    stage.refuses_the_id_token("ID-20:missing", &["claim_authentication_time"]).await;
}

/// Proves: V-20 by ID-20:too_old.
#[tokio::test]
async fn a_sign_in_of_yesterday_is_refused_with_a_max_age_of_an_hour() {
    let mut stage = Stage::at(Chaster).await.fault("ID-20:too_old");
    stage.plan.settings.max_age = Some(3600);
    stage.refuses_the_id_token("ID-20:too_old", &["claim_authentication_time"]).await;
}

/// Proves: V-20 by ID-20:missing.
#[tokio::test]
async fn nobody_needs_to_say_when_the_person_signed_in_without_max_age() {
    outlives(Chaster, "ID-20:missing", &[]).await;
}

/// Six minutes ago it expired, and the claim says so in expected against received (V-25).
///
/// Proves: V-25 by ID-15:six_minutes_ago.
#[tokio::test]
async fn a_refused_time_is_told_with_the_rule_and_the_time_itself() {
    let stage = Stage::at(Chaster).await.fault("ID-15:six_minutes_ago");
    let proof = stage.log_in().await;
    let finding = &proof.refuses_the_id_token(&["claim_expiry"]).step(StepKind::IdToken).findings[0];
    assert_eq!((&*finding.field, &*finding.expected.to_plain()), ("exp", "a time after now"));
    assert!(finding.received.to_plain().ends_with("which is 360 s ago"), "{finding:?}");
    proof.fired("ID-15:six_minutes_ago").leaks_nothing().next_login_works().await;
}
