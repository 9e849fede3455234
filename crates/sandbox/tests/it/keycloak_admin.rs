//! Chaster: Keycloak's admin REST, as far as client secrets go.

use gatewright_sandbox::{Sandbox, SandboxOptions, Twin};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::browser::{Login, TestClock, status_and_json, token, wire};

const ADMIN: &str = "/chaster/auth/admin/realms/app";
const TWO_DAYS: i64 = 2 * 24 * 3600;

/// Olivia administers her client.
struct Realm {
    login: Login,
}

impl Realm {
    async fn with(options: SandboxOptions) -> Self {
        Self { login: Login::at_sandbox(Sandbox::start(options).await.unwrap(), Twin::Chaster).await }
    }

    async fn new() -> Self {
        Self::with(SandboxOptions::default()).await
    }

    fn request(&self, username: &str, method: Method, rest: &str) -> RequestBuilder {
        let key = self.login.sandbox.management_key(username).unwrap().expose();
        wire().request(method, self.login.at(&format!("{ADMIN}{rest}"))).bearer_auth(key)
    }

    async fn send(&self, method: Method, rest: &str) -> (u16, Value) {
        status_and_json(self.request("olivia", method, rest).send().await.unwrap()).await
    }

    /// The client's UUID, looked up by its ID.
    async fn uuid(&self) -> String {
        let (status, found) = self.send(Method::GET, &format!("/clients?clientId={}", self.login.id())).await;
        assert_eq!((status, found.as_array().map(Vec::len)), (200, Some(1)), "{found}");
        found[0]["id"].as_str().unwrap().to_owned()
    }

    async fn client_secret(&self, method: Method, rest: &str) -> (u16, Value) {
        self.send(method, &format!("/clients/{}/client-secret{rest}", self.uuid().await)).await
    }

    /// Asks for a new secret; gives it.
    async fn rotate(&self) -> String {
        let (status, credential) = self.client_secret(Method::POST, "").await;
        assert_eq!((status, &credential["type"]), (200, &json!("secret")));
        credential["value"].as_str().unwrap().to_owned()
    }

    async fn works(&self, secret: &str) -> bool {
        let id = self.login.id();
        let fields = [("grant_type", "client_credentials"), ("client_id", &*id), ("client_secret", secret)];
        token(&self.login.sandbox, Twin::Chaster, &fields).await.0 == 200
    }
}

#[tokio::test]
async fn a_client_is_found_by_its_id_and_shown_under_its_uuid() {
    let realm = Realm::new().await;
    let uuid = realm.uuid().await;
    let (status, client) = realm.send(Method::GET, &format!("/clients/{uuid}")).await;
    assert_eq!((status, &client["clientId"], &client["id"]), (200, &json!(realm.login.id()), &json!(uuid)));
    assert_eq!((uuid.len(), client.get("secret")), (36, None));
    assert_eq!(realm.send(Method::GET, "/clients?clientId=nobody").await.1, json!([]));
}

#[tokio::test]
async fn the_secret_can_be_read_and_a_new_one_takes_its_place() {
    let realm = Realm::new().await;
    let first = realm.login.app.secret.expose().to_owned();
    assert_eq!(realm.client_secret(Method::GET, "").await, (200, json!({"type": "secret", "value": first})));
    let second = realm.rotate().await;
    assert_ne!(second, first);
    assert_eq!(realm.client_secret(Method::GET, "").await.1["value"], json!(second));
    assert_eq!(realm.client_secret(Method::GET, "/rotated").await.1, json!({"type": "secret", "value": first}));
    assert!(realm.works(&first).await && realm.works(&second).await);
}

#[tokio::test]
async fn the_rotated_secret_ends_when_it_is_told_to() {
    let realm = Realm::new().await;
    let first = realm.login.app.secret.expose().to_owned();
    let none = (404, json!({"error": "Client does not have a rotated secret"}));
    assert_eq!(realm.client_secret(Method::GET, "/rotated").await, none);
    assert_eq!(realm.client_secret(Method::DELETE, "/rotated").await, none);
    let second = realm.rotate().await;
    assert_eq!(realm.client_secret(Method::DELETE, "/rotated").await.0, 204);
    assert!(!realm.works(&first).await && realm.works(&second).await);
    assert_eq!(realm.client_secret(Method::GET, "/rotated").await, none);
}

#[tokio::test]
async fn the_rotated_secret_ends_by_itself_after_two_days() {
    let clock = TestClock::new();
    let realm = Realm::with(SandboxOptions { clock: clock.clone(), ..SandboxOptions::default() }).await;
    let first = realm.login.app.secret.expose().to_owned();
    realm.rotate().await;
    let (_, client) = realm.send(Method::GET, &format!("/clients/{}", realm.uuid().await)).await;
    let attribute = |name: &str| client["attributes"][name].as_str().unwrap().parse::<i64>().unwrap();
    let (created, ends) =
        (attribute("client.secret.creation.time"), attribute("client.secret.rotated.expiration.time"));
    assert_eq!(ends - created, TWO_DAYS);
    clock.advance(TWO_DAYS - 1);
    assert!(realm.works(&first).await);
    clock.advance(1);
    assert!(!realm.works(&first).await);
    assert_eq!(realm.client_secret(Method::GET, "/rotated").await.0, 404);
}

#[tokio::test]
async fn a_second_rotation_ends_the_rotated_secret_of_the_first() {
    let realm = Realm::new().await;
    let first = realm.login.app.secret.expose().to_owned();
    let (second, third) = (realm.rotate().await, realm.rotate().await);
    assert!(!realm.works(&first).await && realm.works(&second).await && realm.works(&third).await);
}

#[tokio::test]
async fn without_a_rotation_policy_the_old_secret_dies_at_once() {
    let realm = Realm::with(SandboxOptions { rotated_secret_seconds: 0, ..SandboxOptions::default() }).await;
    let first = realm.login.app.secret.expose().to_owned();
    let second = realm.rotate().await;
    assert!(!realm.works(&first).await && realm.works(&second).await);
    assert_eq!(realm.client_secret(Method::GET, "/rotated").await.0, 404);
}

#[tokio::test]
async fn only_the_owners_key_opens_a_client_and_only_in_this_realm() {
    let realm = Realm::new().await;
    let rest = format!("/clients/{}/client-secret", realm.uuid().await);
    for method in [Method::GET, Method::POST] {
        let theos = status_and_json(realm.request("theo", method, &rest).send().await.unwrap()).await;
        assert_eq!(theos, (404, json!({"error": "Could not find client"})));
    }
    let guessed = wire().get(realm.login.at(&format!("{ADMIN}{rest}"))).bearer_auth("guess");
    let unauthorized = (401, json!({"error": "HTTP 401 Unauthorized"}));
    assert_eq!(status_and_json(guessed.send().await.unwrap()).await, unauthorized);
    let key = realm.login.sandbox.management_key("olivia").unwrap().expose();
    let elsewhere = wire().get(realm.login.at("/chaster/auth/admin/realms/master/clients")).bearer_auth(key);
    assert_eq!(status_and_json(elsewhere.send().await.unwrap()).await, (404, json!({"error": "Realm not found."})));
}
