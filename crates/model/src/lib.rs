//! Gatewright's own nouns: Provider, Dialect, Client, SecretVersion, Deployment, Rotation, TestUser, Run, Step, Exchange, Evidence, Grant; their ids and invariants.

pub mod cancel;
pub mod client;
pub mod client_rules;
pub mod deployment;
pub mod dialect;
pub mod evidence;
pub mod exchange;
pub mod grant;
pub mod id;
pub mod observation;
pub mod profile;
pub mod protocol_settings;
pub mod provider;
pub mod redirect_difference;
pub mod rotation;
pub mod run;
pub mod secret_version;
pub mod statement;
pub mod test_user;
pub mod walk;

pub use client::{Client, Environment, Ownership};
pub use deployment::Deployment;
pub use dialect::Dialect;
pub use evidence::Evidence;
pub use exchange::{Exchange, Redacted};
pub use grant::{Grant, GrantState, RotationIntent};
pub use id::{AttemptId, ClientRecordId, DeploymentId, GrantId, ProviderId, RotationId, RunId, TestUserId, WalkId};
pub use protocol_settings::ProtocolSettings;
pub use provider::Provider;
pub use rotation::Rotation;
pub use run::{Outcome, Run, Step};
pub use secret_version::{SecretVersion, SecretVersionState};
pub use statement::{Mark, Statement};
pub use test_user::TestUser;
pub use walk::Walk;
