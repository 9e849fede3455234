//! What the UI receives when a command could not be done.

use crate::wire;

wire! { "failure.ts";
    /// A failure that a person can meet.
    pub struct Failure {
        /// What the UI acts on.
        pub code: FailureCode,
        /// What happened, in one sentence fit for a person.
        #[serde(serialize_with = "crate::text::ours")]
        pub message: String,
        /// What to do, in one sentence.
        #[serde(serialize_with = "crate::text::ours")]
        pub hint: Option<String>,
        /// The form field it is about, when it is about one.
        pub field: Option<String>,
    }
}

/// Why a command failed; exists only where the UI acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "failure.ts"))]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// The record is gone.
    NotFound,
    /// Input breaks a rule; `field` names the field.
    Invalid,
    /// A shared client cannot be changed.
    NotOwned,
    /// The provider (or its twin) refused the change.
    Refused,
    /// The record is in use and cannot go.
    InUse,
    /// The keyring is locked.
    KeyringLocked,
    /// There is no keyring.
    KeyringAbsent,
    /// The keyring has no value for this secret version.
    SecretLost,
    /// The client's row was changed outside Gatewright: the secret is not sent.
    ChangedOutside,
    /// The database is from an earlier day than the keyring remembers: the person has to confirm that first.
    OlderDatabase,
    /// A file could not be written.
    FileNotWritten,
    /// The sandbox is not running.
    SandboxOff,
    /// The sandbox's port is taken.
    PortTaken,
    /// The provider's base URL is a placeholder that has to be filled in.
    BaseUrlMissing,
    /// What was shown is not what is there by now: it has to be looked at again.
    ChangedMeanwhile,
    /// The refresh token was sent before and its answer never came: the person has to decide about one more try.
    GrantAmbiguous,
    /// The tokens can be neither refreshed nor used any more: only a new login helps.
    GrantOver,
    /// The run is not one that can take this: it has ended.
    RunEnded,
    /// The browser could not be opened.
    BrowserUnavailable,
    /// The clipboard could not be used.
    ClipboardUnavailable,
    /// The desktop showed no folder.
    FolderUnavailable,
    /// The database is read-only: nothing can be saved.
    ReadOnly,
    /// The disk is full: nothing can be saved.
    DiskFull,
    /// Something of ours broke; the log says more.
    Internal,
}

impl Failure {
    /// A failure without hint or field.
    pub fn new(code: FailureCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None, field: None }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Names the form field.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}
