//! What the templates say of a value. They call these by reference, because that is how templates pass everything.

#![expect(clippy::trivially_copy_pass_by_ref, clippy::ref_option, reason = "templates pass everything by reference")]

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatewright_language::Language;
use gatewright_model::exchange::{Exchange, Piece, RecordedResponse};
use gatewright_model::run::{Ending, Identity};
use gatewright_model::{Environment, Outcome, Redacted, Step};
use jiff::Timestamp;

use crate::diagram::{self, Diagram, Subject, Theme};
use crate::inert::beginning;
use crate::locale;
use crate::report::{Cover, Entry, RecordedRun};
use crate::wording::{self, Verdict};

/// How much of one text a page shows. The JSON form has all of it.
const LONGEST_TEXT: usize = 20_000;
/// The width of the drawings, in their own units.
const WIDTH: u64 = 1000;

/// A text as a page shows it: cut where nobody would read on.
pub(super) fn shown<'a>(language: &Language, text: &'a str) -> Cow<'a, str> {
    match beginning(text, LONGEST_TEXT) {
        (text, None) => Cow::Borrowed(text),
        (text, Some(all)) => Cow::Owned(
            language.fill("{text}… (cut here, {all} characters in all)", &[("text", text), ("all", &all.to_string())]),
        ),
    }
}

/// A text of our own as a page shows it.
pub(super) fn said(language: &Language, text: &str) -> String {
    shown(language, &language.says(text)).into_owned()
}

/// What was expected or received: words of our own in the reader's language. Text with a reference in it is recorded text.
pub(super) fn in_language(language: &Language, recorded: &Redacted) -> Redacted {
    match recorded.0.as_slice() {
        [Piece::Text(text)] => Redacted::text(language.says(text)),
        _ => recorded.clone(),
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
pub(super) fn lines<'a>(language: &Language, recorded: &'a RecordedRun) -> Vec<Line<'a>> {
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
            took: step.duration_us.map(|took| duration(language, &took)).unwrap_or_default(),
            from,
            width,
        }
    };
    recorded.steps.iter().map(line).collect()
}

/// What is known of something: what each fact is called in the reader's language, and the fact.
type Facts = Vec<(Cow<'static, str>, String)>;

pub(super) fn cover_facts(language: Language, cover: &Cover) -> Facts {
    let mut facts = Vec::new();
    if let Some(walk) = &cover.walk {
        facts.push(("Client", walk.client.clone()));
        facts.push(("Provider", server(&language, &walk.provider, &walk.environment)));
        facts.extend(walk.test_user.clone().map(|name| ("Test user", name)));
        facts.push(("Walked", between(language, walk.started_at, walk.ended_at)));
    } else if cover.contents.len() > 1 {
        let started = || cover.contents.iter().filter_map(|entry| entry.started_at);
        facts.push(("Logins", cover.contents.len().to_string()));
        facts.extend(started().min().map(|first| ("Walked", between(language, first, started().max()))));
    }
    facts.push(("Report made", format!("{} UTC", locale::date_and_time(language, &cover.made_at))));
    named(language, facts)
}

fn between(language: Language, from: Timestamp, until: Option<Timestamp>) -> String {
    let written = |at: &Timestamp| locale::date_and_time(language, at);
    let first = written(&from);
    let Some(until) = until.filter(|until| written(until) != first) else { return format!("{first} UTC") };
    let same_day = locale::day(language, &from) == locale::day(language, &until);
    let last = if same_day { clock(&until) } else { written(&until) };
    language.fill("{first} to {last} UTC", &[("first", &first), ("last", &last)])
}

/// What is known of a run. In a walk all of it is at one client, which the cover names.
pub(super) fn facts(language: &Language, recorded: &RecordedRun, in_walk: bool) -> Facts {
    let run = &recorded.run;
    let mut facts = Vec::new();
    if !in_walk {
        facts.push(("Client", run.client_name.clone()));
        facts.push(("Provider", server(language, &recorded.provider, &run.environment)));
    }
    facts.push(("Browser", language.says(wording::browser(run.browser).1).into_owned()));
    facts.push(("Started", format!("{} UTC", date_and_time(language, &run.started_at))));
    facts.extend(run.meant.as_ref().map(|meant| ("Test user", meant.name.clone())));
    if let Some(took) = run.duration_ms {
        let took = milliseconds(language, &took);
        let of_it = run.person_ms.filter(|ms| *ms > 0).map(|ms| milliseconds(language, &ms));
        let took = of_it.map_or_else(
            || took.clone(),
            |person| language.fill("{took}, of which the person {person}", &[("took", &took), ("person", &person)]),
        );
        facts.push(("Took", took));
    }
    if let Some(tokens) = run.tokens.as_ref().filter(|tokens| !tokens.issued.is_empty()) {
        let issued: Vec<_> = tokens.issued.iter().map(|name| token(*language, name)).collect();
        facts.push(("Issued", issued.join(", ")));
        facts.extend(tokens.scope.clone().map(|scope| ("Scope", scope)));
        facts.extend(tokens.expires_in.map(|seconds| ("Access token lives", format!("{seconds} s"))));
    }
    named(*language, facts)
}

/// What a token is called in a sentence.
fn token(language: Language, name: &str) -> String {
    match name {
        "access_token" => language.says("access token").into_owned(),
        "refresh_token" => language.says("refresh token").into_owned(),
        "id_token" => language.says("ID token").into_owned(),
        other => other.to_owned(),
    }
}

fn named(language: Language, facts: Vec<(&'static str, String)>) -> Facts {
    facts.into_iter().map(|(name, fact)| (language.says(name), fact)).collect()
}

/// The run as a sequence diagram. It is light whatever the page is, because it is for paper too.
pub(super) fn drawing(language: &Language, recorded: &RecordedRun) -> Diagram {
    let subject = Subject { run: &recorded.run, steps: &recorded.steps, provider_name: &recorded.provider };
    diagram::sequence(&subject, Theme::Light, *language)
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

/// What is above the fields of an identity.
pub(super) fn fields_heading(language: &Language, identity: &Identity) -> String {
    match identity.fields.len() {
        1 => language.says("1 field").into_owned(),
        several => language.fill("{several} fields", &[("several", &several.to_string())]),
    }
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

pub(super) fn answer(language: &Language, exchange: &Exchange) -> String {
    let words = match &exchange.response {
        Some(response) if response.status == 0 => "callback caught",
        Some(response) => return response.status.to_string(),
        None if exchange.failure.is_some() => "no answer",
        None => "given to the browser",
    };
    language.says(words).into_owned()
}

pub(super) fn answer_class(exchange: &Exchange) -> &'static str {
    match &exchange.response {
        Some(response) if (200..400).contains(&response.status) => "passed",
        Some(response) if response.status >= 400 => "failed",
        None if exchange.failure.is_some() => "failed",
        Some(_) | None => "",
    }
}

pub(super) fn body_heading(language: &Language, encoding: &str) -> Cow<'static, str> {
    language.says(match encoding {
        "json" => "Body, JSON",
        "multipart" => "Body, multipart form",
        _ => "Body, form",
    })
}

/// What is above the body of an answer: how long it is, and whether all of it was recorded.
pub(super) fn length(language: &Language, response: &RecordedResponse) -> String {
    let template = if response.cut { "Body, {bytes} bytes, cut" } else { "Body, {bytes} bytes" };
    language.fill(template, &[("bytes", &response.bytes.to_string())])
}

pub(super) fn yes_or_no(language: &Language, yes: &Option<bool>) -> Cow<'static, str> {
    language.says(match yes {
        Some(true) => "Yes",
        Some(false) => "No",
        None => "Not answered",
    })
}

/// A provider, and which server of it.
pub(super) fn server(language: &Language, provider: &str, environment: &Environment) -> String {
    let template = match environment {
        Environment::Production => "{provider}, production",
        Environment::Sandbox => "{provider}, sandbox twin",
    };
    language.fill(template, &[("provider", provider)])
}

/// What is said of references at the end of a page: before the one that is shown, and after it.
pub(super) fn about_references(language: &Language) -> (String, String) {
    const HERE: &str = "\u{0}";
    let said = language.fill(
        "Where a secret was, a reference such as {reference} stands: the same reference is the same secret within one login. Secrets were replaced when the logins were recorded, and this file was made from those records.",
        &[("reference", HERE)],
    );
    let (before, after) = said.split_once(HERE).unwrap_or((&said, ""));
    (before.to_owned(), after.to_owned())
}

pub(super) fn duration(language: &Language, microseconds: &u64) -> String {
    locale::duration(*language, *microseconds)
}

pub(super) fn milliseconds(language: &Language, milliseconds: &u64) -> String {
    locale::duration(*language, milliseconds.saturating_mul(1000))
}

pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The time of day in UTC.
pub(super) fn clock(at: &Timestamp) -> String {
    locale::clock(at)
}

/// Day and time in UTC.
pub(super) fn date_and_time(language: &Language, at: &Timestamp) -> String {
    locale::date_and_time(*language, at)
}
