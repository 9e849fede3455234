//! A run as a picture: who sent what to whom, and how long it took.
//!
//! Pictures are SVG without scripts, styles, links or anything to fetch, so they look the same in a window, in a file and on paper. All
//! text in them is escaped, with what is not seen written out. Each comes with the same in words, for people who listen. Both are in the
//! language of whoever looks at it.

mod fonts;
mod measure;
mod palette;
mod png;
mod sequence;
mod svg;
mod trend;
mod waterfall;
mod words;

#[cfg(test)]
pub(crate) mod tests;

use gatewright_language::Language;
use gatewright_model::{Run, Step};

pub use palette::Theme;
pub use png::{PngError, png};
pub use trend::{Day, trend};

/// The run a picture is made of.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The run.
    pub run: &'a Run,
    /// Its steps with their exchanges, in order.
    pub steps: &'a [Step],
    /// What its provider is called.
    pub provider_name: &'a str,
}

/// A picture, and what is to be seen in it in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagram {
    /// The picture: a whole SVG document, which also stands in HTML as it is.
    pub svg: String,
    /// What it shows, one sentence after another.
    pub words: Vec<String>,
}

/// The run as a sequence diagram: person, Gatewright, browser and provider, with every message between them, what was off, and the time
/// the person took folded into one mark.
pub fn sequence(subject: &Subject<'_>, theme: Theme, language: Language) -> Diagram {
    sequence::draw(subject, theme, language)
}

/// The times of the run as a waterfall: its steps one after another, below each its exchanges. The person's time is folded, or nothing
/// else could be seen.
pub fn waterfall(subject: &Subject<'_>, theme: Theme, language: Language) -> Diagram {
    waterfall::draw(subject, theme, language)
}
