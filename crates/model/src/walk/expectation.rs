//! What should come of a scenario.

use std::fmt;

use serde::de::{Error as _, IntoDeserializer as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Outcome;
use crate::run::EndReason;

/// What should come of a scenario. Every part is compared by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// The endings that are right; at least one.
    pub outcomes: Vec<ExpectedEnding>,
    /// Endings that are right and odd: they pass with a warning.
    #[serde(default)]
    pub odd_outcomes: Vec<ExpectedEnding>,
    /// Who it should be.
    #[serde(default)]
    pub identity: IdentityExpectation,
    /// Codes of findings that have to be there.
    #[serde(default)]
    pub required_findings: Vec<String>,
    /// Codes of findings that must not be there.
    #[serde(default)]
    pub forbidden_findings: Vec<String>,
    /// Whether any finding at all is worth a warning.
    #[serde(default)]
    pub nothing_off: bool,
    /// What may be granted.
    #[serde(default)]
    pub scope: ScopeExpectation,
}

/// An ending of a run: logged in, or one of the reasons for which it ended otherwise. In text `logged_in`, `denied`, `token_refused` …
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedEnding {
    /// The person is logged in.
    LoggedIn,
    /// It ended for this reason.
    Ended(EndReason),
}

impl ExpectedEnding {
    /// Whether a run ended like this.
    pub fn is(self, outcome: &Outcome) -> bool {
        Self::of(outcome) == Some(self)
    }

    /// The ending of a run; none while it goes on.
    pub const fn of(outcome: &Outcome) -> Option<Self> {
        match outcome {
            Outcome::Running => None,
            Outcome::LoggedIn { .. } => Some(Self::LoggedIn),
            Outcome::Ended(ending) => Some(Self::Ended(ending.reason)),
        }
    }
}

/// The word for a login; the others are those of [`EndReason`].
const LOGGED_IN: &str = "logged_in";

impl Serialize for ExpectedEnding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::LoggedIn => serializer.serialize_str(LOGGED_IN),
            Self::Ended(reason) => reason.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for ExpectedEnding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Word;
        impl serde::de::Visitor<'_> for Word {
            type Value = ExpectedEnding;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<ExpectedEnding, E> {
                if word == LOGGED_IN {
                    return Ok(ExpectedEnding::LoggedIn);
                }
                let reason = EndReason::deserialize(word.into_deserializer());
                reason.map(ExpectedEnding::Ended).map_err(|known: serde::de::value::Error| E::custom(known))
            }
        }
        deserializer.deserialize_str(Word).map_err(D::Error::custom)
    }
}

/// Who it should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityExpectation {
    /// Nobody looks.
    #[default]
    Any,
    /// The provider has to say who it was.
    Received,
    /// The same, and it has to be the test user's identity, where one is expected.
    Expected,
    /// It has to be somebody else than the test user.
    Other,
}

/// What may be granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeExpectation {
    /// Nobody looks.
    #[default]
    Any,
    /// Nothing that was not asked for (RFC 6749 §3.3).
    NotWider,
}

/// Whom the person signs in as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// The test user who walks.
    #[default]
    Own,
    /// Another one, on purpose.
    Other,
}
