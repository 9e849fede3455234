//! Gitter, as documented and as its engine behaves.

use gatewright_sandbox::{GitterMode, Sandbox, SandboxOptions, Twin};
use serde_json::json;

use crate::browser::{Browser, CALLBACK, Login, authorize, exchange, status_and_json, wire};

async fn as_the_engine_behaves() -> Login {
    let options = SandboxOptions { gitter_mode: GitterMode::AsEngineBehaves, ..SandboxOptions::default() };
    Login::at_sandbox(Sandbox::start(options).await.unwrap(), Twin::Gitter).await
}

#[tokio::test]
async fn as_documented_the_token_answer_is_form_encoded_unless_json_is_asked_for() {
    let login = Login::prepare(Twin::Gitter).await;
    let id = login.id();
    let code = login.approved("theo").await.code();
    let request = wire().post(login.at(Twin::Gitter.token_path())).form(&exchange(&login.app, &id, &code, &[]));
    let response = request.send().await.unwrap();
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("application/x-www-form-urlencoded"));
    let text = response.text().await.unwrap();
    assert!(text.starts_with("access_token=") && text.ends_with("&scope=flow%2Cprivate&token_type=bearer"), "{text}");

    let code = login.approved("theo").await.code();
    let request = wire().post(login.at(Twin::Gitter.token_path())).form(&exchange(&login.app, &id, &code, &[]));
    let (status, body) = status_and_json(request.header("accept", "application/json").send().await.unwrap()).await;
    assert_eq!((status, &body["scope"], &body["token_type"]), (200, &json!("flow,private"), &json!("bearer")));
}

#[tokio::test]
async fn as_the_engine_behaves_the_answer_is_json_without_scope_and_expiry() {
    let login = as_the_engine_behaves().await;
    let (status, body) = login.exchange(&login.approved("theo").await.code(), &[]).await;
    assert_eq!((status, &body["token_type"], body.as_object().unwrap().len()), (200, &json!("Bearer"), 2));
}

#[tokio::test]
async fn a_token_request_may_be_json() {
    let login = as_the_engine_behaves().await;
    let (id, code) = (login.id(), login.approved("theo").await.code());
    let fields: std::collections::HashMap<_, _> = exchange(&login.app, &id, &code, &[]).into_iter().collect();
    let request = wire().post(login.at(Twin::Gitter.token_path())).json(&fields);
    assert_eq!(status_and_json(request.send().await.unwrap()).await.0, 200);
}

#[tokio::test]
async fn every_login_gives_the_same_token_again() {
    let login = as_the_engine_behaves().await;
    let first = login.exchange(&login.approved("theo").await.code(), &[]).await.1;
    let second = login.exchange(&login.approved("theo").await.code(), &[]).await.1;
    let other = login.exchange(&login.approved("tara").await.code(), &[]).await.1;
    assert_eq!(first["access_token"], second["access_token"]);
    assert_ne!(first["access_token"], other["access_token"], "somebody else has another token");
}

#[tokio::test]
async fn identity_comes_as_an_object_or_as_a_list_of_one() {
    let login = as_the_engine_behaves().await;
    let token =
        login.exchange(&login.approved("theo").await.code(), &[]).await.1["access_token"].as_str().unwrap().to_owned();
    let (status, me) = login.identity(&token).await;
    assert_eq!((status, &me["username"], &me["url"], &me["gv"]), (200, &json!("theo"), &json!("/theo"), &json!("3")));
    assert_eq!(me["id"].as_str().unwrap().len(), 24);
    let list = wire().get(login.at("/gitter/api/v1/user")).bearer_auth(&token).send().await.unwrap();
    assert_eq!(status_and_json(list).await.1, json!([me]));
}

#[tokio::test]
async fn the_api_takes_the_token_from_three_places() {
    let login = as_the_engine_behaves().await;
    let token =
        login.exchange(&login.approved("theo").await.code(), &[]).await.1["access_token"].as_str().unwrap().to_owned();
    let me = login.at("/gitter/api/v1/user/me");
    let in_header = wire().get(&me).header("x-access-token", &token).send().await.unwrap();
    let in_query = wire().get(format!("{me}?access_token={token}")).send().await.unwrap();
    let nowhere = wire().get(&me).send().await.unwrap();
    assert_eq!([in_header.status(), in_query.status(), nowhere.status()], [200, 200, 401]);
}

#[tokio::test]
async fn mistakes_in_the_authorization_request_are_a_401_page() {
    let login = Login::prepare(Twin::Gitter).await;
    let (id, browser) = (login.id(), Browser::new(&login.sandbox));
    for parameters in [
        vec![("response_type", "code"), ("client_id", "nobody"), ("redirect_uri", CALLBACK)],
        vec![("response_type", "code"), ("client_id", &id)],
        vec![("response_type", "code"), ("client_id", &id), ("redirect_uri", "https://elsewhere.example/")],
        vec![("response_type", "token"), ("client_id", &id), ("redirect_uri", CALLBACK)],
    ] {
        let page = browser.open(authorize(&login.sandbox, Twin::Gitter, &parameters)).await.page();
        assert_eq!(page.status, 401);
    }
}

#[tokio::test]
async fn deny_and_cancel_are_access_denied_with_state() {
    let login = Login::prepare(Twin::Gitter).await;
    for decision in ["deny", "cancel"] {
        let callback = login.decided("theo", decision, &[("state", "xyz")]).await;
        assert_eq!(callback.0.query(), Some("error=access_denied&state=xyz"));
    }
}

#[tokio::test]
async fn token_refusals_have_oauth2orizes_codes_and_statuses() {
    let login = Login::prepare(Twin::Gitter).await;
    let code = login.approved("theo").await.code();
    for (changes, status, error, description) in [
        ([("client_secret", "wrong")], 401, "server_error", "Unauthorized"),
        ([("client_id", "wrong")], 401, "server_error", "Unauthorized"),
        ([("code", "wrong")], 403, "invalid_grant", "Invalid authorization code"),
        ([("redirect_uri", "https://elsewhere.example/")], 403, "invalid_grant", "Invalid authorization code"),
        ([("code", "")], 400, "invalid_request", "Missing required parameter: code"),
        ([("grant_type", "password")], 501, "unsupported_grant_type", "Unsupported grant type: password"),
    ] {
        let (given, refusal) = login.exchange(&code, &changes).await;
        assert_eq!(
            (given, &refusal["error"], &refusal["error_description"]),
            (status, &json!(error), &json!(description))
        );
    }
}

#[tokio::test]
async fn credentials_in_a_basic_header_are_not_read() {
    let login = Login::prepare(Twin::Gitter).await;
    let code = login.approved("theo").await.code();
    let request = wire()
        .post(login.at(Twin::Gitter.token_path()))
        .basic_auth(login.id(), Some(login.app.secret.expose()))
        .form(&[("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", CALLBACK)]);
    assert_eq!(request.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_used_code_is_gone() {
    let login = Login::prepare(Twin::Gitter).await;
    let code = login.approved("theo").await.code();
    assert_eq!(login.exchange(&code, &[]).await.0, 200);
    assert_eq!(login.exchange(&code, &[]).await.0, 403);
}
