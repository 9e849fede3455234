//! Two secrets at once, over the control API with a person's management key.

use gatewright_sandbox::{Sandbox, SandboxHandle, SandboxOptions, Twin};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::browser::{self, CALLBACK, Login, TestClock, status_and_json, wire};

/// A request with somebody's management key.
fn request(sandbox: &SandboxHandle, username: &str, method: Method, path: &str) -> RequestBuilder {
    let key = sandbox.management_key(username).expect("somebody of the sandbox").expose();
    wire().request(method, format!("{}/_control/{path}", sandbox.origin())).bearer_auth(key)
}

async fn send(request: RequestBuilder) -> (u16, Value) {
    status_and_json(request.send().await.unwrap()).await
}

/// Olivia's requests about the secrets of her app.
struct Secrets {
    login: Login,
}

impl Secrets {
    async fn at(twin: Twin) -> Self {
        Self { login: Login::prepare(twin).await }
    }

    fn request(&self, method: Method, rest: &str) -> RequestBuilder {
        let path = format!("{}/apps/{}/secrets{rest}", self.login.twin.id(), self.login.id());
        request(&self.login.sandbox, "olivia", method, &path)
    }

    async fn list(&self) -> Vec<Value> {
        let (status, secrets) = send(self.request(Method::GET, "")).await;
        assert_eq!(status, 200);
        secrets.as_array().unwrap().clone()
    }

    /// A further secret, as the answer tells it.
    async fn further(&self) -> Value {
        let (status, secret) = send(self.request(Method::POST, "")).await;
        assert_eq!(status, 201, "{secret}");
        secret
    }

    /// A secret that is refused until it is activated, as the answer tells it.
    async fn staged(&self) -> Value {
        let (status, secret) = send(self.request(Method::POST, "").json(&json!({"staged": true}))).await;
        assert_eq!((status, &secret["staged"], &secret["current"]), (201, &json!(true), &json!(false)), "{secret}");
        secret
    }

    async fn activate(&self, secret_id: &Value) -> (u16, Value) {
        send(self.request(Method::POST, &format!("/{}/activate", secret_id.as_str().unwrap()))).await
    }

    async fn retire(&self, secret_id: &Value) -> (u16, Value) {
        send(self.request(Method::DELETE, &format!("/{}", secret_id.as_str().unwrap()))).await
    }

    /// Whether a login with this secret gets through the token endpoint.
    async fn works(&self, secret: &str) -> bool {
        let code = self.login.approved("theo").await.code();
        let fields = json!({
            "client_id": self.login.app.app.client_id.to_json(), "client_secret": secret, "code": code,
            "grant_type": "authorization_code", "redirect_uri": CALLBACK,
        });
        let request = wire().post(self.login.at(self.login.twin.token_path()));
        let request = if self.login.twin == Twin::Chattr { request.json(&fields) } else { request.form(&fields) };
        request.send().await.unwrap().status() == 200
    }
}

#[tokio::test]
async fn the_first_secret_works_until_it_is_retired_and_the_second_from_the_moment_it_is_told() {
    for twin in [Twin::Chattr, Twin::Chattz, Twin::Chaster] {
        let secrets = Secrets::at(twin).await;
        let first = secrets.login.app.secret.expose().to_owned();
        let further = secrets.further().await;
        let second = further["client_secret"].as_str().unwrap();
        assert_eq!(second.len(), first.len(), "{twin:?}");
        assert!(secrets.works(&first).await && secrets.works(second).await, "{twin:?}");

        let list = secrets.list().await;
        assert_eq!((list.len(), &list[0]["secret_id"]), (2, &further["secret_id"]));
        assert_eq!((&list[0]["current"], &list[1]["current"]), (&json!(true), &json!(false)));
        assert!(list.iter().all(|secret| secret.get("client_secret").is_none()), "a secret is told once");

        assert_eq!(secrets.retire(&list[1]["secret_id"]).await.0, 204);
        assert!(!secrets.works(&first).await && secrets.works(second).await, "{twin:?}");
    }
}

#[tokio::test]
async fn a_staged_secret_is_refused_until_it_is_activated_and_then_it_alone_works() {
    for twin in [Twin::Chattr, Twin::Chattz, Twin::Chaster] {
        let secrets = Secrets::at(twin).await;
        let first = secrets.login.app.secret.expose().to_owned();
        let staged = secrets.staged().await;
        let value = staged["client_secret"].as_str().unwrap();
        assert!(secrets.works(&first).await && !secrets.works(value).await, "{twin:?}");
        let list = secrets.list().await;
        assert_eq!((list.len(), &list[0]["staged"], &list[1]["current"]), (2, &json!(true), &json!(true)), "{twin:?}");
        let (status, refusal) = send(secrets.request(Method::POST, "").json(&json!({"staged": true}))).await;
        assert_eq!((status, &refusal["code"]), (409, &json!("too_many_secrets")), "one at a time");

        for _ in 0..2 {
            let (status, activated) = secrets.activate(&staged["secret_id"]).await;
            assert_eq!((status, &activated["current"]), (200, &json!(true)), "asked again, nothing changes");
            assert!(!secrets.works(&first).await && secrets.works(value).await, "{twin:?}");
        }
    }
}

#[tokio::test]
async fn a_staged_secret_can_be_given_up_and_one_that_is_none_is_not_activated() {
    let secrets = Secrets::at(Twin::Chattz).await;
    let working = secrets.list().await[0]["secret_id"].clone();
    let staged = secrets.staged().await;
    assert_eq!(secrets.retire(&staged["secret_id"]).await.0, 204);
    assert_eq!(secrets.activate(&staged["secret_id"]).await.0, 404);
    assert_eq!(secrets.list().await.len(), 1);
    secrets.staged().await;
    let (status, refusal) = secrets.retire(&working).await;
    assert_eq!((status, &refusal["code"]), (409, &json!("last_secret")), "a staged one does not work yet");
    let gitter = Secrets::at(Twin::Gitter).await;
    let (status, refusal) = send(gitter.request(Method::POST, "").json(&json!({"staged": true}))).await;
    assert_eq!((status, &refusal["code"]), (409, &json!("no_second_secret")));
}

#[tokio::test]
async fn a_staged_secret_survives_a_restart_without_working() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("apps.json");
    let options = || SandboxOptions { apps_file: Some(path.clone()), ..SandboxOptions::default() };
    let before = Secrets { login: Login::at_sandbox(Sandbox::start(options()).await.unwrap(), Twin::Chattz).await };
    let staged = before.staged().await;
    let Login { sandbox, app, twin } = before.login;
    sandbox.stop().await;
    let after = Secrets { login: Login { sandbox: Sandbox::start(options()).await.unwrap(), twin, app } };
    let value = staged["client_secret"].as_str().unwrap();
    assert!(!after.works(value).await);
    assert_eq!(after.activate(&staged["secret_id"]).await.0, 200);
    assert!(after.works(value).await);
}

#[tokio::test]
async fn a_third_secret_waits_until_one_of_the_two_is_retired() {
    let secrets = Secrets::at(Twin::Chattz).await;
    let lost = secrets.further().await;
    let (status, refusal) = send(secrets.request(Method::POST, "")).await;
    assert_eq!((status, &refusal["code"]), (409, &json!("too_many_secrets")));
    secrets.retire(&lost["secret_id"]).await;
    secrets.further().await;
}

#[tokio::test]
async fn the_last_secret_cannot_be_retired_and_an_unknown_one_is_not_found() {
    let secrets = Secrets::at(Twin::Chattr).await;
    let only = secrets.list().await[0]["secret_id"].clone();
    let (status, refusal) = secrets.retire(&only).await;
    assert_eq!((status, &refusal["code"]), (409, &json!("last_secret")));
    assert_eq!(secrets.retire(&json!("0f3c")).await.0, 404);
    assert!(secrets.works(secrets.login.app.secret.expose()).await);
}

#[tokio::test]
async fn where_the_provider_never_changes_a_secret_its_twin_refuses_to() {
    for twin in [Twin::Gitter, Twin::ContentDb] {
        let secrets = Secrets::at(twin).await;
        let (status, refusal) = send(secrets.request(Method::POST, "")).await;
        assert_eq!((status, &refusal["code"]), (409, &json!("no_second_secret")));
        assert!(refusal["sentence"].as_str().unwrap().contains("create it again"), "{refusal}");
        assert!(secrets.works(secrets.login.app.secret.expose()).await);
    }
}

#[tokio::test]
async fn the_other_secret_ends_by_itself_when_that_was_asked_for() {
    let clock = TestClock::new();
    let sandbox = Sandbox::start(SandboxOptions { clock: clock.clone(), ..SandboxOptions::default() }).await.unwrap();
    let secrets = Secrets { login: Login::at_sandbox(sandbox, Twin::Chattz).await };
    let first = secrets.login.app.secret.expose().to_owned();
    let (status, further) = send(secrets.request(Method::POST, "").json(&json!({"others_expire_in": 3600}))).await;
    assert_eq!(status, 201);
    assert_eq!(secrets.list().await[1]["expires_at"], "2026-11-21T13:00:00Z");
    clock.advance(3599);
    assert!(secrets.works(&first).await);
    clock.advance(1);
    assert!(!secrets.works(&first).await && secrets.works(further["client_secret"].as_str().unwrap()).await);
    assert_eq!(secrets.list().await.len(), 1);
}

#[tokio::test]
async fn taking_the_new_secret_back_gives_the_old_one_its_life_back() {
    let clock = TestClock::new();
    let sandbox = Sandbox::start(SandboxOptions { clock: clock.clone(), ..SandboxOptions::default() }).await.unwrap();
    let secrets = Secrets { login: Login::at_sandbox(sandbox, Twin::Chattz).await };
    let (_, further) = send(secrets.request(Method::POST, "").json(&json!({"others_expire_in": 60}))).await;
    assert_eq!(secrets.retire(&further["secret_id"]).await.0, 204);
    clock.advance(3600);
    assert!(secrets.works(secrets.login.app.secret.expose()).await);
    assert_eq!(secrets.list().await[0].get("expires_at"), None);
}

#[tokio::test]
async fn both_secrets_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("apps.json");
    let options = || SandboxOptions { apps_file: Some(path.clone()), ..SandboxOptions::default() };
    let before = Secrets { login: Login::at_sandbox(Sandbox::start(options()).await.unwrap(), Twin::Chattz).await };
    let second = before.further().await["client_secret"].as_str().unwrap().to_owned();
    let told = before.list().await;
    let Login { sandbox, app, twin } = before.login;
    let old_key = sandbox.management_key("olivia").unwrap().expose().to_owned();
    sandbox.stop().await;
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains(&second) && !text.contains(app.secret.expose()) && !text.contains(&old_key));

    let after = Secrets { login: Login { sandbox: Sandbox::start(options()).await.unwrap(), twin, app } };
    assert_eq!(after.list().await, told);
    assert!(after.works(&second).await && after.works(after.login.app.secret.expose()).await);
    let list = wire().get(after.login.at("/_control/chattz/apps")).bearer_auth(old_key);
    assert_eq!(send(list).await.0, 401, "a key lives as long as the sandbox runs");
}

#[tokio::test]
async fn an_apps_file_of_the_time_before_two_secrets_is_still_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("apps.json");
    // Any digest will do: nobody logs in here.
    let digest = "2af0f3f9f7ad0c2b4d3bd7e8f4c38fa6dd16a3b3ed9a3e8c5a7f9a3a7d1c7a10";
    let text = json!({"version": 1, "next_chattr_id": 8, "apps": [{
        "twin": "chattr", "client_id": 7, "name": "Old", "redirect_uris": [CALLBACK], "owner": "olivia", "approved": true,
        "created_at": "2026-11-01T00:00:00Z", "secret_sha256": digest,
    }]});
    std::fs::write(&path, text.to_string()).unwrap();
    let options = SandboxOptions { apps_file: Some(path.clone()), ..SandboxOptions::default() };
    let sandbox = Sandbox::start(options).await.unwrap();
    assert_eq!(sandbox.broken_apps_file(), None);
    let (_, secrets) = send(request(&sandbox, "olivia", Method::GET, "chattr/apps/7/secrets")).await;
    assert_eq!((&secrets[0]["created_at"], &secrets[0]["current"]), (&json!("2026-11-01T00:00:00Z"), &json!(true)));
    assert_eq!(send(request(&sandbox, "olivia", Method::POST, "chattr/apps/7/secrets")).await.0, 201);
    sandbox.stop().await;
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!((&kept["version"], &kept["apps"][0]["secrets"][1]["sha256"]), (&json!(2), &json!(digest)));
}

#[tokio::test]
async fn a_management_key_reaches_the_apps_of_its_person_only() {
    let sandbox = browser::sandbox().await;
    let form = json!({"name": "Script", "redirect_uris": [CALLBACK]});
    let create = request(&sandbox, "theo", Method::POST, "chattz/apps?acting_user=olivia").json(&form);
    let (status, app) = send(create).await;
    assert_eq!((status, &app["owner"]), (201, &json!("theo")), "whoever holds the key acts");
    let path = format!("chattz/apps/{}", app["client_id"].as_str().unwrap());
    assert_eq!(send(request(&sandbox, "theo", Method::GET, &path)).await.1["name"], "Script");
    assert_eq!(send(request(&sandbox, "tara", Method::GET, "chattz/apps")).await.1, json!([]));
    for (method, rest) in [
        (Method::GET, ""),
        (Method::DELETE, ""),
        (Method::GET, "/secrets"),
        (Method::POST, "/secrets"),
        (Method::DELETE, "/secrets/0f3c"),
        (Method::POST, "/secrets/0f3c/activate"),
    ] {
        let answer = send(request(&sandbox, "tara", method, &format!("{path}{rest}"))).await;
        assert_eq!((answer.0, &answer.1["code"]), (404, &json!("not_found")), "{rest}");
    }
}

#[tokio::test]
async fn a_management_key_opens_nothing_but_apps_and_never_in_a_browser() {
    let sandbox = browser::sandbox().await;
    for path in ["users", "log", "faults", "injections"] {
        let answer = send(request(&sandbox, "olivia", Method::GET, path)).await;
        assert_eq!((answer.0, &answer.1["code"]), (403, &json!("control_token_only")), "{path}");
    }
    let from_a_page = request(&sandbox, "olivia", Method::GET, "chattr/apps").header("origin", sandbox.origin());
    assert_eq!(send(from_a_page).await.1["code"], "not_from_a_browser");
    let guessed = wire().get(format!("{}/_control/chattr/apps", sandbox.origin())).bearer_auth("guess");
    let answer = guessed.send().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["www-authenticate"]), (401, &"Bearer".parse().unwrap()));
    assert!(sandbox.management_key("mallory").is_none());
}
