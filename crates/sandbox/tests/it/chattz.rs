//! Chattz: the plain code flow.

use gatewright_sandbox::Twin;
use serde_json::json;

use crate::browser::{self, Browser, CALLBACK, exchange, token, wire};

#[tokio::test]
async fn a_person_signs_in_approves_and_is_recognised_by_userinfo() {
    let sandbox = browser::sandbox().await;
    let app = browser::app(&sandbox, Twin::Chattz).await;
    let id = app.app.client_id.to_string();
    let url = browser::authorize(
        &sandbox,
        Twin::Chattz,
        &[("response_type", "code"), ("client_id", &id), ("redirect_uri", CALLBACK), ("state", "s p&c")],
    );
    let browser = Browser::new(&sandbox);
    let sign_in = browser.open(&url).await.page();
    assert_eq!(sign_in.title(), "Sign in – Chattz (sandbox)");
    let consent = browser.sign_in(&sign_in, "theo").await.page();
    assert_eq!(consent.title(), "Allow access? – Chattz (sandbox)");
    assert_eq!(consent.buttons(), ["Approve", "Deny", "Cancel"]);
    let callback = browser.decide(&consent, "approve").await.callback();
    assert_eq!(callback.get("state").as_deref(), Some("s p&c"));
    let code = callback.code();

    let (status, body) = token(&sandbox, Twin::Chattz, &exchange(&app, &id, &code, &[])).await;
    assert_eq!((status, &body["token_type"], &body["expires_in"]), (200, &json!("Bearer"), &json!(3600)));
    let request = wire().get(format!("{}/chattz/oauth/userinfo", sandbox.origin()));
    let (status, identity) =
        browser::status_and_json(request.bearer_auth(body["access_token"].as_str().unwrap()).send().await.unwrap())
            .await;
    assert_eq!((status, &identity["id"], &identity["username"]), (200, &json!(143), &json!("theo")));

    let (status, replay) = token(&sandbox, Twin::Chattz, &exchange(&app, &id, &code, &[])).await;
    assert_eq!((status, &replay["error"]), (400, &json!("invalid_grant")), "a code is good for one exchange");
    sandbox.stop().await;
}
