//! The issuer's metadata: read before anything is sent that is worth stealing.

use std::time::Duration;

use gatewright_model::Outcome;
use gatewright_model::run::{EndReason, StepKind};
use serde_json::json;

use crate::issuer::*;
use crate::stage::*;

/// The login ended at its metadata; nobody was sent anywhere and no other request left.
#[track_caller]
fn stopped_at_once(stage: &Stage, walked: &Walked, codes: &[&str]) {
    assert_eq!(walked.ending().reason, EndReason::MetadataRejected, "{}", walked.ending().sentence);
    assert_eq!(walked.findings(), codes);
    assert_eq!(walked.end.steps.len(), 1);
    assert!(stage.server.requests().iter().all(|request| request.method == "GET"), "no secret left");
}

#[tokio::test]
async fn metadata_of_another_issuer_end_the_login_before_the_browser_opens() {
    for issuer in ["https://other.example", "http://127.0.0.1/chaster/auth/realms/app/"] {
        let (stage, walked) =
            OpenIdProvider::with(|script| script.metadata = json!({ "issuer": issuer })).log_in().await;
        stopped_at_once(&stage, &walked, &["metadata_issuer_mismatch"]);
    }
}

#[tokio::test]
async fn an_endpoint_that_gets_a_secret_may_not_move() {
    let provider = OpenIdProvider::new();
    let stage = provider.stage().await;
    let stolen = format!("{}/elsewhere", provider.issuer());
    for member in ["token_endpoint", "userinfo_endpoint"] {
        provider.change(|script| script.metadata = json!({ member: stolen }));
        let walked = stage.walk(provider.person()).await;
        stopped_at_once(&stage, &walked, &["endpoint_changed"]);
        let finding = &walked.end.steps[0].findings[0];
        assert_eq!((&*finding.field, finding.received.to_plain()), (member, stolen.clone()));
    }
}

#[tokio::test]
async fn the_authorization_endpoint_of_the_profile_counts_on() {
    let provider = OpenIdProvider::new();
    let stage = provider.stage().await;
    let elsewhere = format!("{}/elsewhere", provider.issuer());
    provider.change(|script| script.metadata = json!({ "authorization_endpoint": elsewhere }));
    let walked = stage.walk(provider.person()).await;
    assert_eq!(walked.findings(), ["endpoint_changed"]);
    assert_eq!(walked.subject(), "5f0c");
    assert!(walked.step(StepKind::AuthorizationRequest).exchanges[0].request.url.ends_with("/openid-connect/auth"));
}

#[tokio::test]
async fn addresses_that_may_not_be_used_end_the_login() {
    for (member, address) in [
        ("token_endpoint", "http://id.example/token"),
        ("jwks_uri", "file:///etc/passwd"),
        ("userinfo_endpoint", "https://user:pass@id.example/userinfo"),
        ("jwks_uri", "https://id.example:0/keys"),
    ] {
        let (stage, walked) =
            OpenIdProvider::with(|script| script.metadata = json!({ member: address })).log_in().await;
        stopped_at_once(&stage, &walked, &["metadata_endpoint"]);
    }
}

#[tokio::test]
async fn keys_may_not_move_to_another_host() {
    let (stage, walked) =
        OpenIdProvider::with(|script| script.metadata = json!({ "jwks_uri": "https://keys.example/keys" }))
            .log_in()
            .await;
    stopped_at_once(&stage, &walked, &["endpoint_changed"]);
}

#[tokio::test]
async fn an_issuer_without_metadata_is_taken_at_its_profiles_word() {
    let provider = OpenIdProvider::with(|script| script.metadata_status = 404);
    let (_, walked) = provider.log_in().await;
    assert_eq!(walked.findings(), ["metadata_absent"]);
    assert_eq!(walked.subject(), "5f0c");
    let mut stage = provider.stage().await;
    stage.plan.provider.endpoints.jwks = None;
    let walked = stage.walk(provider.person()).await;
    stopped_at_once(&stage, &walked, &["metadata_absent"]);
}

#[tokio::test]
async fn metadata_that_fail_or_redirect_end_the_login() {
    for (status, code) in [(500, "metadata_unusable"), (302, "metadata_unusable")] {
        let (stage, walked) = OpenIdProvider::with(|script| script.metadata_status = status).log_in().await;
        stopped_at_once(&stage, &walked, &[code]);
    }
}

#[tokio::test]
async fn metadata_are_remembered_for_five_minutes_or_as_long_as_the_server_says() {
    let provider = OpenIdProvider::with(|script| script.cache = "public");
    let stage = provider.stage().await;
    let discoveries = |stage: &Stage| asked(stage).iter().filter(|path| *path == "openid-configuration").count();
    for (passed, expected) in [(0, 1), (299, 1), (1, 2)] {
        stage.clock.advance(Duration::from_secs(passed));
        provider.change(|script| {
            let now = stage.clock.now().as_second();
            script.claims = json!({ "iat": now, "exp": now + 300 });
        });
        let walked = stage.walk(provider.person()).await;
        assert_eq!(walked.end.outcome, Outcome::LoggedIn { findings: 0 }, "{:?}", walked.findings());
        assert_eq!(discoveries(&stage), expected, "after {passed} s");
    }
}

#[tokio::test]
async fn an_issuer_that_promises_to_name_itself_in_callbacks_has_to() {
    let provider = OpenIdProvider::new();
    let stage = provider.stage().await;
    let walked = stage.walk(comes_back_with("?code=splendid&state={state}")).await;
    assert_eq!(walked.ending().reason, EndReason::CallbackRejected);
    assert_eq!(walked.findings(), ["issuer_missing"]);
    assert_eq!(asked(&stage), ["openid-configuration"], "the code was sent nowhere");
}
