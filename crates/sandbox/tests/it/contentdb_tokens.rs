//! ContentDB: the token endpoint and the API.

use gatewright_sandbox::Twin;
use reqwest::multipart::Form;
use serde_json::{Value, json};

use crate::browser::{Browser, Login, status_and_json, wire};

fn refusal(sentence: &str) -> Value {
    json!({"error": sentence, "success": false})
}

async fn whoami(login: &Login, authorization: Option<&str>) -> (u16, Value) {
    let mut request = wire().get(login.at("/contentdb/api/whoami/"));
    if let Some(value) = authorization {
        request = request.header("authorization", value);
    }
    status_and_json(request.send().await.unwrap()).await
}

async fn access_token(login: &Login, code: &str) -> String {
    let (status, body) = login.exchange(code, &[]).await;
    assert_eq!((status, &body["success"], &body["token_type"]), (200, &json!(true), &json!("Bearer")));
    body["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn multipart_as_curl_sends_it_is_taken_and_json_is_not() {
    let login = Login::prepare(Twin::ContentDb).await;
    let code = login.approved("theo").await.code();
    let url = login.at(Twin::ContentDb.token_path());
    let json = wire().post(&url).json(&json!({"client_id": login.id(), "code": code})).send().await.unwrap();
    assert_eq!(status_and_json(json).await, (400, refusal("Missing client_id")));
    let form = Form::new()
        .text("grant_type", "authorization_code")
        .text("client_id", login.id())
        .text("client_secret", login.app.secret.expose().to_owned())
        .text("code", code);
    let (status, body) = status_and_json(wire().post(&url).multipart(form).send().await.unwrap()).await;
    assert_eq!((status, body["access_token"].as_str().unwrap().len()), (200, 32));
}

#[tokio::test]
async fn refusals_are_sentences_with_status_400_in_a_fixed_order() {
    let login = Login::prepare(Twin::ContentDb).await;
    let code = login.approved("theo").await.code();
    for (changes, sentence) in [
        ([("client_id", "")], "Missing client_id"),
        ([("client_secret", "")], "Missing client_secret"),
        ([("code", "")], "Missing code"),
        ([("client_secret", "wrong")], "client_id and/or client_secret is incorrect"),
        ([("code", "wrong")], "Incorrect code. It may have already been redeemed"),
    ] {
        assert_eq!(login.exchange(&code, &changes).await, (400, refusal(sentence)));
    }
    access_token(&login, &code).await;
    let replay = login.exchange(&code, &[]).await;
    assert_eq!(replay, (400, refusal("Incorrect code. It may have already been redeemed")));
}

#[tokio::test]
async fn grant_type_counts_in_the_query_and_not_in_the_body() {
    let login = Login::prepare(Twin::ContentDb).await;
    let url = format!("{}?grant_type=password", login.at(Twin::ContentDb.token_path()));
    let in_query = wire().post(url).form(&[("grant_type", "authorization_code")]).send().await.unwrap();
    let sentence = "Unsupported grant_type, only authorization_code is supported";
    assert_eq!(status_and_json(in_query).await, (400, refusal(sentence)));
    let code = login.approved("theo").await.code();
    assert_eq!(login.exchange(&code, &[("grant_type", "password")]).await.0, 200);
}

#[tokio::test]
async fn redirect_uri_is_not_compared_at_the_token_endpoint_and_nothing_forbids_caching() {
    let login = Login::prepare(Twin::ContentDb).await;
    let code = login.approved("theo").await.code();
    let id = login.id();
    let fields = [
        ("client_id", &*id),
        ("client_secret", login.app.secret.expose()),
        ("code", &code),
        ("redirect_uri", "nonsense"),
    ];
    let response = wire().post(login.at(Twin::ContentDb.token_path())).form(&fields).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.headers().get("cache-control").is_none());
}

#[tokio::test]
async fn whoami_answers_200_to_nobody_and_says_what_is_wrong_with_a_token() {
    let login = Login::prepare(Twin::ContentDb).await;
    let token = access_token(&login, &login.approved("theo").await.code()).await;
    let theo = json!({"is_authenticated": true, "username": "theo"});
    assert_eq!(whoami(&login, None).await, (200, json!({"is_authenticated": false, "username": null})));
    assert_eq!(whoami(&login, Some(&format!("bEARER {token}"))).await, (200, theo));
    assert_eq!(whoami(&login, Some("Bearer short")).await, (400, refusal("API token is too short")));
    assert_eq!(whoami(&login, Some("Bearer long-but-unknown")).await, (403, refusal("Unknown API token")));
    assert_eq!(whoami(&login, Some("Basic dXNlcjpwYXNz")).await, (403, refusal("Unsupported authentication method")));
}

#[tokio::test]
async fn authorizing_again_kills_the_earlier_token_before_any_exchange() {
    let login = Login::prepare(Twin::ContentDb).await;
    let browser = Browser::new(&login.sandbox);
    let first_code = browser.log_in(&login.authorize(&[]), "theo").await.code();
    let first = access_token(&login, &first_code).await;
    assert_eq!(login.identity(&first).await.0, 200);
    let unredeemed = browser.open(login.authorize(&[])).await.callback().code();
    assert_eq!(login.identity(&first).await.0, 403, "dead although the new code was never exchanged");
    let latest = browser.open(login.authorize(&[])).await.callback().code();
    assert_eq!(login.exchange(&unredeemed, &[]).await.0, 400, "a newer code takes the place of an unredeemed one");
    assert_eq!(login.identity(&access_token(&login, &latest).await).await.0, 200);
}

#[tokio::test]
async fn a_token_deletes_itself_and_consent_is_asked_again() {
    let login = Login::prepare(Twin::ContentDb).await;
    let browser = Browser::new(&login.sandbox);
    let code = browser.log_in(&login.authorize(&[]), "theo").await.code();
    let token = access_token(&login, &code).await;
    let url = login.at("/contentdb/api/delete-token/");
    let delete = || wire().delete(&url).bearer_auth(&token).send();
    assert_eq!(status_and_json(delete().await.unwrap()).await, (200, json!({"success": true})));
    assert_eq!(delete().await.unwrap().status(), 403);
    assert_eq!(wire().delete(&url).send().await.unwrap().status(), 404);
    assert_eq!(browser.open(login.authorize(&[])).await.page().title(), "Allow access? – ContentDB (sandbox)");
}
