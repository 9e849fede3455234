//! A profile: the text form of a [`Provider`]. The five built-in ones and a user's own have the same form and go through the same door.
//!
//! Reading one reports every mistake it can find, each with the field's dotted path, because a person who writes a profile by hand
//! should not have to ask again after every correction. It goes in three passes: the text has to be TOML, its shape has to be a
//! provider's ([`shape`]), and its values have to agree with each other ([`rules`]).

mod field;
mod mistake;
pub(crate) mod place;
mod rules;
mod shape;
mod template;

use std::{fmt, sync::LazyLock};

use serde::{Deserialize, Serialize};

use crate::{Provider, ProviderId};

/// The built-in profiles, in the order they are shown.
const BUILT_IN: [&str; 5] = [
    include_str!("../providers/chattr.toml"),
    include_str!("../providers/chattz.toml"),
    include_str!("../providers/chaster.toml"),
    include_str!("../providers/gitter.toml"),
    include_str!("../providers/contentdb.toml"),
];

static PARSED: LazyLock<Vec<Provider>> = LazyLock::new(|| {
    // A test reads every one of them: a broken one cannot be delivered.
    let parse = |text| {
        Provider::from_toml(text).unwrap_or_else(|problems| panic!("a built-in profile is broken: {problems:?}"))
    };
    BUILT_IN.into_iter().map(parse).collect()
});

/// One mistake in a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileProblem {
    /// The field, as in `endpoints.token.value`; empty when the text as a whole is meant.
    pub path: String,
    /// The line it stands on, counted from 1; for a missing field the line of what should hold it.
    pub line: Option<u32>,
    /// What is there.
    pub found: String,
    /// What should be there.
    pub expected: String,
    /// How to correct it.
    pub hint: Option<String>,
}

impl fmt::Display for ProfileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "found {}, expected {}.", self.found, self.expected)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, " {hint}"))
    }
}

impl Provider {
    /// The five providers known from the start: Chattr, Chattz, Chaster, Gitter, ContentDB.
    pub fn built_in() -> Vec<Self> {
        PARSED.clone()
    }

    /// The built-in provider of that name.
    pub fn find_built_in(id: &ProviderId) -> Option<Self> {
        PARSED.iter().find(|provider| provider.id == *id).cloned()
    }

    /// Reads a profile.
    ///
    /// # Errors
    /// Every mistake that could be found, in the order of the text.
    pub fn from_toml(text: &str) -> Result<Self, Vec<ProfileProblem>> {
        let shaped = shape::read(text)?;
        let found = rules::check(&shaped.provider, &shaped.document);
        let of_values: Vec<_> =
            found.into_iter().filter(|found| shaped.stands(found)).map(|found| found.problem).collect();
        let mut problems = shaped.problems;
        problems.extend(of_values);
        if problems.is_empty() {
            return Ok(shaped.provider);
        }
        for problem in &mut problems {
            problem.line = field::line_of(text, &problem.path);
        }
        problems.sort_by_key(|problem| problem.line.unwrap_or(0));
        Err(problems)
    }

    /// Writes the profile, for export or as the start of a user's own.
    ///
    /// # Errors
    /// When a number is too large for TOML, which no field of a provider can hold.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string_pretty(self)
    }
}

#[cfg(test)]
mod tests;
