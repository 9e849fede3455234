//! The table `run_tag`: words that a person has put on runs. Upper and lower case do not tell two of them apart.

use gatewright_model::RunId;
use rusqlite::{Connection, Transaction, params};

use crate::StoreError;
use crate::run::number;

/// A tag and how many runs have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagCount {
    /// The tag, as it was written first.
    pub tag: String,
    /// The runs that have it, without deleted ones.
    pub runs: u32,
}

/// Puts a tag on a run; again is no error.
///
/// # Errors
/// [`StoreError::NoSuchRun`].
pub fn add(tx: &Transaction<'_>, run: &RunId, tag: &str) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT INTO run_tag (run, tag) VALUES (?, ?) ON CONFLICT DO NOTHING")?
        .execute(params![number(tx, run)?, tag])?;
    Ok(())
}

/// Takes a tag off a run; one it has not is no error.
///
/// # Errors
/// [`StoreError::NoSuchRun`].
pub fn remove(tx: &Transaction<'_>, run: &RunId, tag: &str) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM run_tag WHERE run = ? AND tag = ?")?.execute(params![number(tx, run)?, tag])?;
    Ok(())
}

/// The tags of a run, by name.
pub fn of_run(db: &Connection, run: &RunId) -> Result<Vec<String>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT t.tag FROM run_tag t JOIN run r ON r.seq = t.run WHERE r.id = ? ORDER BY t.tag")?;
    let rows = statement.query_map([run.as_str()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every tag that is in use, by name.
pub fn counts(db: &Connection) -> Result<Vec<TagCount>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT min(t.tag), count(*) FROM run_tag t JOIN run r ON r.seq = t.run
         WHERE r.deleted_at IS NULL GROUP BY t.tag ORDER BY t.tag",
    )?;
    let rows = statement.query_map([], |row| Ok(TagCount { tag: row.get(0)?, runs: row.get(1)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Says as SQL which tags the run `r` has, in one column and in the order of the primary key, by name: [`read`] takes it apart.
pub(crate) const OF_RUN: &str = "(SELECT group_concat(t.tag, char(31)) FROM run_tag t WHERE t.run = r.seq)";

/// Reads what [`OF_RUN`] says.
pub(crate) fn read(joined: Option<String>) -> Vec<String> {
    joined.map(|joined| joined.split('\u{1f}').map(str::to_owned).collect()).unwrap_or_default()
}
