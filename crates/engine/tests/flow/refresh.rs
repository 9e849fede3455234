//! Refreshing: written down before it is sent, sent once, stored before it is handed out.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gatewright_engine::grant::{
    BeginRefusal, GrantEnd, NotStored, RefreshOutcome, RefreshPlan, RenewedTokens, RotationLedger, refresh,
};
use gatewright_engine::ports::PortFuture;
use gatewright_model::grant::Abandonment;
use gatewright_protocol::Secret;
use gatewright_protocol::token::Rotation;
use gatewright_testkit::{Answer, Canary, RawServer, ReceivedRequest};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::issuer::*;
use crate::stage::*;

/// A ledger that takes note, and refuses where a test says so.
#[derive(Clone, Default)]
struct Ledger {
    said: Arc<Mutex<Vec<String>>>,
    refuses: Option<BeginRefusal>,
    is_full: bool,
}

impl Ledger {
    fn note(&self, text: String) {
        self.said.lock().unwrap().push(text);
    }

    fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }
}

impl RotationLedger for Ledger {
    fn begin(&self) -> PortFuture<'_, Result<(), BeginRefusal>> {
        self.note("begin".to_owned());
        Box::pin(std::future::ready(self.refuses.clone().map_or(Ok(()), Err)))
    }

    fn commit<'a>(&'a self, renewed: &'a RenewedTokens) -> PortFuture<'a, Result<(), NotStored>> {
        self.note(format!("commit {}", renewed.refresh_token.expose()));
        let full = self.is_full.then(|| NotStored("the disk is full".to_owned()));
        Box::pin(std::future::ready(full.map_or(Ok(()), Err)))
    }

    fn abandon(&self, how: Abandonment) -> PortFuture<'_, Result<(), NotStored>> {
        self.note(format!("{how:?}"));
        Box::pin(std::future::ready(Ok(())))
    }
}

fn spent() -> Canary {
    Canary::new("refresh")
}

fn plan(stage: &Stage) -> RefreshPlan {
    RefreshPlan {
        client: stage.grant(),
        refresh_token: spent().secret(),
        granted_scopes: vec!["openid".to_owned(), "profile".to_owned()],
        scopes: Vec::new(),
        id_token: None,
        refreshed_at: None,
    }
}

fn new_tokens(more: &Value) -> Answer {
    let mut tokens = json!({ "access_token": token().as_str(), "token_type": "Bearer", "expires_in": 300 });
    for (name, value) in more.as_object().unwrap() {
        tokens[name] = value.clone();
    }
    Answer::json(200, tokens.to_string())
}

struct Refreshed {
    end: GrantEnd<RefreshOutcome>,
    ledger: Ledger,
    requests: Vec<ReceivedRequest>,
}

impl Refreshed {
    fn codes(&self) -> Vec<&str> {
        self.end.step.findings.iter().map(|finding| finding.code.as_str()).collect()
    }

    fn tokens(&self) -> &RenewedTokens {
        match &self.end.outcome {
            RefreshOutcome::Renewed(tokens) | RefreshOutcome::NotStored(tokens) => tokens,
            other => panic!("{other:?}: {}", self.end.step.sentence),
        }
    }
}

async fn refreshed_with(ledger: Ledger, answer: Answer) -> Refreshed {
    let stage = Stage::at("chaster", move |_| answer.clone()).await;
    let ports = stage.ports(browser(|_| std::future::pending()));
    let end = refresh(plan(&stage), ports, Arc::new(ledger.clone()), stage.cancel.clone()).await.unwrap();
    let record = serde_json::to_string(&end.step).unwrap();
    for canary in [&spent(), &token(), &stage.secret] {
        assert_eq!(canary.traces_in(record.as_bytes()), [] as [&str; 0], "{record}");
    }
    Refreshed { end, ledger, requests: stage.server.requests() }
}

async fn refreshed(answer: Answer) -> Refreshed {
    refreshed_with(Ledger::default(), answer).await
}

#[tokio::test]
async fn a_rotated_pair_is_stored_before_it_is_handed_out() {
    let done = refreshed(new_tokens(&json!({ "refresh_token": "rt-2" }))).await;
    assert_eq!(done.tokens().rotation, Rotation::Rotated);
    assert_eq!(done.ledger.said(), ["begin", "commit rt-2"]);
    assert_eq!(done.tokens().access_expires_at.unwrap().as_second(), NOW + 300);
    let fields = ["grant_type", "refresh_token", "client_id"].map(|name| field(&done.requests[0], name).unwrap());
    assert_eq!(fields, ["refresh_token", spent().as_str(), "7"]);
}

#[tokio::test]
async fn the_same_refresh_token_or_none_is_kept() {
    let same = refreshed(new_tokens(&json!({ "refresh_token": spent().as_str() }))).await;
    assert_eq!(same.tokens().rotation, Rotation::Same);
    let none = refreshed(new_tokens(&json!({}))).await;
    assert_eq!(none.tokens().rotation, Rotation::NotReturned);
    for done in [same, none] {
        assert_eq!(done.ledger.said()[1], format!("commit {}", spent().as_str()));
    }
}

#[tokio::test]
async fn only_invalid_grant_ends_the_grant() {
    let error = |status, code: &str| Answer::json(status, json!({ "error": code }).to_string());
    for (answer, said) in [
        (error(400, "invalid_grant"), "TokenRefused"),
        (error(401, "invalid_client"), "TokenUntouched"),
        (error(400, "invalid_scope"), "TokenUntouched"),
        (error(429, "slow_down"), "TokenUntouched"),
        (error(400, "something_else"), "OutcomeUnknown"),
        (Answer::labelled(500, "text/html", "<h1>oops</h1>"), "OutcomeUnknown"),
        (Answer::json(200, r#"{"access_to"#), "OutcomeUnknown"),
        (Answer::labelled(302, "text/html", "").with("location", "https://elsewhere.example"), "OutcomeUnknown"),
        (Answer::Reset, "OutcomeUnknown"),
        (Answer::Bytes(Vec::new()), "OutcomeUnknown"),
    ] {
        let done = refreshed(answer.clone()).await;
        assert_eq!(done.ledger.said(), ["begin", said], "{answer:?}");
        assert_eq!(done.requests.len(), 1, "a refresh token is sent once, whatever happens");
        assert_eq!(done.codes().len(), 1, "{answer:?}: {:?}", done.codes());
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_leaves_the_refresh_token_untouched() {
    let mut stage = Stage::at("chaster", |_| Answer::Never).await;
    stage.plan.bases.authorization = RawServer::start(|_| Answer::Never).await.origin();
    let (ledger, ports) = (Ledger::default(), stage.ports(browser(|_| std::future::pending())));
    let end = refresh(plan(&stage), ports, Arc::new(ledger.clone()), stage.cancel.clone()).await.unwrap();
    assert!(matches!(end.outcome, RefreshOutcome::Untouched));
    assert_eq!(ledger.said(), ["begin", "TokenUntouched"]);
}

#[tokio::test]
async fn what_the_ledger_refuses_is_not_sent() {
    for refusal in [BeginRefusal::UnderWay, BeginRefusal::Ambiguous, BeginRefusal::NotLive] {
        let ledger = Ledger { refuses: Some(refusal.clone()), ..Ledger::default() };
        let done = refreshed_with(ledger, new_tokens(&json!({}))).await;
        assert!(matches!(&done.end.outcome, RefreshOutcome::NotBegun(found) if *found == refusal));
        assert_eq!((done.ledger.said(), done.requests.len()), (vec!["begin".to_owned()], 0));
    }
}

#[tokio::test]
async fn tokens_that_could_not_be_stored_are_handed_out_as_such() {
    let full = Ledger { is_full: true, ..Ledger::default() };
    let done = refreshed_with(full, new_tokens(&json!({ "refresh_token": "rt-2" }))).await;
    assert!(matches!(&done.end.outcome, RefreshOutcome::NotStored(tokens) if tokens.refresh_token.matches("rt-2")));
    assert!(done.end.step.sentence.contains("in memory only: the disk is full"));
}

#[tokio::test]
async fn a_wider_scope_is_told() {
    let done = refreshed(new_tokens(&json!({ "scope": "openid profile admin" }))).await;
    assert_eq!(done.codes(), ["refresh_scope_wider"]);
    assert_eq!(done.tokens().scopes, ["openid", "profile", "admin"]);
}

#[tokio::test]
async fn two_refreshes_are_at_least_thirty_seconds_apart() {
    let stage = Stage::at("chaster", |_| new_tokens(&json!({ "expires_in": 1 }))).await;
    for (ago, sent) in [(0, false), (29, false), (30, true), (-60, true)] {
        let ledger = Ledger::default();
        let mut plan = plan(&stage);
        plan.refreshed_at = Some(stage.clock.now() - SignedDuration::from_secs(ago));
        let ports = stage.ports(browser(|_| std::future::pending()));
        let end = refresh(plan, ports, Arc::new(ledger.clone()), stage.cancel.clone()).await.unwrap();
        assert_eq!(matches!(end.outcome, RefreshOutcome::TooSoon { .. }), !sent, "{ago} s ago");
        assert_eq!(ledger.said().is_empty(), !sent);
    }
}

#[tokio::test]
async fn a_person_who_goes_away_does_not_stop_what_was_sent() {
    let body = r#"{"access_token":"at-2","token_type":"Bearer","refresh_token":"rt-2"}"#;
    let answer =
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let slowly = Answer::Slowly(answer.into_bytes(), Duration::from_millis(2));
    let stage = Stage::at("chaster", move |_| slowly.clone()).await;
    let ledger = Ledger::default();
    let ports = stage.ports(browser(|_| std::future::pending()));
    let going_on = refresh(plan(&stage), ports, Arc::new(ledger.clone()), stage.cancel.clone());
    tokio::select! {
        _ = going_on => unreachable!("the answer takes longer than that"),
        () = stage.server.until_asked(1) => stage.cancel.cancel(),
    }
    assert_eq!(ledger.said(), ["begin"], "nobody waits any more");
    let storing = tokio::time::timeout(Duration::from_secs(30), async {
        while ledger.said().len() < 2 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    storing.await.expect("nobody finished the refresh");
    assert_eq!(ledger.said(), ["begin", "commit rt-2"]);
}

#[tokio::test]
async fn a_refresh_that_is_stopped_before_it_began_sends_nothing() {
    let stage = Stage::at("chaster", |_| new_tokens(&json!({}))).await;
    stage.cancel.cancel();
    let (ledger, ports) = (Ledger::default(), stage.ports(browser(|_| std::future::pending())));
    let end = refresh(plan(&stage), ports, Arc::new(ledger.clone()), stage.cancel.clone()).await.unwrap();
    assert!(matches!(end.outcome, RefreshOutcome::Untouched));
    assert_eq!((ledger.said().len(), stage.server.requests().len()), (0, 0));
}

/// Refreshes a login at an OpenID provider whose new ID token has these changes.
async fn with_id_token(changes: Value) -> (Stage, Refreshed) {
    let provider = OpenIdProvider::new();
    let stage = provider.stage().await;
    let mut original = provider.good_claims();
    original["auth_time"] = (NOW - 60).into();
    let mut plan = plan(&stage);
    plan.id_token = Some(Secret::new(provider.signed(&original)));
    provider.change(|script| {
        script.claims = changes;
        script.tokens = json!({ "refresh_token": "rt-2" });
    });
    let (ledger, ports) = (Ledger::default(), stage.ports(browser(|_| std::future::pending())));
    let end = Box::pin(refresh(plan, ports, Arc::new(ledger.clone()), stage.cancel.clone())).await.unwrap();
    let requests = stage.server.requests();
    (stage, Refreshed { end, ledger, requests })
}

#[tokio::test]
async fn a_new_id_token_of_the_same_person_is_kept() {
    let (stage, done) = with_id_token(json!({ "auth_time": NOW - 60 })).await;
    assert!(done.tokens().id_token.is_some(), "{:?}", done.codes());
    assert_eq!(done.tokens().summary.issued, ["access_token", "refresh_token", "id_token"]);
    assert_eq!(asked(&stage), ["openid-configuration", "certs", "token"], "keys are fetched before the token is sent");
}

#[tokio::test]
async fn a_new_id_token_of_somebody_else_spoils_the_whole_refresh() {
    for (changes, code) in [
        (json!({ "sub": "eve" }), "refreshed_subject"),
        (json!({ "iss": "https://other.example" }), "claim_issuer"),
        (json!({ "aud": "8" }), "claim_audience"),
        (json!({ "auth_time": NOW }), "refreshed_authentication_time"),
        (json!({ "nonce": "other" }), "refreshed_nonce"),
    ] {
        let (_, done) = with_id_token(changes).await;
        assert!(matches!(done.end.outcome, RefreshOutcome::NotBelieved), "{code}: {:?}", done.end.outcome);
        assert_eq!(done.ledger.said(), ["begin", "OutcomeUnknown"]);
        assert!(done.codes().contains(&code), "{:?} without {code}", done.codes());
    }
}
