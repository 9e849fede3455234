//! What the two secrets themselves tell where the answer to an earlier try was lost, and the latest one came to nothing. Only what a
//! provider says to both of them leads back; whatever is less clear leaves open what became of it.

use gatewright_contract::{Failure, FailureCode};
use gatewright_model::rotation::{RotatedSecret, RotationChange};
use gatewright_model::secret_version::ProofVerdict;

use super::DriverFailure;
use crate::App;
use crate::rotation::hold::Hold;

impl App {
    /// Whether the provider has changed over by now, although it was not told so in this try. The old secret is asked about first: were it
    /// the other way round, a change-over between the two questions would look as if both were refused.
    pub(super) async fn weigh_activation(&self, hold: &Hold, failed: DriverFailure) -> Result<(), DriverFailure> {
        let said_to_old = self.said_to_old(hold).await;
        match (said_to_old, self.said_to_new(hold).await) {
            (_, Some(ProofVerdict::Accepted)) => Ok(()),
            (Some(ProofVerdict::Accepted), Some(ProofVerdict::Refused)) => {
                let hint = "The staged secret may have been given up there. Roll back, and start again.";
                Err(DriverFailure { failure: failed.failure.hint(hint), change: RotationChange::NothingDone })
            }
            (Some(ProofVerdict::Refused), Some(ProofVerdict::Refused)) => {
                Err(DriverFailure { failure: both_refused(hold), change: RotationChange::BothRefused })
            }
            _ => Err(failed),
        }
    }

    /// Whether the old secret is ended by now, although this try has not ended it.
    pub(super) async fn weigh_end_of_old(&self, hold: &Hold, failed: DriverFailure) -> Result<(), DriverFailure> {
        match self.said_to_old(hold).await {
            Some(ProofVerdict::Refused) => Ok(()),
            Some(ProofVerdict::Accepted) => Err(DriverFailure { change: RotationChange::NothingDone, ..failed }),
            Some(ProofVerdict::CannotTell) | None => Err(failed),
        }
    }

    /// What the provider says to the new secret; none where it could not be asked.
    pub(super) async fn said_to_new(&self, hold: &Hold) -> Option<ProofVerdict> {
        self.said_to(hold, hold.rotation.new.as_ref()?).await
    }

    async fn said_to_old(&self, hold: &Hold) -> Option<ProofVerdict> {
        self.said_to(hold, &hold.rotation.old).await
    }

    async fn said_to(&self, hold: &Hold, secret: &RotatedSecret) -> Option<ProofVerdict> {
        self.probe(&hold.client_of(secret), &hold.provider, secret.version).await.ok()
    }
}

fn both_refused(hold: &Hold) -> Failure {
    let (old, new) = (hold.rotation.old.version, hold.rotation.new.as_ref().map_or(0, |new| new.version));
    Failure::new(FailureCode::Refused, format!("The provider refuses v{old} and v{new}."))
        .hint("Look at the provider whether the client is still there, and which secret it takes.")
}
