//! Comparing what we want of a client with what its provider has, for people.

use std::collections::BTreeSet;

use serde_json::Value;

use super::ClientMetadata;
use crate::inert::inert;

/// A member of the metadata that is not the same here and there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its name, made inert.
    pub member: String,
    /// What it is here, made inert; none when it is not there at all.
    pub here: Option<String>,
    /// What it is at the provider, made inert; none when it is not there at all.
    pub there: Option<String>,
}

/// What a member means that is not there (RFC 7591 §2): leaving it out and writing this down is the same.
fn default_of(name: &str) -> Option<Value> {
    match name {
        "token_endpoint_auth_method" => Some("client_secret_basic".into()),
        "grant_types" => Some(vec!["authorization_code"].into()),
        "response_types" => Some(vec!["code"].into()),
        // OpenID Connect Registration §2.
        "application_type" => Some("web".into()),
        "id_token_signed_response_alg" => Some("RS256".into()),
        _ => None,
    }
}

/// What differs between the metadata here and those at the provider: the members here in their order, then those that are there alone.
///
/// Lists are compared as sets and `scope` word by word, because their order means nothing; a member that says what its absence would
/// mean is no difference; and `null` is absence (RFC 7592 §2.2).
pub fn diff(here: &ClientMetadata, there: &ClientMetadata) -> Vec<Difference> {
    let ours = here.members().keys();
    let names = ours.chain(there.members().keys().filter(|name| !here.members().contains_key(*name)));
    names.filter_map(|name| difference(name, here.members().get(name), there.members().get(name))).collect()
}

fn difference(name: &str, here: Option<&Value>, there: Option<&Value>) -> Option<Difference> {
    let present = |value: Option<&Value>| value.filter(|value| !value.is_null()).cloned();
    let (here, there) = (present(here), present(there));
    let meant = |value: &Option<Value>| value.clone().or_else(|| default_of(name));
    if means_the_same(name, meant(&here).as_ref(), meant(&there).as_ref()) {
        return None;
    }
    Some(Difference { member: inert(name), here: here.as_ref().map(shown), there: there.as_ref().map(shown) })
}

fn means_the_same(name: &str, one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(Value::Array(one)), Some(Value::Array(other))) => as_set(one) == as_set(other),
        (Some(Value::String(one)), Some(Value::String(other))) if name == "scope" => words(one) == words(other),
        // An empty list says no more than none.
        (Some(Value::Array(list)), None) | (None, Some(Value::Array(list))) => list.is_empty(),
        _ => one == other,
    }
}

fn as_set(list: &[Value]) -> BTreeSet<String> {
    list.iter().map(Value::to_string).collect()
}

fn words(scope: &str) -> BTreeSet<&str> {
    scope.split(' ').filter(|word| !word.is_empty()).collect()
}

/// A list of texts is shown one to a line.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => inert(text),
        Value::Array(list) if list.iter().all(Value::is_string) => {
            list.iter().filter_map(Value::as_str).map(inert).collect::<Vec<_>>().join("\n")
        }
        other => inert(&other.to_string()),
    }
}
