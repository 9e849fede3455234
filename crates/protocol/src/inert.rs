//! Text from a server, made harmless to show.

/// How much of a server's words is kept.
const CHARACTERS_KEPT: usize = 2_000;

/// Makes a server's text safe to show as one paragraph: control characters and characters that turn the reading direction around
/// become visible escapes (`\u{202e}`), line ends become spaces, and no more than 2,000 characters are kept.
///
/// The result is still only text: whoever shows it must not treat it as HTML.
pub fn inert(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(CHARACTERS_KEPT));
    for (count, character) in text.chars().enumerate() {
        if count == CHARACTERS_KEPT {
            shown.push('…');
            break;
        }
        match character {
            '\n' | '\t' => shown.push(' '),
            '\r' => {}
            _ if misleads(character) => shown.extend(character.escape_unicode()),
            _ => shown.push(character),
        }
    }
    shown
}

/// Whether a character does something instead of showing something: C0 and C1 controls, zero-width and bidirectional marks.
fn misleads(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::inert;

    #[test]
    fn a_terminal_escape_and_a_direction_mark_become_visible() {
        assert_eq!(inert("a\u{1b}]8;;x\r\nb\u{202e}c"), "a\\u{1b}]8;;x b\\u{202e}c");
    }

    proptest! {
        #[test]
        fn no_text_of_a_server_brings_a_control_character_through(text in "\\PC*|.*") {
            let shown = inert(&text);
            prop_assert!(!shown.chars().any(char::is_control));
        }
    }
}
