//! The table `rotation_intent`: refresh tokens that are about to be sent, or were, without an answer that settles it. Written and removed
//! by [`crate::rotation`].

use gatewright_model::{AttemptId, GrantId, RotationIntent};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, micros};

/// The intent of a grant. Its absence is no error: nothing is unsettled.
pub fn find(db: &Connection, grant: &GrantId) -> Result<Option<RotationIntent>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT grant_id, version, fingerprint, attempt, instance, started_at FROM rotation_intent WHERE grant_id = ?",
        )?
        .query_row([grant.as_str()], |row| {
            let mut columns = Columns::of(row);
            Ok(RotationIntent {
                grant: GrantId::new(columns.take::<String>()?),
                version: columns.take()?,
                fingerprint: columns.take()?,
                attempt: AttemptId::new(columns.take::<String>()?),
                instance: columns.take()?,
                started_at: columns.time()?,
            })
        })
        .optional()?)
}

/// Writes an intent, in the place of one that a person has decided about.
pub(crate) fn put(tx: &Transaction<'_>, intent: &RotationIntent) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO rotation_intent (grant_id, version, fingerprint, attempt, instance, started_at)
         VALUES (?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        intent.grant.as_str(),
        intent.version,
        intent.fingerprint,
        intent.attempt.as_str(),
        intent.instance,
        micros(intent.started_at),
    ])?;
    Ok(())
}

/// Removes an intent: what was sent is settled.
pub(crate) fn forget(tx: &Transaction<'_>, grant: &GrantId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM rotation_intent WHERE grant_id = ?")?.execute([grant.as_str()])?;
    Ok(())
}

/// Removes an intent that nobody will settle any more, because the grant is over.
pub(crate) fn forget_unless_leased(tx: &Transaction<'_>, grant: &GrantId) -> Result<(), StoreError> {
    tx.prepare_cached(
        "DELETE FROM rotation_intent WHERE grant_id = ?1
         AND NOT EXISTS (SELECT 1 FROM grant_lease WHERE grant_id = ?1)",
    )?
    .execute([grant.as_str()])?;
    Ok(())
}
