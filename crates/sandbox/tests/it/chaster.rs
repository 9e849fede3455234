//! Chaster: Keycloak's ways beyond what an OpenID Connect library looks at.

use gatewright_sandbox::{Sandbox, SandboxOptions, Twin};
use serde_json::{Value, json};

use crate::browser::{self, Browser, CALLBACK, Login, TestClock, authorize, status_and_json, token, wire};

const OPENID: [(&str, &str); 1] = [("scope", "openid profile")];

async fn tokens(login: &Login, scope: &str) -> Value {
    let code = login.decided("theo", "approve", &[("scope", scope)]).await.code();
    let (status, body) = login.exchange(&code, &[]).await;
    assert_eq!(status, 200, "{body}");
    body
}

async fn refreshed(login: &Login, refresh_token: &Value) -> (u16, Value) {
    let id = login.id();
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", &id),
        ("client_secret", login.app.secret.expose()),
        ("refresh_token", refresh_token.as_str().unwrap()),
    ];
    token(&login.sandbox, Twin::Chaster, &fields).await
}

#[tokio::test]
async fn the_answer_has_the_documents_fields_and_lifetimes() {
    let login = Login::prepare(Twin::Chaster).await;
    let body = tokens(&login, "profile").await;
    assert_eq!((&body["expires_in"], &body["refresh_expires_in"]), (&json!(300), &json!(1800)));
    assert_eq!(
        (&body["token_type"], &body["not-before-policy"], &body["scope"]),
        (&json!("bearer"), &json!(0), &json!("profile"))
    );
    assert!(body.get("id_token").is_none(), "no openid, no ID token");
}

#[tokio::test]
async fn the_callback_carries_state_session_state_iss_and_a_code_in_three_parts() {
    let login = Login::prepare(Twin::Chaster).await;
    let callback = login.decided("theo", "approve", &[("state", "xyz")]).await;
    let names: Vec<_> = callback.0.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["state", "session_state", "iss", "code"]);
    assert_eq!(callback.get("iss"), Some(login.at("/chaster/auth/realms/app")));
    let code = callback.code();
    let parts: Vec<_> = code.split('.').collect();
    assert_eq!((parts.len(), Some(parts[1].to_owned())), (3, callback.get("session_state")));
}

#[tokio::test]
async fn deny_is_access_denied_with_state_and_iss() {
    let login = Login::prepare(Twin::Chaster).await;
    let callback = login.decided("theo", "deny", &[("state", "xyz")]).await;
    let names: Vec<_> = callback.0.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["error", "error_description", "state", "iss"]);
    assert_eq!(callback.get("error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn userinfo_needs_openid_and_says_so_in_a_header_only() {
    let login = Login::prepare(Twin::Chaster).await;
    let access_token = tokens(&login, "profile").await["access_token"].as_str().unwrap().to_owned();
    let url = login.at(Twin::Chaster.identity_path().unwrap());
    let response = wire().get(&url).bearer_auth(&access_token).send().await.unwrap();
    assert_eq!(response.status(), 403);
    let challenge = response.headers()["www-authenticate"].to_str().unwrap().to_owned();
    assert!(challenge.contains("insufficient_scope") && challenge.contains("Missing openid scope"), "{challenge}");
    assert_eq!(response.text().await.unwrap(), "");
    let unknown = wire().get(&url).bearer_auth("unknown").send().await.unwrap();
    assert!(
        unknown.status() == 401 && unknown.headers()["www-authenticate"].to_str().unwrap().contains("invalid_token")
    );
}

#[tokio::test]
async fn every_refresh_brings_a_new_refresh_token() {
    let login = Login::prepare(Twin::Chaster).await;
    let first = tokens(&login, "profile").await;
    let (status, second) = refreshed(&login, &first["refresh_token"]).await;
    assert_eq!(status, 200);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_ne!(first["access_token"], second["access_token"]);
    assert_eq!(refreshed(&login, &json!("unknown")).await.1["error_description"], "Invalid refresh token");
}

#[tokio::test]
async fn tokens_and_codes_expire_when_the_document_says_so() {
    let clock = TestClock::new();
    let sandbox = Sandbox::start(SandboxOptions { clock: clock.clone(), ..SandboxOptions::default() }).await.unwrap();
    let login = Login::at_sandbox(sandbox, Twin::Chaster).await;
    let body = tokens(&login, "openid").await;
    let access_token = body["access_token"].as_str().unwrap();
    clock.advance(299);
    assert_eq!(login.identity(access_token).await.0, 200);
    clock.advance(1);
    assert_eq!(login.identity(access_token).await.0, 401);
    clock.advance(1500);
    assert_eq!(refreshed(&login, &body["refresh_token"]).await.1["error_description"], "Token is not active");
    let code = login.decided("tara", "approve", &OPENID).await.code();
    clock.advance(600);
    assert_eq!(login.exchange(&code, &[]).await.1["error_description"], "Code is expired");
}

#[tokio::test]
async fn offline_access_has_a_refresh_token_that_never_expires_and_says_zero() {
    let clock = TestClock::new();
    let sandbox = Sandbox::start(SandboxOptions { clock: clock.clone(), ..SandboxOptions::default() }).await.unwrap();
    let login = Login::at_sandbox(sandbox, Twin::Chaster).await;
    let body = tokens(&login, "profile offline_access").await;
    assert_eq!(body["refresh_expires_in"], 0);
    clock.advance(90 * 24 * 3600);
    assert_eq!(refreshed(&login, &body["refresh_token"]).await.0, 200);
}

#[tokio::test]
async fn a_replayed_code_kills_the_tokens_of_the_first_exchange() {
    let login = Login::prepare(Twin::Chaster).await;
    let code = login.decided("theo", "approve", &OPENID).await.code();
    let body = login.exchange(&code, &[]).await.1;
    let access_token = body["access_token"].as_str().unwrap();
    assert_eq!(login.identity(access_token).await.0, 200);
    let (status, refusal) = login.exchange(&code, &[]).await;
    assert_eq!((status, refusal), (400, json!({"error": "invalid_grant", "error_description": "Code not valid"})));
    assert_eq!(login.identity(access_token).await.0, 401);
    assert_eq!(refreshed(&login, &body["refresh_token"]).await.1["error_description"], "Session not active");
}

#[tokio::test]
async fn client_and_grant_refusals_are_worded_as_keycloak_words_them() {
    let login = Login::prepare(Twin::Chaster).await;
    let client = "Invalid client or Invalid client credentials";
    for (changes, status, error, description) in [
        ([("client_secret", "wrong")], 401, "unauthorized_client", client),
        ([("client_id", "wrong")], 401, "invalid_client", client),
        ([("grant_type", "password")], 400, "unsupported_grant_type", "Unsupported grant_type"),
        ([("grant_type", "")], 400, "invalid_request", "Missing form parameter: grant_type"),
        ([("code", "wrong")], 400, "invalid_grant", "Code not valid"),
        ([("redirect_uri", "http://127.0.0.1:9/other")], 400, "invalid_grant", "Incorrect redirect_uri"),
    ] {
        let code = login.approved("theo").await.code();
        let (given, refusal) = login.exchange(&code, &changes).await;
        assert_eq!(
            (given, &refusal["error"], &refusal["error_description"]),
            (status, &json!(error), &json!(description))
        );
    }
    let twice = [("grant_type", "authorization_code"), ("grant_type", "authorization_code")];
    assert_eq!(token(&login.sandbox, Twin::Chaster, &twice).await.1["error_description"], "duplicated parameter");
}

#[tokio::test]
async fn pkce_is_checked_when_it_was_used() {
    let login = Login::prepare(Twin::Chaster).await;
    // The pair of RFC 7636, appendix B.
    let (verifier, challenge) =
        ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    let with_challenge = [("code_challenge", challenge), ("code_challenge_method", "S256"), ("prompt", "consent")];
    for (changes, status, description) in [
        (vec![], 400, json!("PKCE code verifier not specified")),
        (vec![("code_verifier", challenge)], 400, json!("PKCE verification failed: Code mismatch")),
        (vec![("code_verifier", verifier)], 200, Value::Null),
    ] {
        let code = login.decided("theo", "approve", &with_challenge).await.code();
        let (given, body) = login.exchange(&code, &changes).await;
        assert_eq!((given, &body["error_description"]), (status, &description));
    }
}

#[tokio::test]
async fn consent_is_remembered_until_something_new_is_asked() {
    let login = Login::prepare(Twin::Chaster).await;
    let browser = Browser::new(&login.sandbox);
    browser.log_in(&login.authorize(&OPENID), "theo").await.code();
    browser.open(login.authorize(&OPENID)).await.callback().code();
    let wider = browser.open(login.authorize(&[("scope", "openid profile email")])).await.page();
    assert_eq!(wider.title(), "Allow access? – Chaster (sandbox)");
    let asked = browser.open(login.authorize(&[("scope", "openid"), ("prompt", "consent")])).await.page();
    assert_eq!(asked.title(), "Allow access? – Chaster (sandbox)");
    let again = browser.open(login.authorize(&[("scope", "openid"), ("prompt", "login")])).await.page();
    assert_eq!(again.title(), "Sign in – Chaster (sandbox)");
    browser.sign_in(&again, "theo").await.callback().code();
}

#[tokio::test]
async fn prompt_none_answers_with_an_error_instead_of_a_page() {
    let login = Login::prepare(Twin::Chaster).await;
    let browser = Browser::new(&login.sandbox);
    let silent = login.authorize(&[("scope", "openid"), ("prompt", "none")]);
    assert_eq!(browser.open(&silent).await.callback().get("error").as_deref(), Some("login_required"));
    let sign_in = browser.open(login.authorize(&OPENID)).await.page();
    browser.sign_in(&sign_in, "theo").await.page();
    assert_eq!(browser.open(&silent).await.callback().get("error").as_deref(), Some("interaction_required"));
}

#[tokio::test]
async fn a_wrong_redirect_uri_is_a_page_and_everything_after_it_goes_back_to_the_app() {
    let login = Login::prepare(Twin::Chaster).await;
    let (id, browser) = (login.id(), Browser::new(&login.sandbox));
    let elsewhere = [("client_id", &*id), ("redirect_uri", "https://elsewhere.example/"), ("response_type", "code")];
    let page = browser.open(authorize(&login.sandbox, Twin::Chaster, &elsewhere)).await.page();
    assert!(page.status == 400 && page.html.contains("Invalid parameter: redirect_uri"));
    for (more, error) in
        [([("response_type", "token")], "unsupported_response_type"), ([("state", "xyz")], "invalid_request")]
    {
        let mut parameters = vec![("client_id", &*id), ("redirect_uri", CALLBACK)];
        parameters.extend(more);
        let callback = browser.open(authorize(&login.sandbox, Twin::Chaster, &parameters)).await.callback();
        assert_eq!(callback.get("error").as_deref(), Some(error));
    }
    let scope = browser.open(login.authorize(&[("scope", "openid everything")])).await.callback();
    assert_eq!(scope.get("error").as_deref(), Some("invalid_scope"));
}

#[tokio::test]
async fn a_client_acts_for_itself_with_an_opaque_token() {
    let login = Login::prepare(Twin::Chaster).await;
    let request = wire()
        .post(login.at(Twin::Chaster.token_path()))
        .basic_auth(login.id(), Some(login.app.secret.expose()))
        .form(&[("grant_type", "client_credentials")]);
    let (status, body) = status_and_json(request.send().await.unwrap()).await;
    assert_eq!((status, &body["expires_in"], &body["refresh_expires_in"]), (200, &json!(300), &json!(0)));
    assert!(body.get("refresh_token").is_none() && !body["access_token"].as_str().unwrap().contains('.'));
}

#[tokio::test]
async fn revoking_ends_a_token_and_an_unknown_one_gets_200_with_an_error() {
    let login = Login::prepare(Twin::Chaster).await;
    let body = tokens(&login, "openid").await;
    let id = login.id();
    let revoke = async |token: &str| {
        let fields = [("client_id", &*id), ("client_secret", login.app.secret.expose()), ("token", token)];
        let url = login.at("/chaster/auth/realms/app/protocol/openid-connect/revoke");
        status_and_json(wire().post(url).form(&fields).send().await.unwrap()).await
    };
    let (access, refresh) = (body["access_token"].as_str().unwrap(), body["refresh_token"].as_str().unwrap());
    assert_eq!(revoke(access).await, (200, json!("")));
    assert_eq!(login.identity(access).await.0, 401);
    assert_eq!(revoke(refresh).await.0, 200);
    assert_eq!(refreshed(&login, &body["refresh_token"]).await.1["error_description"], "Session not active");
    assert_eq!(revoke("unknown").await, (200, json!({"error": "invalid_token", "error_description": "Invalid token"})));
}

#[tokio::test]
async fn a_loopback_address_registered_without_a_port_is_taken_with_any() {
    let sandbox = browser::sandbox().await;
    let form = gatewright_sandbox::AppForm { name: "Native".into(), redirect_uris: vec!["http://127.0.0.1/cb".into()] };
    let app = sandbox.create_app(Twin::Chaster, "olivia", form).await.unwrap();
    let id = app.app.client_id.to_string();
    let ask = |uri| {
        authorize(&sandbox, Twin::Chaster, &[("client_id", &*id), ("redirect_uri", uri), ("response_type", "code")])
    };
    let callback = Browser::new(&sandbox).log_in(&ask("http://127.0.0.1:9/cb"), "theo").await;
    assert_eq!(callback.0.port(), Some(9));
    for wrong in ["http://127.0.0.1:9/cb/", "http://localhost:9/cb", "http://127.0.0.1:9@elsewhere.example/cb"] {
        assert_eq!(Browser::new(&sandbox).open(ask(wrong)).await.page().status, 400, "{wrong}");
    }
}
