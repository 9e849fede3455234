//! A SecretVersion: one value a client secret has had. The row never holds the value.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ClientRecordId;

/// Where a version of a secret stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretVersionState {
    /// Stored, not yet in use.
    Staged,
    /// The one that logins use; at most one a client.
    Active,
    /// Still accepted, about to go.
    Retiring,
    /// No longer used.
    Retired,
    /// The row is there, the value is not: the keyring has no such entry.
    Lost,
}

/// Where the value is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretPlace {
    /// In the operating system's keyring.
    Keyring,
    /// In memory until Gatewright ends, because there was no keyring.
    Session,
}

/// One value a client secret has had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretVersion {
    /// Whose secret it is.
    pub client: ClientRecordId,
    /// 1 for the first.
    pub version: u32,
    /// Where it stands.
    pub state: SecretVersionState,
    /// Where the value is.
    pub place: SecretPlace,
    /// The last four characters, when the secret is long enough to show them.
    pub last_four: Option<String>,
    /// Keyed fingerprint: equal secrets have equal fingerprints on this computer, and nowhere else.
    pub fingerprint: String,
    /// When it was stored.
    pub created_at: Timestamp,
}
