//! Where a secret may be sent: found out, moved along with an edit, or set anew because a person said so.

use gatewright_model::client::SecretDestination;

use crate::client_secret::{is_for, same_digest};
use crate::digest::destination_digest;
use crate::entry::EntryName;
use crate::envelope::SecretEnvelope;
use crate::error::VaultError;
use crate::vault::{Core, Vault};

impl Vault {
    /// Whether a secret may be sent to `destination`. Gives nothing of the secret away.
    pub async fn is_bound_to(&self, entry: &EntryName, destination: &SecretDestination) -> Result<bool, VaultError> {
        let (entry, destination) = (entry.clone(), destination.clone());
        self.call(move |core| Ok(is_for(&core.read_secret(&entry)?, &destination))).await
    }

    /// Lets a secret be sent to another destination, after the person confirmed the edit. Refuses with
    /// [`VaultError::ChangedOutside`] when it was stored for neither of the two; doing it twice is harmless.
    pub async fn rebind(
        &self,
        entry: &EntryName,
        from: &SecretDestination,
        to: &SecretDestination,
    ) -> Result<(), VaultError> {
        let (entry, from, to) = (entry.clone(), from.clone(), destination_digest(to));
        self.call(move |core| core.rebind_secret(&entry, &from, to)).await
    }

    /// Lets a secret be sent to a destination whatever it was stored for: only after a person has seen that it was changed outside
    /// Gatewright and wants it so. Gives the secret's fingerprint, because the row's may have been changed too.
    pub async fn bind(&self, entry: &EntryName, to: &SecretDestination) -> Result<String, VaultError> {
        let (name, digest) = (entry.clone(), destination_digest(to));
        let secret = self
            .call(move |core| {
                let envelope = core.read_secret(&name)?;
                let secret = envelope.secret.clone();
                core.write_bound(&name, envelope, digest).map(|()| secret)
            })
            .await?;
        self.fingerprint(&secret)
    }
}

impl Core {
    fn rebind_secret(&self, entry: &EntryName, from: &SecretDestination, to: String) -> Result<(), VaultError> {
        let envelope = self.read_secret(entry)?;
        if same_digest(&envelope.destination, &to) {
            return Ok(());
        }
        if !is_for(&envelope, from) {
            return Err(VaultError::ChangedOutside);
        }
        self.write_bound(entry, envelope, to)
    }

    /// Writes a secret that is there with the digest of another destination.
    fn write_bound(&self, entry: &EntryName, envelope: SecretEnvelope, to: String) -> Result<(), VaultError> {
        if let Some(held) = self.session().get_mut(entry) {
            held.bind(to);
            return Ok(());
        }
        let text = SecretEnvelope { secret: envelope.secret, destination: to }.to_text()?;
        // The entry exists and keeps its label; this one would only count for a new entry.
        self.settle(self.store.write(entry, &format!("Gatewright: {entry}"), &text))
    }
}
