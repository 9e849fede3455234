//! The pieces of one text that could be a known secret.

use std::hash::{BuildHasher as _, RandomState};

use crate::Recognise;
use crate::disguise::{base64_runs, without_backslashes, without_percent};
use crate::tails::{SHORTEST_WITH_TAIL, TAIL_BYTES, Tails};

/// The longest secret that is looked for within a line.
const LONGEST: usize = 1024;
/// How many beginnings are tried for one end: a line of minified source has a word boundary at every second character.
const MOST_BEGINNINGS: usize = 64;
/// The shortest piece that is tried for a secret whose end is not on record.
const SHORTEST: usize = 4;
/// A text up to this long is tried as a whole too: a pasted value with spaces in it, a private key over several lines.
const LONGEST_WHOLE: usize = 16 << 10;
/// What a private key kept in the place of a secret begins with (RFC 7468 §2).
const PEM_BEGIN: &[u8] = b"-----BEGIN";

/// A known secret in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The line it begins in; 1 for the first.
    pub line: u32,
    /// Which one it is, by the caller's numbering.
    pub known: u32,
}

/// Every place of a text where a known secret stands, also URL-encoded, with JSON's escapes, or in base64. In the order of the text, each
/// secret once a line.
pub fn find_in_text(text: &[u8], tails: &Tails, recognise: &Recognise<'_>) -> Vec<Found> {
    Finder::new(tails, recognise).find(text)
}

/// Looks through texts one after the other.
pub(crate) struct Finder<'a> {
    tails: &'a Tails,
    recognise: &'a Recognise<'a>,
    /// Where in the text, and which.
    found: Vec<(usize, u32)>,
    refused: Refused,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(tails: &'a Tails, recognise: &'a Recognise<'a>) -> Self {
        Self { tails, recognise, found: Vec::new(), refused: Refused::default() }
    }

    pub(crate) fn find(&mut self, text: &[u8]) -> Vec<Found> {
        self.found.clear();
        self.look_at_whole(text);
        self.look_at(text, None);
        self.look_behind_escapes(text);
        for (at, held) in base64_runs(text) {
            self.look_at(&held, Some(at));
            // RFC 6749 §2.3.1: ID and secret are form-encoded before they go into the header.
            if let Some(plain) = without_percent(&held) {
                self.look_at(&plain, Some(at));
            }
        }
        self.by_line(text)
    }

    fn look_at_whole(&mut self, text: &[u8]) {
        if text.is_empty() || text.len() > LONGEST_WHOLE {
            return;
        }
        let Ok(whole) = std::str::from_utf8(text) else { return };
        let trimmed = whole.trim();
        let known = (self.recognise)(trimmed).or_else(|| (self.recognise)(whole));
        self.found.extend(known.map(|known| (0, known)));
    }

    /// Lines with escapes are read a second time without them.
    fn look_behind_escapes(&mut self, text: &[u8]) {
        let mut done = 0;
        for at in memchr::memchr2_iter(b'%', b'\\', text) {
            if at < done {
                continue;
            }
            let begin = memchr::memrchr(b'\n', &text[..at]).map_or(0, |newline| newline + 1);
            let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |newline| at + newline);
            let line = &text[begin..end];
            for plain in [without_percent(line), without_backslashes(line)].into_iter().flatten() {
                self.look_at(&plain, Some(begin));
            }
            done = end;
        }
    }

    /// Looks at a text; what is found in one that was derived stands at `place` of the original.
    fn look_at(&mut self, text: &[u8], place: Option<usize>) {
        for end in TAIL_BYTES..=text.len() {
            if text.get(end).is_some_and(u8::is_ascii_alphanumeric) && text[end - 1] != b'\n' {
                continue;
            }
            let Some(tail) = text[..end].last_chunk() else { continue };
            if self.tails.has(*tail)
                && let Some((begin, known)) = self.ending_at(text, end)
            {
                self.found.push((place.unwrap_or(begin), known));
            }
        }
        if self.tails.any_short() {
            self.look_at_short_pieces(text, place);
        }
    }

    /// The known secret that ends here. Where it begins is tried wherever a word does, since a secret may have any punctuation in it.
    fn ending_at(&self, text: &[u8], end: usize) -> Option<(usize, u32)> {
        let recognise = |begin: usize| {
            let piece = std::str::from_utf8(&text[begin..end]).ok()?;
            (self.recognise)(piece).map(|known| (begin, known))
        };
        let floor = end.saturating_sub(LONGEST);
        let line = memchr::memrchr(b'\n', &text[floor..end]).map_or(floor, |newline| floor + newline + 1);
        let last = (end + 1).checked_sub(SHORTEST_WITH_TAIL)?;
        let begins = |begin: &usize| *begin == line || !text[*begin - 1].is_ascii_alphanumeric();
        let in_line = (line..last).rev().filter(begins).take(MOST_BEGINNINGS).find_map(recognise);
        in_line.or_else(|| {
            // A key over several lines; the end of any other piece is not dashes.
            text[..end].trim_ascii_end().ends_with(b"-----").then_some(())?;
            recognise(memchr::memmem::rfind(&text[..end], PEM_BEGIN)?)
        })
    }

    fn look_at_short_pieces(&mut self, text: &[u8], place: Option<usize>) {
        let mut next = 0;
        for piece in text.split(|byte| is_between(*byte)) {
            let begin = next;
            next += piece.len() + 1;
            if !(SHORTEST..SHORTEST_WITH_TAIL).contains(&piece.len()) || self.refused.has(piece) {
                continue;
            }
            let known = std::str::from_utf8(piece).ok().and_then(|piece| (self.recognise)(piece));
            match known {
                Some(known) => self.found.push((place.unwrap_or(begin), known)),
                None => self.refused.add(piece),
            }
        }
    }

    fn by_line(&mut self, text: &[u8]) -> Vec<Found> {
        self.found.sort_unstable();
        let (mut line, mut counted) = (1, 0);
        let mut lines: Vec<Found> = Vec::with_capacity(self.found.len());
        for (at, known) in self.found.drain(..) {
            line += memchr::memchr_iter(b'\n', &text[counted..at]).count();
            counted = at;
            lines.push(Found { line: u32::try_from(line).unwrap_or(u32::MAX), known });
        }
        lines.sort_unstable();
        lines.dedup();
        lines
    }
}

/// What stands between words and values, and never within a short secret.
fn is_between(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"\"'`=:;,()[]{}<>&|?#\\".contains(&byte)
}

/// Short pieces that were tried and are no known secret, by their hash: source code says the same words again and again. Of fixed size,
/// so that a long search forgets instead of growing.
struct Refused {
    hash: RandomState,
    slots: Vec<u64>,
}

impl Default for Refused {
    fn default() -> Self {
        Self { hash: RandomState::new(), slots: Vec::new() }
    }
}

impl Refused {
    const SLOTS: usize = 1 << 16;

    fn has(&self, piece: &[u8]) -> bool {
        let hash = self.hash.hash_one(piece);
        self.slots.get(Self::slot(hash)) == Some(&hash)
    }

    fn add(&mut self, piece: &[u8]) {
        if self.slots.is_empty() {
            self.slots = vec![0; Self::SLOTS];
        }
        let hash = self.hash.hash_one(piece);
        self.slots[Self::slot(hash)] = hash;
    }

    #[expect(clippy::cast_possible_truncation, reason = "the low bits are what is wanted")]
    fn slot(hash: u64) -> usize {
        hash as usize & (Self::SLOTS - 1)
    }
}

#[cfg(test)]
mod tests;
