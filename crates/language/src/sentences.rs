//! Where a sentence ends.

/// The places in a text at which another sentence begins: after a full stop or the like and white space, or on a new line.
pub(crate) fn beginnings(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut letters = text.char_indices().peekable();
    let mut before = None;
    std::iter::from_fn(move || {
        loop {
            let (_, letter) = letters.next()?;
            let ended = letter == '\n' || (letter == ' ' && before.is_some_and(ends_sentence));
            if !matches!(letter, '”' | '"' | ')' | '’') {
                before = Some(letter);
            }
            match letters.peek() {
                Some((at, next)) if ended && begins_sentence(*next) => return Some(*at),
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
