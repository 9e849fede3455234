//! The sealing key: created once, kept in the keyring, checked against the database at every start.

use std::sync::Arc;

use gatewright_protocol::Secret;
use zeroize::Zeroizing;

use crate::digest::KEY_BYTES;
use crate::entry::{EntryName, sealing_key_label};
use crate::envelope::{key_from_text, key_to_text};
use crate::error::VaultError;
use crate::seal::{SealContext, SealError, Sealed, SealingKey, associated_data};
use crate::vault::{Core, Vault};

/// What the database keeps about a sealing key: which one, and a value by which a wrong key is noticed. Nothing of the key itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealingKeyRecord {
    /// Names the key's entry: `EntryName::sealing_key(&key_id)`.
    pub key_id: String,
    /// The key check value, hex.
    pub check: String,
}

/// How the sealing key was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SealingKeyState {
    /// The database's key is open.
    Opened,
    /// A key was written to the keyring and read back; now commit its record. A crash before that leaves an entry that
    /// [`Vault::sweep`] finds.
    Created(SealingKeyRecord),
    /// No keyring: a key for this session is in memory. Values sealed in other sessions cannot be opened.
    SessionOnly,
}

impl Vault {
    /// Opens the sealing key, or creates the first one. `records` are the database's, the current one first.
    ///
    /// A locked keyring, a missing entry and a wrong key are errors and create nothing. Call it again after [`Vault::probe`] found the
    /// keyring back: the session's key stays open beside the keyring's until Gatewright ends.
    pub async fn open_sealing_key(&self, records: &[SealingKeyRecord]) -> Result<SealingKeyState, VaultError> {
        let _one_at_a_time = self.opening.lock().await;
        let records = records.to_vec();
        self.call(move |core| core.open_sealing_key(&records)).await
    }

    /// Creates a new sealing key that seals from now on; earlier ones still open. After the key was lost, or to change it: commit the
    /// record as the current one, [`Vault::reseal`] what is stored, then delete the old key's entry and record.
    pub async fn replace_sealing_key(&self) -> Result<SealingKeyRecord, VaultError> {
        let _one_at_a_time = self.opening.lock().await;
        self.call(|core| match core.absent() {
            Some(reason) => Err(VaultError::Absent(reason)),
            None => core.create_sealing_key(),
        })
        .await
    }

    /// The first 16 hex digits of HMAC-SHA-256 under a key derived from the sealing key: equal secrets have equal fingerprints here,
    /// and nobody without the keyring can try guesses against them.
    pub fn fingerprint(&self, secret: &Secret) -> Result<String, VaultError> {
        Ok(self.core.keys().first().ok_or(VaultError::SealingKeyNotOpen)?.fingerprint(secret))
    }

    /// Seals a value for one place in the database (XChaCha20-Poly1305). Does not touch the keyring.
    pub fn seal(&self, plaintext: &Secret, context: &SealContext<'_>) -> Result<Vec<u8>, SealError> {
        let key = self.core.keys().first().cloned().ok_or(SealError::KeyNotOpen)?;
        key.seal(&self.core.random, plaintext, &self.associated_data(context))
    }

    /// Opens a sealed value in its place.
    pub fn open_sealed(&self, sealed: &[u8], context: &SealContext<'_>) -> Result<Secret, SealError> {
        let parts = Sealed::read(sealed)?;
        let keys = self.core.keys();
        let current = keys.first().ok_or(SealError::KeyNotOpen)?;
        match keys.iter().find(|key| key.sealed(&parts)) {
            Some(key) => key.open(&parts, &self.associated_data(context)),
            None if current.lasting => Err(SealError::OtherKey),
            None => Err(SealError::KeyringNeeded),
        }
    }

    /// Seals a value anew with the current key; `None` when it is sealed with that one already. After the session's key or an old one
    /// gave way to another.
    pub fn reseal(&self, sealed: &[u8], context: &SealContext<'_>) -> Result<Option<Vec<u8>>, SealError> {
        let parts = Sealed::read(sealed)?;
        if self.core.keys().first().is_some_and(|key| key.sealed(&parts)) {
            return Ok(None);
        }
        self.seal(&self.open_sealed(sealed, context)?, context).map(Some)
    }

    fn associated_data(&self, context: &SealContext<'_>) -> Vec<u8> {
        associated_data(self.core.namespace.as_ref().map_or("", |namespace| namespace.as_str()), context)
    }
}

impl Core {
    fn open_sealing_key(&self, records: &[SealingKeyRecord]) -> Result<SealingKeyState, VaultError> {
        let lasting = self.keys().first().filter(|key| key.lasting).cloned();
        let opened = match (self.absent(), records.split_first()) {
            // Open already; a keyring that went away since does not matter.
            (Some(_), Some((current, _))) if lasting.as_ref().is_some_and(|key| key.id == current.key_id) => {
                Ok(SealingKeyState::Opened)
            }
            (Some(reason), _) => Err(VaultError::Absent(reason)),
            // Created already; the caller has not committed its record.
            (None, None) if let Some(key) = lasting => Ok(SealingKeyState::Created(record(&key))),
            (None, None) => self.create_sealing_key().map(SealingKeyState::Created),
            (None, Some((current, earlier))) => {
                self.open_recorded_keys(current, earlier).map(|()| SealingKeyState::Opened)
            }
        };
        match opened {
            Err(VaultError::Absent(_)) => {
                self.open_session_key();
                Ok(SealingKeyState::SessionOnly)
            }
            settled => settled,
        }
    }

    fn create_sealing_key(&self) -> Result<SealingKeyRecord, VaultError> {
        let id = self.random_id();
        let master = self.random_key();
        let entry = EntryName::sealing_key(&id);
        self.settle(self.store.write(&entry, &sealing_key_label(&id), &key_to_text(&master)?))?;
        let key = Arc::new(SealingKey::derive(id, true, &master));
        self.keys().insert(0, Arc::clone(&key));
        Ok(record(&key))
    }

    /// The current key has to open; an earlier one that does not only makes its values unreadable.
    fn open_recorded_keys(&self, current: &SealingKeyRecord, earlier: &[SealingKeyRecord]) -> Result<(), VaultError> {
        let mut opened = vec![self.read_sealing_key(current)?];
        for record in earlier {
            match self.read_sealing_key(record) {
                Ok(key) => opened.push(key),
                Err(error) => tracing::warn!(key = %record.key_id, %error, "an earlier sealing key did not open"),
            }
        }
        let mut keys = self.keys();
        keys.retain(|key| opened.iter().all(|other| other.id != key.id));
        keys.splice(0..0, opened);
        Ok(())
    }

    fn read_sealing_key(&self, record: &SealingKeyRecord) -> Result<Arc<SealingKey>, VaultError> {
        let text = self.read_entry(&EntryName::sealing_key(&record.key_id))?;
        let key = SealingKey::derive(record.key_id.clone(), true, &*key_from_text(&text)?);
        if key.passes(&record.check) { Ok(Arc::new(key)) } else { Err(VaultError::WrongSealingKey) }
    }

    fn open_session_key(&self) {
        let (id, master) = (self.random_id(), self.random_key());
        let mut keys = self.keys();
        if keys.is_empty() {
            keys.push(Arc::new(SealingKey::derive(id, false, &master)));
        }
    }

    fn random_key(&self) -> Zeroizing<[u8; KEY_BYTES]> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        (self.random)(&mut *key);
        key
    }
}

fn record(key: &SealingKey) -> SealingKeyRecord {
    SealingKeyRecord { key_id: key.id.clone(), check: key.check.clone() }
}
