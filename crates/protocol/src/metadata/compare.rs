//! Comparing documents: the two of one issuer, and one with its successor.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Metadata;
use super::member::Weight;
use crate::discrepancy::Discrepancy;
use crate::inert::inert;

/// The two documents of an issuer as one.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// Both together. Where they disagree, OpenID Connect Discovery counts: it is the more specific one.
    pub metadata: Metadata,
    /// Where they disagree.
    pub conflicts: Vec<Conflict>,
}

/// A member about which the two documents of one issuer disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Its name, made inert.
    pub member: String,
    /// What OpenID Connect Discovery says, made inert; this is used.
    pub openid: String,
    /// What RFC 8414 metadata say, made inert.
    pub oauth: String,
    /// What hangs on it.
    pub weight: Weight,
}

/// A member that is not what it was (N-04).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its name, made inert.
    pub member: String,
    /// What it was, made inert; none when it is new.
    pub before: Option<String>,
    /// What it is, made inert; none when it is gone.
    pub after: Option<String>,
    /// What hangs on it. A change of weight is for a person to accept; until then the old document counts.
    pub weight: Weight,
}

impl Merged {
    /// Puts the two documents of one issuer together.
    pub fn of(openid: &Metadata, oauth: &Metadata) -> Self {
        let mut members = openid.members.clone();
        let mut conflicts = Vec::new();
        for (name, value) in &oauth.members {
            match openid.members.get(name) {
                None => {
                    members.insert(name.clone(), value.clone());
                }
                Some(other) if means_the_same(other, value) => {}
                Some(other) => conflicts.push(Conflict {
                    member: inert(name),
                    openid: shown(other),
                    oauth: shown(value),
                    weight: Weight::of(name),
                }),
            }
        }
        Self { metadata: Metadata { members }, conflicts }
    }
}

impl Conflict {
    /// Expected against received: what is used against what is not.
    pub fn discrepancy(&self) -> Discrepancy {
        let expected = format!("{} as in the OpenID document", self.openid);
        Discrepancy::new("metadata_conflict", self.member.clone(), expected, self.oauth.clone())
    }
}

/// What has changed, member by member, in the order of the old document and then of the new one.
pub fn diff(old: &Metadata, new: &Metadata) -> Vec<Change> {
    let names = old.members.keys().chain(new.members.keys().filter(|name| !old.members.contains_key(*name)));
    let change = |name: &String| {
        let (before, after) = (old.members.get(name), new.members.get(name));
        if let (Some(before), Some(after)) = (before, after)
            && means_the_same(before, after)
        {
            return None;
        }
        Some(Change {
            member: inert(name),
            before: before.map(shown),
            after: after.map(shown),
            weight: Weight::of(name),
        })
    };
    names.filter_map(change).collect()
}

/// Equal, apart from the order of a list: these lists are sets.
fn means_the_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => as_set(one) == as_set(other),
        _ => one == other,
    }
}

/// By their JSON texts, which can be sorted: a list may be as long as a document may be.
fn as_set(list: &[Value]) -> BTreeSet<String> {
    list.iter().map(Value::to_string).collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => inert(text),
        other => inert(&other.to_string()),
    }
}
