//! Where a vault keeps what it keeps.

use std::sync::Arc;
use std::time::Duration;

use crate::entry::Namespace;
use crate::platform::{self, Connect};

/// Fills the slice with random bytes fit for keys. Given by the caller, so that randomness stays an argument.
pub type RandomBytes = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// How long the keyring may take: long enough to type a password, short enough to say something about it.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Where a vault keeps what it keeps.
#[derive(Clone)]
pub struct VaultPlace {
    pub(crate) connect: Option<Connect>,
    pub(crate) random: RandomBytes,
    pub(crate) namespace: Option<Namespace>,
    pub(crate) timeout: Duration,
}

impl VaultPlace {
    /// The operating system's keyring: Secret Service, Keychain or Credential Manager.
    pub fn system(random: RandomBytes) -> Self {
        Self { connect: Some(platform::connect), random, namespace: None, timeout: TIMEOUT }
    }

    /// No keyring at all: everything lives in memory, and the state says so.
    pub fn session_only(random: RandomBytes) -> Self {
        Self { connect: None, random, namespace: None, timeout: TIMEOUT }
    }

    /// Keeps entries apart from those of other databases of the same person.
    #[must_use]
    pub fn with_namespace(mut self, namespace: Namespace) -> Self {
        self.namespace = Some(namespace);
        self
    }

    /// How long one call may take before it fails with [`crate::VaultError::TimedOut`]; 30 seconds unless told.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}
