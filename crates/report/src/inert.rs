//! Text of strangers, made harmless for whoever looks at it.
//!
//! Each format has its own escaping, by its library. What no escaping covers are characters that are not seen and change what is: control
//! characters, which a terminal obeys and XML forbids, and the marks that turn the direction of text, with which a server can make
//! `moc.live` read as `evil.com`. They are written as what they are: `⟨U+202E⟩`.

use std::borrow::Cow;
use std::fmt::{self, Write};

/// Whether a character is not seen and changes what is: controls besides tab and line ends, marks of direction, and the two that XML
/// has no place for.
pub(crate) const fn is_treacherous(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
            | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// The text with treacherous characters written out.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(is_treacherous) else { return Cow::Borrowed(text) };
    let mut written = text[..first].to_owned();
    for character in text[first..].chars() {
        if is_treacherous(character) {
            // Writing to a String cannot fail.
            let _written = write!(written, "⟨U+{:04X}⟩", u32::from(character));
        } else {
            written.push(character);
        }
    }
    Cow::Owned(written)
}

/// At most that many characters of a text, and how many there are when some were left off.
pub(crate) fn beginning(text: &str, most: usize) -> (&str, Option<usize>) {
    // No text has more characters than bytes, and almost every text is short.
    if text.len() <= most {
        return (text, None);
    }
    match text.char_indices().nth(most) {
        None => (text, None),
        Some((end, _)) => (&text[..end], Some(text.chars().count())),
    }
}

/// What askama writes every value of a template through: escaped for HTML, with treacherous characters written out. The templates name
/// no other way, so that none can be forgotten.
#[derive(Clone, Copy)]
pub(crate) struct Inert;

impl askama::filters::Escaper for Inert {
    fn write_escaped_str<W: Write>(&self, dest: W, text: &str) -> fmt::Result {
        askama::filters::Html.write_escaped_str(dest, &visible(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_written_out() {
        assert_eq!(visible("a\u{202e}b\0c\u{1b}[31m"), "a⟨U+202E⟩b⟨U+0000⟩c⟨U+001B⟩[31m");
        assert_eq!(visible("zwei\r\nZeilen\tund שלום"), "zwei\r\nZeilen\tund שלום");
        assert!(matches!(visible("plain"), Cow::Borrowed("plain")));
    }

    #[test]
    fn a_beginning_ends_between_two_characters() {
        assert_eq!(beginning("äöü", 2), ("äö", Some(3)));
        assert_eq!(beginning("äöü", 3), ("äöü", None));
        assert_eq!(beginning("", 0), ("", None));
    }
}
