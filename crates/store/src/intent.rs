//! The table `intent`: what is about to be done in the keyring.
//!
//! Keyring and database cannot commit together. So an intent is committed first, then the keyring is written and read back, then one
//! transaction writes the rows and removes the intent. An intent that is found at start says what an interruption left half done:
//!
//! | found | the row of that version | what happened | what to do |
//! | --- | --- | --- | --- |
//! | keep | is there | all but the removal of the intent | remove the intent |
//! | keep | is not there | the keyring may have the value | remove it from the keyring, then the intent |
//! | move | is there | the keyring may have the value; memory had it too and is gone | the row says what the keyring has, or that it is lost |
//! | move | is not there | the keyring may have the value | remove it from the keyring, then the intent |
//! | forget | any | the keyring may still have the value | remove it from the keyring, then the rows, then the intent |

use gatewright_model::ClientRecordId;
use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, Word, micros, words};

/// What is about to be done in the keyring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntentKind {
    /// A version's value will be written.
    KeepSecret,
    /// A version's value, which is in memory only, will be written.
    MoveSecret,
    /// A version's value will be removed.
    ForgetSecret,
}
words!(IntentKind { KeepSecret = "keep_secret", MoveSecret = "move_secret", ForgetSecret = "forget_secret" });

/// Something that was about to be done in the keyring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Its number.
    pub id: i64,
    /// What.
    pub kind: IntentKind,
    /// Whose secret; the record may not be there yet, or not any more.
    pub client: ClientRecordId,
    /// Which version of it.
    pub version: u32,
    /// When it was written.
    pub created_at: Timestamp,
}

/// Writes an intent, before the keyring is touched. Gives its number, to remove it with.
pub fn declare(
    tx: &Transaction<'_>,
    kind: IntentKind,
    client: &ClientRecordId,
    version: u32,
    now: Timestamp,
) -> Result<i64, StoreError> {
    tx.prepare_cached("INSERT INTO intent (what, client, version, created_at) VALUES (?, ?, ?, ?)")?
        .execute(params![kind.word(), client.as_str(), version, micros(now)])?;
    Ok(tx.last_insert_rowid())
}

/// Removes an intent: keyring and rows agree. Removing one twice is no error, so that a clean-up can be repeated.
pub fn settle(tx: &Transaction<'_>, id: i64) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM intent WHERE id = ?")?.execute([id])?;
    Ok(())
}

/// The intents that are there, oldest first. At start these are the ones an interruption left.
pub fn list(db: &Connection) -> Result<Vec<Intent>, StoreError> {
    let mut statement = db.prepare_cached("SELECT id, what, client, version, created_at FROM intent ORDER BY id")?;
    let rows = statement.query_map([], |row| {
        let mut columns = Columns::of(row);
        Ok(Intent {
            id: columns.take()?,
            kind: columns.word()?,
            client: ClientRecordId::new(columns.take::<String>()?),
            version: columns.take()?,
            created_at: columns.time()?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
