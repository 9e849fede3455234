//! The pages between the authorization request and the callback. What a real window does with them is the matter of tests/journeys.

use std::time::Duration;

use gatewright_engine::login::TIME_LIMIT;
use gatewright_model::run::EndReason;
use gatewright_sandbox::FaultRule;
use gatewright_sandbox::Twin::Chattz;

use crate::browser::Way;
use crate::proof::outlives;
use crate::stage::{Stage, rule};

/// How long a port may take to close after a login, on a slow machine.
const UNTIL_CLOSED: Duration = Duration::from_secs(10);

/// Proves: V-01 by AZ-27:itself.
#[tokio::test]
async fn an_authorization_endpoint_that_redirects_to_itself_ends_the_login() {
    ends_before_any_callback("AZ-27:itself", EndReason::PageUnreachable).await;
}

/// Proves: V-01 by AZ-27:ping_pong.
#[tokio::test]
async fn an_authorization_endpoint_that_redirects_in_circles_ends_the_login() {
    ends_before_any_callback("AZ-27:ping_pong", EndReason::PageUnreachable).await;
}

/// Proves: V-01 by AZ-27:twenty_hops.
#[tokio::test]
async fn twenty_redirects_that_lead_somewhere_are_followed() {
    outlives(Chattz, "AZ-27:twenty_hops", &[]).await;
}

/// Proves: V-01 by AZ-28:server_error.
#[tokio::test]
async fn an_error_500_instead_of_a_page_is_no_callback() {
    ends_before_any_callback("AZ-28:server_error", EndReason::WindowClosed).await;
}

/// Proves: V-01 by AZ-28:blank.
#[tokio::test]
async fn a_blank_page_is_no_callback() {
    ends_before_any_callback("AZ-28:blank", EndReason::WindowClosed).await;
}

/// Proves: V-01 by AZ-28:no_content.
#[tokio::test]
async fn a_status_204_is_no_callback() {
    ends_before_any_callback("AZ-28:no_content", EndReason::WindowClosed).await;
}

/// Proves: V-01 by AZ-28:download.
#[tokio::test]
async fn a_download_is_no_callback() {
    ends_before_any_callback("AZ-28:download", EndReason::WindowClosed).await;
}

/// Proves: V-01 by AZ-28:basic_challenge.
#[tokio::test]
async fn a_demand_for_a_password_is_no_callback() {
    ends_before_any_callback("AZ-28:basic_challenge", EndReason::WindowClosed).await;
}

/// Proves: V-01 by AZ-28:hang.
#[tokio::test]
async fn a_page_that_never_comes_can_be_stopped_at_once() {
    let stage = Stage::at(Chattz).await.fault("AZ-28:hang");
    let stop = async {
        stage.until_fired().await;
        stage.stop();
    };
    let (proof, ()) = tokio::join!(stage.log_in(), stop);
    proof.ends_as(EndReason::Stopped).without_request("token").fired("AZ-28:hang").leaks_nothing();
    proof.next_login_works().await;
}

/// Proves: V-01 by AZ-29:file.
#[tokio::test]
async fn a_redirect_to_a_file_is_no_callback() {
    ends_before_any_callback("AZ-29:file", EndReason::WindowClosed).await;
}

/// Proves: V-01 by AZ-29:data.
#[tokio::test]
async fn a_redirect_to_data_is_no_callback() {
    ends_before_any_callback("AZ-29:data", EndReason::WindowClosed).await;
}

/// Proves: V-01 by AZ-29:javascript.
#[tokio::test]
async fn a_redirect_to_a_script_is_no_callback() {
    ends_before_any_callback("AZ-29:javascript", EndReason::WindowClosed).await;
}

/// Proves: V-01 by AZ-29:custom_scheme.
#[tokio::test]
async fn a_redirect_to_another_program_is_no_callback() {
    ends_before_any_callback("AZ-29:custom_scheme", EndReason::WindowClosed).await;
}

/// Proves: V-01 by AZ-29:app_origin.
#[tokio::test]
async fn a_redirect_to_the_windows_own_pages_is_no_callback() {
    ends_before_any_callback("AZ-29:app_origin", EndReason::WindowClosed).await;
}

/// Proves: V-01 by AZ-29:other_port.
#[tokio::test]
async fn a_redirect_to_the_same_port_and_another_path_is_no_callback() {
    ends_before_any_callback("AZ-29:other_port", EndReason::PageUnreachable).await;
}

/// Proves: V-04 by AZ-33.
#[tokio::test]
async fn a_redirect_that_takes_90_seconds_still_ends_in_a_login() {
    let rule = FaultRule { delay_ms: Some(50), ..rule(Chattz, "AZ-33") };
    let stage = Stage::at(Chattz).await.rule(rule);
    let time_passes = async {
        stage.until_fired().await;
        stage.clock.advance(Duration::from_secs(90));
    };
    let (proof, ()) = tokio::join!(stage.log_in(), time_passes);
    proof.logs_in().requests_of("token", 1).fired("AZ-33").leaks_nothing();
}

/// Proves: V-04 by AZ-31, AZ-33.
#[tokio::test]
async fn a_callback_after_the_time_limit_finds_nobody() {
    let rule = FaultRule { delay_ms: Some(100), ..rule(Chattz, "AZ-33") };
    let stage = Stage::listening_at(Chattz).await.rule(rule);
    let time_runs_out = async {
        stage.until_fired().await;
        stage.clock.advance(TIME_LIMIT);
    };
    let (proof, ()) = tokio::join!(stage.log_in(), time_runs_out);
    proof.ends_as(EndReason::TimedOut).without_request("token").fired("AZ-33").leaks_nothing();
    assert!(stage.browser.seen().iter().all(|seen| !stage.plan.redirect_uri.caught_by(&seen.url)));
    proof.next_login_works().await;
}

/// Proves: V-04 by AZ-24.
#[tokio::test]
async fn a_callback_without_a_login_finds_nobody() {
    let stage = Stage::listening_at(Chattz).await;
    let proof = stage.log_in().await;
    proof.logs_in();
    let seen = stage.browser.seen();
    let callback = seen.iter().find(|seen| stage.plan.redirect_uri.caught_by(&seen.url)).unwrap();
    // The listener closes its port a moment after the browser has read the last page; until then it says that the login is over.
    let calls = tokio::time::timeout(UNTIL_CLOSED, async {
        while !matches!(stage.browser.walk(&callback.url, |_| false).await, Way::Unanswered) {
            assert_eq!(stage.browser.seen().last().unwrap().status, 410);
        }
    });
    calls.await.expect("the port stays open");
    proof.with_everything_since().requests_of("token", 1);
}

/// The login ends before any callback; no code goes anywhere, and the next login works.
async fn ends_before_any_callback(fault: &str, reason: EndReason) {
    let stage = Stage::at(Chattz).await.fault(fault);
    let proof = stage.log_in().await;
    proof.ends_as(reason).without_request("token").without_request("identity");
    proof.fired(fault).leaks_nothing().next_login_works().await;
}
