//! Pictures that go: deleted ones after the undo time, old ones when their time is over, and files that no row names any more.

use std::io;

use gatewright_contract::{Event, Failure};
use gatewright_store::{StoreError, Transaction, evidence};
use jiff::SignedDuration;

use crate::{App, failure, undo};

impl App {
    /// Forgets pictures whose deletion cannot be taken back any more.
    pub(crate) async fn forget_deleted_pictures(&self) {
        let undo = SignedDuration::try_from(undo::UNDO).unwrap_or_default();
        let Ok(before) = self.now().checked_sub(undo) else { return };
        self.forget_pictures(move |tx| evidence::purge_deleted_before(tx, before)).await;
    }

    /// Removes the pictures that are older than pictures are kept. Of a database that is from an earlier day, or may be, nothing is
    /// removed: nobody has looked at it yet.
    pub(crate) async fn remove_old_pictures(&self) {
        let days = i64::from(self.0.settings.get().evidence_days);
        let Ok(before) = self.now().checked_sub(SignedDuration::from_hours(days * 24)) else { return };
        if self.knows_what_it_forgot() {
            self.forget_pictures(move |tx| evidence::expire_before(tx, before)).await;
        }
    }

    async fn forget_pictures(
        &self,
        forget: impl FnOnce(&Transaction<'_>) -> Result<usize, StoreError> + Send + 'static,
    ) {
        let Ok(store) = self.store() else { return };
        match store.write_durably(forget).await {
            Ok(0) => {}
            Ok(_) => {
                self.sweep_pictures().await;
                self.tell(Event::EvidenceChanged);
            }
            Err(cause) => tracing::warn!(%cause, "pictures stay; tried again later"),
        }
    }

    /// Removes the files that no row names: what was forgotten, and what an interruption left. A database from an earlier day, or one of
    /// which that is not known yet, does not know what it forgot.
    pub(crate) async fn sweep_pictures(&self) {
        if !self.knows_what_it_forgot() {
            return;
        }
        match self.swept_pictures().await {
            Ok(0) => {}
            Ok(files) => tracing::info!(files, "pictures that no run knows any more were removed"),
            Err(failure) => {
                tracing::warn!(message = failure.message, "pictures were not swept; tried again at the next start");
            }
        }
    }

    async fn swept_pictures(&self) -> Result<usize, Failure> {
        // Nobody can add a file between the look at the rows and the look at the folder.
        let album = self.0.album.0.lock().await;
        let named = self.store()?.read(evidence::named).await.map_err(failure::of_store)?;
        let folder = album.clone();
        let swept = tokio::task::spawn_blocking(move || folder.sweep(&named)).await;
        swept
            .map_err(io::Error::other)
            .flatten()
            .map_err(|cause| failure::internal("A picture was not removed", &cause))
    }
}
