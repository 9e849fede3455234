//! Registering and managing clients.

use gatewright_engine::probe::{ProbeOutcome, ProbePace};
use gatewright_engine::registration::{DeletionOutcome, RegistrationOutcome};

use crate::management::{Owned, is_refused};
use crate::stage::Stage;

/// §2: 201 without `client_secret_expires_at`. The endpoint stands in the RFC 8414 document alone.
#[tokio::test]
async fn a_client_is_registered_and_nobody_says_when_its_secret_ends() {
    let stage = Stage::django_toolkit().await;
    let (owned, registered, findings) = Owned::register(&stage, "Shop").await;
    assert!(findings.contains(&"registration_expiry_missing".to_owned()), "{findings:?}");
    assert_eq!(registered.client_id_issued_at, None);
    assert!(owned.known().client_secret.is_some());
}

/// §2: `GET` and `PUT` never tell the secret again; `PUT` replaces the registration access token. What was told once stays known.
#[tokio::test]
async fn a_secret_that_is_never_repeated_stays_known() {
    let stage = Stage::django_toolkit().await;
    let (owned, registered, _) = Owned::register(&stage, "Shop").await;
    let secret = registered.issued.client_secret.unwrap();
    assert!(owned.read().await.issued.client_secret.is_none());
    let before = owned.plan_of_today();
    let RegistrationOutcome::Registered(updated) = owned.rename(None, "New shop").await else { panic!() };
    assert!(updated.issued.client_secret.is_none());
    assert!(owned.known().client_secret.unwrap().matches(secret.expose()));
    assert!(is_refused(&owned.rename(Some(before), "Too late").await));
    assert_eq!(owned.read().await.metadata.client_name(), Some("New shop"));
    assert_eq!(owned.delete().await, DeletionOutcome::Deleted);
    assert_eq!(owned.delete().await, DeletionOutcome::NotKnown);
}

/// §2: secrets are kept as digests, and proved all the same.
#[tokio::test]
async fn a_secret_is_proved_without_a_login() {
    let stage = Stage::django_toolkit().await;
    let (owned, ..) = Owned::register(&stage, "Shop").await;
    let pace = ProbePace::default();
    let calibration = owned.calibrate(&pace).await;
    assert_eq!(owned.prove(None, Some(&calibration), &pace).await, ProbeOutcome::Accepted);
    assert_eq!(owned.prove(Some("a wrong secret"), Some(&calibration), &pace).await, ProbeOutcome::Refused);
}

/// The first proof makes its own calibration.
#[tokio::test]
async fn a_first_proof_needs_no_secret_that_is_known_to_be_good() {
    let stage = Stage::django_toolkit().await;
    let (owned, ..) = Owned::register(&stage, "Shop").await;
    assert_eq!(owned.prove(None, None, &ProbePace::default()).await, ProbeOutcome::Accepted);
}
