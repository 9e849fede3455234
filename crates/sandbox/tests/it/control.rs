//! The control API: the registry over HTTP, closed to browsers.

use gatewright_sandbox::{SandboxHandle, Twin};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::browser::{self, CALLBACK, status_and_json, wire};

fn request(sandbox: &SandboxHandle, method: Method, path: &str) -> RequestBuilder {
    let url = format!("{}/_control/{path}", sandbox.origin());
    wire().request(method, url).header("x-sandbox-control", sandbox.control_token().expose())
}

async fn send(request: RequestBuilder) -> (u16, Value) {
    status_and_json(request.send().await.unwrap()).await
}

#[tokio::test]
async fn an_app_lives_its_whole_life_over_http() {
    let sandbox = browser::sandbox().await;
    let form = json!({"name": "Script", "redirect_uris": [CALLBACK]});
    let create = request(&sandbox, Method::POST, "chattr/apps?acting_user=theo").json(&form);
    let (status, app) = send(create).await;
    assert_eq!((status, &app["client_id"], &app["owner"]), (201, &json!(7), &json!("theo")));
    assert_eq!(app["client_secret"].as_str().unwrap().len(), 40);

    let changed = json!({"name": "Renamed", "redirect_uris": [CALLBACK]});
    let (status, app) = send(request(&sandbox, Method::PUT, "chattr/apps/7?acting_user=theo").json(&changed)).await;
    assert_eq!((status, &app["name"], app.get("client_secret")), (200, &json!("Renamed"), None));
    let (status, refusal) = send(request(&sandbox, Method::DELETE, "chattr/apps/7?acting_user=olivia")).await;
    assert_eq!((status, &refusal["code"]), (404, &json!("not_found")));
    assert_eq!(send(request(&sandbox, Method::DELETE, "chattr/apps/7?acting_user=theo")).await.0, 204);
    assert_eq!(send(request(&sandbox, Method::GET, "chattr/apps")).await.1, json!([]));
    assert_eq!(send(request(&sandbox, Method::POST, "chattr/apps/7/restore?acting_user=theo")).await.0, 200);
    assert_eq!(sandbox.apps(Twin::Chattr)[0].name, "Renamed");
}

#[tokio::test]
async fn refusals_name_the_field_and_the_reason() {
    let sandbox = browser::sandbox().await;
    let form = json!({"name": "abc", "redirect_uris": [CALLBACK]});
    let (status, refusal) = send(request(&sandbox, Method::POST, "contentdb/apps?acting_user=theo").json(&form)).await;
    assert_eq!((status, &refusal["code"], &refusal["field"]), (422, &json!("invalid"), &json!("name")));
    assert!(refusal["sentence"].as_str().unwrap().contains("at least 5"));
    let (status, refusal) = send(request(&sandbox, Method::POST, "chattr/apps?acting_user=una").json(&form)).await;
    assert_eq!((status, &refusal["code"]), (403, &json!("not_allowed")));
    assert_eq!(send(request(&sandbox, Method::GET, "github/apps")).await.0, 404);
    assert_eq!(send(request(&sandbox, Method::POST, "chattr/apps").body("{")).await.0, 400);
}

#[tokio::test]
async fn staff_can_approve_a_contentdb_app() {
    let sandbox = browser::sandbox().await;
    let app = browser::app_of(&sandbox, Twin::ContentDb, "theo").await;
    let path = format!("contentdb/apps/{}/approval", app.app.client_id);
    let (status, app) = send(request(&sandbox, Method::PUT, &path).json(&json!({"approved": true}))).await;
    assert_eq!((status, &app["approved"]), (200, &json!(true)));
}

#[tokio::test]
async fn without_the_token_or_from_a_browser_nothing_is_answered() {
    let sandbox = browser::sandbox().await;
    let url = format!("{}/_control/users", sandbox.origin());
    assert_eq!(wire().get(&url).send().await.unwrap().status(), 401);
    assert_eq!(wire().get(&url).header("x-sandbox-control", "guess").send().await.unwrap().status(), 401);
    for (name, value) in [("origin", sandbox.origin()), ("origin", "null"), ("sec-fetch-site", "same-origin")] {
        assert_eq!(send(request(&sandbox, Method::GET, "users").header(name, value)).await.0, 403);
    }
    assert_eq!(send(request(&sandbox, Method::GET, "users")).await.1[3]["phone_verified"], false);
}
