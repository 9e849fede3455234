//! A recorded exchange as a command for a shell, to be sent again.
//!
//! Where a secret was, there is a variable of the shell: `$SECRET`, `$CODE`, `$TOKEN`. Comments above the command say what belongs into
//! each, so that nobody has to write a secret into the command itself, where the shell's history keeps it.

mod shell;
mod variable;

use gatewright_model::Redacted;
use gatewright_model::exchange::{Exchange, ExchangePurpose, Piece, RecordedField, RecordedRequest};
use serde_json::Value as Json;

use self::shell::word;
use self::variable::Variables;

/// The request of an exchange as a cURL command for a POSIX shell.
pub fn curl(exchange: &Exchange) -> String {
    let request = &exchange.request;
    let mut command = Command { variables: Variables::default(), parts: Vec::new() };
    command.address(request);
    request.headers.iter().filter(|header| is_written(header, request)).for_each(|header| command.header(header));
    command.body(request);
    let browser = matches!(exchange.purpose, ExchangePurpose::Authorization | ExchangePurpose::Logout);
    command.finish(browser)
}

struct Command {
    variables: Variables,
    /// Options with their values, one a line.
    parts: Vec<String>,
}

impl Command {
    /// The URL, the method, and the query. A query that holds a secret is left to curl to encode: only then may the variable's value be
    /// pasted as it is.
    fn address(&mut self, request: &RecordedRequest) {
        let for_curl = request.query.iter().any(|field| has_reference(&field.value));
        let mut url = Redacted::text(&request.url);
        if !for_curl && !request.query.is_empty() {
            url.push_text("?");
            url.push_text(&encoded_pairs(&request.query));
        }
        let url = word(&url, &mut self.variables);
        self.parts.push(if request.url.contains(['[', ']', '{', '}']) { format!("--globoff {url}") } else { url });
        let has_body = !request.encoding.is_empty();
        let implied = if has_body { "POST" } else { "GET" };
        if request.method != implied {
            self.option("--request", &Redacted::text(&request.method));
        }
        if for_curl {
            // The newer --url-query is only for requests that have a body, because curl before 7.87 does not know it.
            let option = if has_body { "--url-query" } else { "--data-urlencode" };
            if !has_body {
                self.parts.push("--get".to_owned());
            }
            request.query.iter().for_each(|field| self.option(option, &pair(field)));
        }
    }

    fn header(&mut self, header: &RecordedField) {
        if let [Piece::Text(scheme), Piece::Reference(reference)] = header.value.0.as_slice()
            && header.name.eq_ignore_ascii_case("authorization")
            && scheme.eq_ignore_ascii_case("basic ")
        {
            let secret = self.variables.of(reference);
            self.variables.client_id();
            self.parts.push(format!("--user \"$CLIENT_ID:${secret}\""));
            return;
        }
        let mut line = joined(format!("{}: ", header.name), &header.value);
        if header.value.to_plain().is_empty() {
            // So curl sends a header without a value.
            line = Redacted::text(format!("{};", header.name));
        }
        self.option("--header", &line);
    }

    fn body(&mut self, request: &RecordedRequest) {
        match request.encoding.as_str() {
            "" => {}
            "multipart" => request.fields.iter().for_each(|field| self.option("--form-string", &plain_pair(field))),
            "json" => self.option("--data-raw", &json_text(&request.fields)),
            _ if request.fields.is_empty() => self.option("--data-raw", &Redacted::default()),
            _ => request.fields.iter().for_each(|field| self.option("--data-urlencode", &pair(field))),
        }
    }

    fn option(&mut self, name: &str, value: &Redacted) {
        let value = word(value, &mut self.variables);
        self.parts.push(format!("{name} {value}"));
    }

    fn finish(self, browser: bool) -> String {
        let mut text = String::new();
        if browser {
            text.push_str(
                "# A browser sent this: curl gets the first answer only, without cookies and without a person.\n",
            );
        }
        text.push_str(&self.variables.comments());
        text.push_str("curl ");
        text.push_str(&self.parts.join(" \\\n  "));
        text.push('\n');
        text
    }
}

/// Whether a header is written down. Those that describe the body are curl's own business, unless it is JSON, which curl does not
/// recognise.
fn is_written(header: &RecordedField, request: &RecordedRequest) -> bool {
    let is_token = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    };
    let is = |name: &str| header.name.eq_ignore_ascii_case(name);
    is_token(&header.name)
        && !is("content-length")
        && !is("host")
        && (request.encoding == "json" || !is("content-type"))
}

fn has_reference(value: &Redacted) -> bool {
    value.0.iter().any(|piece| matches!(piece, Piece::Reference(_)))
}

fn encoded_pairs(fields: &[RecordedField]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields.iter().map(|field| (&field.name, field.value.to_plain())));
    query.finish()
}

/// As `--data-urlencode` takes it: the name encoded already, the value not.
fn pair(field: &RecordedField) -> Redacted {
    let name: String = form_urlencoded::byte_serialize(field.name.as_bytes()).collect();
    named(&name, &field.value)
}

/// As `--form-string` takes it. A name cannot hold what ends it.
fn plain_pair(field: &RecordedField) -> Redacted {
    named(&field.name.replace('=', "%3D"), &field.value)
}

fn named(name: &str, value: &Redacted) -> Redacted {
    joined(format!("{name}="), value)
}

fn joined(beginning: String, value: &Redacted) -> Redacted {
    let mut text = Redacted::text(beginning);
    value.0.iter().for_each(|piece| match piece {
        Piece::Text(more) => text.push_text(more),
        Piece::Reference(reference) => text.push_reference(reference),
    });
    text
}

/// The fields as one JSON object. A record does not keep types: what reads as a number, a list or an object is written as one, because so
/// the engine sends client identifiers and redirect URIs.
fn json_text(fields: &[RecordedField]) -> Redacted {
    let mut text = Redacted::text("{");
    for (place, field) in fields.iter().enumerate() {
        text.push_text(if place == 0 { "" } else { ", " });
        text.push_text(&format!("{}: ", Json::from(field.name.as_str())));
        let plain = field.value.to_plain();
        let whole = serde_json::from_str::<Json>(&plain).ok().filter(|value| !value.is_string());
        if let (Some(value), false) = (whole, has_reference(&field.value)) {
            text.push_text(&value.to_string());
            continue;
        }
        text.push_text("\"");
        field.value.0.iter().for_each(|piece| match piece {
            Piece::Text(more) => text.push_text(&within_quotes(more)),
            Piece::Reference(reference) => text.push_reference(reference),
        });
        text.push_text("\"");
    }
    text.push_text("}");
    text
}

/// A text as JSON writes it between its quotes.
fn within_quotes(text: &str) -> String {
    let quoted = Json::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests;
