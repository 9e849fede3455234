//! Secrets that live in memory only, and their way into a keyring that is there again.
//!
//! A secret is in both places for a while: [`Vault::write_held`] leaves it in memory until its row says where it is, and then
//! [`Vault::release`] lets go of it. So whatever happens in between, one of the two has it.

use crate::entry::EntryName;
use crate::envelope::SecretEnvelope;
use crate::error::VaultError;
use crate::vault::{Core, Vault};

/// A client secret that lives in memory only, as it will be known in the keyring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldSecret {
    /// Which one.
    pub entry: EntryName,
    /// Its fingerprint under the keyring's sealing key; the one in the row was made with the session's.
    pub fingerprint: String,
}

/// A client secret that lives in memory only.
pub(crate) struct SessionSecret {
    envelope: SecretEnvelope,
    label: String,
    way: Way,
}

/// How far a secret is on its way into the keyring.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// It is in memory only.
    NotBegun,
    /// It is being written, or was and the keyring did not say that it has it.
    Begun,
    /// The keyring has just this.
    Arrived,
    /// It was changed here since it was written.
    Outdated,
}

impl Vault {
    /// How many client secrets live in memory only and would be gone when Gatewright closes.
    pub fn session_secrets(&self) -> usize {
        self.core.session().len()
    }

    /// The client secrets that live in memory only.
    ///
    /// # Errors
    /// [`VaultError::SealingKeyNotOpen`]: fingerprints are made with the keyring's key.
    pub fn held_secrets(&self) -> Result<Vec<HeldSecret>, VaultError> {
        let key = self.core.keys().first().filter(|key| key.lasting).cloned().ok_or(VaultError::SealingKeyNotOpen)?;
        let session = self.core.session();
        let held = session.iter().map(|(entry, held)| HeldSecret {
            entry: entry.clone(),
            fingerprint: key.fingerprint(&held.envelope.secret),
        });
        let mut held: Vec<HeldSecret> = held.collect();
        drop(session);
        held.sort_by(|one, other| one.entry.cmp(&other.entry));
        Ok(held)
    }

    /// Writes a secret that lives in memory into the keyring, reads it back, compares. It stays in memory as well. Says whether there was
    /// one: it may have been deleted meanwhile.
    pub async fn write_held(&self, entry: &EntryName) -> Result<bool, VaultError> {
        let entry = entry.clone();
        self.call(move |core| core.write_held(&entry)).await
    }

    /// Lets go of a secret in memory that the keyring has. One that was changed since it was written stays, to be written again. Says
    /// whether memory is without it.
    pub fn release(&self, entry: &EntryName) -> bool {
        let mut session = self.core.session();
        match session.get(entry).map(|held| held.way) {
            None => true,
            Some(Way::Arrived) => session.remove(entry).is_some(),
            Some(_) => false,
        }
    }

    /// Whether the keyring has an entry, whatever stands in it.
    pub async fn is_in_keyring(&self, entry: &EntryName) -> Result<bool, VaultError> {
        let entry = entry.clone();
        self.call(move |core| match core.read_entry(&entry) {
            Ok(_) => Ok(true),
            Err(VaultError::NoSuchEntry) => Ok(false),
            Err(cause) => Err(cause),
        })
        .await
    }
}

impl SessionSecret {
    pub(crate) fn new(envelope: SecretEnvelope, label: String) -> Self {
        Self { envelope, label, way: Way::NotBegun }
    }

    pub(crate) fn envelope(&self) -> SecretEnvelope {
        SecretEnvelope { secret: self.envelope.secret.clone(), destination: self.envelope.destination.clone() }
    }

    pub(crate) fn may_be_in_keyring(&self) -> bool {
        self.way != Way::NotBegun
    }

    pub(crate) fn relabel(&mut self, label: String) {
        self.label = label;
        self.has_changed();
    }

    pub(crate) fn bind(&mut self, destination: String) {
        self.envelope.destination = destination;
        self.has_changed();
    }

    fn has_changed(&mut self) {
        if self.way != Way::NotBegun {
            self.way = Way::Outdated;
        }
    }
}

impl Core {
    pub(crate) fn session_secret(&self, entry: &EntryName) -> Option<SecretEnvelope> {
        self.session().get(entry).map(SessionSecret::envelope)
    }

    fn write_held(&self, entry: &EntryName) -> Result<bool, VaultError> {
        if let Some(reason) = self.absent() {
            return Err(VaultError::Absent(reason));
        }
        let Some((envelope, label)) = self.session().get_mut(entry).map(|held| {
            held.way = Way::Begun;
            (held.envelope(), held.label.clone())
        }) else {
            return Ok(false);
        };
        self.settle(self.store.write(entry, &label, &envelope.to_text()?))?;
        let mut session = self.session();
        let Some(held) = session.get_mut(entry) else { return Ok(false) };
        if held.way == Way::Begun {
            held.way = Way::Arrived;
        }
        Ok(true)
    }
}
