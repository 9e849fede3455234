//! Reading a recorded answer: its members and their types are kept, secrets are references.

use serde_json::{Map, Value};

use crate::dialect::{AnswerField, JsonType};
use crate::exchange::{Piece, RecordedResponse, Redacted};

/// An answer that could be read.
pub(super) struct Answer {
    /// Its members; those of a form are all text.
    pub(super) members: Value,
    /// It was form-encoded.
    pub(super) is_form: bool,
}

impl Answer {
    /// Reads a JSON object or a form; none for anything else, or what was recorded in part only.
    pub(super) fn read(response: &RecordedResponse) -> Option<Self> {
        if response.cut {
            return None;
        }
        if let Ok(members @ Value::Object(_)) = serde_json::from_str(&as_json(&response.body)) {
            return Some(Self { members, is_form: false });
        }
        let text = response.body.to_plain();
        if text.contains(char::is_whitespace) || text.starts_with(['<', '{', '[']) || !text.contains('=') {
            return None;
        }
        let members = text.split('&').filter_map(|pair| pair.split_once('='));
        let members: Map<String, Value> = members.map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
        Some(Self { members: Value::Object(members), is_form: true })
    }

    /// The value at a JSON pointer, unless it is null.
    pub(super) fn at(&self, pointer: &str) -> Option<&Value> {
        self.members.pointer(pointer).filter(|value| !value.is_null())
    }

    /// The first stated member that is not there or has another type, in words; `except` names those that another statement is about.
    pub(super) fn differs_from(&self, stated: &[AnswerField], except: &[&str]) -> Option<String> {
        stated.iter().filter(|field| !except.contains(&field.name.as_str())).find_map(|field| {
            match self.members.get(&field.name) {
                None | Some(Value::Null) if field.optional => None,
                None => Some(format!("{} is missing.", field.name)),
                Some(Value::Null) => Some(format!("{} is null.", field.name)),
                // In a form everything is text.
                Some(_) if self.is_form => None,
                Some(value) if type_of(value) == field.json_type => None,
                Some(value) => {
                    Some(format!("{} is {} and not {}.", field.name, word(type_of(value)), word(field.json_type)))
                }
            }
        })
    }
}

/// A recorded JSON body as JSON: a reference in the place of a whole string gets its quotes back.
fn as_json(body: &Redacted) -> String {
    let (mut text, mut in_string, mut escaped) = (String::new(), false, false);
    for piece in &body.0 {
        match piece {
            Piece::Text(part) => {
                for character in part.chars() {
                    match character {
                        _ if escaped => escaped = false,
                        '\\' => escaped = in_string,
                        '"' => in_string = !in_string,
                        _ => {}
                    }
                    text.push(character);
                }
            }
            Piece::Reference(reference) if in_string => text.push_str(reference),
            Piece::Reference(reference) => text.extend(["\"", reference, "\""]),
        }
    }
    text
}

fn type_of(value: &Value) -> JsonType {
    match value {
        Value::Number(_) => JsonType::Number,
        Value::Bool(_) => JsonType::Boolean,
        Value::Array(_) => JsonType::Array,
        Value::Object(_) => JsonType::Object,
        Value::String(_) | Value::Null => JsonType::String,
    }
}

/// A type with its article.
const fn word(json_type: JsonType) -> &'static str {
    match json_type {
        JsonType::String => "a string",
        JsonType::Number => "a number",
        JsonType::Boolean => "a boolean",
        JsonType::Array => "an array",
        JsonType::Object => "an object",
    }
}
