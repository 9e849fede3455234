//! What the templates say of a value. They call these by reference, because that is how templates pass everything.

#![expect(clippy::trivially_copy_pass_by_ref, clippy::ref_option, reason = "templates pass everything by reference")]

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatewright_model::exchange::Exchange;
use gatewright_model::run::{Ending, Identity};
use gatewright_model::{Environment, Outcome, Step};
use jiff::Timestamp;

use crate::diagram::{self, Diagram, Subject, Theme};
use crate::inert::beginning;
use crate::report::{Cover, Entry, RecordedRun};
use crate::wording::{self, Verdict};

/// How much of one text a page shows. The JSON form has all of it.
const LONGEST_TEXT: usize = 20_000;
/// The width of the drawings, in their own units.
const WIDTH: u64 = 1000;

/// A text as a page shows it: cut where nobody would read on.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    match beginning(text, LONGEST_TEXT) {
        (text, None) => Cow::Borrowed(text),
        (text, Some(all)) => Cow::Owned(format!("{text}… (cut here, {all} characters in all)")),
    }
}

/// A verdict's share of the whole.
pub(super) struct Share {
    pub(super) verdict: Verdict,
    pub(super) count: u64,
    pub(super) from: u64,
    pub(super) width: u64,
}

pub(super) fn shares(contents: &[Entry]) -> Vec<Share> {
    let all = contents.len().max(1) as u64;
    let mut before = 0;
    let order = [Verdict::Passed, Verdict::Warned, Verdict::Failed, Verdict::Inconclusive, Verdict::Skipped];
    let share = |verdict| {
        let count = contents.iter().filter(|entry| entry.verdict == verdict).count() as u64;
        let from = before * WIDTH / all;
        before += count;
        Share { verdict, count, from, width: before * WIDTH / all - from }
    };
    let all_verdicts = order.into_iter().chain([Verdict::NotApplicable, Verdict::Running]);
    all_verdicts.map(share).filter(|share| share.count > 0).collect()
}

/// A step with its place in the time that the run took.
pub(super) struct Line<'a> {
    pub(super) step: &'a Step,
    pub(super) verdict: Verdict,
    pub(super) title: &'static str,
    pub(super) took: String,
    pub(super) from: u64,
    pub(super) width: u64,
}

/// The steps of a run as a waterfall. Each is wide enough to be seen.
pub(super) fn lines(recorded: &RecordedRun) -> Vec<Line<'_>> {
    let took = |step: &Step| step.duration_us.unwrap_or(0);
    let all = recorded.steps.iter().map(took).fold(0, u64::saturating_add).max(1);
    let share = |time: u64| u64::try_from(u128::from(time) * u128::from(WIDTH) / u128::from(all)).unwrap_or(WIDTH);
    let mut before = 0_u64;
    let line = |step| {
        let width = share(took(step)).max(12);
        let from = share(before).min(WIDTH - width.min(WIDTH));
        before = before.saturating_add(took(step));
        Line {
            step,
            verdict: Verdict::of_step(step.status),
            title: wording::step(step.kind).1,
            took: step.duration_us.map(wording::duration).unwrap_or_default(),
            from,
            width,
        }
    };
    recorded.steps.iter().map(line).collect()
}

pub(super) fn cover_facts(cover: &Cover) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(walk) = &cover.walk {
        facts.push(("Client", walk.client.clone()));
        facts.push(("Provider", format!("{}, {}", walk.provider, environment(&walk.environment))));
        facts.extend(walk.test_user.clone().map(|name| ("Test user", name)));
        facts.push(("Walked", between(walk.started_at, walk.ended_at)));
    } else if cover.contents.len() > 1 {
        let started = || cover.contents.iter().filter_map(|entry| entry.started_at);
        facts.push(("Logins", cover.contents.len().to_string()));
        facts.extend(started().min().map(|first| ("Walked", between(first, started().max()))));
    }
    facts.push(("Report made", format!("{} UTC", date_and_time(&cover.made_at))));
    facts
}

fn between(from: Timestamp, until: Option<Timestamp>) -> String {
    let first = date_and_time(&from);
    let Some(until) = until.filter(|until| date_and_time(until) != first) else { return format!("{first} UTC") };
    let same_day = day(&from) == day(&until);
    let last = if same_day { clock(&until) } else { date_and_time(&until) };
    format!("{first} to {last} UTC")
}

/// What is known of a run. In a walk all of it is at one client, which the cover names.
pub(super) fn facts(recorded: &RecordedRun, in_walk: bool) -> Vec<(&'static str, String)> {
    let run = &recorded.run;
    let mut facts = Vec::new();
    if !in_walk {
        facts.push(("Client", run.client_name.clone()));
        facts.push(("Provider", format!("{}, {}", recorded.provider, environment(&run.environment))));
    }
    facts.push(("Browser", wording::browser(run.browser).1.to_owned()));
    facts.push(("Started", format!("{} UTC", date_and_time(&run.started_at))));
    facts.extend(run.meant.as_ref().map(|meant| ("Test user", meant.name.clone())));
    if let Some(took) = run.duration_ms {
        let person =
            run.person_ms.filter(|ms| *ms > 0).map(|ms| format!(", of which the person {}", milliseconds(&ms)));
        facts.push(("Took", format!("{}{}", milliseconds(&took), person.unwrap_or_default())));
    }
    if let Some(tokens) = run.tokens.as_ref().filter(|tokens| !tokens.issued.is_empty()) {
        facts.push(("Issued", tokens.issued.join(", ").replace('_', " ")));
        facts.extend(tokens.scope.clone().map(|scope| ("Scope", scope)));
        facts.extend(tokens.expires_in.map(|seconds| ("Access token lives", format!("{seconds} s"))));
    }
    facts
}

/// The run as a sequence diagram. It is light whatever the page is, because it is for paper too.
pub(super) fn drawing(recorded: &RecordedRun) -> Diagram {
    let subject = Subject { run: &recorded.run, steps: &recorded.steps, provider_name: &recorded.provider };
    diagram::sequence(&subject, Theme::Light)
}

/// What is to be seen in it.
pub(super) fn in_words(drawing: &Diagram) -> String {
    beginning(&drawing.words.join(" "), LONGEST_TEXT).0.to_owned()
}

pub(super) fn ending(recorded: &RecordedRun) -> Option<&Ending> {
    match &recorded.run.outcome {
        Outcome::Ended(ending) => Some(ending),
        Outcome::Running | Outcome::LoggedIn { .. } => None,
    }
}

pub(super) fn verdict_of(recorded: &RecordedRun) -> Verdict {
    Verdict::of_outcome(&recorded.run.outcome)
}

pub(super) fn outcome_words(outcome: &Outcome) -> String {
    wording::outcome_words(outcome)
}

pub(super) fn identity_name(identity: &Identity) -> &str {
    identity.display_name.as_deref().unwrap_or(&identity.subject)
}

pub(super) const fn mark(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "✓",
        Verdict::Warned => "!",
        Verdict::Failed => "✕",
        Verdict::Inconclusive => "?",
        Verdict::Skipped | Verdict::NotApplicable => "–",
        Verdict::Running => "…",
    }
}

pub(super) fn answer(exchange: &Exchange) -> String {
    match &exchange.response {
        Some(response) if response.status == 0 => "callback".to_owned(),
        Some(response) => response.status.to_string(),
        None if exchange.failure.is_some() => "no answer".to_owned(),
        None => "given to the browser".to_owned(),
    }
}

pub(super) fn answer_class(exchange: &Exchange) -> &'static str {
    match &exchange.response {
        Some(response) if (200..400).contains(&response.status) => "passed",
        Some(response) if response.status >= 400 => "failed",
        None if exchange.failure.is_some() => "failed",
        Some(_) | None => "",
    }
}

pub(super) fn body_heading(encoding: &str) -> &'static str {
    match encoding {
        "json" => "Body, JSON",
        "multipart" => "Body, multipart form",
        _ => "Body, form",
    }
}

pub(super) const fn yes_or_no(yes: &Option<bool>) -> &'static str {
    match yes {
        Some(true) => "Yes",
        Some(false) => "No",
        None => "Not answered",
    }
}

pub(super) const fn environment(environment: &Environment) -> &'static str {
    match environment {
        Environment::Production => "production",
        Environment::Sandbox => "sandbox twin",
    }
}

pub(super) fn duration(microseconds: &u64) -> String {
    wording::duration(*microseconds)
}

pub(super) fn milliseconds(milliseconds: &u64) -> String {
    wording::duration(milliseconds.saturating_mul(1000))
}

pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn day(at: &Timestamp) -> String {
    at.strftime("%-d %b %Y").to_string()
}

/// The time of day in UTC.
pub(super) fn clock(at: &Timestamp) -> String {
    at.strftime("%H:%M:%S").to_string()
}

/// Day and time in UTC: "21 Nov 2026, 20:49:48".
pub(super) fn date_and_time(at: &Timestamp) -> String {
    format!("{}, {}", day(at), clock(at))
}
