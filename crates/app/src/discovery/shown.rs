//! What issuers have said and was shown, until somebody adopts it: what is adopted is what a person has seen, whatever the issuer says by
//! then.

use std::sync::{Mutex, PoisonError};

use gatewright_protocol::metadata::Metadata;
use sha2::{Digest as _, Sha256};

/// How many are remembered; past that the oldest is forgotten, and has to be looked at again.
const MOST: usize = 8;

/// Metadata that were shown, by their digest, the newest last.
#[derive(Default)]
pub(crate) struct Shown(Mutex<Vec<(String, Metadata)>>);

impl Shown {
    pub(super) fn remember(&self, digest: String, metadata: Metadata) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.retain(|(known, _)| *known != digest);
        if shown.len() == MOST {
            shown.remove(0);
        }
        shown.push((digest, metadata));
    }

    pub(super) fn of(&self, digest: &str) -> Option<Metadata> {
        let shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.iter().find(|(known, _)| known == digest).map(|(_, metadata)| metadata.clone())
    }
}

/// SHA-256 of a document, in 64 hex digits.
pub(super) fn digest(document: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(document.as_bytes()).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn a_digest_is_sha_256_in_hex_digits() {
        // FIPS 180-4, the example "abc".
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
