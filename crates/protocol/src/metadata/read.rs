//! Reading a metadata document.

use serde_json::{Map, Value};

use super::Metadata;
use super::address::{Reach, check_address};
use super::defect::{MemberDefect, MetadataDefect};
use super::issuer::{Issuer, NearMiss};
use super::member::{Endpoint, FLAGS, LISTS};
use crate::answer::{AnswerDefect, check_envelope, understand};
use crate::document;
use crate::http::HttpResponse;
use crate::inert::inert;

/// Which of the two documents it is; they require different members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// OpenID Connect Discovery §3.
    OpenId,
    /// RFC 8414 §2.
    OAuth,
}

impl DocumentKind {
    /// Members without which no login is possible.
    const fn needed(self) -> &'static [&'static str] {
        match self {
            Self::OpenId => &["authorization_endpoint", "token_endpoint", "jwks_uri"],
            Self::OAuth => &["authorization_endpoint", "token_endpoint"],
        }
    }

    /// Members that are required as well, and that we can do without.
    pub(super) const fn expected(self) -> &'static [&'static str] {
        match self {
            Self::OpenId => {
                &["response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"]
            }
            Self::OAuth => &["response_types_supported"],
        }
    }
}

impl Metadata {
    /// Reads the answer of a well-known address of `issuer`.
    ///
    /// # Errors
    /// See [`MetadataDefect`].
    pub fn read(response: &HttpResponse, issuer: &Issuer, kind: DocumentKind) -> Result<Self, MetadataDefect> {
        check_envelope(response)?;
        if response.status != 200 {
            return Err(MetadataDefect::Absent(response.status));
        }
        match understand(response)?.document.value {
            Value::Object(members) => Self::of_members(members, issuer, kind),
            _ => Err(MetadataDefect::NotAnObject),
        }
    }

    /// Reads a document that was kept. One that was merged has the members of [`DocumentKind::OAuth`] for certain.
    ///
    /// # Errors
    /// See [`MetadataDefect`].
    pub fn parse(text: &str, issuer: &Issuer, kind: DocumentKind) -> Result<Self, MetadataDefect> {
        let read = document::read(text).map_err(|_| MetadataDefect::NotAnObject)?;
        match (read.duplicate, read.value) {
            (Some(name), _) => Err(AnswerDefect::Twice(inert(&name)).into()),
            (None, Value::Object(members)) => Self::of_members(members, issuer, kind),
            (None, _) => Err(MetadataDefect::NotAnObject),
        }
    }

    fn of_members(members: Map<String, Value>, issuer: &Issuer, kind: DocumentKind) -> Result<Self, MetadataDefect> {
        check_issuer(members.get("issuer"), issuer.as_str())?;
        let mut defects: Vec<MemberDefect> = kind
            .needed()
            .iter()
            .filter(|name| !members.contains_key(**name))
            .map(|name| MemberDefect::Missing(name))
            .collect();
        defects.extend(
            Endpoint::ALL.into_iter().filter_map(|endpoint| check_endpoint(&members, endpoint, issuer.reach())),
        );
        let is_list = |value: &Value| value.as_array().is_some_and(|list| list.iter().all(Value::is_string));
        defects.extend(wrong_types(&members, &LISTS, "a list of texts", is_list));
        defects.extend(wrong_types(&members, &FLAGS, "true or false", Value::is_boolean));
        if defects.is_empty() { Ok(Self { members }) } else { Err(MetadataDefect::Members(defects)) }
    }
}

fn check_issuer(found: Option<&Value>, expected: &str) -> Result<(), MetadataDefect> {
    let received = match found {
        Some(Value::String(text)) if text == expected => return Ok(()),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "nothing".to_owned(),
    };
    let near_miss = found.and_then(Value::as_str).and_then(|found| NearMiss::between(expected, found));
    Err(MetadataDefect::OtherIssuer { expected: expected.to_owned(), received: inert(&received), near_miss })
}

fn check_endpoint(members: &Map<String, Value>, endpoint: Endpoint, issuer: Reach) -> Option<MemberDefect> {
    let member = endpoint.member();
    match members.get(member)? {
        Value::String(address) => {
            let defect = check_address(address, issuer).err()?;
            Some(MemberDefect::Address { member, address: inert(address), defect })
        }
        other => Some(MemberDefect::Type { member, expected: "an address as text", received: type_of(other) }),
    }
}

fn wrong_types(
    members: &Map<String, Value>,
    names: &[&'static str],
    expected: &'static str,
    is_right: impl Fn(&Value) -> bool,
) -> Vec<MemberDefect> {
    let wrong = |name: &&'static str| {
        let value = members.get(*name).filter(|value| !is_right(value))?;
        Some(MemberDefect::Type { member: name, expected, received: type_of(value) })
    };
    names.iter().filter_map(wrong).collect()
}

const fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list with something else in it",
        Value::Object(_) => "an object",
    }
}
