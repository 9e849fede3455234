//! The new secret on its way into keyring and database, and the values on their way out.
//!
//! | step | what | what is left when it ends here | found at start |
//! | --- | --- | --- | --- |
//! | 1 | one transaction: what is begun, and the intent | both | asked again |
//! | 2 | the provider gives the new secret | both; the answer is lost | asked again |
//! | 3 | the keyring is written and read back | both, and the entry | the entry is found, and step 4 done |
//! | 4 | one transaction: the version's row, the rotation's next step, and the intent is gone | everything | nothing to do |
//!
//! A secret that keyring or disk did not take stays in memory, and can be stored again for as long as Gatewright runs.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use gatewright_contract::Failure;
use gatewright_model::rotation::{Pending, PendingWork, RotationChange, WrittenClientId};
use gatewright_model::secret_version::{SecretPlace, SecretVersionChange};
use gatewright_model::{Client, ClientRecordId, Rotation, RotationId, SecretVersion};
use gatewright_protocol::{ClientId, Secret};
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::intent::{self, IntentKind};
use gatewright_store::{StoreError, Transaction, secret_rotation, secret_version};
use gatewright_vault::{ClientSecret, EntryName};

use super::hold::Hold;
use crate::failpoint::reached;
use crate::{App, failure};

/// New secrets that are in memory, because keyring or disk did not take them.
#[derive(Default)]
pub(crate) struct Unstored(Mutex<HashMap<RotationId, Held>>);

/// A new secret in memory.
struct Held {
    new: NewSecret,
    /// The keyring has it too, and the disk did not take that: the next start finds it there.
    is_in_keyring: bool,
}

/// A new secret, with the client ID it belongs to.
#[derive(Clone)]
pub(super) struct NewSecret {
    pub(super) value: Secret,
    /// Where the client is replaced: the new one's ID.
    pub(super) client_id: Option<ClientId>,
    /// What the provider calls the secret, where it said so.
    pub(super) issued_as: Option<String>,
}

/// What is known of a new secret besides its value: what [`NewSecret`] has, or nothing where only the value was found.
#[derive(Default)]
pub(super) struct Identified {
    pub(super) client_id: Option<ClientId>,
    pub(super) issued_as: Option<String>,
}

impl Unstored {
    /// Whether the new secret of a rotation is in memory.
    pub(super) fn has(&self, id: &RotationId) -> bool {
        self.held().contains_key(id)
    }

    /// Whether the new secret of a rotation, which is in memory, is in the keyring as well.
    pub(super) fn is_in_keyring(&self, id: &RotationId) -> bool {
        self.held().get(id).is_some_and(|held| held.is_in_keyring)
    }

    /// Puts a new secret into memory.
    pub(super) fn put(&self, id: &RotationId, new: NewSecret) {
        self.held().insert(id.clone(), Held { new, is_in_keyring: false });
    }

    fn note_in_keyring(&self, id: &RotationId) {
        if let Some(held) = self.held().get_mut(id) {
            held.is_in_keyring = true;
        }
    }

    /// The new secret of a rotation is not needed any more.
    pub(super) fn forget(&self, id: &RotationId) {
        self.held().remove(id);
    }

    fn rotations(&self) -> Vec<RotationId> {
        self.held().keys().cloned().collect()
    }

    fn held(&self) -> MutexGuard<'_, HashMap<RotationId, Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Step 1: writes down that a new secret is asked for, or about to be stored.
    pub(super) async fn begin_obtaining(&self, hold: &mut Hold, client_id: Option<&ClientId>) -> Result<(), Failure> {
        let (client, now) = (hold.client.id.clone(), self.now());
        let version = {
            let (wanted, begun) = (client.clone(), pending_version(&hold.rotation));
            let next = move |db: &gatewright_store::Connection| secret_version::next_number(db, &wanted);
            let next = self.store()?.read(next).await.map_err(failure::of_store)?;
            // A number whose entry may be in the keyring is not used for another value.
            begun.map_or(next, |begun| next.max(begun + 1))
        };
        let client_id = client_id.map(WrittenClientId::of);
        let begun = RotationChange::Begun(PendingWork::Obtain { version, client_id });
        self.write(hold, begun, move |tx, _| {
            intent::declare(tx, IntentKind::KeepSecret, &client, version, now).map(drop)
        })
        .await?;
        reached("obtain: begun");
        Ok(())
    }

    /// Steps 3 and 4. The trail says by whom.
    pub(super) async fn keep_new(&self, hold: &mut Hold, new: NewSecret, actor: Actor) -> Result<(), Failure> {
        self.0.unstored_secrets.put(&hold.rotation.id, new.clone());
        self.keep_held(hold, new, actor).await
    }

    async fn keep_held(&self, hold: &mut Hold, new: NewSecret, actor: Actor) -> Result<(), Failure> {
        self.keyring_settled().await;
        if let Some(client_id) = new.client_id.clone() {
            self.note_client_id(hold, client_id).await?;
        }
        let row = self.put_into_keyring(hold, &new).await?;
        if row.place == SecretPlace::Keyring {
            self.0.unstored_secrets.note_in_keyring(&hold.rotation.id);
        }
        reached("obtain: in the keyring");
        self.record_new(hold, row, Identified { client_id: new.client_id, issued_as: new.issued_as }, actor).await?;
        self.0.unstored_secrets.forget(&hold.rotation.id);
        reached("obtain: recorded");
        Ok(())
    }

    /// Stores a new secret that is in memory.
    pub(super) async fn keep_unstored(&self, hold: &mut Hold, actor: Actor) -> Result<(), Failure> {
        let in_memory = self.0.unstored_secrets.held().get(&hold.rotation.id).map(|held| held.new.clone());
        let new = in_memory.ok_or_else(failure::changed_meanwhile)?;
        self.keep_held(hold, new, actor).await
    }

    /// The new secret did not reach keyring and disk. It is in memory, and perhaps in the keyring.
    pub(super) fn not_stored(&self, hold: &Hold, cause: &Failure) -> Failure {
        if self.0.unstored_secrets.is_in_keyring(&hold.rotation.id) {
            let message =
                format!("{} The new secret is in the keyring, and that is not written down yet.", cause.message);
            return Failure::new(cause.code, message).hint("Put that right, then press “Store again”.");
        }
        Failure::new(cause.code, format!("{} The new secret is only in memory.", cause.message))
            .hint("Do not close Gatewright. Put that right, then press “Store again”.")
    }

    /// The last chance: Gatewright ends.
    pub(crate) async fn keep_all_unstored_secrets(&self) {
        for id in self.0.unstored_secrets.rotations() {
            let kept = match self.hold(id.as_str()).await {
                Ok(mut hold) => {
                    let kept = self.keep_unstored(&mut hold, Actor::Gatewright).await;
                    self.let_go(&hold).await;
                    kept
                }
                Err(cause) => Err(cause),
            };
            if let Err(cause) = kept {
                tracing::error!(message = cause.message, "a new secret was not written down when Gatewright ended");
            }
        }
    }

    /// Nothing was stored, and the person still has the value.
    pub(super) async fn forget_obtaining(&self, hold: &mut Hold, change: RotationChange) {
        self.0.unstored_secrets.forget(&hold.rotation.id);
        let (client, version) = (hold.client.id.clone(), pending_version(&hold.rotation));
        let written = self.write(hold, change, move |tx, _| settle_intents_of(tx, &client, version)).await;
        if let Err(cause) = written {
            tracing::warn!(message = cause.message, "an unfinished step of a rotation is settled at the next start");
        }
    }

    /// The client ID of a client that was just made is written down before anything else: start-up finds the entry by it.
    async fn note_client_id(&self, hold: &mut Hold, client_id: ClientId) -> Result<(), Failure> {
        let Some(Pending { what: PendingWork::Obtain { client_id: known, .. }, .. }) = &hold.rotation.pending else {
            return Err(failure::changed_meanwhile());
        };
        let written = WrittenClientId::of(&client_id);
        if known.as_ref() == Some(&written) {
            return Ok(());
        }
        self.write(hold, RotationChange::Learned(written), super::hold::nothing_else).await?;
        reached("obtain: client ID noted");
        Ok(())
    }

    async fn put_into_keyring(&self, hold: &Hold, new: &NewSecret) -> Result<SecretVersion, Failure> {
        let version = pending_version(&hold.rotation).ok_or_else(failure::changed_meanwhile)?;
        let client = owner_of(hold, new.client_id.as_ref());
        let destination = self.destination(&client, &hold.provider);
        let secret = ClientSecret {
            client: client.id.clone(),
            version,
            client_name: client.name.clone(),
            provider_name: hold.provider.name.clone(),
            value: new.value.clone(),
            destination: destination.clone(),
        };
        let place = self.0.vault.store(secret).await.map_err(failure::of_vault)?;
        let fingerprint = self.0.vault.fingerprint(&new.value).map_err(failure::of_vault)?;
        Ok(SecretVersion {
            last_four: new.value.last_four(),
            destination: Some(destination),
            ..SecretVersion::staged(client.id, version, place, fingerprint, self.now())
        })
    }

    /// Step 4: the version's row, the rotation's next step, and the intent is gone.
    pub(super) async fn record_new(
        &self,
        hold: &mut Hold,
        row: SecretVersion,
        Identified { client_id, issued_as }: Identified,
        actor: Actor,
    ) -> Result<(), Failure> {
        let now = self.now();
        let entry = audit::Entry {
            version: Some(row.version),
            ..audit::Entry::about(now, actor, Action::SecretStored, &hold.client.id, &hold.client.name)
        };
        let obtained = RotationChange::Obtained { client_id, issued_as };
        self.write(hold, obtained, move |tx, rotation| {
            secret_version::insert(tx, &row)?;
            if rotation.has_changed_over() {
                make_active(tx, &row.client, row.version, now)?;
            }
            settle_intents_of(tx, &row.client, Some(row.version))?;
            audit::append(tx, &entry)
        })
        .await
    }

    /// Takes a value out of the keyring that no row needs any more, as its intent says. What cannot be done now is done at the next start.
    pub(super) async fn forget_value(&self, client: &ClientRecordId, version: u32) {
        reached("forget: intended");
        let entry = EntryName::client_secret(client, version);
        if let Err(cause) = self.0.vault.delete(&entry).await {
            tracing::warn!(%cause, "a secret that is not needed stays in the keyring until the next start");
            return;
        }
        reached("forget: out of the keyring");
        let (id, now, Ok(store)) = (client.clone(), self.now(), self.store()) else { return };
        let settle = move |tx: &Transaction<'_>| {
            secret_version::mark_removed(tx, &id, version, now)?;
            settle_intents_of(tx, &id, Some(version))
        };
        if let Err(cause) = store.write(settle).await {
            tracing::warn!(%cause, "an intent stays until the next start");
        }
    }
}

/// Gives a version up in a transaction: its row is retired, and an intent says that its value has to go.
pub(super) fn give_up(
    tx: &Transaction<'_>,
    client: &ClientRecordId,
    version: u32,
    now: jiff::Timestamp,
) -> Result<(), StoreError> {
    if secret_version::find(tx, client, version)?.state.after(SecretVersionChange::Retire).is_ok() {
        secret_version::change(tx, client, version, SecretVersionChange::Retire, now)?;
    }
    intent::declare(tx, IntentKind::ForgetSecret, client, version, now).map(drop)
}

/// Makes logins use a version; the one before it is still accepted, as far as anybody here knows.
pub(super) fn make_active(
    tx: &Transaction<'_>,
    client: &ClientRecordId,
    version: u32,
    now: jiff::Timestamp,
) -> Result<(), StoreError> {
    secret_version::promote(tx, client, version, SecretVersionChange::Supersede, now).map(drop)
}

/// Removes what was intended with a version: it is done, or it never will be. What was on its way from memory into the keyring may arrive
/// after this; the next start looks.
pub(super) fn settle_intents_of(
    tx: &Transaction<'_>,
    client: &ClientRecordId,
    version: Option<u32>,
) -> Result<(), StoreError> {
    let left = intent::list(tx)?.into_iter();
    left.filter(|intent| intent.kind != IntentKind::MoveSecret)
        .filter(|intent| intent.client == *client && Some(intent.version) == version)
        .try_for_each(|intent| intent::settle(tx, intent.id))
}

/// The version that is being obtained.
pub(super) fn pending_version(rotation: &Rotation) -> Option<u32> {
    match rotation.pending.as_ref()?.what {
        PendingWork::Obtain { version, .. } => Some(version),
        PendingWork::ChangeOver | PendingWork::EndOld => None,
    }
}

/// The client a new secret belongs to.
pub(super) fn owner_of(hold: &Hold, client_id: Option<&ClientId>) -> Client {
    let client_id = client_id.unwrap_or(&hold.rotation.old.client_id).clone();
    Client { client_id, ..hold.client.clone() }
}

/// Whether a keyring entry belongs to a rotation that will come back to it: it must not be cleared away meanwhile.
pub(crate) fn is_awaited(
    db: &gatewright_store::Connection,
    client: &ClientRecordId,
    version: u32,
) -> Result<bool, StoreError> {
    let open = secret_rotation::under_way(db, client)?;
    Ok(open.is_some_and(|kept| pending_version(&kept.rotation) == Some(version)))
}
