//! One HTTP request and its response as values, with every secret marked by type.
//!
//! Redaction starts here: a secret is put into a request as [`Value::Secret`] together with the [`Reference`] that stands for it in a
//! transcript, so that a record needs no pattern matching to know what to hide.

use std::fmt;

use serde_json::Value as Json;
use url::Url;

use crate::{ClientId, Secret};

/// What stands for a secret in a transcript: `secret:v3`, `code#1`, `token#2`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference(String);

impl Reference {
    /// The client secret's version `version`.
    pub fn client_secret(version: u32) -> Self {
        Self(format!("secret:v{version}"))
    }

    /// The `number`th secret of a kind in this run: `code#1`, `token#2`, `refresh#1`, `id_token#1`, `state#1`, `verifier#1`.
    pub fn numbered(kind: &str, number: u32) -> Self {
        Self(format!("{kind}#{number}"))
    }

    /// Whether it is a numbered one of this kind.
    pub fn is_of(&self, kind: &str) -> bool {
        self.0.strip_prefix(kind).is_some_and(|rest| rest.starts_with('#'))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One value of a header, a query parameter or a body field.
#[derive(Clone, Debug)]
pub enum Value {
    /// May be shown.
    Plain(String),
    /// A client identifier: shown, and a number where it is a number and the body is JSON.
    ClientId(ClientId),
    /// May be shown, and is written as it is where the body is JSON: a list, a number, an object.
    Json(Json),
    /// Must not be shown; the reference stands for it.
    Secret(Secret, Reference),
    /// Must not be shown, and follows a scheme word that may: `Authorization: Bearer …`.
    Scheme(&'static str, Secret, Reference),
}

impl Value {
    /// The value as it goes over the wire. Every call is a place to review.
    pub fn expose(&self) -> String {
        match self {
            Self::Plain(text) | Self::Json(Json::String(text)) => text.clone(),
            Self::ClientId(id) => id.to_string(),
            Self::Json(json) => json.to_string(),
            Self::Secret(secret, _) => secret.expose().to_owned(),
            Self::Scheme(scheme, secret, _) => format!("{scheme} {}", secret.expose()),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

/// The request methods this product sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Safe: asks only.
    Get,
    /// Carries a body; is never repeated by itself.
    Post,
    /// Replaces what is there by its body.
    Put,
    /// Ends something at the provider.
    Delete,
}

impl Method {
    /// The method's word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// How the fields of a body are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyEncoding {
    /// `application/x-www-form-urlencoded`, as RFC 6749 §4.1.3 says.
    Form,
    /// `application/json`, one object.
    Json,
    /// `multipart/form-data` (RFC 7578), as `curl -F` sends it.
    Multipart,
}

/// The body of a request: named fields in order, and how they are written.
#[derive(Clone, Debug)]
pub struct Body {
    /// How the fields are written.
    pub encoding: BodyEncoding,
    /// The fields in the order they are sent.
    pub fields: Vec<(String, Value)>,
}

/// One HTTP request before it is sent.
#[derive(Clone, Debug)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// Where it goes; holds no secret (no dialect puts one into a query).
    pub url: Url,
    /// Header fields besides `Host`, `Content-Type` and `Content-Length`, names in lower case.
    pub headers: Vec<(String, Value)>,
    /// The body, when there is one.
    pub body: Option<Body>,
}

/// One HTTP response as it arrived, whole or cut at the size limit.
#[derive(Clone)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Header fields in the order of arrival, names in lower case, values decoded lossily.
    pub headers: Vec<(String, String)>,
    /// The body after transfer decoding.
    pub body: Vec<u8>,
    /// The body was longer than the limit; `body` holds its beginning.
    pub cut: bool,
}

impl HttpResponse {
    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The media type without parameters, in lower case.
    pub fn media_type(&self) -> Option<String> {
        let value = self.header("content-type")?;
        Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }
}

impl fmt::Debug for HttpResponse {
    /// Shows no header and no body: both may hold tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
