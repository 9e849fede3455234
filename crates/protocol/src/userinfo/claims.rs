//! The claims of a userinfo answer.

use serde_json::{Map, Value};

use super::UserinfoDefect;
use crate::answer::AnswerDefect;
use crate::document::Document;
use crate::inert::inert;

/// Members that say where further claims are (OpenID Connect Core §5.6.2). They hold tokens and are never shown as they are.
const NAMES: &str = "_claim_names";
const SOURCES: &str = "_claim_sources";

/// What a server says of a person, every text made inert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserinfoClaims {
    /// `sub`: who this is, at this issuer.
    pub subject: String,
    /// Every member in the order of arrival: name and text, numbers exactly as written; a nested value is JSON. Text to read: no
    /// picture and no address in it is ever fetched.
    pub members: Vec<(String, String)>,
    /// Claims that other servers hold. They are told and never asked for: whoever writes the answer would choose whom we call.
    pub elsewhere: Vec<ClaimsElsewhere>,
}

/// Claims that are not in the answer itself (OpenID Connect Core §5.6.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimsElsewhere {
    /// The name under which the answer lists the source.
    pub name: String,
    /// Where they are.
    pub source: ClaimSource,
    /// The names of the claims.
    pub claims: Vec<String>,
}

/// Where claims are that are not in the answer itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimSource {
    /// In a JWT that came along, signed by somebody else.
    Aggregated,
    /// At another server; its address, made inert.
    Distributed(String),
    /// The answer does not say.
    Unknown,
}

impl UserinfoClaims {
    /// Reads claims and compares `sub` with the one of the ID token before anything is shown (OpenID Connect Core §5.3.2). Without an
    /// ID token there is nothing to compare with.
    ///
    /// # Errors
    /// Any [`UserinfoDefect`] about `sub`, or that this is no object.
    pub fn read(claims: &Map<String, Value>, subject: Option<&str>) -> Result<Self, UserinfoDefect> {
        Self::of(&Document::of_value(Value::Object(claims.clone())), subject)
    }

    pub(super) fn of(document: &Document, expected: Option<&str>) -> Result<Self, UserinfoDefect> {
        let mut members = document.members_at("").ok_or(AnswerDefect::NotAnObject)?;
        members.retain(|(name, _)| name != NAMES && name != SOURCES);
        let subject = match document.value.get("sub") {
            None | Some(Value::Null) => return Err(UserinfoDefect::SubjectMissing),
            Some(Value::String(subject)) if !subject.is_empty() => subject,
            Some(other) => return Err(UserinfoDefect::SubjectMalformed(inert(&other.to_string()))),
        };
        match expected {
            Some(expected) if expected != subject => {
                Err(UserinfoDefect::OtherSubject { expected: inert(expected), received: inert(subject) })
            }
            _ => Ok(Self { subject: inert(subject), members, elsewhere: elsewhere(&document.value) }),
        }
    }
}

fn elsewhere(document: &Value) -> Vec<ClaimsElsewhere> {
    let members = |name: &str| document.get(name).and_then(Value::as_object).into_iter().flatten();
    let claims_of = |source: &str| {
        let names = members(NAMES).filter(|(_, named)| named.as_str() == Some(source));
        names.map(|(claim, _)| inert(claim)).collect()
    };
    members(SOURCES)
        .map(|(name, source)| ClaimsElsewhere {
            name: inert(name),
            source: match (source.get("endpoint").and_then(Value::as_str), source.get("JWT")) {
                (Some(endpoint), _) => ClaimSource::Distributed(inert(endpoint)),
                (None, Some(_)) => ClaimSource::Aggregated,
                (None, None) => ClaimSource::Unknown,
            },
            claims: claims_of(name),
        })
        .collect()
}
