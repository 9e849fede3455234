//! JSON for programs, after the schema that is published in `docs/report.schema.json`.
//!
//! Everything is in it that was recorded, uncut. Where a secret was, there is `{"reference": "code#1"}` among the pieces of a text, so
//! that no text of a server can pass for one.

mod document;
mod writing;

use std::io;

use serde::Serialize;

use self::document::{CoverDocument, PartDocument};
use crate::report::{Cover, Format, Include, Part};

/// A JSON document with the members `report` and `parts`.
pub struct Json {
    include: Include,
    is_first: bool,
}

impl Json {
    /// A document with or without exchanges and pictures.
    pub const fn new(include: Include) -> Self {
        Self { include, is_first: true }
    }
}

impl Format for Json {
    fn begin(&mut self, cover: &Cover, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(b"{\n\"report\": ")?;
        write_value(&CoverDocument::of(cover), out)?;
        out.write_all(b",\n\"parts\": [")
    }

    fn part(&mut self, part: &Part, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(if self.is_first { b"\n" } else { b",\n" })?;
        self.is_first = false;
        write_value(&PartDocument::of(part, self.include), out)
    }

    fn end(&mut self, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(b"\n]\n}\n")
    }
}

/// Writes a value so that a person can read it and nothing in it is unseen.
pub(crate) fn write_value(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(out, writing::Visible::default());
    value.serialize(&mut serializer).map_err(io::Error::from)
}

#[cfg(test)]
mod tests;
