//! Reading the body of a token or identity answer: what is it really, whatever its label says?

mod challenge;

use serde_json::{Map, Value};

use crate::authorization::ErrorResponse;
use crate::document;
use crate::http::HttpResponse;
use crate::inert::inert;

/// How an error answer names its error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorStyle {
    /// `error` is a code, `error_description` a sentence (RFC 6749 §5.2).
    Code,
    /// `error` is a sentence.
    Sentence,
    /// Nobody knows: a text with a space in it is a sentence.
    Either,
}

/// A server that said no, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status code it came with; 200 is possible.
    pub status: u16,
    /// What it said.
    pub error: ErrorResponse,
}

/// Why an answer cannot be used. No variant holds text of the body: that might be a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerDefect {
    /// Longer than the limit.
    #[error("the answer is longer than 1 MiB")]
    TooLarge,
    /// A redirect, which is never followed: it would carry the secret to another place.
    #[error("the server redirects to {target} (status {status})")]
    Redirected {
        /// The status code.
        status: u16,
        /// The target without its query, made inert; empty when there is none.
        target: String,
    },
    /// The server failed; its answer is not read as an OAuth error.
    #[error("the server failed with status {status}")]
    ServerFailed {
        /// The status code.
        status: u16,
    },
    /// A status that is neither success nor refusal.
    #[error("the status is {status} instead of 200")]
    UnexpectedStatus {
        /// The status code.
        status: u16,
    },
    /// The body is packed although we did not ask for that.
    #[error("the body is packed ({0}) although nobody asked for that")]
    Packed(String),
    /// There is no body.
    #[error("the answer has no body")]
    Empty,
    /// A page for people.
    #[error("the answer is a page for people (status {status})")]
    Html {
        /// The status code.
        status: u16,
    },
    /// Not in UTF-8.
    #[error("the answer is not written in UTF-8")]
    NotUtf8,
    /// Neither JSON nor a form.
    #[error("the answer is neither JSON nor form-encoded")]
    NotReadable,
    /// JSON, but no object.
    #[error("the answer is JSON, but not an object")]
    NotAnObject,
    /// A member that is there twice.
    #[error("the member {0} is there twice")]
    Twice(String),
    /// Both a token and an error.
    #[error("the answer holds both a token and an error")]
    TokenAndError,
    /// No access token where there should be one.
    #[error("the answer holds no access_token")]
    NoAccessToken,
    /// A token with characters that may not be in one: it must never reach a header (RFC 6749 Appendix A.12).
    #[error("the access_token is empty or holds characters that a token may not hold")]
    AccessTokenMalformed,
    /// A token type that we do not know how to use (RFC 6749 §7.1).
    #[error("the token_type is {0} instead of Bearer")]
    UnknownTokenType(String),
    /// The sign of success is missing.
    #[error("there is nothing at {0}, by which this provider shows success")]
    NoSuccessSign(String),
    /// No identifier of the person.
    #[error("there is nothing at {0}, where the person's identifier should stand")]
    NoSubject(String),
    /// A list without exactly one person.
    #[error("the answer is a list of {0} people instead of one")]
    NotOnePerson(usize),
}

/// Something unusual about an answer that can be used all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// Form-encoded.
    FormEncoded,
    /// JSON or form under another label; the label, empty when there is none.
    Mislabelled(String),
    /// A byte order mark before the JSON.
    ByteOrderMark,
    /// No `token_type`.
    TokenTypeMissing,
    /// `expires_in` is a number written as text.
    LifetimeAsText(String),
    /// A lifetime that cannot be meant; it is ignored. Name and value.
    LifetimeIgnored(String, String),
    /// `scope` is no text; it is ignored.
    ScopeNotText,
    /// This token is no text, or empty; it is ignored.
    TokenIgnored(String),
}

/// A body that was understood.
pub(crate) struct Understood {
    /// The JSON value; a form becomes an object of strings.
    pub(crate) value: Value,
    /// What was unusual.
    pub(crate) oddities: Vec<Oddity>,
}

/// Checks what has to hold before a body is looked at.
pub(crate) fn check_envelope(response: &HttpResponse) -> Result<(), AnswerDefect> {
    if response.cut {
        return Err(AnswerDefect::TooLarge);
    }
    match response.status {
        200 | 400..=499 => {}
        status @ 300..=399 => {
            let target = response.header("location").map(without_query).unwrap_or_default();
            return Err(AnswerDefect::Redirected { status, target });
        }
        status @ 500..=599 => return Err(AnswerDefect::ServerFailed { status }),
        status => return Err(AnswerDefect::UnexpectedStatus { status }),
    }
    match response.header("content-encoding") {
        Some(packing) if !packing.eq_ignore_ascii_case("identity") => Err(AnswerDefect::Packed(inert(packing))),
        _ => Ok(()),
    }
}

/// Reads the body: by its `Content-Type` first, then by how it begins.
pub(crate) fn understand(response: &HttpResponse) -> Result<Understood, AnswerDefect> {
    let mut oddities = Vec::new();
    let text = std::str::from_utf8(&response.body).map_err(|_| AnswerDefect::NotUtf8)?;
    let text = text.strip_prefix('\u{feff}').inspect(|_| oddities.push(Oddity::ByteOrderMark)).unwrap_or(text).trim();
    if text.is_empty() {
        return Err(AnswerDefect::Empty);
    }
    if text.starts_with('<') {
        return Err(AnswerDefect::Html { status: response.status });
    }
    let label = response.media_type().unwrap_or_default();
    let says_json = label == "application/json" || label.ends_with("+json");
    let says_form = label == "application/x-www-form-urlencoded";
    let looks_json = text.starts_with(['{', '[']);
    let value = if let Some(value) = (says_json || looks_json).then(|| read_json(text)).transpose()?.flatten() {
        if !says_json {
            oddities.push(Oddity::Mislabelled(inert(&label)));
        }
        value
    } else if !looks_json && (says_form || looks_like_a_form(text)) {
        oddities.push(Oddity::FormEncoded);
        if !says_form {
            oddities.push(Oddity::Mislabelled(inert(&label)));
        }
        read_form(text)?
    } else {
        return Err(AnswerDefect::NotReadable);
    };
    Ok(Understood { value, oddities })
}

/// The JSON value, when the text is one and no member is there twice.
fn read_json(text: &str) -> Result<Option<Value>, AnswerDefect> {
    match document::read(text) {
        Ok(document) => match document.duplicate {
            Some(name) => Err(AnswerDefect::Twice(inert(&name))),
            None => Ok(Some(document.value)),
        },
        Err(_) => Ok(None),
    }
}

/// `name=value` with a name that token answers have.
fn looks_like_a_form(text: &str) -> bool {
    !text.contains(char::is_whitespace)
        && form_urlencoded::parse(text.as_bytes()).any(|(name, _)| name == "access_token" || name == "error")
}

fn read_form(text: &str) -> Result<Value, AnswerDefect> {
    let mut object = Map::new();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        if object.insert(name.to_string(), Value::String(value.into_owned())).is_some() {
            return Err(AnswerDefect::Twice(inert(&name)));
        }
    }
    Ok(Value::Object(object))
}

/// The error in an answer with a status of 4xx, whatever its form; what cannot be read as an error is still a refusal.
pub(crate) fn refusal(response: &HttpResponse, style: ErrorStyle) -> Result<Refusal, AnswerDefect> {
    let refused = |error| Ok(Refusal { status: response.status, error });
    if let Some(error) = response.header("www-authenticate").and_then(challenge::error) {
        return refused(error);
    }
    match understand(response) {
        Ok(understood) => refused(error_of(&understood.value, style).unwrap_or_default()),
        Err(AnswerDefect::Empty) => refused(ErrorResponse::default()),
        Err(AnswerDefect::NotReadable) => {
            let sentence = String::from_utf8_lossy(&response.body);
            let sentence = (sentence.len() <= 300).then(|| inert(sentence.trim()));
            refused(ErrorResponse { error: None, description: sentence })
        }
        Err(defect) => Err(defect),
    }
}

/// The error that an object speaks of.
pub(crate) fn error_of(value: &Value, style: ErrorStyle) -> Option<ErrorResponse> {
    let error = match value.get("error")? {
        Value::String(text) if !text.is_empty() => inert(text),
        Value::Object(_) => "error".to_owned(),
        _ => return None,
    };
    let is_sentence = match style {
        ErrorStyle::Code => false,
        ErrorStyle::Sentence => true,
        ErrorStyle::Either => error.contains(' '),
    };
    if is_sentence {
        return Some(ErrorResponse { error: None, description: Some(error) });
    }
    let description = value.get("error_description").and_then(Value::as_str).map(inert);
    Some(ErrorResponse { error: Some(error), description })
}

/// An address without its query and fragment, made inert.
fn without_query(address: &str) -> String {
    inert(address.split(['?', '#']).next().unwrap_or_default())
}
