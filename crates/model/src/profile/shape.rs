//! The shape of a profile, checked against the types themselves: reading stops at the first mistake, which is noted and replaced by a
//! right value from the template, and starts again. So there is no second description of the form that could go stale.

use serde_path_to_error::Segment;
use toml::{Table, Value, de::DeTable};

use super::{
    ProfileProblem,
    field::{self, Step, dotted},
    mistake::{self, Mistake},
    rules, template,
};
use crate::Provider;

/// More mistakes than this help nobody.
const MOST_PROBLEMS: usize = 100;

/// A bracket that is never closed makes every line after it wrong: only the first complaints are about what the author did.
const MOST_SYNTAX_PROBLEMS: usize = 3;

/// A profile in the right shape, mended where it was not.
#[derive(Debug)]
pub(super) struct Shaped {
    /// The document after mending.
    pub(super) document: Value,
    /// The same as a provider.
    pub(super) provider: Provider,
    /// What was mended.
    pub(super) problems: Vec<ProfileProblem>,
    /// Where something was mended.
    mended: Vec<String>,
}

impl Shaped {
    /// Whether what a rule found is the author's doing: nothing it looked at was mended by us.
    pub(super) fn stands(&self, found: &rules::Found) -> bool {
        !self.mended.iter().any(|mended| found.concerns(mended))
    }
}

/// Reads the text of a profile.
pub(super) fn read(text: &str) -> Result<Shaped, Vec<ProfileProblem>> {
    let (_, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let mut problems: Vec<_> = errors.iter().map(|error| not_toml(text, error)).collect();
        problems.sort_by_key(|problem| problem.line);
        problems.dedup_by_key(|problem| problem.line);
        problems.truncate(MOST_SYNTAX_PROBLEMS);
        return Err(problems);
    }
    let mut document = text.parse::<Table>().map(Value::Table).map_err(|error| vec![not_toml(text, &error)])?;
    let mut problems = Vec::new();
    let mut mended = Vec::new();
    loop {
        let error = match serde_path_to_error::deserialize::<_, Provider>(document.clone()) {
            Ok(provider) => return Ok(Shaped { document, provider, problems, mended }),
            Err(error) => error,
        };
        let steps = steps_of(error.path());
        let (problem, place) = mend(&mut document, steps, error.inner().message());
        let is_new = problems.iter().all(|known: &ProfileProblem| known.path != problem.path);
        problems.push(problem);
        match place {
            Some(place) if is_new && problems.len() < MOST_PROBLEMS => mended.push(place),
            _ => return Err(with_lines(text, problems)),
        }
    }
}

fn with_lines(text: &str, mut problems: Vec<ProfileProblem>) -> Vec<ProfileProblem> {
    for problem in &mut problems {
        problem.line = field::line_of(text, &problem.path);
    }
    problems
}

fn not_toml(text: &str, error: &toml::de::Error) -> ProfileProblem {
    ProfileProblem {
        path: String::new(),
        line: error.span().map(|span| field::line_at(text, span.start)),
        found: format!("text that is not TOML ({})", error.message().trim_end_matches('.').replace('\n', ", ")),
        expected: "a profile in TOML".to_owned(),
        hint: Some(
            "Look for a quote or bracket that is missing, or a field given twice, on this line or the one before."
                .to_owned(),
        ),
    }
}

pub(super) fn steps_of(path: &serde_path_to_error::Path) -> Vec<Step> {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Map { key } => Some(Step::Key(key.clone())),
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// Puts one mistake right. Answers with what it was and where the document was changed; `None` when it could not be.
fn mend(document: &mut Value, mut steps: Vec<Step>, message: &str) -> (ProfileProblem, Option<String>) {
    let (found, expected, hint, is_done);
    match mistake::read(message) {
        Mistake::Missing(name) => {
            hint = missing_hint(&name);
            steps.push(Step::Key(name));
            found = "nothing".to_owned();
            expected = template::value_at(&steps).map_or_else(|| "this field".to_owned(), describe_wanted);
            is_done = insert(document, &steps).then(|| dotted(&steps));
        }
        Mistake::UnknownField(name, known) => {
            found = format!("a field named {name}");
            expected = format!("one of the fields {}", known.join(", "));
            hint = did_you_mean(&name, &known);
            // The reader may or may not have counted the unknown key itself as a step.
            if steps.last() != Some(&Step::Key(name.clone())) {
                steps.push(Step::Key(name.clone()));
            }
            let near = mistake::nearest(&name, known.iter().map(String::as_str));
            is_done = remove_or_rename(document, &steps, near).then(|| dotted(&steps));
        }
        Mistake::UnknownWord(word, known) => {
            found = quote(&word);
            expected = mistake::one_of(&known);
            hint = did_you_mean(&word, &known);
            is_done = replace(document, &steps);
        }
        Mistake::WrongType(wanted) => {
            let value = field::get(document, &steps);
            found = value.map_or_else(|| "nothing".to_owned(), describe);
            hint = type_hint(value, &wanted);
            expected = wanted;
            is_done = replace(document, &steps);
        }
    }
    (ProfileProblem { path: dotted(&steps), line: None, found, expected, hint }, is_done)
}

pub(crate) fn did_you_mean(word: &str, known: &[String]) -> Option<String> {
    mistake::nearest(word, known.iter().map(String::as_str)).map(|near| format!("Did you mean {near}?"))
}

fn missing_hint(name: &str) -> Option<String> {
    match name {
        "mark" => Some("Say how the value is known; write \"unknown\" when nobody has said or seen it.".to_owned()),
        "value" => Some("A statement holds value, mark and, when documented, place.".to_owned()),
        _ => None,
    }
}

/// A value where a whole statement belongs is the mistake made most often.
fn type_hint(found: Option<&Value>, expected: &str) -> Option<String> {
    let is_bare = expected == "a table of fields" && found.is_some_and(|value| !value.is_table());
    is_bare.then(|| "Write a table: { value = …, mark = \"…\", place = \"…\" }.".to_owned())
}

/// What is there, in a few words.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::String(text) => quote(text),
        Value::Integer(number) => format!("the number {number}"),
        Value::Float(number) => format!("the number {number}"),
        Value::Boolean(flag) => flag.to_string(),
        Value::Datetime(_) => "a date".to_owned(),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Table(_) => "a table".to_owned(),
    }
}

/// Text in quotes, cut where it is long.
pub(crate) fn quote(text: &str) -> String {
    const MOST: usize = 60;
    let short: String = text.chars().take(MOST).collect();
    format!("{short:?}{}", if short.len() < text.len() { " …" } else { "" })
}

fn describe_wanted(value: &Value) -> String {
    match value {
        Value::String(_) => "text in quotes",
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list in square brackets",
        Value::Table(table) if table.contains_key("mark") => "a statement with value and mark",
        Value::Table(_) => "a table of fields",
    }
    .to_owned()
}

fn insert(document: &mut Value, steps: &[Step]) -> bool {
    let (Some(right), Some((Step::Key(key), parent))) = (template::value_at(steps), steps.split_last()) else {
        return false;
    };
    let Some(Value::Table(table)) = field::get_mut(document, parent) else { return false };
    table.insert(key.clone(), right.clone()).is_none()
}

/// A slip in a field's name would otherwise be told twice: as a field nobody knows and as one that is missing.
fn remove_or_rename(document: &mut Value, steps: &[Step], near: Option<&str>) -> bool {
    let Some((Step::Key(key), parent)) = steps.split_last() else { return false };
    let Some(Value::Table(table)) = field::get_mut(document, parent) else { return false };
    let Some(value) = table.remove(key) else { return false };
    if let Some(near) = near
        && !table.contains_key(near)
    {
        table.insert(near.to_owned(), value);
    }
    true
}

/// Puts a right value at `steps` or, where the template has none, at the nearest field around it. Answers with the place.
fn replace(document: &mut Value, steps: &[Step]) -> Option<String> {
    for length in (1..=steps.len()).rev() {
        let around = &steps[..length];
        if let (Some(right), Some(place)) = (template::value_at(around), field::get_mut(document, around)) {
            *place = right.clone();
            return Some(dotted(around));
        }
    }
    None
}
