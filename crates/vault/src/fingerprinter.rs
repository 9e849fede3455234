//! Fingerprints of many pieces of text, from any thread and without the keyring.

use std::sync::Arc;

use crate::error::VaultError;
use crate::seal::SealingKey;
use crate::vault::Vault;

/// Fingerprints text as [`Vault::fingerprint`] does, with every sealing key that is open. Cheap to clone.
#[derive(Clone)]
pub struct Fingerprinter(Vec<Arc<SealingKey>>);

impl Vault {
    /// To look for known secrets in text.
    ///
    /// # Errors
    /// [`VaultError::SealingKeyNotOpen`]: fingerprints are made with that key.
    pub fn fingerprinter(&self) -> Result<Fingerprinter, VaultError> {
        let keys = self.core.keys().clone();
        if keys.is_empty() { Err(VaultError::SealingKeyNotOpen) } else { Ok(Fingerprinter(keys)) }
    }
}

impl Fingerprinter {
    /// The fingerprints a text has: one for each key that is open, which is one unless the keyring came back in this session.
    pub fn of(&self, text: &str) -> impl Iterator<Item = String> {
        self.0.iter().map(move |key| key.fingerprint_of(text))
    }
}
