//! What the types cannot say about a profile: forms of text, and fields that have to agree.

mod agreement;
mod text;

use toml::Value;

use super::{ProfileProblem, field::is_within};
use crate::Provider;

/// A problem and the other fields it was concluded from.
#[derive(Debug)]
pub(super) struct Found {
    /// The problem.
    pub(super) problem: ProfileProblem,
    /// Paths of the other fields.
    pub(super) looked_at: Vec<&'static str>,
}

impl Found {
    fn new(path: impl Into<String>, found: impl Into<String>, expected: impl Into<String>) -> Self {
        let problem = ProfileProblem {
            path: path.into(),
            line: None,
            found: found.into(),
            expected: expected.into(),
            hint: None,
        };
        Self { problem, looked_at: Vec::new() }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.problem.hint = Some(hint.into());
        self
    }

    /// Whether this was concluded from the field at `path`, from a part of it or from what it stands in.
    pub(super) fn concerns(&self, path: &str) -> bool {
        let own = std::iter::once(self.problem.path.as_str());
        own.chain(self.looked_at.iter().copied())
            .any(|looked_at| is_within(looked_at, path) || is_within(path, looked_at))
    }

    fn because_of(mut self, paths: &[&'static str]) -> Self {
        self.looked_at.extend_from_slice(paths);
        self
    }
}

/// Everything the rules find. `document` is what `provider` was read from.
pub(super) fn check(provider: &Provider, document: &Value) -> Vec<Found> {
    let mut all = text::check(provider);
    // A field that is wrong by itself need not agree with anything.
    let disagreements = agreement::check(provider)
        .into_iter()
        .filter(|found| !all.iter().any(|wrong| found.concerns(&wrong.problem.path)));
    let disagreements: Vec<_> = disagreements.collect();
    all.extend(disagreements);
    places(document, "", &mut all);
    all
}

/// Every statement that is called documented has to say where. Found by its form, so that no statement can be forgotten.
fn places(value: &Value, path: &str, all: &mut Vec<Found>) {
    match value {
        Value::Table(table) => {
            let place = table.get("place").and_then(Value::as_str).map(str::trim);
            let at = |name: &str| format!("{path}.{name}");
            if place == Some("") {
                all.push(
                    Found::new(at("place"), "empty text", "where it stands in the document")
                        .hint("Leave the field out when nobody knows."),
                );
            } else if place.is_none() && table.get("mark").and_then(Value::as_str) == Some("documented") {
                all.push(
                    Found::new(at("place"), "nothing", "where the document says it")
                        .hint("Name the heading, table row or sample, or write mark = \"unknown\"."),
                );
            }
            for (key, inner) in table {
                places(inner, &if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, all);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{path}[{index}]"), all);
            }
        }
        _ => {}
    }
}
