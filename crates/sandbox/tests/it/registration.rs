//! Chaster: dynamic client registration (RFC 7591) and its management (RFC 7592).

use gatewright_sandbox::{RegistrationMode, Sandbox, SandboxHandle, SandboxOptions, Twin};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::browser::{self, Browser, CALLBACK, authorize, status_and_json, token, wire};
use crate::openid_rig::Answer;

const ENDPOINT: &str = "/chaster/auth/realms/app/clients-registrations/openid-connect";

async fn started(options: SandboxOptions) -> SandboxHandle {
    Sandbox::start(options).await.unwrap()
}

async fn open() -> SandboxHandle {
    started(SandboxOptions { registration: RegistrationMode::Open, ..SandboxOptions::default() }).await
}

fn endpoint(sandbox: &SandboxHandle) -> RequestBuilder {
    wire().post(format!("{}{ENDPOINT}", sandbox.origin()))
}

async fn answer(request: RequestBuilder) -> Answer {
    Answer::of(request.send().await.unwrap()).await
}

fn metadata() -> Value {
    json!({"client_name": "Kitten Board", "redirect_uris": [CALLBACK]})
}

/// A client that has registered itself, as it knows itself.
struct Registered {
    told: Value,
}

impl Registered {
    async fn at(sandbox: &SandboxHandle, metadata: &Value) -> Self {
        let token = sandbox.initial_access_token("olivia").unwrap();
        let answer = answer(endpoint(sandbox).bearer_auth(token.expose()).json(metadata)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        Self { told: answer.json() }
    }

    fn text(&self, member: &str) -> &str {
        self.told[member].as_str().unwrap_or_else(|| panic!("no {member} in {}", self.told))
    }

    /// A request to the client configuration endpoint with the newest token known.
    fn request(&self, method: Method) -> RequestBuilder {
        self.request_with(method, self.text("registration_access_token"))
    }

    fn request_with(&self, method: Method, token: &str) -> RequestBuilder {
        wire().request(method, self.text("registration_client_uri")).bearer_auth(token)
    }

    /// An update; what it tells is kept.
    async fn update(&mut self, members: &Value) -> Answer {
        let mut body = json!({"client_id": self.told["client_id"]});
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let answer = answer(self.request(Method::PUT).json(&body)).await;
        if answer.status == 200 {
            self.told = answer.json();
        }
        answer
    }

    /// Whether the token endpoint takes this secret, sent by Basic.
    async fn secret_works(&self, sandbox: &SandboxHandle, secret: &str) -> bool {
        let url = format!("{}{}", sandbox.origin(), Twin::Chaster.token_path());
        let request = wire().post(url).basic_auth(self.text("client_id"), Some(secret));
        let fields = [("grant_type", "authorization_code"), ("code", "none"), ("redirect_uri", CALLBACK)];
        let (status, body) = status_and_json(request.form(&fields).send().await.unwrap()).await;
        assert!(status == 401 || body["error"] == "invalid_grant", "{body}");
        status != 401
    }
}

fn assert_unauthorized(answer: &Answer) {
    assert_eq!((answer.status, &answer.json()["error"]), (401, &json!("invalid_token")), "{}", answer.text);
    assert!(answer.header("www-authenticate").starts_with("Bearer "), "{:?}", answer.headers);
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn the_metadata_names_the_endpoint_unless_registration_is_off() {
    for (registration, is_there) in
        [(RegistrationMode::WithToken, true), (RegistrationMode::Open, true), (RegistrationMode::Off, false)]
    {
        let sandbox = started(SandboxOptions { registration, ..SandboxOptions::default() }).await;
        let url = format!("{}/chaster/auth/realms/app/.well-known/openid-configuration", sandbox.origin());
        let document = answer(wire().get(url)).await.json();
        let expected = is_there.then(|| json!(format!("{}{ENDPOINT}", sandbox.origin())));
        assert_eq!(document.get("registration_endpoint"), expected.as_ref(), "{registration:?}");
        let asked = answer(endpoint(&sandbox).json(&metadata())).await;
        assert_eq!(asked.status == 404, !is_there, "{registration:?}");
    }
}

#[tokio::test]
async fn a_stranger_needs_an_initial_access_token_and_a_guess_is_none() {
    let sandbox = browser::sandbox().await;
    let anonymous = answer(endpoint(&sandbox).json(&metadata())).await;
    assert_eq!((anonymous.status, &anonymous.json()["error"]), (403, &json!("insufficient_scope")));
    assert_unauthorized(&answer(endpoint(&sandbox).bearer_auth("guess").json(&metadata())).await);
    let key = sandbox.management_key("olivia").unwrap().expose();
    assert_unauthorized(&answer(endpoint(&sandbox).bearer_auth(key).json(&metadata())).await);
    assert!(sandbox.apps(Twin::Chaster).is_empty());
}

#[tokio::test]
async fn the_client_belongs_to_whose_initial_access_token_it_was_or_to_nobody() {
    let sandbox = open().await;
    Registered::at(&sandbox, &metadata()).await;
    assert_eq!(answer(endpoint(&sandbox).json(&metadata())).await.status, 201);
    let owners: Vec<_> = sandbox.apps(Twin::Chaster).into_iter().map(|app| app.owner).collect();
    assert_eq!(owners, ["olivia", ""]);
    assert_unauthorized(&answer(endpoint(&sandbox).bearer_auth("guess").json(&metadata())).await);
}

#[tokio::test]
async fn the_answer_tells_everything_a_client_has_to_keep() {
    let sandbox = browser::sandbox().await;
    let token = sandbox.initial_access_token("olivia").unwrap();
    let answer = answer(endpoint(&sandbox).bearer_auth(token.expose()).json(&metadata())).await;
    let told = answer.json();
    let id = told["client_id"].as_str().unwrap();
    assert!(id.starts_with("kittenboard-"), "{id}");
    let uri = format!("{}{ENDPOINT}/{id}", sandbox.origin());
    assert_eq!((answer.header("location"), answer.header("cache-control")), (&*uri, "no-store"));
    assert_eq!(told["registration_client_uri"], uri);
    assert_eq!(told["client_secret_expires_at"], 0);
    assert!(told["client_id_issued_at"].as_i64().unwrap() > 1_700_000_000);
    assert_eq!(told["client_secret"].as_str().unwrap().len(), 32);
    for (member, value) in [
        ("client_name", json!("Kitten Board")),
        ("redirect_uris", json!([CALLBACK])),
        ("token_endpoint_auth_method", json!("client_secret_basic")),
        ("grant_types", json!(["authorization_code", "refresh_token"])),
        ("response_types", json!(["code"])),
        ("application_type", json!("web")),
        ("id_token_signed_response_alg", json!("RS256")),
    ] {
        assert_eq!(told[member], value, "{member}");
    }
}

#[tokio::test]
async fn a_registered_client_logs_people_in() {
    let sandbox = browser::sandbox().await;
    let client = Registered::at(&sandbox, &metadata()).await;
    let id = client.text("client_id");
    let url = authorize(
        &sandbox,
        Twin::Chaster,
        &[("client_id", id), ("redirect_uri", CALLBACK), ("response_type", "code"), ("scope", "openid")],
    );
    let code = Browser::new(&sandbox).log_in(&url, "theo").await.code();
    let request = wire().post(format!("{}{}", sandbox.origin(), Twin::Chaster.token_path()));
    let fields = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", CALLBACK)];
    let request = request.basic_auth(id, Some(client.text("client_secret"))).form(&fields);
    let (status, tokens) = status_and_json(request.send().await.unwrap()).await;
    assert_eq!(status, 200, "{tokens}");
    assert!(tokens["id_token"].is_string() && tokens["refresh_token"].is_string());
}

#[tokio::test]
async fn a_public_client_gets_no_secret_and_needs_none() {
    let sandbox = browser::sandbox().await;
    let members = json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none"});
    let mut client = Registered::at(&sandbox, &members).await;
    assert_eq!((client.told.get("client_secret"), client.told.get("client_secret_expires_at")), (None, None));
    let id = client.text("client_id").to_owned();
    assert_eq!(client.told.get("client_name"), None, "it goes by its ID");
    let fields = [("grant_type", "authorization_code"), ("client_id", &id), ("code", "none")];
    assert_eq!(token(&sandbox, Twin::Chaster, &fields).await.1["error"], "invalid_grant");

    client.update(&json!({"redirect_uris": [CALLBACK]})).await;
    let secret = client.text("client_secret").to_owned();
    assert!(client.secret_works(&sandbox, &secret).await, "a client that is public no more has a secret");
    client.update(&members).await;
    assert_eq!(client.told.get("client_secret"), None);
}

#[tokio::test]
async fn what_was_registered_can_be_read_back_with_the_same_token() {
    let sandbox = browser::sandbox().await;
    let members = json!({
        "client_name": "Kitten Board", "redirect_uris": [CALLBACK], "contacts": ["olivia@sandbox.example"], "scope": "openid profile",
        "logo_uri": "https://app.example/logo.svg", "software_id": "kittens", "software_version": "2.1", "application_type": "native",
        "post_logout_redirect_uris": ["https://app.example/out"], "unknown": "is passed over",
    });
    let client = Registered::at(&sandbox, &members).await;
    for _ in 0..2 {
        let read = answer(client.request(Method::GET)).await;
        assert_eq!((read.status, &read.json()), (200, &client.told));
    }
    for (member, value) in members.as_object().unwrap().iter().filter(|(name, _)| *name != "unknown") {
        assert_eq!(&client.told[member], value);
    }
    assert_eq!(client.told.get("unknown"), None);
}

#[tokio::test]
async fn an_update_replaces_the_registration_token_and_keeps_the_secret() {
    let sandbox = browser::sandbox().await;
    let mut client = Registered::at(&sandbox, &metadata()).await;
    let (old_token, secret) =
        (client.text("registration_access_token").to_owned(), client.text("client_secret").to_owned());
    let moved = json!({"client_name": "Moved", "redirect_uris": ["https://app.example/new"], "client_secret": secret});
    assert_eq!(client.update(&moved).await.status, 200);
    assert_ne!(client.text("registration_access_token"), old_token);
    assert_eq!((client.text("client_secret"), client.text("client_name")), (&*secret, "Moved"));
    assert_unauthorized(&answer(client.request_with(Method::GET, &old_token)).await);
    assert_unauthorized(&answer(client.request_with(Method::DELETE, &old_token)).await);
    assert_eq!(answer(client.request(Method::GET)).await.json(), client.told);
    assert_eq!(sandbox.apps(Twin::Chaster)[0].redirect_uris, ["https://app.example/new"]);
}

#[tokio::test]
async fn what_an_update_leaves_out_goes_back_to_what_it_is_by_default() {
    let sandbox = browser::sandbox().await;
    let members = json!({"client_name": "Kitten Board", "redirect_uris": [CALLBACK], "contacts": ["a@b.example"]});
    let mut client = Registered::at(&sandbox, &members).await;
    client.update(&json!({"redirect_uris": [CALLBACK]})).await;
    assert_eq!((client.told.get("client_name"), client.told.get("contacts")), (None, None));
}

#[tokio::test]
async fn a_secret_that_changes_with_an_update_dies_by_the_rule_of_the_realm() {
    for (rotated_secret_seconds, old_works) in [(0, false), (3600, true)] {
        let options =
            SandboxOptions { rotate_secret_on_update: true, rotated_secret_seconds, ..SandboxOptions::default() };
        let sandbox = started(options).await;
        let mut client = Registered::at(&sandbox, &metadata()).await;
        let old = client.text("client_secret").to_owned();
        client.update(&metadata()).await;
        let new = client.text("client_secret").to_owned();
        assert_ne!(new, old);
        assert!(client.secret_works(&sandbox, &new).await);
        assert_eq!(client.secret_works(&sandbox, &old).await, old_works);
    }
}

#[tokio::test]
async fn an_update_says_only_what_is_the_clients_to_say() {
    let sandbox = browser::sandbox().await;
    let mut client = Registered::at(&sandbox, &metadata()).await;
    for (member, value) in [
        ("client_id", json!("another-123456")),
        ("client_secret", json!("of my own choice")),
        ("registration_access_token", client.told["registration_access_token"].clone()),
        ("registration_client_uri", client.told["registration_client_uri"].clone()),
        ("client_id_issued_at", json!(0)),
        ("client_secret_expires_at", json!(0)),
    ] {
        let mut body = metadata();
        body[member] = value;
        let refused = client.update(&body).await;
        assert_eq!((refused.status, &refused.json()["error"]), (400, &json!("invalid_client_metadata")), "{member}");
        assert!(refused.json()["error_description"].as_str().unwrap().starts_with(member), "{}", refused.text);
    }
    let without_id = answer(client.request(Method::PUT).json(&metadata())).await;
    assert_eq!(without_id.status, 400);
    assert_eq!(answer(client.request(Method::GET)).await.json(), client.told, "a refusal changes nothing");
}

#[tokio::test]
async fn metadata_that_is_wrong_registers_nothing() {
    let sandbox = open().await;
    for (members, error) in [
        (json!({"redirect_uris": ["http://app.example/cb"]}), "invalid_redirect_uri"),
        (json!({"redirect_uris": ["https://app.example/cb#here"]}), "invalid_redirect_uri"),
        (json!({"redirect_uris": ["javascript:alert(1)"]}), "invalid_redirect_uri"),
        (json!({}), "invalid_redirect_uri"),
        (json!({"redirect_uris": [CALLBACK], "grant_types": ["password"]}), "invalid_client_metadata"),
        (json!({"redirect_uris": [CALLBACK], "software_statement": "e30.e30."}), "unapproved_software_statement"),
        (json!([]), "invalid_client_metadata"),
    ] {
        let refused = answer(endpoint(&sandbox).json(&members)).await;
        assert_eq!((refused.status, &refused.json()["error"]), (400, &json!(error)), "{members}");
    }
    let form = answer(endpoint(&sandbox).form(&[("client_name", "Kitten Board")])).await;
    assert_eq!((form.status, &form.json()["error"]), (400, &json!("invalid_client_metadata")));
    assert!(sandbox.apps(Twin::Chaster).is_empty());
}

#[tokio::test]
async fn a_deleted_client_is_dead_everywhere() {
    let sandbox = started(SandboxOptions { auto_approve: Some("theo".into()), ..SandboxOptions::default() }).await;
    let members = json!({"redirect_uris": [CALLBACK], "grant_types": ["authorization_code", "client_credentials"]});
    let client = Registered::at(&sandbox, &members).await;
    let token_url = format!("{}{}", sandbox.origin(), Twin::Chaster.token_path());
    let (id, secret) = (client.text("client_id"), client.text("client_secret"));
    let ask = || wire().post(&token_url).basic_auth(id, Some(secret)).form(&[("grant_type", "client_credentials")]);
    let tokens = answer(ask()).await.json();
    let deleted = answer(client.request(Method::DELETE)).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        assert_unauthorized(&answer(client.request(method)).await);
    }
    let refused = answer(ask()).await;
    assert_eq!((refused.status, &refused.json()["error"]), (401, &json!("invalid_client")));
    let userinfo = format!("{}/chaster/auth/realms/app/protocol/openid-connect/userinfo", sandbox.origin());
    let with_token = wire().get(userinfo).bearer_auth(tokens["access_token"].as_str().unwrap());
    assert_eq!(answer(with_token).await.status, 401);
}

#[tokio::test]
async fn a_registration_token_opens_its_own_client_and_no_other() {
    let sandbox = browser::sandbox().await;
    let (mine, other) = (Registered::at(&sandbox, &metadata()).await, Registered::at(&sandbox, &metadata()).await);
    let token = mine.text("registration_access_token");
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        assert_unauthorized(&answer(other.request_with(method, token)).await);
    }
    let made_with_a_form = browser::app(&sandbox, Twin::Chaster).await.app.client_id;
    let url = format!("{}{ENDPOINT}/{made_with_a_form}", sandbox.origin());
    assert_unauthorized(&answer(wire().get(url).bearer_auth(token)).await);
    assert_eq!(answer(other.request(Method::GET)).await.status, 200);
}

#[tokio::test]
async fn a_client_uses_the_grants_it_registered_for() {
    let sandbox = browser::sandbox().await;
    let members = json!({"redirect_uris": [CALLBACK], "grant_types": ["client_credentials"]});
    let client = Registered::at(&sandbox, &members).await;
    let parameters = [("client_id", client.text("client_id")), ("redirect_uri", CALLBACK), ("response_type", "code")];
    let callback = Browser::new(&sandbox).open(authorize(&sandbox, Twin::Chaster, &parameters)).await.callback();
    assert_eq!(callback.get("error").as_deref(), Some("unauthorized_client"));
    let url = format!("{}{}", sandbox.origin(), Twin::Chaster.token_path());
    let ask = |grant_type| {
        let request = wire().post(&url).basic_auth(client.text("client_id"), Some(client.text("client_secret")));
        answer(request.form(&[("grant_type", grant_type), ("refresh_token", "x")]))
    };
    assert_eq!(ask("client_credentials").await.status, 200);
    assert_eq!(ask("refresh_token").await.json()["error"], "unauthorized_client");
}

#[tokio::test]
async fn a_registration_survives_a_restart_but_its_secret_is_told_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("apps.json");
    let sandbox_on =
        async |port| started(SandboxOptions { port, apps_file: Some(path.clone()), ..SandboxOptions::default() }).await;
    let first = sandbox_on(None).await;
    let port = first.origin().rsplit(':').next().unwrap().parse().unwrap();
    let members =
        json!({"redirect_uris": [CALLBACK], "contacts": ["a@b.example"], "client_uri": "https://app.example/"});
    let mut client = Registered::at(&first, &members).await;
    let secret = client.text("client_secret").to_owned();
    first.stop().await;
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains(&secret) && !text.contains(client.text("registration_access_token")));

    let second = sandbox_on(Some(port)).await;
    let read = answer(client.request(Method::GET)).await.json();
    assert_eq!((read.get("client_secret"), &read["contacts"]), (None, &json!(["a@b.example"])));
    assert_eq!(client.update(&members).await.status, 200);
    assert_eq!(client.told.get("client_secret"), None, "absent means not told");
    assert!(client.secret_works(&second, &secret).await);
    assert_eq!(answer(client.request(Method::GET)).await.json()["client_secret"], json!(secret), "it was presented");
}
