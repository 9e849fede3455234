//! Asking a server what it knows of a token (RFC 7662).

use serde_json::Value as Json;
use url::Url;

use crate::Secret;
use crate::answer::{AnswerDefect, ErrorStyle, Oddity, Refusal, check_envelope, error_of, refusal, understand};
use crate::client_authentication::ClientAuthentication;
use crate::http::{HttpRequest, HttpResponse, Reference};
use crate::inert::inert;
use crate::revocation::{self, TokenTypeHint};

/// An introspection request (RFC 7662 §2.1). `reference` is what a transcript shows for the token.
pub fn request(
    endpoint: &Url,
    client: &ClientAuthentication,
    token: &Secret,
    reference: Reference,
    hint: Option<TokenTypeHint>,
) -> HttpRequest {
    revocation::with_token(client, token, reference, hint).into_http(endpoint)
}

/// The answer to an introspection request, judged.
#[derive(Clone, Debug)]
pub enum IntrospectionResponse {
    /// What the server knows.
    Known(Introspection),
    /// The server said no: to the client, which says nothing about the token.
    Refused(Refusal),
    /// It cannot be used.
    Malformed(IntrospectionDefect),
}

/// What a server knows of a token (RFC 7662 §2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introspection {
    /// Whether the token is good now. An inactive one may be spent, revoked, or never have existed.
    pub active: bool,
    /// Every member in the order of arrival, made inert: name and text; a nested value is JSON.
    pub members: Vec<(String, String)>,
    /// What was unusual.
    pub oddities: Vec<Oddity>,
}

/// Why the answer to an introspection request cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntrospectionDefect {
    /// Something about the answer as such.
    #[error(transparent)]
    Answer(#[from] AnswerDefect),
    /// `active`, the one member that has to be there, is not (RFC 7662 §2.2).
    #[error("the answer does not hold active")]
    ActiveMissing,
    /// `active` is no boolean. In many languages the text "false" counts as true, so that a guess could let a dead token in.
    #[error("active is {0} instead of true or false")]
    ActiveNotBoolean(String),
}

impl IntrospectionDefect {
    /// The stable name of this failure, which findings, checks and tests go by.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Answer(defect) => defect.code(),
            Self::ActiveMissing => "introspection_active_missing",
            Self::ActiveNotBoolean(_) => "introspection_active_not_boolean",
        }
    }

    /// The part of the answer that is wrong.
    pub fn field(&self) -> &str {
        match self {
            Self::Answer(defect) => defect.field(),
            Self::ActiveMissing | Self::ActiveNotBoolean(_) => "active",
        }
    }
}

impl IntrospectionResponse {
    /// Judges an answer. Total: every response has a judgement.
    pub fn read(response: &HttpResponse) -> Self {
        judge(response).unwrap_or_else(Self::Malformed)
    }
}

fn judge(response: &HttpResponse) -> Result<IntrospectionResponse, IntrospectionDefect> {
    check_envelope(response)?;
    if response.status != 200 {
        return Ok(IntrospectionResponse::Refused(refusal(response, ErrorStyle::Either)?));
    }
    let understood = understand(response)?;
    let members = understood.document.members_at("").ok_or(AnswerDefect::NotAnObject)?;
    let active = match (understood.document.value.get("active"), error_of(&understood.document.value, ErrorStyle::Code))
    {
        (Some(Json::Bool(active)), _) => *active,
        (None, Some(error)) => return Ok(IntrospectionResponse::Refused(Refusal::of(response, error))),
        (None, None) => return Err(IntrospectionDefect::ActiveMissing),
        (Some(other), _) => return Err(IntrospectionDefect::ActiveNotBoolean(inert(&other.to_string()))),
    };
    Ok(IntrospectionResponse::Known(Introspection { active, members, oddities: understood.oddities }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ClientId;

    fn judged(status: u16, body: &str) -> IntrospectionResponse {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        IntrospectionResponse::read(&HttpResponse { status, headers, body: body.into(), cut: false })
    }

    fn defect(body: &str) -> IntrospectionDefect {
        match judged(200, body) {
            IntrospectionResponse::Malformed(defect) => defect,
            other => panic!("{body} was taken for {other:?}"),
        }
    }

    #[test]
    fn the_members_of_an_active_token_are_kept_in_order_and_inert() {
        let body = r#"{"active":true,"exp":1700000000,"aud":["a"],"username":"a\u202eb"}"#;
        let IntrospectionResponse::Known(known) = judged(200, body) else { panic!() };
        assert!(known.active);
        let shown: Vec<_> = known.members.iter().map(|(name, text)| format!("{name}={text}")).collect();
        assert_eq!(shown, ["active=true", "exp=1700000000", "aud=[\"a\"]", "username=a\\u{202e}b"]);
    }

    #[test]
    fn an_active_that_is_no_boolean_is_believed_neither_way() {
        for odd in [r#""true""#, "1", "null", r#""false""#, "[]"] {
            let found = defect(&format!(r#"{{"active":{odd}}}"#));
            assert_eq!(found, IntrospectionDefect::ActiveNotBoolean(odd.into()));
            assert_eq!((found.code(), found.field()), ("introspection_active_not_boolean", "active"));
        }
        assert_eq!(defect(r#"{"exp":1}"#), IntrospectionDefect::ActiveMissing);
        assert_eq!(defect("[true]"), IntrospectionDefect::Answer(AnswerDefect::NotAnObject));
    }

    #[test]
    fn a_refused_client_says_nothing_about_the_token() {
        assert!(matches!(judged(401, r#"{"error":"invalid_client"}"#), IntrospectionResponse::Refused(_)));
        assert!(matches!(judged(200, r#"{"error":"invalid_client"}"#), IntrospectionResponse::Refused(_)));
        let IntrospectionResponse::Known(known) = judged(200, r#"{"active":false}"#) else { panic!() };
        assert!(!known.active);
    }

    #[test]
    fn an_introspection_sends_the_token_as_a_field_and_never_in_the_address() {
        let client = ClientAuthentication::none(ClientId::Integer(7));
        let endpoint = Url::parse("https://id.example/introspect").unwrap();
        let hint = Some(TokenTypeHint::AccessToken);
        let request = request(&endpoint, &client, &Secret::new("canary"), Reference::numbered("token", 1), hint);
        assert_eq!(request.url, endpoint);
        assert!(!format!("{request:?}").contains("canary"));
        let written = request.body.unwrap().write();
        let body = std::str::from_utf8(&written.bytes).unwrap();
        assert_eq!(body, "client_id=7&token=canary&token_type_hint=access_token");
    }

    proptest! {
        #[test]
        fn every_answer_has_a_judgement(status in 100_u16..600, body in "\\PC{0,60}") {
            let _ = judged(status, &body);
        }
    }
}
