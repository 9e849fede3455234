//! Choosing the one key for a signature.

use super::{Jwk, JwkSet, KeyDefect};
use crate::inert::inert;
use crate::jose::{SigningAlgorithm, VerificationKey};

/// The one key whose type, curve, `alg`, `use` and `key_ops` fit the algorithm and whose `kid` is the one named, if one is.
pub(super) fn select<'a>(
    set: &'a JwkSet,
    algorithm: SigningAlgorithm,
    key_id: Option<&str>,
) -> Result<&'a VerificationKey, KeyDefect> {
    let named = |jwk: &&Jwk| key_id.is_none_or(|key_id| jwk.key_id.as_deref() == Some(key_id));
    let candidates: Vec<&Jwk> = set.keys.iter().filter(|jwk| jwk.is_for(algorithm)).filter(named).collect();
    match candidates[..] {
        [one] => Ok(&one.key),
        [] => Err(key_id.map_or(KeyDefect::NoKeyFor(algorithm), |key_id| why_not(set, algorithm, key_id))),
        _ => Err(KeyDefect::Ambiguous(candidates.len())),
    }
}

/// Why no key of this name can be used.
fn why_not(set: &JwkSet, algorithm: SigningAlgorithm, key_id: &str) -> KeyDefect {
    if set.keys.iter().any(|jwk| jwk.key_id.as_deref() == Some(key_id)) {
        return KeyDefect::NotForThis { key_id: inert(key_id), algorithm };
    }
    match set.skipped.iter().find(|skipped| skipped.key_id.as_deref() == Some(key_id)) {
        Some(skipped) => KeyDefect::Unusable { key_id: inert(key_id), reason: skipped.reason.clone() },
        None => KeyDefect::UnknownKid(inert(key_id)),
    }
}

impl Jwk {
    /// Whether the key may check a signature by this algorithm (RFC 7517 §4.2 to §4.4).
    fn is_for(&self, algorithm: SigningAlgorithm) -> bool {
        self.key.fits(algorithm)
            && self.algorithm.as_deref().is_none_or(|name| name == algorithm.name())
            && self.usage.as_deref().is_none_or(|usage| usage == "sig")
            && self.operations.as_ref().is_none_or(|names| names.iter().any(|name| name == "verify"))
    }
}
