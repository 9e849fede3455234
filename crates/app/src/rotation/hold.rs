//! A rotation that one task has for itself while it works on it.

use std::sync::Arc;

use gatewright_contract::rotation::RotationDetail;
use gatewright_contract::{Event, Failure};
use gatewright_model::client::Client;
use gatewright_model::rotation::{RotatedSecret, RotationChange};
use gatewright_model::{AttemptId, Provider, Rotation, RotationId};
use gatewright_store::secret_rotation::{self, SecretRotationRefusal};
use gatewright_store::{StoreError, Transaction, client};
use jiff::SignedDuration;

use crate::{App, failure};

/// How long a task has a rotation for itself at most: longer than a keyring that asks for its password and a provider that answers late.
const LEASE: SignedDuration = SignedDuration::from_secs(180);

/// A rotation that one task has for itself.
pub(super) struct Hold {
    owner: AttemptId,
    pub(super) rotation: Rotation,
    /// The client as its record is now.
    pub(super) client: Client,
    pub(super) provider: Arc<Provider>,
}

impl Hold {
    /// The client under the client ID that one of the two secrets belongs to.
    pub(super) fn client_of(&self, secret: &RotatedSecret) -> Client {
        Client { client_id: secret.client_id.clone(), ..self.client.clone() }
    }

    /// The new secret's version and client ID, which has to be there by now.
    pub(super) fn new_secret(&self) -> Result<RotatedSecret, Failure> {
        self.rotation.new.clone().ok_or_else(failure::changed_meanwhile)
    }
}

impl App {
    /// Takes a rotation for one task alone.
    pub(super) async fn hold(&self, id: &str) -> Result<Hold, Failure> {
        self.refuse_older_database().await?;
        let (id, now) = (RotationId::new(id), self.now());
        let owner = AttemptId::new(self.new_id()?);
        let until = now.saturating_add(LEASE).unwrap_or(now);
        let who = owner.clone();
        let taken = self
            .store()?
            .write(move |tx| {
                let kept = secret_rotation::lease(tx, &id, &who, until, now)?;
                let client = client::find(tx, &kept.rotation.client)?;
                Ok((kept.rotation, client))
            })
            .await;
        let (rotation, client) = taken.map_err(failure::of_store)?;
        let provider = self.0.registry.known().get(client.provider.as_str())?;
        Ok(Hold { owner, rotation, client, provider })
    }

    /// Lets go of a rotation, tells the window, and answers with how it stands.
    pub(super) async fn done(&self, hold: Hold, result: Result<(), Failure>) -> Result<RotationDetail, Failure> {
        self.let_go(&hold).await;
        self.tell(Event::RotationsChanged);
        result?;
        self.rotation_detail(hold.rotation.id.as_str()).await
    }

    pub(super) async fn let_go(&self, hold: &Hold) {
        let (id, owner) = (hold.rotation.id.clone(), hold.owner.clone());
        let Ok(store) = self.store() else { return };
        if let Err(cause) = store.write(move |tx| secret_rotation::release(tx, &id, &owner)).await {
            tracing::warn!(%cause, "a rotation is held until its lease runs out");
        }
    }

    /// Writes what has happened, and with it, in the same transaction, whatever else has to be true from then on.
    pub(super) async fn write<F>(&self, hold: &mut Hold, change: RotationChange, also: F) -> Result<(), Failure>
    where
        F: FnOnce(&Transaction<'_>, &Rotation) -> Result<(), StoreError> + Send + 'static,
    {
        self.try_write(hold, change, also).await.map_err(failure::of_store)
    }

    /// As [`App::write`], with the error as it came.
    pub(super) async fn try_write<F>(&self, hold: &mut Hold, change: RotationChange, also: F) -> Result<(), StoreError>
    where
        F: FnOnce(&Transaction<'_>, &Rotation) -> Result<(), StoreError> + Send + 'static,
    {
        let (id, now) = (hold.rotation.id.clone(), self.now());
        let Ok(store) = self.store() else { return Err(StoreError::NoSuchRotation(id)) };
        let after = store
            .write_durably(move |tx| {
                // Read anew: the end of a login is written by whoever sees it, hold or not.
                let kept = secret_rotation::find(tx, &id)?;
                let after = kept.rotation.after(change, now).map_err(SecretRotationRefusal::from)?;
                secret_rotation::put(tx, &after, kept.revision)?;
                also(tx, &after)?;
                Ok(after)
            })
            .await?;
        hold.rotation = after;
        Ok(())
    }
}

/// Nothing else has to be written.
#[expect(clippy::unnecessary_wraps, reason = "made for `App::write`")]
pub(super) fn nothing_else(_: &Transaction<'_>, _: &Rotation) -> Result<(), StoreError> {
    Ok(())
}
