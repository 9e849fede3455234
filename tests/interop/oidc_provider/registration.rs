//! Registering and managing clients.

use gatewright_engine::probe::{ProbeOutcome, ProbePace};
use gatewright_engine::registration::{DeletionOutcome, RegistrationOutcome};
use gatewright_protocol::registration::SecretExpiry;

use crate::management::{Owned, is_refused};
use crate::stage::Stage;

/// §1: `POST /reg` answers 201 with everything that RFC 7591 wants; reading repeats it.
#[tokio::test]
async fn a_client_is_registered_and_read_back() {
    let stage = Stage::oidc_provider().await;
    let (owned, registered, findings) = Owned::register(&stage, "Shop").await;
    assert_eq!((findings, registered.oddities.as_slice()), (vec![], [].as_slice()));
    assert_eq!(registered.issued.client_secret_expires_at, SecretExpiry::Never);
    let read = owned.read().await;
    assert_eq!(read.metadata.client_name(), Some("Shop"));
    assert!(read.issued.client_secret.unwrap().matches(owned.known().client_secret.unwrap().expose()));
}

/// §1: `PUT` replaces the registration access token, and the one before is dead at once. The client secret stays.
#[tokio::test]
async fn an_update_replaces_the_token_and_the_old_one_is_refused() {
    let stage = Stage::oidc_provider().await;
    let (owned, registered, _) = Owned::register(&stage, "Shop").await;
    let before = owned.plan_of_today();
    let RegistrationOutcome::Registered(updated) = owned.rename(None, "New shop").await else { panic!() };
    assert_eq!(updated.metadata.client_name(), Some("New shop"));
    let token = owned.known().registration_access_token.unwrap();
    assert!(!registered.issued.registration_access_token.unwrap().matches(token.expose()));
    assert!(is_refused(&owned.rename(Some(before), "Too late").await));
    assert_eq!(owned.read().await.metadata.client_name(), Some("New shop"));
    assert!(matches!(owned.rename(None, "And again").await, RegistrationOutcome::Registered(_)));
}

/// §1: `DELETE` answers 204, and afterwards nobody knows the client.
#[tokio::test]
async fn a_client_that_was_deleted_is_gone() {
    let stage = Stage::oidc_provider().await;
    let (owned, ..) = Owned::register(&stage, "Shop").await;
    assert_eq!(owned.delete().await, DeletionOutcome::Deleted);
    assert_eq!(owned.delete().await, DeletionOutcome::NotKnown);
}

/// §1: a wrong secret is `invalid_client`, a made-up code `invalid_grant`.
#[tokio::test]
async fn a_secret_is_proved_without_a_login() {
    let stage = Stage::oidc_provider().await;
    let (owned, ..) = Owned::register(&stage, "Shop").await;
    let pace = ProbePace::default();
    let calibration = owned.calibrate(&pace).await;
    assert_eq!(owned.prove(None, Some(&calibration), &pace).await, ProbeOutcome::Accepted);
    assert_eq!(owned.prove(Some("a wrong secret"), Some(&calibration), &pace).await, ProbeOutcome::Refused);
    owned.delete().await;
    assert_eq!(owned.prove(None, Some(&calibration), &pace).await, ProbeOutcome::Refused, "the client is gone");
}
