//! Digests and keyed digests, each over parts whose boundaries cannot move.

use gatewright_model::client::SecretDestination;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// How many bytes a sealing key has.
pub(crate) const KEY_BYTES: usize = 32;

/// What of a client decides where its secret may be sent, as 64 hex digits of SHA-256.
pub fn destination_digest(destination: &SecretDestination) -> String {
    let [revocation, introspection, identity] = beside_token_endpoint(destination);
    let SecretDestination { issuer, token_endpoint, client_id, authentication, .. } = destination;
    digest_of(&[
        "gatewright destination v2",
        issuer,
        token_endpoint,
        revocation,
        introspection,
        identity,
        client_id,
        authentication,
    ])
}

/// The digest as it was before secrets went to more than the token endpoint. Entries that have it stay readable, and have it until they
/// are written anew.
pub(crate) fn former_destination_digest(destination: &SecretDestination) -> String {
    let SecretDestination { issuer, token_endpoint, client_id, authentication, .. } = destination;
    digest_of(&["gatewright destination v1", issuer, token_endpoint, client_id, authentication])
}

/// What of a client decides where its tokens may be sent, as 64 hex digits of SHA-256. How the client authenticates has no part in it:
/// that decides what becomes of its secret, and nothing about where a token goes.
pub fn token_destination_digest(destination: &SecretDestination) -> String {
    let [revocation, introspection, identity] = beside_token_endpoint(destination);
    let SecretDestination { issuer, token_endpoint, client_id, .. } = destination;
    digest_of(&[
        "gatewright token destination v1",
        issuer,
        token_endpoint,
        revocation,
        introspection,
        identity,
        client_id,
    ])
}

/// The other endpoints that get secrets or tokens; empty where there is none.
fn beside_token_endpoint(destination: &SecretDestination) -> [&str; 3] {
    let SecretDestination { revocation_endpoint, introspection_endpoint, identity_endpoint, .. } = destination;
    [revocation_endpoint, introspection_endpoint, identity_endpoint].map(|one| one.as_deref().unwrap_or_default())
}

fn digest_of(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
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
        const USUAL: [&str; 7] = ["https://a.example", "/token", "/revoke", "/introspect", "/me", "7", "basic"];
        let usual = destination(USUAL);
        for place in 0..USUAL.len() {
            let mut other = USUAL;
            other[place] = "another";
            assert_ne!(destination_digest(&usual), destination_digest(&destination(other)), "{other:?}");
            let counts_for_tokens = place != USUAL.len() - 1;
            assert_eq!(
                token_destination_digest(&usual) != token_destination_digest(&destination(other)),
                counts_for_tokens,
                "{other:?}"
            );
        }
        let run_together = destination(["https://a.example/", "token", "/revoke", "/introspect", "/me", "7", "basic"]);
        assert_ne!(destination_digest(&usual), destination_digest(&run_together));
        assert_eq!(destination_digest(&usual).len(), 64);
    }

    #[test]
    fn entries_of_the_first_form_have_the_digest_they_always_had() {
        let usual = destination(["https://a.example", "/token", "/revoke", "/introspect", "/me", "7", "basic"]);
        assert_eq!(
            former_destination_digest(&usual),
            "456f889a51db245bc4a4bf124eb296541c270a02e2570ca03a97e4fb175a68ed"
        );
    }

    fn destination(parts: [&str; 7]) -> SecretDestination {
        let [issuer, token, revocation, introspection, identity, client_id, authentication] = parts.map(String::from);
        SecretDestination {
            issuer,
            token_endpoint: token,
            revocation_endpoint: Some(revocation),
            introspection_endpoint: Some(introspection),
            identity_endpoint: Some(identity),
            client_id,
            authentication,
        }
    }
}
