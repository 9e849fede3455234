//! The table `keyring_orphan`: entries of ours in the keyring that no row knows, since when.
//!
//! They may be what a crash left, or belong to a copy of the database that was changed elsewhere. So they go when nobody has known them
//! for a week, not at once.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Transaction, params};

use crate::StoreError;
use crate::column::micros;

/// How long an entry that nobody knows is left alone.
pub const LEFT_ALONE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Writes down which entries nobody knows now: those that are new with the time, those that are not among them any more not at all.
pub fn note(tx: &Transaction<'_>, entries: &[String], now: Timestamp) -> Result<(), StoreError> {
    let known: Vec<String> = {
        let mut statement = tx.prepare_cached("SELECT entry FROM keyring_orphan")?;
        statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    for gone in known.iter().filter(|entry| !entries.contains(entry)) {
        forget(tx, gone)?;
    }
    for entry in entries {
        tx.prepare_cached("INSERT INTO keyring_orphan (entry, first_seen_at) VALUES (?, ?) ON CONFLICT DO NOTHING")?
            .execute(params![entry, micros(now)])?;
    }
    Ok(())
}

/// The entries that nobody has known since this time or longer.
pub fn seen_before(db: &Connection, time: Timestamp) -> Result<Vec<String>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT entry FROM keyring_orphan WHERE first_seen_at <= ? ORDER BY entry")?;
    let entries = statement.query_map([micros(time)], |row| row.get(0))?;
    Ok(entries.collect::<Result<_, _>>()?)
}

/// Forgets an entry: it is not in the keyring any more.
pub fn forget(tx: &Transaction<'_>, entry: &str) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM keyring_orphan WHERE entry = ?")?.execute([entry])?;
    Ok(())
}
