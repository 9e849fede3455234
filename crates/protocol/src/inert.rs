//! Text from a server, made harmless to show.

/// How much of a server's words is kept.
const CHARACTERS_KEPT: usize = 2_000;

/// Makes a server's text safe to show as one paragraph: control characters and characters that turn the reading direction around
/// become visible escapes (`\u{202e}`), line ends become spaces, and no more than 2,000 characters are shown.
///
/// The result is still only text: whoever shows it must not treat it as HTML.
pub fn inert(text: &str) -> String {
    let visible = text.chars().filter(|character| *character != '\r').flat_map(visible);
    let mut shown: Vec<char> = visible.take(CHARACTERS_KEPT + 1).collect();
    if shown.len() > CHARACTERS_KEPT {
        shown.truncate(CHARACTERS_KEPT - 1);
        shown.push('…');
    }
    shown.into_iter().collect()
}

/// One character as it is shown.
fn visible(character: char) -> Vec<char> {
    match character {
        '\n' | '\t' => vec![' '],
        _ if misleads(character) => character.escape_unicode().collect(),
        _ => vec![character],
    }
}

/// Whether a character does something instead of showing something: C0 and C1 controls, separators of lines and paragraphs, marks
/// that are not seen or turn the reading direction around, and tags that hide a text within a text.
fn misleads(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::inert;

    #[test]
    fn a_terminal_escape_and_a_direction_mark_become_visible() {
        assert_eq!(inert("a\u{1b}]8;;x\r\nb\u{202e}c"), "a\\u{1b}]8;;x b\\u{202e}c");
    }

    #[test]
    fn separators_tags_and_unseen_marks_become_visible() {
        assert_eq!(inert("a\u{2028}b\u{e0041}\u{61c}\u{0}"), "a\\u{2028}b\\u{e0041}\\u{61c}\\u{0}");
    }

    #[test]
    fn what_is_shown_is_cut_after_the_escapes_were_written() {
        assert_eq!(inert(&"x".repeat(2_000)), "x".repeat(2_000));
        assert_eq!(inert(&"x".repeat(2_001)), format!("{}…", "x".repeat(1_999)));
        assert!(inert(&"\0".repeat(2_000)).chars().count() <= 2_000);
    }

    proptest! {
        #[test]
        fn no_text_of_a_server_brings_a_control_character_through(text in "\\PC*|.*") {
            let shown = inert(&text);
            prop_assert!(!shown.chars().any(char::is_control));
            prop_assert!(shown.chars().count() <= 2_000);
        }
    }
}
