//! String literals: any text between quotes, so that it can neither end the literal nor look like something else.

/// How a language writes a character that cannot stand for itself.
#[derive(Clone, Copy)]
pub(crate) enum Escape {
    /// `\u{e9}`: JavaScript, PHP, Rust.
    Braces,
    /// `\U000000e9`: Python, Go.
    EightDigits,
}

/// The text between double quotes. `special` are the characters that a backslash has to stand before, beside quote and backslash.
pub(crate) fn quoted(text: &str, special: &[char], escape: Escape) -> String {
    let shown = text.chars().map(|character| match character {
        '"' | '\\' => format!("\\{character}"),
        _ if special.contains(&character) => format!("\\{character}"),
        _ if is_plain(character) => character.to_string(),
        _ => match escape {
            Escape::Braces => format!("\\u{{{:x}}}", u32::from(character)),
            Escape::EightDigits => format!("\\U{:08x}", u32::from(character)),
        },
    });
    format!("\"{}\"", shown.collect::<String>())
}

/// Whether a character shows what it is: letters and digits of all scripts, and what ASCII prints.
pub(crate) fn is_plain(character: char) -> bool {
    character == ' ' || character.is_ascii_graphic() || character.is_alphanumeric()
}

/// Whether a text is a name that needs no quotes as a key.
pub(crate) fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|other| other.is_ascii_alphanumeric() || other == '_')
}

/// A value as it stands in a form body or a query (`application/x-www-form-urlencoded`).
pub(crate) fn form_encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_a_line_end_and_a_direction_mark_are_escaped() {
        assert_eq!(quoted("a\"\\\n$é\u{202e}", &['$'], Escape::Braces), r#""a\"\\\u{a}\$é\u{202e}""#);
        assert_eq!(quoted("\u{1f600}", &[], Escape::EightDigits), r#""\U0001f600""#);
    }

    #[test]
    fn only_names_need_no_quotes() {
        assert!(is_name("client_id") && !is_name("not-before-policy") && !is_name("") && !is_name("7a"));
    }
}
