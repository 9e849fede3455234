//! Callbacks that the browser posts as a form (OAuth 2.0 Form Post Response Mode).

use gatewright_contract::client::{ClientChange, ClientDetail};
use gatewright_contract::fault::{FaultRule, FaultRules, FaultTiming};
use gatewright_contract::login::LoginStart;
use gatewright_contract::protocol::ResponseMode;
use gatewright_contract::run::{Browser, RunDetail};
use gatewright_contract::{FailureCode, Handler};

use crate::logins::free_port;
use crate::person::Decision;
use crate::stage::Stage;

const CHATTZ: &str = "chattz";

#[tokio::test]
async fn a_posted_callback_logs_in_in_the_own_browser_and_in_the_login_view() {
    let stage = posting("valid").await;
    for browser in [Browser::System, Browser::Embedded] {
        let client = asking_for_a_form(&stage, &here()).await;
        assert_eq!(client.response_mode, ResponseMode::FormPost);
        let run = stage.log_in(&client, browser).await;
        assert_eq!(run.row.outcome, "logged_in", "{browser:?}: {:?}", run.sentence);
        assert_eq!(callback_of(&run), "Posted as a form to the listener on this computer");
        let asked = &run.steps.iter().find(|step| step.kind == "authorization_request").unwrap().sentence;
        assert!(asked.contains("response_mode"), "{asked}");
    }
}

#[tokio::test]
async fn an_error_that_is_posted_is_a_refusal_by_the_person() {
    let stage = posting("error").await;
    for browser in [Browser::System, Browser::Embedded] {
        let client = asking_for_a_form(&stage, &here()).await;
        let run = stage.log_in(&client, browser).await;
        assert_eq!(run.row.outcome, "denied", "{browser:?}: {:?}", run.sentence);
        assert!(!run.steps.iter().any(|step| step.kind == "token_request"));
    }
}

#[tokio::test]
async fn an_answer_in_the_address_of_a_login_that_asked_for_a_form_is_noticed() {
    let stage = Stage::new().await;
    for browser in [Browser::System, Browser::Embedded] {
        let client = asking_for_a_form(&stage, &here()).await;
        let run = stage.log_in(&client, browser).await;
        assert_eq!(run.row.outcome, "callback_rejected", "{browser:?}: {:?}", run.sentence);
        assert!(!run.steps.iter().any(|step| step.kind == "token_request"));
    }
}

#[tokio::test]
async fn a_form_that_could_not_arrive_is_refused_before_anything_begins() {
    let stage = Stage::new().await;
    let far = asking_for_a_form(&stage, "https://app.example.org/callback").await;
    let near = asking_for_a_form(&stage, &here()).await;
    for (client, browser, field) in [
        (&far, Browser::Embedded, "redirectUri"),
        (&far, Browser::System, "redirectUri"),
        (&near, Browser::Paste, "browser"),
    ] {
        let request =
            LoginStart { client: client.row.id.clone(), test_user: None, browser, redirect_uri: None, scopes: None };
        let refused = stage.app.login_start(request).await.unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (FailureCode::Invalid, Some(field)), "{refused:?}");
        assert!(refused.message.contains("form") && refused.hint.is_some(), "{refused:?}");
    }
}

#[tokio::test]
async fn the_port_of_a_login_view_that_waits_for_a_form_is_free_again_after_it() {
    let stage = posting("valid").await;
    stage.person("theo", Decision::Close);
    let redirect_uri = here();
    let client = asking_for_a_form(&stage, &redirect_uri).await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(run.row.outcome, "window_closed", "{:?}", run.sentence);
    let port = redirect_uri.split([':', '/']).nth(4).unwrap();
    std::net::TcpListener::bind(format!("127.0.0.1:{port}")).unwrap();
}

/// A redirect URI that nobody listens on right now.
fn here() -> String {
    format!("http://127.0.0.1:{}/callback", free_port())
}

fn callback_of(run: &RunDetail) -> &str {
    &run.steps.iter().find(|step| step.kind == "callback").unwrap().sentence
}

/// Gatewright with a Chattz that answers by a form.
async fn posting(variant: &str) -> Stage {
    let stage = Stage::new().await;
    let rule = FaultRule {
        fault: "AZ-25".to_owned(),
        variant: Some(variant.to_owned()),
        twin: CHATTZ.to_owned(),
        client_id: None,
        when: FaultTiming::Always,
        delay_ms: None,
    };
    stage.app.sandbox_faults_set(FaultRules { rules: vec![rule] }).await.unwrap();
    stage
}

async fn asking_for_a_form(stage: &Stage, redirect_uri: &str) -> ClientDetail {
    let client = stage.register(CHATTZ, redirect_uri).await;
    let mut protocol = client.protocol;
    protocol.response_mode = Some(ResponseMode::FormPost);
    let change = ClientChange {
        client: client.row.id,
        name: client.row.name,
        client_id: client.row.client_id,
        redirect_uris: vec![redirect_uri.to_owned()],
        owner: client.owner,
        tag: client.row.tag,
        notes: client.notes,
        protocol: Some(protocol),
    };
    stage.app.client_change(change).await.unwrap()
}
