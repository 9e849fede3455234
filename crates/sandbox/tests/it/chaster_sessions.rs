//! Chaster: how old a sign-in may be, what becomes of tokens, and logging out.

use gatewright_sandbox::{OpenIdSettings, Sandbox, SandboxOptions, SignatureAlgorithm, Twin};
use reqwest::header::LOCATION;
use serde_json::{Value, json};

use crate::browser::{Browser, CALLBACK, End, Login, TestClock, claims_of, status_and_json, token, wire};

const REALM: &str = "/chaster/auth/realms/app";
const PROTOCOL: &str = "/chaster/auth/realms/app/protocol/openid-connect";

async fn with_clock() -> (Login, std::sync::Arc<TestClock>) {
    let clock = TestClock::new();
    let options = SandboxOptions { clock: clock.clone(), ..SandboxOptions::default() };
    (Login::at_sandbox(Sandbox::start(options).await.unwrap(), Twin::Chaster).await, clock)
}

async fn exchanged(login: &Login, code: &str) -> Value {
    let (status, body) = login.exchange(code, &[]).await;
    assert_eq!(status, 200, "{body}");
    body
}

/// Posts to an endpoint of the realm with the app's own secret.
async fn posted(login: &Login, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
    let request = wire().post(login.at(&format!("{PROTOCOL}/{path}"))).form(fields);
    status_and_json(request.basic_auth(login.id(), Some(login.app.secret.expose())).send().await.unwrap()).await
}

async fn refreshed(login: &Login, refresh_token: &Value) -> (u16, Value) {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str().unwrap())];
    posted(login, "token", &fields).await
}

#[tokio::test]
async fn max_age_asks_again_and_auth_time_says_when() {
    let (login, clock) = with_clock().await;
    let browser = Browser::new(&login.sandbox);
    let ask = |more: &[(&str, &str)]| login.authorize(&[&[("scope", "openid")], more].concat());
    let code = browser.log_in(&ask(&[]), "theo").await.code();
    let first = claims_of(&exchanged(&login, &code).await["id_token"]);
    clock.advance(100);
    let code = browser.open(ask(&[("max_age", "100")])).await.callback().code();
    let remembered = claims_of(&exchanged(&login, &code).await["id_token"]);
    assert_eq!(remembered["auth_time"], first["auth_time"], "nobody has signed in since");
    clock.advance(1);
    let silent = browser.open(ask(&[("max_age", "100"), ("prompt", "none"), ("state", "s")])).await.callback();
    assert_eq!(silent.get("error").as_deref(), Some("login_required"));
    assert_eq!((silent.get("state").as_deref(), silent.get("iss")), (Some("s"), Some(login.at(REALM))));
    let again = browser.open(ask(&[("max_age", "100")])).await.page();
    assert_eq!(again.title(), "Sign in – Chaster (sandbox)");
    let code = browser.sign_in(&again, "theo").await.callback().code();
    let fresh = claims_of(&exchanged(&login, &code).await["id_token"]);
    assert_eq!(fresh["auth_time"].as_i64().unwrap(), first["auth_time"].as_i64().unwrap() + 101);
    let now = browser.open(ask(&[("max_age", "0")])).await.page();
    browser.sign_in(&now, "theo").await.callback().code();
    let wrong = browser.open(ask(&[("max_age", "soon")])).await.callback();
    assert_eq!(wrong.get("error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn an_id_token_says_for_whom_it_is_and_by_which_access_token() {
    let login = Login::prepare(Twin::Chaster).await;
    let code = login.decided("theo", "approve", &[("scope", "openid address phone"), ("nonce", "n")]).await.code();
    let body = exchanged(&login, &code).await;
    let claims = claims_of(&body["id_token"]);
    for (name, value) in [
        ("iss", json!(login.at(REALM))),
        ("aud", json!(login.id())),
        ("azp", json!(login.id())),
        ("nonce", json!("n")),
        ("acr", json!("1")),
        ("typ", json!("ID")),
        ("sid", body["session_state"].clone()),
        ("phone_number_verified", json!(true)),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    assert!(claims["at_hash"].is_string() && claims["address"]["locality"] == "Sandbox");
}

#[tokio::test]
async fn introspection_tells_a_working_token_from_every_other() {
    let (login, clock) = with_clock().await;
    let code = login.decided("theo", "approve", &[("scope", "openid profile")]).await.code();
    let body = exchanged(&login, &code).await;
    let ask = async |token: &Value| posted(&login, "token/introspect", &[("token", token.as_str().unwrap())]).await;
    let (status, access) = ask(&body["access_token"]).await;
    assert_eq!((status, &access["active"], &access["typ"]), (200, &json!(true), &json!("Bearer")));
    assert_eq!((&access["client_id"], &access["username"]), (&json!(login.id()), &json!("theo")));
    assert_eq!(access["exp"].as_i64().unwrap() - access["iat"].as_i64().unwrap(), 300);
    assert_eq!(ask(&body["refresh_token"]).await.1["typ"], "Refresh");
    clock.advance(300);
    assert_eq!(ask(&body["access_token"]).await, (200, json!({"active": false})));
    assert_eq!(ask(&json!("unknown")).await, (200, json!({"active": false})));
    let url = login.at(&format!("{PROTOCOL}/token/introspect"));
    let stranger = wire().post(&url).form(&[("token", "x"), ("client_id", &login.id())]).send().await.unwrap();
    assert_eq!(status_and_json(stranger).await.0, 401);
    assert_eq!(posted(&login, "token/introspect", &[]).await.0, 400);
}

#[tokio::test]
async fn a_refresh_token_that_may_be_used_once_ends_the_session_when_it_comes_back() {
    let login = Login::prepare(Twin::Chaster).await;
    let once = OpenIdSettings { revoke_refresh_token: true, ..OpenIdSettings::default() };
    login.sandbox.set_openid_settings(&login.id(), once).await.unwrap();
    let code = login.decided("theo", "approve", &[("scope", "openid")]).await.code();
    let first = exchanged(&login, &code).await;
    let (status, second) = refreshed(&login, &first["refresh_token"]).await;
    assert_eq!(status, 200);
    let (old, new) = (claims_of(&first["id_token"]), claims_of(&second["id_token"]));
    assert_eq!((&old["sub"], &old["auth_time"]), (&new["sub"], &new["auth_time"]));
    assert_ne!(old["jti"], new["jti"]);
    let (status, reuse) = refreshed(&login, &first["refresh_token"]).await;
    assert_eq!((status, &reuse["error"]), (400, &json!("invalid_grant")));
    assert_eq!(refreshed(&login, &second["refresh_token"]).await.1["error_description"], "Session not active");
}

#[tokio::test]
async fn an_app_registered_for_it_gets_its_userinfo_signed() {
    let login = Login::prepare(Twin::Chaster).await;
    let signed =
        OpenIdSettings { userinfo_signed_response_alg: Some(SignatureAlgorithm::Es256), ..OpenIdSettings::default() };
    login.sandbox.set_openid_settings(&login.id(), signed).await.unwrap();
    let code = login.decided("theo", "approve", &[("scope", "openid email")]).await.code();
    let access_token = exchanged(&login, &code).await["access_token"].as_str().unwrap().to_owned();
    let url = login.at(&format!("{PROTOCOL}/userinfo"));
    let answer = wire().post(url).form(&[("access_token", access_token)]).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/jwt");
    let claims = claims_of(&json!(answer.text().await.unwrap()));
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(login.at(REALM)), &json!(login.id())));
    assert_eq!(claims["email"], "theo@sandbox.example");
}

#[tokio::test]
async fn a_logout_with_a_hint_ends_the_session_and_goes_back_with_the_state() {
    let login = Login::prepare(Twin::Chaster).await;
    let browser = Browser::new(&login.sandbox);
    let ask = login.authorize(&[("scope", "openid")]);
    let code = browser.log_in(&ask, "theo").await.code();
    let body = exchanged(&login, &code).await;
    let hint = body["id_token"].as_str().unwrap();
    let logout = |more: &[(&str, &str)]| {
        let mut url = reqwest::Url::parse(&login.at(&format!("{PROTOCOL}/logout"))).unwrap();
        url.query_pairs_mut().extend_pairs(more);
        url
    };
    let elsewhere = [("id_token_hint", hint), ("post_logout_redirect_uri", "https://elsewhere.example/")];
    assert_eq!(browser.open(logout(&elsewhere)).await.page().status, 400);
    assert_eq!(browser.open(logout(&[("id_token_hint", "forged")])).await.page().status, 400);
    assert_eq!(browser.open(logout(&[("post_logout_redirect_uri", CALLBACK)])).await.page().status, 400);

    let back = [("id_token_hint", hint), ("post_logout_redirect_uri", CALLBACK), ("state", "bye")];
    let left = browser.open(logout(&back)).await.callback();
    assert_eq!(left.0.as_str(), format!("{CALLBACK}?state=bye"));
    assert_eq!(login.identity(body["access_token"].as_str().unwrap()).await.0, 401);
    assert_eq!(refreshed(&login, &body["refresh_token"]).await.1["error_description"], "Session not active");
    assert_eq!(browser.open(&ask).await.page().title(), "Sign in – Chaster (sandbox)");
    // The same again: there is nothing left to end, and the app is still answered.
    let answer = wire().get(logout(&back)).send().await.unwrap();
    assert_eq!(answer.headers()[LOCATION], format!("{CALLBACK}?state=bye"));
    assert_eq!(browser.open(logout(&[])).await.page().title(), "You are logged out – Chaster (sandbox)");
}

#[tokio::test]
async fn a_logout_without_a_hint_asks_the_person_first() {
    let login = Login::prepare(Twin::Chaster).await;
    let own = OpenIdSettings {
        post_logout_redirect_uris: vec!["http://127.0.0.1:9/bye".into()],
        ..OpenIdSettings::default()
    };
    login.sandbox.set_openid_settings(&login.id(), own).await.unwrap();
    let browser = Browser::new(&login.sandbox);
    let ask = login.authorize(&[("scope", "openid")]);
    browser.log_in(&ask, "theo").await.code();
    let id = login.id();
    let logout = |uri: &str| {
        let mut url = reqwest::Url::parse(&login.at(&format!("{PROTOCOL}/logout"))).unwrap();
        url.query_pairs_mut().extend_pairs([("client_id", &*id), ("post_logout_redirect_uri", uri), ("state", "s")]);
        url
    };
    assert_eq!(browser.open(logout(CALLBACK)).await.page().status, 400, "an app with a list of its own has only that");
    let page = browser.open(logout("http://127.0.0.1:9/bye")).await.page();
    assert_eq!(page.title(), "Log out? – Chaster (sandbox)");
    browser.open(&ask).await.callback().code();
    let kept: Vec<_> = ["csrf_token", "client_id", "post_logout_redirect_uri", "state"]
        .into_iter()
        .map(|name| (name, page.hidden(name)))
        .collect();
    let fields: Vec<_> = kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let End::Left(address) = browser.submit(&page, "log-out", &fields).await else { panic!("a redirect") };
    assert_eq!(address.as_str(), "http://127.0.0.1:9/bye?state=s");
    assert_eq!(browser.open(&ask).await.page().title(), "Sign in – Chaster (sandbox)");
}

#[tokio::test]
async fn both_metadata_documents_are_the_same_and_name_endpoints_that_are_there() {
    let login = Login::prepare(Twin::Chaster).await;
    let openid = login.at(&format!("{REALM}/.well-known/openid-configuration"));
    let oauth = login.at(&format!("/.well-known/oauth-authorization-server{REALM}"));
    let document = status_and_json(wire().get(openid).send().await.unwrap()).await;
    assert_eq!(document, status_and_json(wire().get(oauth).send().await.unwrap()).await);
    let members = document.1.as_object().unwrap();
    assert_eq!(members["issuer"], login.at(REALM));
    for (name, address) in members.iter().filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri") {
        let status = wire().get(address.as_str().unwrap()).send().await.unwrap().status();
        assert_ne!(status, 404, "{name}");
    }
    assert_eq!(members["id_token_signing_alg_values_supported"].as_array().unwrap().len(), 13);
    for grant_type in members["grant_types_supported"].as_array().unwrap() {
        let fields = [("grant_type", grant_type.as_str().unwrap())];
        assert_ne!(token(&login.sandbox, Twin::Chaster, &fields).await.1["error"], "unsupported_grant_type");
    }
}
