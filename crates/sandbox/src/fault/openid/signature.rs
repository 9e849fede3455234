//! ID-01 to ID-09: the claims are right, the signature is not, or not one to be believed.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use gatewright_protocol::Secret;
use serde_json::{Value, json};

use super::attacker;
use super::certificate::{self, der, der_integer};
use super::id_token::IdToken;
use crate::server::Server;
use crate::signing::{SignatureAlgorithm, Signer, keyed_digest};

/// The token with the fault's signature; none when the fault cannot happen to it.
pub(super) async fn forged(server: &Server, token: &mut IdToken, fault: &str, variant: &str) -> Option<String> {
    match fault {
        "ID-01" => {
            sign_by(server, token, SignatureAlgorithm::Rs256).await?;
            resigned(token, flipped)
        }
        "ID-02" => {
            sign_by(server, token, SignatureAlgorithm::Es256).await?;
            resigned(token, |signature| broken_ecdsa(signature, variant))
        }
        "ID-03" => {
            // A public app's client has no secret; whoever keys HMAC with nothing is what such a client must not believe.
            let secret = token.app.secrets.text().cloned().unwrap_or_else(|| Secret::new(""));
            token.signer = Signer::Secret(SignatureAlgorithm::Hs256, secret);
            token.header = token.signer.header();
            if variant == "bad_mac" { resigned(token, flipped) } else { token.signed() }
        }
        "ID-04" => unsigned(token, variant),
        "ID-05" => keyed_by_public_key(server, token, variant).await,
        "ID-06" => {
            let algorithm = SignatureAlgorithm::from_name(&variant.to_ascii_uppercase())?;
            if token.app.openid.id_token_signed_response_alg == algorithm {
                return None;
            }
            sign_by(server, token, algorithm).await?;
            token.signed()
        }
        "ID-08" => signed_by_attacker(server, token, variant).await,
        _ => {
            let (name, value) = if variant == "b64" { ("b64", false) } else { ("sandbox", true) };
            token.header.insert(name.to_owned(), Value::from(value));
            token.header.insert("crit".to_owned(), json!([name]));
            token.signed()
        }
    }
}

/// Signs by another algorithm from now on, with the twin's own key for it.
async fn sign_by(server: &Server, token: &mut IdToken, algorithm: SignatureAlgorithm) -> Option<()> {
    token.signer = server.keys.signer(algorithm, token.app.secrets.text()).await.ok()?;
    token.header = token.signer.header();
    Some(())
}

/// The token with its signature changed.
fn resigned(token: &IdToken, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Option<String> {
    let signed = token.unsigned(&token.claims.to_json())?;
    let signature = change(token.signer.signature(signed.as_bytes()).ok()?);
    Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// ID-02: an ECDSA signature is r and s side by side (RFC 7518 §3.4), and here it is not.
fn broken_ecdsa(signature: Vec<u8>, variant: &str) -> Vec<u8> {
    const SEQUENCE: u8 = 0x30;
    match variant {
        "der" => {
            let (r, s) = signature.split_at(signature.len() / 2);
            der(SEQUENCE, &[der_integer(r), der_integer(s)].concat())
        }
        "zeros" => vec![0; signature.len()],
        _ => flipped(signature),
    }
}

/// One bit of the signature is another.
fn flipped(mut signature: Vec<u8>) -> Vec<u8> {
    signature[0] ^= 1;
    signature
}

/// ID-04.
fn unsigned(token: &mut IdToken, variant: &str) -> Option<String> {
    let alg = match variant {
        "none" => json!("none"),
        "mixed_case" => json!("nOnE"),
        "empty" => json!(""),
        "null" => Value::Null,
        "array" => json!(["none"]),
        _ => {
            token.header.remove("alg");
            return Some(format!("{}.", token.unsigned(&token.claims.to_json())?));
        }
    };
    token.header.insert("alg".to_owned(), alg);
    Some(format!("{}.", token.unsigned(&token.claims.to_json())?))
}

/// ID-05: a verifier that takes the header's word would key HMAC with the public key it holds (RFC 8725 §2.1).
async fn keyed_by_public_key(server: &Server, token: &mut IdToken, variant: &str) -> Option<String> {
    let key = server.keys.key(SignatureAlgorithm::Rs256).await.ok()?;
    let der = key.public().rsa_der()?;
    let known = match variant {
        "pem" => certificate::pem("PUBLIC KEY", &der).into_bytes(),
        "der" => der,
        _ => serde_json::to_vec(key.public()).ok()?,
    };
    let kid = key.public().kid.clone();
    token.header.insert("alg".to_owned(), json!("HS256"));
    token.header.insert("kid".to_owned(), json!(kid));
    let signed = token.unsigned(&token.claims.to_json())?;
    let signature = keyed_digest(SignatureAlgorithm::Hs256, &known, signed.as_bytes())?;
    Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// ID-08: the header points at the key that signs (RFC 7515 §4.1.2 to §4.1.6), and the name of the key is still Chaster's.
async fn signed_by_attacker(server: &Server, token: &mut IdToken, variant: &str) -> Option<String> {
    let key = attacker::key().await?;
    let kid = token.header.get("kid").cloned();
    let value = match variant {
        "jwk" => serde_json::to_value(key.public()).ok()?,
        "jku" => json!(attacker::address(server, "keys")),
        "x5u" => json!(attacker::address(server, "certificate")),
        _ => json!([STANDARD.encode(certificate::of(&key)?)]),
    };
    token.signer = Signer::Key(key);
    token.header = token.signer.header();
    token.header.extend(kid.map(|kid| ("kid".to_owned(), kid)));
    token.header.insert(variant.to_owned(), value);
    token.signed()
}
