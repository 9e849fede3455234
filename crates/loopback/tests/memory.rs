//! What a stranger can make a listener hold (threat L-08). A program of its own: memory is counted by process.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::fs;

use gatewright_loopback::Listener;
use gatewright_protocol::RedirectUri;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What the process may grow by, at its highest, in bytes.
const MOST_GROWTH: u64 = 1 << 20;

/// A field of `/proc/self/status`, in bytes.
fn memory(field: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() << 10
}

/// Sends a head and then a megabyte, and gives the status of the answer. Nothing is held here but what the test holds anyway.
async fn status_of(port: u16, head: &str, megabyte: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(megabyte).await.unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.unwrap();
    String::from_utf8_lossy(&status[9..]).into_owned()
}

#[tokio::test]
async fn a_megabyte_of_anything_is_refused_and_not_kept() {
    let listener = Listener::bind_any_port(&RedirectUri::parse("http://127.0.0.1/callback").unwrap()).unwrap();
    let listener = listener.taking_forms();
    let port = listener.redirect_uri().loopback_port().unwrap();
    let megabyte = vec![b'a'; 1 << 20];
    let host = format!("Host: 127.0.0.1:{port}\r\n");
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let requests = [
        ("GET /callback?".to_owned(), "414"),
        (format!("GET /callback HTTP/1.1\r\n{host}X: "), "431"),
        (format!("POST /callback HTTP/1.1\r\n{host}{form}Content-Length: {}\r\n\r\n", megabyte.len()), "413"),
    ];
    // Once, so that what is made at the first request of all does not count.
    status_of(port, &requests[0].0, &megabyte).await;

    let before = memory("VmRSS");
    // Lets the highest mark start anew.
    fs::write("/proc/self/clear_refs", "5").unwrap();
    for _ in 0..8 {
        for (head, status) in &requests {
            assert_eq!(status_of(port, head, &megabyte).await, *status, "{head}");
        }
    }
    let growth = memory("VmHWM").saturating_sub(before);
    assert!(growth < MOST_GROWTH, "the process grew by {growth} bytes");
}
