//! Who uses the secret, ticked off one by one.

use gatewright_contract::Failure;
use gatewright_contract::rotation::{DeploymentTick, RotationDetail};
use gatewright_model::deployment::VersionInUse;
use gatewright_model::rotation::{RotationChange, RotationStep};
use gatewright_model::{Deployment, DeploymentId, Rotation, RotationId};
use gatewright_store::secret_rotation::SecretRotationRefusal;
use gatewright_store::{StoreError, Transaction, deployment, secret_rotation};
use jiff::Timestamp;

use super::hold::Hold;
use crate::{App, failure};

impl App {
    /// Says whether a deployment uses the new secret. When the last one does, the rotation goes on.
    pub(crate) async fn tick_deployment(&self, request: DeploymentTick) -> Result<RotationDetail, Failure> {
        let mut hold = self.hold(&request.rotation).await?;
        let result = self.tick(&mut hold, &request).await;
        self.done(hold, result).await
    }

    async fn tick(&self, hold: &mut Hold, request: &DeploymentTick) -> Result<(), Failure> {
        let new = hold.new_secret()?;
        let version = if request.moved { new.version } else { hold.rotation.old.version };
        let (id, client, now) = (DeploymentId::new(&request.deployment), hold.client.id.clone(), self.now());
        self.store()?
            .write_durably(move |tx| {
                let found = deployment::find(tx, &id)?;
                if found.client != client {
                    return Err(StoreError::NoSuchDeployment(id));
                }
                deployment::tick(tx, &id, Some(VersionInUse { version, ticked_at: now }))
            })
            .await
            .map_err(failure::of_store)?;
        self.settle_deployments(hold).await
    }

    /// Goes on when every deployment uses the new secret.
    pub(super) async fn settle_deployments(&self, hold: &mut Hold) -> Result<(), Failure> {
        let (id, now) = (hold.rotation.id.clone(), self.now());
        let settled = self.store()?.write_durably(move |tx| settle(tx, &id, now)).await.map_err(failure::of_store)?;
        hold.rotation = settled;
        Ok(())
    }
}

/// Goes on when every deployment uses the new secret; as long as there is none, a person has to say that nobody uses it.
pub(super) fn settle(tx: &Transaction<'_>, id: &RotationId, now: Timestamp) -> Result<Rotation, StoreError> {
    let kept = secret_rotation::find(tx, id)?;
    let all = deployment::list(tx, &kept.rotation.client)?;
    let is_due = kept.rotation.step() == Some(RotationStep::MoveDeployments);
    if !is_due || all.is_empty() || !all.iter().all(|one| has_moved(one, &kept.rotation)) {
        return Ok(kept.rotation);
    }
    let change = kept.rotation.after(RotationChange::DeploymentsMoved, now);
    let after = change.map_err(SecretRotationRefusal::from)?;
    secret_rotation::put(tx, &after, kept.revision)?;
    Ok(after)
}

/// Whether a deployment uses the new secret, as its owner says.
pub(super) fn has_moved(deployment: &Deployment, rotation: &Rotation) -> bool {
    let new = rotation.new.as_ref().map(|new| new.version);
    new.is_some() && deployment.uses.map(|uses| uses.version) == new
}
