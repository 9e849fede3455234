//! What the pages of a login looked like: taken by the login view, kept as files, shown, deleted, and gone after a while.

mod encode;
mod files;
mod pictures;
mod record;
mod retention;
mod show;

use std::io;
use std::path::Path;

use gatewright_contract::client::Deleted;
use gatewright_contract::evidence::{EvidenceList, PictureRef, PictureShown, PictureStock, PictureStockQuery};
use gatewright_contract::run::RunRef;
use gatewright_contract::{Event, Failure};
use gatewright_model::evidence::{Evidence, Picture};
use gatewright_model::{Outcome, RunId};
use gatewright_store::{evidence, run};
use jiff::SignedDuration;
use tokio::sync::Mutex;

pub(crate) use self::files::{FOLDER, Folder, name_of};
pub use self::pictures::{Exposure, Page, Pictures, Pixels};
use crate::{App, failure, undo};

/// The folder with the pictures. Who adds a file before there is a row that names it holds the lock, and who removes files that no row
/// names holds it too.
pub(crate) struct Album(Mutex<Folder>);

impl Album {
    pub(crate) fn in_data_dir(data_dir: &Path) -> Self {
        Self(Mutex::new(Folder::in_data_dir(data_dir)))
    }
}

impl App {
    /// The pages of a run with what is known of their looks.
    pub(crate) async fn evidence_pages(&self, request: &RunRef) -> Result<EvidenceList, Failure> {
        let id = RunId::new(&request.run);
        let read = move |db: &gatewright_store::Connection| Ok((run::find(db, &id)?, evidence::list(db, &id)?));
        let (run, rows) = self.store()?.read(read).await.map_err(failure::of_store)?;
        Ok(show::list(run.browser, run.outcome == Outcome::Running, &rows))
    }

    /// Everything that is known of the pages of a run, in order: for reports. The pictures are read with [`App::picture_bytes`].
    pub(crate) async fn evidence_of(&self, run: &RunId) -> Result<Vec<Evidence>, Failure> {
        let id = run.clone();
        let rows = self.store()?.read(move |db| evidence::list(db, &id)).await.map_err(failure::of_store)?;
        Ok(rows.into_iter().map(|row| row.evidence).collect())
    }

    /// A picture as it is kept: a PNG file.
    ///
    /// # Errors
    /// Not found when its file is gone; changed outside when the file is not the one that was written.
    pub(crate) async fn picture_bytes(&self, picture: &Picture) -> Result<Vec<u8>, Failure> {
        let (folder, name) = (self.0.album.0.lock().await.clone(), picture.sha256.clone());
        let read = tokio::task::spawn_blocking(move || folder.read(&name)).await;
        read.map_err(|cause| failure::internal("The picture was not read", &cause))?.map_err(|cause| not_read(&cause))
    }

    /// A picture for the window.
    pub(crate) async fn picture(&self, request: &PictureRef) -> Result<PictureShown, Failure> {
        let id = number(request)?;
        let picture = self.store()?.read(move |db| evidence::picture(db, id)).await.map_err(failure::of_store)?;
        Ok(PictureShown { source: show::source(&self.picture_bytes(&picture).await?) })
    }

    /// Deletes a picture alone; that there was one stays on record.
    pub(crate) async fn delete_picture(&self, request: &PictureRef) -> Result<Deleted, Failure> {
        let (id, now) = (number(request)?, self.now());
        self.store()?.write_durably(move |tx| evidence::delete(tx, id, now)).await.map_err(failure::of_store)?;
        self.tell(Event::EvidenceChanged);
        let app = self.clone();
        self.0.tasks.spawn(async move {
            app.wait_for_undo().await;
            app.forget_deleted_pictures().await;
        });
        Ok(undo::deleted(self.in_words("1 picture"), now))
    }

    /// Takes that back.
    pub(crate) async fn restore_picture(&self, request: &PictureRef) -> Result<(), Failure> {
        let id = number(request)?;
        self.store()?.write_durably(move |tx| evidence::restore(tx, id)).await.map_err(failure::of_store)?;
        self.tell(Event::EvidenceChanged);
        Ok(())
    }

    /// How many pictures there are, and what would go if they were kept that many days.
    pub(crate) async fn picture_stock(&self, query: &PictureStockQuery) -> Result<PictureStock, Failure> {
        let kept_for = SignedDuration::from_hours(i64::from(query.days) * 24);
        let now = self.now();
        let before = now.checked_sub(kept_for).unwrap_or(jiff::Timestamp::MIN);
        let stock = self.store()?.read(move |db| evidence::stock(db, before)).await.map_err(failure::of_store)?;
        Ok(show::stock(&stock, kept_for))
    }
}

fn number(request: &PictureRef) -> Result<i64, Failure> {
    request.picture.parse().map_err(|_| failure::not_found("There is no such picture."))
}

fn not_read(cause: &io::Error) -> Failure {
    tracing::warn!(%cause, "a picture was not read");
    match cause.kind() {
        io::ErrorKind::NotFound => failure::not_found("The file with this picture is gone.")
            .hint("It was removed from Gatewright's folder by something else."),
        io::ErrorKind::InvalidData => failure::not_found("The file with this picture is not the one that was written.")
            .hint("Something else has changed it, so it proves nothing any more. Delete the picture."),
        _ => failure::internal("The picture was not read", cause),
    }
}
