//! What a run comes to as messages: who sent what to whom, by the names that were sent and never by their values.

use gatewright_language::Language;
use gatewright_model::exchange::{ExchangePurpose, RecordedField, RecordedResponse};
use gatewright_model::run::StepKind;
use gatewright_model::{Exchange, Step};

use crate::locale::duration;
use crate::{callback, recorded_json};

/// More pages than this are counted instead of drawn.
const MOST_PAGES: usize = 8;

/// Who takes part, from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    Person,
    Gatewright,
    Browser,
    Provider,
}

/// Something between two of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) from: Lane,
    pub(super) to: Lane,
    /// What it is: `POST /oauth/token`, `200 · 38 ms`.
    pub(super) title: String,
    /// The names of what was in it.
    pub(super) names: Vec<String>,
    /// It answers something.
    pub(super) answer: bool,
    /// It says that something was refused.
    pub(super) refusal: bool,
}

/// Something that happened in a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// One sent something to another.
    Message(Message),
    /// The person was waited for, in microseconds; none while that goes on.
    Wait(Option<u64>),
    /// Nothing came back, and why.
    Silence(String),
    /// Something was off.
    Finding(String),
}

/// What happened in a step, in order.
pub(super) fn events(step: &Step, language: Language) -> Vec<Event> {
    let mut events = pages(step, language);
    if step.waited_for_person {
        events.push(Event::Wait(step.duration_us));
    }
    for exchange in &step.exchanges {
        match exchange.purpose {
            ExchangePurpose::Authorization | ExchangePurpose::Logout => {
                visit(step.kind, exchange, language, &mut events);
            }
            _ => request_and_answer(exchange, language, &mut events),
        }
    }
    let off = |title: &str| Event::Finding(language.says(title).into_owned());
    events.extend(step.findings.iter().map(|finding| off(&finding.title)));
    events
}

fn message(from: Lane, to: Lane, title: String, names: Vec<String>) -> Message {
    Message { from, to, title, names, answer: false, refusal: false }
}

fn pages(step: &Step, language: Language) -> Vec<Event> {
    let seen = |page: &String| {
        let title = language.fill("page {path}", &[("path", &path(page))]);
        Event::Message(message(Lane::Provider, Lane::Browser, title, vec![]))
    };
    let mut events: Vec<Event> = step.pages.iter().take(MOST_PAGES).map(seen).collect();
    let further = step.pages.len().saturating_sub(MOST_PAGES);
    if further > 0 {
        let title = match further {
            1 => language.says("1 more page").into_owned(),
            _ => language.fill("{further} more pages", &[("further", &further.to_string())]),
        };
        events.push(Event::Message(message(Lane::Provider, Lane::Browser, title, vec![])));
    }
    events
}

/// A request that the browser sends, or the callback it came back with; the callback repeats the request, which is drawn once.
fn visit(kind: StepKind, exchange: &Exchange, language: Language, events: &mut Vec<Event>) {
    let is_callback = exchange.response.is_some();
    if !is_callback || kind == StepKind::Logout {
        let asked = path(&exchange.request.url);
        events.push(Event::Message(message(
            Lane::Gatewright,
            Lane::Browser,
            language.fill("open {path}", &[("path", &asked)]),
            names_of(&exchange.request.query),
        )));
        events.push(Event::Message(message(Lane::Browser, Lane::Provider, format!("GET {asked}"), vec![])));
    }
    if let Some(response) = &exchange.response {
        let (place, parameters) = callback::parts(&response.body);
        let names: Vec<String> = parameters.into_iter().map(|(name, _)| name).collect();
        let refusal = names.iter().any(|name| name == "error");
        let title = language.fill("callback {path}", &[("path", &path(&place))]);
        let caught = message(Lane::Browser, Lane::Gatewright, title, names);
        events.push(Event::Message(Message { answer: true, refusal, ..caught }));
    }
    events.extend(silence(exchange, language));
}

fn silence(exchange: &Exchange, language: Language) -> Option<Event> {
    exchange.failure.as_deref().map(|reason| Event::Silence(language.says(reason).into_owned()))
}

fn request_and_answer(exchange: &Exchange, language: Language, events: &mut Vec<Event>) {
    let request = &exchange.request;
    let title = format!("{} {}", request.method, path(&request.url));
    let credential = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case("authorization"));
    let mut names = names_of(&request.query);
    names.extend(names_of(&request.fields));
    names.extend(credential.map(|_| language.says("Authorization header").into_owned()));
    events.push(Event::Message(message(Lane::Gatewright, Lane::Provider, title, names)));
    if let Some(response) = &exchange.response {
        let title = format!("{} · {}", response.status, duration(language, exchange.duration_us));
        let answer = message(Lane::Provider, Lane::Gatewright, title, names_in_body(response, language));
        events.push(Event::Message(Message { answer: true, refusal: response.status >= 400, ..answer }));
    }
    events.extend(silence(exchange, language));
}

fn names_of(fields: &[RecordedField]) -> Vec<String> {
    fields.iter().map(|field| field.name.clone()).collect()
}

/// The names at the top of a JSON body. What an error says is named too: it is the one value that explains the picture.
fn names_in_body(response: &RecordedResponse, language: Language) -> Vec<String> {
    let Some(serde_json::Value::Object(members)) = recorded_json::read(&response.body) else { return Vec::new() };
    members
        .into_iter()
        .map(|(name, value)| match value {
            serde_json::Value::String(text) if name == "error" => language.fill("error: {text}", &[("text", &text)]),
            _ => name,
        })
        .collect()
}

/// What follows the host in an address; the address itself where it is none.
fn path(address: &str) -> String {
    let after_host = address.split_once("://").and_then(|(_, rest)| rest.find('/').map(|place| &rest[place..]));
    after_host.unwrap_or(address).to_owned()
}
