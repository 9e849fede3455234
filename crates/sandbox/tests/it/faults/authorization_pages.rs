//! AZ: what is answered instead of a redirect to the callback.

use gatewright_sandbox::{FaultRule, FaultTiming, Twin};

use super::stage::{STATE, Stage, location};
use crate::browser::{CALLBACK, wire};

#[tokio::test]
async fn az_23_the_browser_opens_the_callback_several_times() {
    let stage = Stage::at(Twin::Chattz).await;
    for (variant, times) in [("twice", 2), ("thrice", 3), ("other_code", 2)] {
        let html = stage.faulty_authorization("AZ-23", variant).await.text().await.unwrap();
        let codes: Vec<_> = html.split("code=").skip(1).map(|rest| &rest[..40]).collect();
        assert_eq!(codes.len(), times, "{html}");
        assert_eq!(codes[0] == codes[times - 1], variant != "other_code");
        assert!(html.find("<img").unwrap() < html.find("http-equiv=\"refresh\"").unwrap());
    }
}

#[tokio::test]
async fn az_25_the_callback_is_a_form_that_posts_itself() {
    let stage = Stage::at(Twin::Chattz).await;
    let form = async |variant| stage.faulty_authorization("AZ-25", variant).await.text().await.unwrap();
    let valid = form("valid").await;
    for part in
        ["method=\"post\"", "name=\"code\"", "name=\"state\"", "f.submit()", "action=\"http://127.0.0.1:9/callback\""]
    {
        assert!(valid.contains(part), "{part} in {valid}");
    }
    assert!(valid.contains(STATE));
    let error = form("error").await;
    assert!(error.contains("access_denied") && !error.contains("name=\"code\""));
    assert!(form("code_in_query_too").await.contains("callback?code="));
    assert!(form("wrong_content_type").await.contains("enctype=\"text/plain\""));
    assert!(form("huge_body").await.len() > 1 << 20);
    assert_eq!(form("duplicates").await.matches("name=\"code\"").count(), 2);
}

#[tokio::test]
async fn az_25_a_posted_error_names_the_issuer_where_there_is_one() {
    let stage = Stage::at(Twin::Chaster).await;
    let html = stage.faulty_authorization("AZ-25", "error").await.text().await.unwrap();
    let issuer = format!("name=\"iss\" value=\"{}\"", stage.login.at("/chaster/auth/realms/app"));
    assert!(html.contains(&issuer) && html.contains("access_denied") && html.contains(STATE), "{html}");
    assert!(!html.contains("session_state") && !html.contains("name=\"code\""), "{html}");
}

#[tokio::test]
async fn az_26_the_browser_is_sent_on_in_other_ways() {
    let stage = Stage::at(Twin::ContentDb).await;
    for status in ["303", "307", "308"] {
        let response = stage.faulty_authorization("AZ-26", status).await;
        assert_eq!(response.status().as_str(), status);
        assert!(location(&response).starts_with(&format!("{CALLBACK}?code=")));
    }
    for (variant, part) in [
        ("meta_refresh", "content=\"0;url=http://127.0.0.1:9/callback?code="),
        ("script", "location.replace(\"http://127.0.0.1:9/callback?code="),
        ("form_submit", "method=\"get\""),
        ("window_open", "window.open(\"http://127.0.0.1:9/callback?code="),
        ("target_blank", "target=\"_blank\""),
        ("iframe", "<iframe src=\"http://127.0.0.1:9/callback?code="),
    ] {
        let response = stage.faulty_authorization("AZ-26", variant).await;
        assert!(response.headers()["content-security-policy"].to_str().unwrap().contains("'unsafe-inline'"));
        let html = response.text().await.unwrap();
        assert!(html.contains(part), "{variant}: {html}");
    }
}

#[tokio::test]
async fn az_27_the_endpoint_redirects_in_circles() {
    let stage = Stage::at(Twin::Chattr).await;
    let start = stage.login.authorize(&[("state", STATE)]);
    let response = stage.faulty_authorization("AZ-27", "itself").await;
    assert_eq!(stage.login.at(location(&response)), start);

    let ping = stage.faulty_authorization("AZ-27", "ping_pong").await;
    let back = wire().get(stage.login.at(location(&ping))).send().await.unwrap();
    assert_ne!(stage.login.at(location(&ping)), start);
    assert_eq!(stage.login.at(location(&back)), start);

    stage.set("AZ-27", "twenty_hops");
    let (mut next, mut hops) = (start, 0);
    while !next.starts_with(CALLBACK) {
        let response = wire().get(&next).send().await.unwrap();
        next = location(&response).to_owned();
        if next.starts_with('/') {
            next = stage.login.at(&next);
            hops += 1;
        }
    }
    assert_eq!(hops, 20);
    assert_eq!(stage.injected().iter().filter(|fault| *fault == "AZ-27:twenty_hops").count(), 20);
}

#[tokio::test]
async fn az_28_the_endpoint_answers_with_something_that_is_no_page() {
    let stage = Stage::at(Twin::Gitter).await;
    let answer = async |variant| {
        let response = stage.faulty_authorization("AZ-28", variant).await;
        (response.status().as_u16(), response.headers().clone(), response.text().await.unwrap())
    };
    assert_eq!(answer("server_error").await.0, 500);
    let (status, headers, body) = answer("blank").await;
    assert_eq!((status, headers["content-type"].to_str().unwrap(), &*body), (200, "text/html; charset=utf-8", ""));
    assert_eq!(answer("no_content").await.0, 204);
    assert!(answer("download").await.1["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let (status, headers, _) = answer("basic_challenge").await;
    assert_eq!((status, headers["www-authenticate"].to_str().unwrap()), (401, "Basic realm=\"Sandbox\""));
}

#[tokio::test]
async fn az_28_a_hanging_endpoint_is_logged_at_once_and_holds_nobody_else_up() {
    let stage = Stage::at(Twin::Gitter).await;
    stage.set_rule(FaultRule { when: FaultTiming::First(1), ..stage.rule("AZ-28", "hang") });
    let request = tokio::spawn(wire().get(stage.login.authorize(&[])).send());
    while stage.login.sandbox.recent_requests().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(stage.login.sandbox.recent_requests()[0].note, "fault AZ-28:hang");
    assert_eq!(stage.injected(), ["AZ-28:hang"]);
    assert!(location(&stage.authorize().await).starts_with(CALLBACK));
    assert!(!request.is_finished());
    stage.login.sandbox.stop().await;
    assert!(request.await.unwrap().is_err());
}
