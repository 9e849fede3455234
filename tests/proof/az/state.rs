//! A callback's state.

use std::sync::Arc;

use gatewright_model::dialect::Presence;
use gatewright_model::run::{EndReason, StepKind};
use gatewright_sandbox::Twin::{Chaster, Chattz, Gitter};
use tokio::sync::Barrier;

use crate::browser::Browser;
use crate::person::LoginView;
use crate::proof::{refuses_the_callback, stays_open_after};
use crate::stage::Stage;

/// Proves: V-04 by AZ-01.
#[tokio::test]
async fn a_callback_without_its_state_is_refused() {
    refuses_the_callback(Chattz, "AZ-01", "state_missing").await;
}

/// Proves: V-04 by AZ-01.
#[tokio::test]
async fn a_callback_without_its_state_does_not_end_a_login_that_listens() {
    stays_open_after(Chattz, "AZ-01").await;
}

/// Proves: V-04 by AZ-02.
#[tokio::test]
async fn a_callback_with_a_state_that_was_never_sent_is_refused() {
    refuses_the_callback(Chaster, "AZ-02", "state_mismatch").await;
}

/// Proves: V-04 by AZ-02.
#[tokio::test]
async fn a_stranger_cannot_end_a_login_that_listens() {
    let mut stage = Stage::listening_at(Chaster).await.fault_once("AZ-02");
    stage.tries = 2;
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("token", 1).fired("AZ-02").leaks_nothing();
    let told = &proof.step(StepKind::Callback).sentence;
    assert!(told.contains("1 callback with a foreign state was ignored"), "{told}");
}

/// Proves: V-02 by AZ-03:right_wrong.
#[tokio::test]
async fn the_right_state_before_a_wrong_one_is_refused() {
    refuses_the_callback(Chattz, "AZ-03:right_wrong", "parameter_twice").await;
}

/// Proves: V-02 by AZ-03:wrong_right.
#[tokio::test]
async fn the_right_state_after_a_wrong_one_is_refused() {
    refuses_the_callback(Chattz, "AZ-03:wrong_right", "parameter_twice").await;
}

/// Proves: V-02 by AZ-03:same.
#[tokio::test]
async fn the_right_state_twice_is_refused() {
    refuses_the_callback(Chattz, "AZ-03:same", "parameter_twice").await;
}

/// Proves: V-04 by AZ-04:case.
#[tokio::test]
async fn a_state_in_other_letter_case_is_refused() {
    refuses_the_callback(Gitter, "AZ-04:case", "state_mismatch").await;
}

/// Proves: V-04 by AZ-04:truncated.
#[tokio::test]
async fn the_beginning_of_a_state_is_refused() {
    refuses_the_callback(Gitter, "AZ-04:truncated", "state_mismatch").await;
}

/// Proves: V-04 by AZ-04:trailing_space.
#[tokio::test]
async fn a_state_with_a_space_behind_it_is_refused() {
    refuses_the_callback(Gitter, "AZ-04:trailing_space", "state_mismatch").await;
}

/// Proves: V-04 by AZ-04:encoded_twice.
#[tokio::test]
async fn a_state_that_was_encoded_twice_is_refused() {
    refuses_the_callback(Gitter, "AZ-04:encoded_twice", "state_mismatch").await;
}

/// Proves: V-04 by AZ-05.
#[tokio::test]
async fn the_state_of_an_earlier_login_is_refused_as_spent() {
    let stage = Stage::at(Chattz).await.fault("AZ-05");
    stage.log_in().await.logs_in();
    let proof = stage.log_in().await;
    proof.ends_with("state_spent").ends_as(EndReason::CallbackRejected).without_request("token");
    proof.fired("AZ-05").leaks_nothing().next_login_works().await;
}

/// There is nothing to compare it with, so it counts for nothing.
///
/// Proves: V-04 by AZ-38.
#[tokio::test]
async fn a_state_that_nobody_sent_is_told() {
    let mut stage = Stage::at(Chattz).await.fault("AZ-38");
    stage.plan.provider.dialect.authorization.state.value = Presence::Absent;
    stage.outlives("AZ-38", &["state_unasked"]).await;
}

/// Proves: V-04 by AZ-06.
#[tokio::test]
async fn two_logins_that_get_each_others_state_are_both_refused() {
    let stage = Stage::at(Chattz).await.fault("AZ-06");
    let both_are_there = Arc::new(Barrier::new(2));
    let view = || Arc::new(LoginView(Arc::new(Browser::of("olivia", &stage.secrets).meeting_at(&both_are_there))));
    let (one, other) = tokio::join!(stage.log_in_through(view()), stage.log_in_through(view()));
    for proof in [one.with_everything_since(), other.with_everything_since()] {
        proof.ends_with("state_mismatch").ends_as(EndReason::CallbackRejected).without_request("token");
        proof.fired("AZ-06").leaks_nothing();
    }
    stage.sandbox.clear_faults();
    stage.log_in().await.logs_in();
}
