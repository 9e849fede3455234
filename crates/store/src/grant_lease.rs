//! The table `grant_lease`: who works with a grant's tokens right now. Two tasks must not send the same refresh token; the second waits
//! until the first lets go, and then finds newer tokens.

use gatewright_model::{AttemptId, GrantId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, micros};

/// Who has a grant, and until when at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Who.
    pub owner: AttemptId,
    /// After this it counts for nothing: whoever had it is gone.
    pub expires_at: Timestamp,
}

/// The lease on a grant, expired or not. Its absence is no error: nobody has it.
pub fn find(db: &Connection, grant: &GrantId) -> Result<Option<Lease>, StoreError> {
    Ok(db
        .prepare_cached("SELECT owner, expires_at FROM grant_lease WHERE grant_id = ?")?
        .query_row([grant.as_str()], |row| {
            let mut columns = Columns::of(row);
            Ok(Lease { owner: AttemptId::new(columns.take::<String>()?), expires_at: columns.time()? })
        })
        .optional()?)
}

/// Takes the lease on a grant, or prolongs one's own. Says no when somebody else has it still.
pub fn take(tx: &Transaction<'_>, grant: &GrantId, lease: &Lease, now: Timestamp) -> Result<bool, StoreError> {
    let changed = tx
        .prepare_cached(
            "INSERT INTO grant_lease (grant_id, owner, expires_at) VALUES (?, ?, ?)
             ON CONFLICT (grant_id) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at
             WHERE grant_lease.owner = excluded.owner OR grant_lease.expires_at <= ?",
        )?
        .execute(params![grant.as_str(), lease.owner.as_str(), micros(lease.expires_at), micros(now)])?;
    Ok(changed == 1)
}

/// Lets go of a grant. Letting go of what somebody else has by now does nothing.
pub fn release(tx: &Transaction<'_>, grant: &GrantId, owner: &AttemptId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM grant_lease WHERE grant_id = ? AND owner = ?")?
        .execute(params![grant.as_str(), owner.as_str()])?;
    Ok(())
}
