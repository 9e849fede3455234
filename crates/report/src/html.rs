//! One HTML file with everything in it: to read, to print, to hand on.
//!
//! It asks nobody for anything: no script, no link to elsewhere, pictures and style within, and a content security policy that forbids
//! the rest should a mistake ever let something in. It prints in light colours whatever the screen has.

mod words;

use std::borrow::Cow;
use std::io;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatewright_language::Language;
use gatewright_model::exchange::Piece;
use sha2::{Digest as _, Sha256};

use self::words::{
    Share, about_references, answer, answer_class, base64, body_heading, clock, cover_facts, date_and_time, drawing,
    duration, ending, facts, fields_heading, identity_name, in_language, in_words, length, lines, mark, milliseconds,
    outcome_words, said, server, shares, shown, verdict_of, yes_or_no,
};
use crate::locale;
use crate::report::{Cover, Entry, Format, Include, Part, RecordedRun, WalkedScenario};

/// The one style of a report.
const STYLE: &str = include_str!("../templates/style.css");

/// Up to how many parts the runs of a report are drawn: among hundreds nobody looks at one.
const MOST_DRAWN: usize = 60;

/// A self-contained HTML file.
pub struct Html {
    include: Include,
    /// The reader's.
    language: Language,
    /// How many parts were written.
    number: usize,
    /// Whether runs are drawn.
    drawn: bool,
    /// The last line of the page.
    made: String,
}

impl Html {
    /// A page with or without exchanges and pictures, in the language of whoever reads it. Our own words in what was recorded are
    /// translated. Titles and what a scenario says come as they are to be read: only the caller knows whose words they are.
    pub const fn new(include: Include, language: Language) -> Self {
        Self { include, language, number: 0, drawn: false, made: String::new() }
    }
}

impl Format for Html {
    fn begin(&mut self, cover: &Cover, out: &mut dyn io::Write) -> io::Result<()> {
        let language = self.language;
        self.made = language.fill(
            "Made by Gatewright {version} on {system}, {when} UTC.",
            &[
                ("version", &cover.maker.version),
                ("system", &cover.maker.system),
                ("when", &locale::date_and_time(language, &cover.made_at)),
            ],
        );
        self.drawn = self.include.exchanges && cover.contents.len() <= MOST_DRAWN;
        let shares = shares(&cover.contents);
        let told = shares
            .iter()
            .map(|share| format!("{} {}", share.count, locale::in_midst(&language.says(share.verdict.words()))));
        let page = CoverPage {
            cover,
            language,
            policy: policy(),
            kind: language.says(if cover.walk.is_some() { "Consent walk" } else { "Logins" }),
            what: language.says(if cover.walk.is_some() { "Scenario" } else { "Client" }),
            facts: cover_facts(language, cover),
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
            language: self.language,
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
        EndPage { language: self.language, include: self.include, made: &self.made }.write_into(out)
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
    language: Language,
    policy: String,
    kind: Cow<'static, str>,
    what: Cow<'static, str>,
    facts: Vec<(Cow<'static, str>, String)>,
    spoken: String,
    shares: Vec<Share>,
    lines: Vec<(usize, &'a Entry)>,
}

#[derive(Template)]
#[template(path = "part.html")]
struct PartPage<'a> {
    language: Language,
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
    language: Language,
    include: Include,
    made: &'a str,
}

#[cfg(test)]
mod tests;
