//! Logins that work, in each dialect.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gatewright_engine::login::TokenKind;
use gatewright_engine::ports::{Arrival, Judgement};
use gatewright_engine::progress::Event;
use gatewright_model::Outcome;
use gatewright_model::run::{Browser, StepKind, StepStatus};
use gatewright_testkit::Answer;
use url::Url;

use crate::issuer::*;
use crate::stage::*;

#[tokio::test]
async fn a_login_at_chattz_ends_with_the_identity_of_its_userinfo() {
    let stage = Stage::at("chattz", chattz).await;
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;

    assert_eq!(walked.end.outcome, Outcome::LoggedIn { findings: 0 }, "{:?}", walked.findings());
    assert_eq!(walked.subject(), "123");
    let kinds: Vec<_> = walked.end.steps.iter().map(|step| (step.kind, step.status)).collect();
    let passed = |kind| (kind, StepStatus::Passed);
    let all = [
        StepKind::AuthorizationRequest,
        StepKind::Pages,
        StepKind::Callback,
        StepKind::TokenRequest,
        StepKind::Identity,
    ];
    assert_eq!(kinds, all.map(passed));
    let sealed: Vec<_> = walked.end.to_seal.iter().map(|(kind, secret)| (*kind, text(secret))).collect();
    assert_eq!(sealed, [(TokenKind::Access, token().as_str().to_owned())]);

    let requests = stage.server.requests();
    assert_eq!(requests.len(), 2);
    let names = ["grant_type", "client_id", "client_secret", "code", "redirect_uri"];
    let sent = names.map(|name| field(&requests[0], name).unwrap_or_default());
    assert_eq!(sent, ["authorization_code", "7", stage.secret.as_str(), "splendid", REDIRECT_URI]);
    assert_eq!(requests[1].header("authorization"), Some(&*format!("Bearer {}", token().as_str())));
}

#[tokio::test]
async fn chattr_gets_json_with_a_number_and_answers_with_the_identity_itself() {
    let identity =
        r#"{"chattr_user_id":42,"nickname":"ada","name":"Ada L.","avatar_url":"https://chattr.example.com/a.png"}"#;
    let stage = Stage::at("chattr", move |_| Answer::json(200, identity)).await;
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;

    assert_eq!(walked.subject(), "42");
    assert!(walked.end.tokens.is_none() && walked.end.to_seal.is_empty(), "Chattr issues no token");
    let requests = stage.server.requests();
    assert_eq!(requests.len(), 1, "the identity needs no request of its own");
    let body: serde_json::Value = serde_json::from_str(&requests[0].body).unwrap();
    assert_eq!(body["client_id"], 7, "a number stays a number");
    assert!(body.get("grant_type").is_none());
    assert!(walked.step(StepKind::AuthorizationRequest).sentence.contains("state"));
}

#[tokio::test]
async fn contentdb_gets_multipart_without_a_redirect_uri_and_its_token_never_expires() {
    let stage = Stage::at("contentdb", |request| match request.target.as_str() {
        "/contentdb/oauth/token/" => {
            let body = serde_json::json!({"access_token": token().as_str(), "success": true, "token_type": "Bearer"});
            Answer::labelled(200, "application/json", body.to_string())
        }
        _ => Answer::json(200, r#"{"is_authenticated":true,"username":"ada"}"#),
    })
    .await;
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;

    assert_eq!(walked.subject(), "ada");
    assert_eq!(walked.findings(), ["token_never_expires", "cache_allowed"]);
    assert_eq!(walked.end.outcome, Outcome::LoggedIn { findings: 2 }, "both are counted, though one step carries them");
    let token_request = &stage.server.requests()[0];
    assert!(token_request.header("content-type").unwrap().starts_with("multipart/form-data; boundary="));
    assert!(token_request.body.contains("name=\"code\"\r\n\r\nsplendid\r\n"));
    assert!(!token_request.body.contains("redirect_uri"));
}

#[tokio::test]
async fn gitter_may_answer_with_a_form_and_a_list() {
    let stage = Stage::at("gitter", |request| {
        if request.method == "POST" {
            let body = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("access_token", token().as_str())
                .append_pair("token_type", "bearer")
                .finish();
            return Answer::labelled(200, "application/x-www-form-urlencoded", body).with("cache-control", "no-store");
        }
        Answer::json(200, r#"[{"id":"553d437215522ed4b3df8c50","username":"ada","displayName":"Ada"}]"#)
    })
    .await;
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    assert_eq!(walked.subject(), "553d437215522ed4b3df8c50");
    assert_eq!(walked.findings(), ["token_never_expires"]);
}

#[tokio::test]
async fn chaster_gets_a_challenge_and_its_verifier_and_gives_three_tokens() {
    let provider = OpenIdProvider::new();
    let (stage, walked) = provider.log_in().await;
    assert_eq!(walked.end.tokens.as_ref().unwrap().issued, ["access_token", "refresh_token", "id_token"]);
    let requests = stage.server.requests();
    let verifier = requests.iter().find_map(|request| field(request, "code_verifier")).unwrap();
    assert_eq!(verifier.len(), 43);
    let sent = &walked.step(StepKind::AuthorizationRequest).exchanges[0].request.query;
    let names: Vec<_> = sent.iter().map(|field| field.name.as_str()).collect();
    assert!(names.contains(&"code_challenge") && names.contains(&"code_challenge_method"), "{names:?}");
}

#[tokio::test]
async fn a_clock_that_is_off_is_told() {
    let stage = Stage::at("chattz", |request| chattz(request).with("date", "Sat, 03 Jan 2026 00:00:00 GMT")).await;
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    assert_eq!(walked.findings(), ["clock_differs"]);
    assert_eq!(walked.step(StepKind::TokenRequest).findings[0].received.to_plain(), "86400 s ahead");
}

#[tokio::test]
async fn parameters_of_the_users_own_are_sent_and_may_not_take_the_place_of_ours() {
    use gatewright_model::protocol_settings::CustomParameter;

    let stage = |name: &'static str| async move {
        let mut stage = Stage::at("chattz", chattz).await;
        let parameter = CustomParameter { name: name.to_owned(), value: "a b".to_owned() };
        stage.plan.settings.authorization_parameters = vec![parameter.clone()];
        stage.plan.settings.token_parameters = vec![parameter];
        stage
    };
    let ours = stage("audience").await;
    let walked = ours.walk(comes_back_with("?code=splendid&state={state}")).await;
    assert!(walked.step(StepKind::AuthorizationRequest).sentence.ends_with("audience"));
    assert_eq!(field(&ours.server.requests()[0], "audience").as_deref(), Some("a b"));
    let refused = stage("redirect_uri").await;
    let error = refused.try_walk(comes_back_with("?code=a"), |_| {}).await.err().unwrap();
    assert!(error.to_string().contains("redirect_uri"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn the_code_is_sent_only_after_its_sending_was_recorded() {
    let order = Arc::new(Mutex::new(Vec::new()));
    let sending = Arc::clone(&order);
    let stage = Stage::at("chattz", move |request| {
        if request.method == "POST" {
            sending.lock().unwrap().push("sent");
        }
        chattz(request)
    })
    .await;
    let recording = Arc::clone(&order);
    let watch = move |event: &Event| {
        if matches!(event, Event::StepStarted(StepKind::TokenRequest)) {
            // Whoever did not wait for this would have sent the code by now.
            std::thread::sleep(Duration::from_millis(30));
            recording.lock().unwrap().push("recorded");
        }
    };
    stage.try_walk(comes_back_with("?code=splendid&state={state}"), watch).await.unwrap();
    assert_eq!(*order.lock().unwrap(), ["recorded", "sent"]);
}

#[tokio::test]
async fn every_step_is_told_as_it_begins_and_ends() {
    let stage = Stage::at("chattz", chattz).await;
    let walked = stage
        .walk(browser(|visit| async move {
            visit.sightings.page(&visit.authorization_url);
            visit.sightings.page(&Url::parse("https://id.example/consent?secret=1").unwrap());
            let state = sent(&visit, "state").unwrap();
            Ok(Arrival::at(Url::parse(&format!("{REDIRECT_URI}?code=splendid&state={state}")).unwrap()))
        }))
        .await;
    let pages: Vec<_> = walked
        .events
        .iter()
        .filter_map(|event| if let Event::PageSeen(page) = event { Some(page) } else { None })
        .collect();
    let authorize = format!("{}/chattz/oauth/authorize", stage.server.origin());
    assert_eq!(pages, [&authorize, "https://id.example/consent"], "without query");
    assert_eq!(walked.step(StepKind::Pages).sentence, "2 pages seen");
    let begun = walked.events.iter().filter(|event| matches!(event, Event::StepStarted(_))).count();
    let ended = walked.events.iter().filter(|event| matches!(event, Event::StepFinished(_))).count();
    assert_eq!((begun, ended), (5, 5));
}

#[tokio::test]
async fn a_page_is_told_and_recorded_without_the_secrets_of_its_path() {
    let stage = Stage::at("chattz", chattz).await;
    let walked = stage
        .walk(browser(|visit| async move {
            let state = sent(&visit, "state").unwrap();
            for path in [format!("consent/{state}/"), format!("login;jsessionid={state}")] {
                visit.sightings.page(&Url::parse(&format!("https://id.example/{path}")).unwrap());
            }
            Ok(Arrival::at(Url::parse(&format!("{REDIRECT_URI}?code=splendid&state={state}")).unwrap()))
        }))
        .await;
    let expected = ["https://id.example/consent/‹state#1›/", "https://id.example/login"];
    assert_eq!(walked.step(StepKind::Pages).pages, expected);
    let told: Vec<_> = walked
        .events
        .iter()
        .filter_map(|event| if let Event::PageSeen(page) = event { Some(page) } else { None })
        .collect();
    assert_eq!(told, expected);
}

#[tokio::test]
async fn strangers_at_the_listener_neither_end_nor_delay_a_login() {
    let mut stage = Stage::at("chattz", chattz).await;
    stage.plan.browser = Browser::System;
    let walked = stage
        .walk(browser(|visit| async move {
            let callback = |query: &str| Url::parse(&format!("{REDIRECT_URI}{query}")).unwrap();
            for number in 0..10_000 {
                assert_eq!((visit.judge)(&callback(&format!("?code={number}&state={number}"))), Judgement::Ignore);
                visit.sightings.stranger();
            }
            let state = sent(&visit, "state").unwrap();
            let true_one = callback(&format!("?code=splendid&state={state}"));
            assert_eq!((visit.judge)(&true_one), Judgement::Accept);
            Ok(Arrival::at(true_one))
        }))
        .await;
    assert_eq!(walked.subject(), "123");
    let sentence = &walked.step(StepKind::Callback).sentence;
    assert!(sentence.contains("10000 callbacks with a foreign state were ignored"), "{sentence}");
}

#[tokio::test]
async fn two_logins_at_once_do_not_take_each_others_callback() {
    let stage = Stage::at("chattz", chattz).await;
    let (first, second) = tokio::join!(
        stage.walk(comes_back_with("?code=first&state={state}")),
        stage.walk(comes_back_with("?code=second&state={state}")),
    );
    assert_eq!((first.subject(), second.subject()), ("123", "123"));
}

#[tokio::test]
async fn an_answer_may_differ_from_the_document_and_still_be_a_login() {
    let stage = Stage::at("chattz", |request| match request.method.as_str() {
        "POST" => Answer::labelled(200, "text/plain", r#"{"access_token":"abcdefgh","expires_in":"60"}"#),
        _ => Answer::json(200, r#"{"id":123}"#),
    })
    .await;
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    let expected = ["lifetime_differs", "cache_allowed", "content_type_odd", "token_type_missing", "lifetime_as_text"];
    assert_eq!(walked.findings(), expected);
    let step = walked.step(StepKind::TokenRequest);
    assert_eq!(step.status, StepStatus::Warned);
    assert_eq!(step.findings[0].received.to_plain(), "60 seconds");
}
