//! Which values are kept, and how long those that nobody uses any more are.

use gatewright_model::ClientRecordId;
use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};

use super::missing;
use crate::StoreError;
use crate::column::micros;

/// A version whose value is kept somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptVersion {
    /// Whose secret it is.
    pub client: ClientRecordId,
    /// Which version.
    pub version: u32,
}

pub(crate) const RETIRED_BEFORE: &str = "SELECT client, version FROM secret_version
  WHERE state = 'retired' AND removed_at IS NULL AND retired_at <= ? ORDER BY retired_at, client, version";

/// Versions that were retired at this time or before and whose value is still kept, the oldest first.
pub fn retired_before(db: &Connection, time: Timestamp) -> Result<Vec<KeptVersion>, StoreError> {
    let mut statement = db.prepare_cached(RETIRED_BEFORE)?;
    let rows = statement.query_map([micros(time)], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every version whose value may be in the keyring, those of deleted clients and lost ones included: the entries that are not orphans.
pub fn kept(db: &Connection) -> Result<Vec<KeptVersion>, StoreError> {
    let mut statement = db.prepare_cached("SELECT client, version FROM secret_version WHERE removed_at IS NULL")?;
    let rows = statement.query_map([], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Writes down that the value of a version is kept nowhere any more. The row stays: what it was and when is not a secret.
pub fn mark_removed(
    tx: &Transaction<'_>,
    client: &ClientRecordId,
    version: u32,
    at: Timestamp,
) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE secret_version SET removed_at = coalesce(removed_at, ?) WHERE client = ? AND version = ?",
        )?
        .execute(params![micros(at), client.as_str(), version])?;
    if changed == 1 { Ok(()) } else { Err(missing(client, version)) }
}

fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<KeptVersion> {
    Ok(KeptVersion { client: ClientRecordId::new(row.get::<_, String>(0)?), version: row.get(1)? })
}
