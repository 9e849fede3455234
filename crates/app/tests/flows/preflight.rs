//! Preflight: what is looked at before a browser opens.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use gatewright_contract::client::{ClientDetail, ClientEnter, Environment, Ownership, SecretPlace};
use gatewright_contract::login::LoginStart;
use gatewright_contract::preflight::{
    Preflight, PreflightAsking, PreflightFix, PreflightRef, PreflightStanding, PreflightStart,
};
use gatewright_contract::provider::BaseUrlChange;
use gatewright_contract::run::Browser;
use gatewright_contract::sandbox::SandboxStart;
use gatewright_contract::settings::KeyringStatus;
use gatewright_contract::{Handler, app::Nothing};
use gatewright_testkit::{Answer, RawServer};

use crate::bound::until as wait_until;
use crate::keyring::on_keyring;
use crate::stage::Stage;

const CALLBACK: &str = "https://app.example.org/callback";
const TWINS: [&str; 5] = ["chattr", "chattz", "chaster", "gitter", "contentdb"];

#[tokio::test]
async fn at_every_twin_everything_is_good_and_nobody_is_logged_in_by_it() {
    let stage = Stage::new().await;
    for twin in TWINS {
        let client = stage.register(twin, CALLBACK).await;
        let preflight = over(&stage, start(&client, Browser::Embedded)).await;
        let bad: Vec<_> = preflight.items.iter().filter(|item| item.standing != PreflightStanding::Good).collect();
        assert!(bad.is_empty(), "{twin}: {bad:#?}");
    }
    assert_eq!(stage.counted("run"), 0);
    assert_eq!(stage.counted("exchange"), 0);
}

#[tokio::test]
async fn a_look_leaves_the_token_of_an_earlier_login_alone() {
    // ContentDB replaces it at the authorization endpoint, for whoever is signed in there.
    let stage = Stage::new().await;
    let client = stage.register("contentdb", CALLBACK).await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    over(&stage, start(&client, Browser::Embedded)).await;
    let asked = stage.app.token_userinfo(gatewright_contract::run::RunRef { run: run.row.id }).await.unwrap();
    assert!(asked.steps.last().unwrap().sentence.contains("theo"), "{:?}", asked.steps.last());
}

#[tokio::test]
async fn a_redirect_uri_that_the_twin_does_not_have_is_caught_with_what_it_has() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    stage.edit(&format!("UPDATE redirect_uri SET uri = '{CALLBACK}/'"));
    let preflight = over(&stage, start(&client, Browser::Embedded)).await;
    let item = item(&preflight, "redirect_uri_registered");
    assert_eq!((item.standing, item.fix.clone()), (PreflightStanding::Problem, Some(PreflightFix::OpenRedirectLab)));
    assert_eq!(item.expected.as_deref(), Some(CALLBACK));
    assert_eq!(item.received.as_deref(), Some(&*format!("{CALLBACK}/")));
    assert!(!item.stops);
    let first = self::item(&preflight, "first_answer");
    assert_eq!(first.standing, PreflightStanding::Problem, "{first:?}");
}

#[tokio::test]
async fn a_sandbox_that_is_off_stops_a_login_and_asks_nobody() {
    let stage = Stage::new().await;
    let client = stage.register("gitter", CALLBACK).await;
    stage.app.sandbox_stop(Nothing {}).await.unwrap();
    let preflight = over(&stage, start(&client, Browser::Embedded)).await;
    let server = item(&preflight, "server");
    assert_eq!((server.fix.clone(), server.stops), (Some(PreflightFix::StartSandbox), true));
    assert_eq!(item(&preflight, "first_answer").standing, PreflightStanding::Skipped);
}

#[tokio::test]
async fn a_sandbox_that_approves_by_itself_is_not_asked() {
    let stage = Stage::new().await;
    let approving = SandboxStart { port: None, auto_approve: Some("theo".to_owned()), gitter_as_engine: false };
    stage.app.sandbox_start(approving).await.unwrap();
    let client = stage.register("chattz", CALLBACK).await;
    let preflight = over(&stage, start(&client, Browser::Embedded)).await;
    assert_eq!(item(&preflight, "first_answer").standing, PreflightStanding::Skipped);
}

#[tokio::test]
async fn a_port_that_is_taken_is_caught_and_the_free_one_offered() {
    let stage = Stage::new().await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("http://127.0.0.1:{}/callback", taken.local_addr().unwrap().port());
    let client = stage.register("chattz", &uri).await;
    let preflight = over(&stage, start(&client, Browser::System)).await;
    let port = item(&preflight, "port");
    assert_eq!(port.standing, PreflightStanding::Problem, "{port:?}");
    assert_eq!(port.fix, Some(PreflightFix::ChooseBrowser(Browser::Embedded)));
    drop(taken);
    let preflight = over(&stage, start(&client, Browser::System)).await;
    assert_eq!(item(&preflight, "port").standing, PreflightStanding::Good);
}

#[tokio::test]
async fn a_host_that_never_answers_holds_nothing_else_up() {
    let stage = Stage::new().await;
    let dead = RawServer::start(|_| Answer::Never).await;
    let client = at_server(&stage, &dead).await;
    let began = Instant::now();
    let preflight = stage.app.preflight_start(start(&client, Browser::System)).await.unwrap();
    dead.until_asked(1).await;
    let shown = until(&stage, &preflight, |shown| {
        shown.items.iter().filter(|item| item.standing == PreflightStanding::Waiting).count() == 5
    })
    .await;
    assert!(began.elapsed() < Duration::from_secs(4), "the others waited for it");
    assert!(shown.waiting);
    for code in ["server", "secret", "port", "redirect_uri_registered"] {
        assert_ne!(item(&shown, code).standing, PreflightStanding::Waiting, "{code}");
    }
    assert_eq!(item(&shown, "first_answer").standing, PreflightStanding::Waiting);
}

#[tokio::test]
async fn a_clock_that_is_off_is_caught_by_the_date_of_the_answer() {
    let stage = Stage::new().await;
    let server = RawServer::start(|_| {
        Answer::labelled(200, "text/html", "<p>Hi</p>").with("date", "Sun, 06 Nov 1994 08:49:37 GMT")
    })
    .await;
    let client = at_server(&stage, &server).await;
    let preflight = over(&stage, start(&client, Browser::Embedded)).await;
    assert_eq!(item(&preflight, "clock").standing, PreflightStanding::Problem);
    assert_eq!(item(&preflight, "first_answer").standing, PreflightStanding::Good);
}

#[tokio::test]
async fn a_look_is_one_get_without_cookie_and_secret_and_every_look_has_another_state() {
    let stage = Stage::new().await;
    let server = RawServer::start(|_| Answer::labelled(200, "text/html", "<p>Hi</p>")).await;
    let client = at_server(&stage, &server).await;
    over(&stage, start(&client, Browser::Embedded)).await;
    over(&stage, PreflightStart { afresh: true, ..start(&client, Browser::Embedded) }).await;
    let requests = server.requests();
    let [first, second] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!(first.method, "GET");
    assert!(first.header("cookie").is_none() && first.header("authorization").is_none());
    assert!(first.target.contains("state=") && first.target != second.target);
    assert!(!format!("{requests:?}").contains(SECRET));
}

#[tokio::test]
async fn a_form_that_is_opened_again_shows_the_answer_of_a_moment_ago_with_its_age_and_asks_again_on_request() {
    let stage = Stage::new().await;
    let server = RawServer::start(|_| Answer::labelled(200, "text/html", "<p>Hi</p>")).await;
    let client = at_server(&stage, &server).await;
    assert_eq!(over(&stage, start(&client, Browser::Embedded)).await.answer_seconds, None);
    let again = over(&stage, start(&client, Browser::Paste)).await;
    assert!(again.answer_seconds.is_some_and(|seconds| (1..=30).contains(&seconds)), "{:?}", again.answer_seconds);
    assert_eq!(item(&again, "first_answer").standing, PreflightStanding::Good);
    assert_eq!(server.requests().len(), 1, "the provider was not asked again");
    let afresh = PreflightStart { afresh: true, ..start(&client, Browser::Embedded) };
    assert_eq!(over(&stage, afresh).await.answer_seconds, None);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn what_was_wrong_is_asked_anew_for_every_form_that_is_opened() {
    let stage = Stage::new().await;
    let server = RawServer::start(|_| Answer::labelled(400, "text/html", "<p>Unknown client</p>")).await;
    let client = at_server(&stage, &server).await;
    for asked in 1..=2 {
        let shown = over(&stage, start(&client, Browser::Embedded)).await;
        assert_eq!(item(&shown, "first_answer").standing, PreflightStanding::Problem);
        assert_eq!((server.requests().len(), shown.answer_seconds), (asked, None));
    }
}

#[tokio::test]
async fn an_endpoint_that_was_switched_off_is_left_alone_until_it_is_switched_on() {
    let stage = Stage::new().await;
    let server = RawServer::start(|_| Answer::labelled(200, "text/html", "<p>Hi</p>")).await;
    let client = at_server(&stage, &server).await;
    let asking = |ask| PreflightAsking { provider: "chattr".to_owned(), ask };
    stage.app.preflight_set_asking(asking(false)).await.unwrap();
    let preflight = over(&stage, start(&client, Browser::Embedded)).await;
    assert!(!preflight.asks_endpoint);
    assert_eq!(item(&preflight, "first_answer").standing, PreflightStanding::Skipped);
    assert!(server.requests().is_empty());
    stage.app.preflight_set_asking(asking(true)).await.unwrap();
    assert!(over(&stage, start(&client, Browser::Embedded)).await.asks_endpoint);
    assert_eq!(server.requests().len(), 1);
}

const SECRET: &str = "canary-preflight-secret";

/// A client of Chattr's real server, which is this one.
async fn at_server(stage: &Stage, server: &RawServer) -> ClientDetail {
    let base = BaseUrlChange { provider: "chattr".to_owned(), base_url: server.origin() };
    stage.app.provider_set_base_url(base).await.unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let uri = format!("http://127.0.0.1:{free}/callback");
    let request = ClientEnter { environment: Environment::Production, ..enter("chattr", "7", &uri, SECRET.to_owned()) };
    stage.app.client_enter(request).await.unwrap()
}

fn enter(provider: &str, client_id: &str, uri: &str, secret: String) -> ClientEnter {
    ClientEnter {
        provider: provider.to_owned(),
        environment: Environment::Sandbox,
        name: "Entered by hand".to_owned(),
        client_id: client_id.to_owned(),
        secret: Some(secret),
        redirect_uris: vec![uri.to_owned()],
        ownership: Ownership::Owned,
        owner: "olivia".to_owned(),
        tag: String::new(),
        notes: String::new(),
        protocol: None,
    }
}

fn start(client: &ClientDetail, browser: Browser) -> PreflightStart {
    let login =
        LoginStart { client: client.row.id.clone(), test_user: None, browser, redirect_uri: None, scopes: None };
    PreflightStart { login, afresh: false }
}

#[test]
fn a_keyring_that_comes_back_is_found_without_being_asked_for() {
    on_keyring(async |mut keyring| {
        let stage = Stage::new_with_keyring().await;
        let client = stage.register("chattz", CALLBACK).await;
        keyring.stop_keyring();
        let preflight = over(&stage, start(&client, Browser::Embedded)).await;
        let secret = item(&preflight, "secret");
        assert_eq!((secret.standing, secret.stops), (PreflightStanding::Problem, true));
        let status = async || stage.app.app_state(Nothing {}).await.unwrap().keyring.status;
        assert_eq!(status().await, KeyringStatus::Absent);
        let told = || stage.desktop.told.lock().unwrap().matches("keyringChanged").count();
        // Once when the start has looked at it, once because it has left.
        wait_until(async || told() == 2).await;
        let kept = stage.register("chattz", CALLBACK).await;
        assert_eq!(kept.secret.unwrap().place, Some(SecretPlace::Session), "there is nowhere else to keep it");

        keyring.start_keyring();
        wait_until(async || status().await == KeyringStatus::Unlocked && told() == 3).await;
        let again = over(&stage, start(&client, Browser::Embedded)).await;
        assert_eq!(item(&again, "secret").standing, PreflightStanding::Good);
        assert_eq!(stage.app.keyring_probe(Nothing {}).await.unwrap().session_secrets, 0, "it is in the keyring now");
    });
}

#[test]
fn a_keyring_that_comes_back_locked_is_said_to_be_and_nobody_is_asked_for_its_password() {
    on_keyring(async |mut keyring| {
        let stage = Stage::new_with_keyring().await;
        let client = stage.register("chattz", CALLBACK).await;
        keyring.stop_keyring();
        over(&stage, start(&client, Browser::Embedded)).await;
        let asked_before = stage.app.keyring_round_trips();
        keyring.start_keyring_without_password();
        let status = async || stage.app.app_state(Nothing {}).await.unwrap().keyring.status;
        wait_until(async || status().await == KeyringStatus::Locked).await;
        assert_eq!(stage.app.keyring_round_trips(), asked_before, "to write or read would have asked for it");
    });
}

/// A preflight that has ended.
async fn over(stage: &Stage, request: PreflightStart) -> Preflight {
    let preflight = stage.app.preflight_start(request).await.unwrap();
    until(stage, &preflight, |shown| !shown.waiting).await
}

async fn until(stage: &Stage, preflight: &PreflightRef, is_it: impl Fn(&Preflight) -> bool) -> Preflight {
    let waiting = async {
        loop {
            let shown = stage.app.preflight_show(preflight.clone()).await.unwrap();
            if is_it(&shown) {
                return shown;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("the preflight goes on")
}

fn item<'a>(preflight: &'a Preflight, code: &str) -> &'a gatewright_contract::preflight::PreflightItem {
    preflight.items.iter().find(|item| item.code == code).unwrap()
}
