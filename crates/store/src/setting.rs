//! The table `setting`: what the user has set, one key and one JSON value a row.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::StoreError;
use crate::column::{Columns, to_json};

/// The value under a key. Its absence is no error: the setting was never changed. A value of another type is [`StoreError::Unreadable`].
pub fn find<T: DeserializeOwned>(db: &Connection, key: &str) -> Result<Option<T>, StoreError> {
    Ok(db
        .prepare_cached("SELECT value FROM setting WHERE key = ?")?
        .query_row([key], |row| Columns::of(row).required_json())
        .optional()?)
}

/// Sets a value.
pub fn put(tx: &Transaction<'_>, key: &str, value: &impl Serialize) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?
    .execute(params![key, to_json(value)?])?;
    Ok(())
}

/// Goes back to what holds when nothing is set.
pub fn remove(tx: &Transaction<'_>, key: &str) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM setting WHERE key = ?")?.execute([key])?;
    Ok(())
}
