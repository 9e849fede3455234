//! Public keys as RFC 7517 writes them, and checking a signature with one.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519, EcdsaVerificationAlgorithm,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::SignatureAlgorithm;

/// A public key. What an app registers may have more members (`x5c`, `key_ops`); they are not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Jwk {
    /// By which a token's header names the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// `RSA`, `EC` or `OKP`.
    pub kty: String,
    /// The one algorithm the key is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// `sig`, when it says.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// The curve of an EC or OKP key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    /// The modulus of an RSA key in base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    /// The exponent of an RSA key in base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e: Option<String>,
    /// The x coordinate, or the whole Ed25519 key, in base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// The y coordinate of an EC key in base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
}

/// A JWK Set (RFC 7517 §5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JwkSet {
    /// The keys.
    pub keys: Vec<Jwk>,
}

impl Jwk {
    /// Whether `signature` over `message` was made with the private half, by `algorithm`. A key of another kind verifies nothing.
    pub(crate) fn verifies(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        self.alg.as_deref().is_none_or(|alg| alg == algorithm.name())
            && self.try_verify(algorithm, message, signature).is_some()
    }

    /// An RSA key as X.509 writes it (`SubjectPublicKeyInfo`, RFC 5280 §4.1); none of another kind.
    pub(crate) fn rsa_der(&self) -> Option<Vec<u8>> {
        let (n, e) = (bytes(self.n.as_ref()?)?, bytes(self.e.as_ref()?)?);
        Some(RsaPublicKeyComponents { n, e }.as_der().ok()?.as_ref().to_vec())
    }

    fn try_verify(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> Option<()> {
        use SignatureAlgorithm as A;
        let rsa = |parameters| self.verify_rsa(parameters, message, signature);
        let ecdsa = |curve, algorithm| self.verify_ecdsa(curve, algorithm, message, signature);
        match algorithm {
            A::Rs256 => rsa(&RSA_PKCS1_2048_8192_SHA256),
            A::Rs384 => rsa(&RSA_PKCS1_2048_8192_SHA384),
            A::Rs512 => rsa(&RSA_PKCS1_2048_8192_SHA512),
            A::Ps256 => rsa(&RSA_PSS_2048_8192_SHA256),
            A::Ps384 => rsa(&RSA_PSS_2048_8192_SHA384),
            A::Ps512 => rsa(&RSA_PSS_2048_8192_SHA512),
            A::Es256 => ecdsa("P-256", &ECDSA_P256_SHA256_FIXED),
            A::Es384 => ecdsa("P-384", &ECDSA_P384_SHA384_FIXED),
            A::Es512 => ecdsa("P-521", &ECDSA_P521_SHA512_FIXED),
            A::EdDsa => {
                let key = (self.kty == "OKP" && self.crv.as_deref() == Some("Ed25519")).then_some(self.x.as_ref()?)?;
                UnparsedPublicKey::new(&ED25519, bytes(key)?).verify(message, signature).ok()
            }
            A::Hs256 | A::Hs384 | A::Hs512 => None,
        }
    }

    fn verify_rsa(&self, parameters: &RsaParameters, message: &[u8], signature: &[u8]) -> Option<()> {
        if self.kty != "RSA" {
            return None;
        }
        let (n, e) = (bytes(self.n.as_ref()?)?, bytes(self.e.as_ref()?)?);
        RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).ok()
    }

    fn verify_ecdsa(
        &self,
        curve: &str,
        algorithm: &'static EcdsaVerificationAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Option<()> {
        if self.kty != "EC" || self.crv.as_deref() != Some(curve) {
            return None;
        }
        // An uncompressed point (SEC 1 §2.3.3): 4, then x and y of equal length.
        let point = [vec![4], bytes(self.x.as_ref()?)?, bytes(self.y.as_ref()?)?].concat();
        UnparsedPublicKey::new(algorithm, point).verify(message, signature).ok()
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
