//! Fields of a TOML document by their dotted path.

use toml::{
    Spanned, Value,
    de::{DeTable, DeValue},
};

/// One step on the way to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Into a table.
    Key(String),
    /// Into a list.
    Index(usize),
}

/// Writes steps as `dialect.identity.fields.value[2].type`.
pub(crate) fn dotted(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => {
                text.push('.');
                text.push_str(key);
            }
            Step::Index(index) => {
                text.push('[');
                text.push_str(&index.to_string());
                text.push(']');
            }
        }
    }
    text
}

/// Reads [`dotted`] back. Keys with a dot in them are not known in profiles.
pub(super) fn steps(path: &str) -> Vec<Step> {
    let parts = path.split(['.', '[']).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            part.strip_suffix(']')
                .and_then(|digits| digits.parse().ok())
                .map_or_else(|| Step::Key(part.to_owned()), Step::Index)
        })
        .collect()
}

/// Whether `path` is `around` or stands in it.
pub(super) fn is_within(path: &str, around: &str) -> bool {
    path.strip_prefix(around).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The value at `steps`.
pub(super) fn get<'a>(document: &'a Value, steps: &[Step]) -> Option<&'a Value> {
    steps.iter().try_fold(document, |value, step| match step {
        Step::Key(key) => value.get(key.as_str()),
        Step::Index(index) => value.get(index),
    })
}

/// The value at `steps`, to change it.
pub(super) fn get_mut<'a>(document: &'a mut Value, steps: &[Step]) -> Option<&'a mut Value> {
    steps.iter().try_fold(document, |value, step| match step {
        Step::Key(key) => value.get_mut(key.as_str()),
        Step::Index(index) => value.get_mut(index),
    })
}

/// The line, counted from 1, on which the field at `path` or the nearest one around it stands; `None` for the whole text.
pub(crate) fn line_of(text: &str, path: &str) -> Option<u32> {
    let mut value = DeValue::Table(DeTable::parse(text).ok()?.into_inner());
    let mut place = None;
    for step in steps(path) {
        let Some((start, inner)) = enter(value, &step) else { break };
        place = Some(start);
        value = inner;
    }
    place.map(|start| line_at(text, start))
}

/// One step down, and where the field begins.
fn enter<'a>(value: DeValue<'a>, step: &Step) -> Option<(usize, DeValue<'a>)> {
    match (value, step) {
        (DeValue::Table(table), Step::Key(key)) => table
            .into_iter()
            .find(|(name, _)| name.get_ref() == key)
            .map(|(name, value)| (name.span().start, value.into_inner())),
        (DeValue::Array(array), Step::Index(index)) => array.into_iter().nth(*index).map(at_itself),
        _ => None,
    }
}

fn at_itself(value: Spanned<DeValue<'_>>) -> (usize, DeValue<'_>) {
    (value.span().start, value.into_inner())
}

/// The line of a byte offset.
pub(crate) fn line_at(text: &str, offset: usize) -> u32 {
    let before = text.get(..offset).unwrap_or(text);
    u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX)
}
