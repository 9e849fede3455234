//! What a provider's document says, and how sure we are of it.

use serde::{Deserialize, Serialize};

/// How we know a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// The provider's document says so; the place in the document stands beside it.
    Documented,
    /// Seen on the wire or in the server's public source, not in the document.
    Observed,
    /// Nobody has said or seen it: the value is what we assume until then.
    Unknown,
}

/// One value of a profile with its standing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement<T> {
    /// The value used.
    pub value: T,
    /// How we know it.
    pub mark: Mark,
    /// Where the document says it (a heading, a table row, a sample), or where it was observed; in our own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What a person should know about it; in our own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
