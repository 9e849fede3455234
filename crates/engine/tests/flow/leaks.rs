//! No secret of a login gets into what is recorded or shown.

use gatewright_engine::discovery::discover;
use gatewright_engine::grant::{LoginSubject, LogoutPlan, log_out, userinfo};
use gatewright_engine::ports::Arrival;
use gatewright_model::run::StepKind;
use gatewright_protocol::metadata::Issuer;
use gatewright_testkit::{Answer, Canary};
use serde_json::json;
use url::Url;

use crate::issuer::*;
use crate::stage::*;

const CALLBACK: &str = "?code=canary-code-%2B%2F~9f3a71c4&state={state}";

fn assert_clean(walked: &Walked, canaries: &[&Canary]) {
    let record = walked.record();
    for canary in canaries {
        assert_eq!(canary.traces_in(record.as_bytes()), [] as [&str; 0], "{} in {record}", canary.as_str());
    }
    let told = format!("{:?} {:?}", walked.events, walked.end);
    for canary in canaries {
        assert_eq!(canary.traces_in(told.as_bytes()), [] as [&str; 0], "{} in {told}", canary.as_str());
    }
}

#[tokio::test]
async fn a_good_login_records_references_only() {
    let stage = Stage::at("chattz", chattz).await;
    let walked = stage.walk(comes_back_with(CALLBACK)).await;
    assert_eq!(walked.subject(), "123");
    assert_clean(&walked, &[&stage.secret, &token(), &Canary::new("code")]);
    for reference in ["state#1", "code#1", "secret:v3", "token#1"] {
        assert!(walked.record().contains(reference), "{reference} is missing in {}", walked.record());
    }
}

#[tokio::test]
async fn a_server_that_repeats_every_secret_is_recorded_without_them() {
    let stage = Stage::at("chattz", |request| {
        let echo = format!(
            "you sent {} {:?} {:?}",
            request.body,
            field(request, "client_secret"),
            request.header("authorization")
        );
        match request.method.as_str() {
            "POST" => {
                let body = serde_json::json!({
                    "access_token": token().as_str(), "token_type": "Bearer", "expires_in": 3600, "debug": echo,
                    "again": field(request, "client_secret"), "scope": field(request, "code"),
                });
                Answer::json(200, body.to_string())
                    .with("x-debug", token().as_str())
                    .with("set-cookie", "session=canary")
            }
            _ => Answer::json(200, serde_json::json!({"id": token().as_str(), "username": echo}).to_string()),
        }
    })
    .await;
    let walked = stage.walk(comes_back_with(CALLBACK)).await;
    assert_clean(&walked, &[&stage.secret, &token(), &Canary::new("code")]);
    assert_eq!(walked.subject(), "‹token#1›");
}

#[tokio::test]
async fn a_callback_that_repeats_the_client_secret_is_recorded_without_it() {
    let stage = Stage::at("chattz", chattz).await;
    for query in [
        "?canary-secret-%2B%2F~9f3a71c4=1&state={state}",
        "?error=canary-secret-%2B%2F~9f3a71c4&error_description=see+canary-secret-%2B%2F~9f3a71c4&state={state}",
        "?canary-secret-%2B%2F~9f3a71c4",
    ] {
        let walked = stage.walk(comes_back_with(query)).await;
        assert_clean(&walked, &[&stage.secret]);
        assert!(walked.record().contains("secret:v3"), "{}", walked.record());
    }
}

/// Asking who a token speaks of sends no client secret; the server has it all the same.
#[tokio::test]
async fn a_userinfo_answer_that_repeats_the_client_secret_is_recorded_without_it() {
    let answer = |secret: &str| serde_json::json!({"id": 123, "username": secret, secret: "a member of that name"});
    let stage =
        Stage::at("chattz", move |_| Answer::json(200, answer(Canary::new("secret").as_str()).to_string())).await;
    let ports = stage.ports(browser(|_| std::future::pending()));
    let end = userinfo(&stage.grant(), &token().secret(), LoginSubject::NotTold, &ports, &stage.cancel).await.unwrap();
    let record = format!("{} {end:?}", serde_json::to_string(&end.step).unwrap());
    assert_eq!(stage.secret.traces_in(record.as_bytes()), [] as [&str; 0], "{record}");
    assert!(record.contains("secret:v3"), "{record}");
}

#[tokio::test]
async fn an_error_that_quotes_the_secret_is_shown_without_it() {
    let stage = Stage::at("chattz", |request| {
        let sentence = format!("wrong secret: {}", field(request, "client_secret").unwrap_or_default());
        Answer::json(400, serde_json::json!({"error": "invalid_client", "error_description": sentence}).to_string())
    })
    .await;
    let walked = stage.walk(comes_back_with(CALLBACK)).await;
    assert!(walked.ending().sentence.contains("wrong secret: ‹secret:v3›"), "{}", walked.ending().sentence);
    assert_clean(&walked, &[&stage.secret]);
}

#[tokio::test]
async fn a_token_in_an_answer_that_cannot_be_read_is_hidden_with_all_that_follows() {
    let truncated = format!(r#"{{"note":"kept","access_token":"{}"#, token().as_str());
    let stage = Stage::at("chattz", move |_| Answer::json(200, truncated.clone())).await;
    let walked = stage.walk(comes_back_with(CALLBACK)).await;
    assert!(walked.record().contains("kept"));
    assert_clean(&walked, &[&token()]);
}

#[tokio::test]
async fn a_stranger_state_and_code_in_a_refused_callback_are_hidden_too() {
    let stage = Stage::at("chattz", chattz).await;
    let walked =
        stage.walk(comes_back_with("?code=canary-code-%2B%2F~9f3a71c4&state=canary-state-%2B%2F~9f3a71c4")).await;
    assert_clean(&walked, &[&Canary::new("code"), &Canary::new("state")]);
}

/// The provider has the client's secret, and can write it into documents that everybody may read.
#[tokio::test]
async fn metadata_and_keys_that_repeat_the_client_secret_are_recorded_without_it() {
    let secret = Canary::new("secret");
    let provider = OpenIdProvider::with(|script| {
        script.metadata = json!({ "service_documentation": secret.as_str(), secret.as_str(): "a member of that name" });
        let mut key = script.key.published();
        key["note"] = secret.as_str().into();
        script.keys = vec![key];
    });
    let (stage, walked) = provider.log_in().await;
    assert_eq!(stage.secret.as_str(), secret.as_str(), "it is the secret of this login");
    assert_eq!(walked.subject(), "5f0c");
    assert_clean(&walked, &[&secret]);
    for kind in [StepKind::Discovery, StepKind::IdToken] {
        let recorded = serde_json::to_string(walked.step(kind)).unwrap();
        assert!(recorded.contains("secret:v3"), "{kind:?}: {recorded}");
    }
}

#[tokio::test]
async fn a_cookie_that_an_issuer_sets_when_it_is_looked_at_is_not_recorded() {
    let cookie = Canary::new("cookie");
    let set = format!("session={}; HttpOnly", cookie.as_str());
    let stage = Stage::at("chaster", move |_| Answer::json(404, "{}").with("set-cookie", &set)).await;
    let ports = stage.ports(browser(|_| std::future::pending()));
    let issuer = Issuer::parse(&stage.server.origin()).unwrap();
    let discovery = discover(&issuer, &ports, &stage.cancel).await;
    let record = format!("{} {discovery:?}", serde_json::to_string(&discovery.step).unwrap());
    assert_eq!(cookie.traces_in(record.as_bytes()), [] as [&str; 0], "{record}");
    assert!(record.contains("cookie#1"), "{record}");
}

/// A logout sends the ID token through the browser, and whoever writes the way back may have seen it.
#[tokio::test]
async fn a_logout_callback_that_repeats_the_id_token_is_recorded_without_it() {
    let mut stage = Stage::at("chaster", |_| Answer::Never).await;
    stage.plan.settings.post_logout_redirect_uri = Some("https://app.example/signed-out".to_owned());
    let plan = LogoutPlan {
        client: stage.grant(),
        id_token: Some(token().secret()),
        time_limit: std::time::Duration::from_mins(1),
    };
    for query in ["?state={hint}", "?state={state}&id_token={hint}", "?{hint}=1&note=canary-secret-%2B%2F~9f3a71c4"] {
        let person = browser(move |visit| {
            let (state, hint) = (sent(&visit, "state").unwrap(), sent(&visit, "id_token_hint").unwrap());
            let mut way_back = Url::parse("https://app.example/signed-out").unwrap();
            way_back.set_query(Some(&query.replace("{state}", &state).replace("{hint}", &encoded(&hint))[1..]));
            async move { Ok(Arrival::at(way_back)) }
        });
        let end = log_out(&plan, &stage.ports(person), &stage.cancel).await.unwrap();
        let record = format!("{} {end:?}", serde_json::to_string(&end.step).unwrap());
        for canary in [&token(), &stage.secret] {
            assert_eq!(canary.traces_in(record.as_bytes()), [] as [&str; 0], "{} in {record}", canary.as_str());
        }
        assert!(record.contains("id_token#1"), "{record}");
    }
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
