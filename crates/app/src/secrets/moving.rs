//! What was kept for the session goes into a keyring that is there again.
//!
//! | step | what | what is left when it ends here | found at start |
//! | --- | --- | --- | --- |
//! | 1 | one transaction: an intent for each, and the fingerprints they will have | what was in memory is gone | nothing in the keyring: lost |
//! | 2 | the keyring is written and read back, one after the other | the entries that were written | the entry, and step 3 done |
//! | 3 | one transaction: the rows say “keyring”, and the intents are gone | everything | nothing to do |
//! | 4 | memory lets go | everything | nothing to do |

use gatewright_contract::Failure;
use gatewright_model::ClientRecordId;
use gatewright_model::secret_version::SecretPlace;
use gatewright_store::intent::{self, Intent, IntentKind};
use gatewright_store::{Connection, Store, StoreError, Transaction, client, secret_version};
use gatewright_vault::{EntryName, HeldSecret, VaultError};
use jiff::Timestamp;

use crate::failpoint::reached;
use crate::{App, failure};

/// How often a secret is written that changes each time before memory can let go of it.
const WRITTEN_AGAIN: usize = 3;

/// What has become of a secret that was on its way when Gatewright ended.
enum Found {
    /// Its row says now that it is in the keyring.
    Kept,
    /// Its row says now that it is lost.
    Lost,
    /// Nobody needs it, or lost it before.
    Nothing,
}

impl App {
    /// Moves what was kept for the session into the keyring. What could not be moved stays in memory, and can be moved later: its intent
    /// stays with it where it may have arrived all the same.
    pub(crate) async fn keep_session_secrets(&self) -> Result<(), Failure> {
        let _alone = self.0.moving.lock().await;
        if self.0.vault.session_secrets() == 0 {
            return Ok(());
        }
        let moved = self.move_held().await;
        // Also when it failed: what is on its way is shown as that.
        self.secrets_changed();
        moved
    }

    async fn move_held(&self) -> Result<(), Failure> {
        let held = self.0.vault.held_secrets().map_err(failure::of_vault)?;
        let now = self.now();
        let intend = move |tx: &Transaction<'_>| intend(tx, &held, now);
        let intended = self.store()?.write_durably(intend).await.map_err(failure::of_store)?;
        reached("move: intended");
        let (written, mut refused) = self.write_into_keyring(intended.clone()).await;
        let is_untouched = |intent: &Intent| self.0.vault.is_only_held(&entry_of(intent));
        let untouched: Vec<Intent> = intended.into_iter().filter(is_untouched).collect();
        let arrived = written.clone();
        let record = move |tx: &Transaction<'_>| record(tx, &arrived, &untouched);
        self.store()?.write_durably(record).await.map_err(failure::of_store)?;
        reached("move: recorded");
        let mut unrecorded = Ok(());
        for intent in written {
            if let Err(cause) = self.release(&entry_of(&intent)).await {
                unrecorded = unrecorded.and(self.put_on_its_way_again(intent.clone()).await);
                refused = refused.or(Some((intent, cause)));
            }
        }
        match refused {
            Some((first, cause)) => Err(self.why_it_stays(&first, cause).await),
            None => unrecorded,
        }
    }

    /// Those that the keyring has now, and why it has not all of them. One that it does not take keeps no other out; a keyring that
    /// does not answer is not asked again.
    async fn write_into_keyring(&self, intended: Vec<Intent>) -> (Vec<Intent>, Option<(Intent, VaultError)>) {
        let (mut written, mut refused) = (Vec::new(), None);
        for intent in intended {
            match self.write_as_it_is(&entry_of(&intent)).await {
                Ok(true) => written.push(intent),
                // It was deleted, or has found its way into the keyring otherwise. The next start looks which.
                Ok(false) => {}
                Err(cause) if !is_about_one(&cause) => return (written, Some((intent, cause))),
                Err(cause) => refused = refused.or(Some((intent, cause))),
            }
            reached("move: in the keyring");
        }
        (written, refused)
    }

    /// What a person is told when not all were moved. Where it is not the keyring's fault as a whole, of which client that one is.
    async fn why_it_stays(&self, intent: &Intent, cause: VaultError) -> Failure {
        let is_about_one = is_about_one(&cause);
        let failure = failure::of_vault(cause);
        let (id, Ok(store)) = (intent.client.clone(), self.store()) else { return failure };
        match store.read(move |db| client::find_even_deleted(db, &id)).await {
            Ok(Some(client)) if is_about_one => {
                let message = format!("The secret of “{}” stays in memory. {}", client.name, failure.message);
                Failure { message, ..failure }
            }
            _ => failure,
        }
    }

    /// Writes a secret into the keyring, and again when it was changed meanwhile. Says whether the keyring has it; one that memory has not
    /// any more is no error.
    async fn write_as_it_is(&self, entry: &EntryName) -> Result<bool, VaultError> {
        for _ in 0..WRITTEN_AGAIN {
            if self.0.vault.write_held(entry).await? {
                return Ok(true);
            }
            if !self.0.vault.holds(entry) {
                return Ok(false);
            }
        }
        Err(VaultError::StillWriting)
    }

    /// Memory lets go. A secret that was bound to another address meanwhile is written once more before that.
    async fn release(&self, entry: &EntryName) -> Result<(), VaultError> {
        while !self.0.vault.release(entry) {
            self.write_as_it_is(entry).await?;
        }
        Ok(())
    }

    /// What the keyring has is not what is in memory, and it has not taken that: the row says again that it is on its way.
    async fn put_on_its_way_again(&self, intent: Intent) -> Result<(), Failure> {
        let now = self.now();
        let put = move |tx: &Transaction<'_>| {
            if is_needed(tx, &intent)? {
                secret_version::set_place(tx, &intent.client, intent.version, SecretPlace::Session)?;
                intent::declare(tx, intent.kind, &intent.client, intent.version, now)?;
            }
            Ok(())
        };
        self.store()?.write_durably(put).await.map_err(failure::of_store)
    }

    /// Finds out what became of secrets that were on their way from memory into the keyring when Gatewright last ended. Until the keyring
    /// answers, their rows say “on the way”. Before rotations are looked at: they have to know where their secrets are.
    pub(crate) async fn finish_moves(&self) {
        let Ok(store) = self.store() else { return };
        let _alone = self.0.moving.lock().await;
        let left = self.0.left_intents.get().into_iter().filter(|intent| intent.kind == IntentKind::MoveSecret);
        let (mut lost, mut was_any) = (0, false);
        for intent in left {
            match self.finish_move(store, &intent).await {
                Ok(found) => {
                    self.0.left_intents.remove(&intent);
                    lost += u32::from(matches!(found, Found::Lost));
                    was_any = true;
                }
                Err(cause) => tracing::warn!(
                    message = cause.message,
                    "whether a secret reached the keyring is looked up when it answers"
                ),
            }
        }
        if lost > 0 {
            self.notice_lost(lost);
        }
        if was_any {
            self.secrets_changed();
        }
    }

    /// Says that secrets went with the memory they were in.
    pub(crate) fn notice_lost(&self, lost: u32) {
        let (message, hint) = if lost == 1 {
            (
                "A secret was only in memory when Gatewright last ended, and is gone.".to_owned(),
                "Paste it again where its client asks for it.",
            )
        } else {
            (
                format!("{lost} secrets were only in memory when Gatewright last ended, and are gone."),
                "Paste them again where a client asks for its secret.",
            )
        };
        self.notice(message, Some(hint.to_owned()));
    }

    async fn finish_move(&self, store: &Store, intent: &Intent) -> Result<Found, Failure> {
        let entry = entry_of(intent);
        let asked = intent.clone();
        if !store.read(move |db| is_needed(db, &asked)).await.map_err(failure::of_store)? {
            self.0.vault.delete(&entry).await.map_err(failure::of_vault)?;
        }
        let is_there = self.0.vault.is_in_keyring(&entry).await.map_err(failure::of_vault)?;
        let intent = intent.clone();
        store.write_durably(move |tx| settle(tx, &intent, is_there)).await.map_err(failure::of_store)
    }
}

/// Step 1. A secret without a row is left where it is: whoever keeps it is not done, or could not write the row.
fn intend(tx: &Transaction<'_>, held: &[HeldSecret], now: Timestamp) -> Result<Vec<Intent>, StoreError> {
    let mut intended = Vec::new();
    for HeldSecret { entry, fingerprint } in held {
        let Some((client, version)) = entry.client_version() else { continue };
        match secret_version::set_fingerprint(tx, &client, version, fingerprint) {
            Err(StoreError::NoSuchSecretVersion { .. }) => continue,
            set => set?,
        }
        intended.push(intend_one(tx, client, version, now)?);
    }
    Ok(intended)
}

/// The intent of a secret that could not be moved before is still there.
fn intend_one(
    tx: &Transaction<'_>,
    client: ClientRecordId,
    version: u32,
    now: Timestamp,
) -> Result<Intent, StoreError> {
    let kind = IntentKind::MoveSecret;
    let mut known = intent::list(tx)?.into_iter();
    if let Some(before) = known.find(|one| (one.kind, &one.client, one.version) == (kind, &client, version)) {
        return Ok(before);
    }
    let id = intent::declare(tx, kind, &client, version, now)?;
    Ok(Intent { id, kind, client, version, created_at: now })
}

/// Step 3. The intents of secrets that nobody needs any more stay: the next start takes them out of the keyring. What the keyring was
/// never given is not on its way.
fn record(tx: &Transaction<'_>, written: &[Intent], untouched: &[Intent]) -> Result<(), StoreError> {
    for intent in untouched {
        intent::settle(tx, intent.id)?;
    }
    for intent in written {
        if is_needed(tx, intent)? {
            secret_version::set_place(tx, &intent.client, intent.version, SecretPlace::Keyring)?;
            intent::settle(tx, intent.id)?;
        }
    }
    Ok(())
}

fn settle(tx: &Transaction<'_>, intent: &Intent, is_there: bool) -> Result<Found, StoreError> {
    // Its number may belong to something else by now.
    if !intent::list(tx)?.contains(intent) {
        return Ok(Found::Nothing);
    }
    intent::settle(tx, intent.id)?;
    if is_there {
        secret_version::set_place(tx, &intent.client, intent.version, SecretPlace::Keyring)?;
        return Ok(Found::Kept);
    }
    let has_lost = secret_version::lose_session_value(tx, &intent.client, intent.version)?;
    Ok(if has_lost { Found::Lost } else { Found::Nothing })
}

/// Whether there is still a row that says the value is kept.
fn is_needed(db: &Connection, intent: &Intent) -> Result<bool, StoreError> {
    match secret_version::find(db, &intent.client, intent.version) {
        Ok(row) => Ok(row.has_value()),
        Err(StoreError::NoSuchSecretVersion { .. }) => Ok(false),
        Err(cause) => Err(cause),
    }
}

/// Whether the keyring takes other secrets all the same.
fn is_about_one(cause: &VaultError) -> bool {
    !matches!(cause, VaultError::Locked | VaultError::TimedOut | VaultError::Absent(_))
}

fn entry_of(intent: &Intent) -> EntryName {
    EntryName::client_secret(&intent.client, intent.version)
}
