//! Everything a tester does with this server, by the engine alone: from its issuer to the logout.

use gatewright_engine::grant::{LogoutOutcome, RefreshOutcome, RevocationOutcome, UserinfoOutcome};
use gatewright_engine::login::TokenKind;
use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::run::StepStatus;
use gatewright_protocol::jose::SigningAlgorithm;
use gatewright_protocol::token::Rotation;

use crate::grant::{Grant, renewed};
use crate::person::Decision;
use crate::stage::{Stage, assert_logged_in};

/// A login whose grant has a refresh token. This server wants `offline_access` and `prompt=consent` for it; the engine adds the latter.
async fn offline(stage: &Stage, client: &str, authentication: ClientAuthentication) -> Grant {
    let mut plan = stage.plan(client, authentication);
    plan.scopes.push("offline_access".to_owned());
    let person = stage.person(Decision::Approve);
    let end = stage.log_in(&plan, person.clone()).await;
    assert_logged_in(&end, "ada");
    Grant::of(stage, &plan, &end, person)
}

/// §1: both well-known addresses hold the document, and nothing about it is odd.
#[tokio::test]
async fn the_issuer_is_all_a_person_has_to_enter() {
    let stage = Stage::oidc_provider().await;
    let found = stage.discovery.result.as_ref().unwrap();
    assert_eq!((stage.discovery.step.status, found.documents.len(), found.conflicts.len()), (StepStatus::Passed, 2, 0));
    assert!(found.hosts.iter().all(|host| !host.is_foreign));
}

/// §1: every way to prove a client that the document lists.
#[tokio::test]
async fn a_login_works_with_every_way_to_prove_a_client() {
    let stage = Stage::oidc_provider().await;
    for (client, authentication) in [
        ("native", ClientAuthentication::None),
        ("basic", ClientAuthentication::Basic),
        ("post", ClientAuthentication::Body),
        ("secret_jwt", ClientAuthentication::ClientSecretJwt),
        ("key_jwt", ClientAuthentication::PrivateKeyJwt),
    ] {
        let end = stage.log_in(&stage.plan(client, authentication), stage.person(Decision::Approve)).await;
        assert_logged_in(&end, "ada");
    }
}

/// Our configuration: ID token and userinfo of these clients are signed by the algorithm they are registered for.
#[tokio::test]
async fn a_login_works_with_every_algorithm_a_client_is_registered_for() {
    let stage = Stage::oidc_provider().await;
    for algorithm in
        [SigningAlgorithm::Ps256, SigningAlgorithm::Es256, SigningAlgorithm::EdDsa, SigningAlgorithm::Hs256]
    {
        let mut plan = stage.plan(&format!("signed_{}", algorithm.name()), ClientAuthentication::Basic);
        plan.settings.id_token_signed_response_alg = Some(algorithm);
        plan.settings.userinfo_signed_response_alg = Some(algorithm);
        plan.settings.hmac_allowed = algorithm == SigningAlgorithm::Hs256;
        assert_logged_in(&stage.log_in(&plan, stage.person(Decision::Approve)).await, "ada");
    }
}

/// §1: refreshed without rotation, asked about, used, revoked with everything of its grant.
#[tokio::test]
async fn the_tokens_of_a_confidential_client_are_refreshed_asked_about_and_revoked() {
    let stage = Stage::oidc_provider().await;
    let grant = offline(&stage, "basic", ClientAuthentication::Basic).await;
    let refresh_token = grant.refresh_token.clone().unwrap();
    let tokens = renewed(grant.refresh(&refresh_token).await);
    assert_eq!(tokens.rotation, Rotation::Same);
    assert!(tokens.id_token.is_some(), "it speaks of the same person, or there would be no new tokens");
    assert_eq!(grant.written(), ["begin", "commit"]);

    assert!(grant.is_active(&tokens.access_token).await);
    match grant.userinfo(&tokens.access_token, "ada").await.outcome {
        UserinfoOutcome::Known(identity) => assert_eq!(identity.subject, "ada"),
        other => panic!("{other:?}"),
    }
    assert_eq!(grant.userinfo(&tokens.access_token, "grace").await.outcome, UserinfoOutcome::Rejected);

    assert_eq!(grant.revoke(&refresh_token, TokenKind::Refresh).await.outcome, RevocationOutcome::Revoked);
    assert!(!grant.is_active(&tokens.access_token).await);
    assert_eq!(grant.userinfo(&tokens.access_token, "ada").await.outcome, UserinfoOutcome::Refused);
    let end = grant.refresh(&refresh_token).await;
    assert!(matches!(end.outcome, RefreshOutcome::Lost), "{:?}", end.outcome);
    assert_eq!(grant.written(), ["begin", "commit", "begin", "abandon"]);
}

/// §1: the refresh token of a public client rotates, and a second use of the old one ends the grant.
#[tokio::test]
async fn a_refresh_token_of_a_public_client_is_lost_when_it_is_used_again() {
    let stage = Stage::oidc_provider().await;
    let grant = offline(&stage, "native", ClientAuthentication::None).await;
    let old = grant.refresh_token.clone().unwrap();
    let tokens = renewed(grant.refresh(&old).await);
    assert_eq!(tokens.rotation, Rotation::Rotated);
    for spent in [&old, &tokens.refresh_token] {
        let end = grant.refresh(spent).await;
        assert!(matches!(end.outcome, RefreshOutcome::Lost), "{:?}", end.outcome);
    }
}

/// §1: the server asks, and comes back with our state.
#[tokio::test]
async fn a_logout_is_confirmed_by_its_state() {
    let stage = Stage::oidc_provider().await;
    let grant = offline(&stage, "basic", ClientAuthentication::Basic).await;
    assert_eq!(grant.log_out().await.outcome, LogoutOutcome::Confirmed);
}
