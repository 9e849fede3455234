//! Recording a request and its response with secrets replaced by references.
//!
//! What is secret is known by type (a request's values) and by position (a response's member names); only then, as a second line, are
//! secrets of this run looked for in what a server wrote.

use std::borrow::Cow;
use std::time::Duration;

use gatewright_model::Redacted;
use gatewright_model::exchange::{Exchange, ExchangePurpose, Piece, RecordedField, RecordedRequest, RecordedResponse};
use gatewright_protocol::authorization::AuthorizationRequest;
use gatewright_protocol::http::{BodyEncoding, HttpRequest, HttpResponse, Value};
use serde_json::Value as Json;
use url::Url;

use crate::known_secrets::{
    KnownSecrets, first_secret_name_in, kind_in_body, kind_in_callback, kind_in_credential, kind_in_key,
};
use crate::ports::{Arrival, SendError};
use crate::sightings::without_query;

/// How much of a body is kept in a record.
const BODY_KEPT: usize = 64 << 10;

/// Response headers whose values are secrets.
const SECRET_HEADERS: [&str; 2] = ["set-cookie", "authorization"];

/// Records what came of a request that was sent.
pub(crate) fn record(
    purpose: ExchangePurpose,
    request: RecordedRequest,
    result: &Result<HttpResponse, SendError>,
    took: Duration,
    secrets: &mut KnownSecrets,
) -> Exchange {
    Exchange {
        purpose,
        request,
        response: result.as_ref().ok().map(|response| record_response(response, secrets)),
        duration_us: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        failure: result.as_ref().err().map(ToString::to_string),
    }
}

/// Records an authorization request; a browser sends it, so that there is no response to record.
pub(crate) fn record_authorization(request: &AuthorizationRequest, secrets: &mut KnownSecrets) -> Exchange {
    record_visit(ExchangePurpose::Authorization, request.endpoint(), request.parameters(), secrets)
}

/// Records a request that a browser sends.
pub(crate) fn record_visit(
    purpose: ExchangePurpose,
    endpoint: &Url,
    parameters: &[(Cow<'static, str>, Value)],
    secrets: &mut KnownSecrets,
) -> Exchange {
    let own = endpoint.query_pairs().map(|(name, value)| field(&name, secrets.redact(&value))).collect::<Vec<_>>();
    let ours = parameters.iter().map(|(name, value)| field(name, secrets.redact_value(value))).collect::<Vec<_>>();
    Exchange {
        purpose,
        request: RecordedRequest {
            method: "GET".to_owned(),
            url: without_query(endpoint),
            query: own.into_iter().chain(ours).collect(),
            headers: Vec::new(),
            encoding: String::new(),
            fields: Vec::new(),
        },
        response: None,
        duration_us: 0,
        failure: None,
    }
}

/// Records the callback as the response to the request that a browser sent: a navigation, so its status is 0.
pub(crate) fn record_callback(sent: &Exchange, arrival: &Arrival, secrets: &mut KnownSecrets) -> Exchange {
    let callback = &arrival.callback;
    let mut body = secrets.redact(&without_query(callback));
    for (mark, part) in [("?", callback.query()), ("#", callback.fragment())] {
        write_parameters(mark, part.unwrap_or_default().as_bytes(), &mut body, secrets);
    }
    let mut bytes = callback.as_str().len() as u64;
    if let Some(form) = &arrival.form {
        write_parameters("\n", &form.body, &mut body, secrets);
        bytes += form.body.len() as u64;
    }
    let response = RecordedResponse { status: 0, headers: Vec::new(), body, bytes, cut: false };
    Exchange { response: Some(response), ..sent.clone() }
}

fn write_parameters(mark: &str, text: &[u8], body: &mut Redacted, secrets: &mut KnownSecrets) {
    let mut mark = mark;
    for (name, value) in form_pairs(text) {
        body.push_text(mark);
        secrets.redact_into(body, &name, Redacted::push_text);
        body.push_text("=");
        append(body, named(kind_in_callback(&name), &value, secrets));
        mark = "&";
    }
}

/// Records a request, and learns its secrets: before what answers it is recorded, which may repeat them.
pub(crate) fn record_request(request: &HttpRequest, secrets: &mut KnownSecrets) -> RecordedRequest {
    let mut headers: Vec<_> =
        request.headers.iter().map(|(name, value)| field(name, secrets.redact_value(value))).collect();
    let (encoding, content_type) = match request.body.as_ref().map(|body| body.encoding) {
        None => ("", None),
        Some(BodyEncoding::Form) => ("form", Some("application/x-www-form-urlencoded")),
        Some(BodyEncoding::Json) => ("json", Some("application/json")),
        Some(BodyEncoding::Multipart) => ("multipart", Some("multipart/form-data; boundary=…")),
    };
    headers.extend(content_type.map(|value| field("content-type", Redacted::text(value))));
    let fields = request.body.iter().flat_map(|body| &body.fields);
    let fields = fields.map(|(name, value)| field(name, secrets.redact_value(value))).collect();
    RecordedRequest {
        method: request.method.as_str().to_owned(),
        url: without_query(&request.url),
        query: request
            .url
            .query_pairs()
            .map(|(name, value)| field(&name, named(kind_in_callback(&name), &value, secrets)))
            .collect(),
        headers,
        encoding: encoding.to_owned(),
        fields,
    }
}

fn record_response(response: &HttpResponse, secrets: &mut KnownSecrets) -> RecordedResponse {
    // The body first: it teaches us the tokens, which a header might repeat.
    let body = record_body(response, secrets);
    let written = |(name, value): &(String, String)| field(&secrets.plain(name), header(name, value, secrets));
    let headers = response.headers.iter().map(written).collect();
    RecordedResponse {
        status: response.status,
        headers,
        body,
        bytes: response.body.len() as u64,
        cut: response.cut || response.body.len() > BODY_KEPT,
    }
}

fn header(name: &str, value: &str, secrets: &mut KnownSecrets) -> Redacted {
    if SECRET_HEADERS.contains(&name) {
        return Redacted::reference(&secrets.reference_for("cookie", value));
    }
    if name == "location" {
        // A redirect's query may hold codes and tokens under any name.
        let shown = value.split(['?', '#']).next().unwrap_or_default();
        let mut redacted = secrets.redact(shown);
        redacted.push_text(if shown.len() < value.len() { "?…" } else { "" });
        return redacted;
    }
    secrets.redact(value)
}

fn record_body(response: &HttpResponse, secrets: &mut KnownSecrets) -> Redacted {
    let text = String::from_utf8_lossy(&response.body);
    let text = text.trim_start_matches('\u{feff}').trim();
    if response.body.len() <= BODY_KEPT {
        if let Ok(value @ (Json::Object(_) | Json::Array(_))) = serde_json::from_str(text) {
            let mut body = Redacted::default();
            write_json(&value, 0, &mut body, secrets);
            return body;
        }
        if !text.contains(char::is_whitespace) && !text.starts_with(['<', '{', '[']) && text.contains('=') {
            return write_form(text, secrets);
        }
    }
    unread(text, secrets)
}

/// Text that could not be read: shown up to the first name of a secret, because what follows may be one.
fn unread(text: &str, secrets: &KnownSecrets) -> Redacted {
    let mut end = text.len().min(BODY_KEPT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let shown = &text[..end];
    let Some(place) = first_secret_name_in(shown) else { return secrets.redact(shown) };
    let mut redacted = secrets.redact(&shown[..place]);
    redacted.push_reference(&"unread#1");
    redacted
}

fn write_form(text: &str, secrets: &mut KnownSecrets) -> Redacted {
    let mut body = Redacted::default();
    for (count, (name, value)) in form_pairs(text.as_bytes()).into_iter().enumerate() {
        body.push_text(if count == 0 { "" } else { "&" });
        secrets.redact_into(&mut body, &name, Redacted::push_text);
        body.push_text("=");
        append(&mut body, named(kind_in_body(&name), &value, secrets));
    }
    body
}

/// Writes JSON with indentation; members with a secret's name become references.
fn write_json(value: &Json, depth: usize, body: &mut Redacted, secrets: &mut KnownSecrets) {
    let line = |body: &mut Redacted, depth: usize| {
        body.push_text("\n");
        (0..depth).for_each(|_| body.push_text("  "));
    };
    match value {
        Json::Object(members) if !members.is_empty() => {
            for (count, (name, member)) in members.iter().enumerate() {
                body.push_text(if count == 0 { "{" } else { "," });
                line(body, depth + 1);
                write_string(name, body, secrets);
                body.push_text(": ");
                let kind = kind_in_body(name)
                    .or_else(|| kind_in_key(name, members))
                    .or_else(|| kind_in_credential(name, members));
                match (kind, member) {
                    (Some(kind), Json::String(text)) if !text.is_empty() => {
                        body.push_reference(&secrets.reference_for(kind, text));
                    }
                    _ => write_json(member, depth + 1, body, secrets),
                }
            }
            line(body, depth);
            body.push_text("}");
        }
        Json::Array(items) if !items.is_empty() => {
            for (count, item) in items.iter().enumerate() {
                body.push_text(if count == 0 { "[" } else { "," });
                line(body, depth + 1);
                write_json(item, depth + 1, body, secrets);
            }
            line(body, depth);
            body.push_text("]");
        }
        Json::String(text) => write_string(text, body, secrets),
        other => secrets.redact_into(body, &other.to_string(), Redacted::push_text),
    }
}

/// Writes a JSON string. Secrets are looked for before the characters are escaped.
fn write_string(text: &str, body: &mut Redacted, secrets: &KnownSecrets) {
    body.push_text("\"");
    secrets.redact_into(body, text, push_escaped);
    body.push_text("\"");
}

fn push_escaped(body: &mut Redacted, text: &str) {
    if text.bytes().all(|byte| byte >= b' ' && !matches!(byte, b'"' | b'\\')) {
        return body.push_text(text);
    }
    let escaped = Json::from(text).to_string();
    body.push_text(&escaped[1..escaped.len() - 1]);
}

/// A value of a given kind: a reference where the kind is a secret's.
fn named(kind: Option<&str>, value: &str, secrets: &mut KnownSecrets) -> Redacted {
    match kind {
        Some(kind) if !value.is_empty() => Redacted::reference(&secrets.reference_for(kind, value)),
        _ => secrets.redact(value),
    }
}

fn form_pairs(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

fn field(name: &str, value: Redacted) -> RecordedField {
    RecordedField { name: name.to_owned(), value }
}

fn append(body: &mut Redacted, more: Redacted) {
    for piece in more.0 {
        match piece {
            Piece::Text(text) => body.push_text(&text),
            Piece::Reference(reference) => body.push_reference(&reference),
        }
    }
}

#[cfg(test)]
mod tests;
