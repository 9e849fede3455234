//! CSV (RFC 4180): one line for each run, or for each scenario of a walk. For spreadsheets, so no cell is a formula.

use std::io;

use gatewright_model::run::Finding;
use gatewright_model::{Outcome, Step};

use crate::inert::{beginning, visible};
use crate::report::{Cover, Entry, Format, Part, RecordedRun, WalkedScenario};
use crate::wording;

/// What a spreadsheet takes in one cell: Excel drops what is longer than 32,767 characters.
const LONGEST_CELL: usize = 32_000;

const HEADINGS: [&str; 21] = [
    "key",
    "title",
    "verdict",
    "result",
    "provider",
    "environment",
    "started_at",
    "duration_ms",
    "person_ms",
    "browser",
    "test_user",
    "subject",
    "name",
    "sentence",
    "next",
    "findings",
    "instruction",
    "expected",
    "judged_by_person",
    "notes",
    "runs",
];

/// Comma-separated values: every cell quoted, lines ended as the standard says, with a mark by which Excel knows UTF-8.
pub struct Table;

impl Format for Table {
    fn begin(&mut self, _cover: &Cover, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all("\u{feff}".as_bytes())?;
        write_line(out, &HEADINGS.map(str::to_owned))
    }

    fn part(&mut self, part: &Part, out: &mut dyn io::Write) -> io::Result<()> {
        let cells = match part {
            Part::Run(run) => of_run(&part.entry(), run),
            Part::Scenario(scenario) => of_scenario(scenario),
        };
        write_line(out, &cells)
    }

    fn end(&mut self, _out: &mut dyn io::Write) -> io::Result<()> {
        Ok(())
    }
}

/// A cell that no spreadsheet reads as a formula: one that begins like one gets an apostrophe before it. Full-width signs count too,
/// because some programs treat them as the plain ones, and so does what stands after a space, which others leave out.
pub fn cell(text: &str) -> String {
    const BEGINNINGS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let formula = text.starts_with(BEGINNINGS) || text.trim_start().starts_with(BEGINNINGS);
    if formula { format!("'{text}") } else { text.to_owned() }
}

fn write_line(out: &mut dyn io::Write, cells: &[String; HEADINGS.len()]) -> io::Result<()> {
    let mut line = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    line.write_record(cells.iter().map(|text| safe(text)))?;
    out.write_all(&line.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

fn safe(text: &str) -> String {
    let text = visible(text);
    let (shown, all) = beginning(&text, LONGEST_CELL);
    match all {
        None => cell(shown),
        Some(all) => cell(&format!("{shown}… ({all} characters in all)")),
    }
}

/// The first nine cells, which every part has.
fn of_entry(entry: &Entry) -> Vec<String> {
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    vec![
        entry.key.clone(),
        entry.title.clone(),
        entry.verdict.code().to_owned(),
        entry.words.clone(),
        entry.provider.clone(),
        wording::environment(entry.environment).0.to_owned(),
        entry.started_at.map(|at| at.to_string()).unwrap_or_default(),
        number(entry.duration_ms),
    ]
}

fn of_run(entry: &Entry, recorded: &RecordedRun) -> [String; HEADINGS.len()] {
    let run = &recorded.run;
    let (sentence, next) = match &run.outcome {
        Outcome::Ended(ending) => (ending.sentence.clone(), ending.next.clone()),
        Outcome::Running | Outcome::LoggedIn { .. } => (String::new(), String::new()),
    };
    let mut cells = of_entry(entry);
    cells.extend([
        run.person_ms.map(|ms| ms.to_string()).unwrap_or_default(),
        wording::browser(run.browser).0.to_owned(),
        run.meant.as_ref().map(|meant| meant.name.clone()).unwrap_or_default(),
        run.identity.as_ref().map(|identity| identity.subject.clone()).unwrap_or_default(),
        run.identity.as_ref().and_then(|identity| identity.display_name.clone()).unwrap_or_default(),
        sentence,
        next,
        findings(&recorded.steps),
    ]);
    filled(cells)
}

fn of_scenario(scenario: &WalkedScenario) -> [String; HEADINGS.len()] {
    let last = scenario.runs.last();
    let mut cells = of_entry(&scenario.entry);
    cells.extend([
        String::new(),
        last.map(|run| wording::browser(run.run.browser).0.to_owned()).unwrap_or_default(),
        last.and_then(|run| run.run.meant.as_ref()).map(|meant| meant.name.clone()).unwrap_or_default(),
        last.and_then(|run| run.run.identity.as_ref()).map(|identity| identity.subject.clone()).unwrap_or_default(),
        last.and_then(|run| run.run.identity.as_ref())
            .and_then(|identity| identity.display_name.clone())
            .unwrap_or_default(),
        scenario.sentence.clone(),
        String::new(),
        scenario
            .runs
            .iter()
            .map(|run| findings(&run.steps))
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("; "),
        scenario.instruction.clone(),
        scenario.expected.join(" "),
        scenario.person.map(|verdict| verdict.code().to_owned()).unwrap_or_default(),
        scenario.notes.clone(),
        scenario.runs.iter().map(|run| run.run.id.to_string()).collect::<Vec<_>>().join(" "),
    ]);
    filled(cells)
}

/// A line of the table from its first cells; the others are empty.
fn filled(cells: Vec<String>) -> [String; HEADINGS.len()] {
    let mut cells = cells.into_iter();
    std::array::from_fn(|_| cells.next().unwrap_or_default())
}

fn findings(steps: &[Step]) -> String {
    let written = |finding: &Finding| format!("{}: {}", finding.code, finding.title);
    steps.iter().flat_map(|step| &step.findings).map(written).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests;
