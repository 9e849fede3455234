//! Signing a JWT, as a client does to authenticate itself (RFC 7523).

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    EcdsaKeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512,
    RsaEncoding, RsaKeyPair,
};
use serde_json::{Map, Value};

use super::encoding::encode;
use super::judgement::hmac_algorithm;
use super::signing_key::Pair;
use super::{SigningAlgorithm, SigningKey};

/// Why nothing was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// A key of another kind, or on another curve.
    #[error("this key cannot sign with {0}")]
    KeyOfAnotherKind(SigningAlgorithm),
    /// The cryptographic library did not sign.
    #[error("the token could not be signed")]
    NotSigned,
}

/// Signs claims as a JWT in compact form (RFC 7515 §7.1). The header holds `alg`, `typ` and, when there is one, `kid`.
///
/// Signatures of PS and ES algorithms differ every time. What is random in them comes from the cryptographic library and
/// cannot be handed in: a caller who could choose it could give the private key away (RFC 6979 §1). It is the one
/// exception to this crate's rule that randomness is an argument.
///
/// # Errors
/// See [`SignError`].
pub fn sign(
    algorithm: SigningAlgorithm,
    key: &SigningKey,
    key_id: Option<&str>,
    claims: &Value,
) -> Result<String, SignError> {
    let mut header = Map::new();
    header.insert("alg".to_owned(), algorithm.name().into());
    header.insert("typ".to_owned(), "JWT".into());
    if let Some(key_id) = key_id {
        header.insert("kid".to_owned(), key_id.into());
    }
    let signing_input = format!("{}.{}", encode(Value::Object(header).to_string()), encode(claims.to_string()));
    let signature = signature(algorithm, key, signing_input.as_bytes())?;
    Ok(format!("{signing_input}.{}", encode(signature)))
}

/// The signature of any bytes.
pub(super) fn signature(algorithm: SigningAlgorithm, key: &SigningKey, message: &[u8]) -> Result<Vec<u8>, SignError> {
    if !key.fits(algorithm) {
        return Err(SignError::KeyOfAnotherKind(algorithm));
    }
    match key.pair() {
        Pair::Secret(secret) => {
            let key = hmac::Key::new(hmac_algorithm(algorithm.hash()), secret.expose().as_bytes());
            Ok(hmac::sign(&key, message).as_ref().to_vec())
        }
        Pair::Rsa(pair) => with_rsa(pair, algorithm, message),
        Pair::EllipticCurve(pair, _) => with_ecdsa(pair, message),
        Pair::Ed25519(pair) => {
            pair.try_sign(message).map(|signature| signature.as_ref().to_vec()).map_err(|_| SignError::NotSigned)
        }
    }
}

fn with_rsa(pair: &RsaKeyPair, algorithm: SigningAlgorithm, message: &[u8]) -> Result<Vec<u8>, SignError> {
    let encoding: &'static dyn RsaEncoding = match algorithm {
        SigningAlgorithm::Rs256 => &RSA_PKCS1_SHA256,
        SigningAlgorithm::Rs384 => &RSA_PKCS1_SHA384,
        SigningAlgorithm::Rs512 => &RSA_PKCS1_SHA512,
        SigningAlgorithm::Ps256 => &RSA_PSS_SHA256,
        SigningAlgorithm::Ps384 => &RSA_PSS_SHA384,
        SigningAlgorithm::Ps512 => &RSA_PSS_SHA512,
        other => return Err(SignError::KeyOfAnotherKind(other)),
    };
    let mut signature = vec![0; pair.public_modulus_len()];
    match pair.sign(encoding, &SystemRandom::new(), message, &mut signature) {
        Ok(()) => Ok(signature),
        Err(_) => Err(SignError::NotSigned),
    }
}

fn with_ecdsa(pair: &EcdsaKeyPair, message: &[u8]) -> Result<Vec<u8>, SignError> {
    let signature = pair.sign(&SystemRandom::new(), message).map_err(|_| SignError::NotSigned)?;
    Ok(signature.as_ref().to_vec())
}
