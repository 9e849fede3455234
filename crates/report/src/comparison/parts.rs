//! What is compared of two runs, part by part.

use std::collections::BTreeSet;

use gatewright_model::exchange::{ExchangePurpose, RecordedField, RecordedRequest, RecordedResponse};
use gatewright_model::run::{StepKind, TokenSummary};
use gatewright_model::{Exchange, Run, Step};
use serde_json::Value as Json;

use super::noise::{self, Place};
use super::{Compared, Group};
use crate::wording::{self, duration, outcome_words};
use crate::{callback, recorded_json};

/// Reads one thing of a run; none when the run does not have it.
type Fact = fn(&Run) -> Option<String>;
/// Reads the fields of one kind of a request.
type Fields = fn(&RecordedRequest) -> &[RecordedField];

/// Which client, who, with what tokens, and what came of it.
pub(super) fn run_facts(before: &Run, now: &Run) -> Group {
    let mut group = Group::new("Run");
    let both = |fact: Fact| (fact(before), fact(now));
    let facts: [(&str, Fact); 6] = [
        ("Outcome", |run| Some(outcome_words(&run.outcome))),
        ("Client", |run| Some(run.client_name.clone())),
        ("Server", |run| Some(wording::environment(run.environment).1.to_owned())),
        ("Browser", |run| Some(wording::browser(run.browser).1.to_owned())),
        ("Who", |run| run.identity.as_ref().map(|identity| identity.subject.clone())),
        ("Name", |run| run.identity.as_ref().and_then(|identity| identity.display_name.clone())),
    ];
    for (name, fact) in facts {
        let (before, now) = both(fact);
        group.note(name, before, now, None);
    }
    let fields = |run: &Run| run.identity.iter().flat_map(|identity| identity.fields.clone()).collect();
    named(&mut group, "Identity: ", Place::Fact, fields(before), fields(now));
    let issued = |run: &Run| token_facts(run.tokens.as_ref());
    named(&mut group, "Tokens: ", Place::Fact, issued(before), issued(now));
    group
}

fn token_facts(tokens: Option<&TokenSummary>) -> Vec<(String, String)> {
    let Some(tokens) = tokens else { return Vec::new() };
    let seconds = |seconds: Option<u64>| seconds.map(|seconds| format!("{seconds} s"));
    [
        ("issued", Some(tokens.issued.join(", "))),
        ("token_type", tokens.token_type.clone()),
        ("expires_in", seconds(tokens.expires_in)),
        ("refresh_expires_in", seconds(tokens.refresh_expires_in)),
        ("scope", tokens.scope.clone()),
    ]
    .into_iter()
    .filter_map(|(name, text)| Some((name.to_owned(), text?)))
    .collect()
}

/// The steps with what was sent and answered in them. Steps are told apart by what they are, and the second of a kind from the first.
pub(super) fn exchanges(before: &[Step], now: &[Step]) -> Vec<Group> {
    let (before, now) = (numbered(before), numbered(now));
    let mut keys: Vec<_> = now.iter().map(|(key, _)| *key).collect();
    keys.extend(before.iter().map(|(key, _)| *key).filter(|key| !now.iter().any(|(other, _)| other == key)));
    let find = |steps: &[((StepKind, usize), &Step)], key| {
        steps.iter().find(|(other, _)| *other == key).map(|(_, step)| (*step).clone())
    };
    keys.into_iter().map(|key| step(key, find(&before, key).as_ref(), find(&now, key).as_ref())).collect()
}

/// Each step with its kind, and how many of that kind came before it.
fn numbered(steps: &[Step]) -> Vec<((StepKind, usize), &Step)> {
    let earlier = |place: usize, kind| steps[..place].iter().filter(|step| step.kind == kind).count();
    steps.iter().enumerate().map(|(place, step)| ((step.kind, earlier(place, step.kind)), step)).collect()
}

fn step((kind, place): (StepKind, usize), before: Option<&Step>, now: Option<&Step>) -> Group {
    let title = wording::step(kind).1;
    let mut group = Group::new(if place == 0 { title.to_owned() } else { format!("{title} {}", place + 1) });
    let said = |step: Option<&Step>| step.map(|step| step.sentence.clone());
    let noise = match (before, now) {
        (Some(before), Some(now)) if before.status == now.status => {
            let read_again =
                is_only_metadata(before) && is_only_metadata(now) && before.exchanges.len() != now.exchanges.len();
            if read_again { Some(noise::REMEMBERED) } else { noise::of_addresses(&before.sentence, &now.sentence) }
        }
        _ => None,
    };
    group.note("What happened", said(before), said(now), noise);
    let findings = |step: Option<&Step>| -> BTreeSet<(String, String)> {
        step.iter()
            .flat_map(|step| &step.findings)
            .map(|finding| (finding.code.clone(), finding.title.clone()))
            .collect()
    };
    let (found_before, found_now) = (findings(before), findings(now));
    for (code, title) in found_before.symmetric_difference(&found_now) {
        let side = |found: &BTreeSet<_>| found.contains(&(code.clone(), title.clone())).then(|| title.clone());
        group.note(format!("Finding {code}"), side(&found_before), side(&found_now), None);
    }
    let pages = |step: Option<&Step>| step.map(|step| step.pages.join("\n")).filter(|pages| !pages.is_empty());
    note_address(&mut group, "Pages seen", pages(before), pages(now));
    let [sent_before, sent_now] =
        [before, now].map(|step| step.map(|step| step.exchanges.as_slice()).unwrap_or_default());
    for place in 0..sent_before.len().max(sent_now.len()) {
        let prefix = if place == 0 { String::new() } else { format!("Exchange {}: ", place + 1) };
        exchange(&mut group, &prefix, sent_before.get(place), sent_now.get(place));
    }
    group
}

/// Whether nothing but metadata or keys was asked for in a step, or nothing at all.
fn is_only_metadata(step: &Step) -> bool {
    step.exchanges.iter().all(|exchange| exchange.purpose == ExchangePurpose::Metadata)
}

fn exchange(group: &mut Group, prefix: &str, before: Option<&Exchange>, now: Option<&Exchange>) {
    let line = |exchange: Option<&Exchange>| exchange.map(|one| format!("{} {}", one.request.method, one.request.url));
    if let (Some(only), None) | (None, Some(only)) = (before, now)
        && only.purpose == ExchangePurpose::Metadata
    {
        group.note(format!("{prefix}Request"), line(before), line(now), Some(noise::REMEMBERED));
        return;
    }
    note_address(group, &format!("{prefix}Request"), line(before), line(now));
    // Of a request that was not sent at all, the line above says it; its fields one by one would only be noise.
    let (Some(before), Some(now)) = (before, now) else { return };
    let (asked_before, asked_now) = (&before.request, &now.request);
    let kinds: [(&str, Place, Fields); 3] = [
        ("Parameter", Place::Parameter, |request| &request.query),
        ("Header", Place::Header, |request| &request.headers),
        ("Field", Place::Parameter, |request| &request.fields),
    ];
    let plain = |field: &RecordedField| (field.name.clone(), field.value.to_plain());
    for (kind, place, fields) in kinds {
        let [before, now] = [asked_before, asked_now].map(|asked| fields(asked).iter().map(plain).collect());
        named(group, &format!("{prefix}{kind} "), place, before, now);
    }
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    group.note(format!("{prefix}Written as"), text(&asked_before.encoding), text(&asked_now.encoding), None);
    group.note(format!("{prefix}No response"), before.failure.clone(), now.failure.clone(), None);
    answer(group, prefix, before.response.as_ref(), now.response.as_ref());
}

fn answer(group: &mut Group, prefix: &str, before: Option<&RecordedResponse>, now: Option<&RecordedResponse>) {
    let status =
        |response: Option<&RecordedResponse>| response.filter(|one| one.status != 0).map(|one| one.status.to_string());
    group.note(format!("{prefix}Answer"), status(before), status(now), None);
    let (Some(before), Some(now)) = (before, now) else { return };
    let headers = |response: &RecordedResponse| {
        response.headers.iter().map(|field| (field.name.to_ascii_lowercase(), field.value.to_plain())).collect()
    };
    named(group, &format!("{prefix}Answer's header "), Place::Header, headers(before), headers(now));
    let place = if now.status == 0 { Place::Parameter } else { Place::Member };
    named(group, &format!("{prefix}Answer: "), place, body(before), body(now));
}

/// A body by names: the members of JSON, the parameters of a callback, else the whole text under the name "body".
fn body(response: &RecordedResponse) -> Vec<(String, String)> {
    if response.status == 0 {
        let (address, parameters) = callback::parts(&response.body);
        return [("callback".to_owned(), address)].into_iter().chain(parameters).collect();
    }
    let text = response.body.to_plain();
    let mut members = Vec::new();
    match recorded_json::read(&response.body) {
        Some(json @ (Json::Object(_) | Json::Array(_))) => flatten("", &json, &mut members),
        _ if text.is_empty() => {}
        _ => members.push(("body".to_owned(), text)),
    }
    members
}

/// The members of JSON under their names, those within others after a dot: `address.country`. Values are as JSON writes them, so that
/// `7` and `"7"` differ.
fn flatten(name: &str, json: &Json, members: &mut Vec<(String, String)>) {
    let inner = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
    match json {
        Json::Object(object) if !object.is_empty() => {
            object.iter().for_each(|(key, value)| flatten(&inner(key), value, members));
        }
        Json::Array(array) if !array.is_empty() => {
            (0..).zip(array).for_each(|(place, value): (usize, _)| flatten(&inner(&place.to_string()), value, members));
        }
        value => members.push((name.to_owned(), value.to_string())),
    }
}

/// Compares values by their names; the second of a name with the second.
fn named(group: &mut Group, prefix: &str, place: Place, before: Vec<(String, String)>, now: Vec<(String, String)>) {
    let mut before: Vec<Option<(String, String)>> = before.into_iter().map(Some).collect();
    for (name, value) in now {
        let same = before.iter_mut().find(|other| other.as_ref().is_some_and(|(other, _)| *other == name));
        let earlier = same.and_then(Option::take).map(|(_, value)| value);
        let of_value = |earlier: &String| noise::of_addresses(earlier, &value);
        let noise = earlier.as_ref().and_then(|earlier| noise::of_name(place, &name).or_else(|| of_value(earlier)));
        group.note(format!("{prefix}{name}"), earlier, Some(value), noise);
    }
    for (name, value) in before.into_iter().flatten() {
        group.note(format!("{prefix}{name}"), Some(value), None, None);
    }
}

fn note_address(group: &mut Group, name: &str, before: Option<String>, now: Option<String>) {
    let noise = before.as_deref().zip(now.as_deref()).and_then(|(before, now)| noise::of_addresses(before, now));
    group.note(name, before, now, noise);
}

/// How long the run and its steps took.
pub(super) fn times(before: Compared<'_>, now: Compared<'_>) -> Group {
    let mut group = Group::new("Times");
    let own = |run: &Run| {
        run.duration_ms.map(|all| all.saturating_sub(run.person_ms.unwrap_or_default()).saturating_mul(1000))
    };
    note_time(&mut group, "Without the person", own(before.run), own(now.run), false);
    let earlier = numbered(before.steps);
    for (key, step) in numbered(now.steps) {
        let Some((_, other)) = earlier.iter().find(|(other, _)| *other == key) else { continue };
        note_time(&mut group, wording::step(key.0).1, other.duration_us, step.duration_us, step.waited_for_person);
    }
    group
}

fn note_time(group: &mut Group, name: &str, before: Option<u64>, now: Option<u64>, of_person: bool) {
    let (Some(before), Some(now)) = (before, now) else { return };
    let noise = if of_person { Some(noise::PERSON) } else { noise::of_durations(before, now) };
    group.note(name, Some(duration(before)), Some(duration(now)), noise);
}
