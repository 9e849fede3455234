//! Words of a POSIX shell.

use std::fmt::Write as _;

use gatewright_model::Redacted;
use gatewright_model::exchange::Piece;

use super::variable::Variables;
use crate::inert::is_treacherous;

/// A text as one word of the shell, its references as variables. A secret's variable stands in double quotes, where the shell replaces it
/// and reads nothing else into its value.
pub(super) fn word(text: &Redacted, variables: &mut Variables) -> String {
    let harmless = text.0.iter().all(|piece| matches!(piece, Piece::Text(text) if is_bare(text)));
    let plain = text.to_plain();
    if harmless && !plain.is_empty() {
        return plain;
    }
    let has_reference = text.0.iter().any(|piece| matches!(piece, Piece::Reference(_)));
    let in_double_quotes = has_reference
        && text.0.iter().all(|piece| match piece {
            Piece::Text(text) => {
                !text.contains(['"', '$', '`', '\\', '!', '\n', '\r']) && !text.contains(is_treacherous)
            }
            Piece::Reference(_) => true,
        });
    if in_double_quotes { double_quoted(text, variables) } else { piecewise(text, variables) }
}

/// Needs no quotes in any shell.
fn is_bare(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./:@%+,=".contains(&byte))
        && !text.starts_with(['=', '~'])
}

fn double_quoted(text: &Redacted, variables: &mut Variables) -> String {
    let mut word = "\"".to_owned();
    let mut pieces = text.0.iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => word.push_str(text),
            Piece::Reference(reference) => {
                let name = variables.of(reference);
                // Without braces a letter after it would belong to its name.
                let (open, close) = if pieces.peek().is_some() { ("${", "}") } else { ("$", "") };
                word.extend([open, &name, close]);
            }
        }
    }
    word.push('"');
    word
}

fn piecewise(text: &Redacted, variables: &mut Variables) -> String {
    let mut word = String::new();
    for piece in &text.0 {
        match piece {
            Piece::Text(text) => word.push_str(&quoted(text)),
            Piece::Reference(reference) => {
                let name = variables.of(reference);
                word.extend(["\"$", &name, "\""]);
            }
        }
    }
    if word.is_empty() { "''".to_owned() } else { word }
}

/// A text in quotes in which the shell changes nothing. What is not seen is written by its bytes, so that what a person reads is what the
/// shell gets; those quotes are bash's, zsh's and ksh's.
fn quoted(text: &str) -> String {
    if !text.contains(|character: char| character == '\r' || is_treacherous(character)) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut word = "$'".to_owned();
    for character in text.chars() {
        match character {
            '\'' => word.push_str(r"\'"),
            '\\' => word.push_str(r"\\"),
            // No argument of a program can hold it.
            '\0' => word.push_str("⟨U+0000⟩"),
            '\r' => word.push_str(r"\r"),
            '\n' => word.push_str(r"\n"),
            _ if is_treacherous(character) => {
                character.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| {
                    // Writing to a String cannot fail. Three octal digits, because more hexadecimal ones might follow.
                    let _written = write!(word, r"\{byte:03o}");
                });
            }
            _ => word.push(character),
        }
    }
    word.push('\'');
    word
}
