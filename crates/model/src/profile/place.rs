//! For documents of ours beside profiles: one part of a TOML document, read so that a mistake names its field in the same words.

use serde::de::DeserializeOwned;
use toml::Value;

pub(crate) use super::field::{Step, line_at, line_of};
pub(crate) use super::shape::{did_you_mean, quote};

use super::mistake::{self, Mistake};
use super::{ProfileProblem, field, shape};

/// Reads the part of a document that stands at `around`. The first mistake in it is noted.
pub(crate) fn read_at<T: DeserializeOwned>(
    value: &Value,
    around: &[Step],
    problems: &mut Vec<ProfileProblem>,
) -> Option<T> {
    let error = match serde_path_to_error::deserialize::<_, T>(value.clone()) {
        Ok(read) => return Some(read),
        Err(error) => error,
    };
    let inside = shape::steps_of(error.path());
    let mut steps = [around, &inside].concat();
    let (found, expected, hint) = match mistake::read(error.inner().message()) {
        Mistake::Missing(name) => {
            steps.push(Step::Key(name));
            ("nothing".to_owned(), "this field".to_owned(), None)
        }
        Mistake::UnknownField(name, known) => {
            let hint = did_you_mean(&name, &known);
            // The reader may or may not have counted the unknown key itself as a step.
            if steps.last() != Some(&Step::Key(name.clone())) {
                steps.push(Step::Key(name.clone()));
            }
            (format!("a field named {name}"), format!("one of the fields {}", known.join(", ")), hint)
        }
        Mistake::UnknownWord(word, known) => (quote(&word), mistake::one_of(&known), did_you_mean(&word, &known)),
        Mistake::WrongType(wanted) => {
            let there = field::get(value, &inside);
            (there.map_or_else(|| "nothing".to_owned(), shape::describe), wanted, None)
        }
    };
    problems.push(ProfileProblem { path: field::dotted(&steps), line: None, found, expected, hint });
    None
}
