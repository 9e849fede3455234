//! Plans as text: TOML, read scenario by scenario, so that one mistake does not hide the others.

use std::ops::Range;

use serde::Deserialize;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use super::expectation::{Account, Expectation};
use super::{Plan, Preparation, ProfileProblem, Question, Recording, Scenario, TokenName, ready};
use crate::ProviderId;
use crate::profile::place::{self, Step};
use crate::run::Browser;

/// The head of a plan.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: String,
    title: String,
    #[serde(default)]
    provider: Option<ProviderId>,
    about: String,
}

/// A scenario as it is written: by itself, or as changes to a shared one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScenarioText {
    /// The shared scenario it is made from.
    #[serde(default, rename = "use")]
    used: Option<String>,
    /// Its id; the shared one's when left out.
    pub(super) id: Option<String>,
    title: Option<String>,
    instruction: Option<String>,
    account: Option<Account>,
    revoke_first: Option<TokenName>,
    preparation: Option<Preparation>,
    expect: Option<Expectation>,
    records: Option<Vec<Recording>>,
    browser: Option<Browser>,
    questions: Option<Vec<Question>>,
    not_applicable: Option<String>,
}

impl ScenarioText {
    /// What a person reads of it.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let own = [&self.title, &self.instruction, &self.not_applicable].into_iter().flatten().map(String::as_str);
        own.chain(self.questions.iter().flatten().map(|question| question.text.as_str()))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SharedText {
    scenario: Vec<ScenarioText>,
}

/// Reads the file of shared scenarios.
pub(super) fn read_shared(text: &str) -> Result<Vec<ScenarioText>, toml::de::Error> {
    toml::from_str::<SharedText>(text).map(|shared| shared.scenario)
}

/// Reads a plan.
pub(super) fn read(text: &str) -> Result<Plan, Vec<ProfileProblem>> {
    let mut document = parse(text)?;
    let listed = document.remove("scenario");
    let mut problems = Vec::new();
    let head = place::read_at::<Head>(&Value::Table(document), &[], &mut problems);
    let scenarios = read_scenarios(listed, &mut problems);
    if let Some(head) = &head {
        check_head(head, &mut problems);
    }
    check_ids(&scenarios, &mut problems);
    match head {
        Some(Head { id, title, provider, about }) if problems.is_empty() => {
            let scenarios = scenarios.into_iter().map(|(_, scenario)| scenario).collect();
            Ok(Plan { id, title, provider, about, scenarios })
        }
        _ => {
            for problem in &mut problems {
                problem.line = problem.line.or_else(|| place::line_of(text, &problem.path));
            }
            problems.sort_by_key(|problem| problem.line.unwrap_or(0));
            Err(problems)
        }
    }
}

fn parse(text: &str) -> Result<Table, Vec<ProfileProblem>> {
    let not_toml = |error: &toml::de::Error| ProfileProblem {
        path: String::new(),
        line: error.span().map(|span| place::line_at(text, span.start)),
        found: format!("text that is not TOML ({})", error.message().trim_end_matches('.').replace('\n', ", ")),
        expected: "a plan in TOML".to_owned(),
        hint: Some("Look for a quote or bracket that is missing on this line or the one before.".to_owned()),
    };
    let (_, errors) = DeTable::parse_recoverable(text);
    if let Some(first) = errors.first() {
        return Err(vec![not_toml(first)]);
    }
    text.parse::<Table>().map_err(|error| vec![not_toml(&error)])
}

/// The scenarios that could be read, each with its place in the list.
fn read_scenarios(listed: Option<Value>, problems: &mut Vec<ProfileProblem>) -> Vec<(usize, Scenario)> {
    let Some(Value::Array(listed)) = listed else {
        problems.push(problem("scenario", "nothing", "at least one [[scenario]]"));
        return Vec::new();
    };
    let mut scenarios = Vec::with_capacity(listed.len());
    for (number, value) in listed.iter().enumerate() {
        let at = [Step::Key("scenario".to_owned()), Step::Index(number)];
        if let Some(written) = place::read_at::<ScenarioText>(value, &at, problems) {
            let whole = complete(written, &format!("scenario[{number}]"), problems);
            scenarios.extend(whole.map(|scenario| (number, scenario)));
        }
    }
    scenarios
}

/// Puts what is written on top of the shared scenario it names, and looks for what is missing then.
fn complete(written: ScenarioText, path: &str, problems: &mut Vec<ProfileProblem>) -> Option<Scenario> {
    let shared = match written.used.as_deref().map(|name| (name, ready::shared(name))) {
        None => ScenarioText::default(),
        Some((_, Some(shared))) => shared.clone(),
        Some((name, None)) => {
            let known = ready::shared_names();
            problems.push(ProfileProblem {
                hint: place::did_you_mean(name, &known),
                ..problem(
                    &format!("{path}.use"),
                    &place::quote(name),
                    &format!("one of the shared scenarios {}", known.join(", ")),
                )
            });
            return None;
        }
    };
    let before = problems.len();
    let mut missing = |field: &str| {
        problems.push(problem(&format!("{path}.{field}"), "nothing", "this field, or `use` with a shared scenario"));
    };
    let text =
        |written: Option<String>, shared: Option<String>| written.or(shared).filter(|text| !text.trim().is_empty());
    let id = text(written.id, shared.id);
    let title = text(written.title, shared.title);
    let instruction = text(written.instruction, shared.instruction);
    let expect = written.expect.or(shared.expect);
    for (field, is_missing) in [
        ("id", id.is_none()),
        ("title", title.is_none()),
        ("instruction", instruction.is_none()),
        ("expect", expect.is_none()),
    ] {
        if is_missing {
            missing(field);
        }
    }
    let scenario = Scenario {
        id: id?,
        title: title?,
        instruction: instruction?,
        account: written.account.or(shared.account).unwrap_or_default(),
        revoke_first: written.revoke_first.or(shared.revoke_first),
        preparation: written.preparation.or(shared.preparation),
        expect: expect?,
        records: written.records.or(shared.records).unwrap_or_default(),
        browser: written.browser.or(shared.browser),
        questions: written.questions.or(shared.questions).unwrap_or_default(),
        not_applicable: written.not_applicable.or(shared.not_applicable),
    };
    check(&scenario, path, problems);
    (problems.len() == before).then_some(scenario)
}

fn check_head(head: &Head, problems: &mut Vec<ProfileProblem>) {
    if !is_id(&head.id) {
        problems.push(problem("id", &place::quote(&head.id), "lower-case letters, digits, hyphens and underscores"));
    }
    if head.title.trim().is_empty() {
        problems.push(problem("title", "empty text", "what the plan is called"));
    }
}

/// What the form alone does not say.
fn check(scenario: &Scenario, path: &str, problems: &mut Vec<ProfileProblem>) {
    if !is_id(&scenario.id) {
        let expected = "lower-case letters, digits, hyphens and underscores";
        problems.push(problem(&format!("{path}.id"), &place::quote(&scenario.id), expected));
    }
    if scenario.expect.outcomes.is_empty() {
        problems.push(problem(&format!("{path}.expect.outcomes"), "an empty list", "at least one ending"));
    }
    if scenario.preparation == Some(Preparation::HoldCode { seconds: 0 }) {
        problems.push(problem(&format!("{path}.preparation.seconds"), "0", "at least one second"));
    }
    for (number, question) in scenario.questions.iter().enumerate() {
        let is_twice = scenario.questions.iter().take(number).any(|earlier| earlier.id == question.id);
        if is_twice || !is_id(&question.id) {
            let expected = "lower-case letters, digits, hyphens and underscores, and no other question's id";
            problems.push(problem(&format!("{path}.questions[{number}].id"), &place::quote(&question.id), expected));
        }
    }
}

fn check_ids(scenarios: &[(usize, Scenario)], problems: &mut Vec<ProfileProblem>) {
    for (number, scenario) in scenarios {
        if scenarios.iter().any(|(place, earlier)| place < number && earlier.id == scenario.id) {
            problems.push(problem(
                &format!("scenario[{number}].id"),
                &place::quote(&scenario.id),
                "an id that no scenario before it has",
            ));
        }
    }
}

fn is_id(text: &str) -> bool {
    let may_be = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    (1..=60).contains(&text.len()) && text.bytes().all(may_be)
}

fn problem(path: &str, found: &str, expected: &str) -> ProfileProblem {
    ProfileProblem {
        path: path.to_owned(),
        line: None,
        found: found.to_owned(),
        expected: expected.to_owned(),
        hint: None,
    }
}

/// Replaces id and title where they stand in front of the first table, which is where TOML wants them.
pub(super) fn renamed(text: &str, id: &str, title: &str) -> String {
    let mut lines = Vec::new();
    let mut is_head = true;
    for line in text.lines() {
        is_head &= !line.trim_start().starts_with('[');
        let key = line.split('=').next().unwrap_or_default().trim();
        lines.push(match key {
            "id" if is_head => format!("id = {}", Value::from(id)),
            "title" if is_head => format!("title = {}", Value::from(title)),
            _ => line.to_owned(),
        });
    }
    lines.join("\n") + "\n"
}

/// The members of a plan that a person reads; `text` is a question's.
const TEXTS: [&str; 5] = ["title", "about", "instruction", "not_applicable", "text"];

/// Replaces what a person reads, each text where it stands.
pub(super) fn in_words(text: &str, say: &dyn Fn(&str) -> String) -> String {
    let Ok(document) = DeTable::parse(text) else { return text.to_owned() };
    let mut said = Vec::new();
    texts_of(document.get_ref(), &mut |place, found| said.push((place, Value::from(say(found)).to_string())));
    said.sort_by_key(|(place, _)| place.start);
    let mut written = text.to_owned();
    // The last first, so that the places of the others stay where they are.
    for (place, other) in said.into_iter().rev() {
        written.replace_range(place, &other);
    }
    written
}

fn texts_of(table: &DeTable<'_>, found: &mut dyn FnMut(Range<usize>, &str)) {
    for (name, value) in table {
        match value.get_ref() {
            DeValue::String(text) if TEXTS.contains(&name.get_ref().as_ref()) => found(value.span(), text),
            _ => texts_within(value, found),
        }
    }
}

fn texts_within(value: &Spanned<DeValue<'_>>, found: &mut dyn FnMut(Range<usize>, &str)) {
    match value.get_ref() {
        DeValue::Table(table) => texts_of(table, found),
        DeValue::Array(values) => values.iter().for_each(|value| texts_within(value, found)),
        _ => {}
    }
}
