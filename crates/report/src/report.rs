//! A report: a cover, then its parts one after another, so that a thousand runs never have to be in memory at once.

use gatewright_model::{Run, Step};
use jiff::Timestamp;

/// What a report is about; known before its first part is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Cover {
    /// Its title, as the person gave it or as it follows from what was chosen.
    pub title: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// What made it.
    pub maker: Maker,
    /// The runs it is going to contain, in order, without their steps.
    pub runs: Vec<Run>,
}

/// The program a report was made with, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maker {
    /// Gatewright's version.
    pub version: String,
    /// The operating system and the processor, "Linux, x86_64".
    pub system: String,
}

/// One run with everything that was recorded of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The run.
    pub run: Run,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// Pictures of the pages the person saw, in order.
    pub pictures: Vec<Picture>,
}

/// A picture of a page, as it was kept as evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What it shows and when, in a few words.
    pub caption: String,
    /// The address of the page, without its query.
    pub address: String,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// A PNG file.
    pub png: Vec<u8>,
}
