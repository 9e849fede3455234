//! Where a sentence ends.

use crate::quotes::Depth;

/// The places in a text at which another sentence begins: after a full stop or the like and white space, or on a new line. Sentences in
/// quotation marks belong to the one around them.
pub(crate) fn beginnings(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut letters = text.char_indices().peekable();
    let mut before = None;
    let mut depth = Depth::default();
    std::iter::from_fn(move || {
        loop {
            let (_, letter) = letters.next()?;
            depth.pass(letter);
            let ended = letter == '\n' || (letter == ' ' && before.is_some_and(ends_sentence));
            if !matches!(letter, '”' | '"' | ')' | '’') {
                before = Some(letter);
            }
            match letters.peek() {
                Some((at, next)) if ended && !depth.is_inside() && begins_sentence(*next) => return Some(*at),
                _ => {}
            }
        }
    })
}

fn ends_sentence(letter: char) -> bool {
    matches!(letter, '.' | '!' | '?' | '…')
}

fn begins_sentence(letter: char) -> bool {
    !letter.is_lowercase() && !letter.is_whitespace()
}
