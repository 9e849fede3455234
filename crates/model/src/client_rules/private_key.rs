//! Rules for a private key pasted in the place of a secret. They look at its wrapping only; whether the key itself is sound is found out
//! where it is used.

use gatewright_protocol::Secret;
use serde_json::Value;

use super::{DraftField, Finding, FindingCode};

const FIELD: DraftField = DraftField::Secret;
const WANTED: &str =
    "Paste the whole private key: PEM with its first and last line, or a JWK with its private members.";

/// What is wrong with a private key.
pub(super) fn check(key: &Secret) -> Option<Finding> {
    let text = key.expose().trim();
    if text.starts_with('{') { jwk(text) } else { pem(text) }
}

/// RFC 7468 §10 and §11, and the older labels that name their algorithm.
fn pem(text: &str) -> Option<Finding> {
    let label = text.strip_prefix("-----BEGIN ").and_then(|rest| rest.split_once("-----")).map(|(label, _)| label);
    let Some(label) = label else { return Some(malformed("This is neither PEM nor a JWK.")) };
    if label == "ENCRYPTED PRIVATE KEY" || text.contains("Proc-Type: 4,ENCRYPTED") {
        let message = "This private key is encrypted with a passphrase.";
        return Some(
            Finding::error(FIELD, FindingCode::PrivateKeyEncrypted, message).hint(
                "Take the passphrase off, for example with openssl pkey. Gatewright keeps the key in the keyring.",
            ),
        );
    }
    if !label.ends_with("PRIVATE KEY") {
        return Some(public("This PEM holds something other than a private key."));
    }
    (!text.ends_with(&format!("-----END {label}-----")))
        .then(|| malformed("The last line of the private key is missing."))
}

/// A JWK has its private part in `d` (RFC 7518 §6, RFC 8037 §2).
fn jwk(text: &str) -> Option<Finding> {
    let Ok(Value::Object(key)) = serde_json::from_str(text) else { return Some(malformed("This JWK is not JSON.")) };
    if key.contains_key("keys") {
        return Some(malformed("This is a set of keys."));
    }
    if !key.get("kty").is_some_and(Value::is_string) {
        return Some(malformed("This JWK does not say what kind of key it is (kty)."));
    }
    (!key.get("d").is_some_and(Value::is_string)).then(|| public("This JWK has no private member d."))
}

fn malformed(message: &str) -> Finding {
    Finding::error(FIELD, FindingCode::PrivateKeyMalformed, message).hint(WANTED)
}

fn public(message: &str) -> Finding {
    Finding::error(FIELD, FindingCode::PrivateKeyIsPublic, message)
        .hint("The public key belongs to the provider. Paste the private one here; it stays on this computer.")
}
