//! A client's secret between keyring and database: where it may go, keeping it, using it, showing it.

mod binding;
mod due;
mod health;
mod moving;
mod retention;

use std::sync::Arc;

use gatewright_contract::client::ClientDetail;
use gatewright_contract::secret::{Copied, Revealed, SecretPaste, SecretRef};
use gatewright_contract::{Event, Failure, FailureCode};
use gatewright_model::client::SecretDestination;
use gatewright_model::provider::Endpoint;
use gatewright_model::secret_version::SecretVersionChange;
use gatewright_model::{Client, Environment, Provider, SecretVersion};
use gatewright_protocol::Secret;
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::intent::{self, IntentKind};
use gatewright_store::{Transaction, secret_version};
use gatewright_vault::{ClientSecret, EntryName, VaultError};

use crate::failpoint::reached;
use crate::{App, failure};

/// How long a revealed secret stands on screen.
const SHOWN_FOR: std::time::Duration = std::time::Duration::from_secs(20);
/// How long a copied secret stays on the clipboard.
const COPIED_FOR: std::time::Duration = std::time::Duration::from_secs(30);

/// A secret that is in the keyring and not yet in the database.
pub(crate) struct Kept {
    version: SecretVersion,
    intent: i64,
}

impl Kept {
    /// Writes the row that says so, as the version logins use, and takes the intent away: part of the transaction that writes the client.
    pub(crate) fn record(&self, tx: &Transaction<'_>) -> Result<(), gatewright_store::StoreError> {
        let SecretVersion { client, version, created_at, .. } = &self.version;
        secret_version::insert(tx, &self.version)?;
        secret_version::promote(tx, client, *version, SecretVersionChange::Retire, *created_at)?;
        intent::settle(tx, self.intent)
    }
}

impl App {
    /// Where a client's secret and its tokens may be sent. A twin's port changes at every start, so a sandbox client is bound to the twin's paths.
    pub(crate) fn destination(&self, client: &Client, provider: &Provider) -> SecretDestination {
        let written = |endpoint| provider.endpoints.get(endpoint).map(|statement| statement.value.clone());
        let bases = self.0.registry.known().with_base_url(provider).bases(Environment::Production, None);
        let is_sandbox = client.environment == Environment::Sandbox;
        let endpoint = |endpoint: Endpoint| {
            let written = written(endpoint)?;
            if is_sandbox { Some(written) } else { Some(bases.address(endpoint, &written).unwrap_or(written)) }
        };
        SecretDestination {
            issuer: if is_sandbox { format!("sandbox:{}", provider.id) } else { bases.issuer().to_owned() },
            token_endpoint: endpoint(Endpoint::Token).unwrap_or_default(),
            revocation_endpoint: endpoint(Endpoint::Revocation),
            introspection_endpoint: endpoint(Endpoint::Introspection),
            identity_endpoint: endpoint(Endpoint::Identity),
            client_id: client.client_id.to_string(),
            authentication: format!("{:?}", client.authentication(provider)).to_lowercase(),
        }
    }

    /// Puts a secret into the keyring as the client's next version: intent row, keyring (written and read back), and then the caller's
    /// transaction with [`Kept::record`]. A crash in between leaves the intent, by which the next start clears the entry away.
    pub(crate) async fn keep_secret(
        &self,
        client: &Client,
        provider: &Provider,
        value: Secret,
    ) -> Result<Kept, Failure> {
        self.keyring_settled().await;
        let (id, now) = (client.id.clone(), self.now());
        let (number, intent) = self
            .store()?
            .write_durably(move |tx| {
                let number = secret_version::next_number(tx, &id)?;
                Ok((number, intent::declare(tx, IntentKind::KeepSecret, &id, number, now)?))
            })
            .await
            .map_err(failure::of_store)?;
        reached("keep: intended");
        let last_four = value.last_four();
        let stored = self
            .0
            .vault
            .store(ClientSecret {
                client: client.id.clone(),
                version: number,
                client_name: client.name.clone(),
                provider_name: provider.name.clone(),
                value: value.clone(),
                destination: self.destination(client, provider),
            })
            .await;
        let place = match stored {
            Ok(place) => place,
            Err(cause) => {
                self.forget_intent(intent).await;
                return Err(failure::of_vault(cause));
            }
        };
        reached("keep: in the keyring");
        let fingerprint = self.0.vault.fingerprint(&value).map_err(failure::of_vault)?;
        let version = SecretVersion {
            last_four,
            destination: Some(self.destination(client, provider)),
            ..SecretVersion::staged(client.id.clone(), number, place, fingerprint, now)
        };
        Ok(Kept { version, intent })
    }

    /// Gives up on a secret whose client was not recorded after all.
    pub(crate) async fn drop_kept(&self, kept: &Kept) {
        let entry = EntryName::client_secret(&kept.version.client, kept.version.version);
        if let Err(cause) = self.0.vault.delete(&entry).await {
            tracing::warn!(%cause, "a secret that is not needed stays in the keyring until the next start");
            return;
        }
        self.forget_intent(kept.intent).await;
    }

    pub(crate) async fn forget_intent(&self, intent: i64) {
        let Ok(store) = self.store() else { return };
        if let Err(cause) = store.write(move |tx| intent::settle(tx, intent)).await {
            tracing::warn!(%cause, "an intent stays until the next start");
        }
    }

    /// A version of a client's secret, to be sent to its own destination only. A value that is not the one its row was made for is
    /// refused like a destination that is not its own: rows were swapped, or entries of the keyring.
    pub(crate) async fn secret_of(
        &self,
        client: &Client,
        provider: &Provider,
        version: u32,
    ) -> Result<Secret, Failure> {
        let row = self.version_row(client, version).await?;
        self.value_of(client, provider, &row).await
    }

    /// What the database knows of a version of a client's secret.
    pub(crate) async fn version_row(&self, client: &Client, version: u32) -> Result<SecretVersion, Failure> {
        let id = client.id.clone();
        self.store()?.read(move |db| secret_version::find(db, &id, version)).await.map_err(failure::of_store)
    }

    /// The value of a version whose row was just read.
    pub(crate) async fn value_of(
        &self,
        client: &Client,
        provider: &Provider,
        row: &SecretVersion,
    ) -> Result<Secret, Failure> {
        self.keyring_settled().await;
        let entry = EntryName::client_secret(&client.id, row.version);
        let loaded = self.0.vault.load(&entry, &self.destination(client, provider)).await;
        let secret = loaded.map_err(failure::of_vault)?;
        if self.is_value_of(row, &secret) { Ok(secret) } else { Err(failure::of_vault(VaultError::ChangedOutside)) }
    }

    /// Shows the active secret: confirmed, recorded, for twenty seconds.
    pub(crate) async fn reveal(&self, request: SecretRef) -> Result<Revealed, Failure> {
        let secret = self.asked_secret(&request, Action::SecretRevealed).await?;
        Ok(Revealed { value: secret.expose().to_owned(), hide_after_ms: milliseconds(SHOWN_FOR) })
    }

    /// Copies the active secret: recorded, concealed, for thirty seconds.
    pub(crate) async fn copy_secret(&self, request: SecretRef) -> Result<Copied, Failure> {
        let secret = self.asked_secret(&request, Action::SecretCopied).await?;
        self.copy(secret)
    }

    /// Puts something on the clipboard and clears it after thirty seconds if it is still there.
    pub(crate) fn copy(&self, secret: Secret) -> Result<Copied, Failure> {
        let desktop = Arc::clone(&self.0.options.desktop);
        desktop.copy_concealed(&secret).map_err(|cause| failure::of_desktop(&cause))?;
        let clock = Arc::clone(&self.0.clock);
        // Not among the tasks the end waits for: a clipboard that outlives us is cleared by the shell when it closes.
        tokio::spawn(async move {
            clock.sleep(COPIED_FOR).await;
            desktop.clear_clipboard_of(&secret);
        });
        Ok(Copied { clear_after_ms: milliseconds(COPIED_FOR) })
    }

    async fn asked_secret(&self, request: &SecretRef, action: Action) -> Result<Secret, Failure> {
        if !request.confirmed {
            return Err(failure::invalid("confirmed", "Showing a secret has to be confirmed first."));
        }
        let (client, provider, version) = self.client_with_version(&request.client).await?;
        let version = version.ok_or_else(|| Failure::new(FailureCode::NotFound, "This client has no secret."))?.version;
        let secret = self.secret_of(&client, &provider, version).await?;
        let mut entry = audit::Entry::about(self.now(), Actor::User, action, &client.id, &client.name);
        entry.version = Some(version);
        self.store()?.write_durably(move |tx| audit::append(tx, &entry)).await.map_err(failure::of_store)?;
        Ok(secret)
    }

    /// Takes a pasted secret as the next version.
    pub(crate) async fn paste_secret(&self, request: SecretPaste) -> Result<ClientDetail, Failure> {
        let (client, provider) = self.client_with_provider(&request.client).await?;
        if !client.ownership.may_change() {
            return Err(failure::not_owned());
        }
        self.refuse_while_rotating(&client.id).await?;
        let value = Secret::new(request.secret);
        Self::refuse_bad_secret(&client, &provider, &value)?;
        let kept = Arc::new(self.keep_secret(&client, &provider, value).await?);
        let mut entry = audit::Entry::about(self.now(), Actor::User, Action::SecretStored, &client.id, &client.name);
        entry.version = Some(kept.version.version);
        let to_record = Arc::clone(&kept);
        let recorded = self
            .store()?
            .write_durably(move |tx| {
                to_record.record(tx)?;
                audit::append(tx, &entry)
            })
            .await;
        if let Err(cause) = recorded {
            self.drop_kept(&kept).await;
            return Err(failure::of_store(cause));
        }
        reached("import: recorded");
        self.tell(Event::ClientsChanged);
        self.client_detail(&client.id).await
    }
}

fn milliseconds(duration: std::time::Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}
