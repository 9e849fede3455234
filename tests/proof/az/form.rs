//! A callback that comes as a form, to a login that asked for one (OAuth 2.0 Form Post Response Mode) and to one that did not.

use std::pin::Pin;

use gatewright_model::run::EndReason;
use gatewright_model::{Mark, Statement};
use gatewright_protocol::authorization::ResponseMode;
use gatewright_sandbox::Twin::{self, Chaster, Chattz};

use super::delivery::{callbacks, statuses_at_the_listener};
use crate::stage::Stage;

/// Proves: V-01 by AZ-25:valid.
#[tokio::test]
async fn a_form_that_was_asked_for_brings_the_code() {
    let stage = asking_for_a_form("AZ-25:valid").await;
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("token", 1).fired("AZ-25:valid").leaks_nothing();
    assert_eq!(callbacks(&stage), [303]);
}

/// Proves: V-06 by AZ-25:error.
#[tokio::test]
async fn an_error_in_a_form_that_was_asked_for_is_the_persons_refusal() {
    let stage = asking_for_a_form("AZ-25:error").await;
    let proof = stage.log_in().await;
    proof.ends_as(EndReason::Denied).without_request("token").fired("AZ-25:error").leaks_nothing();
    drop(proof);
    works_again(stage).await;
}

/// Chaster names its issuer in every callback, in an error as well.
///
/// Proves: V-05 by AZ-25:error.
#[tokio::test]
async fn an_error_in_a_form_that_names_its_issuer_is_the_persons_refusal() {
    let stage = asking_for_a_form_at(Chaster, "AZ-25:error").await;
    let proof = stage.log_in().await;
    proof.ends_as(EndReason::Denied).without_request("token").fired("AZ-25:error").leaks_nothing();
    assert_eq!(proof.findings(), [""; 0]);
    drop(proof);
    works_again(stage).await;
}

/// Proves: V-01 by AZ-25:code_in_query_too.
#[tokio::test]
async fn a_form_with_a_code_in_the_address_too_is_refused() {
    refuses_the_form("AZ-25:code_in_query_too", "in_query").await;
}

/// Proves: V-02 by AZ-25:duplicates.
#[tokio::test]
async fn a_form_with_everything_twice_is_refused() {
    refuses_the_form("AZ-25:duplicates", "parameter_twice").await;
}

/// Proves: V-01 by AZ-25:wrong_content_type.
#[tokio::test]
async fn a_form_labelled_as_something_else_does_not_reach_the_login() {
    let stage = asking_for_a_form("AZ-25:wrong_content_type").await;
    let proof = stage.log_in().await;
    proof.ends_as(EndReason::TimedOut).without_request("token").fired("AZ-25:wrong_content_type").leaks_nothing();
    assert_eq!(callbacks(&stage), [415]);
    drop(proof);
    works_again(stage).await;
}

/// Proves: V-01 by AZ-25:huge_body.
#[tokio::test]
async fn a_form_of_a_megabyte_does_not_reach_the_login() {
    let stage = asking_for_a_form("AZ-25:huge_body").await;
    let proof = stage.log_in().await;
    proof.ends_as(EndReason::TimedOut).without_request("token").fired("AZ-25:huge_body").leaks_nothing();
    assert_eq!(callbacks(&stage), [413]);
    drop(proof);
    works_again(stage).await;
}

/// Proves: V-01 by AZ-25:valid.
#[tokio::test]
async fn a_form_that_nobody_asked_for_is_turned_away() {
    assert_eq!(statuses_at_the_listener("AZ-25:valid").await, [405]);
}

/// Proves: V-01 by AZ-25:error.
#[tokio::test]
async fn an_error_in_a_form_that_nobody_asked_for_is_turned_away() {
    assert_eq!(statuses_at_the_listener("AZ-25:error").await, [405]);
}

/// A provider whose profile says that callbacks come as forms.
async fn asking_for_a_form(fault: &str) -> Stage {
    asking_for_a_form_at(Chattz, fault).await
}

/// The same at this twin.
async fn asking_for_a_form_at(twin: Twin, fault: &str) -> Stage {
    asking(Stage::listening_at(twin).await.fault(fault))
}

/// The same stage, whose provider's profile says that callbacks come as forms.
pub(super) fn asking(mut stage: Stage) -> Stage {
    let mode = Statement { value: ResponseMode::FormPost, mark: Mark::Documented, place: None, note: None };
    stage.plan.provider.dialect.authorization.response_mode = Some(mode);
    stage
}

/// The form belongs to the login and is wrong: the login ends with this code.
async fn refuses_the_form(fault: &str, code: &str) {
    let stage = asking_for_a_form(fault).await;
    let proof = stage.log_in().await;
    proof.ends_with(code).ends_as(EndReason::CallbackRejected).without_request("token").fired(fault).leaks_nothing();
    drop(proof);
    works_again(stage).await;
}

/// Once the fault is over, the app logs in. It asks for no form then: the twins post one only when they misbehave.
pub(crate) fn works_again(stage: Stage) -> Pin<Box<dyn Future<Output = ()>>> {
    stage.works_with(|plan| plan.provider.dialect.authorization.response_mode = None)
}
