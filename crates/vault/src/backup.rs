//! Every entry of this vault's namespace, to be written to a backup; and entries that come from one.
//!
//! Entries go as they stand, with the digest of where a secret may be sent: what was refused before a backup is refused after it.

use gatewright_protocol::Secret;

use crate::entry::{EntryName, client_secret_label, sealing_key_label};
use crate::error::VaultError;
use crate::vault::Vault;

/// One entry of the keyring as it stands.
#[derive(Clone, Debug)]
pub struct VaultEntry {
    /// Its name.
    pub name: EntryName,
    /// What stands in it.
    pub text: Secret,
}

impl Vault {
    /// Every entry of this vault's namespace.
    ///
    /// # Errors
    /// [`VaultError::Absent`] where secrets live in memory only: there is nothing to back up that would be there tomorrow.
    pub async fn entries_for_backup(&self) -> Result<Vec<VaultEntry>, VaultError> {
        let names = self
            .call(|core| match core.absent() {
                Some(reason) => Err(VaultError::Absent(reason)),
                None => core.settle(core.store.list()),
            })
            .await?;
        let mut entries = Vec::with_capacity(names.len());
        for name in names.into_iter().filter(|name| !name.is_probe()) {
            let read = name.clone();
            // One call each: the time a keyring may take is for one entry, not for thousands.
            let text = self.call(move |core| core.read_entry(&read)).await?;
            let text = std::str::from_utf8(&text).map_err(|_| VaultError::Unreadable)?;
            entries.push(VaultEntry { name, text: Secret::new(text) });
        }
        Ok(entries)
    }

    /// Puts an entry back: writes it, reads it back, compares. The label is what a person sees in their keyring program.
    pub async fn put_back(&self, entry: VaultEntry, label: String) -> Result<(), VaultError> {
        self.call(move |core| match core.absent() {
            Some(reason) => Err(VaultError::Absent(reason)),
            None => core.settle(core.store.write(&entry.name, &label, entry.text.expose().as_bytes())),
        })
        .await
    }

    /// Removes every entry of this vault's namespace: of a restore that was interrupted. Says how many there were.
    pub async fn remove_every_entry(&self) -> Result<usize, VaultError> {
        let names = self.sweep(&[]).await?;
        for name in &names {
            self.delete(name).await?;
        }
        Ok(names.len())
    }
}

impl EntryName {
    /// The label of an entry, as it had when it was made. `client` has the names of the client and of its provider, where there is one.
    pub fn label(&self, client: Option<(&str, &str)>) -> String {
        match (self.client_version(), client) {
            (Some((_, version)), Some((name, provider))) => client_secret_label(name, provider, version),
            _ => match self.as_str().strip_prefix("sealing-key/") {
                Some(key_id) => sealing_key_label(key_id),
                None => format!("Gatewright: {self}"),
            },
        }
    }
}
