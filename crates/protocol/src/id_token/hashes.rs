//! Claims that bind an ID token to what came along with it (OpenID Connect Core §3.1.3.6, §3.3.2.11; s_hash: FAPI 1.0 part 2 §5.1.1).

use serde_json::{Map, Value};

use super::IdTokenRules;
use crate::Secret;
use crate::discrepancy::Discrepancy;
use crate::jose::{HashAlgorithm, SigningAlgorithm};

/// Compares each hash that is there and whose subject is known. None is required in the code flow.
pub(super) fn defects(
    claims: &Map<String, Value>,
    rules: &IdTokenRules<'_>,
    algorithm: SigningAlgorithm,
) -> Vec<Discrepancy> {
    let state = rules.state.map(|state| Secret::new(state.value().expose()));
    let subjects = [
        ("claim_access_token_hash", "at_hash", "access token", rules.access_token),
        ("claim_code_hash", "c_hash", "code", rules.code),
        ("claim_state_hash", "s_hash", "state", state.as_ref()),
    ];
    let judge = |(code, claim, subject, secret): (_, &str, &str, Option<&Secret>)| {
        let (found, secret) = (claims.get(claim)?, secret?);
        let expected = format!("the left half of the {subject}'s hash, by the hash of {algorithm}");
        let received = unlike(found, secret.expose(), algorithm.hash())?;
        Some(Discrepancy::new(code, claim, expected, received))
    };
    subjects.into_iter().filter_map(judge).collect()
}

/// What a hash is instead of the right one. Its value is not told: it would help to guess at what it is the hash of.
fn unlike(found: &Value, of: &str, hash: HashAlgorithm) -> Option<&'static str> {
    let Some(found) = found.as_str() else { return Some("something that is no text") };
    if found == hash.left_half(of) {
        return None;
    }
    let others = [
        (HashAlgorithm::Sha256, "the hash by SHA-256"),
        (HashAlgorithm::Sha384, "the hash by SHA-384"),
        (HashAlgorithm::Sha512, "the hash by SHA-512"),
    ];
    let other = others.into_iter().find(|(other, _)| found == other.left_half(of));
    Some(other.map_or("the hash of something else", |(_, name)| name))
}
