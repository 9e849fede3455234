//! Reading a JWS in compact form.

use std::fmt;

use serde_json::{Map, Value};

use super::defect::{JwsDefect, Part};
use super::encoding::decode;
use crate::document;
use crate::inert::inert;

/// The longest token we read: as long as the longest answer.
const LONGEST: usize = 1024 * 1024;

/// Header parameters by which a token brings or names a key of its own choice.
const KEYS_OF_ITS_OWN: [&str; 4] = ["jwk", "jku", "x5u", "x5c"];

/// A token in the form of a JWS (RFC 7515 §7.1). That it could be read says nothing about its signature.
pub struct Jws<'a> {
    header: Map<String, Value>,
    payload: Vec<u8>,
    signing_input: &'a str,
    signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// Reads a token strictly: one text has one reading, and no second text has the same.
    ///
    /// # Errors
    /// See [`JwsDefect`]; the first thing about the form that makes reading on impossible.
    pub fn parse(token: &'a str) -> Result<Self, JwsDefect> {
        if token.len() > LONGEST {
            return Err(JwsDefect::TooLarge);
        }
        let parts: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = parts[..] else {
            return Err(if parts.len() == 5 { JwsDefect::Encrypted } else { JwsDefect::Parts(parts.len()) });
        };
        let bytes = |text, part| decode(text).ok_or(JwsDefect::NotBase64Url(part));
        Ok(Self {
            header: object(&bytes(header, Part::Header)?, Part::Header)?,
            payload: bytes(payload, Part::Payload)?,
            signature: bytes(signature, Part::Signature)?,
            signing_input: &token[..header.len() + 1 + payload.len()],
        })
    }

    /// The header, not believed.
    pub fn header(&self) -> &Map<String, Value> {
        &self.header
    }

    /// `kid`, when it is a text.
    pub fn key_id(&self) -> Option<&str> {
        self.header.get("kid").and_then(Value::as_str)
    }

    /// The claims, not believed.
    ///
    /// # Errors
    /// [`JwsDefect::NotAnObject`] and [`JwsDefect::Twice`].
    pub fn claims(&self) -> Result<Map<String, Value>, JwsDefect> {
        object(&self.payload, Part::Payload)
    }

    /// Names of the header parameters that bring a key or say where one is. They are never used: whoever writes a token
    /// would choose what it is checked with (RFC 8725 §3.10).
    pub fn keys_of_its_own(&self) -> Vec<&'static str> {
        KEYS_OF_ITS_OWN.into_iter().filter(|name| self.header.contains_key(*name)).collect()
    }

    /// What is signed.
    pub(super) fn signing_input(&self) -> &[u8] {
        self.signing_input.as_bytes()
    }

    pub(super) fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// What the header says that must not be there, except for the algorithm.
    pub(super) fn header_defects(&self) -> Vec<JwsDefect> {
        let mut defects = Vec::new();
        if let Some(names) = self.header.get("crit") {
            defects.push(JwsDefect::Critical(inert(&names.to_string())));
        }
        if self.header.get("b64").is_some_and(|flag| *flag != Value::Bool(true)) {
            defects.push(JwsDefect::Unencoded);
        }
        match self.header.get("typ") {
            None => {}
            Some(Value::String(name)) if is_jwt(name) => {}
            Some(other) => defects.push(JwsDefect::OtherType(shown(other))),
        }
        defects
    }
}

impl fmt::Debug for Jws<'_> {
    /// Shows no claim, and no signature, with which the token could be put together again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jws").field("header", &self.header).finish_non_exhaustive()
    }
}

/// `JWT` in any letter case; `application/` may stand before it (RFC 7515 §4.1.9).
fn is_jwt(name: &str) -> bool {
    name.eq_ignore_ascii_case("JWT") || name.eq_ignore_ascii_case("application/jwt")
}

fn object(bytes: &[u8], part: Part) -> Result<Map<String, Value>, JwsDefect> {
    let text = std::str::from_utf8(bytes).map_err(|_| JwsDefect::NotAnObject(part))?;
    let read = document::read(text).map_err(|_| JwsDefect::NotAnObject(part))?;
    let Value::Object(members) = read.value else { return Err(JwsDefect::NotAnObject(part)) };
    match read.duplicate {
        Some(name) => Err(JwsDefect::Twice(part, inert(&name))),
        None => Ok(members),
    }
}

/// A value for a report: a text without its quotes.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => inert(text),
        other => inert(&other.to_string()),
    }
}
