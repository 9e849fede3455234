//! Client secrets: what is kept is a digest.

use std::fmt;
use std::sync::{Arc, OnceLock};

use gatewright_protocol::Secret;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// SHA-256 of a client secret. Secrets are random and long, so a plain digest gives nothing away.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct SecretDigest(pub(super) [u8; 32]);

impl SecretDigest {
    pub(crate) fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// Whether this is the digest of `secret`, in a time that does not depend on where they differ.
    pub(crate) fn matches(&self, secret: &str) -> bool {
        self.0.ct_eq(&Self::of(secret).0).into()
    }
}

impl fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[digest]")
    }
}

/// An app's secret: its digest, which is also on disk, and in memory the text, once it has been seen.
///
/// The text is the key of `client_secret_jwt` and of the HS algorithms. Nothing else needs it, and it is never written down: after a restart
/// it is unknown until the app presents it.
#[derive(Clone)]
pub(crate) struct ClientSecret {
    pub(super) digest: SecretDigest,
    text: Arc<OnceLock<Secret>>,
}

impl ClientSecret {
    /// A secret just made.
    pub(super) fn new(text: &str) -> Self {
        let secret = Self::of_digest(SecretDigest::of(text));
        secret.keep(text);
        secret
    }

    /// A secret of which only the digest was kept.
    pub(super) fn of_digest(digest: SecretDigest) -> Self {
        Self { digest, text: Arc::default() }
    }

    /// Whether this is the secret.
    pub(crate) fn matches(&self, presented: &str) -> bool {
        let matches = self.digest.matches(presented);
        if matches && self.text.get().is_none() {
            self.keep(presented);
        }
        matches
    }

    /// The secret itself, when it was seen since the start.
    pub(crate) fn text(&self) -> Option<&Secret> {
        self.text.get()
    }

    fn keep(&self, text: &str) {
        // Fails only when another request has just kept the same text.
        let _ = self.text.set(Secret::new(text));
    }
}
