//! A recorded body read as JSON.

use gatewright_model::Redacted;
use gatewright_model::exchange::Piece;
use serde_json::Value as Json;

/// The JSON in a recorded body; none when it is none. A reference stands for a whole value or for a part of a string, and is the text
/// `‹token#1›` in what is read.
pub(crate) fn read(recorded: &Redacted) -> Option<Json> {
    let (mut text, mut in_string) = (String::new(), false);
    for piece in &recorded.0 {
        match piece {
            Piece::Text(written) => {
                in_string = ends_in_string(written, in_string);
                text.push_str(written);
            }
            Piece::Reference(reference) if in_string => {
                text.extend(["‹", reference.as_str(), "›"]);
            }
            Piece::Reference(reference) => text.push_str(&Json::String(format!("‹{reference}›")).to_string()),
        }
    }
    serde_json::from_str(&text).ok()
}

/// Whether a string is still open at the end of a piece of JSON.
fn ends_in_string(written: &str, began_in_string: bool) -> bool {
    let (mut in_string, mut escaped) = (began_in_string, false);
    for character in written.chars() {
        match character {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ => {}
        }
    }
    in_string
}

#[cfg(test)]
mod tests {
    use gatewright_model::Redacted;
    use serde_json::json;

    use super::read;

    #[test]
    fn a_reference_is_a_value_of_its_own_or_a_part_of_a_string() {
        let mut recorded = Redacted::text(r#"{"a\"b": 1, "token": "#);
        recorded.push_reference(&"token#1");
        recorded.push_text(r#", "link": "https://x/?code="#);
        recorded.push_reference(&"code#1");
        recorded.push_text("\"}");
        let expected = json!({ "a\"b": 1, "token": "‹token#1›", "link": "https://x/?code=‹code#1›" });
        assert_eq!(read(&recorded), Some(expected));
        assert_eq!(read(&Redacted::text("no JSON")), None);
    }
}
