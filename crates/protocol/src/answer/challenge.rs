//! Reading the error out of a `WWW-Authenticate` header (RFC 6750 §3).

use crate::authorization::ErrorResponse;
use crate::inert::inert;

/// The error a challenge names, if it names one.
pub(super) fn error(header: &str) -> Option<ErrorResponse> {
    let words = |name: &str| parameter(header, name).map(|text| inert(&text));
    Some(ErrorResponse {
        error: Some(words("error")?),
        description: words("error_description"),
        uri: words("error_uri"),
    })
}

/// The value of an auth-param `name=value` or `name="value"` (RFC 9110 §11.2), wherever in the header it stands.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut rest = header;
    while let Some(equals) = rest.find('=') {
        let key = rest[..equals].trim_end().rsplit([' ', ',', '\t']).next().unwrap_or_default();
        let (value, after) = value(rest[equals + 1..].trim_start());
        if key.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = after;
    }
    None
}

/// A token or a quoted string, and what comes after it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((place, character)) = characters.next() {
        match character {
            '"' => return (value, &quoted[place + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => value.push(character),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_error_of_a_bearer_challenge_is_read() {
        let header =
            r#"Bearer realm="a, error=\"no\"", error="insufficient_scope", error_description="Missing openid scope""#;
        let read = error(header).unwrap();
        assert_eq!(read.error.as_deref(), Some("insufficient_scope"));
        assert_eq!(read.description.as_deref(), Some("Missing openid scope"));
    }

    #[test]
    fn a_challenge_without_error_names_none() {
        assert_eq!(error("Bearer"), None);
        assert_eq!(error(r#"Basic realm="x""#), None);
        assert_eq!(error("Bearer error=invalid_token").unwrap().error.as_deref(), Some("invalid_token"));
    }

    proptest! {
        #[test]
        fn no_header_makes_the_reader_panic(header in "\\PC*") {
            let _ = error(&header);
        }
    }
}
