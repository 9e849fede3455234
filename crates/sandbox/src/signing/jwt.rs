//! Reading a JWT somebody else has sent: an ID token given back as a hint, a client's assertion.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::{Jwk, SignatureAlgorithm, keyed_digest};

/// A JWT in its three parts. Nothing of it is believed yet.
pub(crate) struct Jwt<'a> {
    /// What the signature is over.
    signed: &'a str,
    signature: Vec<u8>,
    /// The JWS header.
    header: Value,
    /// The claims set.
    claims: Value,
}

impl<'a> Jwt<'a> {
    /// The parts of a compact JWS (RFC 7515 §7.1); `None` when it is none.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let json = |part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
        let (header, claims): (Value, Value) = (json(header)?, json(claims)?);
        Some(Self { signed, signature: URL_SAFE_NO_PAD.decode(signature).ok()?, header, claims })
    }

    /// The algorithm the header names.
    pub(crate) fn algorithm(&self) -> Option<SignatureAlgorithm> {
        SignatureAlgorithm::from_name(self.header["alg"].as_str()?)
    }

    /// The key the header names.
    pub(crate) fn kid(&self) -> Option<&str> {
        self.header["kid"].as_str()
    }

    /// A claim that is a text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.claims[name].as_str()
    }

    /// A claim that is a NumericDate (RFC 7519 §2), in seconds.
    pub(crate) fn seconds(&self, name: &str) -> Option<i64> {
        let number = &self.claims[name];
        #[expect(clippy::cast_possible_truncation, reason = "a fraction of a second decides nothing here")]
        number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds as i64))
    }

    /// Whether `wanted` is the audience or one of several.
    pub(crate) fn is_for(&self, wanted: &str) -> bool {
        match &self.claims["aud"] {
            Value::String(audience) => audience == wanted,
            Value::Array(several) => several.iter().any(|audience| audience == wanted),
            _ => false,
        }
    }

    /// Whether the key has made the signature, by the algorithm the header names.
    pub(crate) fn is_signed_by(&self, key: &Jwk) -> bool {
        self.algorithm().is_some_and(|algorithm| key.verifies(algorithm, self.signed.as_bytes(), &self.signature))
    }

    /// Whether the secret has made the signature, by the algorithm the header names.
    pub(crate) fn is_keyed_by(&self, secret: &str) -> bool {
        use subtle::ConstantTimeEq as _;
        let expected =
            self.algorithm().and_then(|algorithm| keyed_digest(algorithm, secret.as_bytes(), self.signed.as_bytes()));
        expected.is_some_and(|expected| expected.ct_eq(&self.signature).into())
    }
}
