//! Everything a tester does with this server, by the engine alone: from its issuer to the logout.

use gatewright_engine::grant::{
    IntrospectionOutcome, LogoutOutcome, RefreshOutcome, RevocationOutcome, UserinfoOutcome,
};
use gatewright_engine::login::{ClientSecret, TokenKind};
use gatewright_engine::ports::VisitError;
use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::provider::Endpoint;
use gatewright_model::run::StepStatus;
use gatewright_protocol::Secret;
use gatewright_protocol::token::Rotation;

use crate::grant::{Grant, renewed};
use crate::person::Decision;
use crate::stage::{Stage, assert_logged_in};

async fn grant(stage: &Stage) -> Grant {
    let plan = stage.plan("confidential", ClientAuthentication::Basic);
    let person = stage.person(Decision::Approve);
    let end = stage.log_in(&plan, person.clone()).await;
    assert_logged_in(&end, "1");
    Grant::of(stage, &plan, &end, person)
}

/// §2: discovery is split over two documents that disagree about response types: both are read, merged, and the conflict is told.
#[tokio::test]
async fn the_issuer_is_all_a_person_has_to_enter_although_discovery_is_split() {
    let stage = Stage::django_toolkit().await;
    let found = stage.discovery.result.as_ref().unwrap();
    let codes: Vec<_> = stage.discovery.step.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!((stage.discovery.step.status, codes), (StepStatus::Warned, vec!["metadata_conflict"]));
    assert_eq!((found.documents.len(), found.conflicts.len()), (2, 1));
    let endpoints = &stage.provider.endpoints;
    let both = [&endpoints.identity, &endpoints.end_session, &endpoints.introspection, &endpoints.revocation];
    assert!(both.iter().all(|endpoint| endpoint.is_some()), "{}", Endpoint::Introspection.name());
}

/// §2: a refresh rotates; introspection and userinfo tell about the new token; a revoked one is dead.
#[tokio::test]
async fn the_tokens_are_refreshed_asked_about_and_revoked() {
    let stage = Stage::django_toolkit().await;
    let grant = grant(&stage).await;
    let tokens = renewed(grant.refresh(grant.refresh_token.as_ref().unwrap()).await);
    assert_eq!(tokens.rotation, Rotation::Rotated);
    assert_eq!(grant.written(), ["begin", "commit"]);

    assert!(grant.is_active(&tokens.access_token).await && !grant.is_active(&grant.access_token).await);
    match grant.userinfo(&tokens.access_token, "1").await.outcome {
        UserinfoOutcome::Known(identity) => assert_eq!(identity.subject, "1"),
        other => panic!("{other:?}"),
    }
    assert_eq!(grant.revoke(&tokens.access_token, TokenKind::Access).await.outcome, RevocationOutcome::Revoked);
    assert!(!grant.is_active(&tokens.access_token).await);
    // 401 with JSON that is labelled text/html.
    assert_eq!(grant.userinfo(&tokens.access_token, "1").await.outcome, UserinfoOutcome::Refused);
}

/// §2: a refresh token that is used again ends its whole family.
#[tokio::test]
async fn a_refresh_token_is_lost_with_its_family_when_it_is_used_again() {
    let stage = Stage::django_toolkit().await;
    let grant = grant(&stage).await;
    let old = grant.refresh_token.clone().unwrap();
    let tokens = renewed(grant.refresh(&old).await);
    for spent in [&old, &tokens.refresh_token] {
        let end = grant.refresh(spent).await;
        assert!(matches!(end.outcome, RefreshOutcome::Lost), "{:?}", end.outcome);
    }
    assert!(!grant.is_active(&tokens.access_token).await);
    assert_eq!(grant.written(), ["begin", "commit", "begin", "abandon", "begin", "abandon"]);
}

/// §2: without the right secret introspection is 403 with an empty page, revocation 401: both say no and nothing else.
#[tokio::test]
async fn a_stranger_is_told_nothing_and_revokes_nothing() {
    let stage = Stage::django_toolkit().await;
    let grant = grant(&stage).await;
    let mut plan = stage.plan("confidential", ClientAuthentication::Basic);
    plan.client_secret = Some(ClientSecret { value: Secret::new("not-the-secret-of-this-client"), version: 2 });
    let stranger = grant.in_the_hands_of(&plan);
    assert_eq!(stranger.introspect(&grant.access_token).await.outcome, IntrospectionOutcome::Refused);
    let revoked = stranger.revoke(&grant.access_token, TokenKind::Access).await;
    assert_eq!(revoked.outcome, RevocationOutcome::Refused);
    assert!(grant.is_active(&grant.access_token).await);
}

/// §2: the server asks, and comes back with our state; who says no stays on its page.
#[tokio::test]
async fn a_logout_is_confirmed_by_its_state_and_otherwise_never_returns() {
    let stage = Stage::django_toolkit().await;
    let grant = grant(&stage).await;
    grant.person.decide(Decision::Decline);
    assert_eq!(grant.log_out().await.outcome, LogoutOutcome::NotReached(VisitError::WindowClosed));
    grant.person.decide(Decision::Approve);
    assert_eq!(grant.log_out().await.outcome, LogoutOutcome::Confirmed);
}
