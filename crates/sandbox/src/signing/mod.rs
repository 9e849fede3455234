//! JSON Web Signatures (RFC 7515) as Chaster's twin makes and checks them.
//!
//! What is here shares no line with the engine's own verification, so that a misreading cannot hide in both.

mod algorithm;
mod jwk;
mod jwt;
mod key;
mod key_ring;

pub use algorithm::SignatureAlgorithm;
pub use jwk::{Jwk, JwkSet};
pub(crate) use jwt::Jwt;
pub(crate) use key::SigningKey;
pub(crate) use key_ring::KeyRing;

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatewright_protocol::Secret;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Why nothing could be signed.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum SigningError {
    /// The cryptographic library made no key.
    #[error("no signing key could be made")]
    NoKey,
    /// The cryptographic library did not sign.
    #[error("the ID token could not be signed")]
    NotSigned,
    /// The algorithm is keyed by the client's secret, and the sandbox knows only the digest of it.
    #[error(
        "the sandbox knows only a digest of this app's secret since it was restarted; send the secret itself once, by client_secret_post"
    )]
    SecretNotKnown,
}

/// What signs a token: a key of the twin, or a client's own secret (RFC 7518 §3.2).
#[derive(Clone)]
pub(crate) enum Signer {
    /// The private half of a published key.
    Key(Arc<SigningKey>),
    /// HMAC keyed by the UTF-8 octets of the client secret (OpenID Connect Core §10.1).
    Secret(SignatureAlgorithm, Secret),
}

impl Signer {
    /// The JWS header as a JSON object.
    pub(crate) fn header(&self) -> Map<String, Value> {
        let header = match self {
            Self::Key(key) => json!({"alg": key.algorithm(), "typ": "JWT", "kid": key.public().kid}),
            Self::Secret(algorithm, _) => json!({"alg": algorithm, "typ": "JWT"}),
        };
        match header {
            Value::Object(header) => header,
            _ => Map::new(),
        }
    }

    /// Signs claims as a JWT in compact form (RFC 7515 §7.1).
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<String, SigningError> {
        match self {
            // The header of a key is the same for every token and stands ready.
            Self::Key(key) => self.sign_encoded(key.encoded_header(), claims),
            Self::Secret(..) => self.sign_encoded(&encoded(&self.header())?, claims),
        }
    }

    fn sign_encoded(&self, header: &str, claims: &impl Serialize) -> Result<String, SigningError> {
        let claims = serde_json::to_vec(claims).map_err(|_| SigningError::NotSigned)?;
        let mut token = String::with_capacity(header.len() + claims.len() * 4 / 3 + 400);
        token.push_str(header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let signature = self.signature(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    /// The signature over `message` alone.
    pub(crate) fn signature(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        match self {
            Self::Key(key) => key.signature(message),
            Self::Secret(algorithm, secret) => {
                keyed_digest(*algorithm, secret.expose().as_bytes(), message).ok_or(SigningError::NotSigned)
            }
        }
    }
}

/// A part of a compact JWS: the JSON text in base64url.
pub(crate) fn encoded(part: &impl Serialize) -> Result<String, SigningError> {
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(part).map_err(|_| SigningError::NotSigned)?))
}

/// The HMAC of `message` (RFC 7518 §3.2); nothing for an algorithm that is none.
pub(crate) fn keyed_digest(algorithm: SignatureAlgorithm, key: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let key = hmac::Key::new(algorithm.hmac()?, key);
    Some(hmac::sign(&key, message).as_ref().to_vec())
}
