//! Why there is no key.

use super::SkipReason;
use crate::discrepancy::Discrepancy;
use crate::jose::SigningAlgorithm;

/// Why a document is no JWK Set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwksDefect {
    /// Another status than 200.
    #[error("the keys came with status {0} instead of 200")]
    Status(u16),
    /// Longer than 1 MiB, or more than 100 keys.
    #[error("the document of keys is longer than 1 MiB or holds more than 100 keys")]
    TooLarge,
    /// No JSON in UTF-8.
    #[error("the document of keys is no JSON")]
    NotJson,
    /// A member that is there twice.
    #[error("the member {0} of the document of keys is there twice")]
    Twice(String),
    /// No list `keys`.
    #[error("the document of keys holds no list of keys")]
    NoKeys,
    /// An empty list.
    #[error("the list of keys is empty")]
    Empty,
}

impl JwksDefect {
    /// Expected against received.
    pub fn discrepancy(&self) -> Discrepancy {
        let code = match self {
            Self::TooLarge => "jwks_too_large",
            _ => "jwks_unusable",
        };
        Discrepancy::new(code, "keys", "200 with a JWK Set of at most 100 keys (RFC 7517 §5)", self.to_string())
    }
}

/// Why there is no key to check a signature with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyDefect {
    /// The provider's keys could not be had.
    #[error("the provider's keys could not be had, so that the signature cannot be checked")]
    NoKeySet,
    /// The header names a key that is not published.
    #[error("the provider publishes no key named {0}")]
    UnknownKid(String),
    /// The header names no key, and none that is published fits the algorithm.
    #[error("the provider publishes no key for {0}")]
    NoKeyFor(SigningAlgorithm),
    /// The named key is published, but not for this: another type or curve, another `alg`, `use` or `key_ops`.
    #[error("the key named {key_id} is not for signing with {algorithm}")]
    NotForThis {
        /// As named, made inert.
        key_id: String,
        /// The algorithm of the signature.
        algorithm: SigningAlgorithm,
    },
    /// The named key is published, but cannot be used.
    #[error("the key named {key_id} cannot be used: {reason}")]
    Unusable {
        /// As named, made inert.
        key_id: String,
        /// Why.
        reason: SkipReason,
    },
    /// Several keys fit. To try them all would let whoever adds a key to the set choose (OpenID Connect Core §10.1).
    #[error("{0} keys fit, and the token does not say which one is meant")]
    Ambiguous(usize),
}

impl KeyDefect {
    /// Whether the keys at hand may be older than the token, so that fetching them anew might help.
    pub const fn may_be_stale(&self) -> bool {
        matches!(self, Self::UnknownKid(_) | Self::NoKeyFor(_))
    }

    /// Expected against received.
    pub fn discrepancy(&self) -> Discrepancy {
        let code = match self {
            Self::NoKeySet => "key_set_missing",
            Self::UnknownKid(_) => "key_unknown",
            Self::NoKeyFor(_) => "key_missing",
            Self::NotForThis { .. } => "key_not_for_this",
            Self::Unusable { reason: SkipReason::Weak(_), .. } => "key_weak",
            Self::Unusable { .. } => "key_unusable",
            Self::Ambiguous(_) => "key_ambiguous",
        };
        Discrepancy::new(code, "kid", "exactly one published key for this signature", self.to_string())
    }
}
