//! What the transport refuses by itself, whoever asks.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gatewright_engine::ports::{SendError, Transport as _};
use gatewright_engine::transport::{HttpTransport, Limits, Lookup, NearbyHosts};
use gatewright_model::run::{EndReason, StepKind};
use gatewright_protocol::http::{HttpRequest, HttpResponse, Method};
use gatewright_testkit::{Answer, RawServer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;

use crate::stage::*;

/// Says that every name is at these addresses.
fn everything_is_at(addresses: &[&str]) -> Lookup {
    let found: Vec<_> = addresses.iter().map(|address| address.parse().unwrap()).collect();
    Arc::new(move |_| Box::pin(std::future::ready(Ok(found.clone()))))
}

fn get(url: &str) -> HttpRequest {
    HttpRequest { method: Method::Get, url: Url::parse(url).unwrap(), headers: Vec::new(), body: None }
}

async fn answered(limits: Limits, answer: Answer) -> (RawServer, Result<HttpResponse, SendError>) {
    let server = RawServer::start(move |_| answer.clone()).await;
    let transport = HttpTransport::new(limits, NearbyHosts::default());
    let result = transport.send(&get(&server.origin())).await;
    (server, result)
}

#[tokio::test]
async fn a_name_that_leads_to_this_computer_is_refused_before_anything_is_sent() {
    let server = RawServer::start(|_| Answer::json(200, "{}")).await;
    let port = server.origin().rsplit(':').next().unwrap().to_owned();
    let nearby = NearbyHosts::default();
    let limits = Limits { connect: Duration::from_millis(200), ..Limits::default() };
    let transport = HttpTransport::looking_up(limits, nearby.clone(), everything_is_at(&["127.0.0.1"]));
    let request = get(&format!("https://id.example:{port}/token"));
    let error = transport.send(&request).await.unwrap_err();
    assert_eq!(error.to_string(), "id.example leads to 127.0.0.1, which is not on the internet");
    assert!(!error.may_have_arrived());
    nearby.confirm("id.example");
    let error = transport.send(&request).await.unwrap_err();
    assert!(!matches!(error, SendError::TooNear { .. }), "a confirmed host is tried: {error}");
}

#[tokio::test]
async fn a_login_at_such_a_name_says_what_to_do() {
    let mut stage = Stage::at("chattz", chattz).await;
    stage.plan.bases.authorization = "https://metadata.internal.example".to_owned();
    stage.lookup = Some(everything_is_at(&["169.254.169.254"]));
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    assert_eq!(walked.ending().reason, EndReason::ProviderUnreachable);
    assert!(walked.ending().next.contains("allow its host for Chattz"), "{}", walked.ending().next);
    let [finding] = walked.step(StepKind::TokenRequest).findings.as_slice() else { panic!("{:?}", walked.findings()) };
    assert_eq!(finding.code, "host_too_near");
    assert_eq!(finding.received.to_plain(), "metadata.internal.example", "the name alone can be allowed");
    assert!(finding.advice.contains("169.254.169.254"), "{}", finding.advice);
}

#[tokio::test]
async fn a_profile_on_the_internet_may_not_name_an_endpoint_on_this_computer() {
    let mut stage = Stage::at("chattz", chattz).await;
    stage.plan.bases = stage.plan.provider.bases(gatewright_model::Environment::Production, None);
    stage.plan.bases.authorization = "https://id.example".to_owned();
    stage.plan.bases.placeholder = false;
    stage.plan.provider.endpoints.token.value = format!("{}/token", stage.server.origin());
    let error = stage.try_walk(comes_back_with("?code=a"), |_| {}).await.err().unwrap();
    assert!(error.to_string().contains("nearer than the issuer"), "{error}");
}

#[tokio::test]
async fn the_head_of_an_answer_has_its_own_limit_of_time() {
    let started = Instant::now();
    let limits = Limits { head: Duration::from_millis(100), ..Limits::default() };
    let (_, result) = answered(limits, Answer::Never).await;
    assert!(matches!(result, Err(SendError::TimedOut { .. })));
    assert!(started.elapsed() < Duration::from_secs(5));
    let drips = Answer::Slowly(b"HTTP/1.1 200 OK\r\n".to_vec(), Duration::from_millis(20));
    assert!(matches!(answered(limits, drips).await.1, Err(SendError::TimedOut { .. })));
}

#[tokio::test]
async fn header_fields_are_limited_in_size_and_number() {
    let long = format!("HTTP/1.1 200 OK\r\nx-long: {}\r\ncontent-length: 2\r\n\r\n{{}}", "a".repeat(80 << 10));
    let endless = format!("HTTP/1.1 200 OK\r\nx-long: {}", "a".repeat(1 << 20));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x-many: a\r\n".repeat(10_000));
    for head in [long, endless, many] {
        let (_, result) = answered(Limits::default(), Answer::Bytes(head.into_bytes())).await;
        assert!(matches!(result, Err(SendError::NotHttp { .. })), "{result:?}");
    }
}

#[tokio::test]
async fn nothing_is_unpacked_that_nobody_asked_to_be_packed() {
    let packed = Answer::json(200, "whatever").with("content-encoding", "gzip");
    let (server, result) = answered(Limits::default(), packed.clone()).await;
    assert_eq!(result.unwrap().body, b"whatever");
    assert_eq!(server.requests()[0].header("accept-encoding"), None);
    let stage = Stage::at("chattz", move |_| packed.clone()).await;
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    assert_eq!(walked.findings(), ["answer_packed"]);
}

#[tokio::test]
async fn a_cookie_is_neither_kept_nor_sent_back() {
    let stage = Stage::at("chattz", |request| chattz(request).with("set-cookie", "session=1; Path=/")).await;
    stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    assert_eq!(stage.server.requests().len(), 4);
    assert!(stage.server.requests().iter().all(|request| request.header("cookie").is_none()));
}

/// Answers everything, leaves every connection open, and remembers which request came on which.
async fn counting_connections() -> (Url, Arc<Mutex<Vec<(usize, String)>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let requests = Arc::clone(&seen);
    tokio::spawn(async move {
        for number in 1.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let requests = Arc::clone(&requests);
            tokio::spawn(async move {
                let mut head = [0; 1024];
                while let Ok(length @ 1..) = stream.read(&mut head).await {
                    let method = String::from_utf8_lossy(&head[..length]).split(' ').next().unwrap().to_owned();
                    requests.lock().unwrap().push((number, method));
                    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await.unwrap();
                }
            });
        }
    });
    (url, seen)
}

#[tokio::test]
async fn what_must_not_arrive_twice_has_a_connection_of_its_own_and_reading_may_share_one() {
    let (url, seen) = counting_connections().await;
    let transport = HttpTransport::default();
    for method in [Method::Get, Method::Post, Method::Post, Method::Get, Method::Delete, Method::Get] {
        let request = HttpRequest { method, url: url.clone(), headers: Vec::new(), body: None };
        assert_eq!(transport.send(&request).await.unwrap().status, 200);
    }
    let seen = seen.lock().unwrap().clone();
    let expected = [(1, "GET"), (2, "POST"), (3, "POST"), (1, "GET"), (4, "DELETE"), (1, "GET")];
    assert_eq!(seen, expected.map(|(connection, method)| (connection, method.to_owned())));
}

#[tokio::test]
async fn a_redirect_of_any_request_is_an_answer_and_not_a_way() {
    let elsewhere = RawServer::start(|_| Answer::json(200, "{}")).await;
    for status in [301, 302, 303, 307, 308] {
        let answer = Answer::labelled(status, "text/html", "").with("location", &elsewhere.origin());
        assert_eq!(answered(Limits::default(), answer).await.1.unwrap().status, status);
    }
    assert_eq!(elsewhere.requests().len(), 0);
    let stage = Stage::at("chattz", |_| Answer::labelled(101, "text/html", "")).await;
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    assert!(walked.step(StepKind::TokenRequest).findings.len() <= 1);
    assert!(walked.end.identity.is_none());
}
