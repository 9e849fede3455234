//! SQLite: migrations and one file per table.
//!
//! [`Store::open`] takes the one database file, refuses what it cannot trust (newer, edited, damaged, somebody else's, in use) without
//! touching it, and brings an older one up to date after a backup. After that everything goes through four doors:
//!
//! | door | connection | for |
//! | --- | --- | --- |
//! | [`Store::read`] | one of a few readers, one snapshot | lists and lookups |
//! | [`Store::write`] | the writer; survives a crash of Gatewright | progress of a run |
//! | [`Store::write_durably`] | the writer; survives a power failure too | what the user was promised: a result, a client |
//! | `…_blocking` | the same three without an async runtime | start-up, benchmarks |
//!
//! What happens behind a door is a plain function of the table's module: `store.read(|db| client::find(db, &id)).await`. These
//! functions are synchronous, name their columns, and say which absence is an error. No row holds the value of a secret: client
//! secrets are in the keyring, tokens arrive here sealed, transcripts with references in the secrets' place.

pub mod audit;
pub mod cancel_observation;
pub mod client;
mod column;
mod connection;
pub mod copy;
pub mod deployment;
pub mod discovered_provider;
mod error;
pub mod evidence;
pub mod exchange;
mod filter;
pub mod grant;
pub mod grant_lease;
pub mod intent;
pub mod keyring_orphan;
pub mod known_secret;
mod lock;
pub mod meta;
mod migration;
pub mod nearby_host;
pub mod observation;
mod open;
pub mod provider;
pub mod redirect_uri;
pub mod registration;
pub mod registration_intent;
pub mod registration_token;
pub mod replaced_token;
pub mod rotation;
pub mod rotation_intent;
pub mod run;
pub mod run_tag;
pub mod saved_filter;
pub mod sealed_token;
mod search;
pub mod secret_rotation;
pub mod secret_version;
#[cfg(feature = "bench-support")]
pub mod seed;
pub mod setting;
#[cfg(feature = "bench-support")]
pub mod statements;
pub mod step;
mod store;
pub mod test_user;
#[cfg(test)]
mod tests;
pub mod token_version;
pub mod versioned_token;
pub mod walk;

pub use error::{OpenError, StoreError};
pub use open::{Opening, Options};
/// What a repository function is given. Named here because no other crate knows the database library.
pub use rusqlite::{Connection, Transaction};
pub use store::Store;
