//! How often a database was opened and closed, as the keyring remembers it: a database that remembers less is from an earlier day.

use crate::entry::{EntryName, GENERATION_LABEL};
use crate::error::VaultError;
use crate::vault::{Core, Vault};

impl Vault {
    /// The generation that was set last. None before there was one, and when the entry was edited in another program: whoever can do
    /// that can delete it as well.
    pub async fn generation(&self) -> Result<Option<u32>, VaultError> {
        self.call(Core::generation).await
    }

    /// Remembers a generation.
    pub async fn set_generation(&self, generation: u32) -> Result<(), VaultError> {
        self.call(move |core| {
            if let Some(reason) = core.absent() {
                return Err(VaultError::Absent(reason));
            }
            let text = generation.to_string();
            core.settle(core.store.write(&EntryName::generation(), GENERATION_LABEL, text.as_bytes()))
        })
        .await
    }
}

impl Core {
    fn generation(&self) -> Result<Option<u32>, VaultError> {
        match self.read_entry(&EntryName::generation()) {
            Ok(text) => Ok(str::from_utf8(&text).ok().and_then(|text| text.parse().ok())),
            Err(VaultError::NoSuchEntry) => Ok(None),
            Err(cause) => Err(cause),
        }
    }
}
