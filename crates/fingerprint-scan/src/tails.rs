//! How the known secrets end.

use std::collections::HashSet;

/// How many bytes of an end are compared: the last four characters of a secret are at least as many.
pub(crate) const TAIL_BYTES: usize = 4;

/// Secrets shorter than this have no last four characters on record, because four of them would be too many to tell.
pub(crate) const SHORTEST_WITH_TAIL: usize = 12;

/// How the known secrets end: which pieces of text are worth a fingerprint.
#[derive(Clone, Debug)]
pub struct Tails {
    /// One bit for each of 65,536 groups of ends: nearly every place of a text is ruled out by one look.
    groups: Vec<u64>,
    ends: HashSet<[u8; TAIL_BYTES]>,
    /// A known secret is too short to have its end on record, so every short piece has to be tried.
    any_short: bool,
}

impl Tails {
    /// Takes the last four characters of each known secret; `None` for one that is too short to have them on record.
    pub fn new<'a>(last_fours: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut tails = Self { groups: vec![0; 1 << 10], ends: HashSet::new(), any_short: false };
        for last_four in last_fours {
            match last_four.and_then(|text| text.as_bytes().last_chunk().copied()) {
                Some(end) => {
                    let group = group(end);
                    tails.groups[group >> 6] |= 1 << (group & 63);
                    tails.ends.insert(end);
                }
                None => tails.any_short = true,
            }
        }
        tails
    }

    /// Whether a known secret ends so.
    pub(crate) fn has(&self, end: [u8; TAIL_BYTES]) -> bool {
        let group = group(end);
        self.groups[group >> 6] & (1 << (group & 63)) != 0 && self.ends.contains(&end)
    }

    /// Whether short pieces have to be tried.
    pub(crate) fn any_short(&self) -> bool {
        self.any_short
    }
}

/// Spreads ends over the groups; a multiplication by an odd number near 2³² times the golden ratio.
fn group(end: [u8; TAIL_BYTES]) -> usize {
    (u32::from_le_bytes(end).wrapping_mul(0x9e37_79b1) >> 16) as usize
}

#[cfg(test)]
mod tests {
    use super::Tails;

    #[test]
    fn only_the_ends_on_record_are_known() {
        let tails = Tails::new([Some("9f2c"), Some("ende")]);
        assert!(tails.has(*b"9f2c") && tails.has(*b"ende"));
        assert!(!tails.has(*b"9f2d") && !tails.any_short());
    }

    #[test]
    fn four_characters_beyond_ascii_are_compared_by_their_last_bytes() {
        let tails = Tails::new([Some("żółć")]);
        assert!(tails.has(*"łć".as_bytes().last_chunk().unwrap()));
    }

    #[test]
    fn a_short_secret_makes_every_short_piece_worth_trying() {
        assert!(Tails::new([None]).any_short());
    }
}
