//! Noticing a database from an earlier day: somebody put a copy back, or another copy of it is in use as well.
//!
//! Keyring and database both remember how often the database was opened and closed. A database that remembers less than the keyring has
//! forgotten something: secrets that were stored since, and refresh tokens that were exchanged since. Sending an old refresh token makes
//! many providers revoke everything that was granted, so nothing is refreshed or rotated before a person has confirmed.

use std::sync::atomic::{AtomicBool, Ordering};

use gatewright_contract::app::AppState;
use gatewright_contract::{Event, Failure};
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::meta;
use gatewright_vault::{KeyringState, VaultError};

use crate::{App, failure};

/// How long the end of Gatewright waits for the keyring to take the last number.
const PATIENCE_AT_THE_END: std::time::Duration = std::time::Duration::from_secs(2);

/// What is known of the database's age.
#[derive(Debug, Default)]
pub(crate) struct Age {
    compared: AtomicBool,
    older: AtomicBool,
    /// No keyring has ever remembered this database.
    met_no_keyring: AtomicBool,
}

impl App {
    /// Whether the database is from an earlier day and nobody has confirmed it.
    pub(crate) fn is_older_database(&self) -> bool {
        self.0.age.older.load(Ordering::Relaxed)
    }

    /// Whether what no row names is nobody's, and what a row gives up may go. Not while the keyring is locked or away, which could say that
    /// the database is from an earlier day: such a one does not know what it has forgotten, or what was taken back since. Only where no
    /// keyring has ever remembered the database, none will ever say so.
    pub(crate) fn knows_what_it_forgot(&self) -> bool {
        let age = &self.0.age;
        let nobody_knows = age.met_no_keyring.load(Ordering::Relaxed) && self.0.vault.state().is_session_only();
        (age.compared.load(Ordering::Acquire) || nobody_knows) && !self.is_older_database()
    }

    /// Looks once, before the keyring is asked for anything, whether one has ever remembered this database.
    pub(crate) async fn recall_keyring(&self) {
        let Ok(store) = self.store() else { return };
        match store.read(meta::generation).await {
            Ok(generation) => self.0.age.met_no_keyring.store(generation == 0, Ordering::Relaxed),
            Err(cause) => tracing::warn!(%cause, "the database's generation was not read"),
        }
    }

    /// Refuses what an older database must not do: exchange refresh tokens and rotate secrets.
    pub(crate) async fn refuse_older_database(&self) -> Result<(), Failure> {
        self.keyring_settled().await;
        if self.is_older_database() { Err(failure::older_database()) } else { Ok(()) }
    }

    /// Compares what database and keyring remember, once. Best effort: a keyring that says nothing is no reason to warn.
    pub(crate) async fn compare_generations(&self) {
        if self.0.vault.state() != KeyringState::Ready || self.0.age.compared.load(Ordering::Relaxed) {
            return;
        }
        let Ok(store) = self.store() else { return };
        let (ours, theirs) = match (store.read(meta::generation).await, self.0.vault.generation().await) {
            (Ok(ours), Ok(theirs)) => (ours, theirs.unwrap_or(0)),
            (Err(cause), _) => return tracing::warn!(%cause, "the database's generation was not read"),
            (_, Err(cause)) => return tracing::warn!(%cause, "the keyring's generation was not read"),
        };
        // First how old, then that it is known: a sweep between the two would take it for a new one.
        self.0.age.older.store(ours < theirs, Ordering::Relaxed);
        self.0.age.compared.store(true, Ordering::Release);
        if ours < theirs {
            // The window learns it from its state, and has a place of its own for it, with the way to confirm it.
            tracing::warn!(ours, theirs, "the database is older than the keyring remembers");
        } else {
            self.remember_generation(ours.saturating_add(1)).await;
        }
    }

    /// Remembers a clean end, so that a copy that was made in between counts as older. Not of a database that is older already: it has
    /// to stay noticed until it is confirmed.
    pub(crate) async fn remember_clean_end(&self) {
        let Ok(store) = self.store() else { return };
        if !self.0.age.compared.load(Ordering::Relaxed) || self.is_older_database() {
            return;
        }
        let Ok(ours) = store.read(meta::generation).await else { return };
        let remembered = self.remember_generation(ours.saturating_add(1));
        if tokio::time::timeout(PATIENCE_AT_THE_END, remembered).await.is_err() {
            tracing::warn!("the keyring did not take the database's generation in time");
        }
    }

    /// The person knows that the database is from an earlier day and goes on with it.
    pub(crate) async fn confirm_older_database(&self) -> Result<AppState, Failure> {
        if self.is_older_database() {
            let theirs = self.0.vault.generation().await.map_err(failure::of_vault)?.unwrap_or(0);
            let line = audit::Entry::general(self.now(), Actor::User, Action::OlderDatabaseConfirmed);
            self.store()?.write_durably(move |tx| audit::append(tx, &line)).await.map_err(failure::of_store)?;
            self.remember_generation(theirs.saturating_add(1)).await;
            self.0.age.older.store(false, Ordering::Relaxed);
            Box::pin(self.catch_up()).await;
            self.tell(Event::KeyringChanged);
        }
        self.state().await
    }

    /// The database first: a crash in between leaves a keyring that is behind, which means nothing.
    async fn remember_generation(&self, generation: u32) {
        let Ok(store) = self.store() else { return };
        if let Err(cause) = store.write_durably(move |tx| meta::set_generation(tx, generation)).await {
            return tracing::warn!(%cause, "the database's generation was not remembered");
        }
        match self.0.vault.set_generation(generation).await {
            Ok(()) | Err(VaultError::Absent(_)) => {}
            Err(cause) => tracing::warn!(%cause, "the keyring did not take the database's generation"),
        }
    }
}
