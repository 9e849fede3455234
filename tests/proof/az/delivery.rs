//! How a callback is brought: to which address, how often, and in which way.

use std::sync::Arc;

use gatewright_model::run::EndReason;
use gatewright_sandbox::Twin::Chattz;

use crate::browser::{Browser, Seen};
use crate::proof::{outlives, stays_open_after};
use crate::stage::Stage;

/// Proves: V-01 by AZ-21:path.
#[tokio::test]
async fn another_path_is_not_the_redirect_uri() {
    is_no_callback("AZ-21:path").await;
    assert_eq!(statuses_at_the_listener("AZ-21:path").await, [404]);
}

/// Proves: V-01 by AZ-21:trailing_slash.
#[tokio::test]
async fn a_slash_at_the_end_is_not_the_redirect_uri() {
    is_no_callback("AZ-21:trailing_slash").await;
    assert_eq!(statuses_at_the_listener("AZ-21:trailing_slash").await, [404]);
}

/// Proves: V-01 by AZ-21:host.
#[tokio::test]
async fn another_name_of_the_same_host_is_not_the_redirect_uri() {
    is_no_callback("AZ-21:host").await;
    assert_eq!(statuses_at_the_listener("AZ-21:host").await, [421]);
}

/// Proves: V-01 by AZ-21:port.
#[tokio::test]
async fn another_port_is_not_the_redirect_uri() {
    is_no_callback("AZ-21:port").await;
    assert_eq!(statuses_at_the_listener("AZ-21:port").await, [0_u16; 0]);
}

/// Proves: V-01 by AZ-21:scheme.
#[tokio::test]
async fn another_scheme_is_not_the_redirect_uri() {
    is_no_callback("AZ-21:scheme").await;
    assert_eq!(statuses_at_the_listener("AZ-21:scheme").await, [0_u16; 0]);
}

/// Proves: V-01 by AZ-21:userinfo.
#[tokio::test]
async fn an_address_with_a_user_name_is_not_the_redirect_uri() {
    is_no_callback("AZ-21:userinfo").await;
}

/// Proves: V-01 by AZ-30.
#[tokio::test]
async fn an_address_with_a_name_and_a_password_is_not_the_redirect_uri() {
    is_no_callback("AZ-30").await;
}

/// Proves: V-04 by AZ-23:twice.
#[tokio::test]
async fn of_two_equal_callbacks_the_first_counts() {
    the_first_counts("AZ-23:twice").await;
}

/// Proves: V-04 by AZ-23:thrice.
#[tokio::test]
async fn of_three_equal_callbacks_the_first_counts() {
    the_first_counts("AZ-23:thrice").await;
}

/// Proves: V-04 by AZ-23:other_code.
#[tokio::test]
async fn a_second_callback_with_another_code_comes_too_late() {
    the_first_counts("AZ-23:other_code").await;
}

/// Proves: V-01 by AZ-26:303.
#[tokio::test]
async fn a_callback_by_303_is_taken() {
    is_taken("AZ-26:303").await;
}

/// Proves: V-01 by AZ-26:meta_refresh.
#[tokio::test]
async fn a_callback_by_a_refresh_of_the_page_is_taken() {
    is_taken("AZ-26:meta_refresh").await;
}

/// Proves: V-01 by AZ-26:script.
#[tokio::test]
async fn a_callback_by_a_script_is_taken() {
    is_taken("AZ-26:script").await;
}

/// Proves: V-01 by AZ-26:form_submit.
#[tokio::test]
async fn a_callback_by_a_form_with_get_is_taken() {
    is_taken("AZ-26:form_submit").await;
}

/// Proves: V-01 by AZ-26:window_open.
#[tokio::test]
async fn a_callback_in_a_new_window_is_taken_by_the_listener() {
    assert_eq!(statuses_of_a_login("AZ-26:window_open").await, [303]);
}

/// Proves: V-01 by AZ-26:target_blank.
#[tokio::test]
async fn a_callback_in_a_new_tab_is_taken_by_the_listener() {
    assert_eq!(statuses_of_a_login("AZ-26:target_blank").await, [303]);
}

/// Proves: V-01 by AZ-26:iframe.
#[tokio::test]
async fn a_callback_in_a_frame_is_ignored() {
    is_no_callback("AZ-26:iframe").await;
    assert_eq!(statuses_at_the_listener("AZ-26:iframe").await, [403]);
}

/// A 307 repeats the form of the consent page: a listener does not take a form.
///
/// Proves: V-01 by AZ-26:307.
#[tokio::test]
async fn a_callback_by_307_repeats_the_form_and_is_turned_away_by_the_listener() {
    assert_eq!(statuses_at_the_listener("AZ-26:307").await, [405]);
}

/// Proves: V-01 by AZ-26:308.
#[tokio::test]
async fn a_callback_by_308_repeats_the_form_and_is_turned_away_by_the_listener() {
    assert_eq!(statuses_at_the_listener("AZ-26:308").await, [405]);
}

/// Proves: V-01 by AZ-26:307.
#[tokio::test]
async fn a_callback_by_307_is_taken_by_a_login_view() {
    outlives(Chattz, "AZ-26:307", &[]).await;
}

/// Proves: V-01 by AZ-26:308.
#[tokio::test]
async fn a_callback_by_308_is_taken_by_a_login_view() {
    outlives(Chattz, "AZ-26:308", &[]).await;
}

/// A login view does not take the address for the callback: no code goes anywhere.
async fn is_no_callback(fault: &str) {
    let stage = Stage::at(Chattz).await.fault(fault);
    let proof = stage.log_in().await;
    assert!(
        matches!(proof.ending().reason, EndReason::WindowClosed | EndReason::PageUnreachable),
        "{:?}",
        proof.ending()
    );
    proof.without_request("token").fired(fault).leaks_nothing().next_login_works().await;
}

/// A login view and a listener both take it.
async fn is_taken(fault: &str) {
    outlives(Chattz, fault, &[]).await;
    assert_eq!(statuses_of_a_login(fault).await, [303]);
}

/// What the listener answered while a login went well.
async fn statuses_of_a_login(fault: &str) -> Vec<u16> {
    let stage = Stage::listening_at(Chattz).await.fault(fault);
    stage.log_in().await.logs_in().requests_of("token", 1).fired(fault).leaks_nothing();
    callbacks(&stage)
}

/// What the listener answered while nothing came of a login: it stayed open until its time was up.
pub(super) async fn statuses_at_the_listener(fault: &str) -> Vec<u16> {
    Box::pin(stays_open_after(Chattz, fault)).await;
    let stage = Stage::listening_at(Chattz).await.fault(fault);
    let proof = stage.log_in().await;
    proof.ends_as(EndReason::TimedOut).without_request("token").fired(fault).leaks_nothing();
    let statuses = callbacks(&stage);
    proof.next_login_works().await;
    statuses
}

/// The status of every answer to a callback, right or almost right.
pub(super) fn callbacks(stage: &Stage) -> Vec<u16> {
    let is_callback = |seen: &&Seen| seen.url.path().starts_with("/callback");
    stage.browser.seen().iter().filter(is_callback).map(|seen| seen.status).collect()
}

/// A browser that does not say why it asks loads the callback as a picture and then goes there: one code is exchanged, once.
async fn the_first_counts(fault: &str) {
    let mut stage = Stage::listening_at(Chattz).await.fault(fault);
    stage.browser = Arc::new(Browser::of("olivia", &stage.secrets).without_fetch_metadata());
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("token", 1).fired(fault).leaks_nothing();
    let statuses = callbacks(&stage);
    assert_eq!(statuses[0], 303);
    assert!(statuses[1..].iter().all(|status| *status == 410), "{statuses:?}");
}
