//! Answers without a token: refusals, redirects, other statuses.

use gatewright_model::run::EndReason::{TokenMalformed, TokenRefused};
use gatewright_sandbox::Twin::{Chattz, ContentDb};

use crate::proof::refuses_the_tokens;
use crate::stage::Stage;

/// Proves: V-10 by TK-01:500.
#[tokio::test]
async fn an_error_500_is_told_and_the_code_is_not_sent_again() {
    refuses_the_tokens(Chattz, "TK-01:500", "server_failed", TokenMalformed).await;
}

/// Proves: V-10 by TK-01:502.
#[tokio::test]
async fn a_gateway_that_is_broken_is_told_and_the_code_is_not_sent_again() {
    refuses_the_tokens(Chattz, "TK-01:502", "server_failed", TokenMalformed).await;
}

/// Proves: V-10 by TK-01:503_retry_after.
#[tokio::test]
async fn a_server_that_asks_to_come_back_gets_no_code_twice() {
    refuses_the_tokens(Chattz, "TK-01:503_retry_after", "server_failed", TokenMalformed).await;
}

/// Proves: V-10 by TK-02:seconds.
#[tokio::test]
async fn a_limit_with_seconds_to_wait_is_a_refusal() {
    is_told_to_wait("TK-02:seconds").await;
}

/// Proves: V-10 by TK-02:date.
#[tokio::test]
async fn a_limit_with_a_date_to_wait_for_is_a_refusal() {
    is_told_to_wait("TK-02:date").await;
}

/// Proves: V-10 by TK-02:garbage.
#[tokio::test]
async fn a_limit_with_a_senseless_time_to_wait_is_a_refusal() {
    is_told_to_wait("TK-02:garbage").await;
}

/// Proves: V-09 by TK-03:login_page.
#[tokio::test]
async fn a_page_to_sign_in_is_no_token() {
    refuses_the_tokens(Chattz, "TK-03:login_page", "answer_html", TokenMalformed).await;
}

/// Proves: V-09 by TK-03:firewall.
#[tokio::test]
async fn the_page_of_a_firewall_is_no_token() {
    refuses_the_tokens(Chattz, "TK-03:firewall", "answer_html", TokenMalformed).await;
}

/// Proves: V-10 by TK-04.
#[tokio::test]
async fn a_page_with_status_500_is_never_read_as_an_oauth_error() {
    refuses_the_tokens(Chattz, "TK-04", "server_failed", TokenMalformed).await;
}

/// Proves: V-10 by TK-20.
#[tokio::test]
async fn an_error_with_status_200_is_a_refusal() {
    refuses_the_tokens(Chattz, "TK-20", "token_refused", TokenRefused).await;
}

/// Proves: V-10 by TK-21.
#[tokio::test]
async fn a_sentence_as_error_is_shown_in_the_servers_own_words() {
    let stage = Stage::at(ContentDb).await.fault("TK-21");
    let proof = stage.log_in().await;
    proof.ends_with("token_refused").ends_as(TokenRefused).requests_of("token", 1);
    assert!(proof.ending().sentence.contains("The code is wrong. Ask for another one"), "{:?}", proof.ending());
    proof.fired("TK-21").leaks_nothing().next_login_works().await;
}

/// Proves: V-10 by TK-22.
#[tokio::test]
async fn a_refusal_without_a_body_is_a_refusal() {
    refuses_the_tokens(Chattz, "TK-22", "token_refused", TokenRefused).await;
}

/// Proves: V-10 by TK-23:one.
#[tokio::test]
async fn a_challenge_is_read() {
    refuses_the_tokens(Chattz, "TK-23:one", "token_refused", TokenRefused).await;
}

/// Proves: V-10 by TK-23:several.
#[tokio::test]
async fn several_challenges_are_read() {
    refuses_the_tokens(Chattz, "TK-23:several", "token_refused", TokenRefused).await;
}

/// Proves: V-10 by TK-23:malformed.
#[tokio::test]
async fn a_malformed_challenge_is_passed_over() {
    refuses_the_tokens(Chattz, "TK-23:malformed", "token_refused", TokenRefused).await;
}

/// Proves: V-08 by TK-24:301.
#[tokio::test]
async fn a_redirect_by_301_is_never_followed() {
    goes_nowhere("TK-24:301").await;
}

/// Proves: V-08 by TK-24:302.
#[tokio::test]
async fn a_redirect_by_302_is_never_followed() {
    goes_nowhere("TK-24:302").await;
}

/// Proves: V-08 by TK-24:303.
#[tokio::test]
async fn a_redirect_by_303_is_never_followed() {
    goes_nowhere("TK-24:303").await;
}

/// Proves: V-08 by TK-24:307.
#[tokio::test]
async fn a_redirect_by_307_is_never_followed() {
    goes_nowhere("TK-24:307").await;
}

/// Proves: V-08 by TK-24:308.
#[tokio::test]
async fn a_redirect_by_308_is_never_followed() {
    goes_nowhere("TK-24:308").await;
}

/// Proves: V-08 by TK-24:other_origin.
#[tokio::test]
async fn a_redirect_to_another_origin_is_never_followed() {
    goes_nowhere("TK-24:other_origin").await;
}

/// Proves: V-08 by TK-24:other_host.
#[tokio::test]
async fn a_redirect_to_another_host_is_never_followed() {
    goes_nowhere("TK-24:other_host").await;
}

/// Proves: V-08 by TK-24:loop.
#[tokio::test]
async fn a_redirect_to_itself_is_never_followed() {
    goes_nowhere("TK-24:loop").await;
}

/// Proves: V-09 by TK-26:201.
#[tokio::test]
async fn a_status_201_is_no_success() {
    refuses_the_tokens(Chattz, "TK-26:201", "status_unexpected", TokenMalformed).await;
}

/// Proves: V-09 by TK-26:202.
#[tokio::test]
async fn a_status_202_is_no_success() {
    refuses_the_tokens(Chattz, "TK-26:202", "status_unexpected", TokenMalformed).await;
}

/// Proves: V-09 by TK-26:204.
#[tokio::test]
async fn a_status_204_is_no_success() {
    refuses_the_tokens(Chattz, "TK-26:204", "status_unexpected", TokenMalformed).await;
}

/// Proves: V-09 by TK-26:206.
#[tokio::test]
async fn a_status_206_is_no_success() {
    refuses_the_tokens(Chattz, "TK-26:206", "status_unexpected", TokenMalformed).await;
}

/// Proves: V-10 by TK-43.
#[tokio::test]
async fn a_demand_for_dpop_is_told_as_unsupported() {
    refuses_the_tokens(Chattz, "TK-43", "dpop_unsupported", TokenMalformed).await;
}

/// The refusal says that the server wants to be left alone.
async fn is_told_to_wait(fault: &str) {
    let stage = Stage::at(Chattz).await.fault(fault);
    let proof = stage.log_in().await;
    proof.ends_with("token_refused").ends_as(TokenRefused).requests_of("token", 1);
    assert!(proof.ending().next.starts_with("Wait a few minutes"), "{:?}", proof.ending());
    proof.fired(fault).leaks_nothing().next_login_works().await;
}

/// The target of the redirect sees no request.
async fn goes_nowhere(fault: &str) {
    let stage = Stage::at(Chattz).await.fault(fault);
    let proof = stage.log_in().await;
    proof.ends_with("answer_redirected").ends_as(TokenMalformed).requests_of("token", 1);
    proof.without_request("elsewhere").without_request("identity");
    proof.fired(fault).leaks_nothing().next_login_works().await;
}
