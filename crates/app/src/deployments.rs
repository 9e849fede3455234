//! The places that use a client's secret, as its owner keeps them.

use gatewright_contract::Failure;
use gatewright_contract::client::{ClientDetail, Deleted};
use gatewright_contract::secret_version::{DeploymentAdd, DeploymentRename, DeploymentVersion};
use gatewright_model::deployment::{DeploymentMistake, VersionInUse, name_and_place};
use gatewright_model::{ClientRecordId, Deployment, DeploymentId};
use gatewright_store::{StoreError, Transaction, client, deployment};
use jiff::SignedDuration;

use crate::{App, failure, undo};

impl App {
    /// Adds a deployment to a client.
    pub(crate) async fn add_deployment(&self, request: DeploymentAdd) -> Result<ClientDetail, Failure> {
        let (name, place) = described(&request.name, &request.place)?;
        let new = Deployment {
            id: DeploymentId::new(self.new_id()?),
            client: ClientRecordId::new(request.client),
            name,
            place,
            uses: None,
            created_at: self.now(),
        };
        self.change_deployment(move |tx| {
            let client = client::find(tx, &new.client)?.id;
            deployment::insert(tx, &new)?;
            Ok(client)
        })
        .await
    }

    /// Calls a deployment something else.
    pub(crate) async fn rename_deployment(&self, request: DeploymentRename) -> Result<ClientDetail, Failure> {
        let (name, place) = described(&request.name, &request.place)?;
        let id = DeploymentId::new(request.deployment);
        self.change_deployment(move |tx| {
            deployment::rename(tx, &id, &name, &place)?;
            Ok(deployment::find(tx, &id)?.client)
        })
        .await
    }

    /// Says which version of the secret a deployment has.
    pub(crate) async fn set_deployed_version(&self, request: DeploymentVersion) -> Result<ClientDetail, Failure> {
        let (id, ticked_at) = (DeploymentId::new(request.deployment), self.now());
        let uses = request.version.map(|version| VersionInUse { version, ticked_at });
        self.change_deployment(move |tx| {
            deployment::tick(tx, &id, uses)?;
            Ok(deployment::find(tx, &id)?.client)
        })
        .await
    }

    /// Hides a deployment at once; after the undo time it is gone.
    pub(crate) async fn remove_deployment(&self, id: &str) -> Result<Deleted, Failure> {
        let (id, now) = (DeploymentId::new(id), self.now());
        let name = self
            .store()?
            .write_durably(move |tx| {
                let name = deployment::find(tx, &id)?.name;
                deployment::remove(tx, &id, now).map(|()| name)
            })
            .await
            .map_err(failure::of_store)?;
        self.secrets_changed();
        let app = self.clone();
        self.0.tasks.spawn(async move {
            app.wait_for_undo().await;
            app.purge_deployments().await;
        });
        Ok(undo::deleted(name, now))
    }

    /// Takes a removal back.
    pub(crate) async fn restore_deployment(&self, id: &str) -> Result<ClientDetail, Failure> {
        let id = DeploymentId::new(id);
        self.change_deployment(move |tx| {
            deployment::restore(tx, &id)?;
            Ok(deployment::find(tx, &id)?.client)
        })
        .await
    }

    /// Forgets removed deployments whose undo time is over.
    pub(crate) async fn purge_deployments(&self) {
        let undo = SignedDuration::try_from(undo::UNDO).unwrap_or_default();
        let (Ok(store), Ok(before)) = (self.store(), self.now().checked_sub(undo)) else { return };
        if let Err(cause) = store.write(move |tx| deployment::purge(tx, before)).await {
            tracing::warn!(%cause, "removed deployments stay until the next start");
        }
    }

    async fn change_deployment(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<ClientRecordId, StoreError> + Send + 'static,
    ) -> Result<ClientDetail, Failure> {
        let client = self.store()?.write_durably(change).await.map_err(failure::of_store)?;
        self.secrets_changed();
        self.client_detail(&client).await
    }
}

fn described(name: &str, place: &str) -> Result<(String, String), Failure> {
    name_and_place(name, place).map_err(|mistake| {
        let field = match mistake {
            DeploymentMistake::NoName | DeploymentMistake::NameTooLong => "name",
            DeploymentMistake::PlaceTooLong => "place",
        };
        failure::invalid(field, failure::sentence(&mistake))
    })
}
