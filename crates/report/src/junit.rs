//! JUnit XML, as continuous integration reads it: one test case for each run, or for each scenario of a walk.

use std::io;

use gatewright_model::Outcome;
use gatewright_model::run::Step;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::inert::visible;
use crate::report::{Cover, Entry, Format, Part, RecordedRun};
use crate::wording::{self, Verdict};

/// JUnit XML. There is no standard of it; this is what Jenkins, GitLab and GitHub's actions agree on. What could not be judged is an
/// `error`, what went wrong a `failure`.
pub struct JUnit;

impl Format for JUnit {
    fn begin(&mut self, cover: &Cover, out: &mut dyn io::Write) -> io::Result<()> {
        let mut xml = Writer::new(out);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let count = |wanted: &[Verdict]| {
            cover.contents.iter().filter(|entry| wanted.contains(&entry.verdict)).count().to_string()
        };
        let milliseconds = cover.contents.iter().filter_map(|entry| entry.duration_ms).sum();
        let mut open = |name: &'static str, with_time: bool| {
            let mut start = BytesStart::new(name);
            attribute(&mut start, "name", &cover.title);
            attribute(&mut start, "tests", &cover.contents.len().to_string());
            attribute(&mut start, "failures", &count(&[Verdict::Failed]));
            attribute(&mut start, "errors", &count(&[Verdict::Inconclusive]));
            attribute(&mut start, "skipped", &count(&[Verdict::Skipped, Verdict::NotApplicable, Verdict::Running]));
            attribute(&mut start, "time", &seconds(milliseconds));
            if with_time {
                let first = cover.contents.iter().filter_map(|entry| entry.started_at).min();
                attribute(&mut start, "timestamp", &first.unwrap_or(cover.made_at).to_string());
            }
            line(&mut xml)?;
            xml.write_event(Event::Start(start))
        };
        open("testsuites", false)?;
        open("testsuite", true)?;
        properties(&mut xml, cover)
    }

    fn part(&mut self, part: &Part, out: &mut dyn io::Write) -> io::Result<()> {
        let mut xml = Writer::new(out);
        let entry = part.entry();
        let mut case = BytesStart::new("testcase");
        attribute(&mut case, "classname", &class_name(&entry));
        attribute(&mut case, "name", &case_name(part, &entry));
        attribute(&mut case, "time", &seconds(entry.duration_ms.unwrap_or(0)));
        line(&mut xml)?;
        xml.write_event(Event::Start(case))?;
        result(&mut xml, &entry, &sentence(part))?;
        element(&mut xml, "system-out", &[], &told(part))?;
        line(&mut xml)?;
        xml.write_event(Event::End(BytesEnd::new("testcase")))
    }

    fn end(&mut self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut xml = Writer::new(out);
        for name in ["testsuite", "testsuites"] {
            line(&mut xml)?;
            xml.write_event(Event::End(BytesEnd::new(name)))?;
        }
        line(&mut xml)
    }
}

type Xml<'a> = Writer<&'a mut dyn io::Write>;

fn line(xml: &mut Xml<'_>) -> io::Result<()> {
    xml.get_mut().write_all(b"\n")
}

/// XML has no place for most control characters, escaped neither (XML 1.0 §2.2).
fn attribute(start: &mut BytesStart<'_>, name: &str, value: &str) {
    start.push_attribute((name, &*visible(value)));
}

fn element(xml: &mut Xml<'_>, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        attribute(&mut start, name, value);
    }
    line(xml)?;
    if text.is_empty() {
        return xml.write_event(Event::Empty(start));
    }
    xml.write_event(Event::Start(start))?;
    xml.write_event(Event::Text(BytesText::new(&visible(text))))?;
    xml.write_event(Event::End(BytesEnd::new(name)))
}

fn properties(xml: &mut Xml<'_>, cover: &Cover) -> io::Result<()> {
    let version = format!("Gatewright {}", cover.maker.version);
    let made_at = cover.made_at.to_string();
    let mut named = vec![("made_by", version.as_str()), ("system", &cover.maker.system), ("made_at", &made_at)];
    if let Some(walk) = &cover.walk {
        named.extend([("plan", walk.plan.as_str()), ("client", &walk.client), ("provider", &walk.provider)]);
    }
    line(xml)?;
    xml.write_event(Event::Start(BytesStart::new("properties")))?;
    named
        .into_iter()
        .try_for_each(|(name, value)| element(xml, "property", &[("name", name), ("value", value)], ""))?;
    line(xml)?;
    xml.write_event(Event::End(BytesEnd::new("properties")))
}

/// Dots tell packages apart in what reads this, so a name has none.
fn class_name(entry: &Entry) -> String {
    format!("{}.{}", entry.provider.replace('.', "_"), wording::environment(entry.environment).0)
}

/// Two runs of one client are told apart by when they started.
fn case_name(part: &Part, entry: &Entry) -> String {
    match (part, entry.started_at) {
        (Part::Run(_), Some(at)) => format!("{} at {at}", entry.title),
        _ => entry.title.clone(),
    }
}

fn sentence(part: &Part) -> String {
    match part {
        Part::Scenario(scenario) => scenario.sentence.clone(),
        Part::Run(recorded) => match &recorded.run.outcome {
            Outcome::Ended(ending) => format!("{} {}", ending.sentence, ending.next).trim().to_owned(),
            Outcome::Running | Outcome::LoggedIn { .. } => String::new(),
        },
    }
}

fn result(xml: &mut Xml<'_>, entry: &Entry, sentence: &str) -> io::Result<()> {
    let (name, kind) = match entry.verdict {
        Verdict::Passed | Verdict::Warned => return Ok(()),
        Verdict::Failed => ("failure", Some("failed")),
        Verdict::Inconclusive => ("error", Some("inconclusive")),
        Verdict::Skipped | Verdict::NotApplicable | Verdict::Running => ("skipped", None),
    };
    let reason = if name == "skipped" && !sentence.is_empty() { sentence } else { &entry.words };
    let mut attributes = vec![("message", reason)];
    attributes.extend(kind.map(|kind| ("type", kind)));
    element(xml, name, &attributes, if name == "skipped" { "" } else { sentence })
}

/// What happened, for the log of a test.
fn told(part: &Part) -> String {
    let mut text = String::new();
    let mut add = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    add(format!("Result: {}", part.entry().words));
    if let Part::Scenario(scenario) = part {
        add(format!("Do: {}", scenario.instruction));
        scenario.expected.iter().for_each(|expected| add(format!("Expected: {expected}")));
        let judged = scenario.comparisons.iter();
        judged.for_each(|one| {
            add(format!(
                "{}: {}: expected {}, received {}",
                one.verdict.words(),
                one.about,
                one.expected,
                one.received
            ));
        });
        if let Some(verdict) = scenario.person {
            add(format!("The person found: {}", verdict.words()));
        }
        if !scenario.notes.is_empty() {
            add(format!("Notes: {}", scenario.notes));
        }
    }
    part.runs().iter().flat_map(told_of_run).for_each(add);
    text
}

fn told_of_run(recorded: &RecordedRun) -> Vec<String> {
    let named = |part: &String| format!("{part} ({})", recorded.run.id);
    let heading = recorded.part.as_ref().map_or_else(|| format!("Run {}", recorded.run.id), named);
    std::iter::once(heading).chain(recorded.steps.iter().flat_map(told_of_step)).collect()
}

fn told_of_step(step: &Step) -> Vec<String> {
    let took = step.duration_us.map(|us| format!(" ({})", wording::duration(us))).unwrap_or_default();
    let title = wording::step(step.kind).1;
    let line = format!("  {}: {title}: {}{took}", Verdict::of_step(step.status).words(), step.sentence);
    let finding = |finding: &gatewright_model::run::Finding| {
        let (expected, received) = (finding.expected.to_plain(), finding.received.to_plain());
        format!("    {} ({}): expected {expected}, received {received}", finding.title, finding.code)
    };
    std::iter::once(line).chain(step.findings.iter().map(finding)).collect()
}

/// Seconds with three decimals.
fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000)
}

#[cfg(test)]
mod tests;
