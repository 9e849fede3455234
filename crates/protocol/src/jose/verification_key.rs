//! Public keys, and checking a signature with one.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519, EcdsaVerificationAlgorithm,
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters,
    RsaPublicKeyComponents,
};

use super::{Curve, KeyType, SigningAlgorithm};

/// A public key of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerificationKey {
    /// RSA, 2048 to 8192 bits.
    Rsa {
        /// The modulus, without leading zeros.
        modulus: Vec<u8>,
        /// The exponent, without leading zeros.
        exponent: Vec<u8>,
    },
    /// A point of a curve of NIST.
    EllipticCurve {
        /// The curve.
        curve: Curve,
        /// The point, uncompressed (SEC 1 §2.3.3).
        point: Vec<u8>,
    },
    /// Ed25519 (RFC 8037).
    Ed25519 {
        /// The 32 bytes of the key.
        point: Vec<u8>,
    },
}

impl VerificationKey {
    /// Whether the algorithm is one for this kind of key. Pairing them strictly is what makes an RSA key useless as an
    /// HMAC secret (RFC 8725 §2.1).
    pub(crate) fn fits(&self, algorithm: SigningAlgorithm) -> bool {
        let own = match self {
            Self::Rsa { .. } => KeyType::Rsa,
            Self::EllipticCurve { curve, .. } => KeyType::EllipticCurve(*curve),
            Self::Ed25519 { .. } => KeyType::Ed25519,
        };
        own == algorithm.key_type()
    }

    /// Whether the key is one: its numbers can be used, its point is on its curve.
    pub(crate) fn is_sound(&self) -> bool {
        match self {
            Self::Rsa { modulus, exponent } => {
                let exponent_is_odd = exponent.last().is_some_and(|byte| byte % 2 == 1);
                let key = RsaPublicKeyComponents { n: modulus, e: exponent };
                exponent_is_odd && exponent[..] != [1] && key.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).is_ok()
            }
            Self::EllipticCurve { curve, point } => ParsedPublicKey::new(ecdsa(*curve), point).is_ok(),
            Self::Ed25519 { point } => ParsedPublicKey::new(&ED25519, point).is_ok(),
        }
    }

    /// Whether the signature belongs to the message and this key. ECDSA signatures are the two numbers in full length
    /// one after the other (RFC 7518 §3.4), never DER.
    pub(crate) fn verifies(&self, algorithm: SigningAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        if !self.fits(algorithm) {
            return false;
        }
        match self {
            Self::Rsa { modulus, exponent } => rsa(algorithm).is_some_and(|parameters| {
                RsaPublicKeyComponents { n: modulus, e: exponent }.verify(parameters, message, signature).is_ok()
            }),
            Self::EllipticCurve { curve, point } => {
                let key = ParsedPublicKey::new(ecdsa(*curve), point);
                key.is_ok_and(|key| key.verify_sig(message, signature).is_ok())
            }
            Self::Ed25519 { point } => {
                ParsedPublicKey::new(&ED25519, point).is_ok_and(|key| key.verify_sig(message, signature).is_ok())
            }
        }
    }
}

/// Every one of these demands at least 2048 bits (RFC 7518 §3.3); the salt of PSS is as long as the hash (§3.5).
fn rsa(algorithm: SigningAlgorithm) -> Option<&'static RsaParameters> {
    Some(match algorithm {
        SigningAlgorithm::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
        SigningAlgorithm::Rs384 => &RSA_PKCS1_2048_8192_SHA384,
        SigningAlgorithm::Rs512 => &RSA_PKCS1_2048_8192_SHA512,
        SigningAlgorithm::Ps256 => &RSA_PSS_2048_8192_SHA256,
        SigningAlgorithm::Ps384 => &RSA_PSS_2048_8192_SHA384,
        SigningAlgorithm::Ps512 => &RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

fn ecdsa(curve: Curve) -> &'static EcdsaVerificationAlgorithm {
    match curve {
        Curve::P256 => &ECDSA_P256_SHA256_FIXED,
        Curve::P384 => &ECDSA_P384_SHA384_FIXED,
        Curve::P521 => &ECDSA_P521_SHA512_FIXED,
    }
}
