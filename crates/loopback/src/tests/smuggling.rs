//! Requests that two readers would read differently (threat L-13). Each is refused before anybody looks for a callback in it.

use super::*;

const HOST: &str = "Host: 127.0.0.1:{port}\r\n";

/// What follows a request line that names the true callback.
const BAD_FIELDS: [(&str, &str); 16] = [
    ("two lengths", "Content-Length: 0\r\nContent-Length: 5\r\n"),
    ("the same length twice", "Content-Length: 0\r\nContent-Length: 0\r\n"),
    ("a list of lengths", "Content-Length: 0, 0\r\n"),
    ("a length with a sign", "Content-Length: +0\r\n"),
    ("a length in hexadecimal", "Content-Length: 0x0\r\n"),
    ("no length after its name", "Content-Length:\r\n"),
    ("a body of a GET", "Content-Length: 5\r\n"),
    ("length and pieces", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
    ("pieces", "Transfer-Encoding: chunked\r\n"),
    ("pieces, in disguise", "Transfer-Encoding: xchunked\r\n"),
    ("pieces, with a space before the colon", "Transfer-Encoding : chunked\r\n"),
    ("pieces, after a vertical tab", "Transfer-Encoding: \u{b}chunked\r\n"),
    ("a folded field", "X: a\r\n b\r\n"),
    ("a folded length", "Content-Length:\r\n 0\r\n"),
    ("a zero byte", "X: a\u{0}b\r\n"),
    ("a lone carriage return", "X: a\rContent-Length: 5\r\n"),
];

/// Whole requests, with how each is answered.
const BAD_REQUESTS: [(&str, &str); 11] = [
    ("GET http://evil.test/callback?code=a&state=ours HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "400"),
    ("GET http://127.0.0.1:{port}/callback?code=a&state=ours HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "400"),
    ("GET http://127.0.0.1:{port}/callback?code=a&state=ours HTTP/1.1\r\nHost: evil.test\r\n\r\n", "421"),
    ("CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "405"),
    ("OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "403"),
    ("GET /callback?code=a&state=ours HTTP/1.1\r\n\r\n", "400"),
    ("GET /callback?code=a&state=ours HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.test\r\n\r\n", "400"),
    ("GET /callback?code=a&state=ours\r\n\r\n", "400"),
    ("GET  /callback?code=a&state=ours HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "400"),
    ("GET /callback?code=a&state=ours HTTP/1.1 x\r\nHost: 127.0.0.1:{port}\r\n\r\n", "400"),
    ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400"),
];

#[tokio::test]
async fn a_request_that_can_be_read_in_two_ways_is_not_read_at_all() {
    let mut listener = listening();
    let port = port(&listener);
    let with_fields = BAD_FIELDS
        .map(|(what, fields)| (what, format!("GET /callback?code=a&state=ours HTTP/1.1\r\n{HOST}{fields}\r\n"), "400"));
    let whole = BAD_REQUESTS.map(|(request, status)| (request, request.to_owned(), status));
    for (what, request, status) in with_fields.into_iter().chain(whole) {
        tokio::select! {
            answer = ask(port, &request) => assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{what}: {answer}"),
            callback = listener.next_callback() => panic!("{what} became a callback: {callback:?}"),
        }
    }
}

#[tokio::test]
async fn a_second_request_behind_the_first_is_never_read() {
    let mut listener = listening().taking_forms();
    let port = port(&listener);
    let hidden = format!("GET /callback?code=a&state=ours HTTP/1.1\r\n{HOST}\r\n");
    for first in [
        format!("GET /favicon.ico HTTP/1.1\r\n{HOST}\r\n"),
        format!("GET /elsewhere HTTP/1.1\r\n{HOST}Connection: keep-alive\r\n\r\n"),
        format!(
            "POST /elsewhere HTTP/1.1\r\n{HOST}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n"
        ),
    ] {
        let both = first + &hidden;
        tokio::select! {
            answer = ask(port, &both) => {
                assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "one request, one answer: {answer}");
                assert!(answer.contains("Connection: close"), "{answer}");
            }
            callback = listener.next_callback() => panic!("the hidden request was read: {callback:?}"),
        }
    }
}
