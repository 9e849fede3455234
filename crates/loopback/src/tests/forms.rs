//! Callbacks that a provider's page posts (fault AZ-25, OAuth 2.0 Form Post Response Mode).

use gatewright_protocol::authorization::LONGEST_FORM;

use super::*;

/// A POST as a browser makes it when a page of the provider sends its form.
fn post(target: &str, label: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {target} HTTP/1.1\r\nHost: 127.0.0.1:{{port}}\r\nOrigin: null\r\nSec-Fetch-Mode: navigate\r\n\
         Sec-Fetch-Dest: document\r\nContent-Type: {label}\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

const FORM: &str = "application/x-www-form-urlencoded";

/// Asks while nobody takes callbacks: an answer has to come from the listener alone.
async fn refuses(listener: &mut Listener, head: &str, status: &str) {
    let port = port(listener);
    tokio::select! {
        answer = ask(port, head) => assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}"),
        callback = listener.next_callback() => panic!("it became a callback: {callback:?}"),
    }
}

#[tokio::test]
async fn a_posted_form_arrives_with_its_body_and_the_browser_is_sent_on() {
    let mut listener = listening().taking_forms();
    let port = port(&listener);
    let body = "code=a&state=ours";
    let asking = tokio::spawn(async move { ask(port, &post("/callback", FORM, body)).await });
    let callback = listener.next_callback().await.unwrap();
    assert_eq!(callback.form().unwrap().body, body.as_bytes());
    assert_eq!(callback.url().query(), None, "nothing of the form goes into the address");
    assert!(!format!("{callback:?}").contains("ours"), "a callback is not written into logs");
    callback.accept();
    assert!(asking.await.unwrap().starts_with("HTTP/1.1 303 See Other\r\nLocation: /done\r\n"));
}

#[tokio::test]
async fn a_form_that_comes_in_pieces_is_put_together() {
    let mut listener = listening().taking_forms();
    let port = port(&listener);
    let body = format!("state=ours&code={}", "a".repeat(LONGEST_FORM - 16));
    assert_eq!(body.len(), LONGEST_FORM, "the longest there may be");
    let whole = post("/callback", &format!("{FORM}; charset=UTF-8"), &body).replace("{port}", &port.to_string());
    let sending = tokio::spawn(async move {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        for piece in whole.as_bytes().chunks(9000) {
            stream.write_all(piece).await.unwrap();
            tokio::task::yield_now().await;
        }
        stream
    });
    let callback = listener.next_callback().await.unwrap();
    assert_eq!(callback.form().unwrap().body, body.as_bytes());
    sending.await.unwrap();
}

#[tokio::test]
async fn an_address_with_parameters_still_counts_where_a_form_was_asked_for() {
    let mut listener = listening().taking_forms();
    let port = port(&listener);
    let asking = tokio::spawn(async move { get(port, "/callback?error=access_denied&state=ours").await });
    let callback = listener.next_callback().await.unwrap();
    assert!(callback.form().is_none());
    callback.ignore();
    assert!(asking.await.unwrap().starts_with("HTTP/1.1 400"));
}

#[tokio::test]
async fn a_form_nobody_asked_for_is_no_callback() {
    let mut listener = listening();
    let port = port(&listener);
    refuses(&mut listener, &post("/callback", FORM, "code=a&state=ours"), "405").await;
    let listener = listener.taking_forms();
    assert!(
        ask(port, "PUT /callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").await.contains("Allow: GET, POST\r\n")
    );
    drop(listener);
}

#[tokio::test]
async fn what_is_no_form_is_refused_by_name() {
    let mut listener = listening().taking_forms();
    for label in
        ["application/json", "multipart/form-data; boundary=x", "text/plain", "application/x-www-form-urlencodedx"]
    {
        refuses(&mut listener, &post("/callback", label, "code=a&state=ours"), "415").await;
    }
    let unlabelled = "POST /callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 6\r\n\r\ncode=a";
    refuses(&mut listener, unlabelled, "415").await;
    refuses(&mut listener, &post("/elsewhere", FORM, "code=a&state=ours"), "404").await;
    let fetched = post("/callback", FORM, "code=a&state=ours").replace("navigate", "no-cors");
    refuses(&mut listener, &fetched, "403").await;
}

#[tokio::test]
async fn a_form_that_is_too_long_is_refused_before_it_is_read() {
    let mut listener = listening().taking_forms();
    refuses(&mut listener, &post("/callback", FORM, &"a".repeat(LONGEST_FORM + 1)), "413").await;
    refuses(&mut listener, &post("/callback", FORM, &"a".repeat(1 << 20)), "413").await;
    let promised = format!(
        "POST /callback HTTP/1.1\r\nHost: 127.0.0.1:{{port}}\r\nContent-Type: {FORM}\r\nContent-Length: {}\r\n\r\n",
        "9".repeat(40)
    );
    refuses(&mut listener, &promised, "413").await;
}

#[tokio::test]
async fn a_form_without_one_plain_length_is_refused() {
    let mut listener = listening().taking_forms();
    for lengths in [
        "",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n",
        "Content-Length: 6\r\nContent-Length: 6\r\n",
        "Content-Length: 6, 6\r\n",
        "Content-Length: +6\r\n",
        "Content-Length: 0x6\r\n",
        "Content-Length: -1\r\n",
        "Content-Length:\r\n",
    ] {
        let head = format!(
            "POST /callback HTTP/1.1\r\nHost: 127.0.0.1:{{port}}\r\nContent-Type: {FORM}\r\n{lengths}\r\ncode=a"
        );
        refuses(&mut listener, &head, "400").await;
    }
}
