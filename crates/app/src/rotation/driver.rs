//! What has to be done at the provider, by whoever does it there: a new secret, a change-over, the end of the old one.
//!
//! Each may be asked for again after its answer was lost, and then cleans up what the lost one may have left.

mod issuer;
mod lost;
mod second_client;

use gatewright_contract::Failure;
use gatewright_model::rotation::{Driver, RotationChange, Strategy};
use gatewright_model::{Client, Environment, Provider};
use gatewright_protocol::Secret;

use super::hold::Hold;
use super::keep::NewSecret;
use crate::{App, failure};

/// Why something was not done at the provider.
pub(super) struct DriverFailure {
    pub(super) failure: Failure,
    /// What has become of what was begun, as the rotation is told.
    pub(super) change: RotationChange,
}

impl DriverFailure {
    /// It was not done: the provider said no, or was not reached.
    pub(super) fn not_done(failure: Failure) -> Self {
        Self { failure, change: RotationChange::NotDone }
    }

    /// It was asked for, and the answer did not come or cannot be read.
    pub(super) fn unknown(failure: Failure) -> Self {
        Self { failure, change: RotationChange::CutOff }
    }
}

/// Who can do it at the provider of a client, the one that asks least of a person first. `is_managed` says that the provider's API looks
/// after the client (RFC 7592): some issue a new secret with an update, and then the old one dies as they like.
pub(super) fn drivers_for(client: &Client, provider: &Provider, strategy: Strategy, is_managed: bool) -> Vec<Driver> {
    let is_sandbox = client.environment == Environment::Sandbox;
    let mut all = Vec::new();
    if is_sandbox && issuer::sandbox_can(provider, strategy) {
        all.push(Driver::Sandbox);
    }
    if issuer::keycloak_can(provider, strategy) {
        all.push(Driver::Keycloak);
    }
    if is_managed && strategy == Strategy::CutOver {
        all.push(Driver::Registration);
    }
    all.push(Driver::ByHand);
    all
}

impl App {
    /// Asks the provider for a new secret; `is_again` when the answer to an earlier question may have been lost.
    pub(super) async fn ask_for_new(
        &self,
        hold: &Hold,
        access_token: Option<Secret>,
        is_again: bool,
    ) -> Result<NewSecret, DriverFailure> {
        match (hold.rotation.driver, hold.rotation.strategy) {
            (Driver::ByHand, _) => Err(DriverFailure::not_done(by_hand())),
            (Driver::Sandbox, Strategy::ReplaceClient) => self.make_second_client(hold, is_again).await,
            _ => self.issue(hold, access_token, is_again).await,
        }
    }

    /// Makes the provider take the new secret instead of the old one, where that is a step of its own. By hand a person has done it by then.
    pub(super) async fn change_over_there(&self, hold: &Hold) -> Result<(), DriverFailure> {
        match (hold.rotation.driver, hold.rotation.strategy) {
            (Driver::Sandbox, Strategy::Staged) => self.activate(hold).await,
            _ => Ok(()),
        }
    }

    /// Ends the old secret at the provider. One that is gone already is no failure.
    pub(super) async fn end_old_there(&self, hold: &Hold, access_token: Option<Secret>) -> Result<(), DriverFailure> {
        match self.ask_to_end_old(hold, access_token).await {
            Err(failed) if failed.change == RotationChange::NotDone && hold.rotation.is_begun_again() => {
                self.weigh_end_of_old(hold, failed).await
            }
            ended => ended,
        }
    }

    async fn ask_to_end_old(&self, hold: &Hold, access_token: Option<Secret>) -> Result<(), DriverFailure> {
        match (hold.rotation.driver, hold.rotation.strategy) {
            // Where a policy lets it work on for a while, that while is over now.
            (Driver::Keycloak, _) => self.end_older(hold, access_token).await,
            (Driver::ByHand, _) | (_, Strategy::CutOver | Strategy::Staged) => Ok(()),
            (Driver::Sandbox, Strategy::ReplaceClient) => {
                self.delete_at_sandbox(hold, &hold.rotation.old.client_id).await
            }
            _ => self.end_older(hold, access_token).await,
        }
    }

    /// Takes the new secret back at the provider, for a rotation that is rolled back. Says what stays there, if anything does.
    pub(super) async fn drop_new_there(&self, hold: &Hold) -> Result<(), Failure> {
        match (hold.rotation.driver, hold.rotation.strategy, &hold.rotation.new) {
            (Driver::Sandbox, Strategy::ReplaceClient, Some(new)) => {
                self.delete_at_sandbox(hold, &new.client_id).await.map_err(|failed| failed.failure)
            }
            (Driver::Sandbox, Strategy::Overlap | Strategy::Staged, Some(_)) => {
                self.end_newest(hold).await.map_err(|failed| failed.failure)
            }
            _ => Err(Failure::new(
                gatewright_contract::FailureCode::Refused,
                "The new secret still works at the provider.",
            )
            .hint("End it there.")),
        }
    }
}

/// Here a person does it.
pub(super) fn by_hand() -> Failure {
    failure::invalid("rotation", "Here a person gets the new secret, on the provider's page.")
        .hint("Paste it when you have it.")
}
