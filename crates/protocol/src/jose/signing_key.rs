//! Private keys, and reading one as a person pastes it.

use std::fmt;

use aws_lc_rs::rsa::KeyPairComponents;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, RsaKeyPair, RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::encoding::decode;
use super::{Curve, KeyType, SigningAlgorithm};
use crate::Secret;

/// A key to sign with. It shows nothing of itself.
pub struct SigningKey {
    pair: Pair,
    key_id: Option<String>,
}

/// The key as the cryptographic library holds it.
pub(super) enum Pair {
    Secret(Secret),
    Rsa(RsaKeyPair),
    EllipticCurve(EcdsaKeyPair, Curve),
    Ed25519(Ed25519KeyPair),
}

/// Why a text is no private key. No variant holds any of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningKeyError {
    /// Neither PEM nor a JWK.
    #[error("this is neither a private key in PEM form nor a JWK")]
    NotAKey,
    /// A PEM of PKCS #1 or SEC 1.
    #[error("this PEM is of an older form: `openssl pkcs8 -topk8 -nocrypt` turns it into \"BEGIN PRIVATE KEY\"")]
    NotPkcs8,
    /// A PEM with a passphrase.
    #[error("this key has a passphrase: `openssl pkcs8` takes it away")]
    Encrypted,
    /// Only the public half.
    #[error("this is the public half of a key; signing needs the private half")]
    OnlyPublic,
    /// A key type or curve that no supported algorithm uses, an RSA key under 2048 bits, or numbers that do not fit together.
    #[error("this key cannot be used: RSA from 2048 bits, P-256, P-384, P-521 and Ed25519 can")]
    Unusable,
}

impl SigningKey {
    /// A client secret as the key of HMAC (OpenID Connect Core §9, `client_secret_jwt`).
    ///
    /// A secret shorter than RFC 7518 §3.2 demands is taken all the same: the provider chose it, and to refuse it would
    /// keep a person from seeing what the provider says.
    pub const fn secret(secret: Secret) -> Self {
        Self { pair: Pair::Secret(secret), key_id: None }
    }

    /// Reads a private key as a person pastes it: PKCS #8 in PEM form (RFC 7468 §10) or a private JWK (RFC 7517).
    ///
    /// # Errors
    /// See [`SigningKeyError`].
    pub fn parse(text: &Secret) -> Result<Self, SigningKeyError> {
        let text = text.expose().trim();
        if text.starts_with('{') { Self::of_jwk(text) } else { Self::of_pkcs8(&pem(text)?) }
    }

    /// Reads a private key in PKCS #8 (RFC 5958), DER-encoded.
    ///
    /// # Errors
    /// [`SigningKeyError::Unusable`].
    pub fn of_pkcs8(der: &[u8]) -> Result<Self, SigningKeyError> {
        let on_curve = |curve| EcdsaKeyPair::from_pkcs8(ecdsa(curve), der).ok().map(|pair| (pair, curve));
        let pair = if let Ok(pair) = RsaKeyPair::from_pkcs8(der) {
            Pair::Rsa(pair)
        } else if let Some((pair, curve)) = Curve::ALL.into_iter().find_map(on_curve) {
            Pair::EllipticCurve(pair, curve)
        } else {
            Pair::Ed25519(Ed25519KeyPair::from_pkcs8(der).map_err(|_| SigningKeyError::Unusable)?)
        };
        Ok(Self { pair, key_id: None })
    }

    fn of_jwk(text: &str) -> Result<Self, SigningKeyError> {
        let mut jwk: PrivateJwk = serde_json::from_str(text).map_err(|_| SigningKeyError::NotAKey)?;
        if jwk.d.is_none() {
            return Err(SigningKeyError::OnlyPublic);
        }
        Ok(Self { pair: jwk.pair().ok_or(SigningKeyError::Unusable)?, key_id: jwk.kid.take() })
    }

    /// `kid` of the JWK the key was read from.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The same key under the name that the provider knows it by.
    #[must_use]
    pub fn named(mut self, key_id: &str) -> Self {
        self.key_id = Some(key_id.to_owned());
        self
    }

    /// The algorithms this key can sign with.
    pub fn algorithms(&self) -> Vec<SigningAlgorithm> {
        SigningAlgorithm::ALL.into_iter().filter(|algorithm| self.fits(*algorithm)).collect()
    }

    pub(super) fn fits(&self, algorithm: SigningAlgorithm) -> bool {
        let own = match &self.pair {
            Pair::Secret(_) => KeyType::Secret,
            Pair::Rsa(_) => KeyType::Rsa,
            Pair::EllipticCurve(_, curve) => KeyType::EllipticCurve(*curve),
            Pair::Ed25519(_) => KeyType::Ed25519,
        };
        own == algorithm.key_type()
    }

    pub(super) const fn pair(&self) -> &Pair {
        &self.pair
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The members of a private JWK that we read (RFC 7518 §6, RFC 8037 §2). Wiped when it goes.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
struct PrivateJwk {
    kty: String,
    crv: Option<String>,
    kid: Option<String>,
    d: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    p: Option<String>,
    q: Option<String>,
    dp: Option<String>,
    dq: Option<String>,
    qi: Option<String>,
}

impl PrivateJwk {
    fn pair(&self) -> Option<Pair> {
        match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => self.rsa().map(Pair::Rsa),
            ("EC", Some(name)) => {
                let curve = Curve::ALL.into_iter().find(|curve| curve.name() == name)?;
                self.elliptic_curve(curve).map(|pair| Pair::EllipticCurve(pair, curve))
            }
            ("OKP", Some("Ed25519")) => {
                let seed = number(self.d.as_ref())?;
                let pair = Ed25519KeyPair::from_seed_and_public_key(&seed, &number(self.x.as_ref())?);
                pair.ok().map(Pair::Ed25519)
            }
            _ => None,
        }
    }

    fn rsa(&self) -> Option<RsaKeyPair> {
        let components = KeyPairComponents {
            public_key: RsaPublicKeyComponents { n: number(self.n.as_ref())?, e: number(self.e.as_ref())? },
            d: number(self.d.as_ref())?,
            p: number(self.p.as_ref())?,
            q: number(self.q.as_ref())?,
            dP: number(self.dp.as_ref())?,
            dQ: number(self.dq.as_ref())?,
            qInv: number(self.qi.as_ref())?,
        };
        RsaKeyPair::from_components(&components).ok()
    }

    fn elliptic_curve(&self, curve: Curve) -> Option<EcdsaKeyPair> {
        // Uncompressed (SEC 1 §2.3.3): a four, then both coordinates.
        let mut point = vec![4];
        point.extend_from_slice(&number(self.x.as_ref())?);
        point.extend_from_slice(&number(self.y.as_ref())?);
        EcdsaKeyPair::from_private_key_and_public_key(ecdsa(curve), &number(self.d.as_ref())?, &point).ok()
    }
}

/// A number of a JWK: bytes, the highest first.
fn number(member: Option<&String>) -> Option<Wiped> {
    decode(member?).map(|bytes| Wiped(Zeroizing::new(bytes)))
}

/// Bytes that are wiped when they go, in the shape the cryptographic library asks for.
struct Wiped(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl std::ops::Deref for Wiped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

/// The bytes of a PEM text (RFC 7468).
fn pem(text: &str) -> Result<Zeroizing<Vec<u8>>, SigningKeyError> {
    let rest = text.strip_prefix("-----BEGIN ").ok_or(SigningKeyError::NotAKey)?;
    let (label, rest) = rest.split_once("-----").ok_or(SigningKeyError::NotAKey)?;
    match label {
        "PRIVATE KEY" => {}
        "ENCRYPTED PRIVATE KEY" => return Err(SigningKeyError::Encrypted),
        "RSA PRIVATE KEY" | "EC PRIVATE KEY" => return Err(SigningKeyError::NotPkcs8),
        "PUBLIC KEY" | "RSA PUBLIC KEY" | "CERTIFICATE" => return Err(SigningKeyError::OnlyPublic),
        _ => return Err(SigningKeyError::NotAKey),
    }
    let (body, _) = rest.split_once("-----END PRIVATE KEY-----").ok_or(SigningKeyError::NotAKey)?;
    let body: Zeroizing<String> = Zeroizing::new(body.split_ascii_whitespace().collect());
    STANDARD.decode(body.as_bytes()).map(Zeroizing::new).map_err(|_| SigningKeyError::NotAKey)
}

fn ecdsa(curve: Curve) -> &'static EcdsaSigningAlgorithm {
    match curve {
        Curve::P256 => &ECDSA_P256_SHA256_FIXED_SIGNING,
        Curve::P384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
        Curve::P521 => &ECDSA_P521_SHA512_FIXED_SIGNING,
    }
}
