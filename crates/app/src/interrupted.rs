//! What an interruption left half done in the keyring, and clearing it away.

use std::sync::{Mutex, PoisonError};

use gatewright_store::intent::{self, Intent, IntentKind};
use gatewright_store::{Connection, Store, StoreError, secret_version};
use gatewright_vault::EntryName;

use crate::{App, rotation};

/// The intents that the last session left and that are not settled yet.
#[derive(Debug, Default)]
pub(crate) struct LeftIntents(Mutex<Vec<Intent>>);

impl LeftIntents {
    fn set(&self, left: Vec<Intent>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = left;
    }

    pub(crate) fn get(&self) -> Vec<Intent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn remove(&self, settled: &Intent) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|intent| intent != settled);
    }
}

impl App {
    /// Reads what an interruption left half done. Before the window can begin anything: an intent that comes later belongs to something
    /// that is going on.
    pub(crate) async fn recall_left_intents(&self) {
        let Ok(store) = self.store() else { return };
        match store.read(intent::list).await {
            Ok(left) => self.0.left_intents.set(left),
            Err(cause) => tracing::warn!(%cause, "intents of the last session stay until the next start"),
        }
    }

    /// Clears away secrets that an interruption left in the keyring without a row that knows them. In a database from an earlier day the
    /// interruption is over, and the entry may be in use: it stays, with its intent. So it does while the keyring is locked, until it is
    /// not.
    pub(crate) async fn finish_intents(&self) {
        let Ok(store) = self.store() else { return };
        if !self.knows_what_it_forgot() {
            return;
        }
        // What was on its way from memory into the keyring is settled as soon as the keyring answers.
        let left = self.0.left_intents.get().into_iter();
        for intent in left.filter(|intent| intent.kind != IntentKind::MoveSecret) {
            self.finish_intent(store, intent).await;
        }
    }

    async fn finish_intent(&self, store: &Store, intent: Intent) {
        let (now, asked) = (self.now(), intent.clone());
        let recorded = match store.read(move |db| standing(db, &asked)).await {
            Ok(Standing::Settled) => return self.0.left_intents.remove(&intent),
            // A rotation will come back to this entry; it may be the only place of a new secret.
            Ok(Standing::Awaited) => return,
            Ok(Standing::Left { recorded }) => recorded,
            Err(cause) => return tracing::warn!(%cause, "an intent stays until the next start"),
        };
        let is_forgotten = intent.kind == IntentKind::ForgetSecret;
        let entry = EntryName::client_secret(&intent.client, intent.version);
        if (is_forgotten || !recorded)
            && let Err(cause) = self.0.vault.delete(&entry).await
        {
            return tracing::warn!(%cause, "a secret nobody knows stays in the keyring; tried again at the next start");
        }
        let settled = intent.clone();
        let settle = move |tx: &gatewright_store::Transaction<'_>| {
            if is_forgotten && is_recorded(tx, &intent)? {
                secret_version::mark_removed(tx, &intent.client, intent.version, now)?;
            }
            intent::settle(tx, intent.id)
        };
        match store.write(settle).await {
            Ok(()) => self.0.left_intents.remove(&settled),
            Err(cause) => tracing::warn!(%cause, "an intent stays until the next start"),
        }
    }
}

/// What has become of an intent since the start.
enum Standing {
    /// Something else has settled it; its number may belong to another version by now.
    Settled,
    /// A rotation under way needs its entry.
    Awaited,
    /// Nobody looks after it.
    Left {
        /// There is a row of that version.
        recorded: bool,
    },
}

fn standing(db: &Connection, intent: &Intent) -> Result<Standing, StoreError> {
    if !intent::list(db)?.contains(intent) {
        return Ok(Standing::Settled);
    }
    if rotation::is_awaited(db, &intent.client, intent.version)? {
        return Ok(Standing::Awaited);
    }
    Ok(Standing::Left { recorded: is_recorded(db, intent)? })
}

fn is_recorded(db: &Connection, intent: &Intent) -> Result<bool, StoreError> {
    Ok(secret_version::list(db, &intent.client)?.iter().any(|known| known.version == intent.version))
}
