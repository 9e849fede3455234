//! Client secrets in the operating system's keyring, and the key that seals tokens.
//!
//! A client secret is one keyring entry for each version of it, together with a digest of where it may be sent: a row that
//! somebody edited behind our back makes the vault refuse, not send the secret elsewhere. Tokens do not go to the keyring, because
//! some keyrings hold 2560 bytes an entry and no keyring takes part in a database transaction; they are sealed with one key that does.
//!
//! Without a keyring, secrets live in memory for this session and [`KeyringState`] says so in words; nothing is ever written to a
//! file. *Locked*, *absent* and *no such entry* are three errors ([`VaultError`]), and a locked keyring never leads to a new key.
//!
//! Everything that may touch the keyring is `async`, runs on a thread of its own and gives up after 30 seconds: a
//! keyring that asks the person for a password answers as late as the person does.

mod backup;
mod binding;
mod client_secret;
mod digest;
mod entry;
mod envelope;
mod error;
mod fingerprinter;
mod generation;
mod keyring_store;
mod off_thread;
mod place;
mod platform;
mod seal;
mod sealing_key;
mod session;
mod state;
mod vault;

pub use backup::VaultEntry;
pub use client_secret::ClientSecret;
pub use digest::{destination_digest, token_destination_digest};
pub use entry::{EntryName, InvalidNamespace, Namespace};
pub use error::{Cause, VaultError};
pub use fingerprinter::Fingerprinter;
pub use gatewright_model::client::SecretDestination;
pub use gatewright_model::secret_version::SecretPlace;
pub use place::{RandomBytes, VaultPlace};
pub use seal::{SealContext, SealError};
pub use sealing_key::{SealingKeyRecord, SealingKeyState};
pub use session::HeldSecret;
pub use state::{AbsentReason, KeyringState};
pub use vault::Vault;
