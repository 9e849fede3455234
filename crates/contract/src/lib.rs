//! The wire between the desktop shell and the web UI. No Tauri in here.
//!
//! One table of commands and one of events. From them come the TypeScript types (ts-rs), the shell's real commands
//! (`for_each_command!`) and the list that the shell's access control is built from (`COMMAND_NAMES`).
//! No 64-bit integers on the wire: times are RFC 3339 text, durations are milliseconds as `f64`.

pub mod app;
pub mod audit;
pub mod client;
pub mod commands;
pub mod discovery;
pub mod events;
pub mod evidence;
pub mod failure;
pub mod fault;
pub mod handover;
pub mod lab;
pub mod login;
pub mod observation;
pub mod path;
pub mod preflight;
pub mod protocol;
pub mod provider;
pub mod registration;
pub mod report;
pub mod result;
pub mod rotation;
pub mod run;
pub mod sandbox;
pub mod secret;
pub mod secret_search;
pub mod secret_version;
pub mod settings;
pub mod snippet;
pub mod test_user;
pub mod token;
pub mod walk;

pub use commands::{COMMAND_NAMES, Handler};
pub use events::{EVENT_NAMES, Event};
pub use failure::{Failure, FailureCode};

/// Declares a type of the wire: camelCase names, exported to one TypeScript file.
macro_rules! wire {
    ($file:literal; $( $(#[$meta:meta])* pub $kind:ident $name:ident $body:tt )+) => {
        $(
            #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
            #[serde(rename_all = "camelCase")]
            #[ts(export, export_to = $file)]
            $(#[$meta])*
            pub $kind $name $body
        )+
    };
}
pub(crate) use wire;
