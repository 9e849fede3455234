//! Chattr: integer ids, JSON, and identity instead of a token.

use gatewright_protocol::ClientId;
use gatewright_sandbox::Twin;
use reqwest::Response;
use serde_json::{Value, json};

use crate::browser::{CALLBACK, Login, status_and_json, wire};

/// A token request as Chattr takes it.
fn body(login: &Login, code: &str) -> Value {
    json!({"client_id": login.app.app.client_id.to_json(), "client_secret": login.app.secret.expose(), "code": code, "redirect_uri": CALLBACK})
}

async fn post(login: &Login, body: &Value) -> (u16, Value) {
    let response: Response = wire().post(login.at(Twin::Chattr.token_path())).json(body).send().await.unwrap();
    status_and_json(response).await
}

#[tokio::test]
async fn the_token_answer_is_the_identity_and_there_is_no_token() {
    let login = Login::prepare(Twin::Chattr).await;
    let callback = login.approved("theo").await;
    let (status, identity) = post(&login, &body(&login, &callback.code())).await;
    assert_eq!(status, 200);
    assert_eq!(
        (&identity["chattr_user_id"], &identity["nickname"], &identity["name"]),
        (&json!(43), &json!("theo"), &json!("Theo Tanaka"))
    );
    assert_eq!(identity.as_object().unwrap().len(), 4, "four fields and no token: {identity}");
    let avatar = wire().get(identity["avatar_url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(avatar.headers()["content-type"], "image/svg+xml");
}

#[tokio::test]
async fn neither_response_type_nor_state_is_needed() {
    let login = Login::prepare(Twin::Chattr).await;
    let callback = login.approved("theo").await;
    assert!(callback.get("state").is_none());
    assert_eq!(login.decided("tara", "approve", &[("state", "n-0")]).await.get("state").as_deref(), Some("n-0"));
}

#[tokio::test]
async fn client_ids_are_numbers_and_a_quoted_number_is_refused() {
    let login = Login::prepare(Twin::Chattr).await;
    assert_eq!(login.app.app.client_id, ClientId::Integer(7));
    let mut quoted = body(&login, &login.approved("theo").await.code());
    quoted["client_id"] = json!("7");
    let (status, refusal) = post(&login, &quoted).await;
    assert_eq!((status, &refusal["error"]), (400, &json!("invalid_request")));
    assert!(refusal["error_description"].as_str().unwrap().contains("without quotes"));
}

#[tokio::test]
async fn a_form_body_is_refused_and_says_what_to_send() {
    let login = Login::prepare(Twin::Chattr).await;
    let (status, refusal) = login.exchange(&login.approved("theo").await.code(), &[]).await;
    assert_eq!(status, 400);
    assert!(refusal["error_description"].as_str().unwrap().contains("application/json"));
}

#[tokio::test]
async fn wrong_secret_replay_and_wrong_redirect_uri_are_told_apart() {
    let login = Login::prepare(Twin::Chattr).await;
    let right = body(&login, &login.approved("theo").await.code());
    let with = |name: &str, value: Value| {
        let mut changed = right.clone();
        changed[name] = value;
        changed
    };
    assert_eq!(post(&login, &with("client_secret", json!("wrong"))).await.1["error"], "invalid_client");
    assert_eq!(post(&login, &with("client_id", json!(8))).await.1["error"], "invalid_client");
    assert_eq!(
        post(&login, &with("redirect_uri", json!("https://elsewhere.example/"))).await.1["error"],
        "invalid_grant"
    );
    assert_eq!(post(&login, &right).await.0, 200);
    assert_eq!(post(&login, &right).await.1["error_description"], "The code has already been exchanged.");
}

#[tokio::test]
async fn somebody_whose_phone_is_not_verified_can_still_log_in() {
    let login = Login::prepare(Twin::Chattr).await;
    let code = login.approved("una").await.code();
    assert_eq!(post(&login, &body(&login, &code)).await.1["chattr_user_id"], 45);
}
