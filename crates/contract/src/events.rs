//! The event table: what the backend tells the window without being asked.
//!
//! Events carry identities and the UI fetches again; only the progress of a run and the sandbox's log carry data.

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
        /// A provider changed.
        ProvidersChanged,
        /// The sandbox was started or stopped, or its apps changed.
        SandboxChanged,
        /// The sandbox answered requests.
        SandboxRequests(Vec<SandboxLogEntry>),
        /// A rotation went on, or what the board shows changed.
        RotationsChanged,
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
    "providersChanged",
    "sandboxChanged",
    "sandboxRequests",
    "rotationsChanged",
    "keyringChanged",
    "settingsChanged",
    "focused",
];
