//! A key pair of Chaster's twin, for one algorithm.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512,
    RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaKeyPair, RsaPublicKeyComponents, RsaSignatureEncoding,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Jwk, SignatureAlgorithm, SigningError, encoded};

/// A key pair with its public half ready for a JWK Set. As at Keycloak every algorithm has a key of its own (RFC 8725 §3.1).
pub(crate) struct SigningKey {
    algorithm: SignatureAlgorithm,
    pair: Pair,
    public: Jwk,
    /// The encoded JWS header, the same for every token.
    header: String,
}

enum Pair {
    Rsa(RsaKeyPair, &'static RsaSignatureEncoding),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl SigningKey {
    /// Makes a new key; none for an algorithm that is keyed by a secret. An RSA key has 2048 bits and takes its time.
    pub(crate) fn generate(algorithm: SignatureAlgorithm) -> Result<Self, SigningError> {
        use SignatureAlgorithm as A;
        match algorithm {
            A::Rs256 => Self::generate_rsa(algorithm, &RSA_PKCS1_SHA256),
            A::Rs384 => Self::generate_rsa(algorithm, &RSA_PKCS1_SHA384),
            A::Rs512 => Self::generate_rsa(algorithm, &RSA_PKCS1_SHA512),
            A::Ps256 => Self::generate_rsa(algorithm, &RSA_PSS_SHA256),
            A::Ps384 => Self::generate_rsa(algorithm, &RSA_PSS_SHA384),
            A::Ps512 => Self::generate_rsa(algorithm, &RSA_PSS_SHA512),
            A::Es256 => Self::generate_ecdsa(algorithm, "P-256", &ECDSA_P256_SHA256_FIXED_SIGNING),
            A::Es384 => Self::generate_ecdsa(algorithm, "P-384", &ECDSA_P384_SHA384_FIXED_SIGNING),
            A::Es512 => Self::generate_ecdsa(algorithm, "P-521", &ECDSA_P521_SHA512_FIXED_SIGNING),
            A::EdDsa => Self::generate_ed25519(),
            A::Hs256 | A::Hs384 | A::Hs512 => Err(SigningError::NoKey),
        }
    }

    fn generate_rsa(algorithm: SignatureAlgorithm, how: &'static RsaSignatureEncoding) -> Result<Self, SigningError> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| SigningError::NoKey)?;
        let parts = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        let public = Jwk {
            kid: Some(kid(pair.public_key())?),
            kty: "RSA".to_owned(),
            n: Some(URL_SAFE_NO_PAD.encode(&parts.n)),
            e: Some(URL_SAFE_NO_PAD.encode(&parts.e)),
            ..Jwk::default()
        };
        Self::new(algorithm, Pair::Rsa(pair, how), public)
    }

    fn generate_ecdsa(
        algorithm: SignatureAlgorithm,
        curve: &str,
        how: &'static EcdsaSigningAlgorithm,
    ) -> Result<Self, SigningError> {
        let pair = EcdsaKeyPair::generate(how).map_err(|_| SigningError::NoKey)?;
        // An uncompressed point (SEC 1 §2.3.3): 4, then x and y of equal length.
        let point = pair.public_key().as_ref();
        let (x, y) = point[1..].split_at(point.len() / 2);
        let public = Jwk {
            kid: Some(kid(pair.public_key())?),
            kty: "EC".to_owned(),
            crv: Some(curve.to_owned()),
            x: Some(URL_SAFE_NO_PAD.encode(x)),
            y: Some(URL_SAFE_NO_PAD.encode(y)),
            ..Jwk::default()
        };
        Self::new(algorithm, Pair::Ecdsa(pair), public)
    }

    fn generate_ed25519() -> Result<Self, SigningError> {
        let pair = Ed25519KeyPair::generate().map_err(|_| SigningError::NoKey)?;
        let public = Jwk {
            kid: Some(kid(pair.public_key())?),
            kty: "OKP".to_owned(),
            crv: Some("Ed25519".to_owned()),
            x: Some(URL_SAFE_NO_PAD.encode(pair.public_key().as_ref())),
            ..Jwk::default()
        };
        Self::new(SignatureAlgorithm::EdDsa, Pair::Ed25519(pair), public)
    }

    fn new(algorithm: SignatureAlgorithm, pair: Pair, public: Jwk) -> Result<Self, SigningError> {
        let header = encoded(&json!({"alg": algorithm, "typ": "JWT", "kid": public.kid}))?;
        let public = Jwk { alg: Some(algorithm.name().to_owned()), usage: Some("sig".to_owned()), ..public };
        Ok(Self { algorithm, pair, public, header })
    }

    /// The one algorithm this key is for.
    pub(crate) const fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The public half.
    pub(crate) const fn public(&self) -> &Jwk {
        &self.public
    }

    /// The JWS header in base64url.
    pub(crate) fn encoded_header(&self) -> &str {
        &self.header
    }

    /// The signature over `message`, in the form RFC 7518 §3 asks for.
    pub(crate) fn signature(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair, how) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*how, &random, message, &mut signature).map_err(|_| SigningError::NotSigned)?;
                Ok(signature)
            }
            Pair::Ecdsa(pair) => {
                let signature = pair.sign(&random, message).map_err(|_| SigningError::NotSigned)?;
                Ok(signature.as_ref().to_vec())
            }
            Pair::Ed25519(pair) => {
                let signature = pair.try_sign(message).map_err(|_| SigningError::NotSigned)?;
                Ok(signature.as_ref().to_vec())
            }
        }
    }
}

/// A key's name: the digest of its public half, so that no two keys share one.
fn kid(public: &impl AsDer<PublicKeyX509Der<'static>>) -> Result<String, SigningError> {
    let der = public.as_der().map_err(|_| SigningError::NoKey)?;
    Ok(URL_SAFE_NO_PAD.encode(Sha256::digest(der.as_ref())))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::SigningKey;
    use crate::signing::{Jwt, SignatureAlgorithm, Signer};

    #[test]
    fn what_a_key_signs_its_public_half_verifies_and_no_other() {
        let algorithms = &SignatureAlgorithm::ALL[..SignatureAlgorithm::WITH_KEY];
        let keys: Vec<_> = algorithms.iter().map(|one| Arc::new(SigningKey::generate(*one).unwrap())).collect();
        for (position, key) in keys.iter().enumerate() {
            let token = Signer::Key(Arc::clone(key)).sign(&json!({"sub": "theo"})).unwrap();
            let token = Jwt::parse(&token).unwrap();
            assert_eq!((token.algorithm(), token.text("sub")), (Some(key.algorithm()), Some("theo")));
            for (other, judge) in keys.iter().enumerate() {
                assert_eq!(token.is_signed_by(judge.public()), position == other, "{position} by {other}");
            }
        }
    }
}
