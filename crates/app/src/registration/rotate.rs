//! New secrets from a provider that changes the secret with an update (RFC 7592 §2.2).

use gatewright_contract::Failure;
use gatewright_engine::registration::NotStored;
use gatewright_engine::secret_issuer::SecretIssuer;
use gatewright_model::{Client, ClientRecordId};
use gatewright_protocol::registration::{ClientMetadata, IssuedCredentials};
use gatewright_store::registration;

use super::keep::Ward;
use super::not_managed;
use crate::{App, failure};

impl App {
    /// Whether a client is looked after by its provider's API, as far as is known.
    pub(crate) async fn is_managed(&self, client: &ClientRecordId) -> Result<bool, Failure> {
        let id = client.clone();
        let found = self.store()?.read(move |db| registration::find(db, &id)).await.map_err(failure::of_store)?;
        Ok(found.is_some_and(|row| row.gone_at.is_none()))
    }

    /// How the provider is asked for a new secret: by an update that says what it has already.
    pub(crate) async fn registration_issuer(&self, client: &Client) -> Result<SecretIssuer, Failure> {
        let (.., managed) = self.managed(client.id.as_str()).await?;
        let managed = managed.ok_or_else(not_managed)?;
        let plan = self.management_plan(&managed).await?;
        let metadata = ClientMetadata::parse(&managed.row.metadata).unwrap_or_default();
        Ok(SecretIssuer::RegistrationUpdate { plan, metadata })
    }

    /// Puts away a registration access token that came with a new secret, whose own way is the rotation's.
    pub(crate) async fn keep_registration_token(
        &self,
        client: &Client,
        issued: IssuedCredentials,
    ) -> Result<(), NotStored> {
        if issued.is_empty() {
            return Ok(());
        }
        let kept = async {
            let (client, provider, managed) = self.managed(client.id.as_str()).await?;
            let managed = managed.ok_or_else(not_managed)?;
            let token = managed
                .token
                .as_ref()
                .map(|token| self.open_registration_token(&client.id, &managed.row.address, token));
            let token = token.transpose()?;
            let address = managed.row.address;
            let ward = Ward { client, provider, is_new: None, address, token, agreed_place: None };
            self.keep_issued(ward, issued).await
        };
        Box::pin(kept).await.map_err(|failure: Failure| NotStored(failure.message))
    }
}
