//! Reading the body of a token or identity answer: what is it really, whatever its label says?

mod challenge;
mod defect;
mod retry_after;

pub use defect::AnswerDefect;
pub use retry_after::{RetryAfter, clock_skew};

use serde_json::{Map, Value};

use crate::authorization::ErrorResponse;
use crate::document::{self, Document};
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
    /// How long it wants to be left alone, with status 429 for one.
    pub retry_after: Option<RetryAfter>,
}

impl Refusal {
    pub(crate) fn of(response: &HttpResponse, error: ErrorResponse) -> Self {
        Self { status: response.status, error, retry_after: RetryAfter::of(response) }
    }

    /// Whether the server was asked too often (RFC 6585 §4): this says nothing about the request itself.
    pub const fn is_rate_limit(&self) -> bool {
        self.status == 429
    }
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
    pub(crate) document: Document,
    /// What was unusual.
    pub(crate) oddities: Vec<Oddity>,
}

/// Checks what has to hold before a body is looked at, where 200 is the one success.
pub(crate) fn check_envelope(response: &HttpResponse) -> Result<(), AnswerDefect> {
    check_envelope_of(response, &[200])
}

/// Checks what has to hold before a body is looked at, with these statuses for successes. A refusal has a status of 4xx.
pub(crate) fn check_envelope_of(response: &HttpResponse, successes: &[u16]) -> Result<(), AnswerDefect> {
    if response.cut {
        return Err(AnswerDefect::TooLarge);
    }
    match response.status {
        400..=499 => {}
        status if successes.contains(&status) => {}
        status @ 300..=399 => {
            let target = response.header("location").map(without_query).unwrap_or_default();
            return Err(AnswerDefect::Redirected { status, target });
        }
        status @ 500..=599 => {
            return Err(AnswerDefect::ServerFailed { status, retry_after: RetryAfter::of(response) });
        }
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
    let text = text_of(&response.body)?;
    let text = text.strip_prefix('\u{feff}').inspect(|_| oddities.push(Oddity::ByteOrderMark)).unwrap_or(text).trim();
    if text.is_empty() {
        return Err(AnswerDefect::Empty);
    }
    if text.starts_with('<') {
        return Err(AnswerDefect::Html { status: response.status });
    }
    let label = Label::of(response);
    let looks_json = text.starts_with(['{', '[']);
    let json = if label.says_json || looks_json { read_json(text)? } else { None };
    let document = match json {
        Some(document) => {
            if !label.says_json || label.says_other_charset {
                oddities.push(Oddity::Mislabelled(label.shown));
            }
            document
        }
        None if looks_json => return Err(AnswerDefect::NotReadable),
        // A form that says it is JSON breaks every reader that goes by the label, so it is not quietly put up with.
        None if label.says_json && looks_like_a_form(text) => {
            return Err(AnswerDefect::FormLabelledJson);
        }
        None if label.says_form || looks_like_a_form(text) => {
            oddities.push(Oddity::FormEncoded);
            if !label.says_form || label.says_other_charset {
                oddities.push(Oddity::Mislabelled(label.shown));
            }
            Document::of_value(read_form(text)?)
        }
        None => return Err(AnswerDefect::NotReadable),
    };
    Ok(Understood { document, oddities })
}

/// The text of a body. UTF-16 has a zero among its first bytes, which no text in UTF-8 that we could use has.
pub(crate) fn text_of(body: &[u8]) -> Result<&str, AnswerDefect> {
    if body.iter().take(2).any(|byte| *byte == 0) {
        return Err(AnswerDefect::NotUtf8);
    }
    std::str::from_utf8(body).map_err(|_| AnswerDefect::NotUtf8)
}

/// What the `Content-Type` header says.
struct Label {
    says_json: bool,
    says_form: bool,
    /// Another character encoding than UTF-8, the only one of JSON (RFC 8259 §8.1).
    says_other_charset: bool,
    /// As received, made inert; without parameters unless one of them is wrong.
    shown: String,
}

impl Label {
    fn of(response: &HttpResponse) -> Self {
        let media_type = response.media_type().unwrap_or_default();
        let whole = response.header("content-type").unwrap_or_default();
        let charset = whole.split(';').skip(1).find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
        });
        let says_other_charset = charset.is_some_and(|charset| {
            !["utf-8", "utf8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known))
        });
        Self {
            says_json: media_type == "application/json" || media_type.ends_with("+json"),
            says_form: media_type == "application/x-www-form-urlencoded",
            says_other_charset,
            shown: inert(if says_other_charset { whole } else { &media_type }),
        }
    }
}

/// The JSON value, when the text is one and no member is there twice.
fn read_json(text: &str) -> Result<Option<Document>, AnswerDefect> {
    match document::read(text) {
        Ok(document) => match &document.duplicate {
            Some(name) => Err(AnswerDefect::Twice(inert(name))),
            None => Ok(Some(document)),
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
    let error = refused_with(response, style)?;
    if error.error.as_deref() == Some("use_dpop_nonce") {
        return Err(AnswerDefect::DpopDemanded);
    }
    Ok(Refusal::of(response, error))
}

fn refused_with(response: &HttpResponse, style: ErrorStyle) -> Result<ErrorResponse, AnswerDefect> {
    let mut challenges = response.headers.iter().filter(|(name, _)| name == "www-authenticate");
    if let Some(error) = challenges.find_map(|(_, value)| challenge::error(value)) {
        return Ok(error);
    }
    match understand(response) {
        Ok(understood) => Ok(error_of(&understood.document.value, style).unwrap_or_default()),
        Err(AnswerDefect::Empty) => Ok(ErrorResponse::default()),
        Err(AnswerDefect::NotReadable) => {
            let sentence = String::from_utf8_lossy(&response.body);
            Ok(ErrorResponse {
                description: (sentence.len() <= 300).then(|| inert(sentence.trim())),
                ..ErrorResponse::default()
            })
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
        return Some(ErrorResponse { description: Some(error), ..ErrorResponse::default() });
    }
    let words = |name: &str| value.get(name).and_then(Value::as_str).map(inert);
    Some(ErrorResponse { error: Some(error), description: words("error_description"), uri: words("error_uri") })
}

/// An address without its query and fragment, made inert.
fn without_query(address: &str) -> String {
    inert(address.split(['?', '#']).next().unwrap_or_default())
}
