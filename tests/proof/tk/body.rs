//! How a token answer is written: form, encoding, size.

use gatewright_model::run::EndReason::TokenMalformed;
use gatewright_model::run::StepKind;
use gatewright_sandbox::Twin::{Chaster, Chattz, ContentDb, Gitter};

use crate::proof::{outlives, refuses_the_tokens};
use crate::stage::Stage;

/// Proves: V-09 by TK-05.
#[tokio::test]
async fn a_form_where_json_was_announced_is_read_and_told() {
    outlives(Chattz, "TK-05", &["answer_form_encoded"]).await;
}

/// Proves: V-09 by TK-06.
#[tokio::test]
async fn a_form_that_calls_itself_json_is_refused() {
    refuses_the_tokens(Chattz, "TK-06", "form_labelled_json", TokenMalformed).await;
}

/// Proves: V-09 by TK-07:text_html.
#[tokio::test]
async fn json_labelled_as_html_is_read_and_told() {
    outlives(Chattz, "TK-07:text_html", &["content_type_odd"]).await;
}

/// Proves: V-09 by TK-07:text_plain.
#[tokio::test]
async fn json_labelled_as_plain_text_is_read_and_told() {
    outlives(Chattz, "TK-07:text_plain", &["content_type_odd"]).await;
}

/// Proves: V-09 by TK-07:no_type.
#[tokio::test]
async fn json_without_a_label_is_read_and_told() {
    outlives(Chattz, "TK-07:no_type", &["content_type_odd"]).await;
}

/// Proves: V-09 by TK-07:utf_16.
#[tokio::test]
async fn json_labelled_as_utf_16_is_read_and_told() {
    outlives(Chattz, "TK-07:utf_16", &["content_type_odd"]).await;
}

/// Proves: V-09 by TK-08.
#[tokio::test]
async fn json_that_ends_in_the_middle_is_refused_without_showing_half_a_token() {
    refuses_the_tokens(Chattz, "TK-08", "answer_not_readable", TokenMalformed).await;
}

/// Proves: V-09 by TK-09:bom.
#[tokio::test]
async fn a_byte_order_mark_is_passed_over_and_told() {
    outlives(Chattz, "TK-09:bom", &["byte_order_mark"]).await;
}

/// Proves: V-09 by TK-09:utf_16.
#[tokio::test]
async fn json_in_utf_16_is_refused() {
    refuses_the_tokens(Chattz, "TK-09:utf_16", "answer_not_utf8", TokenMalformed).await;
}

/// Proves: V-09 by TK-09:invalid_utf_8.
#[tokio::test]
async fn json_with_bytes_that_are_no_utf_8_is_refused() {
    refuses_the_tokens(Chattz, "TK-09:invalid_utf_8", "answer_not_utf8", TokenMalformed).await;
}

/// Proves: V-09 by TK-11:100_mib.
#[tokio::test]
async fn a_body_of_100_mib_is_read_no_further_than_1_mib() {
    refuses_the_tokens(Chattz, "TK-11:100_mib", "answer_too_large", TokenMalformed).await;
}

/// Proves: V-09 by TK-11:endless.
#[tokio::test]
async fn a_body_without_end_is_read_no_further_than_1_mib() {
    refuses_the_tokens(Chattz, "TK-11:endless", "answer_too_large", TokenMalformed).await;
}

/// Proves: V-09 by TK-12:gzip.
#[tokio::test]
async fn a_bomb_of_gzip_is_too_large_before_anybody_unpacks_it() {
    refuses_the_tokens(Chattz, "TK-12:gzip", "answer_too_large", TokenMalformed).await;
}

/// Proves: V-09 by TK-12:br.
#[tokio::test]
async fn a_bomb_of_brotli_is_never_unpacked() {
    refuses_the_tokens(Chattz, "TK-12:br", "answer_packed", TokenMalformed).await;
}

/// Proves: V-09 by TK-12:zstd.
#[tokio::test]
async fn a_bomb_of_zstandard_is_never_unpacked() {
    refuses_the_tokens(Chattz, "TK-12:zstd", "answer_packed", TokenMalformed).await;
}

/// Proves: V-09 by TK-13.
#[tokio::test]
async fn a_hundred_thousand_levels_are_refused_and_break_nothing() {
    refuses_the_tokens(Chattz, "TK-13", "answer_not_readable", TokenMalformed).await;
}

/// Proves: V-09 by TK-14:array.
#[tokio::test]
async fn an_array_is_no_token_answer() {
    refuses_the_tokens(Chattz, "TK-14:array", "answer_not_an_object", TokenMalformed).await;
}

/// Proves: V-09 by TK-14:string.
#[tokio::test]
async fn a_string_is_no_token_answer() {
    refuses_the_tokens(Chattz, "TK-14:string", "answer_not_an_object", TokenMalformed).await;
}

/// Proves: V-09 by TK-14:null.
#[tokio::test]
async fn null_is_no_token_answer() {
    refuses_the_tokens(Chattz, "TK-14:null", "answer_not_an_object", TokenMalformed).await;
}

/// Proves: V-09 by TK-14:number.
#[tokio::test]
async fn a_number_is_no_token_answer() {
    refuses_the_tokens(Chattz, "TK-14:number", "answer_not_an_object", TokenMalformed).await;
}

/// Proves: V-09 by TK-14:nothing.
#[tokio::test]
async fn an_answer_with_nothing_in_it_is_refused() {
    refuses_the_tokens(Chattz, "TK-14:nothing", "answer_empty", TokenMalformed).await;
}

/// Proves: V-09 by TK-39:unrequested.
#[tokio::test]
async fn a_packed_body_is_refused() {
    refuses_the_tokens(Chattz, "TK-39:unrequested", "answer_packed", TokenMalformed).await;
}

/// Proves: V-09 by TK-39:not_packed.
#[tokio::test]
async fn a_body_that_only_says_it_is_packed_is_refused() {
    refuses_the_tokens(Chattz, "TK-39:not_packed", "answer_packed", TokenMalformed).await;
}

/// Proves: V-09 by TK-39:unknown.
#[tokio::test]
async fn a_body_packed_in_an_unknown_way_is_refused() {
    refuses_the_tokens(Chattz, "TK-39:unknown", "answer_packed", TokenMalformed).await;
}

/// Proves: V-17 by TK-41:behind.
#[tokio::test]
async fn a_clock_that_is_a_day_behind_is_told() {
    outlives(Chattz, "TK-41:behind", &["clock_differs"]).await;
}

/// Proves: V-17 by TK-41:ahead.
#[tokio::test]
async fn a_clock_that_is_a_day_ahead_is_told() {
    outlives(Chattz, "TK-41:ahead", &["clock_differs"]).await;
}

/// Proves: V-09 by TK-44:no_header.
#[tokio::test]
async fn an_answer_that_forbids_no_cache_to_keep_it_is_told() {
    outlives(Chaster, "TK-44:no_header", &["cache_allowed"]).await;
    outlives(Gitter, "TK-44:no_header", &["cache_allowed"]).await;
}

/// Proves: V-09 by TK-44:max_age.
#[tokio::test]
async fn an_answer_that_lets_a_cache_keep_it_is_told_with_what_it_says() {
    outlives(Chattz, "TK-44:max_age", &["cache_allowed"]).await;
    let stage = Stage::at(ContentDb).await.fault("TK-44:max_age");
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("token", 1).fired("TK-44:max_age").leaks_nothing();
    let findings = &proof.step(StepKind::TokenRequest).findings;
    let finding = findings.iter().find(|finding| finding.code == "cache_allowed").unwrap();
    assert_eq!(finding.received.to_plain(), "Cache-Control: private, max-age=3600");
    proof.next_login_works().await;
}

/// Proves: V-09 by TK-42.
#[tokio::test]
async fn a_cookie_is_neither_kept_nor_told() {
    outlives(Chattz, "TK-42", &[]).await;
}
