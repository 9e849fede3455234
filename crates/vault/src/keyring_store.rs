//! The keyring behind one connection that is rebuilt when it has gone stale.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use keyring::CredentialStore;
use zeroize::Zeroizing;

use crate::entry::{EntryName, MAX_ENTRY_BYTES, Namespace, PROBE_LABEL, SERVICE};
use crate::error::{Cause, VaultError};
use crate::place::VaultPlace;
use crate::platform::{self, Connect, Fault};
use crate::state::{AbsentReason, KeyringState};

/// The keyring. Every function blocks, for as long as the keyring asks the person for a password.
pub(crate) struct KeyringStore {
    connect: Option<Connect>,
    namespace: Option<Namespace>,
    held: Mutex<Option<Arc<CredentialStore>>>,
    asked: AtomicU64,
}

impl KeyringStore {
    /// Connects at the first use, not here: connecting takes up to a tenth of a second.
    pub(crate) fn new(place: &VaultPlace) -> Self {
        Self {
            connect: place.connect,
            namespace: place.namespace.clone(),
            held: Mutex::new(None),
            asked: AtomicU64::new(0),
        }
    }

    /// Whether the vault was opened with a keyring at all.
    pub(crate) fn is_configured(&self) -> bool {
        self.connect.is_some()
    }

    /// How often the keyring was asked for something so far.
    pub(crate) fn round_trips(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    fn count(&self, round_trips: u64) {
        self.asked.fetch_add(round_trips, Ordering::Relaxed);
    }

    /// Drops the connection; the next call makes a new one. A call that hangs keeps its own.
    pub(crate) fn forget_connection(&self) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Writes an entry and reads it back; only what came back equal counts as stored.
    pub(crate) fn write(&self, name: &EntryName, label: &str, value: &[u8]) -> Result<(), StoreFault> {
        refuse_too_long(value).map_err(StoreFault::Other)?;
        self.count(2);
        let user = name.user(self.namespace.as_ref());
        let read_back = self.with_store(|store| {
            let entry = store.build(SERVICE, &user, Some(&platform::modifiers(label)))?;
            entry.set_secret(value)?;
            entry.get_secret().map(Zeroizing::new)
        })?;
        if read_back.as_slice() == value { Ok(()) } else { Err(StoreFault::Other(VaultError::ReadBackDiffers)) }
    }

    /// Reads an entry.
    pub(crate) fn read(&self, name: &EntryName) -> Result<Zeroizing<Vec<u8>>, StoreFault> {
        self.count(1);
        let user = name.user(self.namespace.as_ref());
        Ok(self.with_store(|store| store.build(SERVICE, &user, None)?.get_secret().map(Zeroizing::new))?)
    }

    /// Gives an entry another label; its value is not touched.
    pub(crate) fn relabel(&self, name: &EntryName, label: &str) -> Result<(), StoreFault> {
        self.count(1);
        let user = name.user(self.namespace.as_ref());
        Ok(self.with_store(|store| platform::relabel(&store.build(SERVICE, &user, None)?, label))?)
    }

    /// Deletes an entry.
    pub(crate) fn delete(&self, name: &EntryName) -> Result<(), StoreFault> {
        self.count(1);
        let user = name.user(self.namespace.as_ref());
        Ok(self.with_store(|store| store.build(SERVICE, &user, None)?.delete_credential())?)
    }

    /// The names of all entries of this namespace.
    pub(crate) fn list(&self) -> Result<Vec<EntryName>, StoreFault> {
        self.count(1);
        let found = self.with_store(|store| store.search(&platform::search_terms()))?;
        let mut names: Vec<EntryName> = found
            .iter()
            .filter_map(keyring::Entry::get_specifiers)
            .filter(|(service, _)| service == SERVICE)
            .filter_map(|(_, user)| EntryName::from_user(&user, self.namespace.as_ref()))
            .collect();
        names.sort();
        Ok(names)
    }

    /// Writes an entry, reads it back and deletes it. Reading alone proves nothing: a fresh home without a default collection answers
    /// every read with "no such entry".
    pub(crate) fn probe(&self, name: &EntryName) -> KeyringState {
        if !self.is_configured() {
            return KeyringState::Absent(AbsentReason::NotUsed);
        }
        let outcome = self.write(name, PROBE_LABEL, name.as_str().as_bytes()).and_then(|()| self.delete(name));
        match outcome {
            Ok(()) => KeyringState::Ready,
            Err(StoreFault::Keyring(Fault::Locked)) => KeyringState::Locked,
            Err(StoreFault::Keyring(Fault::Absent(reason))) => KeyringState::Absent(reason),
            Err(StoreFault::Keyring(Fault::Failed(cause) | Fault::Refused(cause))) => {
                KeyringState::Absent(AbsentReason::Unusable(cause))
            }
            Err(StoreFault::Keyring(Fault::NoEntry) | StoreFault::Other(_)) => {
                KeyringState::Absent(AbsentReason::Unusable(Cause::new("what was written did not come back")))
            }
        }
    }

    /// Does the work; if the connection turns out stale, connects again and does it once more.
    fn with_store<T>(&self, work: impl Fn(&CredentialStore) -> keyring::Result<T>) -> Result<T, Fault> {
        if let Some(store) = self.held() {
            match work(store.as_ref()).map_err(Fault::from) {
                Err(Fault::Failed(cause)) => {
                    tracing::info!(%cause, "the keyring's connection is stale, connecting again");
                }
                settled => return settled,
            }
        }
        let store = self.reconnect()?;
        work(store.as_ref()).map_err(Fault::from)
    }

    fn held(&self) -> Option<Arc<CredentialStore>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Connects without holding the lock: connecting may hang, and others must be able to give up.
    fn reconnect(&self) -> Result<Arc<CredentialStore>, Fault> {
        self.forget_connection();
        let connect = self.connect.ok_or(Fault::Absent(AbsentReason::NotUsed))?;
        let store = connect().map_err(|error| Fault::Absent(platform::unreachable(&error)))?;
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&store));
        Ok(store)
    }
}

/// Refuses a value that some keyring would not take, before any is given it.
pub(crate) fn refuse_too_long(value: &[u8]) -> Result<(), VaultError> {
    if value.len() > MAX_ENTRY_BYTES { Err(VaultError::TooLong { bytes: value.len() }) } else { Ok(()) }
}

/// What went wrong: something that says how the keyring is, or something else.
pub(crate) enum StoreFault {
    /// The keyring's own answer.
    Keyring(Fault),
    /// Ours: too long, or not what was written.
    Other(VaultError),
}

impl From<Fault> for StoreFault {
    fn from(fault: Fault) -> Self {
        Self::Keyring(fault)
    }
}
