//! Answers that HTTP does not allow, and answers that do not come.

use gatewright_model::run::EndReason::{ProviderUnreachable, Stopped, TokenMalformed};
use gatewright_sandbox::Twin::Chattz;

use crate::proof::{outlives, refuses_the_tokens};
use crate::stage::{LITTLE_PATIENCE, Stage};

/// Proves: V-09 by TK-25:continue.
#[tokio::test]
async fn a_status_100_before_the_answer_is_passed_over() {
    outlives(Chattz, "TK-25:continue", &[]).await;
}

/// Proves: V-09 by TK-25:early_hints.
#[tokio::test]
async fn a_status_103_before_the_answer_is_passed_over() {
    outlives(Chattz, "TK-25:early_hints", &[]).await;
}

/// Proves: V-09 by TK-25:switching_protocols.
#[tokio::test]
async fn another_protocol_is_not_switched_to() {
    refuses_the_tokens(Chattz, "TK-25:switching_protocols", "status_unexpected", TokenMalformed).await;
}

/// Proves: V-08 by TK-27:before_headers.
#[tokio::test]
async fn a_connection_that_ends_before_the_headers_leaves_the_codes_fate_open() {
    gets_no_answer("TK-27:before_headers").await;
}

/// Proves: V-08 by TK-27:after_headers.
#[tokio::test]
async fn a_connection_that_ends_after_the_headers_leaves_the_codes_fate_open() {
    gets_no_answer("TK-27:after_headers").await;
}

/// Proves: V-08 by TK-27:mid_body.
#[tokio::test]
async fn a_connection_that_ends_in_the_body_leaves_the_codes_fate_open() {
    gets_no_answer("TK-27:mid_body").await;
}

/// Proves: V-08 by TK-27:reset.
#[tokio::test]
async fn a_connection_that_ends_by_a_reset_leaves_the_codes_fate_open() {
    gets_no_answer("TK-27:reset").await;
}

/// Proves: V-09 by TK-28:too_long.
#[tokio::test]
async fn a_length_that_is_too_long_is_refused() {
    gets_no_answer("TK-28:too_long").await;
}

/// Proves: V-09 by TK-28:negative.
#[tokio::test]
async fn a_negative_length_is_refused() {
    gets_no_answer("TK-28:negative").await;
}

/// Proves: V-09 by TK-28:two_values.
#[tokio::test]
async fn two_lengths_are_refused() {
    gets_no_answer("TK-28:two_values").await;
}

/// Proves: V-09 by TK-28:too_short.
#[tokio::test]
async fn a_length_that_is_too_short_gives_half_an_answer_and_no_token() {
    refuses_the_tokens(Chattz, "TK-28:too_short", "answer_not_readable", TokenMalformed).await;
}

/// The pieces count and the length does not (RFC 9112 §6.3). What could follow on the connection is read by nobody: it is good for one
/// request.
///
/// Proves: V-09 by TK-28:with_chunks.
#[tokio::test]
async fn of_a_length_and_pieces_the_pieces_count() {
    outlives(Chattz, "TK-28:with_chunks", &[]).await;
}

/// Proves: V-09 by TK-29:http_1_0.
#[tokio::test]
async fn an_answer_of_http_1_0_is_read_to_its_end() {
    outlives(Chattz, "TK-29:http_1_0", &[]).await;
}

/// Proves: V-09 by TK-29:connection_close.
#[tokio::test]
async fn an_answer_that_ends_with_its_connection_is_read_to_its_end() {
    outlives(Chattz, "TK-29:connection_close", &[]).await;
}

/// Proves: V-09 by TK-29:no_length.
#[tokio::test]
async fn an_answer_without_a_length_is_read_to_its_end() {
    outlives(Chattz, "TK-29:no_length", &[]).await;
}

/// Proves: V-09 by TK-30:bad_chunk_size.
#[tokio::test]
async fn a_chunk_with_a_senseless_size_is_refused() {
    gets_no_answer("TK-30:bad_chunk_size").await;
}

/// Proves: V-09 by TK-30:trailers.
#[tokio::test]
async fn trailers_are_passed_over() {
    outlives(Chattz, "TK-30:trailers", &[]).await;
}

/// Proves: V-09 by TK-31:slow_headers.
#[tokio::test]
async fn headers_that_come_byte_by_byte_are_waited_for_no_longer_than_the_limit() {
    is_waited_for_in_vain("TK-31:slow_headers").await;
}

/// Proves: V-09 by TK-31:slow_body.
#[tokio::test]
async fn a_body_that_comes_byte_by_byte_is_waited_for_no_longer_than_the_limit() {
    is_waited_for_in_vain("TK-31:slow_body").await;
}

/// Proves: V-09 by TK-31:hang.
#[tokio::test]
async fn an_answer_that_never_comes_is_waited_for_no_longer_than_the_limit() {
    is_waited_for_in_vain("TK-31:hang").await;
}

/// Proves: V-09 by TK-31:hang.
#[tokio::test]
async fn a_login_that_waits_for_tokens_can_be_stopped_at_once() {
    let stage = Stage::at(Chattz).await.fault("TK-31:hang");
    let stop = async {
        stage.until_fired().await;
        stage.stop();
    };
    let (proof, ()) = tokio::join!(stage.log_in(), stop);
    proof.ends_as(Stopped).requests_of("token", 1).fired("TK-31:hang").leaks_nothing();
    assert!(proof.ending().next.contains("never sent again"), "{:?}", proof.ending());
    proof.next_login_works().await;
}

/// Proves: V-09 by TK-32:huge_header.
#[tokio::test]
async fn a_header_of_1_mib_is_refused() {
    gets_no_answer("TK-32:huge_header").await;
}

/// Proves: V-09 by TK-32:many_headers.
#[tokio::test]
async fn ten_thousand_headers_are_refused() {
    gets_no_answer("TK-32:many_headers").await;
}

/// Proves: V-09 by TK-32:folded_header.
#[tokio::test]
async fn a_folded_header_is_refused() {
    gets_no_answer("TK-32:folded_header").await;
}

/// Proves: V-08 by TK-37:closed.
#[tokio::test]
async fn a_spent_code_whose_answer_is_lost_to_a_closed_connection_is_never_sent_again() {
    gets_no_answer("TK-37:closed").await;
}

/// Proves: V-08 by TK-37:reset.
#[tokio::test]
async fn a_spent_code_whose_answer_is_lost_to_a_reset_connection_is_never_sent_again() {
    gets_no_answer("TK-37:reset").await;
}

/// There is no answer that counts: what became of the code is unknown, and it is not sent again.
async fn gets_no_answer(fault: &str) {
    let stage = Stage::at(Chattz).await.fault(fault);
    is_unanswered(&stage, fault).await;
}

/// The same for an engine of little patience.
async fn is_waited_for_in_vain(fault: &str) {
    let stage = Stage::at(Chattz).await.fault(fault).patience(LITTLE_PATIENCE);
    is_unanswered(&stage, fault).await;
}

async fn is_unanswered(stage: &Stage, fault: &str) {
    let proof = stage.log_in().await;
    proof.ends_with("provider_unreachable").ends_as(ProviderUnreachable).requests_of("token", 1);
    assert!(proof.ending().next.contains("never sent again"), "{:?}", proof.ending());
    proof.without_request("identity").fired(fault).leaks_nothing().next_login_works().await;
}
