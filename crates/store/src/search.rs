//! What a person types into a search field, as something FTS5 cannot misread.
//!
//! FTS5 has a query language of its own, in which a stray quote or the word `AND` is an error or a command. Nothing typed is handed
//! over as it is: each word becomes one quoted string, and all of them have to be found.

use std::fmt::Write as _;

/// More words than this narrow nothing down; they are left out.
const MOST_WORDS: usize = 12;
/// Longer words are cut, in characters.
const LONGEST_WORD: usize = 80;
/// The trigram index knows nothing shorter, in characters.
const TRIGRAM: usize = 3;

/// The beginnings of words, for the index of runs: `ann deni` finds "Anna" and "denied".
///
/// None when nothing was typed; a search for something without a letter or a digit finds nothing.
pub(crate) fn beginnings(typed: &str) -> Option<String> {
    let words: Vec<String> = words(typed).collect();
    if words.is_empty() {
        return None;
    }
    let mut expression = String::new();
    for word in words.iter().filter(|word| word.chars().any(char::is_alphanumeric)) {
        if !expression.is_empty() {
            expression.push(' ');
        }
        push_quoted(&mut expression, word);
        expression.push('*');
    }
    if expression.is_empty() {
        // An empty string between quotes is valid and matches no row.
        expression.push_str("\"\"");
    }
    Some(expression)
}

/// Parts of anything, for the index of clients.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    /// For the trigram index: the words of three characters and more.
    pub(crate) expression: Option<String>,
    /// `LIKE` patterns for the shorter ones, with `\` as the escape.
    pub(crate) patterns: Vec<String>,
}

/// Parts of anything: `870` finds "kittenlocks-870504".
pub(crate) fn parts(typed: &str) -> Parts {
    let mut parts = Parts::default();
    for word in words(typed) {
        if word.chars().count() < TRIGRAM {
            parts.patterns.push(format!("%{}%", word.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_")));
        } else {
            let expression = parts.expression.get_or_insert_default();
            if !expression.is_empty() {
                expression.push(' ');
            }
            push_quoted(expression, &word);
        }
    }
    parts
}

fn words(typed: &str) -> impl Iterator<Item = String> {
    typed
        .split_whitespace()
        .map(|word| word.chars().filter(|character| !character.is_control()).take(LONGEST_WORD).collect::<String>())
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
}

fn push_quoted(expression: &mut String, word: &str) {
    // Writing to a String does not fail.
    let _ = write!(expression, "\"{}\"", word.replace('"', "\"\""));
}

#[cfg(test)]
mod tests {
    use super::{Parts, beginnings, parts};

    #[test]
    fn every_word_is_quoted_and_its_beginning_is_enough() {
        assert_eq!(beginnings("ann deni").as_deref(), Some(r#""ann"* "deni"*"#));
        assert_eq!(beginnings(r#"a" OR b"#).as_deref(), Some(r#""a"""* "OR"* "b"*"#));
    }

    #[test]
    fn nothing_typed_is_no_search_and_nothing_to_look_for_finds_nothing() {
        assert_eq!(beginnings(" \t\n"), None);
        assert_eq!(beginnings("!! ?").as_deref(), Some("\"\""));
        assert_eq!(parts("  "), Parts::default());
    }

    #[test]
    fn a_word_too_short_for_the_index_becomes_a_pattern() {
        let parts = parts("a_ callback %");
        assert_eq!(parts.expression.as_deref(), Some("\"callback\""));
        assert_eq!(parts.patterns, [r"%a\_%", r"%\%%"]);
    }
}
