//! One HTML file with everything in it: to read, to print, to hand on.
//!
//! It asks nobody for anything: no script, no link to elsewhere, pictures and style within, and a content security policy that forbids
//! the rest should a mistake ever let something in. It prints in light colours whatever the screen has.

mod words;

use std::io;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatewright_model::exchange::Piece;
use sha2::{Digest as _, Sha256};

use self::words::{
    Share, answer, answer_class, base64, body_heading, clock, cover_facts, date_and_time, drawing, duration, ending,
    environment, facts, identity_name, in_words, lines, mark, milliseconds, outcome_words, shares, shown, verdict_of,
    yes_or_no,
};
use crate::report::{Cover, Entry, Format, Include, Part, RecordedRun, WalkedScenario};

/// The one style of a report.
const STYLE: &str = include_str!("../templates/style.css");

/// Up to how many parts the runs of a report are drawn: among hundreds nobody looks at one.
const MOST_DRAWN: usize = 60;

/// A self-contained HTML file.
pub struct Html {
    include: Include,
    /// How many parts were written.
    number: usize,
    /// Whether runs are drawn.
    drawn: bool,
    /// The last line of the page.
    made: String,
}

impl Html {
    /// A page with or without exchanges and pictures.
    pub const fn new(include: Include) -> Self {
        Self { include, number: 0, drawn: false, made: String::new() }
    }
}

impl Format for Html {
    fn begin(&mut self, cover: &Cover, out: &mut dyn io::Write) -> io::Result<()> {
        self.made = format!(
            "Made by Gatewright {} on {}, {} UTC.",
            cover.maker.version,
            cover.maker.system,
            date_and_time(&cover.made_at)
        );
        self.drawn = self.include.exchanges && cover.contents.len() <= MOST_DRAWN;
        let shares = shares(&cover.contents);
        let told = shares.iter().map(|share| format!("{} {}", share.count, share.verdict.words().to_lowercase()));
        let page = CoverPage {
            cover,
            policy: policy(),
            kind: if cover.walk.is_some() { "Consent walk" } else { "Logins" },
            what: if cover.walk.is_some() { "Scenario" } else { "Client" },
            facts: cover_facts(cover),
            spoken: told.collect::<Vec<_>>().join(", "),
            shares,
            lines: (1..).zip(&cover.contents).collect(),
        };
        page.write_into(out)
    }

    fn part(&mut self, part: &Part, out: &mut dyn io::Write) -> io::Result<()> {
        self.number += 1;
        let scenario = match part {
            Part::Run(_) => None,
            Part::Scenario(scenario) => Some(&**scenario),
        };
        let page = PartPage {
            number: self.number,
            entry: part.entry(),
            scenario,
            runs: part.runs(),
            include: self.include,
            drawn: self.drawn,
        };
        page.write_into(out)
    }

    fn end(&mut self, out: &mut dyn io::Write) -> io::Result<()> {
        EndPage { include: self.include, made: &self.made }.write_into(out)
    }
}

/// Nothing but pictures that are in the file, and the one style by its digest: not even a style that a server smuggled in would count.
fn policy() -> String {
    let digest = STANDARD.encode(Sha256::digest(STYLE.trim_end_matches('\n')));
    format!("default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
}

#[derive(Template)]
#[template(path = "cover.html")]
struct CoverPage<'a> {
    cover: &'a Cover,
    policy: String,
    kind: &'static str,
    what: &'static str,
    facts: Vec<(&'static str, String)>,
    spoken: String,
    shares: Vec<Share>,
    lines: Vec<(usize, &'a Entry)>,
}

#[derive(Template)]
#[template(path = "part.html")]
struct PartPage<'a> {
    number: usize,
    entry: Entry,
    scenario: Option<&'a WalkedScenario>,
    runs: &'a [RecordedRun],
    include: Include,
    drawn: bool,
}

#[derive(Template)]
#[template(path = "end.html")]
struct EndPage<'a> {
    include: Include,
    made: &'a str,
}

#[cfg(test)]
mod tests;
