//! The signature algorithms of RFC 7518 §3.1 and RFC 8037 §3.1.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha384, Sha512};

/// How a JWS is signed. `none` is not among them: the twin never offers an unsigned token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256; what every OpenID provider must offer (OpenID Connect Core §15.1).
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    #[serde(rename = "RS384")]
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    #[serde(rename = "RS512")]
    Rs512,
    /// RSASSA-PSS with SHA-256.
    #[serde(rename = "PS256")]
    Ps256,
    /// RSASSA-PSS with SHA-384.
    #[serde(rename = "PS384")]
    Ps384,
    /// RSASSA-PSS with SHA-512.
    #[serde(rename = "PS512")]
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// ECDSA on P-384 with SHA-384.
    #[serde(rename = "ES384")]
    Es384,
    /// ECDSA on P-521 with SHA-512.
    #[serde(rename = "ES512")]
    Es512,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// HMAC with SHA-256, keyed by the client secret.
    #[serde(rename = "HS256")]
    Hs256,
    /// HMAC with SHA-384, keyed by the client secret.
    #[serde(rename = "HS384")]
    Hs384,
    /// HMAC with SHA-512, keyed by the client secret.
    #[serde(rename = "HS512")]
    Hs512,
}

impl SignatureAlgorithm {
    /// All thirteen. Those with a key of their own come first, in the order of [`Self::WITH_KEY`].
    pub const ALL: [Self; 13] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::Es512,
        Self::EdDsa,
        Self::Hs256,
        Self::Hs384,
        Self::Hs512,
    ];

    /// How many of [`Self::ALL`] sign with a key pair.
    pub(crate) const WITH_KEY: usize = 10;

    /// The name RFC 7518 gives it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::EdDsa => "EdDSA",
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
        }
    }

    /// The algorithm with this name; letter case counts (RFC 7515 §4.1.1).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Whether the client secret is the key, which public clients do not have.
    pub const fn is_keyed_by_secret(self) -> bool {
        self as usize >= Self::WITH_KEY
    }

    /// The HMAC behind an HS algorithm.
    pub(crate) fn hmac(self) -> Option<hmac::Algorithm> {
        match self {
            Self::Hs256 => Some(hmac::HMAC_SHA256),
            Self::Hs384 => Some(hmac::HMAC_SHA384),
            Self::Hs512 => Some(hmac::HMAC_SHA512),
            _ => None,
        }
    }

    /// The left half of the hash that belongs to this algorithm, as `at_hash` and `c_hash` carry it (OpenID Connect Core §3.1.3.6).
    /// Ed25519 hashes with SHA-512, and so does its claim.
    pub(crate) fn half_hash(self, text: &str) -> String {
        match self {
            Self::Rs256 | Self::Ps256 | Self::Es256 | Self::Hs256 => left_half::<Sha256>(text),
            Self::Rs384 | Self::Ps384 | Self::Es384 | Self::Hs384 => left_half::<Sha384>(text),
            Self::Rs512 | Self::Ps512 | Self::Es512 | Self::EdDsa | Self::Hs512 => left_half::<Sha512>(text),
        }
    }
}

fn left_half<D: Digest>(text: &str) -> String {
    let digest = D::digest(text);
    URL_SAFE_NO_PAD.encode(&digest[..digest.len() / 2])
}

#[cfg(test)]
mod tests {
    use super::SignatureAlgorithm;

    #[test]
    fn names_are_read_back_and_compared_by_letter_case() {
        for algorithm in SignatureAlgorithm::ALL {
            assert_eq!(SignatureAlgorithm::from_name(algorithm.name()), Some(algorithm));
            assert_eq!(serde_json::to_value(algorithm).unwrap(), algorithm.name());
        }
        assert_eq!(SignatureAlgorithm::from_name("rs256"), None);
    }

    #[test]
    fn only_the_last_three_are_keyed_by_the_secret() {
        let keyed: Vec<_> = SignatureAlgorithm::ALL.into_iter().filter(|one| one.is_keyed_by_secret()).collect();
        assert_eq!(keyed, [SignatureAlgorithm::Hs256, SignatureAlgorithm::Hs384, SignatureAlgorithm::Hs512]);
    }
}
