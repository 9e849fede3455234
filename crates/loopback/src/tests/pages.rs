//! What strangers in the same browser can do (threats L-07, L-10, L-11): look, and nothing else.

use gatewright_language::Language;

use super::*;

/// Asks without anybody who takes callbacks: whatever gets an answer has not become one.
async fn answered_without_a_login(listener: &mut Listener, head: &str) -> String {
    let port = port(listener);
    tokio::select! {
        answer = ask(port, head) => answer,
        callback = listener.next_callback() => panic!("{head} became a callback: {callback:?}"),
    }
}

#[tokio::test]
async fn a_page_in_the_browser_can_neither_read_nor_finish_a_login() {
    let mut listener = listening();
    for (fields, status) in [
        ("Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image", "403"),
        ("Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script", "403"),
        ("Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\nOrigin: https://evil.test", "403"),
        ("Sec-Fetch-Mode: same-origin\r\nSec-Fetch-Dest: empty", "403"),
        ("Sec-Fetch-Mode: websocket\r\nUpgrade: websocket\r\nConnection: Upgrade", "403"),
        ("Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe", "403"),
        ("Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: object", "403"),
        ("Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Purpose: prefetch;prerender", "403"),
        ("Purpose: prefetch", "403"),
        // One field too many: the first says what we would like to hear.
        ("Sec-Fetch-Mode: navigate\r\nSec-Fetch-Mode: cors", "400"),
    ] {
        let head = format!("GET /callback?code=a&state=ours HTTP/1.1\r\nHost: 127.0.0.1:{{port}}\r\n{fields}\r\n\r\n");
        let answer = answered_without_a_login(&mut listener, &head).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{fields}: {answer}");
        assert!(!answer.to_ascii_lowercase().contains("access-control"), "no page may read this: {answer}");
    }
}

#[tokio::test]
async fn a_preflight_for_the_private_network_is_refused() {
    let mut listener = listening();
    let head = "OPTIONS /callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: https://evil.test\r\n\
                Access-Control-Request-Method: GET\r\nAccess-Control-Request-Private-Network: true\r\n\r\n";
    let answer = answered_without_a_login(&mut listener, head).await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert!(!answer.to_ascii_lowercase().contains("access-control"), "{answer}");
}

#[tokio::test]
async fn a_name_that_was_pointed_at_this_computer_is_misdirected() {
    let mut listener = listening();
    for host in [
        "evil.test",
        "evil.test:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1.:{port}",
        "[::1]:{port}",
        "localhost:{port}",
    ] {
        let head = format!("GET /callback?code=a&state=ours HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let answer = answered_without_a_login(&mut listener, &head).await;
        assert!(answer.starts_with("HTTP/1.1 421 "), "{host}: {answer}");
    }
}

#[tokio::test]
async fn an_icon_a_head_request_and_a_second_visit_complete_nothing() {
    let mut listener = listening();
    let port = port(&listener);
    for (line, status) in [
        ("GET /favicon.ico", "204"),
        ("GET /favicon.ico?code=a&state=ours", "204"),
        ("HEAD /callback?code=a&state=ours", "405"),
        ("GET /Callback?code=a&state=ours", "404"),
        ("GET /callback/?code=a&state=ours", "404"),
        ("GET /callback%2F?code=a&state=ours", "404"),
    ] {
        let head = format!("{line} HTTP/1.1\r\nHost: 127.0.0.1:{{port}}\r\n\r\n");
        let answer = answered_without_a_login(&mut listener, &head).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {answer}");
    }
    let asking = tokio::spawn(async move { get(port, "/callback?code=a&state=ours").await });
    listener.next_callback().await.unwrap().accept();
    assert!(asking.await.unwrap().starts_with("HTTP/1.1 303"), "and after all that the true one still counts");
    for target in ["/callback?code=a&state=ours", "/callback?code=another&state=ours"] {
        let head = format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{{port}}\r\n\r\n");
        let answer = answered_without_a_login(&mut listener, &head).await;
        assert!(answer.starts_with("HTTP/1.1 410 "), "{target}: {answer}");
    }
}

#[tokio::test]
async fn the_pages_are_the_same_bytes_whatever_the_parameters_say() {
    let hostile = [
        "state=plain&code=plain",
        "state=%3Cscript%3Ealert(1)%3C/script%3E&code=1",
        "state=\"><img/src=x>&code='",
        "error=x&error_description=%0d%0aSet-Cookie:%20a=b&error_uri=javascript:alert(1)",
        "code=%00%ff%zz&state=%E2%80%AE",
    ];
    for taken in [false, true] {
        let listener = listening();
        let port = port(&listener);
        let waiting = tokio::spawn(until_ours(listener));
        if taken {
            let answer = get(port, "/callback?code=a&state=ours").await;
            let head = answer.split("\r\n\r\n").next().unwrap();
            assert!(head.contains("\r\nLocation: /done\r\n") && !head.contains("code="), "{head}");
            assert!(head.contains("Referrer-Policy: no-referrer") && head.contains("Cache-Control: no-store"));
        }
        let mut pages = Vec::new();
        for parameters in hostile {
            pages.push(get(port, &format!("/callback?{parameters}")).await);
        }
        let first = pages[0].clone();
        assert!(first.starts_with(if taken { "HTTP/1.1 410 " } else { "HTTP/1.1 400 " }), "{first}");
        assert!(pages.iter().all(|page| *page == first), "{pages:#?}");
        if taken {
            assert_eq!(get(port, "/done").await.split("\r\n\r\n").count(), 2);
        }
        waiting.abort();
    }
}

#[tokio::test]
async fn the_pages_are_in_the_language_of_the_window() {
    for (language, tag, title) in [
        (Language::English, "en", "You can close this tab"),
        (Language::German, "de", "Dieser Tab kann geschlossen werden"),
    ] {
        let listener = listening().speaking(language);
        let port = port(&listener);
        let waiting = tokio::spawn(until_ours(listener));
        let stranger = get(port, "/callback?code=a&state=theirs").await;
        assert!(stranger.contains(&format!("<html lang=\"{tag}\">")), "{stranger}");
        get(port, "/callback?code=a&state=ours").await;
        let done = get(port, "/done").await;
        assert!(done.contains(&format!("<h1>{title}</h1>")), "{done}");
        let length = format!("Content-Length: {}\r\n", done.split("\r\n\r\n").nth(1).unwrap().len());
        assert!(done.contains(&length), "in bytes, not in letters: {done}");
        waiting.abort();
    }
}
