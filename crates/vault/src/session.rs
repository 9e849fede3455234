//! Secrets that live in memory only, and their way into a keyring that is there again.
//!
//! A secret is in both places for a while: [`Vault::write_held`] leaves it in memory until its row says where it is, and then
//! [`Vault::release`] lets go of it. So whatever happens in between, one of the two has it.

use crate::entry::EntryName;
use crate::envelope::SecretEnvelope;
use crate::error::VaultError;
use crate::keyring_store::refuse_too_long;
use crate::vault::{Core, Vault};

/// A client secret that lives in memory only, as it will be known in the keyring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldSecret {
    /// Which one.
    pub entry: EntryName,
    /// Its fingerprint under the keyring's sealing key; the one in the row was made with the session's.
    pub fingerprint: String,
}

/// A client secret that lives in memory only.
pub(crate) struct SessionSecret {
    envelope: SecretEnvelope,
    label: String,
    way: Way,
    /// How many writes of it were begun. One that ran out of time may come to its end after a later one.
    begun: u64,
    /// How many of them have come to their end.
    ended: u64,
}

/// How far a secret is on its way into the keyring.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// It is in memory only.
    NotBegun,
    /// The write with this number is on its way, or was and the keyring did not say that it has it.
    Begun(u64),
    /// The keyring has just this.
    Arrived,
    /// It was changed here since it was written.
    Outdated,
}

impl Vault {
    /// How many client secrets live in memory only and would be gone when Gatewright closes.
    pub fn session_secrets(&self) -> usize {
        self.core.session().len()
    }

    /// Whether a client secret lives in memory.
    pub fn holds(&self, entry: &EntryName) -> bool {
        self.core.session().contains_key(entry)
    }

    /// Whether a client secret lives in memory, and the keyring was never given it.
    pub fn is_only_held(&self, entry: &EntryName) -> bool {
        self.core.session().get(entry).is_some_and(|held| !held.may_be_in_keyring())
    }

    /// The client secrets that live in memory only.
    ///
    /// # Errors
    /// [`VaultError::SealingKeyNotOpen`]: fingerprints are made with the keyring's key.
    pub fn held_secrets(&self) -> Result<Vec<HeldSecret>, VaultError> {
        let key = self.core.keys().first().filter(|key| key.lasting).cloned().ok_or(VaultError::SealingKeyNotOpen)?;
        let session = self.core.session();
        let held = session.iter().map(|(entry, held)| HeldSecret {
            entry: entry.clone(),
            fingerprint: key.fingerprint(&held.envelope.secret),
        });
        let mut held: Vec<HeldSecret> = held.collect();
        drop(session);
        held.sort_by(|one, other| one.entry.cmp(&other.entry));
        Ok(held)
    }

    /// Writes a secret that lives in memory into the keyring, reads it back, compares. It stays in memory as well. Says whether the keyring
    /// has it now: it may have been deleted meanwhile, or an earlier write that ran out of time may still come to its end.
    pub async fn write_held(&self, entry: &EntryName) -> Result<bool, VaultError> {
        let entry = entry.clone();
        self.call(move |core| core.write_held(&entry)).await
    }

    /// Lets go of a secret in memory that the keyring has. One that was changed since it was written stays, to be written again. Says
    /// whether memory is without it.
    pub fn release(&self, entry: &EntryName) -> bool {
        let mut session = self.core.session();
        match session.get(entry).map(|held| held.way) {
            None => true,
            Some(Way::Arrived) => session.remove(entry).is_some(),
            Some(_) => false,
        }
    }

    /// Whether the keyring has an entry, whatever stands in it.
    pub async fn is_in_keyring(&self, entry: &EntryName) -> Result<bool, VaultError> {
        let entry = entry.clone();
        self.call(move |core| match core.read_entry(&entry) {
            Ok(_) => Ok(true),
            Err(VaultError::NoSuchEntry) => Ok(false),
            Err(cause) => Err(cause),
        })
        .await
    }
}

impl SessionSecret {
    pub(crate) fn new(envelope: SecretEnvelope, label: String) -> Self {
        Self { envelope, label, way: Way::NotBegun, begun: 0, ended: 0 }
    }

    pub(crate) fn envelope(&self) -> SecretEnvelope {
        SecretEnvelope { secret: self.envelope.secret.clone(), destination: self.envelope.destination.clone() }
    }

    pub(crate) fn may_be_in_keyring(&self) -> bool {
        self.way != Way::NotBegun
    }

    pub(crate) fn relabel(&mut self, label: String) {
        self.label = label;
        self.has_changed();
    }

    pub(crate) fn bind(&mut self, destination: String) {
        self.envelope.destination = destination;
        self.has_changed();
    }

    /// Begins a write, and gives its number.
    fn begin(&mut self) -> u64 {
        self.begun += 1;
        self.way = Way::Begun(self.begun);
        self.begun
    }

    /// The write with this number has come to its end. Says whether the keyring has what is held here. When an earlier write is still on
    /// its way, or a later one was begun, the keyring may have taken them in any order: it is written once more.
    fn end(&mut self, write: u64, is_written: bool) -> bool {
        self.ended += 1;
        if is_written {
            let is_last = self.way == Way::Begun(write) && self.ended == self.begun;
            self.way = if is_last { Way::Arrived } else { Way::Outdated };
        }
        self.way == Way::Arrived
    }

    fn has_changed(&mut self) {
        if self.way != Way::NotBegun {
            self.way = Way::Outdated;
        }
    }
}

impl Core {
    pub(crate) fn session_secret(&self, entry: &EntryName) -> Option<SecretEnvelope> {
        self.session().get(entry).map(SessionSecret::envelope)
    }

    fn write_held(&self, entry: &EntryName) -> Result<bool, VaultError> {
        if let Some(reason) = self.absent() {
            return Err(VaultError::Absent(reason));
        }
        let mut session = self.session();
        let Some(held) = session.get_mut(entry) else { return Ok(false) };
        let text = held.envelope().to_text()?;
        refuse_too_long(&text)?;
        let (write, label) = (held.begin(), held.label.clone());
        drop(session);
        let written = self.settle(self.store.write(entry, &label, &text));
        let has_arrived = self.session().get_mut(entry).is_some_and(|held| held.end(write, written.is_ok()));
        written.map(|()| has_arrived)
    }
}

#[cfg(test)]
mod tests {
    use gatewright_protocol::Secret;

    use super::*;

    fn held() -> SessionSecret {
        let envelope = SecretEnvelope { secret: Secret::new("a-secret".to_owned()), destination: "here".to_owned() };
        SessionSecret::new(envelope, "a label".to_owned())
    }

    #[test]
    fn two_writes_that_may_have_been_taken_in_any_order_have_not_arrived_before_a_third() {
        for later_ends_first in [false, true] {
            let mut held = held();
            let mut writes = [held.begin(), held.begin()];
            if later_ends_first {
                writes.reverse();
            }
            assert!(writes.into_iter().all(|write| !held.end(write, true)), "nobody knows which the keyring has");
            let last = held.begin();
            assert!(held.end(last, true));
        }
    }

    #[test]
    fn an_earlier_write_that_failed_takes_no_place() {
        let mut held = held();
        let failed = held.begin();
        assert!(!held.end(failed, false));
        assert!(held.may_be_in_keyring(), "it may have failed at reading back");
        let next = held.begin();
        assert!(held.end(next, true));
    }

    #[test]
    fn a_secret_that_was_changed_while_it_was_written_is_not_the_one_that_arrived() {
        let mut held = held();
        let write = held.begin();
        held.bind("elsewhere".to_owned());
        assert!(!held.end(write, true));
        assert!(held.way == Way::Outdated && held.may_be_in_keyring());
    }
}
