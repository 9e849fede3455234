//! Quotation marks. What stands in them is what somebody else wrote, as a server's own words in a sentence of ours, and is nothing to
//! translate, even where it reads like a text of ours.

/// Where in a text one is: inside quotation marks, however deep, or outside.
#[derive(Clone, Copy, Default)]
pub(crate) struct Depth {
    marks: u32,
    /// Which of them are German, „so“, the innermost as the lowest bit: what ends those begins the English ones, “so”.
    german: u64,
}

impl Depth {
    /// Goes on over a letter.
    pub(crate) fn pass(&mut self, letter: char) {
        match letter {
            '„' => self.begin(1),
            '“' if self.german & 1 == 1 => self.end(),
            '“' => self.begin(0),
            '”' => self.end(),
            _ => {}
        }
    }

    const fn begin(&mut self, german: u64) {
        self.marks = self.marks.saturating_add(1);
        self.german = (self.german << 1) | german;
    }

    const fn end(&mut self) {
        self.marks = self.marks.saturating_sub(1);
        self.german >>= 1;
    }

    /// Whether somebody else's words have begun and not ended.
    pub(crate) const fn is_inside(self) -> bool {
        self.marks > 0
    }
}

/// Whether a quotation begins in a text and does not end there.
pub(crate) fn is_open(text: &str) -> bool {
    after(text).is_inside()
}

/// The places outside of quotation marks at which `sign` begins in a text.
pub(crate) fn outside<'a>(text: &'a str, sign: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(sign).map(|(at, _)| at).filter(|at| !after(&text[..*at]).is_inside())
}

/// A text between the signs that stand outside of quotation marks.
pub(crate) fn split<'a>(text: &'a str, sign: &'a str) -> Vec<&'a str> {
    let mut from = 0;
    let mut members = Vec::new();
    for at in outside(text, sign) {
        members.push(&text[from..at]);
        from = at + sign.len();
    }
    members.push(&text[from..]);
    members
}

fn after(text: &str) -> Depth {
    let mut depth = Depth::default();
    text.chars().for_each(|letter| depth.pass(letter));
    depth
}
