//! Chattz: the plain code flow.

use gatewright_sandbox::{Sandbox, SandboxOptions, Twin};
use serde_json::json;

use crate::browser::{self, Browser, CALLBACK, Login, TestClock, exchange, token, wire};

#[tokio::test]
async fn a_person_signs_in_approves_and_is_recognised_by_userinfo() {
    let login = Login::prepare(Twin::Chattz).await;
    let browser = Browser::new(&login.sandbox);
    let sign_in = browser.open(login.authorize(&[("state", "s p&c")])).await.page();
    assert_eq!(sign_in.title(), "Sign in – Chattz (sandbox)");
    let consent = browser.sign_in(&sign_in, "theo").await.page();
    assert_eq!(consent.title(), "Allow access? – Chattz (sandbox)");
    let callback = browser.decide(&consent, "approve").await.callback();
    assert_eq!(callback.get("state").as_deref(), Some("s p&c"));

    let (status, body) = login.exchange(&callback.code(), &[]).await;
    assert_eq!((status, &body["token_type"], &body["expires_in"]), (200, &json!("Bearer"), &json!(3600)));
    assert!(body.get("refresh_token").is_none(), "Chattz has no refresh tokens");
    let (status, identity) = login.identity(body["access_token"].as_str().unwrap()).await;
    assert_eq!((status, &identity["id"], &identity["username"]), (200, &json!(143), &json!("theo")));
}

#[tokio::test]
async fn a_code_is_good_for_one_exchange() {
    let login = Login::prepare(Twin::Chattz).await;
    let code = login.approved("theo").await.code();
    assert_eq!(login.exchange(&code, &[]).await.0, 200);
    let (status, replay) = login.exchange(&code, &[]).await;
    assert_eq!((status, &replay["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test]
async fn a_code_is_bound_to_its_redirect_uri() {
    let login = Login::prepare(Twin::Chattz).await;
    let code = login.approved("theo").await.code();
    let (status, refusal) = login.exchange(&code, &[("redirect_uri", "http://127.0.0.1:9/callback/")]).await;
    assert_eq!((status, &refusal["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test]
async fn deny_and_cancel_come_back_as_access_denied_with_state() {
    let login = Login::prepare(Twin::Chattz).await;
    for (decision, words) in [("deny", "denied"), ("cancel", "cancelled")] {
        let callback = login.decided("tara", decision, &[("state", "xyz")]).await;
        assert_eq!(callback.get("error").as_deref(), Some("access_denied"));
        assert_eq!(callback.get("state").as_deref(), Some("xyz"));
        assert!(callback.get("error_description").unwrap().contains(words));
        assert!(callback.get("code").is_none());
    }
}

#[tokio::test]
async fn response_type_must_be_code_and_mistakes_stay_on_a_page() {
    let login = Login::prepare(Twin::Chattz).await;
    let browser = Browser::new(&login.sandbox);
    let id = login.id();
    for parameters in [
        vec![("client_id", id.as_str()), ("redirect_uri", CALLBACK)],
        vec![("response_type", "token"), ("client_id", &id), ("redirect_uri", CALLBACK)],
        vec![("response_type", "code"), ("client_id", "abc123"), ("redirect_uri", CALLBACK)],
        vec![("response_type", "code"), ("client_id", &id), ("redirect_uri", "https://elsewhere.example/")],
    ] {
        let page = browser.open(browser::authorize(&login.sandbox, Twin::Chattz, &parameters)).await.page();
        assert_eq!((page.status.as_u16(), page.title()), (400, "This login cannot start – Chattz (sandbox)"));
    }
}

#[tokio::test]
async fn a_json_body_and_a_wrong_secret_are_refused() {
    let login = Login::prepare(Twin::Chattz).await;
    let code = login.approved("theo").await.code();
    let json = wire().post(login.at(Twin::Chattz.token_path())).json(&json!({"grant_type": "authorization_code"}));
    let (status, refusal) = browser::status_and_json(json.send().await.unwrap()).await;
    assert_eq!((status, &refusal["error"]), (400, &json!("invalid_request")));
    let (status, refusal) = login.exchange(&code, &[("client_secret", "wrong")]).await;
    assert_eq!((status, &refusal["error"]), (401, &json!("invalid_client")));
    let (status, refusal) = login.exchange(&code, &[("grant_type", "password")]).await;
    assert_eq!((status, &refusal["error"]), (400, &json!("unsupported_grant_type")));
}

#[tokio::test]
async fn codes_and_tokens_age() {
    let clock = TestClock::new();
    let sandbox = Sandbox::start(SandboxOptions { clock: clock.clone(), ..SandboxOptions::default() }).await.unwrap();
    let login = Login::at_sandbox(sandbox, Twin::Chattz).await;
    let late = login.approved("theo").await.code();
    clock.advance(601);
    let (status, refusal) = login.exchange(&late, &[]).await;
    assert_eq!((status, &refusal["error_description"]), (400, &json!("The code has expired.")));
    let code = login.approved("theo").await.code();
    let (_, body) = login.exchange(&code, &[]).await;
    let access_token = body["access_token"].as_str().unwrap();
    clock.advance(3599);
    assert_eq!(login.identity(access_token).await.0, 200);
    clock.advance(1);
    assert_eq!(login.identity(access_token).await.0, 401);
}

#[tokio::test]
async fn one_apps_code_is_no_use_to_another() {
    let login = Login::prepare(Twin::Chattz).await;
    let code = login.approved("theo").await.code();
    let other = browser::app(&login.sandbox, Twin::Chattz).await;
    let id = other.app.client_id.to_string();
    let (status, refusal) = token(&login.sandbox, Twin::Chattz, &exchange(&other, &id, &code, &[])).await;
    assert_eq!((status, &refusal["error"]), (400, &json!("invalid_grant")));
}
