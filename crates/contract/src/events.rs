//! The event table: what the backend tells the window without being asked.
//!
//! Events carry identities and the UI fetches again; only the progress of a run, the sandbox's log and dropped paths carry data.

use crate::path::PathsDropped;
use crate::preflight::PreflightRef;
use crate::run::RunDetail;
use crate::sandbox::SandboxLogEntry;
use crate::wire;

wire! { "events.ts";
    /// Something changed.
    #[serde(tag = "kind", content = "data")]
    pub enum Event {
        /// The list of clients, or one of them, changed.
        ClientsChanged,
        /// The list of runs, or one of them, changed.
        RunsChanged,
        /// A run went on: the whole of it as it stands, for the live timeline.
        RunProgress(Box<RunDetail>),
        /// The list of test users, or one of them, changed.
        TestUsersChanged,
        /// Something that a preflight asked about was answered.
        PreflightChanged(PreflightRef),
        /// There is a picture of a page more, or one less.
        EvidenceChanged,
        /// A provider changed.
        ProvidersChanged,
        /// The sandbox was started or stopped, or its apps changed.
        SandboxChanged,
        /// The sandbox answered requests.
        SandboxRequests(Vec<SandboxLogEntry>),
        /// A rotation went on, or what the board shows changed.
        RotationsChanged,
        /// The search for known secrets went on or ended.
        SecretSearchChanged,
        /// A report went on or is done.
        ReportChanged,
        /// A backup or a restore went on or has ended.
        BackupChanged,
        /// A walk went on (its id), or the list of walks or of plans changed.
        WalksChanged(Option<String>),
        /// Files or folders were dropped on the window.
        PathsDropped(PathsDropped),
        /// The keyring's state changed.
        KeyringChanged,
        /// The settings changed.
        SettingsChanged,
        /// Another instance was started: this one has come to the front.
        Focused,
    }
}

/// The one Tauri event that carries every [`Event`].
pub const EVENT_NAME: &str = "gatewright";

/// Wire names of every kind of event, in table order.
pub const EVENT_NAMES: &[&str] = &[
    "clientsChanged",
    "runsChanged",
    "runProgress",
    "testUsersChanged",
    "preflightChanged",
    "evidenceChanged",
    "providersChanged",
    "sandboxChanged",
    "sandboxRequests",
    "rotationsChanged",
    "secretSearchChanged",
    "reportChanged",
    "backupChanged",
    "walksChanged",
    "pathsDropped",
    "keyringChanged",
    "settingsChanged",
    "focused",
];
