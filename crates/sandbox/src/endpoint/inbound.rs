//! Reading requests: the query, and bodies in the three forms token requests come in.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatewright_protocol::http::BodyEncoding;
use serde_json::Value;

use super::answer::{self, Noted as _};

/// Largest body in bytes; no token request comes near.
const LARGEST_BODY: usize = 64 * 1024;
/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// A request whose body has arrived whole.
#[derive(Clone)]
pub(crate) struct Inbound {
    pub(crate) parts: Parts,
    pub(crate) body: Bytes,
}

impl<S: Sync> FromRequest<S> for Inbound {
    type Rejection = Response;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        match tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, LARGEST_BODY)).await {
            Ok(Ok(body)) => Ok(Self { parts, body }),
            Ok(Err(_)) => {
                let sentence = "The body is larger than 64 KiB, or it broke off.\n";
                Err(answer::text(StatusCode::PAYLOAD_TOO_LARGE, sentence)
                    .noted("refused: body too large or broken off"))
            }
            Err(_) => Err(answer::text(StatusCode::REQUEST_TIMEOUT, "The body did not arrive within 10 seconds.\n")
                .noted("refused: body never arrived")),
        }
    }
}

impl Inbound {
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The query as it came.
    pub(crate) fn raw_query(&self) -> &str {
        self.parts.uri.query().unwrap_or_default()
    }

    /// The parameters of the query.
    pub(crate) fn query(&self) -> Fields {
        Fields::from_form(self.raw_query().as_bytes())
    }

    /// The form the body claims to be in.
    pub(crate) fn encoding(&self) -> Option<BodyEncoding> {
        let value = self.headers().get(CONTENT_TYPE)?.to_str().ok()?;
        let media_type = value.split(';').next().unwrap_or_default().trim();
        let is = |wanted: &str| media_type.eq_ignore_ascii_case(wanted);
        match () {
            () if is("application/x-www-form-urlencoded") => Some(BodyEncoding::Form),
            () if is("application/json") => Some(BodyEncoding::Json),
            () if is("multipart/form-data") => Some(BodyEncoding::Multipart),
            () => None,
        }
    }

    /// The fields of a form-encoded body; none of any other.
    pub(crate) fn form(&self) -> Fields {
        match self.encoding() {
            Some(BodyEncoding::Form) => Fields::from_form(&self.body),
            _ => Fields::default(),
        }
    }

    /// The members of a JSON object; `None` when the body is none.
    pub(crate) fn json(&self) -> Option<Fields> {
        match serde_json::from_slice(&self.body).ok()? {
            Value::Object(members) => Some(Fields(members.into_iter().collect())),
            _ => None,
        }
    }

    /// The fields of a form-encoded or multipart body; none of any other.
    pub(crate) async fn form_or_multipart(self) -> Fields {
        if self.encoding() != Some(BodyEncoding::Multipart) {
            return self.form();
        }
        let request = Request::from_parts(self.parts, Body::from(self.body));
        let Ok(mut parts) = Multipart::from_request(request, &()).await else { return Fields::default() };
        let mut fields = Vec::new();
        while let Ok(Some(part)) = parts.next_field().await {
            let Some(name) = part.name().map(str::to_owned) else { continue };
            let Ok(text) = part.text().await else { break };
            fields.push((name, Value::String(text)));
        }
        Fields(fields)
    }

    /// The token of `Authorization: Bearer …` (RFC 6750 §2.1); the scheme's letter case does not matter.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.authorization()?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token)
    }

    /// Client id and secret of `Authorization: Basic …` (RFC 6749 §2.3.1).
    pub(crate) fn basic(&self) -> Option<(String, String)> {
        let (scheme, encoded) = self.authorization()?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
        let (id, secret) = decoded.split_once(':')?;
        Some((form_decoded(id), form_decoded(secret)))
    }

    /// Scheme and rest of the `Authorization` header.
    pub(crate) fn authorization(&self) -> Option<(&str, &str)> {
        let value = self.headers().get(AUTHORIZATION)?.to_str().ok()?;
        let (scheme, rest) = value.split_once(' ')?;
        Some((scheme, rest.trim()))
    }
}

/// One text, form-decoded.
fn form_decoded(text: &str) -> String {
    let pair = form_urlencoded::parse(text.as_bytes()).next();
    pair.map(|(name, value)| if value.is_empty() { name.into_owned() } else { format!("{name}={value}") })
        .unwrap_or_default()
}

/// Named values in the order they came. A query or form gives texts; JSON keeps its types, so that `"7"` and `7` stay apart.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<(String, Value)>);

impl Fields {
    fn from_form(bytes: &[u8]) -> Self {
        Self(
            form_urlencoded::parse(bytes)
                .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
                .collect(),
        )
    }

    /// The first value with this name.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find_map(|(key, value)| (key == name).then_some(value))
    }

    /// The first value with this name, when it is a text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_str()
    }

    /// The same, when it is not empty.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.text(name).filter(|text| !text.is_empty())
    }

    /// Whether a name comes twice (RFC 6749 §3.2 forbids it).
    pub(crate) fn has_duplicate(&self) -> bool {
        self.0
            .iter()
            .enumerate()
            .any(|(position, (name, _))| self.0[..position].iter().any(|(earlier, _)| earlier == name))
    }
}

#[cfg(test)]
mod tests {
    use super::{Fields, form_decoded};

    #[test]
    fn basic_credentials_are_form_decoded() {
        assert_eq!(form_decoded("kitten%3Alocks+1"), "kitten:locks 1");
        assert_eq!(form_decoded("a=b"), "a=b");
    }

    #[test]
    fn a_repeated_parameter_is_noticed() {
        assert!(Fields::from_form(b"code=1&state=2&code=3").has_duplicate());
        assert!(!Fields::from_form(b"code=1&state=2").has_duplicate());
    }
}
