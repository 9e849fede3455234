//! Values that nobody needs any more: those of retired versions when their time is over, and entries of the keyring that no row knows.

use gatewright_contract::{Event, Failure};
use gatewright_model::{ClientRecordId, SecretVersion};
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::intent::{self, IntentKind};
use gatewright_store::{Connection, StoreError, client, keyring_orphan, secret_version};
use gatewright_vault::{EntryName, KeyringState};
use jiff::SignedDuration;

use crate::{App, failure};

impl App {
    /// Removes the values of retired versions whose time is over. What cannot be removed now is tried again the next day. A database from an
    /// earlier day removes nothing: what it takes for retired may be in use again.
    pub(crate) async fn remove_old_values(&self) {
        self.keyring_settled().await;
        if !self.knows_what_it_forgot() {
            return;
        }
        let days = i64::from(self.0.settings.get().retired_secret_days);
        let Ok(before) = self.now().checked_sub(SignedDuration::from_hours(days * 24)) else { return };
        let Ok(store) = self.store() else { return };
        let due = match store.read(move |db| secret_version::retired_before(db, before)).await {
            Ok(due) => due,
            Err(cause) => return tracing::warn!(%cause, "retired secrets were not looked up"),
        };
        let mut removed = false;
        for kept in due {
            match self.remove_value(&kept.client, kept.version).await {
                Ok(()) => removed = true,
                Err(cause) => {
                    tracing::warn!(message = cause.message, "a retired secret stays; tried again tomorrow");
                    break;
                }
            }
        }
        if removed {
            self.tell(Event::ClientsChanged);
        }
    }

    /// Removes the value of a version from where it is kept: intent, keyring, rows. The row stays and says when.
    pub(crate) async fn remove_value(&self, client: &ClientRecordId, version: u32) -> Result<(), Failure> {
        self.keyring_settled().await;
        let (id, now) = (client.clone(), self.now());
        let intent = self
            .store()?
            .write_durably(move |tx| intent::declare(tx, IntentKind::ForgetSecret, &id, version, now))
            .await
            .map_err(failure::of_store)?;
        if let Err(cause) = self.0.vault.delete(&EntryName::client_secret(client, version)).await {
            self.forget_intent(intent).await;
            return Err(failure::of_vault(cause));
        }
        let id = client.clone();
        self.store()?
            .write_durably(move |tx| {
                secret_version::mark_removed(tx, &id, version, now)?;
                let name = client::find_even_deleted(tx, &id)?.map(|client| client.name).unwrap_or_default();
                let line = audit::Entry::about(now, Actor::Gatewright, Action::SecretForgotten, &id, &name);
                audit::append(tx, &line.version(version))?;
                intent::settle(tx, intent)
            })
            .await
            .map_err(failure::of_store)
    }

    /// Notes which of our entries in the keyring no row knows, and deletes those that nobody has known for a week. Of a database from an
    /// earlier day nothing is deleted: it does not know what it forgot.
    pub(crate) async fn sweep_keyring(&self) {
        if self.0.vault.state() != KeyringState::Ready || !self.knows_what_it_forgot() {
            return;
        }
        if let Err(cause) = self.sweep_orphans().await {
            tracing::warn!(message = cause.message, "the keyring was not swept");
        }
    }

    async fn sweep_orphans(&self) -> Result<(), Failure> {
        let store = self.store()?;
        let known = store.read(known_entries).await.map_err(failure::of_store)?;
        let unknown = self.0.vault.sweep(&known).await.map_err(failure::of_vault)?;
        // Secrets only. A sealing key that is deleted by mistake costs every token, and one too many costs nothing.
        let unknown: Vec<String> =
            unknown.iter().filter(|entry| entry.client_version().is_some()).map(ToString::to_string).collect();
        let now = self.now();
        let since = now.saturating_sub(keyring_orphan::LEFT_ALONE).unwrap_or(now);
        let old = store
            .write_durably(move |tx| {
                keyring_orphan::note(tx, &unknown, now)?;
                keyring_orphan::seen_before(tx, since)
            })
            .await
            .map_err(failure::of_store)?;
        for text in old {
            let Some(entry) = EntryName::parse(&text) else { continue };
            self.0.vault.delete(&entry).await.map_err(failure::of_vault)?;
            tracing::info!(%entry, "an entry of the keyring that nobody has known for a week was deleted");
            store.write(move |tx| keyring_orphan::forget(tx, &text)).await.map_err(failure::of_store)?;
        }
        Ok(())
    }

    /// Takes every version of a client's secret out of the keyring; says whether nothing was left.
    pub(crate) async fn forget_secrets(&self, client: &ClientRecordId) -> Result<bool, Failure> {
        for version in self.versions_of(client).await?.into_iter().filter(SecretVersion::has_value) {
            let entry = EntryName::client_secret(client, version.version);
            if let Err(cause) = self.0.vault.delete(&entry).await {
                tracing::warn!(%cause, "a deleted client's secret is still in the keyring; tried again at the next start");
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The entries that a row knows, or that somebody is writing right now.
fn known_entries(db: &Connection) -> Result<Vec<EntryName>, StoreError> {
    let kept = secret_version::kept(db)?;
    let mut known: Vec<EntryName> =
        kept.iter().map(|kept| EntryName::client_secret(&kept.client, kept.version)).collect();
    known.extend(intent::list(db)?.iter().map(|intent| EntryName::client_secret(&intent.client, intent.version)));
    Ok(known)
}
