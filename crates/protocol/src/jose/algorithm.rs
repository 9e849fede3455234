//! The signature algorithms of RFC 7518 §3.1 and RFC 8037 §3.1 that this product knows.

use std::fmt;

use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};

use super::encoding::encode;

/// A signature algorithm, by the value of `alg`. There is no `none`: what is not signed is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SigningAlgorithm {
    /// HMAC with SHA-256, keyed with the client secret.
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
    /// RSA (PKCS #1 v1.5) with SHA-256.
    Rs256,
    /// RSA (PKCS #1 v1.5) with SHA-384.
    Rs384,
    /// RSA (PKCS #1 v1.5) with SHA-512.
    Rs512,
    /// RSA (PSS) with SHA-256.
    Ps256,
    /// RSA (PSS) with SHA-384.
    Ps384,
    /// RSA (PSS) with SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// Ed25519 (RFC 8037). Ed448 has the same name and is not supported.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

/// The kind of key an algorithm needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyType {
    /// The client secret.
    Secret,
    /// `kty` RSA.
    Rsa,
    /// `kty` EC on this curve.
    EllipticCurve(Curve),
    /// `kty` OKP with `crv` Ed25519.
    Ed25519,
}

/// An elliptic curve of NIST (RFC 7518 §6.2.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Curve {
    /// Goes with ES256.
    P256,
    /// Goes with ES384.
    P384,
    /// Goes with ES512.
    P521,
}

impl Curve {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::P256, Self::P384, Self::P521];

    /// The value of `crv`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    /// Bytes of one coordinate, which RFC 7518 §6.2.1.2 wants in full.
    pub(crate) const fn coordinate_length(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

/// The hash inside a signature algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashAlgorithm {
    /// 32 bytes.
    Sha256,
    /// 48 bytes.
    Sha384,
    /// 64 bytes.
    Sha512,
}

impl HashAlgorithm {
    /// Bytes of the hash.
    pub const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The left half of the hash in base64url: `at_hash` and its kin (OpenID Connect Core §3.1.3.6, §3.3.2.11).
    pub(crate) fn left_half(self, text: &str) -> String {
        let algorithm = match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        };
        let hash = digest::digest(algorithm, text.as_bytes());
        encode(&hash.as_ref()[..self.length() / 2])
    }
}

impl SigningAlgorithm {
    /// All of them, symmetric ones first.
    pub const ALL: [Self; 13] = [
        Self::Hs256,
        Self::Hs384,
        Self::Hs512,
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
    ];

    /// The value of `alg`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
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
        }
    }

    /// The algorithm of this name, letter case included (RFC 7515 §4.1.1).
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Whether both sides hold the same key, so that whoever can check a signature can also make one.
    pub const fn is_symmetric(self) -> bool {
        matches!(self, Self::Hs256 | Self::Hs384 | Self::Hs512)
    }

    /// The hash inside. Ed25519 hashes with SHA-512.
    pub const fn hash(self) -> HashAlgorithm {
        match self {
            Self::Hs256 | Self::Rs256 | Self::Ps256 | Self::Es256 => HashAlgorithm::Sha256,
            Self::Hs384 | Self::Rs384 | Self::Ps384 | Self::Es384 => HashAlgorithm::Sha384,
            Self::Hs512 | Self::Rs512 | Self::Ps512 | Self::Es512 | Self::EdDsa => HashAlgorithm::Sha512,
        }
    }

    /// The kind of key it needs.
    pub(crate) const fn key_type(self) -> KeyType {
        match self {
            Self::Hs256 | Self::Hs384 | Self::Hs512 => KeyType::Secret,
            Self::Rs256 | Self::Rs384 | Self::Rs512 | Self::Ps256 | Self::Ps384 | Self::Ps512 => KeyType::Rsa,
            Self::Es256 => KeyType::EllipticCurve(Curve::P256),
            Self::Es384 => KeyType::EllipticCurve(Curve::P384),
            Self::Es512 => KeyType::EllipticCurve(Curve::P521),
            Self::EdDsa => KeyType::Ed25519,
        }
    }
}

impl fmt::Display for SigningAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_algorithm_is_known_by_its_exact_name_and_none_never_is() {
        for algorithm in SigningAlgorithm::ALL {
            assert_eq!(SigningAlgorithm::named(algorithm.name()), Some(algorithm));
            assert_eq!(serde_json::to_value(algorithm).unwrap(), algorithm.name());
        }
        for name in ["none", "None", "nOnE", "", "rs256", "RS256 ", "EDDSA", "RS1"] {
            assert_eq!(SigningAlgorithm::named(name), None, "{name:?}");
        }
    }

    #[test]
    fn the_hash_of_the_core_specification_s_own_example_comes_out() {
        // OpenID Connect Core Appendix A.3 (access token) and A.4 (code), both with RS256.
        let half = |text| SigningAlgorithm::Rs256.hash().left_half(text);
        assert_eq!(half("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
        assert_eq!(half("Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"), "LDktKdoQak3Pk0cnXxCltA");
    }
}
