//! The board: the secrets of all owned clients by age, with the rotations under way.

use super::RotationWaitsFor;
use crate::client::Environment;
use crate::secret_version::{RotationUrgency, SecretStanding};
use crate::wire;

wire! { "rotation.ts";
    /// What the board is asked for.
    pub struct RotationBoardQuery {
        /// Only these.
        pub only: RotationFilter,
        /// How many rows to skip.
        pub offset: u32,
        /// How many rows to give at most.
        pub limit: u32,
    }

    /// Which secrets the board shows.
    #[derive(Copy, Eq)]
    pub enum RotationFilter {
        /// All.
        All,
        /// Those that are due.
        Due,
        /// Those with a rotation under way.
        UnderWay,
    }

    /// The secrets of all owned clients, those that are due longest first.
    pub struct RotationBoard {
        /// The rows asked for.
        pub rows: Vec<RotationBoardRow>,
        /// How many rows match.
        pub total: u32,
        /// How many are due, whatever was asked for.
        pub due: u32,
        /// How many rotations are under way, whatever was asked for.
        pub under_way: u32,
        /// How old all of them are, youngest first.
        pub ages: Vec<SecretAge>,
    }

    /// How many secrets are of one age.
    pub struct SecretAge {
        /// "under 60 days", "60 to 90 days" and so on.
        #[serde(serialize_with = "crate::text::ours")]
        pub label: String,
        /// How many.
        pub secrets: u32,
        /// How bad that is.
        pub urgency: RotationUrgency,
    }

    /// One client's active secret.
    pub struct RotationBoardRow {
        /// The client's record id.
        pub client: String,
        /// Its name.
        pub client_name: String,
        /// The provider's id.
        pub provider: String,
        /// The provider's name.
        pub provider_name: String,
        /// Which server.
        pub environment: Environment,
        /// The version in use.
        pub version: u32,
        /// Whole days since logins use that version.
        pub age_days: u32,
        /// When it should be replaced, RFC 3339; none when the owner wants no reminder.
        pub due_at: Option<String>,
        /// How it stands against that day.
        pub urgency: RotationUrgency,
        /// What the provider last said to it.
        pub standing: Option<SecretStanding>,
        /// When that was, RFC 3339.
        pub proved_at: Option<String>,
        /// How many deployments use the secret, as far as the owner has written them down.
        pub deployments: u32,
        /// The rotation under way.
        pub rotation: Option<RotationProgress>,
    }

    /// How far a rotation under way has come.
    pub struct RotationProgress {
        /// The rotation.
        pub rotation: String,
        /// The number of the step that is next.
        pub step: u32,
        /// How many steps there are.
        pub steps: u32,
        /// What that step is.
        #[serde(serialize_with = "crate::text::ours")]
        pub title: String,
        /// Who it waits for.
        pub waits_for: RotationWaitsFor,
    }
}
