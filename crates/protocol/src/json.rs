//! Reading values out of JSON by pointer (RFC 6901).

use serde_json::Value;

/// The text at `pointer`: a string as it is, a number or a boolean as JSON writes it; `None` for everything else.
pub fn text_at(document: &Value, pointer: &str) -> Option<String> {
    match document.pointer(pointer)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}
