//! Documents of keys.

use gatewright_protocol::jose::{SigningAlgorithm, VerificationKey};
use gatewright_protocol::jwks::{JwkSet, Skipped};
use serde_json::Value;

use crate::shown::{assert_discrepancy_inert, assert_inert};

/// Every entry is a key or skipped with a reason, and a key that is chosen is the one that was meant.
///
/// No choices: the input is the document.
pub fn jwks(bytes: &[u8]) {
    let set = match JwkSet::parse(bytes) {
        Ok(set) => set,
        Err(defect) => return assert_discrepancy_inert(&defect.discrepancy()),
    };
    // Only numbers beyond all bounds keep a plain reader from it.
    let Ok(document) = serde_json::from_slice::<Value>(bytes) else { return };
    let entries = document["keys"].as_array().unwrap();
    assert_eq!(set.len() + set.skipped().len(), entries.len());
    assert_eq!(JwkSet::parse(document.to_string().as_bytes()).as_ref(), Ok(&set));
    for Skipped { position, reason, .. } in set.skipped() {
        assert!(*position < entries.len());
        assert_inert(&reason.to_string());
    }
    for found in set.private_members() {
        assert!(found.members.iter().all(|name| entries[found.position].get(name).is_some()));
        assert_discrepancy_inert(&found.discrepancy());
    }
    for algorithm in SigningAlgorithm::ALL {
        choose_all(&set, algorithm, entries);
    }
}

fn choose_all(set: &JwkSet, algorithm: SigningAlgorithm, entries: &[Value]) {
    let names = entries.iter().filter_map(|entry| entry.get("kid").and_then(Value::as_str));
    for name in names.map(Some).chain([None]) {
        let key = match set.select(algorithm, name) {
            Ok(key) => key,
            Err(defect) => {
                assert_discrepancy_inert(&defect.discrepancy());
                continue;
            }
        };
        let key_type = match key {
            VerificationKey::Rsa { modulus, .. } => {
                assert!((256..=1024).contains(&modulus.len()));
                "RSA"
            }
            VerificationKey::EllipticCurve { .. } => "EC",
            VerificationKey::Ed25519 { .. } => "OKP",
        };
        assert!(entries.iter().any(|entry| is_such(entry, key_type, algorithm, name)), "{key:?}");
    }
}

/// Whether an entry may be the key for a signature by this algorithm under this name.
fn is_such(entry: &Value, key_type: &str, algorithm: SigningAlgorithm, name: Option<&str>) -> bool {
    let says = |member: &str, text: &str| entry.get(member).is_none_or(|value| value == text);
    let fits = match key_type {
        "RSA" => ["RS", "PS"].iter().any(|start| algorithm.name().starts_with(start)),
        "EC" => algorithm.name().starts_with("ES"),
        _ => algorithm == SigningAlgorithm::EdDsa,
    };
    fits && entry["kty"] == key_type
        && name.is_none_or(|name| entry["kid"] == name)
        && says("alg", algorithm.name())
        && says("use", "sig")
}
