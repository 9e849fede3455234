//! Logins at the twins, from the command to the record.

use gatewright_contract::Handler;
use gatewright_contract::client::Verdict;
use gatewright_contract::login::CallbackPasted;
use gatewright_contract::run::{Browser, RunRef};

use crate::person::Decision;
use crate::stage::Stage;

const TWINS: [&str; 5] = ["chattr", "chattz", "chaster", "gitter", "contentdb"];

#[tokio::test]
async fn a_person_logs_in_at_each_of_the_five_twins() {
    let stage = Stage::new().await;
    for twin in TWINS {
        stage.person(if twin == "contentdb" { "olivia" } else { "theo" }, Decision::Approve);
        let client = stage.register(twin, "https://app.example.org/callback").await;
        let run = stage.log_in(&client, Browser::Embedded).await;
        assert_eq!(run.row.outcome, "logged_in", "{twin}: {:?} {:?}", run.sentence, run.steps.last());
        assert!(run.identity.is_some(), "{twin} said who logged in");
    }
}

#[tokio::test]
async fn chattr_issues_no_token_and_says_who_logged_in_all_the_same() {
    let stage = Stage::new().await;
    let client = stage.register("chattr", "https://app.example.org/callback").await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    assert!(run.tokens.is_none(), "Chattr's document: an app receives an identity only");
    assert!(run.identity.is_some());
}

#[tokio::test]
async fn a_cancel_at_contentdb_is_a_cancel_and_no_login() {
    let stage = Stage::new().await;
    stage.person("olivia", Decision::Cancel);
    let client = stage.register("contentdb", "https://app.example.org/callback/").await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(run.row.outcome, "cancelled");
    assert!(run.sentence.unwrap().contains("sends no parameters"));
    assert!(run.identity.is_none());
}

#[tokio::test]
async fn a_refusal_by_the_person_is_told_from_a_failure() {
    let stage = Stage::new().await;
    stage.person("theo", Decision::Deny);
    let client = stage.register("chaster", "https://app.example.org/callback").await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(run.row.outcome, "denied");
    assert_eq!(run.row.verdict, Verdict::Warned);
}

#[tokio::test]
async fn a_closed_window_is_an_ending_of_its_own() {
    let stage = Stage::new().await;
    stage.person("theo", Decision::Close);
    let client = stage.register("chattz", "https://app.example.org/callback").await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(run.row.outcome, "window_closed");
    assert!(run.next.is_some(), "the person is told what to do next");
}

#[tokio::test]
async fn a_pasted_callback_ends_a_login_and_one_from_another_login_does_not_count() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", "https://app.example.org/callback").await;
    let run = stage.start(&client, Browser::Paste).await;
    let wrong = CallbackPasted {
        run: run.run.clone(),
        address: "https://app.example.org/callback?code=x&state=not-ours".to_owned(),
    };
    stage.app.login_paste(wrong).await.unwrap();
    let run = stage.end_of(&run).await;
    assert_eq!(run.row.outcome, "callback_rejected");
    assert!(
        !run.steps.iter().any(|step| step.kind == "token_request"),
        "no code is sent after a callback that is not believed"
    );
}

#[tokio::test]
async fn stopping_ends_a_login_that_waits_for_the_person() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", "https://app.example.org/callback").await;
    let run = stage.start(&client, Browser::Paste).await;
    stage.app.login_cancel(run.clone()).await.unwrap();
    assert_eq!(stage.end_of(&run).await.row.outcome, "stopped");
}

#[tokio::test]
async fn several_logins_at_once_do_not_mix() {
    let stage = Stage::new().await;
    let mut runs = Vec::new();
    for (twin, user) in [("chattr", "theo"), ("chattz", "tara"), ("chaster", "olivia")] {
        stage.person(user, Decision::Approve);
        let client = stage.register(twin, "https://app.example.org/callback").await;
        runs.push((stage.start(&client, Browser::Embedded).await, user));
    }
    for (run, user) in runs {
        let detail = stage.end_of(&run).await;
        let identity = detail.identity.expect("logged in");
        let said = format!("{} {:?} {:?}", identity.subject, identity.display_name, identity.fields).to_lowercase();
        assert!(said.contains(user), "{user} logged in, and the record says {said}");
    }
}

#[tokio::test]
async fn a_result_is_there_after_a_restart() {
    let stage = Stage::new().await;
    let client = stage.register("gitter", "https://app.example.org/callback").await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    let stage = stage.restart().await;
    let again = stage.app.run_show(RunRef { run: run.row.id.clone() }).await.unwrap();
    assert_eq!(again.identity, run.identity);
    assert_eq!(again.steps, run.steps);
}

#[tokio::test]
async fn the_system_browser_brings_the_callback_to_the_listener() {
    let stage = Stage::new().await;
    let port = free_port();
    let client = stage.register("chattz", &format!("http://127.0.0.1:{port}/callback")).await;
    let run = stage.log_in(&client, Browser::System).await;
    assert_eq!(run.row.outcome, "logged_in", "{:?}", run.sentence);
}

#[tokio::test]
async fn a_taken_port_is_named_and_no_browser_opens() {
    let stage = Stage::new().await;
    let held = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = held.local_addr().unwrap().port();
    let client = stage.register("chattz", &format!("http://127.0.0.1:{port}/callback")).await;
    let run = stage.log_in(&client, Browser::System).await;
    assert_eq!(run.row.outcome, "listener_failed");
    assert!(run.sentence.unwrap().contains(&port.to_string()), "the port is named");
}

#[tokio::test]
async fn ten_thousand_callbacks_of_a_stranger_neither_end_nor_delay_a_login() {
    let stage = Stage::new().await;
    let port = free_port();
    let redirect_uri = format!("http://127.0.0.1:{port}/callback");
    let client = stage.register("chattz", &redirect_uri).await;
    stage.person("theo", Decision::Wait);
    let run = stage.start(&client, Browser::System).await;
    let stranger = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let address = stage.address_of(&run).await;
    for number in 0..10_000_u32 {
        let answer = stranger.get(format!("{redirect_uri}?code=stolen&state=guess{number}")).send().await.unwrap();
        assert!(!answer.status().is_success(), "a stranger is told nothing");
    }
    crate::person::Person::as_user("theo").walk_to_the_end(address).await;
    let run = stage.end_of(&run).await;
    assert_eq!(run.row.outcome, "logged_in", "{:?}", run.sentence);
}

/// A port that nobody listens on right now.
pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
