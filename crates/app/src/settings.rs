//! The settings: one JSON value in the database, a copy in memory.

use std::sync::{PoisonError, RwLock};

use gatewright_contract::run::Browser;
use gatewright_contract::settings::{LanguageChoice, Settings, Theme};

/// The key of the settings in the database.
pub(crate) const KEY: &str = "settings";

/// How long a login may wait for the person, in minutes: no less than one, no more than a working day.
const LOGIN_MINUTES: std::ops::RangeInclusive<u32> = 1..=480;

/// How long a retired secret's value may be kept, in days: a year at most.
const MOST_RETIRED_SECRET_DAYS: u32 = 365;

/// How long a picture may be kept, in days: no less than one, a year at most.
const EVIDENCE_DAYS: std::ops::RangeInclusive<u32> = 1..=365;

/// How long a run may be kept before it goes by itself, in days: ten years at most.
const MOST_RUN_DAYS: u32 = 3650;

/// The settings as they are in force.
#[derive(Debug)]
pub(crate) struct Kept(RwLock<Settings>);

impl Default for Kept {
    fn default() -> Self {
        Self(RwLock::new(defaults()))
    }
}

impl Kept {
    /// The settings now.
    pub(crate) fn get(&self) -> Settings {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts others in force.
    pub(crate) fn set(&self, settings: Settings) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = settings;
    }
}

/// The settings of a first start.
fn defaults() -> Settings {
    Settings {
        theme: Theme::System,
        language: LanguageChoice::System,
        browser: Browser::Embedded,
        sandbox_on_start: true,
        login_minutes: 10,
        welcome_seen: false,
        retired_secret_days: 30,
        due_notifications: true,
        daily_health_check: false,
        take_pictures: true,
        evidence_days: 30,
        run_days: 0,
    }
}

/// Brings what the window sent into bounds.
pub(crate) fn bounded(mut settings: Settings) -> Settings {
    settings.login_minutes = settings.login_minutes.clamp(*LOGIN_MINUTES.start(), *LOGIN_MINUTES.end());
    settings.retired_secret_days = settings.retired_secret_days.min(MOST_RETIRED_SECRET_DAYS);
    settings.run_days = settings.run_days.min(MOST_RUN_DAYS);
    settings.evidence_days = settings.evidence_days.clamp(*EVIDENCE_DAYS.start(), *EVIDENCE_DAYS.end());
    settings
}
