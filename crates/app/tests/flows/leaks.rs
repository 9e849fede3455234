//! Canary secrets through a whole login: they come out at the provider and nowhere else.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use gatewright_contract::Handler;
use gatewright_contract::app::Nothing;
use gatewright_contract::client::{ClientDetail, ClientEnter, Environment, Ownership};
use gatewright_contract::login::LoginStart;
use gatewright_contract::observation::ObservationPlace;
use gatewright_contract::provider::{ProfileCheck, ProviderRef};
use gatewright_contract::run::{Browser, RunRef, TokenRef};
use gatewright_contract::secret::SecretPaste;
use gatewright_contract::snippet::{SnippetLanguage, SnippetWish};
use gatewright_contract::test_user::{BrowserStorage, ExpectedIdentity, TestUserCreate};
use gatewright_contract::token::{JwtForm, TokenRefresh};
use gatewright_contract::walk::{WalkRef, WalkScenarioRef, WalkStart};
use gatewright_testkit::{Answer, Canary, RawServer, ReceivedRequest};

use crate::stage::{Stage, everything};

const CALLBACK: &str = "https://app.example.org/callback";

#[tokio::test]
async fn no_secret_of_a_login_is_in_a_file_a_log_or_an_answer_to_the_window() {
    let log = log_everything();
    let [secret, second, code, access, refresh, new_access, new_refresh] =
        ["client-secret", "second-secret", "code", "access-token", "refresh-token", "new-access", "new-refresh"]
            .map(Canary::new);
    let provider = leaky_provider([&code, &access, &refresh, &new_access, &new_refresh]).await;
    let stage = Stage::new().await;
    let id = enter_client(&stage, &provider.origin(), &secret).await;
    stage.app.secret_paste(SecretPaste { client: id.clone(), secret: second.as_str().to_owned() }).await.unwrap();
    let client = stage.app.client_show(gatewright_contract::client::ClientRef { client: id }).await.unwrap();
    let run = stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(run.row.outcome, "logged_in", "{:?}", run.sentence);
    assert!(provider.requests().iter().any(|request| request.body.contains("second-secret")), "the secret did go out");

    log_in_as_the_wrong_person(&stage, &client).await;
    let walked = walk_a_scenario(&stage, &client).await;
    let run = use_the_tokens(&stage, &run.row.id).await;
    let sent = |text: &str| provider.requests().iter().any(|request| format!("{request:?}").contains(text));
    assert!(sent("new-access") && sent("/oauth/introspect") && sent("/oauth/revoke"), "the new tokens did go out");

    let mut seen = answers_to_the_window(&stage, &run).await;
    seen.extend(stage.reports_of(&run).await);
    seen.push(("walk", walked));
    seen.extend(what_is_handed_on(&stage, &client).await);
    seen.push(("events", stage.desktop.told.lock().unwrap().clone().into_bytes()));
    seen.push(("log", log.lock().unwrap().clone()));
    let folder = stage.database().parent().unwrap().to_owned();
    read_files(&folder, &mut seen);
    stage.app.shut_down().await;
    read_files(&folder, &mut seen);
    for canary in [&secret, &second, &code, &access, &refresh, &new_access, &new_refresh] {
        for (place, bytes) in &seen {
            let traces = canary.traces_in(bytes);
            assert!(traces.is_empty(), "{} stands in {place} as {traces:?}", canary.as_str());
        }
    }
}

/// What is written for others: the report to the provider, with exchanges of this login in it, and the programs for the client.
async fn what_is_handed_on(stage: &Stage, client: &ClientDetail) -> Vec<(&'static str, Vec<u8>)> {
    let place = ObservationPlace { provider: client.row.provider.clone(), environment: client.row.environment };
    let observed = stage.app.observations_renew(place.clone()).await.unwrap();
    assert!(observed.contradicted > 0, "the report has something to show");
    let report = stage.app.observation_report(place).await.unwrap().text;
    assert!(report.contains("‹secret:v2›") && report.contains("grant_type="), "{report}");
    let mut seen = vec![("observations", serde_json::to_vec(&observed).unwrap()), ("report", report.into_bytes())];
    for language in [SnippetLanguage::Curl, SnippetLanguage::Node, SnippetLanguage::Rust] {
        let wish = SnippetWish { client: client.row.id.clone(), language, redirect_uri: None };
        seen.push(("snippet", serde_json::to_vec(&stage.app.client_snippet(wish).await.unwrap()).unwrap()));
    }
    seen
}

/// A scenario in which the callback is held in hand and changed.
async fn walk_a_scenario(stage: &Stage, client: &ClientDetail) -> Vec<u8> {
    let request = WalkStart {
        plan: "any".to_owned(),
        client: client.row.id.clone(),
        test_user: None,
        other_test_user: None,
        browser: Browser::Embedded,
        scenarios: Some(vec!["tampered_state".to_owned()]),
    };
    let walk = stage.app.walk_start(request).await.unwrap().row.id;
    let scenario = WalkScenarioRef { walk: walk.clone(), scenario: "tampered_state".to_owned() };
    let begun = stage.app.walk_scenario_start(scenario).await.unwrap();
    let run = begun.scenarios.iter().flat_map(|one| &one.runs).next().unwrap().run.clone();
    assert_eq!(stage.end_of(&RunRef { run }).await.row.outcome, "callback_rejected");
    serde_json::to_vec(&stage.app.walk_show(WalkRef { walk }).await.unwrap()).unwrap()
}

/// A login that ends because it was somebody else, with tokens in hand.
async fn log_in_as_the_wrong_person(stage: &Stage, client: &ClientDetail) {
    let somebody_else = TestUserCreate {
        provider: client.row.provider.clone(),
        environment: client.row.environment,
        name: "Somebody else".to_owned(),
        colour: None,
        expected: ExpectedIdentity::Subject("8".to_owned()),
        storage: BrowserStorage::Kept,
        notes: String::new(),
    };
    let user = stage.app.test_user_create(somebody_else).await.unwrap();
    let start = LoginStart {
        client: client.row.id.clone(),
        test_user: Some(user.id),
        browser: Browser::Embedded,
        redirect_uri: None,
        scopes: None,
    };
    let run = stage.app.login_start(start).await.unwrap();
    assert_eq!(stage.end_of(&run).await.row.outcome, "wrong_person");
}

/// Everything that can be done with the tokens of a run.
async fn use_the_tokens(stage: &Stage, run: &str) -> String {
    let run = run.to_owned();
    let token = |token: &str| TokenRef { run: run.clone(), token: token.to_owned() };
    let refreshed = stage.app.token_refresh(TokenRefresh { run: run.clone(), try_once_more: false }).await.unwrap();
    assert_eq!(refreshed.grant.unwrap().refreshes, 1);
    let asked = stage.app.token_introspect(token("access_token")).await.unwrap();
    assert_eq!(asked.steps.last().unwrap().sentence, "The token is active");
    stage.app.token_userinfo(RunRef { run: run.clone() }).await.unwrap();
    let decoded = stage.app.token_decode(token("refresh_token")).await.unwrap();
    assert_eq!(decoded.form, JwtForm::Opaque);
    stage.app.token_revoke(token("access_token")).await.unwrap();
    stage.app.token_revoke(token("refresh_token")).await.unwrap();
    run
}

/// A provider that also says its secrets where it should not.
async fn leaky_provider(secrets: [&Canary; 5]) -> RawServer {
    let [code, access, refresh, new_access, new_refresh] = secrets.map(|canary| canary.as_str().to_owned());
    RawServer::start(move |request: &ReceivedRequest| {
        let path = request.target.split('?').next().unwrap_or_default();
        match path {
            "/oauth/authorize" => {
                let state = parameter(&request.target, "state");
                let query = url::form_urlencoded::Serializer::new(String::new())
                    .append_pair("code", &code)
                    .append_pair("state", &state)
                    .finish();
                Answer::labelled(302, "text/html", "").with("location", &format!("{CALLBACK}?{query}"))
            }
            "/oauth/token" if request.body.contains("grant_type=refresh_token") => Answer::json(
                200,
                serde_json::json!({
                    "access_token": new_access, "refresh_token": new_refresh, "token_type": "Bearer", "expires_in": 3600,
                    "debug": format!("you sent {refresh} and got {new_access}"),
                })
                .to_string(),
            ),
            "/oauth/introspect" => Answer::json(
                200,
                serde_json::json!({ "active": true, "token": new_access, "note": format!("for {new_refresh}") }).to_string(),
            ),
            "/oauth/revoke" => Answer::json(
                400,
                serde_json::json!({ "error": "invalid_request", "error_description": format!("{new_access} {new_refresh}") })
                    .to_string(),
            ),
            "/oauth/token" => Answer::json(
                200,
                serde_json::json!({
                    "access_token": access, "refresh_token": refresh, "token_type": "Bearer", "expires_in": 3600,
                    "debug": format!("you sent {code} and got {access}"),
                })
                .to_string(),
            ),
            "/oauth/userinfo" => {
                let sent = if format!("{request:?}").contains("new-access") { &new_access } else { &access };
                Answer::json(200, serde_json::json!({ "id": 7, "username": "theo", "session": sent }).to_string())
            }
            _ => Answer::labelled(404, "text/plain", "not here"),
        }
    })
    .await
}

fn parameter(target: &str, name: &str) -> String {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == name)
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

/// An endpoint as a profile writes it, and the table after it.
fn endpoint(name: &str, path: &str) -> String {
    format!("[endpoints.{name}]\nvalue = \"/oauth/{path}\"\nmark = \"unknown\"\n\n")
}

async fn enter_client(stage: &Stage, origin: &str, secret: &Canary) -> String {
    let chattz = stage.app.provider_text(ProviderRef { provider: "chattz".to_owned() }).await.unwrap().text;
    let text = chattz
        .replace("id = \"chattz\"", "id = \"leaky\"")
        .replace("name = \"Chattz\"", "name = \"Leaky\"")
        .replace("https://chattz.net", origin)
        .replace(
            "[endpoints.trailing_slash]",
            &format!(
                "{}{}[endpoints.trailing_slash]",
                endpoint("revocation", "revoke"),
                endpoint("introspection", "introspect")
            ),
        )
        .replace("[dialect.tokens.revocation]\nvalue = \"none\"", "[dialect.tokens.revocation]\nvalue = \"rfc7009\"");
    stage.app.provider_save(ProfileCheck { text }).await.unwrap();
    let request = ClientEnter {
        provider: "leaky".to_owned(),
        environment: Environment::Production,
        name: "Canary cage".to_owned(),
        client_id: "abc123".to_owned(),
        secret: Some(secret.as_str().to_owned()),
        redirect_uris: vec![CALLBACK.to_owned()],
        ownership: Ownership::Owned,
        owner: "Ada".to_owned(),
        tag: String::new(),
        notes: String::new(),
        protocol: None,
    };
    stage.app.client_enter(request).await.unwrap().row.id
}

async fn answers_to_the_window(stage: &Stage, run: &str) -> Vec<(&'static str, Vec<u8>)> {
    let clients = stage.app.client_list(everything()).await.unwrap();
    let client = gatewright_contract::client::ClientRef { client: clients.rows[0].id.clone() };
    let json = |value: serde_json::Value| value.to_string().into_bytes();
    vec![
        ("app_state", json(serde_json::to_value(stage.app.app_state(Nothing {}).await.unwrap()).unwrap())),
        ("client_list", json(serde_json::to_value(clients).unwrap())),
        ("client_show", json(serde_json::to_value(stage.app.client_show(client).await.unwrap()).unwrap())),
        (
            "run_show",
            json(serde_json::to_value(stage.app.run_show(RunRef { run: run.to_owned() }).await.unwrap()).unwrap()),
        ),
    ]
}

/// Every file of the data folder: database, write-ahead log, backups, the sandbox's apps.
fn read_files(folder: &Path, seen: &mut Vec<(&'static str, Vec<u8>)>) {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        seen.push(("the data folder", std::fs::read(entry.path()).unwrap()));
        files += 1;
    }
    assert!(files > 0, "there is a data folder to look into");
}

/// Everything any crate logs in this process, at the finest level.
pub(crate) fn log_everything() -> Arc<Mutex<Vec<u8>>> {
    static LOG: OnceLock<Arc<Mutex<Vec<u8>>>> = OnceLock::new();
    let log = LOG.get_or_init(|| {
        let log = Arc::<Mutex<Vec<u8>>>::default();
        let writer = Arc::clone(&log);
        let subscriber = tracing_subscriber::fmt().with_max_level(tracing_subscriber::filter::LevelFilter::TRACE);
        subscriber.with_writer(move || Log(Arc::clone(&writer))).init();
        log
    });
    Arc::clone(log)
}

struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_token_of_an_openid_login_is_in_a_file_or_an_answer_to_the_window() {
    let stage = Stage::new().await;
    let client = stage.register("chaster", CALLBACK).await;
    let run = stage.log_in(&client, Browser::Embedded).await.row.id;
    let token = |token: &str| TokenRef { run: run.clone(), token: token.to_owned() };
    let mut tokens = Vec::new();
    for _login_then_refreshed in 0..2 {
        for name in ["access_token", "refresh_token", "id_token"] {
            stage.app.token_copy(token(name)).await.unwrap();
            tokens.push(Canary::of(stage.desktop.clipboard.lock().unwrap().as_deref().unwrap()));
            stage.app.token_decode(token(name)).await.unwrap();
        }
        stage.app.token_introspect(token("access_token")).await.unwrap();
        stage.app.token_userinfo(RunRef { run: run.clone() }).await.unwrap();
        stage.app.token_refresh(TokenRefresh { run: run.clone(), try_once_more: false }).await.unwrap();
    }
    stage.app.token_revoke(token("refresh_token")).await.unwrap();
    let decoded = stage.app.token_decode(token("id_token")).await.unwrap();

    let mut seen = answers_to_the_window(&stage, &run).await;
    seen.extend(stage.reports_of(&run).await);
    seen.push(("token_decode", serde_json::to_vec(&decoded).unwrap()));
    seen.push(("events", stage.desktop.told.lock().unwrap().clone().into_bytes()));
    let folder = stage.database().parent().unwrap().to_owned();
    read_files(&folder, &mut seen);
    stage.app.shut_down().await;
    read_files(&folder, &mut seen);
    for canary in &tokens {
        for (place, bytes) in &seen {
            let traces = canary.traces_in(bytes);
            assert!(traces.is_empty(), "a token stands in {place} as {traces:?}");
        }
    }
}
