//! What happens around every request: hosts, headers, limits, the log, starting and stopping.

use gatewright_sandbox::{Sandbox, SandboxOptions, StartError, Twin};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::browser::{self, Browser, CALLBACK, Login, authorize, wire};

#[tokio::test]
async fn another_host_name_is_misdirected() {
    let sandbox = browser::sandbox().await;
    let port = sandbox.origin().rsplit(':').next().unwrap().to_owned();
    for (host, status) in [
        (format!("localhost:{port}"), 200),
        (format!("127.0.0.1:{port}"), 200),
        (format!("rebound.example:{port}"), 421),
        ("127.0.0.1".to_owned(), 421),
    ] {
        let response = wire().get(sandbox.origin()).header("host", &host).send().await.unwrap();
        assert_eq!(response.status(), status, "{host}");
    }
}

#[tokio::test]
async fn pages_run_no_scripts_are_not_kept_and_cannot_be_framed() {
    let login = Login::prepare(Twin::Chattz).await;
    let response = wire().get(login.authorize(&[])).send().await.unwrap();
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    let policy = header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("form-action"), "it would stop the redirect that follows the consent form");
    assert_eq!((header("cache-control"), header("referrer-policy")), ("no-store".into(), "no-referrer".into()));
    assert_eq!(header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn the_session_cookie_is_limited_to_its_twin() {
    let login = Login::prepare(Twin::Gitter).await;
    let fields = [("username", "theo"), ("password", "theo-sandbox")];
    let response = wire().post(login.at("/gitter/login")).form(&fields).send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    for part in ["gitter_session=", "Path=/gitter", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}

#[tokio::test]
async fn a_sign_in_sends_nobody_to_another_place() {
    let login = Login::prepare(Twin::Chattz).await;
    for next in [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/chattr/oauth/authorize?x",
        "/chattz/oauth/authorize.elsewhere.example",
        "/chattz/oauth/authorize?a\r\nX: 1",
    ] {
        let fields = [("username", "theo"), ("password", "theo-sandbox"), ("next", next)];
        let response = wire().post(login.at("/chattz/login")).form(&fields).send().await.unwrap();
        assert_eq!(response.headers().get("location"), None, "{next}");
    }
}

#[tokio::test]
async fn nobody_is_ever_redirected_to_an_unregistered_address() {
    let sandbox = browser::sandbox().await;
    for twin in Twin::ALL {
        let id = browser::app(&sandbox, twin).await.app.client_id.to_string();
        for uri in [
            "https://canary.example/",
            &format!("{CALLBACK}/"),
            &format!("{CALLBACK}?a=b"),
            &CALLBACK.to_uppercase(),
            "",
        ] {
            let parameters = [("response_type", "code"), ("client_id", &*id), ("redirect_uri", uri)];
            let browser = Browser::new(&sandbox);
            let mut end = browser.open(authorize(&sandbox, twin, &parameters)).await;
            if twin == Twin::ContentDb {
                end = browser.sign_in(&end.page(), "olivia").await;
            }
            let page = end.page();
            assert!(page.status.is_client_error(), "{twin:?} {uri}: {}", page.html);
        }
    }
}

#[tokio::test]
async fn a_body_beyond_64_kib_is_refused() {
    let login = Login::prepare(Twin::Chattz).await;
    let (status, _) = login.exchange(&"x".repeat(65 * 1024), &[]).await;
    assert_eq!(status, 413);
}

#[tokio::test]
async fn the_log_says_what_was_decided_and_holds_no_secret() {
    let login = Login::prepare(Twin::Chattz).await;
    let mut live = login.sandbox.subscribe();
    let code = login.decided("theo", "approve", &[("state", "canary-state")]).await.code();
    login.exchange(&code, &[]).await;
    let (_, refusal) = login.exchange(&code, &[]).await;
    assert_eq!(refusal["error"], "invalid_grant");

    let kept = login.sandbox.recent_requests();
    let notes: Vec<_> = kept.iter().map(|entry| &*entry.note).collect();
    assert_eq!(
        notes,
        [
            "sign-in page shown",
            "theo signed in",
            "consent page shown",
            "approved, code issued",
            "access token issued",
            "invalid_grant"
        ]
    );
    assert_eq!(kept.iter().map(|entry| entry.sequence).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    assert!(kept.iter().all(|entry| entry.twin == Some(Twin::Chattz)));
    let text = serde_json::to_string(&kept.iter().map(AsRef::as_ref).collect::<Vec<_>>()).unwrap();
    for canary in [code.as_str(), "canary-state", login.app.secret.expose(), "theo-sandbox"] {
        assert!(!text.contains(canary), "{canary} in {text}");
    }
    for entry in &kept {
        assert_eq!(&live.recv().await.unwrap(), entry, "a subscriber hears the same");
    }
}

#[tokio::test]
async fn an_answer_carries_the_request_id_of_its_log_entry() {
    let sandbox = browser::sandbox().await;
    let response = wire().get(sandbox.origin()).send().await.unwrap();
    assert_eq!(response.headers()["x-request-id"].to_str().unwrap(), sandbox.recent_requests()[0].request_id);
}

#[tokio::test]
async fn only_the_chosen_twins_answer() {
    let sandbox =
        Sandbox::start(SandboxOptions { twins: vec![Twin::Gitter], ..SandboxOptions::default() }).await.unwrap();
    let status = async |path: &str| wire().get(format!("{}{path}", sandbox.origin())).send().await.unwrap().status();
    assert_eq!(status(Twin::Gitter.authorization_path()).await, 401);
    assert_eq!(status(Twin::Chattz.authorization_path()).await, 404);
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let first = browser::sandbox().await;
    let port: u16 = first.origin().rsplit(':').next().unwrap().parse().unwrap();
    let error = Sandbox::start(SandboxOptions { port: Some(port), ..SandboxOptions::default() }).await.unwrap_err();
    assert!(matches!(error, StartError::PortTaken { port: named } if named == port));
    assert!(error.to_string().contains(&port.to_string()));
}

#[tokio::test]
async fn stopping_frees_the_port_at_once_even_with_an_idle_connection() {
    let first = browser::sandbox().await;
    let port: u16 = first.origin().rsplit(':').next().unwrap().parse().unwrap();
    let mut idle = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    idle.write_all(format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").as_bytes()).await.unwrap();
    let mut byte = [0];
    idle.read_exact(&mut byte).await.unwrap();
    let began = std::time::Instant::now();
    first.stop().await;
    assert!(began.elapsed() < std::time::Duration::from_secs(2), "an idle connection does not hold it up");
    Sandbox::start(SandboxOptions { port: Some(port), ..SandboxOptions::default() }).await.expect("the port is free");
}

#[tokio::test]
async fn somebody_who_does_not_live_here_cannot_approve_automatically() {
    let options = SandboxOptions { auto_approve: Some("mallory".into()), ..SandboxOptions::default() };
    assert!(matches!(Sandbox::start(options).await, Err(StartError::NoSuchUser { .. })));
}
