//! The vault: one keyring, this session's secrets, the open sealing keys.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::digest::hex;
use crate::entry::{EntryName, Namespace};
use crate::error::VaultError;
use crate::keyring_store::{KeyringStore, StoreFault};
use crate::off_thread::off_thread;
use crate::place::{RandomBytes, VaultPlace};
use crate::platform::{self, Fault, Standing};
use crate::seal::SealingKey;
use crate::session::SessionSecret;
use crate::state::{AbsentReason, KeyringState};

/// Client secrets in the keyring, or in memory where there is none, and the key that seals tokens. Cheap to clone; clones share all.
#[derive(Clone)]
pub struct Vault {
    pub(crate) core: Arc<Core>,
    timeout: Duration,
    /// One caller at a time creates a sealing key.
    pub(crate) opening: Arc<tokio::sync::Mutex<()>>,
}

impl Vault {
    /// Never fails and does not touch the keyring: the first call that needs it does, or [`Vault::probe`].
    pub fn open(place: VaultPlace) -> Self {
        let core = Core {
            store: KeyringStore::new(&place),
            namespace: place.namespace,
            random: place.random,
            state: watch::Sender::new(KeyringState::NotProbed),
            session: Mutex::new(HashMap::new()),
            keys: Mutex::new(Vec::new()),
        };
        Self { core: Arc::new(core), timeout: place.timeout, opening: Arc::default() }
    }

    /// What is known about the keyring now, without asking it.
    pub fn state(&self) -> KeyringState {
        self.core.state()
    }

    /// The same, to wait for it to become something else: a keyring program may leave and come back at any time, and whoever needs a
    /// secret at that moment finds out.
    pub fn states(&self) -> watch::Receiver<KeyringState> {
        self.core.state.subscribe()
    }

    /// Asks the keyring by writing an entry, reading it back and deleting it. On a desktop with a locked keyring this makes the system
    /// ask for the password. Also ends [`Vault::continue_without_keyring`].
    pub async fn probe(&self) -> KeyringState {
        match self.call(|core| Ok(core.probe())).await {
            Ok(state) => state,
            Err(_) => self.core.state(),
        }
    }

    /// Looks whether a keyring that has left ([`KeyringState::has_left`]) is back, without making the system ask for a password. One that is
    /// back unlocked is probed.
    pub async fn look_again(&self) {
        let looked = self.call(|core| {
            core.look_again();
            Ok(())
        });
        if let Err(cause) = looked.await {
            tracing::info!(%cause, "the keyring was not looked for");
        }
    }

    /// The person goes on without the keyring: secrets are kept for this session only, until the next [`Vault::probe`].
    pub fn continue_without_keyring(&self) {
        self.core.set_state(KeyringState::Absent(AbsentReason::NotUsed));
    }

    /// How often the keyring was asked for something so far: writing an entry and reading it back are two. For measurements.
    pub fn round_trips(&self) -> u64 {
        self.core.store.round_trips()
    }

    /// Does blocking work off the caller's thread. A call that ran out of time keeps its connection; later calls get a new one.
    pub(crate) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Core) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let core = Arc::clone(&self.core);
        let outcome = off_thread(self.timeout, move || work(&core)).await.and_then(|result| result);
        if matches!(outcome, Err(VaultError::TimedOut)) {
            self.core.store.forget_connection();
            self.core.set_state(KeyringState::Unanswered);
        }
        outcome
    }
}

/// What clones of a vault share. Its functions block.
pub(crate) struct Core {
    pub(crate) store: KeyringStore,
    pub(crate) namespace: Option<Namespace>,
    pub(crate) random: RandomBytes,
    state: watch::Sender<KeyringState>,
    session: Mutex<HashMap<EntryName, SessionSecret>>,
    /// The first one seals; all of them open.
    keys: Mutex<Vec<Arc<SealingKey>>>,
}

impl Core {
    pub(crate) fn state(&self) -> KeyringState {
        self.state.borrow().clone()
    }

    pub(crate) fn set_state(&self, state: KeyringState) {
        self.state.send_if_modified(|held| {
            let is_news = *held != state;
            if is_news {
                tracing::info!(%state, "keyring");
                *held = state;
            }
            is_news
        });
    }

    pub(crate) fn session(&self) -> MutexGuard<'_, HashMap<EntryName, SessionSecret>> {
        locked(&self.session)
    }

    pub(crate) fn keys(&self) -> MutexGuard<'_, Vec<Arc<SealingKey>>> {
        locked(&self.keys)
    }

    /// Sixteen random hex digits.
    pub(crate) fn random_id(&self) -> String {
        let mut bytes = [0; 8];
        (self.random)(&mut bytes);
        hex(&bytes)
    }

    pub(crate) fn probe(&self) -> KeyringState {
        let state = self.store.probe(&EntryName::probe(&self.random_id()));
        self.set_state(state.clone());
        state
    }

    fn look_again(&self) {
        match platform::standing() {
            None => {}
            Some(Standing::Locked) => self.set_state(KeyringState::Locked),
            Some(Standing::Unlocked) => drop(self.probe()),
        }
    }

    /// Why secrets are kept for this session only, if they are; asks the keyring when nobody has yet.
    pub(crate) fn absent(&self) -> Option<AbsentReason> {
        let state = match self.state() {
            KeyringState::NotProbed => self.probe(),
            known => known,
        };
        if let KeyringState::Absent(reason) = state { Some(reason) } else { None }
    }

    /// Turns the keyring's answer into ours and remembers what it says about the keyring.
    pub(crate) fn settle<T>(&self, answer: Result<T, StoreFault>) -> Result<T, VaultError> {
        match answer {
            Ok(value) => {
                if matches!(self.state(), KeyringState::Locked | KeyringState::Unanswered) {
                    self.set_state(KeyringState::Ready);
                }
                Ok(value)
            }
            Err(StoreFault::Other(error)) => Err(error),
            Err(StoreFault::Keyring(fault)) => Err(self.settle_fault(fault)),
        }
    }

    fn settle_fault(&self, fault: Fault) -> VaultError {
        match fault {
            Fault::Locked => {
                self.set_state(KeyringState::Locked);
                VaultError::Locked
            }
            Fault::Absent(reason) => {
                self.set_state(KeyringState::Absent(reason.clone()));
                VaultError::Absent(reason)
            }
            // A locked keyring, or one without a default collection, may also answer "no such entry". A write tells them apart.
            Fault::NoEntry => match self.probe() {
                KeyringState::Locked => VaultError::Locked,
                KeyringState::Absent(reason) => VaultError::Absent(reason),
                _ => VaultError::NoSuchEntry,
            },
            Fault::Failed(cause) | Fault::Refused(cause) => VaultError::Refused(cause),
        }
    }
}

/// A panic while the lock was held cannot leave these half changed: each is changed by one assignment or one map call.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
