//! Digests and keyed digests, each over parts whose boundaries cannot move.

use gatewright_model::client::SecretDestination;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// How many bytes a sealing key has.
pub(crate) const KEY_BYTES: usize = 32;

/// What of a client decides where its secret may be sent, as 64 hex digits of SHA-256. Also the endpoint digest of a sealed value.
pub fn destination_digest(destination: &SecretDestination) -> String {
    let SecretDestination { issuer, token_endpoint, client_id, authentication } = destination;
    let mut digest = Sha256::new();
    for part in ["gatewright destination v1", issuer, token_endpoint, client_id, authentication] {
        add_part(part.as_bytes(), |bytes| digest.update(bytes));
    }
    hex(&digest.finalize())
}

/// Adds a part with its length before it, so that "ab","c" and "a","bc" differ.
pub(crate) fn add_part(part: &[u8], mut add: impl FnMut(&[u8])) {
    add(&(part.len() as u64).to_be_bytes());
    add(part);
}

/// HMAC-SHA-256 (RFC 2104) of the parts.
pub(crate) fn keyed_digest(key: &[u8; KEY_BYTES], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    // HMAC pads a key to the block size with zeros; doing it here leaves no length that could be wrong.
    let mut block = Zeroizing::new([0_u8; 64]);
    block[..KEY_BYTES].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    for part in parts {
        add_part(part, |bytes| mac.update(bytes));
    }
    Zeroizing::new(mac.finalize().into_bytes().into())
}

/// Lower-case hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyed_digest_is_hmac_sha_256() {
        // RFC 4231 test case 1 uses a 20-byte key; zero padding makes it a 32-byte key with the same HMAC. Its one part here has our
        // length before it, so the value is recomputed from the definition: H(k^opad || H(k^ipad || text)).
        let mut key = [0_u8; 32];
        key[..20].fill(0x0b);
        let text = [&8_u64.to_be_bytes()[..], b"Hi There"].concat();
        let pad = |byte: u8| -> Vec<u8> { (0..64).map(|i| key.get(i).copied().unwrap_or(0) ^ byte).collect() };
        let inner = Sha256::digest([pad(0x36), text].concat());
        let outer = Sha256::digest([pad(0x5c), inner.to_vec()].concat());
        assert_eq!(keyed_digest(&key, &[b"Hi There"]).as_slice(), outer.as_slice());
    }

    #[test]
    fn every_part_of_a_destination_counts_and_parts_do_not_run_together() {
        let destination = |parts: [&str; 4]| {
            let [issuer, token_endpoint, client_id, authentication] = parts.map(String::from);
            destination_digest(&SecretDestination { issuer, token_endpoint, client_id, authentication })
        };
        let usual = destination(["https://a.example", "https://a.example/token", "7", "client_secret_basic"]);
        for other in [
            ["https://b.example", "https://a.example/token", "7", "client_secret_basic"],
            ["https://a.example", "https://b.example/token", "7", "client_secret_basic"],
            ["https://a.example", "https://a.example/token", "8", "client_secret_basic"],
            ["https://a.example", "https://a.example/token", "7", "client_secret_post"],
            ["https://a.exampleh", "ttps://a.example/token", "7", "client_secret_basic"],
        ] {
            assert_ne!(usual, destination(other), "{other:?}");
        }
        assert_eq!(usual.len(), 64);
    }
}
