//! Settings and the keyring's state.

use crate::run::Browser;
use crate::wire;

wire! { "settings.ts";
    /// The settings.
    pub struct Settings {
        /// Light, dark, or as the system says.
        pub theme: Theme,
        /// The language of the window, or as the system says.
        #[serde(default)]
        pub language: LanguageChoice,
        /// The browser a login starts with.
        pub browser: Browser,
        /// Start the sandbox with Gatewright.
        pub sandbox_on_start: bool,
        /// Minutes a login may wait for the person.
        pub login_minutes: u32,
        /// The welcome was seen or put away.
        pub welcome_seen: bool,
        /// Days a retired secret's value is kept; 0 removes it as soon as it is retired.
        #[serde(default = "usual_retired_secret_days")]
        pub retired_secret_days: u32,
        /// Say so on the desktop when a secret is due.
        #[serde(default = "yes")]
        pub due_notifications: bool,
        /// Ask the providers once a day whether they accept the secrets of owned clients.
        #[serde(default)]
        pub daily_health_check: bool,
        /// Take pictures of the pages in the login view.
        #[serde(default = "yes")]
        pub take_pictures: bool,
        /// Days a picture is kept.
        #[serde(default = "usual_evidence_days")]
        pub evidence_days: u32,
        /// Days a run is kept, unless it has a tag; 0 keeps runs for ever.
        #[serde(default)]
        pub run_days: u32,
    }

    /// Light, dark, or as the system says.
    #[derive(Copy, Eq)]
    pub enum Theme {
        /// As the system says.
        System,
        /// Light.
        Light,
        /// Dark.
        Dark,
    }

    /// The language of the window, or as the system says.
    #[derive(Copy, Default, Eq)]
    pub enum LanguageChoice {
        /// As the system says; English where it says a language that Gatewright does not speak.
        #[default]
        System,
        /// English.
        English,
        /// German.
        German,
    }

    /// A language that Gatewright speaks.
    #[derive(Copy, Default, Eq)]
    pub enum Language {
        /// English.
        #[default]
        English,
        /// German.
        German,
    }

    /// The keyring.
    pub struct KeyringState {
        /// How it stands.
        pub status: KeyringStatus,
        /// In one sentence.
        #[serde(serialize_with = "crate::text::ours")]
        pub message: String,
        /// What to do.
        #[serde(serialize_with = "crate::text::ours")]
        pub hint: Option<String>,
        /// How many secrets are only in memory, until Gatewright ends.
        pub session_secrets: u32,
        /// How many are on their way from memory into the keyring, or were when Gatewright last ended: it may have them.
        pub moving_secrets: u32,
    }

    /// How the keyring stands.
    #[derive(Copy, Eq)]
    pub enum KeyringStatus {
        /// It is being looked at.
        Checking,
        /// Secrets can be kept.
        Unlocked,
        /// It is there but locked.
        Locked,
        /// There is none: secrets live until Gatewright ends.
        Absent,
    }
}

/// Long enough to notice that something still uses the old secret.
fn usual_retired_secret_days() -> u32 {
    30
}

/// Long enough for a report and the questions it raises. A page shows who logged in, so not for ever.
fn usual_evidence_days() -> u32 {
    30
}

fn yes() -> bool {
    true
}
