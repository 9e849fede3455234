//! The keys a sandbox signs with and publishes. They are made when they are first needed.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use gatewright_protocol::Secret;
use tokio::sync::OnceCell;

use super::{SignatureAlgorithm, Signer, SigningError, SigningKey};

/// Making an RSA key takes longer than starting the whole sandbox, so one is made when it is first asked for, and kept for as long as the
/// process runs: restarting the sandbox inside the app does not change it.
static FIRST: [OnceCell<Arc<SigningKey>>; SignatureAlgorithm::WITH_KEY] =
    [const { OnceCell::const_new() }; SignatureAlgorithm::WITH_KEY];

/// Retired keys that are still published.
const RETIRED: usize = 8;

/// The keys of one sandbox, one for each algorithm that was needed so far.
#[derive(Default)]
pub(crate) struct KeyRing {
    keys: RwLock<Keys>,
}

#[derive(Default)]
struct Keys {
    current: [Option<Arc<SigningKey>>; SignatureAlgorithm::WITH_KEY],
    /// Signs nothing any more, still verifies; the oldest first.
    retired: Vec<Arc<SigningKey>>,
}

impl KeyRing {
    /// The key for `algorithm`; made first when there is none yet.
    pub(crate) async fn key(&self, algorithm: SignatureAlgorithm) -> Result<Arc<SigningKey>, SigningError> {
        let place = algorithm as usize;
        if let Some(key) = self.read().current.get(place).and_then(Option::as_ref) {
            return Ok(Arc::clone(key));
        }
        let first = FIRST.get(place).ok_or(SigningError::NoKey)?;
        let key = Arc::clone(first.get_or_try_init(|| make(algorithm)).await?);
        Ok(Arc::clone(self.write().current[place].get_or_insert(key)))
    }

    /// What signs by `algorithm` for an app with this secret.
    pub(crate) async fn signer(
        &self,
        algorithm: SignatureAlgorithm,
        secret: Option<&Secret>,
    ) -> Result<Signer, SigningError> {
        if algorithm.is_keyed_by_secret() {
            return Ok(Signer::Secret(algorithm, secret.ok_or(SigningError::SecretNotKnown)?.clone()));
        }
        Ok(Signer::Key(self.key(algorithm).await?))
    }

    /// Begins to make the key in the background, so that the exchange that needs it finds it ready.
    pub(crate) fn prepare(algorithm: SignatureAlgorithm) {
        if FIRST.get(algorithm as usize).is_some_and(|first| !first.initialized()) {
            tokio::spawn(async move {
                // Whoever needs the key asks again and is told what went wrong.
                let _ = FIRST[algorithm as usize].get_or_try_init(|| make(algorithm)).await;
            });
        }
    }

    /// Every key made so far, those that sign before those that only verify.
    pub(crate) fn published(&self) -> Vec<Arc<SigningKey>> {
        let keys = self.read();
        keys.current.iter().flatten().chain(keys.retired.iter().rev()).cloned().collect()
    }

    /// The published key with this name.
    pub(crate) fn named(&self, kid: &str) -> Option<Arc<SigningKey>> {
        self.published().into_iter().find(|key| key.public().kid.as_deref() == Some(kid))
    }

    /// Replaces every key made so far, and that for RS256 in any case. The old ones stay published when `keep_old` says so, as Keycloak's
    /// passive keys do; otherwise they are gone, and the retired ones with them.
    pub(crate) async fn rotate(&self, keep_old: bool) -> Result<(), SigningError> {
        let mut algorithms: Vec<_> = self.read().current.iter().flatten().map(|key| key.algorithm()).collect();
        if !algorithms.contains(&SignatureAlgorithm::Rs256) {
            algorithms.push(SignatureAlgorithm::Rs256);
        }
        let mut fresh = Vec::with_capacity(algorithms.len());
        for algorithm in algorithms {
            fresh.push(make(algorithm).await?);
        }
        let mut keys = self.write();
        let Keys { current, retired } = &mut *keys;
        for key in fresh {
            let old = current[key.algorithm() as usize].replace(key);
            retired.extend(old);
        }
        let forgotten = if keep_old { retired.len().saturating_sub(RETIRED) } else { retired.len() };
        retired.drain(..forgotten);
        Ok(())
    }

    fn read(&self) -> RwLockReadGuard<'_, Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Keys> {
        self.keys.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes a key where it holds nobody up.
async fn make(algorithm: SignatureAlgorithm) -> Result<Arc<SigningKey>, SigningError> {
    let key = tokio::task::spawn_blocking(move || SigningKey::generate(algorithm)).await;
    Ok(Arc::new(key.map_err(|_| SigningError::NoKey)??))
}
