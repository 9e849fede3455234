//! What stands in an entry. Text, because KDE Wallet keeps UTF-8 only.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatewright_protocol::Secret;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, Zeroizing};

use crate::digest::KEY_BYTES;
use crate::error::VaultError;

/// A client secret with the digest of where it may be sent.
pub(crate) struct SecretEnvelope {
    pub(crate) secret: Secret,
    pub(crate) destination: String,
}

// No Debug on either: they hold the value.
#[derive(Serialize)]
struct WrittenSecret<'a> {
    v: u8,
    secret: &'a str,
    destination: &'a str,
}

#[derive(Deserialize)]
struct ReadSecret {
    v: u8,
    secret: String,
    destination: String,
}

impl SecretEnvelope {
    pub(crate) fn to_text(&self) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        write(
            &WrittenSecret { v: 1, secret: self.secret.expose(), destination: &self.destination },
            self.secret.expose().len(),
        )
    }

    pub(crate) fn from_text(text: &[u8]) -> Result<Self, VaultError> {
        let read: ReadSecret = serde_json::from_slice(text).map_err(|_| VaultError::Unreadable)?;
        let envelope = Self { secret: Secret::new(read.secret), destination: read.destination };
        if read.v == 1 { Ok(envelope) } else { Err(VaultError::Unreadable) }
    }
}

#[derive(Serialize, Deserialize)]
struct StoredKey {
    v: u8,
    key: String,
}

/// Writes a sealing key as text.
pub(crate) fn key_to_text(key: &[u8; KEY_BYTES]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let mut stored = StoredKey { v: 1, key: STANDARD.encode(key) };
    let text = write(&stored, stored.key.len());
    stored.key.zeroize();
    text
}

/// Reads a sealing key back.
pub(crate) fn key_from_text(text: &[u8]) -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
    let mut stored: StoredKey = serde_json::from_slice(text).map_err(|_| VaultError::Unreadable)?;
    let bytes = STANDARD.decode(&stored.key).map(Zeroizing::new);
    stored.key.zeroize();
    let key: [u8; KEY_BYTES] = bytes.ok().and_then(|b| b.as_slice().try_into().ok()).ok_or(VaultError::Unreadable)?;
    if stored.v == 1 { Ok(Zeroizing::new(key)) } else { Err(VaultError::Unreadable) }
}

/// Room for the worst escaping from the start: a buffer that grows leaves copies behind that nobody wipes.
fn write(value: &impl Serialize, secret_bytes: usize) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let mut text = Zeroizing::new(Vec::with_capacity(secret_bytes * 6 + 256));
    serde_json::to_writer(&mut *text, value).map_err(|_| VaultError::Unreadable)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_secret_and_its_destination_come_back_as_they_went_in(secret in ".*", destination in "[0-9a-f]{64}") {
            let text = SecretEnvelope { secret: Secret::new(secret.clone()), destination: destination.clone() }.to_text().unwrap();
            let read = SecretEnvelope::from_text(&text).unwrap();
            prop_assert!(read.secret.matches(&secret));
            prop_assert_eq!(read.destination, destination);
        }

        #[test]
        fn a_key_comes_back_as_it_went_in(key: [u8; KEY_BYTES]) {
            prop_assert_eq!(*key_from_text(&key_to_text(&key).unwrap()).unwrap(), key);
        }

        #[test]
        fn any_other_text_is_unreadable_and_no_panic(text: Vec<u8>) {
            prop_assert!(SecretEnvelope::from_text(&text).is_err());
            prop_assert!(key_from_text(&text).is_err());
        }
    }
}
