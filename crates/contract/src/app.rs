//! The frame of the window.

use crate::sandbox::SandboxState;
use crate::settings::{KeyringState, Language, Settings};
use crate::wire;

wire! { "app.ts";
    /// Nothing to say.
    pub struct Nothing {}

    /// What the window needs to paint its frame.
    pub struct AppState {
        /// Gatewright's version.
        pub version: String,
        /// Whether there is neither a client nor a run yet: the welcome is shown.
        pub first_start: bool,
        /// The keyring.
        pub keyring: KeyringState,
        /// The sandbox.
        pub sandbox: SandboxState,
        /// The settings.
        pub settings: Settings,
        /// The language of the window: what the settings say, or the system where they leave it to that.
        pub language: Language,
        /// Why nothing can be kept or shown: the database cannot be used. Every other command fails with it until that is mended.
        pub fatal: Option<Notice>,
        /// Something that went wrong at start and that the person should know: a database that could only be opened for reading,
        /// secrets that were lost, a file moved aside.
        pub notices: Vec<Notice>,
        /// The database is from an earlier day than the keyring remembers: nothing is refreshed or rotated until the person confirms it
        /// (`database_confirm_older`).
        pub older_database: bool,
        /// Runs that are going on right now, newest first.
        pub active_runs: Vec<String>,
    }

    /// Something the person should know.
    pub struct Notice {
        /// What happened.
        #[serde(serialize_with = "crate::text::ours")]
        pub message: String,
        /// What to do.
        #[serde(serialize_with = "crate::text::ours")]
        pub hint: Option<String>,
    }
}
