//! TK: answers written as bytes, read as bytes.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use gatewright_sandbox::{FaultRule, Twin};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::stage::Stage;
use crate::browser::{CALLBACK, exchange};

/// Everything that comes back on one connection, and how the connection ended.
struct Bytes {
    text: String,
    ended: Option<ErrorKind>,
}

impl Bytes {
    /// The head of the first answer, and what follows it.
    fn split(&self) -> (&str, &str) {
        self.text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head in {:?}", self.text))
    }
}

async fn send(stage: &Stage, code: &str) -> TcpStream {
    let id = stage.login.id();
    let fields = exchange(&stage.login.app, &id, code, &[("redirect_uri", CALLBACK)]);
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let host = stage.login.sandbox.origin().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&host).await.unwrap();
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        stage.login.twin.token_path(),
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

async fn answer_to(rule: FaultRule, stage: &Stage) -> Bytes {
    let name = (rule.fault.clone(), rule.variant.clone());
    let code = stage.code().await;
    let before = stage.injected().len();
    stage.set_rule(rule);
    let mut stream = send(stage, &code).await;
    let mut bytes = Vec::new();
    let ended = stream.read_to_end(&mut bytes).await.err().map(|error| error.kind());
    let injections = stage.login.sandbox.injections();
    assert_eq!(injections.len(), before + 1);
    let last = injections.last().unwrap();
    assert_eq!((last.fault.to_owned(), last.variant.map(str::to_owned)), name);
    Bytes { text: String::from_utf8(bytes).unwrap(), ended }
}

async fn answer(stage: &Stage, fault: &str, variant: &str) -> Bytes {
    answer_to(stage.rule(fault, variant), stage).await
}

fn content_length(head: &str) -> usize {
    head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap()
}

#[tokio::test]
async fn tk_25_something_comes_before_the_answer() {
    let stage = Stage::at(Twin::Chattz).await;
    for (variant, status) in [("continue", "100"), ("early_hints", "103"), ("switching_protocols", "101")] {
        let bytes = answer(&stage, "TK-25", variant).await;
        let (first, rest) = bytes.split();
        assert!(first.starts_with(&format!("HTTP/1.1 {status} ")), "{first}");
        assert!(rest.starts_with("HTTP/1.1 200 OK\r\n") && rest.contains("\"access_token\""), "{rest}");
        assert!(rest.contains("x-request-id: r"));
    }
}

#[tokio::test]
async fn tk_27_the_connection_ends_too_early() {
    let stage = Stage::at(Twin::Chattz).await;
    let bytes = answer(&stage, "TK-27", "before_headers").await;
    assert_eq!((&*bytes.text, bytes.ended), ("", None));
    let bytes = answer(&stage, "TK-27", "after_headers").await;
    assert!(bytes.split().1.is_empty() && content_length(bytes.split().0) > 0);
    let bytes = answer(&stage, "TK-27", "mid_body").await;
    let (head, body) = bytes.split();
    assert!(!body.is_empty() && body.len() < content_length(head));
    assert_eq!(answer(&stage, "TK-27", "reset").await.ended, Some(ErrorKind::ConnectionReset));
}

#[tokio::test]
async fn tk_28_the_length_is_given_wrongly() {
    let stage = Stage::at(Twin::Chattz).await;
    let bytes = answer(&stage, "TK-28", "too_long").await;
    assert_eq!(content_length(bytes.split().0), bytes.split().1.len() + 10);
    let bytes = answer(&stage, "TK-28", "too_short").await;
    assert_eq!(content_length(bytes.split().0) + 10, bytes.split().1.len());
    assert!(answer(&stage, "TK-28", "negative").await.text.contains("content-length: -1\r\n"));
    assert_eq!(answer(&stage, "TK-28", "two_values").await.text.matches("content-length: ").count(), 2);
    let both = answer(&stage, "TK-28", "with_chunks").await.text;
    assert!(both.contains("content-length: ") && both.contains("transfer-encoding: chunked"), "{both}");
}

#[tokio::test]
async fn tk_29_the_body_ends_where_the_connection_does() {
    let stage = Stage::at(Twin::Chattz).await;
    for (variant, version, closing) in
        [("http_1_0", "HTTP/1.0", false), ("connection_close", "HTTP/1.1", true), ("no_length", "HTTP/1.1", false)]
    {
        let bytes = answer(&stage, "TK-29", variant).await;
        let (head, body) = bytes.split();
        assert!(head.starts_with(version) && !head.contains("content-length"), "{head}");
        assert_eq!(head.contains("connection: close"), closing, "{variant}");
        assert!(body.starts_with('{') && body.ends_with('}'), "{body}");
    }
}

#[tokio::test]
async fn tk_30_the_chunks_are_unusual() {
    let stage = Stage::at(Twin::Chattz).await;
    assert!(answer(&stage, "TK-30", "bad_chunk_size").await.split().1.starts_with("zz\r\n{"));
    let trailers = answer(&stage, "TK-30", "trailers").await;
    assert!(trailers.text.ends_with("\r\n0\r\nx-sandbox-trailer: 1\r\n\r\n"), "{}", trailers.text);
}

#[tokio::test]
async fn tk_31_the_answer_comes_byte_by_byte_or_never() {
    let stage = Stage::at(Twin::Chattz).await;
    for variant in ["slow_headers", "slow_body"] {
        let rule = FaultRule { delay_ms: Some(2), ..stage.rule("TK-31", variant) };
        let began = Instant::now();
        let bytes = answer_to(rule, &stage).await;
        assert!(bytes.split().1.contains("access_token"));
        assert!(began.elapsed() >= Duration::from_millis(2 * bytes.split().1.len() as u64), "{variant}");
    }
    let code = stage.code().await;
    stage.set("TK-31", "hang");
    let mut stream = send(&stage, &code).await;
    while stage.injected().len() < 3 {
        tokio::task::yield_now().await;
    }
    stage.login.sandbox.stop().await;
    let mut bytes = Vec::new();
    let _closed = stream.read_to_end(&mut bytes).await;
    assert_eq!(bytes, b"", "nothing was said until the sandbox stopped");
}

#[tokio::test]
async fn tk_32_there_are_too_many_headers_or_folded_ones() {
    let stage = Stage::at(Twin::Chattz).await;
    assert!(answer(&stage, "TK-32", "huge_header").await.split().0.len() > 1 << 20);
    assert!(answer(&stage, "TK-32", "many_headers").await.split().0.lines().count() > 10_000);
    let folded = answer(&stage, "TK-32", "folded_header").await;
    assert!(folded.text.contains("x-sandbox-folded: first\r\n second\r\n"));
    assert!(folded.split().1.contains("access_token"));
}

#[tokio::test]
async fn tk_37_the_code_is_spent_and_nobody_learns_of_it() {
    let stage = Stage::at(Twin::Chattz).await;
    for (variant, ended) in [("closed", None), ("reset", Some(ErrorKind::ConnectionReset))] {
        let code = stage.code().await;
        stage.set("TK-37", variant);
        let mut stream = send(&stage, &code).await;
        let mut bytes = Vec::new();
        let outcome = stream.read_to_end(&mut bytes).await.err().map(|error| error.kind());
        assert_eq!((bytes.len(), outcome), (0, ended), "{variant}");
        stage.login.sandbox.clear_faults();
        let again: serde_json::Value = stage.token_request(&code).send().await.unwrap().json().await.unwrap();
        assert_eq!(again["error_description"], "The code has already been exchanged.");
    }
    assert_eq!(stage.injected(), ["TK-37:closed", "TK-37:reset"]);
}

#[tokio::test]
async fn a_wire_fault_ends_its_own_connection_and_no_other() {
    let stage = Stage::at(Twin::Chattz).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(client.get(stage.login.sandbox.origin()).send().await.unwrap().status().is_success());
    answer(&stage, "TK-27", "reset").await;
    assert!(client.get(stage.login.sandbox.origin()).send().await.unwrap().status().is_success());
}
