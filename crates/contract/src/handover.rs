//! Handing clients on and taking them in; backup and restore.
//!
//! Passphrases and keys go in and never come out. What is looked at before an import stays in the backend, secrets included; the window
//! gets a description and the number of the look.

use crate::client::{Environment, Ownership};
use crate::wire;

wire! { "handover.ts";
    /// Write clients to files, without their secrets.
    pub struct PlainExport {
        /// Their record ids; all clients when empty.
        pub clients: Vec<String>,
        /// The folder that gets one file for each.
        pub folder: String,
    }

    /// Write clients with their secrets to one encrypted file.
    pub struct SealedExport {
        /// Their record ids; all owned clients when empty.
        pub clients: Vec<String>,
        /// The file.
        pub file: String,
        /// Whom it is encrypted for.
        pub lock: ExportLock,
        /// The person has answered the question whether the secrets are to leave this computer.
        pub confirmed: bool,
    }

    /// Whom a file is encrypted for.
    #[serde(tag = "kind", content = "data")]
    secret pub enum ExportLock {
        /// Whoever knows this passphrase.
        Passphrase(String),
        /// The owners of these public keys of age (`age1…`).
        Recipients(Vec<String>),
    }

    /// What was written.
    pub struct Exported {
        /// Where.
        pub place: String,
        /// How many clients.
        pub clients: u32,
        /// How many of them with their secret.
        pub secrets: u32,
        /// What was not written, in sentences: "“Guild bot” is shared with you …".
        #[serde(serialize_with = "crate::text::ours")]
        pub left_out: Vec<String>,
    }

    /// Look at a file before anything is taken from it.
    pub struct ImportLook {
        /// A file, or a folder with client files.
        pub path: String,
        /// The provider of clients whose file does not say it.
        pub provider: Option<String>,
        /// What an encrypted file is opened with.
        pub key: Option<ImportKey>,
    }

    /// What an encrypted file is opened with.
    #[serde(tag = "kind", content = "data")]
    secret pub enum ImportKey {
        /// The passphrase.
        Passphrase(String),
        /// A secret key of age (`AGE-SECRET-KEY-1…`).
        Identity(String),
    }

    /// What would be taken from a file.
    pub struct ImportPreview {
        /// Names this look, for the import.
        pub look: String,
        /// What the file is: "a client of Gatewright's", "a Postman environment" …
        #[serde(serialize_with = "crate::text::ours")]
        pub source: String,
        /// What it has to be opened with first; nothing else is known then.
        pub wanted: Option<ImportKeyKind>,
        /// The clients.
        pub clients: Vec<ImportClient>,
        /// What belongs to no client, or is no client, with the reason.
        #[serde(serialize_with = "crate::text::ours")]
        pub left: Vec<String>,
        /// Whether the clients of the file do not say their provider, so that one can be chosen.
        pub asks_for_provider: bool,
        /// Whether they come from somebody else for certain: they are then shared with you, whatever is asked for.
        pub is_somebody_elses: bool,
    }

    /// What a file is opened with.
    #[derive(Copy, Eq)]
    pub enum ImportKeyKind {
        /// A passphrase.
        Passphrase,
        /// A secret key of age.
        Identity,
    }

    /// One client of a file.
    pub struct ImportClient {
        /// Its place in the file, counted from 0.
        pub index: u32,
        /// Its name.
        pub name: String,
        /// Its client identifier.
        pub client_id: String,
        /// The name of its provider; none while none is known.
        pub provider_name: Option<String>,
        /// Which server.
        pub environment: Environment,
        /// Its redirect URIs.
        pub redirect_uris: Vec<String>,
        /// Whether its secret comes along.
        pub has_secret: bool,
        /// Whether it can be taken.
        pub standing: ImportStanding,
        /// Why it cannot be taken, or not with its secret.
        #[serde(serialize_with = "crate::text::ours")]
        pub why: Option<String>,
        /// What was taken of it, by the names the file has.
        pub took: Vec<String>,
        /// What was left, with the reason.
        #[serde(serialize_with = "crate::text::ours")]
        pub left: Vec<String>,
    }

    /// What becomes of a client in a file.
    #[derive(Copy, Eq)]
    pub enum ImportStanding {
        /// It is added.
        New,
        /// It is kept here already and stays as it is.
        Duplicate,
        /// It cannot be taken.
        Unusable,
    }

    /// Take clients in, exactly as they were shown.
    pub struct ImportTake {
        /// The look.
        pub look: String,
        /// Which of its clients.
        pub clients: Vec<u32>,
        /// Whose they are, where the file leaves that open.
        pub ownership: Ownership,
    }

    /// What was taken in.
    pub struct Imported {
        /// Names this import, to take it back.
        pub import: String,
        /// The record ids.
        pub clients: Vec<String>,
        /// How many of them with their secret.
        pub secrets: u32,
        /// Whose they are now.
        pub ownership: Ownership,
        /// Until when it can be taken back, in milliseconds from now.
        pub undo_ms: u32,
    }

    /// An import that is to be taken back.
    pub struct ImportRef {
        /// The import.
        pub import: String,
    }

    /// Write everything to one encrypted file.
    secret pub struct BackupMake {
        /// The file.
        pub file: String,
        /// The passphrase.
        pub passphrase: String,
        /// The person has answered the question whether the secrets are to leave the keyring.
        pub confirmed: bool,
        /// The pictures of login pages go along.
        pub with_pictures: bool,
    }

    /// A backup that was made.
    pub struct BackupMade {
        /// The file.
        pub file: String,
        /// How many clients are in it.
        pub clients: u32,
        /// How many entries of the keyring are in it.
        pub secrets: u32,
        /// How many pictures of login pages are in it; equal ones count once.
        pub pictures: u32,
        /// How large it is, in megabytes.
        pub megabytes: f64,
        /// What is not in it, and why, in sentences: "The walk plan notes.toml is not in the backup …".
        #[serde(serialize_with = "crate::text::ours")]
        pub left_out: Vec<String>,
    }

    /// How backup and restore stand.
    pub struct BackupState {
        /// What is under way; one at a time.
        pub under_way: Option<BackupProgress>,
        /// The backup that takes the place of what is here at the next start.
        pub ready: Option<BackupReady>,
    }

    /// How far the backup or the restore is that is under way.
    pub struct BackupProgress {
        /// Which of the two it is.
        pub work: BackupWork,
        /// Megabytes that are through.
        pub done: f64,
        /// Megabytes in all; 0 while that is not known.
        pub total: f64,
    }

    /// What is done with a backup.
    #[derive(Copy, Eq)]
    pub enum BackupWork {
        /// It is made.
        Making,
        /// It is restored.
        Restoring,
    }

    /// Put everything back from a backup.
    secret pub struct BackupRestore {
        /// The file.
        pub file: String,
        /// The passphrase.
        pub passphrase: String,
        /// The person has answered the question whether what is here is to be put aside.
        pub confirmed: bool,
    }

    /// A backup that is ready: at the next start it takes the place of what is here.
    pub struct BackupReady {
        /// When the backup was made, RFC 3339.
        pub made_at: String,
        /// The version of Gatewright that made it.
        pub made_by: String,
        /// How many clients are in it.
        pub clients: u32,
        /// How many runs.
        pub runs: u32,
        /// How many entries were put into the keyring.
        pub secrets: u32,
        /// How many pictures of login pages are in it.
        pub pictures: u32,
        /// What was not restored, and why, in sentences.
        #[serde(serialize_with = "crate::text::ours")]
        pub left_out: Vec<String>,
    }
}
