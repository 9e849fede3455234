//! What the rest of the system sees of a listener: its socket table, programs that want the same port, and another computer.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod another_computer;
mod socket_table;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use gatewright_loopback::Listener;
use gatewright_protocol::RedirectUri;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::socket_table::{LOOPBACK_V4, LOOPBACK_V6, listening_at};

/// How long after its end a port may still be in the socket table: a second, and one more on a machine that has other things to do.
const CLOSED_WITHIN: Duration = Duration::from_secs(2);

fn listener(host: &str) -> (Listener, u16) {
    let listener = Listener::bind_any_port(&RedirectUri::parse(&format!("http://{host}/callback")).unwrap()).unwrap();
    let port = listener.redirect_uri().loopback_port().unwrap();
    (listener, port)
}

/// Asks for a path and brings what comes, if anything does.
async fn get(port: u16, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

async fn closes_in_time(port: u16, after: &str) {
    let end = Instant::now();
    while !listening_at(port).is_empty() {
        assert!(end.elapsed() < CLOSED_WITHIN, "{after} the port is still open");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// L-01.
#[tokio::test]
async fn while_a_login_waits_the_socket_table_shows_loopback_only() {
    for (host, expected) in
        [("127.0.0.1", vec![LOOPBACK_V4]), ("[::1]", vec![LOOPBACK_V6]), ("localhost", vec![LOOPBACK_V4, LOOPBACK_V6])]
    {
        let (_listener, port) = listener(host);
        assert_eq!(listening_at(port), expected, "{host}");
    }
}

/// L-03. The system asks which sockets want a port, not which programs: two sockets of one program say the same as those of two.
#[tokio::test]
async fn nobody_can_share_the_port_or_take_it_over() {
    let (_listener, port) = listener("127.0.0.1");
    for address in [Ipv4Addr::LOCALHOST, Ipv4Addr::UNSPECIFIED] {
        for (reuse_address, reuse_port) in [(false, false), (true, false), (false, true), (true, true)] {
            let taken = take(address, port, reuse_address, reuse_port).and_then(|socket| socket.listen(1));
            let refused = taken.unwrap_err();
            assert_eq!(
                refused.kind(),
                std::io::ErrorKind::AddrInUse,
                "{address}, address reused: {reuse_address}, port reused: {reuse_port}"
            );
        }
    }
}

/// L-03. Holding a name without listening yet, ready to share it, does not get a stranger in later.
#[tokio::test]
async fn who_took_the_port_before_without_listening_does_not_get_in_afterwards() {
    for reuse_port in [false, true] {
        let stranger = take(Ipv4Addr::LOCALHOST, 0, true, reuse_port).unwrap();
        let port = stranger.local_addr().unwrap().as_socket().unwrap().port();
        let uri = RedirectUri::parse(&format!("http://127.0.0.1:{port}/callback")).unwrap();
        // Refusing the port is as good as keeping it.
        if let Ok(_listener) = Listener::bind(&uri) {
            stranger.listen(1).unwrap_err();
        }
    }
}

fn take(address: Ipv4Addr, port: u16, reuse_address: bool, reuse_port: bool) -> std::io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(reuse_address)?;
    socket.set_reuse_port(reuse_port)?;
    socket.bind(&SocketAddr::from((address, port)).into())?;
    Ok(socket)
}

/// L-12.
#[tokio::test]
async fn the_port_is_closed_when_the_login_is_over_or_given_up() {
    let (mut taking, port) = listener("127.0.0.1");
    let browser = tokio::spawn(async move {
        get(port, "/callback?code=a&state=b").await.unwrap();
        get(port, "/done").await.unwrap()
    });
    taking.next_callback().await.unwrap().accept();
    assert!(browser.await.unwrap().starts_with("HTTP/1.1 200"));
    closes_in_time(port, "after the last page").await;

    let (given_up, port) = listener("localhost");
    drop(given_up);
    closes_in_time(port, "after giving up").await;
}

/// L-12. A browser that is sent on and never comes keeps nothing open.
#[tokio::test]
async fn the_port_is_closed_although_no_browser_asks_for_the_last_page() {
    let (mut taking, port) = listener("127.0.0.1");
    let browser = tokio::spawn(async move { get(port, "/callback?code=a&state=b").await.unwrap() });
    taking.next_callback().await.unwrap().accept();
    assert!(browser.await.unwrap().starts_with("HTTP/1.1 303"));
    closes_in_time(port, "after the callback").await;
}

/// L-12.
#[tokio::test]
async fn the_port_is_closed_when_whoever_judges_callbacks_panics() {
    let (mut waiting, port) = listener("127.0.0.1");
    let judging = tokio::spawn(async move {
        let callback = waiting.next_callback().await;
        panic!("as a bug would: {callback:?}");
    });
    let _no_answer = get(port, "/callback?code=a&state=b").await;
    assert!(judging.await.unwrap_err().is_panic());
    closes_in_time(port, "after a panic").await;
}
