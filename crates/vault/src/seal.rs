//! Sealing: authenticated encryption of one value for one place in the database.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use gatewright_protocol::Secret;
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, Zeroizing};

use crate::digest::{KEY_BYTES, add_part, hex, keyed_digest};
use crate::place::RandomBytes;

/// Where a sealed value stands. It opens there and nowhere else, so that nobody can move a token to another row, or point the row
/// at another server, by editing the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealContext<'a> {
    /// Table name.
    pub table: &'a str,
    /// The row's primary key as text.
    pub row: &'a str,
    /// Column name.
    pub column: &'a str,
    /// What else the value is bound to: the record id of the client it belongs to, say.
    pub owner: &'a str,
    /// Version of the meaning of this column; raise it when the plaintext's form changes.
    pub schema: u32,
}

/// Why a value could not be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// No sealing key is open: see `Vault::open_sealing_key`.
    #[error("The key that seals tokens is not open yet. Check the keyring, then try again.")]
    KeyNotOpen,
    /// The keyring is not in use, and the value was sealed with a key that is in it, or in an earlier session without one.
    #[error("This cannot be opened without the keyring: the key that sealed it is not part of this session.")]
    KeyringNeeded,
    /// The keyring is in use, and the value was sealed with a key that it does not hold.
    #[error("This was sealed with a key that is gone: a session without a keyring, or another keyring.")]
    OtherKey,
    /// It was changed, or moved here from another place, or its client was changed.
    #[error("This was changed outside Gatewright, so it was not opened.")]
    Altered,
    /// It is not a sealed value of a form known here.
    #[error("This is not a sealed value of a form this version knows.")]
    Malformed,
}

const VERSION: u8 = 1;
const TAG_BYTES: usize = 8;
const NONCE_BYTES: usize = 24;
const HEADER_BYTES: usize = 1 + TAG_BYTES + NONCE_BYTES;

/// A sealing key, taken apart for its uses so that no two of them share key material.
pub(crate) struct SealingKey {
    pub(crate) id: String,
    /// Kept in the keyring, and so there in the next session.
    pub(crate) lasting: bool,
    /// Proves that a key of this id is the right one without showing anything of it; kept in the database.
    pub(crate) check: String,
    /// Stands before every value it sealed, to say which key opens it.
    tag: [u8; TAG_BYTES],
    encryption: Zeroizing<[u8; KEY_BYTES]>,
    fingerprint: Zeroizing<[u8; KEY_BYTES]>,
}

impl SealingKey {
    pub(crate) fn derive(id: String, lasting: bool, master: &[u8; KEY_BYTES]) -> Self {
        let part = |label: &[u8]| keyed_digest(master, &[label, id.as_bytes()]);
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&part(b"gatewright key tag v1")[..TAG_BYTES]);
        let check = hex(&part(b"gatewright key check v1")[..16]);
        let (encryption, fingerprint) = (part(b"gatewright seal v1"), part(b"gatewright fingerprint v1"));
        Self { id, lasting, check, tag, encryption, fingerprint }
    }

    pub(crate) fn passes(&self, check: &str) -> bool {
        self.check.as_bytes().ct_eq(check.as_bytes()).into()
    }

    /// The first 16 hex digits of HMAC-SHA-256: enough to tell a person's secrets apart, useless without the key.
    pub(crate) fn fingerprint(&self, secret: &Secret) -> String {
        self.fingerprint_of(secret.expose())
    }

    /// The same of text that is perhaps a secret, perhaps not.
    pub(crate) fn fingerprint_of(&self, text: &str) -> String {
        hex(&keyed_digest(&self.fingerprint, &[text.as_bytes()])[..8])
    }

    /// Version, key tag, nonce, ciphertext with authentication tag.
    pub(crate) fn seal(
        &self,
        random: &RandomBytes,
        plaintext: &Secret,
        associated: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE_BYTES];
        random(&mut nonce);
        let payload = Payload { msg: plaintext.expose().as_bytes(), aad: associated };
        // Fails only for more than 256 GiB.
        let ciphertext = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::Malformed)?;
        Ok([&[VERSION], &self.tag[..], &nonce, &ciphertext].concat())
    }

    pub(crate) fn sealed(&self, parts: &Sealed<'_>) -> bool {
        self.tag == parts.tag
    }

    pub(crate) fn open(&self, parts: &Sealed<'_>, associated: &[u8]) -> Result<Secret, SealError> {
        let payload = Payload { msg: parts.ciphertext, aad: associated };
        let plaintext = self.cipher().decrypt(&XNonce::from(parts.nonce), payload).map_err(|_| SealError::Altered)?;
        String::from_utf8(plaintext).map(Secret::new).map_err(|error| {
            error.into_bytes().zeroize();
            SealError::Malformed
        })
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.encryption).into())
    }
}

/// A sealed value taken apart.
pub(crate) struct Sealed<'a> {
    tag: [u8; TAG_BYTES],
    nonce: [u8; NONCE_BYTES],
    ciphertext: &'a [u8],
}

impl<'a> Sealed<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, SealError> {
        let (header, ciphertext) = bytes.split_at_checked(HEADER_BYTES).ok_or(SealError::Malformed)?;
        if header[0] != VERSION {
            return Err(SealError::Malformed);
        }
        let (mut tag, mut nonce) = ([0; TAG_BYTES], [0; NONCE_BYTES]);
        tag.copy_from_slice(&header[1..=TAG_BYTES]);
        nonce.copy_from_slice(&header[1 + TAG_BYTES..]);
        Ok(Self { tag, nonce, ciphertext })
    }
}

/// What is authenticated beside the ciphertext, each part with its length before it.
pub(crate) fn associated_data(namespace: &str, context: &SealContext<'_>) -> Vec<u8> {
    let SealContext { table, row, column, owner, schema } = context;
    let mut data = Vec::new();
    for part in ["gatewright sealed value v1", namespace, table, row, column, owner] {
        add_part(part.as_bytes(), |bytes| data.extend_from_slice(bytes));
    }
    add_part(&schema.to_be_bytes(), |bytes| data.extend_from_slice(bytes));
    data
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU8, Ordering};

    use proptest::prelude::*;

    use super::*;

    fn counting() -> RandomBytes {
        let count = AtomicU8::new(0);
        Arc::new(move |bytes: &mut [u8]| bytes.fill(count.fetch_add(1, Ordering::Relaxed)))
    }

    fn key(byte: u8) -> SealingKey {
        SealingKey::derive("k1".into(), true, &[byte; KEY_BYTES])
    }

    const CONTEXT: SealContext<'static> =
        SealContext { table: "run_token", row: "run-1", column: "access_token", owner: "d", schema: 1 };

    fn open(key: &SealingKey, sealed: &[u8], namespace: &str, context: &SealContext<'_>) -> Result<Secret, SealError> {
        key.open(&Sealed::read(sealed)?, &associated_data(namespace, context))
    }

    #[test]
    fn a_sealed_value_opens_in_its_own_place_and_in_no_other() {
        let key = key(7);
        let sealed = key.seal(&counting(), &Secret::new("token"), &associated_data("one", &CONTEXT)).unwrap();
        assert!(open(&key, &sealed, "one", &CONTEXT).unwrap().matches("token"));
        for moved in [
            SealContext { table: "client", ..CONTEXT },
            SealContext { row: "run-2", ..CONTEXT },
            SealContext { column: "refresh_token", ..CONTEXT },
            SealContext { owner: "e", ..CONTEXT },
            SealContext { schema: 2, ..CONTEXT },
            SealContext { table: "run_tokenr", row: "un-1", ..CONTEXT },
        ] {
            assert_eq!(open(&key, &sealed, "one", &moved).unwrap_err(), SealError::Altered, "{moved:?}");
        }
        assert_eq!(open(&key, &sealed, "two", &CONTEXT).unwrap_err(), SealError::Altered);
    }

    #[test]
    fn the_same_value_sealed_twice_looks_different() {
        let (key, random) = (key(7), counting());
        let seal = || key.seal(&random, &Secret::new("token"), b"").unwrap();
        assert_ne!(seal(), seal());
    }

    #[test]
    fn a_flipped_bit_anywhere_is_noticed() {
        let key = key(7);
        let sealed = key.seal(&counting(), &Secret::new("token"), &associated_data("", &CONTEXT)).unwrap();
        for place in (0..sealed.len()).filter(|place| !(1..=TAG_BYTES).contains(place)) {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(open(&key, &changed, "", &CONTEXT).is_err(), "byte {place}");
        }
        let mut other_tag = sealed.clone();
        other_tag[1] ^= 1;
        assert!(!key.sealed(&Sealed::read(&other_tag).unwrap()), "a changed tag names another key");
    }

    #[test]
    fn the_check_value_and_the_fingerprint_depend_on_the_key() {
        let (one, two) = (key(1), key(2));
        assert!(one.passes(&one.check) && !one.passes(&two.check));
        let secret = Secret::new("hunter2hunter2");
        assert_eq!(one.fingerprint(&secret), key(1).fingerprint(&secret));
        assert_ne!(one.fingerprint(&secret), two.fingerprint(&secret));
        assert_eq!(one.fingerprint(&secret).len(), 16);
    }

    proptest! {
        #[test]
        fn whatever_is_sealed_comes_back(text in ".*") {
            let key = key(3);
            let sealed = key.seal(&counting(), &Secret::new(text.clone()), b"here").unwrap();
            prop_assert!(key.open(&Sealed::read(&sealed).unwrap(), b"here").unwrap().matches(&text));
        }

        #[test]
        fn any_bytes_are_refused_without_a_panic(bytes: Vec<u8>) {
            prop_assert!(open(&key(3), &bytes, "", &CONTEXT).is_err());
        }
    }
}
