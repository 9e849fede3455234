//! Insomnia's form 5, which is YAML or the same as JSON: one workspace with its requests in folders, and its environments in one another.

use serde_json::Value;

use super::{is_for_oauth2, read_environment, read_request};
use crate::foreign::{ForeignError, Reading, Source, text_of};

/// How the kind of such a file ends: `collection.insomnia.rest/5.0`, `environment.…`, `spec.…`.
const KIND: &str = ".insomnia.rest/5.0";

/// Whether a text looks like such a file in YAML. Its kind stands in the first line, or close to it.
pub(in crate::foreign) fn is_meant(text: &str) -> bool {
    text.lines().take(20).any(|line| line.starts_with("type:") && line.contains(KIND))
}

/// Reads the YAML. Its aliases and its depth are limited by the reader, so that a small file stays small.
pub(in crate::foreign) fn read_yaml(text: &str) -> Result<Reading, ForeignError> {
    // What the reader complains of may repeat a value.
    let value: Value = serde_saphyr::from_str(text).map_err(|_| ForeignError::BrokenYaml)?;
    read(&value).ok_or(ForeignError::BrokenYaml)
}

/// Reads a file; none when it is not of this form.
pub(in crate::foreign) fn read(value: &Value) -> Option<Reading> {
    text_of(value, "type").filter(|kind| kind.ends_with(KIND))?;
    let mut reading = Reading { source: Source::Insomnia, clients: Vec::new(), left: Vec::new() };
    let mut others = 0_usize;
    read_requests(value, "collection", &mut reading, &mut others);
    if let Some(environment) = value.get("environments") {
        read_environments(environment, &mut reading);
    }
    if others > 0 {
        reading.left.push(format!("{others} requests and settings without OAuth 2"));
    }
    let is_said = |name: &&&str| value.get(**name).is_some_and(|part| !part.is_null());
    let parts = ["cookieJar", "spec", "testSuites", "certificates"];
    reading.left.extend(parts.iter().filter(is_said).map(|name| (*name).to_owned()));
    Some(reading)
}

/// Requests, and those in folders; a folder can have OAuth 2 settings for all that is in it.
fn read_requests(parent: &Value, member: &str, reading: &mut Reading, others: &mut usize) {
    for item in parent.get(member).and_then(Value::as_array).into_iter().flatten() {
        if is_for_oauth2(item) {
            read_request(item, reading);
        } else if item.get("children").is_none() {
            *others += 1;
        }
        read_requests(item, "children", reading, others);
    }
}

/// An environment, and those that are made from it.
fn read_environments(environment: &Value, reading: &mut Reading) {
    read_environment(environment, reading);
    for sub in environment.get("subEnvironments").and_then(Value::as_array).into_iter().flatten() {
        read_environments(sub, reading);
    }
}
