//! Gatewright's own nouns: Provider, Dialect, Client, SecretVersion, Run, Step, Exchange; their ids and invariants.

pub mod client;
pub mod client_rules;
pub mod dialect;
pub mod exchange;
pub mod id;
pub mod profile;
pub mod provider;
pub mod run;
pub mod secret_version;
pub mod statement;

pub use client::{Client, Environment, Ownership};
pub use dialect::Dialect;
pub use exchange::{Exchange, Redacted};
pub use id::{ClientRecordId, ProviderId, RunId};
pub use provider::Provider;
pub use run::{Outcome, Run, Step};
pub use secret_version::{SecretVersion, SecretVersionState};
pub use statement::{Mark, Statement};
