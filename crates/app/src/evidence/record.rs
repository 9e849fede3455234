//! Writing down what a login view has seen, while the login goes on by itself.

use std::io;

use gatewright_contract::Event;
use gatewright_model::RunId;
use gatewright_model::evidence::{Evidence, Missing, Picture};
use gatewright_store::{StoreError, evidence};
use tokio::sync::mpsc;

use super::encode::{self, EncodeError, Encoded};
use super::files::Folder;
use super::pictures::{Pictures, Pixels, Sight};
use crate::App;

/// How many bytes the pictures of a run may have.
const MOST_BYTES_OF_RUN: u64 = 16 * 1024 * 1024;

impl App {
    /// A place for what the login view of a run shows. Everything that is put there is recorded, until it is dropped.
    pub(crate) fn pictures_of(&self, run: &RunId) -> Pictures {
        let without = (!self.0.settings.get().take_pictures).then_some(Missing::SwitchedOff);
        let (pictures, sights) = Pictures::channel(self.0.clock.clone(), without);
        self.0.tasks.spawn(self.clone().record_evidence(run.clone(), sights));
        pictures
    }

    async fn record_evidence(self, run: RunId, mut sights: mpsc::UnboundedReceiver<Sight>) {
        // A run may open its login view more than once, and each counts its pages from 0.
        let mut pages_before = None;
        loop {
            let sight = tokio::select! {
                biased;
                sight = sights.recv() => sight,
                // Windows go when Gatewright ends, and not before it has waited for this.
                () = self.0.ending.cancelled() => None,
            };
            let Some(sight) = sight else { return };
            if let Err(cause) = self.record_sight(&run, &mut pages_before, sight).await {
                tracing::warn!(%run, %cause, "a look at a page was not recorded");
            }
        }
    }

    async fn record_sight(&self, run: &RunId, pages_before: &mut Option<u32>, sight: Sight) -> Result<(), StoreError> {
        let Ok(store) = self.store() else { return Ok(()) };
        let id = run.clone();
        let (next, taken) =
            store.read(move |db| Ok((evidence::next_page(db, &id)?, evidence::bytes_of(db, &id)?))).await?;
        let page = pages_before.get_or_insert(next).saturating_add(sight.page);
        let encoded = match sight.pixels {
            Ok(pixels) => encoded(pixels, taken).await,
            Err(missing) => Err(missing),
        };
        let album = self.0.album.0.lock().await;
        let picture = match encoded {
            Ok(encoded) => kept(album.clone(), encoded).await,
            Err(missing) => Err(missing),
        };
        let evidence = Evidence { page, address: sight.address, moment: sight.moment, at: sight.at, picture };
        let id = run.clone();
        store.write(move |tx| evidence::put(tx, &id, &evidence)).await?;
        drop(album);
        self.tell(Event::EvidenceChanged);
        Ok(())
    }
}

/// A picture as a file, made where nobody waits for it.
async fn encoded(pixels: Pixels, taken: u64) -> Result<Encoded, Missing> {
    let encoded = tokio::task::spawn_blocking(move || encode::png(&pixels)).await;
    let encoded = encoded.map_err(|_| Missing::NotTaken)?.map_err(|cause| {
        tracing::info!(%cause, "a picture of a page is not kept");
        match cause {
            EncodeError::Incomplete => Missing::NotTaken,
            EncodeError::TooLarge => Missing::TooLarge,
        }
    })?;
    let fits = taken.saturating_add(encoded.bytes.len() as u64) <= MOST_BYTES_OF_RUN;
    fits.then_some(encoded).ok_or(Missing::RunFull)
}

async fn kept(folder: Folder, encoded: Encoded) -> Result<Picture, Missing> {
    let Encoded { bytes, width, height } = encoded;
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let written = tokio::task::spawn_blocking(move || folder.keep(&bytes)).await;
    match written.map_err(io::Error::other).flatten() {
        Ok(sha256) => Ok(Picture { sha256, bytes: length, width, height }),
        Err(cause) => {
            tracing::warn!(%cause, "a picture of a page was not written");
            Err(Missing::NotKept)
        }
    }
}
