//! Comparing the ID token of a refresh with the one of the login (OpenID Connect Core §12.2).

use serde_json::{Map, Value};

use super::claims::{audiences, received};
use crate::discrepancy::Discrepancy;

/// What a refreshed ID token says otherwise than the one of the login. Any of it means that the refresh is not to be believed: it
/// speaks of somebody else, or for somebody else.
///
/// Both sets of claims have to be verified before, each by itself.
pub fn compare_refreshed(original: &Map<String, Value>, refreshed: &Map<String, Value>) -> Vec<Discrepancy> {
    let differs = |code, name: &str| {
        let side = |claims| format!("{} as at the login", received(claims, name));
        Discrepancy::new(code, name, side(original), received(refreshed, name))
    };
    let mut found = Vec::new();
    for (code, name) in
        [("refreshed_issuer", "iss"), ("refreshed_subject", "sub"), ("refreshed_authorized_party", "azp")]
    {
        if original.get(name) != refreshed.get(name) {
            found.push(differs(code, name));
        }
    }
    if sorted_audiences(original) != sorted_audiences(refreshed) {
        found.push(differs("refreshed_audience", "aud"));
    }
    // The time of the login, not of the refresh; either token may do without it.
    if let (Some(before), Some(after)) = (original.get("auth_time"), refreshed.get("auth_time"))
        && before.as_f64() != after.as_f64()
    {
        found.push(differs("refreshed_authentication_time", "auth_time"));
    }
    if refreshed.get("nonce").is_some_and(|nonce| original.get("nonce") != Some(nonce)) {
        let expected = "no nonce, or the one of the login";
        found.push(Discrepancy::new("refreshed_nonce", "nonce", expected, "another nonce"));
    }
    found
}

/// One audience in a list is the same as one outside of it, and the order of several says nothing.
fn sorted_audiences(claims: &Map<String, Value>) -> Option<Vec<&str>> {
    let mut found = audiences(claims)?;
    found.sort_unstable();
    Some(found)
}
