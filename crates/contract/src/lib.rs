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
pub mod text;
pub mod token;
pub mod walk;

pub use commands::{COMMAND_NAMES, Handler};
pub use events::{EVENT_NAMES, Event};
pub use failure::{Failure, FailureCode};
pub use text::Spoken;

/// Declares types of the wire: camelCase names, exported to one TypeScript file. One that carries a secret is declared `secret pub`: its
/// `Debug` shows its name and nothing of what is in it, wherever it may be printed.
macro_rules! wire {
    ($file:literal;) => {};
    ($file:literal; $(#[$meta:meta])* secret pub $kind:ident $name:ident $body:tt $($rest:tt)*) => {
        $crate::wire_type! { $file; $(#[$meta])* pub $kind $name $body }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(••••)"))
            }
        }

        $crate::wire! { $file; $($rest)* }
    };
    ($file:literal; $(#[$meta:meta])* pub $kind:ident $name:ident $body:tt $($rest:tt)*) => {
        $crate::wire_type! { $file; #[derive(Debug)] $(#[$meta])* pub $kind $name $body }

        $crate::wire! { $file; $($rest)* }
    };
}
pub(crate) use wire;

/// One type of [`wire`], without its `Debug`.
macro_rules! wire_type {
    ($file:literal; $(#[$meta:meta])* pub $kind:ident $name:ident $body:tt) => {
        #[derive(Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = $file))]
        #[serde(rename_all = "camelCase")]
        $(#[$meta])*
        pub $kind $name $body
    };
}
pub(crate) use wire_type;

#[cfg(test)]
mod tests {
    use crate::client::{ClientDraft, ClientEnter};
    use crate::handover::{BackupMake, BackupRestore, ExportLock, ImportKey};
    use crate::registration::{RegistrationCreate, RegistrationImport};
    use crate::rotation::{RotationConfirm, RotationPaste};
    use crate::secret::{Revealed, SecretPaste};
    use crate::secret_search::SecretSought;

    /// Reads a type from the wire with the value in `field`, and says what is printed of it.
    fn printed<T: serde::de::DeserializeOwned + std::fmt::Debug>(mut json: serde_json::Value, field: &str) -> String {
        json[field] = "canary-of-the-wire".into();
        match serde_json::from_value::<T>(json) {
            Ok(value) => format!("{value:?}"),
            Err(cause) => format!("canary-of-the-wire was not read: {cause}"),
        }
    }

    #[test]
    fn what_carries_a_secret_over_the_wire_does_not_print_it() {
        use serde_json::json;
        let place = json!({"provider": "p", "environment": "sandbox", "name": "n", "redirectUris": [], "owner": "o",
            "tag": "", "notes": "", "address": "", "token": "", "clientId": "c", "ownership": "owned"});
        let backup = json!({"file": "f", "passphrase": "", "confirmed": true, "withPictures": true});
        let rotation = json!({"rotation": "r", "confirmed": true, "secret": ""});
        let all = [
            printed::<RegistrationCreate>(place.clone(), "initialAccessToken"),
            printed::<RegistrationImport>(place.clone(), "token"),
            printed::<RegistrationImport>(place.clone(), "secret"),
            printed::<ClientDraft>(place.clone(), "secret"),
            printed::<ClientEnter>(place, "secret"),
            printed::<BackupMake>(backup.clone(), "passphrase"),
            printed::<BackupRestore>(backup, "passphrase"),
            printed::<RotationConfirm>(rotation.clone(), "accessToken"),
            printed::<RotationPaste>(rotation, "secret"),
            printed::<SecretPaste>(json!({"client": "c"}), "secret"),
            printed::<Revealed>(json!({"hideAfterMs": 1}), "value"),
            printed::<SecretSought>(json!({}), "text"),
            printed::<ExportLock>(json!({"kind": "passphrase"}), "data"),
            printed::<ImportKey>(json!({"kind": "identity"}), "data"),
        ];
        for printed in all {
            assert!(printed.ends_with("(••••)"), "{printed}");
        }
    }
}
