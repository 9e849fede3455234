//! Runs that have become too old to be kept.

use jiff::Timestamp;
use rusqlite::{Connection, Transaction};

use crate::StoreError;
use crate::column::micros;

/// What is never removed for its age: what goes on, what a person has tagged, and what still has tokens at work.
const REMOVABLE: &str = "started_at < ? AND deleted_at IS NULL AND outcome <> 'running'
  AND NOT EXISTS (SELECT 1 FROM run_tag t WHERE t.run = run.seq)
  AND NOT EXISTS (SELECT 1 FROM token_grant g JOIN grant_lease l ON l.grant_id = g.id WHERE g.run = run.seq)";

/// How many runs [`remove_started_before`] would remove right now.
pub fn count_started_before(db: &Connection, time: Timestamp) -> Result<u32, StoreError> {
    let sql = format!("SELECT count(*) FROM run WHERE {REMOVABLE}");
    Ok(db.prepare_cached(&sql)?.query_row([micros(time)], |row| row.get(0))?)
}

/// How many walks have logins among those that [`remove_started_before`] would remove right now.
pub fn count_walks_started_before(db: &Connection, time: Timestamp) -> Result<u32, StoreError> {
    let sql = format!(
        "SELECT count(DISTINCT w.seq) FROM walk_run r JOIN walk w ON w.seq = r.walk AND w.deleted_at IS NULL
         WHERE r.run IN (SELECT id FROM run WHERE {REMOVABLE})"
    );
    Ok(db.prepare_cached(&sql)?.query_row([micros(time)], |row| row.get(0))?)
}

/// Removes for good the runs that started before a time, with everything that was recorded of them, except those with a tag. Says how
/// many went.
pub fn remove_started_before(tx: &Transaction<'_>, time: Timestamp) -> Result<usize, StoreError> {
    Ok(tx.prepare_cached(&format!("DELETE FROM run WHERE {REMOVABLE}"))?.execute([micros(time)])?)
}
