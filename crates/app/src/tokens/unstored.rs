//! New tokens that could not be written down (M-06): they stay in memory, sealed, until they can be.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use gatewright_contract::Failure;
use gatewright_model::GrantId;
use gatewright_store::rotation::{self, Rotated};

use crate::{App, failure};

/// What refreshes brought and the disk did not take.
#[derive(Default)]
pub(crate) struct Unstored(Mutex<HashMap<GrantId, Rotated>>);

impl Unstored {
    pub(super) fn keep(&self, rotated: Rotated) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(rotated.grant.clone(), rotated);
    }

    pub(super) fn has(&self, grant: &GrantId) -> bool {
        self.of(grant).is_some()
    }

    fn of(&self, grant: &GrantId) -> Option<Rotated> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(grant).cloned()
    }

    fn forget(&self, grant: &GrantId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(grant);
    }

    fn grants(&self) -> Vec<GrantId> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }
}

impl App {
    /// Writes down what an earlier refresh of this grant brought, if that has not worked yet. Nothing is sent before it has.
    pub(super) async fn store_unstored(&self, grant: &GrantId) -> Result<(), Failure> {
        let Some(rotated) = self.0.unstored.of(grant) else { return Ok(()) };
        let write = move |tx: &gatewright_store::Transaction<'_>| rotation::commit(tx, &rotated).map(drop);
        self.store()?.write_durably(write).await.map_err(failure::of_store)?;
        self.0.unstored.forget(grant);
        Ok(())
    }

    /// The last chance: Gatewright ends.
    pub(crate) async fn store_all_unstored(&self) {
        for grant in self.0.unstored.grants() {
            if let Err(cause) = self.store_unstored(&grant).await {
                tracing::error!(message = cause.message, "refreshed tokens are lost: they could not be written down");
            }
        }
    }
}
