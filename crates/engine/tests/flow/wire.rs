//! What a well-behaved server cannot send.

use std::time::{Duration, Instant};

use gatewright_model::run::{EndReason, StepKind};
use gatewright_testkit::{Answer, RawServer};

use crate::stage::*;

const CALLBACK: &str = "?code=splendid&state={state}";

async fn answered(answer: Answer) -> Walked {
    let mut stage = Stage::at("chattz", move |_| answer.clone()).await;
    stage.limits.total = Duration::from_millis(400);
    stage.limits.idle = Duration::from_millis(200);
    let walked = stage.walk(comes_back_with(CALLBACK)).await;
    assert_eq!(stage.server.requests().len(), 1, "a code is sent once, whatever happens");
    walked
}

#[tokio::test]
async fn a_hundred_megabytes_are_cut_at_one() {
    let stage = Stage::at("chattz", |_| Answer::Huge(100 << 20)).await;
    let started = Instant::now();
    let walked = stage.walk(comes_back_with(CALLBACK)).await;
    assert_eq!(walked.ending().reason, EndReason::TokenMalformed);
    assert!(walked.ending().sentence.contains("longer than 1 MiB"));
    let response = walked.step(StepKind::TokenRequest).exchanges[0].response.clone().unwrap();
    assert_eq!((response.bytes, response.cut), (1 << 20, true));
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let walked = answered(Answer::Never).await;
    assert_eq!(walked.ending().reason, EndReason::ProviderUnreachable);
    assert!(walked.ending().sentence.contains("did not answer within"), "{}", walked.ending().sentence);
    assert!(walked.ending().next.contains("never sent again"), "{}", walked.ending().next);
}

#[tokio::test]
async fn a_server_that_answers_byte_by_byte_is_given_up_as_well() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n".to_vec();
    let walked = answered(Answer::Slowly(head, Duration::from_millis(20))).await;
    assert_eq!(walked.ending().reason, EndReason::ProviderUnreachable);
    assert!(walked.ending().sentence.contains("did not answer within"), "{}", walked.ending().sentence);
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_the_outcome_unknown() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{\"access_to".to_vec();
    for answer in [Answer::Reset, Answer::Bytes(half), Answer::Bytes(Vec::new())] {
        let walked = answered(answer).await;
        assert_eq!(walked.ending().reason, EndReason::ProviderUnreachable);
        assert!(walked.ending().sentence.contains("closed the connection"), "{}", walked.ending().sentence);
        assert!(walked.ending().next.contains("unknown"), "{}", walked.ending().next);
    }
}

#[tokio::test]
async fn what_is_not_http_is_called_so() {
    for bytes in [&b"220 mail.example ESMTP\r\n"[..], b"HTTP/1.1 two hundred\r\n\r\n"] {
        let walked = answered(Answer::Bytes(bytes.to_vec())).await;
        assert_eq!(walked.ending().reason, EndReason::ProviderUnreachable);
        assert!(walked.ending().sentence.contains("did not answer in HTTP"), "{}", walked.ending().sentence);
    }
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_told_by_its_port() {
    let mut stage = Stage::at("chattz", chattz).await;
    let gone = RawServer::start(|_| Answer::Never).await.origin();
    stage.plan.bases.authorization = gone.clone();
    let walked = stage.walk(comes_back_with(CALLBACK)).await;
    assert_eq!(walked.ending().reason, EndReason::ProviderUnreachable);
    let host = gone.trim_start_matches("http://");
    let expected =
        format!("The token request got no answer: {host} refused the connection: nothing listens on that port.");
    assert_eq!(walked.ending().sentence, expected);
    assert!(walked.ending().next.starts_with("Is the sandbox on?"));
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_told_as_such() {
    let mut stage = Stage::at("chattz", chattz).await;
    stage.plan.bases.authorization = "https://id.invalid".to_owned();
    let walked = stage.walk(comes_back_with(CALLBACK)).await;
    assert_eq!(walked.ending().sentence, "The token request got no answer: the name id.invalid could not be found.");
}
