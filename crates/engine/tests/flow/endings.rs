//! Every way in which a login ends without an identity: one reason, one sentence, one next step.

use std::time::Duration;

use gatewright_engine::login::LoginError;
use gatewright_engine::ports::{Arrival, Visit, VisitError};
use gatewright_engine::progress::Event;
use gatewright_model::run::{Browser, EndReason, StepKind, StepStatus};
use gatewright_testkit::{Answer, RawServer};
use tokio_util::sync::CancellationToken;

use crate::stage::*;

/// Walks a login at a provider that answers well, with this callback.
async fn called_back(provider: &str, query: &str) -> (Stage, Walked) {
    let stage = Stage::at(provider, chattz).await;
    let walked = stage.walk(comes_back_with(query)).await;
    (stage, walked)
}

/// Walks a login at Chattz whose token endpoint answers like this.
async fn answered(answer: Answer) -> Walked {
    let stage = Stage::at("chattz", move |_| answer.clone()).await;
    stage.walk(comes_back_with("?code=splendid&state={state}")).await
}

#[track_caller]
fn ended(walked: &Walked, reason: EndReason) {
    let ending = walked.ending();
    assert_eq!(ending.reason, reason, "{}", ending.sentence);
    assert!(ending.sentence.ends_with('.') && ending.next.ends_with(['.', '?']), "{ending:?}");
    assert!(walked.end.identity.is_none());
    let last = walked.end.steps.last().unwrap();
    assert_eq!((last.status, &last.sentence), (StepStatus::Failed, &ending.sentence));
}

#[tokio::test]
async fn a_refusal_by_the_person_is_denied_and_no_code_is_sent() {
    let (stage, walked) =
        called_back("chattz", "?error=access_denied&error_description=The+user+said+no.&state={state}").await;
    ended(&walked, EndReason::Denied);
    assert_eq!(walked.ending().sentence, "The person refused: Chattz answered access_denied, “The user said no”.");
    assert_eq!(stage.server.requests().len(), 0);
}

#[tokio::test]
async fn a_bare_callback_is_a_cancel_and_never_a_success() {
    let (stage, walked) = called_back("contentdb", "").await;
    ended(&walked, EndReason::Cancelled);
    assert!(walked.ending().sentence.starts_with("Cancelled (the provider sends no parameters)"));
    assert_eq!(stage.server.requests().len(), 0);
}

#[tokio::test]
async fn a_callback_with_another_state_or_none_is_not_believed() {
    for query in [
        "?code=splendid&state=forged",
        "?code=splendid",
        "?error=access_denied&state=forged",
        "?code=a&code=b&state={state}",
    ] {
        let (stage, walked) = called_back("chattz", query).await;
        ended(&walked, EndReason::CallbackRejected);
        assert_eq!(stage.server.requests().len(), 0, "no code is sent after {query}");
        assert_eq!(walked.findings().len(), 1);
    }
}

#[tokio::test]
async fn an_error_other_than_denied_is_refused_authorization() {
    let (_, walked) = called_back("chattz", "?error=invalid_scope&state={state}").await;
    ended(&walked, EndReason::AuthorizationRefused);
    assert_eq!(walked.ending().next, "Choose other scopes and log in again.");
    assert_eq!(walked.findings(), ["authorization_refused"]);
}

#[tokio::test]
async fn what_the_browser_meets_is_told_apart() {
    let host = || "id.example".to_owned();
    let cases = [
        (VisitError::WindowClosed, EndReason::WindowClosed),
        (VisitError::PageUnreachable { host: host(), why: "connection refused".into() }, EndReason::PageUnreachable),
        (VisitError::CertificateRefused { host: host(), why: "expired".into() }, EndReason::CertificateRefused),
        (VisitError::ListenerFailed { why: "port 8914 on 127.0.0.1 is taken".into() }, EndReason::ListenerFailed),
        (VisitError::BrowserFailed { why: "there is none".into() }, EndReason::BrowserFailed),
    ];
    for (error, reason) in cases {
        let stage = Stage::at("chattz", chattz).await;
        let walked = stage.walk(browser(move |_| std::future::ready(Err(error.clone())))).await;
        ended(&walked, reason);
    }
}

#[tokio::test]
async fn nobody_coming_back_ends_when_the_time_is_up() {
    let stage = Stage::at("chattz", chattz).await;
    let clock = stage.clock.clone();
    let turning = async {
        clock.until_somebody_sleeps().await;
        clock.advance(Duration::from_secs(599));
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(1));
    };
    let (walked, ()) = tokio::join!(stage.walk(browser(leaves_when_told)), turning);
    ended(&walked, EndReason::TimedOut);
    assert!(walked.ending().sentence.contains("within 10 minutes"), "{}", walked.ending().sentence);
    assert_eq!(walked.end.person, Duration::from_mins(10));
}

async fn leaves_when_told(visit: Visit) -> Result<Arrival, VisitError> {
    visit.cancel.cancelled().await;
    Err(VisitError::Cancelled)
}

#[tokio::test]
async fn a_browser_has_a_moment_for_a_last_picture_when_the_time_is_up_and_no_more() {
    let stage = Stage::at("chattz", chattz).await;
    let (clock, told) = (stage.clock.clone(), CancellationToken::new());
    let heard = told.clone();
    let never_done = browser(move |visit| {
        let heard = heard.clone();
        async move {
            visit.cancel.cancelled().await;
            heard.cancel();
            std::future::pending().await
        }
    });
    let turning = async {
        clock.until_somebody_sleeps().await;
        clock.advance(Duration::from_mins(10));
        told.cancelled().await;
        clock.until_somebody_sleeps().await;
        clock.advance(Duration::from_secs(2));
    };
    let (walked, ()) = tokio::join!(stage.walk(never_done), turning);
    ended(&walked, EndReason::TimedOut);
}

#[tokio::test]
async fn stopping_ends_the_visit_and_tells_the_browser() {
    let stage = Stage::at("chattz", chattz).await;
    let told = tokio_util::sync::CancellationToken::new();
    let (cancel, heard) = (stage.cancel.clone(), told.clone());
    let walked = stage
        .walk(browser(move |visit| {
            let heard = heard.clone();
            cancel.cancel();
            tokio::spawn(async move {
                visit.cancel.cancelled().await;
                heard.cancel();
            });
            std::future::pending()
        }))
        .await;
    ended(&walked, EndReason::Stopped);
    told.cancelled().await;
}

#[tokio::test]
async fn stopping_works_while_the_provider_is_silent() {
    let stage = Stage::at("chattz", |_| Answer::Never).await;
    let cancel = stage.cancel.clone();
    let stop = async {
        stage.server.until_asked(1).await;
        cancel.cancel();
    };
    let (walked, ()) = tokio::join!(stage.walk(comes_back_with("?code=splendid&state={state}")), stop);
    ended(&walked, EndReason::Stopped);
    assert!(walked.ending().next.contains("may have taken the code"), "{}", walked.ending().next);
}

#[tokio::test]
async fn a_bare_callback_at_the_listener_becomes_a_cancel_when_the_person_stops() {
    let mut stage = Stage::at("contentdb", chattz).await;
    stage.plan.browser = Browser::System;
    let cancel = stage.cancel.clone();
    let walked = stage
        .try_walk(
            browser(|visit| {
                visit.sightings.bare_callback();
                std::future::pending()
            }),
            move |event| {
                if matches!(event, Event::BareCallbackSeen) {
                    cancel.cancel();
                }
            },
        )
        .await
        .unwrap();
    ended(&walked, EndReason::Cancelled);
}

#[tokio::test]
async fn a_refused_token_request_says_what_to_compare() {
    let wrong_secret = answered(Answer::json(401, r#"{"error":"invalid_client"}"#)).await;
    ended(&wrong_secret, EndReason::TokenRefused);
    assert!(wrong_secret.ending().next.contains("(version 3)"), "{}", wrong_secret.ending().next);
    let used_code =
        answered(Answer::json(400, r#"{"error":"invalid_grant","error_description":"Code not valid"}"#)).await;
    ended(&used_code, EndReason::TokenRefused);
    assert_eq!(used_code.ending().sentence, "Chattz refused the token request: 400 invalid_grant, “Code not valid”.");
    assert!(used_code.ending().next.starts_with("Log in again for a new code."));
}

#[tokio::test]
async fn an_answer_that_is_no_answer_is_malformed() {
    let html = answered(Answer::labelled(200, "text/html", "<!doctype html><h1>Log in</h1>")).await;
    ended(&html, EndReason::TokenMalformed);
    assert!(html.ending().next.starts_with("A page came where data should"));
    let shown = html.step(StepKind::TokenRequest).exchanges[0].response.as_ref().unwrap().body.to_plain();
    assert!(shown.contains("<h1>Log in</h1>"), "the page can be looked at");
    let failed = answered(Answer::labelled(502, "text/html", "<h1>Bad gateway</h1>")).await;
    ended(&failed, EndReason::TokenMalformed);
    assert!(failed.ending().sentence.contains("status 502"));
}

#[tokio::test]
async fn a_redirect_of_the_token_request_is_never_followed() {
    let elsewhere = RawServer::start(|_| tokens()).await;
    let target = format!("{}/chattz/oauth/token/?code=stolen", elsewhere.origin());
    let walked = answered(Answer::labelled(308, "text/html", "").with("location", &target)).await;
    ended(&walked, EndReason::TokenMalformed);
    assert!(walked.ending().next.contains("trailing slash"), "{}", walked.ending().next);
    assert_eq!(elsewhere.requests().len(), 0, "the secret must not travel");
    assert!(!walked.record().contains("stolen"));
}

#[tokio::test]
async fn an_identity_that_is_refused_or_nobody_is_no_login_though_tokens_were_issued() {
    let identity = |answer: Answer, provider: &'static str| async move {
        let stage = Stage::at(provider, move |request| match request.method.as_str() {
            "POST" => Answer::json(
                200,
                r#"{"success":true,"access_token":"abcdefgh","token_type":"Bearer","expires_in":3600}"#,
            ),
            _ => answer.clone(),
        })
        .await;
        stage.walk(comes_back_with("?code=splendid&state={state}")).await
    };
    let refused = identity(
        Answer::labelled(403, "text/plain", "").with("www-authenticate", "Bearer error=\"insufficient_scope\""),
        "chattz",
    )
    .await;
    ended(&refused, EndReason::IdentityRefused);
    assert!(refused.ending().next.contains("openid"), "{}", refused.ending().next);
    let nobody = identity(Answer::json(200, r#"{"is_authenticated":false,"username":null}"#), "contentdb").await;
    ended(&nobody, EndReason::IdentityRefused);
    assert!(nobody.ending().sentence.contains("nobody is signed in"));
    let nameless = identity(Answer::json(200, r#"{"username":"ada"}"#), "chattz").await;
    ended(&nameless, EndReason::IdentityMalformed);
    for walked in [refused, nobody, nameless] {
        assert_eq!(walked.end.to_seal.len(), 1, "the token is kept");
    }
}

#[tokio::test]
async fn a_run_that_cannot_be_recorded_is_not_carried_on() {
    use gatewright_engine::ports::Ports;
    use gatewright_engine::progress::Progress;
    use gatewright_engine::{log_in, system, transport};
    use std::sync::Arc;

    let stage = Stage::at("chattz", chattz).await;
    let ports = Ports {
        transport: Arc::new(transport::HttpTransport::default()),
        user_agent: Arc::new(comes_back_with("?code=splendid&state={state}")),
        clock: Arc::new(system::SystemClock::default()),
        entropy: Arc::new(system::SystemEntropy),
        issuers: Arc::default(),
        spent_states: Arc::default(),
    };
    let (progress, mut reports) = Progress::channel();
    let full_disk = tokio::spawn(async move {
        // Takes every report and acknowledges none.
        while reports.recv().await.is_some() {}
    });
    let error = log_in(&stage.plan, &ports, &progress, &stage.cancel).await.unwrap_err();
    assert!(matches!(error, LoginError::Recording(_)), "{error:?}");
    assert_eq!(stage.server.requests().len(), 0, "the code was not sent");
    drop(progress);
    full_disk.await.unwrap();
}

#[tokio::test]
async fn a_secret_is_never_sent_over_plain_http_to_another_computer() {
    let mut stage = Stage::at("chattz", chattz).await;
    stage.plan.bases.authorization = "http://id.example".to_owned();
    let error = stage.try_walk(comes_back_with("?code=a"), |_| {}).await.err().unwrap();
    assert!(error.to_string().contains("https only"), "{error}");
}
