//! The listener over real sockets.

mod forms;
mod pages;
mod smuggling;

use std::time::Duration;

use gatewright_protocol::RedirectUri;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::bind::Sockets;
use crate::serve::Limits;

/// A second on a machine that has nothing else to do, and more on one that has.
const SOON: Duration = Duration::from_secs(4);

/// A listener on a free port of 127.0.0.1.
fn listening() -> Listener {
    Listener::bind_any_port(&RedirectUri::parse("http://127.0.0.1/callback").unwrap()).unwrap()
}

fn port(listener: &Listener) -> u16 {
    listener.redirect_uri().loopback_port().unwrap()
}

/// Sends one request to a port and brings the whole answer, when there is one.
async fn try_ask(port: u16, head: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(head.replace("{port}", &port.to_string()).as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

async fn ask(port: u16, head: &str) -> String {
    try_ask(port, head).await.unwrap()
}

async fn try_get(port: u16, target: String) -> std::io::Result<String> {
    try_ask(port, &format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{{port}}\r\n\r\n")).await
}

async fn get(port: u16, target: &str) -> String {
    try_get(port, target.to_owned()).await.unwrap()
}

/// Accepts the callback whose query says `state=ours` and ignores all others.
async fn until_ours(mut listener: Listener) -> (Option<url::Url>, u32) {
    let mut ignored = 0;
    while let Some(callback) = listener.next_callback().await {
        if callback.url().query() == Some("code=a&state=ours") {
            return (Some(callback.accept()), ignored);
        }
        ignored += 1;
        callback.ignore();
    }
    (None, ignored)
}

/// Waits until nothing listens on the port any more.
async fn until_closed(port: u16) {
    while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_port_that_was_probed_is_free_again_at_once() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let redirect_uri = RedirectUri::parse(&format!("http://127.0.0.1:{port}/callback")).unwrap();
    for _ in 0..50 {
        Listener::probe(&redirect_uri).unwrap();
    }
    let _listener = Listener::bind(&redirect_uri).unwrap();
    assert!(matches!(Listener::probe(&redirect_uri), Err(BindError::PortTaken { .. })));
}

#[tokio::test]
async fn the_callback_is_taken_the_browser_is_sent_on_and_the_port_closes() {
    let listener = listening();
    let port = port(&listener);
    let waiting = tokio::spawn(until_ours(listener));
    let answer = get(port, "/callback?code=a&state=ours").await;
    assert!(answer.starts_with("HTTP/1.1 303 See Other\r\nLocation: /done\r\n"), "{answer}");
    let (callback, _) = waiting.await.unwrap();
    assert_eq!(callback.unwrap().as_str(), format!("http://127.0.0.1:{port}/callback?code=a&state=ours"));

    assert!(get(port, "/callback?code=b&state=ours").await.starts_with("HTTP/1.1 410"), "a code is good once");
    let page = get(port, "/done").await;
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("You can close this tab"), "{page}");
    assert!(page.contains("Content-Security-Policy: default-src 'none'") && page.contains("Cache-Control: no-store"));
    until_closed(port).await;
}

#[tokio::test]
async fn the_true_callback_arrives_while_ten_thousand_strangers_call() {
    let listener = listening();
    let port = port(&listener);
    let waiting = tokio::spawn(until_ours(listener));
    let (half, halfway) = tokio::sync::oneshot::channel();
    let flood = tokio::spawn(async move {
        let mut half = Some(half);
        for batch in 0..100 {
            if batch == 50
                && let Some(half) = half.take()
            {
                half.send(()).unwrap();
            }
            let mut calling = tokio::task::JoinSet::new();
            for number in 0..100 {
                calling.spawn(try_get(port, format!("/callback?code=x&state={batch}-{number}")));
            }
            calling.join_all().await;
        }
    });
    halfway.await.unwrap();
    let answer = get(port, "/callback?code=a&state=ours").await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let (callback, ignored) = waiting.await.unwrap();
    assert!(callback.is_some());
    assert!(ignored >= 4_900, "{ignored} strangers were looked at");
    flood.await.unwrap();
}

#[tokio::test]
async fn two_hundred_silent_connections_do_not_keep_the_browser_out() {
    let listener = listening();
    let port = port(&listener);
    let waiting = tokio::spawn(until_ours(listener));
    let mut silent = Vec::new();
    for _ in 0..200 {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(b"GET /callb").await.unwrap();
        silent.push(stream);
    }
    let answer = tokio::time::timeout(SOON, get(port, "/callback?code=a&state=ours")).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(waiting.await.unwrap().0.is_some());
}

#[tokio::test]
async fn connections_that_stay_open_after_their_answer_do_not_keep_the_browser_out() {
    let listener = listening();
    let port = port(&listener);
    let waiting = tokio::spawn(until_ours(listener));
    let mut lingering = Vec::new();
    for _ in 0..32 {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(b"GET /elsewhere HTTP/1.1\r\nHost: evil.test\r\n\r\n").await.unwrap();
        lingering.push(stream);
    }
    let answer = tokio::time::timeout(SOON, get(port, "/callback?code=a&state=ours")).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(waiting.await.unwrap().0.is_some());
}

#[tokio::test]
async fn a_request_that_is_never_finished_is_ended() {
    let limits = Limits { head: Duration::from_millis(50), ..Limits::default() };
    let sockets = Sockets::bind_any(&RedirectUri::parse("http://127.0.0.1/callback").unwrap()).unwrap();
    let port = sockets.port;
    let uri = RedirectUri::parse(&format!("http://127.0.0.1:{port}/callback")).unwrap();
    let _listener = Listener::start(uri, sockets, limits);
    let answer = ask(port, "GET /callback HTTP/1.1\r\nHost: 127").await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn only_a_navigation_to_the_exact_place_reaches_the_login() {
    let mut listener = listening();
    let port = port(&listener);
    let cases = [
        ("GET /callback HTTP/1.1\r\nHost: evil.test\r\n\r\n", "421"),
        ("GET /callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nSec-Fetch-Mode: no-cors\r\n\r\n", "403"),
        ("POST /callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\n\r\n", "405"),
        ("HEAD /callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "405"),
        ("OPTIONS /callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "403"),
        ("GET /callback/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "404"),
        ("GET //callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "404"),
        ("GET /done HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "404"),
        ("GET /favicon.ico HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "204"),
        ("\u{16}\u{3}\u{1}\r\n\r\n", "400"),
    ];
    for (head, status) in cases {
        let answer = ask(port, head).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {answer}");
        assert!(!answer.contains("Access-Control"), "no page may read this");
    }
    let nothing = tokio::time::timeout(Duration::from_millis(50), listener.next_callback()).await;
    assert!(nothing.is_err(), "none of these is a callback");
}

#[tokio::test]
async fn a_megabyte_of_address_or_headers_is_refused_in_words() {
    let listener = listening();
    let port = port(&listener);
    let long = "a".repeat(1 << 20);
    let address = get(port, &format!("/callback?{long}")).await;
    assert!(address.starts_with("HTTP/1.1 414"), "{address}");
    let header = ask(port, &format!("GET /callback HTTP/1.1\r\nX: {long}\r\n\r\n")).await;
    assert!(header.starts_with("HTTP/1.1 431"), "{header}");
}

#[tokio::test]
async fn nothing_of_a_request_is_repeated_in_an_answer() {
    let listener = listening();
    let port = port(&listener);
    let _waiting = tokio::spawn(until_ours(listener));
    let first = get(port, "/callback?code=x&state=%3Cscript%3E").await;
    let second = get(port, "/callback?error=other&error_description=%3Cb%3Ehostile").await;
    assert_eq!(first, second, "the same bytes whatever was asked");
}

#[tokio::test]
async fn a_doubtful_callback_leaves_the_login_open() {
    let mut listener = listening();
    let port = port(&listener);
    let asking = tokio::spawn(async move { get(port, "/callback").await });
    let callback = listener.next_callback().await.unwrap();
    assert_eq!(callback.url().query(), None);
    callback.doubt();
    assert!(asking.await.unwrap().contains("stop it in Gatewright's window"));
    let asking = tokio::spawn(async move { get(port, "/callback?code=a&state=ours").await });
    listener.next_callback().await.unwrap().accept();
    assert!(asking.await.unwrap().starts_with("HTTP/1.1 303"));
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_and_no_other_is_chosen() {
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = other.local_addr().unwrap().port();
    for host in ["127.0.0.1", "localhost"] {
        let uri = RedirectUri::parse(&format!("http://{host}:{port}/callback")).unwrap();
        let error = Listener::bind(&uri).unwrap_err();
        assert_eq!(error.to_string(), format!("port {port} on 127.0.0.1 is taken by another program"));
    }
    drop(other);
    Listener::bind(&RedirectUri::parse(&format!("http://127.0.0.1:{port}/callback")).unwrap()).unwrap();
}

#[tokio::test]
async fn localhost_is_not_opened_when_somebody_else_has_it_on_ipv6() {
    let Ok(other) = TcpListener::bind("[::1]:0").await else {
        return; // Without IPv6 nobody can have it.
    };
    let port = other.local_addr().unwrap().port();
    let error = Listener::bind(&RedirectUri::parse(&format!("http://localhost:{port}/callback")).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), format!("port {port} on ::1 is taken by another program"));
}

#[tokio::test]
async fn a_redirect_uri_elsewhere_or_without_a_usable_port_is_refused() {
    let error = |uri: &str| Listener::bind(&RedirectUri::parse(uri).unwrap()).unwrap_err();
    assert!(matches!(error("https://app.example/callback"), BindError::NotLoopback { .. }));
    assert!(matches!(error("http://127.0.0.1:0/callback"), BindError::PortZero));
}

#[tokio::test]
async fn a_listener_that_is_dropped_closes_its_port_at_once() {
    let listener = listening();
    let port = port(&listener);
    drop(listener);
    tokio::time::timeout(SOON, until_closed(port)).await.unwrap();
}

#[tokio::test]
async fn only_loopback_is_bound() {
    let uri = RedirectUri::parse("http://localhost/callback").unwrap();
    let sockets = Sockets::bind_any(&uri).unwrap();
    let addresses = [Some(&sockets.first), sockets.second.as_ref()];
    for socket in addresses.into_iter().flatten() {
        assert!(socket.local_addr().unwrap().ip().is_loopback());
    }
}
