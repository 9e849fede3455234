//! The table `saved_filter`: what the list of runs can be narrowed to by name.

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::StoreError;
use crate::column::{Columns, micros, to_json};

/// A filter with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedFilter<Filter> {
    /// What the person calls it; upper and lower case do not tell two of them apart.
    pub name: String,
    /// What it narrows the list to.
    pub filter: Filter,
}

/// Every filter, by name. One of another form is [`StoreError::Unreadable`].
pub fn list<Filter: DeserializeOwned>(db: &Connection) -> Result<Vec<SavedFilter<Filter>>, StoreError> {
    let mut statement = db.prepare_cached("SELECT name, filter FROM saved_filter ORDER BY name")?;
    let rows = statement.query_map([], |row| {
        let mut columns = Columns::of(row);
        Ok(SavedFilter { name: columns.take()?, filter: columns.required_json()? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps a filter under its name, in the place of what was kept under it.
pub fn put(tx: &Transaction<'_>, saved: &SavedFilter<impl Serialize>, now: Timestamp) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO saved_filter (name, filter, created_at) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET filter = excluded.filter",
    )?
    .execute(params![saved.name, to_json(&saved.filter)?, micros(now)])?;
    Ok(())
}

/// Forgets a filter; one that is not there is no error.
pub fn remove(tx: &Transaction<'_>, name: &str) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM saved_filter WHERE name = ?")?.execute([name])?;
    Ok(())
}
