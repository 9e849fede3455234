//! Reading one entry of a JWK Set.

use serde_json::{Map, Value};

use super::{Jwk, JwkSet};
use crate::discrepancy::Discrepancy;
use crate::inert::inert;
use crate::jose::{Curve, VerificationKey, decode};

/// Fewer bits of RSA can be broken (RFC 7518 §3.3).
const LEAST_RSA_BITS: usize = 2048;

/// More bits only slow us down.
const MOST_RSA_BITS: usize = 8192;

/// Members that only the owner of a key may know (RFC 7518 §6.2.2, §6.3.2, §6.4.1; RFC 8037 §2).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// An entry that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its place in the list, from 0.
    pub position: usize,
    /// Its `kid`, not made inert.
    pub key_id: Option<String>,
    /// Why.
    pub reason: SkipReason,
}

/// An entry that gives its private half away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateMembers {
    /// Its place in the list, from 0.
    pub position: usize,
    /// Its `kid`, made inert.
    pub key_id: Option<String>,
    /// The names of those members; never their values.
    pub members: Vec<&'static str>,
}

impl Skipped {
    /// Expected against received; a word about the provider, no reason to refuse a token.
    pub fn discrepancy(&self) -> Discrepancy {
        let field = format!("keys/{}", self.position);
        Discrepancy::new("jwks_entry_skipped", field, "a public key that can be used", self.reason.to_string())
    }
}

impl SkipReason {
    /// Whether whoever wrote the entry made a mistake. Keys of other kinds, and for other purposes than signatures, are normal.
    pub const fn is_mistake(&self) -> bool {
        matches!(self, Self::NotAKey | Self::Member(_) | Self::Unsound)
    }
}

impl PrivateMembers {
    /// Expected against received: as bad as a provider can be off.
    pub fn discrepancy(&self) -> Discrepancy {
        let field = format!("keys/{}", self.position);
        Discrepancy::new("jwks_private_members", field, "public members only (RFC 7517 §9.2)", self.members.join(", "))
    }
}

/// Why an entry cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SkipReason {
    /// No JSON object, or no text `kty`.
    #[error("it is no JSON object with a kty")]
    NotAKey,
    /// A secret key: never used to check what others have signed.
    #[error("it is a secret key (oct), which has no place in public")]
    Symmetric,
    /// A `kty` we do not know.
    #[error("its type is {0}")]
    UnknownType(String),
    /// A `crv` we do not know.
    #[error("its curve is {0}")]
    UnknownCurve(String),
    /// This member is missing, no text, or no base64url.
    #[error("its member {0} is missing or malformed")]
    Member(&'static str),
    /// RSA with this many bits; 2048 to 8192 are taken. Or a curve as weak.
    #[error("it is too weak or too large: {0}")]
    Weak(String),
    /// The numbers are no key: a point that is not on its curve.
    #[error("its numbers are no key")]
    Unsound,
}

impl JwkSet {
    /// Adds an entry, or notes why it cannot be used.
    pub(super) fn add(&mut self, position: usize, entry: &Value) {
        let key_id = entry.get("kid").and_then(Value::as_str);
        let members: Vec<_> = PRIVATE.into_iter().filter(|name| entry.get(*name).is_some()).collect();
        if !members.is_empty() {
            self.private_members.push(PrivateMembers { position, key_id: key_id.map(inert), members });
        }
        match read(entry) {
            Ok(jwk) => self.keys.push(jwk),
            Err(reason) => {
                self.skipped.push(Skipped { position, key_id: key_id.map(ToOwned::to_owned), reason });
            }
        }
    }
}

fn read(entry: &Value) -> Result<Jwk, SkipReason> {
    let members = entry.as_object().ok_or(SkipReason::NotAKey)?;
    let key = match members.get("kty").and_then(Value::as_str).ok_or(SkipReason::NotAKey)? {
        "RSA" => rsa(members)?,
        "EC" => elliptic_curve(members)?,
        "OKP" => edwards(members)?,
        "oct" => return Err(SkipReason::Symmetric),
        other => return Err(SkipReason::UnknownType(inert(other))),
    };
    if !key.is_sound() {
        return Err(SkipReason::Unsound);
    }
    Ok(Jwk {
        key,
        key_id: text(members, "kid")?,
        algorithm: text(members, "alg")?,
        usage: text(members, "use")?,
        operations: operations(members)?,
    })
}

fn rsa(members: &Map<String, Value>) -> Result<VerificationKey, SkipReason> {
    // RFC 7518 §2 wants no zeros before a number; some servers write one, and it changes nothing.
    let number = |name| {
        let bytes = bytes(members, name)?;
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        Ok(bytes[zeros..].to_vec())
    };
    let (modulus, exponent): (Vec<u8>, Vec<u8>) = (number("n")?, number("e")?);
    let bits = (modulus.len() * 8).saturating_sub(modulus.first().map_or(0, |byte| byte.leading_zeros() as usize));
    if !(LEAST_RSA_BITS..=MOST_RSA_BITS).contains(&bits) {
        return Err(SkipReason::Weak(format!("{bits} bits of RSA")));
    }
    Ok(VerificationKey::Rsa { modulus, exponent })
}

fn elliptic_curve(members: &Map<String, Value>) -> Result<VerificationKey, SkipReason> {
    let name = text(members, "crv")?.ok_or(SkipReason::Member("crv"))?;
    let curve = match name.as_str() {
        "P-256" => Curve::P256,
        "P-384" => Curve::P384,
        "P-521" => Curve::P521,
        "P-192" | "P-224" => return Err(SkipReason::Weak(name)),
        other => return Err(SkipReason::UnknownCurve(inert(other))),
    };
    // Uncompressed (SEC 1 §2.3.3): a four, then both coordinates.
    let mut point = vec![4];
    for coordinate in ["x", "y"] {
        let bytes = bytes(members, coordinate)?;
        if bytes.len() != curve.coordinate_length() {
            return Err(SkipReason::Member(coordinate));
        }
        point.extend(bytes);
    }
    Ok(VerificationKey::EllipticCurve { curve, point })
}

fn edwards(members: &Map<String, Value>) -> Result<VerificationKey, SkipReason> {
    match text(members, "crv")?.ok_or(SkipReason::Member("crv"))?.as_str() {
        "Ed25519" => {}
        other => return Err(SkipReason::UnknownCurve(inert(other))),
    }
    let point = bytes(members, "x")?;
    if point.len() == 32 { Ok(VerificationKey::Ed25519 { point }) } else { Err(SkipReason::Member("x")) }
}

fn bytes(members: &Map<String, Value>, name: &'static str) -> Result<Vec<u8>, SkipReason> {
    members.get(name).and_then(Value::as_str).and_then(decode).ok_or(SkipReason::Member(name))
}

fn text(members: &Map<String, Value>, name: &'static str) -> Result<Option<String>, SkipReason> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(SkipReason::Member(name)),
    }
}

fn operations(members: &Map<String, Value>) -> Result<Option<Vec<String>>, SkipReason> {
    let Some(list) = members.get("key_ops") else { return Ok(None) };
    let list = list.as_array().ok_or(SkipReason::Member("key_ops"))?;
    let names: Option<Vec<String>> = list.iter().map(|name| name.as_str().map(ToOwned::to_owned)).collect();
    names.map(Some).ok_or(SkipReason::Member("key_ops"))
}
