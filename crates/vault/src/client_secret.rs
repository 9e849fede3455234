//! Client secrets: stored, read for one destination only, deleted, swept.

use gatewright_model::ClientRecordId;
use gatewright_model::client::SecretDestination;
use gatewright_model::secret_version::SecretPlace;
use gatewright_protocol::Secret;
use subtle::ConstantTimeEq as _;

use crate::digest::{destination_digest, former_destination_digest};
use crate::entry::{EntryName, client_secret_label};
use crate::envelope::SecretEnvelope;
use crate::error::VaultError;
use crate::session::SessionSecret;
use crate::vault::{Core, Vault};

/// One version of a client's secret, to be stored.
#[derive(Clone, Debug)]
pub struct ClientSecret {
    /// Whose secret it is.
    pub client: ClientRecordId,
    /// Which version; the entry is named after both.
    pub version: u32,
    /// The client's name, for the label in the keyring program.
    pub client_name: String,
    /// The provider's name, for the label.
    pub provider_name: String,
    /// The secret.
    pub value: Secret,
    /// Where it may be sent.
    pub destination: SecretDestination,
}

impl Vault {
    /// Stores a secret: writes it, reads it back, compares. Says where it is: in memory when there is no keyring.
    ///
    /// A locked keyring is an error and not "in memory": the person may want to unlock it first.
    pub async fn store(&self, secret: ClientSecret) -> Result<SecretPlace, VaultError> {
        self.call(move |core| core.store_secret(&secret)).await
    }

    /// Reads a secret, to be sent to `destination` only. [`VaultError::ChangedOutside`] when it was stored for another one.
    pub async fn load(&self, entry: &EntryName, destination: &SecretDestination) -> Result<Secret, VaultError> {
        // What is in memory needs no thread to wait on.
        let held = self.core.session_secret(entry);
        let envelope = if let Some(envelope) = held {
            envelope
        } else {
            let entry = entry.clone();
            self.call(move |core| core.read_secret(&entry)).await?
        };
        if is_for(&envelope, destination) { Ok(envelope.secret) } else { Err(VaultError::ChangedOutside) }
    }

    /// Gives the entry of a client secret the label that belongs to these names. A secret in memory gets it when it is moved into the
    /// keyring.
    pub async fn relabel(&self, entry: &EntryName, client_name: &str, provider_name: &str) -> Result<(), VaultError> {
        let (entry, label) = (entry.clone(), entry.label(Some((client_name, provider_name))));
        self.call(move |core| core.relabel_entry(&entry, label)).await
    }

    /// Deletes an entry. One that is not there is deleted already.
    pub async fn delete(&self, entry: &EntryName) -> Result<(), VaultError> {
        let entry = entry.clone();
        self.call(move |core| core.delete_entry(&entry)).await
    }

    /// Entries of this vault's namespace that no row knows: left by a crash, to be deleted by the caller. `known` names the entries of
    /// all rows, sealing keys included; open sealing keys are never listed.
    pub async fn sweep(&self, known: &[EntryName]) -> Result<Vec<EntryName>, VaultError> {
        let mut known = known.to_vec();
        known.extend(self.core.keys().iter().map(|key| EntryName::sealing_key(&key.id)));
        self.call(move |core| {
            if let Some(reason) = core.absent() {
                return Err(VaultError::Absent(reason));
            }
            let mut unknown = core.settle(core.store.list())?;
            unknown.retain(|entry| !known.contains(entry));
            Ok(unknown)
        })
        .await
    }
}

impl Core {
    fn store_secret(&self, secret: &ClientSecret) -> Result<SecretPlace, VaultError> {
        let entry = EntryName::client_secret(&secret.client, secret.version);
        let label = client_secret_label(&secret.client_name, &secret.provider_name, secret.version);
        let destination = destination_digest(&secret.destination);
        let envelope = SecretEnvelope { secret: secret.value.clone(), destination };
        if self.absent().is_none() {
            match self.settle(self.store.write(&entry, &label, &envelope.to_text()?)) {
                // It went away since the last call; the state says so now.
                Err(VaultError::Absent(_)) => {}
                settled => {
                    settled?;
                    // One that is stored again may have been in memory so far.
                    self.session().remove(&entry);
                    return Ok(SecretPlace::Keyring);
                }
            }
        }
        self.session().insert(entry, SessionSecret::new(envelope, label));
        Ok(SecretPlace::Session)
    }

    pub(crate) fn read_secret(&self, entry: &EntryName) -> Result<SecretEnvelope, VaultError> {
        match self.session_secret(entry) {
            Some(envelope) => Ok(envelope),
            None => SecretEnvelope::from_text(&self.read_entry(entry)?),
        }
    }

    fn relabel_entry(&self, entry: &EntryName, label: String) -> Result<(), VaultError> {
        if let Some(held) = self.session().get_mut(entry) {
            held.relabel(label);
            return Ok(());
        }
        if let Some(reason) = self.absent() {
            return Err(VaultError::Absent(reason));
        }
        self.settle(self.store.relabel(entry, &label))
    }

    fn delete_entry(&self, entry: &EntryName) -> Result<(), VaultError> {
        if self.session().remove(entry).is_some_and(|held| !held.may_be_in_keyring()) {
            return Ok(());
        }
        if let Some(reason) = self.absent() {
            return Err(VaultError::Absent(reason));
        }
        match self.settle(self.store.delete(entry)) {
            Err(VaultError::NoSuchEntry) => Ok(()),
            settled => settled,
        }
    }

    /// Reads an entry of the keyring; without a keyring says so.
    pub(crate) fn read_entry(&self, entry: &EntryName) -> Result<zeroize::Zeroizing<Vec<u8>>, VaultError> {
        if let Some(reason) = self.absent() {
            return Err(VaultError::Absent(reason));
        }
        self.settle(self.store.read(entry))
    }
}

/// Whether a secret was stored for this destination; one that was stored before there was a v2 says so in the former way.
pub(crate) fn is_for(envelope: &SecretEnvelope, destination: &SecretDestination) -> bool {
    same_digest(&envelope.destination, &destination_digest(destination))
        || same_digest(&envelope.destination, &former_destination_digest(destination))
}

pub(crate) fn same_digest(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}
