//! A callback with an error.

use gatewright_model::run::EndReason;
use gatewright_sandbox::Twin::{Chattz, ContentDb};

use crate::proof::{refuses_the_callback, stays_open_after};
use crate::stage::Stage;

/// The longest text of a server's own that is shown.
const LONGEST: usize = 2_000;

/// Proves: V-06 by AZ-17:with_state.
#[tokio::test]
async fn access_denied_with_the_right_state_is_a_refusal_by_the_person() {
    let stage = Stage::at(Chattz).await.fault("AZ-17:with_state");
    let proof = stage.log_in().await;
    proof.ends_as(EndReason::Denied).without_request("token");
    proof.fired("AZ-17:with_state").leaks_nothing().next_login_works().await;
}

/// Proves: V-04 by AZ-17:without_state.
#[tokio::test]
async fn access_denied_without_a_state_does_not_end_a_login_that_listens() {
    stays_open_after(Chattz, "AZ-17:without_state").await;
    stays_open_after(ContentDb, "AZ-17:without_state").await;
}

/// Proves: V-25 by AZ-18:html.
#[tokio::test]
async fn a_description_with_html_stays_text() {
    is_shown_inert("AZ-18:html").await;
}

/// Proves: V-25 by AZ-18:ansi.
#[tokio::test]
async fn a_description_cannot_move_a_terminals_cursor() {
    is_shown_inert("AZ-18:ansi").await;
}

/// Proves: V-25 by AZ-18:osc8.
#[tokio::test]
async fn a_description_cannot_make_a_link_in_a_terminal() {
    is_shown_inert("AZ-18:osc8").await;
}

/// Proves: V-25 by AZ-18:bidi.
#[tokio::test]
async fn a_description_cannot_turn_the_direction_of_writing() {
    is_shown_inert("AZ-18:bidi").await;
}

/// Proves: V-25 by AZ-18:crlf.
#[tokio::test]
async fn a_description_cannot_break_a_line() {
    is_shown_inert("AZ-18:crlf").await;
}

/// Proves: V-25 by AZ-18:nul.
#[tokio::test]
async fn a_description_cannot_hold_a_nul() {
    is_shown_inert("AZ-18:nul").await;
}

/// Proves: V-25 by AZ-18:long.
#[tokio::test]
async fn a_description_of_64_kib_is_cut() {
    is_shown_inert("AZ-18:long").await;
}

/// Proves: V-25 by AZ-18:uri.
#[tokio::test]
async fn the_address_of_an_error_is_never_opened() {
    is_shown_inert("AZ-18:uri").await;
}

/// Proves: V-25 by AZ-19:unknown.
#[tokio::test]
async fn an_error_that_nobody_knows_is_shown_as_it_is() {
    let stage = Stage::at(Chattz).await.fault("AZ-19:unknown");
    let proof = stage.log_in().await;
    proof.ends_with("authorization_refused").ends_as(EndReason::AuthorizationRefused).without_request("token");
    assert!(proof.ending().sentence.contains("../../x"), "{:?}", proof.ending());
    proof.fired("AZ-19:unknown").leaks_nothing().next_login_works().await;
}

/// Proves: V-06 by AZ-19:empty.
#[tokio::test]
async fn an_error_with_nothing_in_it_is_refused() {
    refuses_the_callback(Chattz, "AZ-19:empty", "error_empty").await;
}

/// What the server says is shown as text, cut, with every character visible; the login is over.
async fn is_shown_inert(fault: &str) {
    let stage = Stage::at(Chattz).await.fault(fault);
    let proof = stage.log_in().await;
    proof.ends_as(EndReason::Denied).without_request("token");
    let ending = proof.ending();
    let hidden = |character: char| character.is_control() || ('\u{202a}'..='\u{202e}').contains(&character);
    for text in [&ending.sentence, &ending.next, &proof.end.steps.last().unwrap().sentence] {
        assert!(!text.contains(hidden), "{text:?}");
        assert!(text.chars().count() < LONGEST + 200, "{} characters", text.chars().count());
    }
    proof.fired(fault).leaks_nothing().next_login_works().await;
}
