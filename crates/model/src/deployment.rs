//! A Deployment: a place that uses a client's secret. The owner keeps the list by hand, because no provider knows it.

use jiff::Timestamp;

use crate::{ClientRecordId, DeploymentId};

/// A place that uses a client's secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// Our record's id.
    pub id: DeploymentId,
    /// Whose secret it uses.
    pub client: ClientRecordId,
    /// What the owner calls it: "web server", "nightly job".
    pub name: String,
    /// Where it is, in the owner's words: a host, a path, a vault's address; may be empty.
    pub place: String,
    /// Which version the owner last said it has; none when that was never said.
    pub uses: Option<VersionInUse>,
    /// When it was added.
    pub created_at: Timestamp,
}

/// That a deployment has a version, because its owner said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionInUse {
    /// The version.
    pub version: u32,
    /// When it was ticked off.
    pub ticked_at: Timestamp,
}

/// The most characters a name or a place of a deployment may have.
pub const MOST_CHARACTERS: usize = 200;

/// Why a deployment cannot be called so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeploymentMistake {
    /// Nobody could tell it from the others.
    #[error("a deployment needs a name")]
    NoName,
    /// Longer than a line.
    #[error("a name has at most {MOST_CHARACTERS} characters")]
    NameTooLong,
    /// Longer than a line.
    #[error("a place has at most {MOST_CHARACTERS} characters")]
    PlaceTooLong,
}

/// What the owner calls a deployment, and where it is: without blanks around, and not longer than a line.
///
/// # Errors
/// The first [`DeploymentMistake`].
pub fn name_and_place(name: &str, place: &str) -> Result<(String, String), DeploymentMistake> {
    let (name, place) = (name.trim(), place.trim());
    if name.is_empty() {
        return Err(DeploymentMistake::NoName);
    }
    if name.chars().count() > MOST_CHARACTERS {
        return Err(DeploymentMistake::NameTooLong);
    }
    if place.chars().count() > MOST_CHARACTERS {
        return Err(DeploymentMistake::PlaceTooLong);
    }
    Ok((name.to_owned(), place.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deployment_has_a_name_and_perhaps_a_place_without_blanks_around() {
        assert_eq!(name_and_place(" web ", "\thost-1 "), Ok(("web".to_owned(), "host-1".to_owned())));
        assert_eq!(name_and_place("web", ""), Ok(("web".to_owned(), String::new())));
        assert_eq!(name_and_place(" \n", "host-1"), Err(DeploymentMistake::NoName));
    }

    #[test]
    fn a_deployment_is_described_in_no_more_than_a_line() {
        let (fits, long) = ("ü".repeat(MOST_CHARACTERS), "ü".repeat(MOST_CHARACTERS + 1));
        assert!(name_and_place(&fits, &fits).is_ok());
        assert_eq!(name_and_place(&long, ""), Err(DeploymentMistake::NameTooLong));
        assert_eq!(name_and_place("web", &long), Err(DeploymentMistake::PlaceTooLong));
    }
}
