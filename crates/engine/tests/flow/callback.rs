//! Callbacks that are played again, and callbacks that come as a form.

use std::sync::{Arc, Mutex};

use gatewright_engine::ports::{Arrival, Judgement, PostedCallback};
use gatewright_model::run::{EndReason, StepKind};
use gatewright_model::{Mark, Statement};
use gatewright_protocol::authorization::ResponseMode;
use url::Url;

use crate::stage::*;

#[tokio::test]
async fn a_callback_of_a_login_that_is_over_is_known_for_what_it_is() {
    let stage = Stage::at("chattz", chattz).await;
    let first = Arc::new(Mutex::new(None));
    let noting = Arc::clone(&first);
    let walked = stage
        .walk(browser(move |visit| {
            let state = sent(&visit, "state").unwrap();
            *noting.lock().unwrap() = Some(state.clone());
            std::future::ready(Ok(Arrival::at(Url::parse(&format!("{REDIRECT_URI}?code=one&state={state}")).unwrap())))
        }))
        .await;
    assert_eq!(walked.subject(), "123");
    let old = first.lock().unwrap().clone().unwrap();
    let played_again = stage.walk(comes_back_with(&format!("?code=one&state={old}"))).await;
    assert_eq!(played_again.findings(), ["state_spent"]);
    assert_eq!(played_again.ending().reason, EndReason::CallbackRejected);
    assert_eq!(stage.server.requests().len(), 2, "the second login sent no code");
}

async fn at_a_provider_that_posts() -> Stage {
    let mut stage = Stage::at("chattz", chattz).await;
    let mode = Statement { value: ResponseMode::FormPost, mark: Mark::Documented, place: None, note: None };
    stage.plan.provider.dialect.authorization.response_mode = Some(mode);
    stage
}

/// A person whose browser posts this form; `{state}` stands for the state that was sent.
fn posts(form: &str, content_type: &str) -> ScriptedBrowser {
    let (form, content_type) = (form.to_owned(), content_type.to_owned());
    browser(move |visit| {
        assert_eq!(sent(&visit, "response_mode").as_deref(), Some("form_post"));
        let body = form.replace("{state}", &sent(&visit, "state").unwrap()).into_bytes();
        let posted = PostedCallback { content_type: Some(content_type.clone()), body };
        std::future::ready(Ok(Arrival::posted(Url::parse(REDIRECT_URI).unwrap(), posted)))
    })
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_posted_callback_is_judged_like_any_other_and_recorded_without_its_code() {
    let stage = at_a_provider_that_posts().await;
    let walked = stage.walk(posts("code=splendid&state={state}", FORM)).await;
    assert_eq!(walked.subject(), "123");
    let shown = walked.step(StepKind::Callback).exchanges[0].response.clone().unwrap().body.to_plain();
    assert!(shown.ends_with("\ncode=‹code#1›&state=‹state#1›"), "{shown}");
}

#[tokio::test]
async fn an_error_that_is_posted_is_an_error_and_a_wrong_form_is_refused() {
    let denied = at_a_provider_that_posts().await.walk(posts("error=access_denied&state={state}", FORM)).await;
    assert_eq!(denied.ending().reason, EndReason::Denied);
    for (form, content_type, code) in [
        ("code=a&state=other", FORM, "state_mismatch"),
        ("code=a&code=b&state={state}", FORM, "parameter_twice"),
        ("code=a&state={state}", "text/plain", "form_mislabelled"),
    ] {
        let stage = at_a_provider_that_posts().await;
        let walked = stage.walk(posts(form, content_type)).await;
        assert_eq!((walked.ending().reason, walked.findings()), (EndReason::CallbackRejected, vec![code]));
        assert_eq!(stage.server.requests().len(), 0);
    }
    let unasked = Stage::at("chattz", chattz).await;
    let walked = unasked
        .walk(browser(|visit| {
            assert!(visit.judge_form.is_none(), "nobody takes forms that nobody asked for");
            let form = PostedCallback { content_type: Some(FORM.to_owned()), body: b"code=a".to_vec() };
            std::future::ready(Ok(Arrival::posted(Url::parse(REDIRECT_URI).unwrap(), form)))
        }))
        .await;
    assert_eq!(walked.findings(), ["form_unasked"]);
}

#[tokio::test]
async fn a_listener_is_told_which_form_belongs_to_the_login() {
    let stage = at_a_provider_that_posts().await;
    let walked = stage
        .walk(browser(|visit| {
            let judge = visit.judge_form.clone().unwrap();
            let callback = Url::parse(REDIRECT_URI).unwrap();
            let form = |body: String| PostedCallback { content_type: Some(FORM.to_owned()), body: body.into_bytes() };
            let state = sent(&visit, "state").unwrap();
            assert_eq!(judge(&callback, &form("code=a&state=forged".to_owned())), Judgement::Ignore);
            assert_eq!(judge(&callback, &form(format!("code=a&code=b&state={state}"))), Judgement::Accept);
            assert_eq!(judge(&callback, &form(String::new())), Judgement::Doubtful);
            let ours = form(format!("code=a&state={state}"));
            assert_eq!(judge(&callback, &ours), Judgement::Accept);
            std::future::ready(Ok(Arrival::posted(callback, ours)))
        }))
        .await;
    assert_eq!(walked.subject(), "123");
}
