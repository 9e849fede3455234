//! Chaster: the ways an app proves who it is, and what the realm's administrator changes.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatewright_sandbox::{
    AppRefusalCode, ClientAuthMethod, Clock as _, Jwk, JwkSet, OpenIdSettings, SignatureAlgorithm, SystemClock, Twin,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Login, status_and_json, token, wire};

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

async fn registered(settings: OpenIdSettings) -> Login {
    let login = Login::prepare(Twin::Chaster).await;
    login.sandbox.set_openid_settings(&login.id(), settings).await.unwrap();
    login
}

fn by(method: ClientAuthMethod) -> OpenIdSettings {
    OpenIdSettings { token_endpoint_auth_method: Some(method), ..OpenIdSettings::default() }
}

/// A client acting for itself: the shortest request that needs authentication.
async fn asks(login: &Login, fields: &[(&str, &str)]) -> (u16, Value) {
    let fields = [&[("grant_type", "client_credentials")], fields].concat();
    token(&login.sandbox, Twin::Chaster, &fields).await
}

fn assertion(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = URL_SAFE_NO_PAD.encode(sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// The claims of a good assertion.
fn claims(login: &Login, jti: &str) -> Value {
    let now = SystemClock.now().as_second();
    let issuer = login.at("/chaster/auth/realms/app");
    json!({"iss": login.id(), "sub": login.id(), "aud": issuer, "jti": jti, "exp": now + 60})
}

#[tokio::test]
async fn an_app_registered_for_basic_is_not_let_in_by_the_body() {
    let login = registered(by(ClientAuthMethod::ClientSecretBasic)).await;
    let (id, secret) = (login.id(), login.app.secret.expose());
    assert_eq!(asks(&login, &[("client_id", &id), ("client_secret", secret)]).await.0, 401);
    let basic = wire().post(login.at(Twin::Chaster.token_path())).basic_auth(&id, Some(secret));
    assert_eq!(basic.form(&[("grant_type", "client_credentials")]).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_public_app_needs_no_secret_and_may_not_introspect() {
    let login = registered(by(ClientAuthMethod::None)).await;
    let id = login.id();
    assert_eq!(asks(&login, &[("client_id", &id)]).await.0, 200);
    let url = login.at("/chaster/auth/realms/app/protocol/openid-connect/token/introspect");
    let answer = wire().post(url).form(&[("client_id", &*id), ("token", "x")]).send().await.unwrap();
    assert_eq!(status_and_json(answer).await.1["error_description"], "Client not allowed.");
}

#[tokio::test]
async fn an_assertion_keyed_by_the_secret_is_taken_once() {
    let login = registered(by(ClientAuthMethod::ClientSecretJwt)).await;
    let key = hmac::Key::new(hmac::HMAC_SHA256, login.app.secret.expose().as_bytes());
    let sign = |bytes: &[u8]| hmac::sign(&key, bytes).as_ref().to_vec();
    let header = json!({"alg": "HS256"});
    let good = assertion(&header, &claims(&login, "1"), sign);
    let fields = [("client_assertion_type", JWT_BEARER), ("client_assertion", &*good)];
    assert_eq!(asks(&login, &fields).await.0, 200);
    let again = asks(&login, &fields).await;
    assert_eq!((again.0, &again.1["error"]), (400, &json!("invalid_client")));
    assert!(again.1["error_description"].as_str().unwrap().contains("reuse"), "{}", again.1);

    for (member, value, reason) in [
        ("aud", json!("https://elsewhere.example"), "audience"),
        ("exp", json!(1), "not active"),
        ("jti", json!(7), "jti"),
        ("iss", json!("another"), "client"),
    ] {
        let mut claims = claims(&login, "2");
        claims[member] = value;
        let bad = assertion(&header, &claims, sign);
        let (status, refusal) =
            asks(&login, &[("client_assertion_type", JWT_BEARER), ("client_assertion", &bad)]).await;
        assert_eq!(status, 400, "{member}");
        assert!(refusal["error_description"].as_str().unwrap().contains(reason), "{member}: {refusal}");
    }
}

#[tokio::test]
async fn an_assertion_signed_with_the_registered_key_is_taken_and_another_is_not() {
    let (own, other) = (Ed25519KeyPair::generate().unwrap(), Ed25519KeyPair::generate().unwrap());
    let public = Jwk {
        kid: Some("desk".into()),
        kty: "OKP".into(),
        crv: Some("Ed25519".into()),
        x: Some(URL_SAFE_NO_PAD.encode(own.public_key().as_ref())),
        ..Jwk::default()
    };
    let settings = OpenIdSettings { jwks: Some(JwkSet { keys: vec![public] }), ..by(ClientAuthMethod::PrivateKeyJwt) };
    let login = registered(settings).await;
    let header = json!({"alg": "EdDSA", "kid": "desk"});
    for (key, jti, status) in [(&own, "1", 200), (&other, "2", 400)] {
        let signed = assertion(&header, &claims(&login, jti), |bytes| key.sign(bytes).as_ref().to_vec());
        let fields = [("client_assertion_type", JWT_BEARER), ("client_assertion", &*signed)];
        assert_eq!(asks(&login, &fields).await.0, status);
    }
    let (id, secret) = (login.id(), login.app.secret.expose());
    assert_eq!(asks(&login, &[("client_id", &id), ("client_secret", secret)]).await.0, 401);
}

#[tokio::test]
async fn settings_that_contradict_themselves_are_refused_with_the_field() {
    let login = Login::prepare(Twin::Chaster).await;
    let keyed =
        OpenIdSettings { id_token_signed_response_alg: SignatureAlgorithm::Hs256, ..by(ClientAuthMethod::None) };
    let elsewhere = OpenIdSettings { post_logout_redirect_uris: vec!["/bye".into()], ..OpenIdSettings::default() };
    for (settings, field) in [
        (keyed, "id_token_signed_response_alg"),
        (by(ClientAuthMethod::PrivateKeyJwt), "jwks"),
        (elsewhere, "post_logout_redirect_uris"),
    ] {
        let refusal = login.sandbox.set_openid_settings(&login.id(), settings).await.unwrap_err();
        assert_eq!((refusal.code, refusal.field), (AppRefusalCode::Invalid, Some(field)));
    }
}

#[tokio::test]
async fn settings_and_keys_are_changed_over_the_control_api() {
    let login = Login::prepare(Twin::Chaster).await;
    let control = |method: Method, path: &str| {
        let url = login.at(&format!("/_control/chaster/{path}"));
        wire().request(method, url).header("x-sandbox-control", login.sandbox.control_token().expose())
    };
    let path = format!("apps/{}/openid", login.id());
    let settings = json!({"id_token_signed_response_alg": "PS256", "revoke_refresh_token": true});
    let answer = control(Method::PUT, &path).json(&settings).send().await.unwrap();
    let (status, app) = status_and_json(answer).await;
    assert_eq!((status, &app["openid"]), (200, &settings));
    assert_eq!(login.sandbox.apps(Twin::Chaster)[0].openid.id_token_signed_response_alg, SignatureAlgorithm::Ps256);
    let unknown = control(Method::PUT, &path).json(&json!({"id_token_signed_response_alg": "none"}));
    assert_eq!(unknown.send().await.unwrap().status(), 400);

    let keys = async || {
        let url = login.at("/chaster/auth/realms/app/protocol/openid-connect/certs");
        let keys = status_and_json(wire().get(url).send().await.unwrap()).await.1["keys"].clone();
        let of = |key: &Value| (key["kid"].as_str().unwrap().to_owned(), key["alg"].as_str().unwrap().to_owned());
        keys.as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    let first = keys().await;
    assert_eq!(first.iter().map(|(_, alg)| alg.as_str()).collect::<Vec<_>>(), ["RS256", "PS256"]);
    let rotation = control(Method::POST, "keys/rotation").json(&json!({"keep_old": true}));
    assert_eq!(rotation.send().await.unwrap().status(), 204);
    let second = keys().await;
    assert!(second.len() == 4 && first.iter().all(|key| second.contains(key)), "{second:?}");
    assert_eq!(control(Method::POST, "keys/rotation").send().await.unwrap().status(), 204);
    let third = keys().await;
    assert!(third.len() == 2 && third.iter().all(|key| !second.contains(key)), "{third:?}");
}

#[tokio::test]
async fn settings_survive_a_restart_and_the_secret_is_learnt_when_it_is_presented() {
    use gatewright_sandbox::{Sandbox, SandboxOptions};
    let folder = tempfile::tempdir().unwrap();
    let options = || SandboxOptions { apps_file: Some(folder.path().join("apps.json")), ..SandboxOptions::default() };
    let login = Login::at_sandbox(Sandbox::start(options()).await.unwrap(), Twin::Chaster).await;
    let settings =
        OpenIdSettings { id_token_signed_response_alg: SignatureAlgorithm::Hs256, ..OpenIdSettings::default() };
    login.sandbox.set_openid_settings(&login.id(), settings.clone()).await.unwrap();
    let Login { sandbox, twin, app } = login;
    sandbox.stop().await;
    let text = std::fs::read_to_string(folder.path().join("apps.json")).unwrap();
    assert!(!text.contains(app.secret.expose()), "the secret itself is never written down");

    let login = Login { sandbox: Sandbox::start(options()).await.unwrap(), twin, app };
    assert_eq!(login.sandbox.apps(twin)[0].openid, settings);
    let code = login.decided("theo", "approve", &[("scope", "openid")]).await.code();
    let (status, body) = login.exchange(&code, &[]).await;
    assert_eq!(status, 200, "{body}");
    assert!(body["id_token"].is_string());
}
