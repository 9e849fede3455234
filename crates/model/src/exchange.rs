//! An Exchange: one HTTP request with its response, secrets already replaced by references.

use serde::{Deserialize, Serialize};

/// A piece of recorded text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// Shown as it is.
    Text(String),
    /// Stands for a secret: `secret:v3`, `code#1`, `token#2`.
    Reference(String),
}

/// Recorded text whose secrets are references. It is made from typed values, never by searching text for secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Redacted(pub Vec<Piece>);

impl Redacted {
    /// Text without any secret.
    pub fn text(text: impl Into<String>) -> Self {
        Self(vec![Piece::Text(text.into())])
    }

    /// One reference alone.
    pub fn reference(reference: &impl ToString) -> Self {
        Self(vec![Piece::Reference(reference.to_string())])
    }

    /// Adds text at the end, joined with text before it.
    pub fn push_text(&mut self, more: &str) {
        if more.is_empty() {
            return;
        }
        if let Some(Piece::Text(text)) = self.0.last_mut() {
            text.push_str(more);
        } else {
            self.0.push(Piece::Text(more.to_owned()));
        }
    }

    /// Adds a reference at the end.
    pub fn push_reference(&mut self, reference: &impl ToString) {
        self.0.push(Piece::Reference(reference.to_string()));
    }

    /// As one line of text, references in angle brackets: `Bearer ‹token#1›`.
    pub fn to_plain(&self) -> String {
        let mut line = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => line.push_str(text),
                Piece::Reference(reference) => line.extend(["‹", reference, "›"]),
            }
        }
        line
    }
}

/// What an exchange was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExchangePurpose {
    /// The authorization request as given to the browser, and the callback that came back.
    Authorization,
    /// The token request.
    Token,
    /// The identity request.
    Identity,
    /// A refresh.
    Refresh,
    /// A revocation.
    Revocation,
    /// An introspection (RFC 7662).
    Introspection,
    /// A logout at the provider (OpenID Connect RP-Initiated Logout) and the callback that came back.
    Logout,
    /// Discovery or keys.
    Metadata,
    /// The management of a client at its provider (RFC 7591, RFC 7592, or the provider's own way).
    ClientManagement,
    /// A token request with a nonsense code, which proves the client's secret.
    SecretProbe,
}

/// A named value of a request or response: a header, a query parameter, a body field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedField {
    /// Its name on the wire.
    pub name: String,
    /// Its value.
    pub value: Redacted,
}

/// A recorded request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedRequest {
    /// `GET`, `POST` …
    pub method: String,
    /// The URL without its query.
    pub url: String,
    /// Query parameters.
    pub query: Vec<RecordedField>,
    /// Header fields.
    pub headers: Vec<RecordedField>,
    /// How the body is written: `form`, `json`, `multipart`, or empty.
    pub encoding: String,
    /// Body fields.
    pub fields: Vec<RecordedField>,
}

/// A recorded response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedResponse {
    /// The status code; 0 for a callback, which is a navigation and has none.
    pub status: u16,
    /// Header fields.
    pub headers: Vec<RecordedField>,
    /// The body; for JSON laid out with indentation.
    pub body: Redacted,
    /// Bytes of the body as it arrived.
    pub bytes: u64,
    /// The body was longer than the limit and is shown cut.
    pub cut: bool,
}

/// One HTTP request with its response, secrets already replaced by references.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// What it was for.
    pub purpose: ExchangePurpose,
    /// The request.
    pub request: RecordedRequest,
    /// The response, when one came.
    pub response: Option<RecordedResponse>,
    /// From sending to the last byte, in microseconds.
    pub duration_us: u64,
    /// Why there is no response, in one sentence.
    pub failure: Option<String>,
}
