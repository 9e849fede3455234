//! The keys a provider publishes (RFC 7517), and choosing the one a signature is checked with.

mod defect;
mod entry;
mod select;

use serde_json::Value;

pub use defect::{JwksDefect, KeyDefect};
pub use entry::{PrivateMembers, SkipReason, Skipped};

use crate::document;
use crate::http::HttpResponse;
use crate::inert::inert;
use crate::jose::{SigningAlgorithm, VerificationKey};

/// The longest document we read, in bytes.
const LONGEST: usize = 1024 * 1024;

/// The most keys we read. Providers publish two or three; the largest we know of publishes a dozen.
const MOST_KEYS: usize = 100;

/// The public keys of a provider (RFC 7517 §5).
///
/// One entry that cannot be used does not spoil the others: it is skipped, and told. Private members are noticed and never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwkSet {
    keys: Vec<Jwk>,
    skipped: Vec<Skipped>,
    private_members: Vec<PrivateMembers>,
}

/// A key that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Jwk {
    key: VerificationKey,
    key_id: Option<String>,
    algorithm: Option<String>,
    usage: Option<String>,
    operations: Option<Vec<String>>,
}

impl JwkSet {
    /// Reads the answer of `jwks_uri`. Its `Content-Type` does not matter: providers send several.
    ///
    /// # Errors
    /// See [`JwksDefect`].
    pub fn read(response: &HttpResponse) -> Result<Self, JwksDefect> {
        if response.status != 200 {
            return Err(JwksDefect::Status(response.status));
        }
        if response.cut {
            return Err(JwksDefect::TooLarge);
        }
        Self::parse(&response.body)
    }

    /// Reads the document itself.
    ///
    /// # Errors
    /// See [`JwksDefect`].
    pub fn parse(bytes: &[u8]) -> Result<Self, JwksDefect> {
        if bytes.len() > LONGEST {
            return Err(JwksDefect::TooLarge);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| JwksDefect::NotJson)?;
        let read = document::read(text).map_err(|_| JwksDefect::NotJson)?;
        if let Some(name) = read.duplicate {
            return Err(JwksDefect::Twice(inert(&name)));
        }
        let Some(Value::Array(entries)) = read.value.get("keys") else { return Err(JwksDefect::NoKeys) };
        if entries.is_empty() {
            return Err(JwksDefect::Empty);
        }
        if entries.len() > MOST_KEYS {
            return Err(JwksDefect::TooLarge);
        }
        let mut set = Self { keys: Vec::new(), skipped: Vec::new(), private_members: Vec::new() };
        for (position, entry) in entries.iter().enumerate() {
            set.add(position, entry);
        }
        Ok(set)
    }

    /// How many keys can be used.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no key can be used.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The entries that cannot be used, and why.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// The entries with members that only the owner of the key may know. Whoever has read the document can sign as the
    /// provider: the finding `jwks_private_members`.
    pub fn private_members(&self) -> &[PrivateMembers] {
        &self.private_members
    }

    /// The one key for a signature by `algorithm` whose header names `key_id`.
    ///
    /// # Errors
    /// See [`KeyDefect`]; [`KeyDefect::may_be_stale`] says when fetching the keys anew might help.
    pub fn select(&self, algorithm: SigningAlgorithm, key_id: Option<&str>) -> Result<&VerificationKey, KeyDefect> {
        select::select(self, algorithm, key_id)
    }
}

#[cfg(test)]
mod tests;
