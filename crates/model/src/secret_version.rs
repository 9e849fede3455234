//! A SecretVersion: one value a client secret has had. The row never holds the value.

mod change;
mod policy;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::change::{ImpossibleChange, SecretVersionChange};
pub use self::policy::{DueStanding, PolicyOutOfRange, RotationPolicy};
use crate::ClientRecordId;
use crate::client::SecretDestination;

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
    /// On its way from memory into a keyring that is there again: either may have it. No row says this by itself; it is what
    /// [`SecretPlace::Session`] means while the move is not over.
    Moving,
}

/// What a provider said about a secret when it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofVerdict {
    /// It is the client's secret.
    Accepted,
    /// It is not.
    Refused,
    /// The answer does not say, or there was none.
    CannotTell,
}

/// That a provider was asked about a secret, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What it said.
    pub verdict: ProofVerdict,
    /// When.
    pub at: Timestamp,
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
    /// Since when logins use it, or used it. None for one that was never more than staged.
    pub promoted_at: Option<Timestamp>,
    /// When another version took its place while this one was still accepted.
    pub retiring_since: Option<Timestamp>,
    /// When it was retired.
    pub retired_at: Option<Timestamp>,
    /// When its value was removed from where it was kept, because nobody needs it any more.
    pub removed_at: Option<Timestamp>,
    /// The last time the provider was asked about it.
    pub last_proof: Option<Proof>,
    /// The last time the provider took it, whatever was heard since.
    pub last_accepted_at: Option<Timestamp>,
    /// When the active version is due to be replaced. None for every other one, and where the client's policy says never.
    pub due_at: Option<Timestamp>,
    /// Where its value may be sent, as far as that is written down. Only the digest in the keyring decides.
    pub destination: Option<SecretDestination>,
}

impl SecretVersion {
    /// A version that was stored just now and waits to be used.
    pub fn staged(
        client: ClientRecordId,
        version: u32,
        place: SecretPlace,
        fingerprint: String,
        created_at: Timestamp,
    ) -> Self {
        Self {
            client,
            version,
            state: SecretVersionState::Staged,
            place,
            last_four: None,
            fingerprint,
            created_at,
            promoted_at: None,
            retiring_since: None,
            retired_at: None,
            removed_at: None,
            last_proof: None,
            last_accepted_at: None,
            due_at: None,
            destination: None,
        }
    }

    /// Whether there is a value to be found where [`SecretVersion::place`] says.
    pub fn has_value(&self) -> bool {
        self.state != SecretVersionState::Lost && self.removed_at.is_none()
    }
}
