//! The table `evidence`: what the pages of a run looked like. A row names the file with the picture, or says why there is none.

use std::collections::HashSet;
use std::hash::BuildHasher;

use gatewright_model::RunId;
use gatewright_model::evidence::{Evidence, Missing, Moment, Picture};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::column::{Columns, Word, micros, words};
use crate::{StoreError, run};

words!(Moment { PageLoaded = "page_loaded", Decided = "decided", TimeRanOut = "time_ran_out" });
words!(Missing {
    SwitchedOff = "switched_off", NotOnThisSystem = "not_on_this_system", LeftBefore = "left_before",
    NotTaken = "not_taken", TooLarge = "too_large", RunFull = "run_full", NotKept = "not_kept",
    Expired = "expired", Deleted = "deleted", NotInBackup = "not_in_backup"
});

/// Forgets the pictures of the rows where something is so, and says why in their place.
macro_rules! forget_where {
    ($why:literal, $which:literal) => {
        concat!(
            "UPDATE evidence SET missing = '",
            $why,
            "', sha256 = NULL, bytes = NULL, width = NULL, height = NULL, deleted_at = NULL WHERE ",
            $which
        )
    };
}

/// The looks at a run's pages, in order.
pub(crate) const LIST: &str =
    "SELECT id, deleted_at IS NOT NULL, page, moment, address, at, sha256, bytes, width, height, missing
     FROM evidence WHERE run = ? ORDER BY page, moment <> 'page_loaded', moment = 'time_ran_out'";
/// The pictures that are older than a time.
pub(crate) const EXPIRE: &str = forget_where!("expired", "sha256 IS NOT NULL AND at < ?");

/// A recorded look at a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRow {
    /// The row's own number.
    pub id: i64,
    /// What was seen. A picture whose deletion can still be taken back is [`Missing::Deleted`] already.
    pub evidence: Evidence,
}

/// What is kept of pictures, all runs together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    /// How many pictures the records name.
    pub pictures: u32,
    /// How many bytes their files have; equal pictures count once.
    pub bytes: u64,
    /// How many of them were taken before the time that was asked about.
    pub older: u32,
    /// When the oldest of the others was taken.
    pub oldest_other: Option<Timestamp>,
}

/// The file of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureFile {
    /// SHA-256 of the file, and its name.
    pub sha256: String,
    /// Length of the file.
    pub bytes: u32,
}

/// Records a look at a page and gives the row's number. A run that has ended takes it too: its last picture comes after its end.
pub fn put(tx: &Transaction<'_>, run: &RunId, evidence: &Evidence) -> Result<i64, StoreError> {
    let run = run::number(tx, run)?;
    let picture = evidence.picture.as_ref().ok();
    tx.prepare_cached(
        "INSERT INTO evidence (run, page, moment, address, at, sha256, bytes, width, height, missing)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        run,
        evidence.page,
        evidence.moment.word(),
        evidence.address,
        micros(evidence.at),
        picture.map(|picture| &picture.sha256),
        picture.map(|picture| picture.bytes),
        picture.map(|picture| picture.width),
        picture.map(|picture| picture.height),
        evidence.picture.as_ref().err().map(|missing| missing.word()),
    ])?;
    Ok(tx.last_insert_rowid())
}

/// The number of the next page of a run: a run may open its login view more than once.
pub fn next_page(db: &Connection, run: &RunId) -> Result<u32, StoreError> {
    let run = run::number(db, run)?;
    Ok(db
        .prepare_cached("SELECT coalesce(max(page) + 1, 0) FROM evidence WHERE run = ?")?
        .query_row([run], |row| row.get(0))?)
}

/// How many bytes the pictures of a run have.
pub fn bytes_of(db: &Connection, run: &RunId) -> Result<u64, StoreError> {
    let run = run::number(db, run)?;
    let bytes: i64 = db
        .prepare_cached("SELECT coalesce(sum(bytes), 0) FROM evidence WHERE run = ?")?
        .query_row([run], |row| row.get(0))?;
    Ok(u64::try_from(bytes).unwrap_or(0))
}

/// The looks at a run's pages, in order. Those of a deleted run are not found, even while the deletion can be undone.
pub fn list(db: &Connection, run: &RunId) -> Result<Vec<EvidenceRow>, StoreError> {
    run::find(db, run)?;
    let run = run::number(db, run)?;
    let mut statement = db.prepare_cached(LIST)?;
    let rows = statement.query_map([run], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One picture.
///
/// # Errors
/// [`StoreError::NoSuchPicture`] when there is none (any more), also while its deletion can be taken back.
pub fn picture(db: &Connection, id: i64) -> Result<Picture, StoreError> {
    db.prepare_cached(
        "SELECT sha256, bytes, width, height FROM evidence
         WHERE id = ? AND sha256 IS NOT NULL AND deleted_at IS NULL",
    )?
    .query_row([id], |row| {
        let mut columns = Columns::of(row);
        Ok(Picture { sha256: columns.take()?, bytes: columns.take()?, width: columns.take()?, height: columns.take()? })
    })
    .optional()?
    .ok_or(StoreError::NoSuchPicture(id))
}

/// Deletes a picture alone, so that it can still be restored.
///
/// # Errors
/// [`StoreError::NoSuchPicture`] when there is none.
pub fn delete(tx: &Transaction<'_>, id: i64, now: Timestamp) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE evidence SET deleted_at = ? WHERE id = ? AND sha256 IS NOT NULL AND deleted_at IS NULL",
        )?
        .execute(params![micros(now), id])?;
    if changed == 1 { Ok(()) } else { Err(StoreError::NoSuchPicture(id)) }
}

/// Takes that back.
///
/// # Errors
/// [`StoreError::NoSuchPicture`] when there is nothing to take back (any more).
pub fn restore(tx: &Transaction<'_>, id: i64) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE evidence SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL")?
        .execute([id])?;
    if changed == 1 { Ok(()) } else { Err(StoreError::NoSuchPicture(id)) }
}

/// Forgets for good the pictures that were deleted at this time or before. Says how many.
pub fn purge_deleted_before(tx: &Transaction<'_>, time: Timestamp) -> Result<usize, StoreError> {
    Ok(tx
        .prepare_cached(forget_where!("deleted", "deleted_at IS NOT NULL AND deleted_at <= ?"))?
        .execute([micros(time)])?)
}

/// Forgets the pictures that were taken before this time. That there was one is remembered. Says how many.
pub fn expire_before(tx: &Transaction<'_>, time: Timestamp) -> Result<usize, StoreError> {
    Ok(tx.prepare_cached(EXPIRE)?.execute([micros(time)])?)
}

/// The names of every picture that a row names: no other file is of use.
pub fn named(db: &Connection) -> Result<HashSet<String>, StoreError> {
    let mut statement = db.prepare_cached("SELECT DISTINCT sha256 FROM evidence WHERE sha256 IS NOT NULL")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What is kept, and how much of it was taken before a time.
pub fn stock(db: &Connection, before: Timestamp) -> Result<Stock, StoreError> {
    let bytes: i64 = db
        .prepare_cached(
            "SELECT coalesce(sum(bytes), 0)
             FROM (SELECT max(bytes) AS bytes FROM evidence WHERE sha256 IS NOT NULL GROUP BY sha256)",
        )?
        .query_row([], |row| row.get(0))?;
    let mut statement = db.prepare_cached(
        "SELECT count(*), coalesce(sum(at < ?1), 0), min(CASE WHEN at >= ?1 THEN at END)
         FROM evidence WHERE sha256 IS NOT NULL",
    )?;
    Ok(statement.query_row([micros(before)], |row| {
        let mut columns = Columns::of(row);
        Ok(Stock {
            pictures: columns.take()?,
            bytes: u64::try_from(bytes).unwrap_or(0),
            older: columns.take()?,
            oldest_other: columns.optional_time()?,
        })
    })?)
}

/// What a copy for a backup does with pictures that do not go along.
pub(crate) const FORGET_PICTURES: &str = forget_where!("not_in_backup", "sha256 IS NOT NULL");
/// What it does with those that are deleted, though that can still be taken back here: nobody wants them in a backup.
pub(crate) const FORGET_DELETED_PICTURES: &str = forget_where!("deleted", "deleted_at IS NOT NULL");

/// The files of the pictures that rows name, the one that was taken last first.
pub(crate) fn files(db: &Connection) -> rusqlite::Result<Vec<PictureFile>> {
    let mut statement = db.prepare(
        "SELECT sha256, max(bytes) FROM evidence WHERE sha256 IS NOT NULL GROUP BY sha256 ORDER BY max(at) DESC, sha256",
    )?;
    let rows = statement.query_map([], |row| {
        let mut columns = Columns::of(row);
        Ok(PictureFile { sha256: columns.take()?, bytes: columns.take()? })
    })?;
    rows.collect()
}

/// Forgets every picture whose file did not come along with the database.
pub fn keep_only<S: BuildHasher>(tx: &Transaction<'_>, there: &HashSet<String, S>) -> Result<(), StoreError> {
    let mut forget = tx.prepare_cached(forget_where!("not_in_backup", "sha256 = ?"))?;
    for name in named(tx)?.iter().filter(|name| !there.contains(*name)) {
        forget.execute([name])?;
    }
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<EvidenceRow> {
    let mut columns = Columns::of(row);
    let (id, deleted): (i64, bool) = (columns.take()?, columns.take()?);
    let (page, moment, address, at) = (columns.take()?, columns.word()?, columns.take()?, columns.time()?);
    let sha256: Option<String> = columns.take()?;
    let picture = match sha256 {
        Some(_) if deleted => Err(Missing::Deleted),
        Some(sha256) => Ok(Picture { sha256, bytes: columns.take()?, width: columns.take()?, height: columns.take()? }),
        None => {
            columns.skip(3);
            Err(columns.word()?)
        }
    };
    Ok(EvidenceRow { id, evidence: Evidence { page, address, moment, at, picture } })
}
