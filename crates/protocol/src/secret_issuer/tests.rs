use proptest::prelude::*;
use serde_json::json;
use url::Url;

use super::keycloak::FoundClient;
use super::sandbox::{ActivationResponse, SandboxClient, SecretList, SecretStart};
use super::*;
use crate::http::Reference;

fn answer(status: u16, body: &Value) -> HttpResponse {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    HttpResponse { status, headers, body: body.to_string().into_bytes(), cut: false }
}

fn key() -> BearerToken {
    BearerToken { token: Secret::new("canary-key"), reference: Reference::numbered("key", 1) }
}

fn realm() -> ManagementAddress {
    keycloak::admin_base(&Url::parse("https://sso.example/auth/realms/app").unwrap()).unwrap()
}

fn client() -> SandboxClient {
    let origin = Url::parse("http://127.0.0.1:8914").unwrap();
    let origin = ManagementAddress::beside(&origin, "http://127.0.0.1:8914").unwrap();
    SandboxClient { origin, server: "chattr".into(), client_id: "7".into() }
}

#[test]
fn the_admin_rest_of_a_realm_stands_beside_it() {
    assert_eq!(realm().url().as_str(), "https://sso.example/auth/admin/realms/app");
    for issuer in ["https://sso.example/auth", "http://sso.example/realms/app"] {
        assert!(keycloak::admin_base(&Url::parse(issuer).unwrap()).is_err(), "{issuer}");
    }
}

#[test]
fn keycloak_is_asked_by_its_own_identifier() {
    let request = keycloak::find_client_request(&realm(), "my app&x", &key());
    assert_eq!(request.url.as_str(), "https://sso.example/auth/admin/realms/app/clients?clientId=my+app%26x");
    assert!(!format!("{request:?}").contains("canary"));
    let path = |request: HttpRequest| format!("{} {}", request.method.as_str(), request.url.path());
    let below = "/auth/admin/realms/app/clients/u-1/client-secret";
    assert_eq!(path(keycloak::new_secret_request(&realm(), "u-1", &key())), format!("POST {below}"));
    assert_eq!(path(keycloak::read_secret_request(&realm(), "u-1", &key())), format!("GET {below}"));
    assert_eq!(path(keycloak::read_rotated_secret_request(&realm(), "u-1", &key())), format!("GET {below}/rotated"));
    let retire = keycloak::retire_rotated_secret_request(&realm(), "../../x", &key());
    assert!(path(retire).starts_with("DELETE /auth/admin/realms/app/clients/"));
}

#[test]
fn a_client_is_found_by_its_whole_id() {
    let list = json!([{"id": "u-0", "clientId": "app2"}, {"id": "u-1", "clientId": "app"}]);
    assert_eq!(FoundClient::read(&answer(200, &list), "app"), FoundClient::Found("u-1".into()));
    assert_eq!(FoundClient::read(&answer(200, &list), "ap"), FoundClient::NotThere);
    assert!(matches!(FoundClient::read(&answer(403, &json!({"error": "no"})), "app"), FoundClient::Refused(_)));
    assert!(matches!(FoundClient::read(&answer(200, &json!({})), "app"), FoundClient::Malformed(_)));
}

#[test]
fn a_secret_is_told_not_told_or_refused() {
    let told = keycloak::read_secret(&answer(200, &json!({"type": "secret", "value": "canary"})));
    assert!(!format!("{told:?}").contains("canary"));
    let SecretResponse::Told(secret) = told else { panic!() };
    assert_eq!((secret.value.expose(), secret.id), ("canary", None));
    let body = json!({"secret_id": "s1", "client_secret": "canary", "current": true});
    let SecretResponse::Told(secret) = sandbox::read_secret(&answer(201, &body)) else { panic!() };
    assert_eq!((secret.value.expose(), secret.id.as_deref()), ("canary", Some("s1")));
    assert!(matches!(keycloak::read_secret(&answer(200, &json!({"type": "secret"}))), SecretResponse::NotTold));
    assert!(matches!(keycloak::read_secret(&answer(500, &json!({}))), SecretResponse::Malformed(_)));
}

#[test]
fn the_sandboxs_refusals_are_read_in_its_own_words() {
    let body = json!({"code": "too_many_secrets", "sentence": "Two work already.", "field": null});
    let SecretResponse::Refused(refusal) = sandbox::read_secret(&answer(409, &body)) else { panic!() };
    assert_eq!(refusal.error.error.as_deref(), Some("too_many_secrets"));
    assert_eq!(refusal.error.description.as_deref(), Some("Two work already."));
}

#[test]
fn the_sandbox_is_asked_below_its_origin() {
    let start = SecretStart::AtOnce { others_expire_in: Some(3600) };
    let request = sandbox::new_secret_request(&client(), start, &key());
    assert_eq!(request.url.as_str(), "http://127.0.0.1:8914/_control/chattr/apps/7/secrets");
    assert_eq!(&**request.body.unwrap().write().bytes, br#"{"others_expire_in":3600}"#);
    let body = |start| sandbox::new_secret_request(&client(), start, &key()).body.unwrap().write().bytes;
    assert_eq!(&**body(SecretStart::AtOnce { others_expire_in: None }), b"{}");
    assert_eq!(&**body(SecretStart::WhenActivated), br#"{"staged":true}"#);
    let activate = sandbox::activate_request(&client(), "s1", &key());
    assert_eq!((activate.method, activate.url.path()), (Method::Post, "/_control/chattr/apps/7/secrets/s1/activate"));
    let retire = sandbox::retire_request(&client(), "s1", &key());
    assert_eq!((retire.method, retire.url.path()), (Method::Delete, "/_control/chattr/apps/7/secrets/s1"));
}

#[test]
fn an_activation_has_happened_or_was_refused_or_nobody_knows() {
    assert_eq!(ActivationResponse::read(&answer(200, &json!({"current": true}))), ActivationResponse::Activated);
    let refused = json!({"code": "not_found", "sentence": "No such secret.", "field": null});
    assert!(matches!(ActivationResponse::read(&answer(404, &refused)), ActivationResponse::Refused(_)));
    assert!(matches!(ActivationResponse::read(&answer(500, &json!({}))), ActivationResponse::Malformed(_)));
}

#[test]
fn the_secrets_that_work_are_listed() {
    let body = json!([{"secret_id": "s3", "created_at": "2026", "current": false, "staged": true},
        {"secret_id": "s2", "created_at": "2026", "current": true},
        {"secret_id": "s1", "created_at": "2025", "expires_at": "2027", "current": false}]);
    let SecretList::Listed(list) = SecretList::read(&answer(200, &body)) else { panic!() };
    let [staged, newest, older] = &list[..] else { panic!("{list:?}") };
    assert!(staged.is_staged && !staged.is_newest && !newest.is_staged && !older.is_staged);
    assert_eq!((newest.id.as_str(), newest.is_newest, &newest.expires_at), ("s2", true, &None));
    assert_eq!((older.id.as_str(), older.is_newest, older.expires_at.as_deref()), ("s1", false, Some("2027")));
    assert!(matches!(SecretList::read(&answer(200, &json!([{}]))), SecretList::Malformed(_)));
    assert!(matches!(SecretList::read(&answer(404, &json!({}))), SecretList::Refused(_)));
}

#[test]
fn a_retirement_is_told_from_one_of_a_secret_that_is_gone() {
    let judged = |status| RetirementResponse::read(&answer(status, &json!({"code": "x"})));
    assert!(matches!(judged(204), RetirementResponse::Retired));
    assert!(matches!(judged(404), RetirementResponse::NotThere(_)));
    assert!(matches!(judged(409), RetirementResponse::Refused(_)));
    assert!(matches!(judged(502), RetirementResponse::Malformed(_)));
}

proptest! {
    #[test]
    fn a_secret_of_keycloak_is_found_in_any_answer(status in 100_u16..600, secret in "\\PC{1,20}", more in "\\PC{0,9}") {
        let body = json!({"error": more, "type": "secret", "value": secret});
        let found = keycloak::find_issued(&answer(status, &body));
        prop_assert_eq!(found.client_secret.as_ref().map(Secret::expose), Some(secret.as_str()));
    }

    #[test]
    fn no_answer_makes_the_readers_panic(status in any::<u16>(), body in "\\PC*") {
        let response = HttpResponse { status, headers: Vec::new(), body: body.into_bytes(), cut: false };
        let _ = (keycloak::read_secret(&response), keycloak::find_issued(&response), sandbox::read_secret(&response));
        let _ = ActivationResponse::read(&response);
        let _ = (RetirementResponse::read(&response), SecretList::read(&response), FoundClient::read(&response, "x"));
    }
}
