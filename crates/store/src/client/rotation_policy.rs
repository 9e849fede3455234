//! The column `client.rotate_after_days`, and the days that follow from it.

use gatewright_model::ClientRecordId;
use gatewright_model::secret_version::RotationPolicy;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::StoreError;
use crate::column::micros;

/// After how long a client's secret is due. A deleted client has none.
pub fn find(db: &Connection, client: &ClientRecordId) -> Result<RotationPolicy, StoreError> {
    policy(db, client, "SELECT rotate_after_days FROM client WHERE id = ? AND deleted_at IS NULL")
}

/// Sets after how long a client's secret is due, and with it the day on which the active one is.
pub fn set(tx: &Transaction<'_>, client: &ClientRecordId, policy: RotationPolicy) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE client SET rotate_after_days = ? WHERE id = ? AND deleted_at IS NULL")?
        .execute(params![policy.days(), client.as_str()])?;
    if changed == 0 {
        return Err(StoreError::NoSuchClient(client.clone()));
    }
    apply(tx, client)
}

/// Works out anew when a client's active secret is due.
pub(crate) fn apply(tx: &Transaction<'_>, client: &ClientRecordId) -> Result<(), StoreError> {
    let policy = policy(tx, client, "SELECT rotate_after_days FROM client WHERE id = ?")?;
    let Some(active) = crate::secret_version::active(tx, client)? else { return Ok(()) };
    let due_at = policy.due_at(active.promoted_at.unwrap_or(active.created_at));
    tx.prepare_cached("UPDATE secret_version SET due_at = ? WHERE client = ? AND state = 'active'")?
        .execute(params![due_at.map(micros), client.as_str()])?;
    Ok(())
}

fn policy(db: &Connection, client: &ClientRecordId, sql: &str) -> Result<RotationPolicy, StoreError> {
    let days: Option<Option<u32>> =
        db.prepare_cached(sql)?.query_row([client.as_str()], |row| row.get(0)).optional()?;
    let days = days.ok_or_else(|| StoreError::NoSuchClient(client.clone()))?;
    // A number that is out of bounds cannot be in the column; if it is, never asking is worse than asking too often.
    Ok(days.map_or(RotationPolicy::NEVER, |days| RotationPolicy::after_days(days).unwrap_or_default()))
}
