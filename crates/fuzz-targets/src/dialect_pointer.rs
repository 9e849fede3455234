//! The JSON pointers of a dialect.

use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::identity::{IdentityResponse, IdentityRules};
use gatewright_protocol::inert::inert;
use gatewright_protocol::json::text_at;
use serde_json::Value;

use crate::input::Input;
use crate::shown::{assert_defect_inert, assert_inert, assert_words_inert};

/// A pointer leads where RFC 6901 says, and a person is known by what stands there.
///
/// No choices. A line with the pointer, then a JSON document.
pub fn dialect_pointer(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let (Some(pointer), Some(text)) = (input.line(), input.text()) else { return };
    if let Ok(document) = serde_json::from_str::<Value>(text) {
        let expected = evaluated(&document, pointer).and_then(plain_text);
        assert_eq!(text_at(&document, pointer), expected, "{pointer} in {document}");
    }
    read_person(pointer, text);
}

fn read_person(pointer: &str, text: &str) {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let response = HttpResponse { status: 200, headers, body: text.as_bytes().to_vec(), cut: false };
    let rules =
        IdentityRules { subject: pointer.to_owned(), display_name: Some(pointer.to_owned()), signed_in_flag: None };
    match IdentityResponse::read(&response, &rules) {
        IdentityResponse::Known(person, _) => {
            for (name, value) in &person.fields {
                assert_inert(name);
                assert_inert(value);
            }
            assert_inert(&person.subject);
            assert_eq!(person.display_name.as_ref(), Some(&person.subject));
            is_what_stands_there(&person.subject, pointer, text);
        }
        IdentityResponse::NotSignedIn => panic!("nobody asked for a flag"),
        IdentityResponse::Refused(refusal) => assert_words_inert(&refusal.error),
        // The pointer is the provider profile's, not the server's: it may hold what is not inert.
        IdentityResponse::Malformed(defect) if defect.field() == pointer => {}
        IdentityResponse::Malformed(defect) => assert_defect_inert(&defect),
    }
}

fn is_what_stands_there(subject: &str, pointer: &str, text: &str) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Ok(document) = serde_json::from_str::<Value>(text.trim()) else { return };
    let person = document.get(0).filter(|_| document.is_array()).unwrap_or(&document);
    match evaluated(person, pointer) {
        Some(Value::String(found)) => assert_eq!(subject, inert(found)),
        Some(Value::Bool(found)) => assert_eq!(subject, found.to_string()),
        // A number keeps the digits it was written with, which a plain reader does not know any more.
        Some(Value::Number(_)) => assert!(text.contains(subject)),
        other => panic!("{subject} out of {other:?}"),
    }
}

/// RFC 6901 §4, by the book.
fn evaluated<'a>(document: &'a Value, pointer: &str) -> Option<&'a Value> {
    if pointer.is_empty() {
        return Some(document);
    }
    let mut names = pointer.split('/');
    if names.next() != Some("") {
        return None;
    }
    names.try_fold(document, |value, name| match value {
        Value::Object(members) => members.get(&name.replace("~1", "/").replace("~0", "~")),
        Value::Array(items) => {
            let is_index = name.bytes().all(|byte| byte.is_ascii_digit()) && (name == "0" || !name.starts_with('0'));
            items.get(name.parse::<usize>().ok().filter(|_| is_index)?)
        }
        _ => None,
    })
}

fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}
