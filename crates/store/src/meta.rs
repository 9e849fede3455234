//! The table `meta`: the facts that hold for the whole database, one row.

use rusqlite::{Connection, Transaction, params};

use crate::StoreError;

/// What is known of the key that seals tokens. The key itself is in the keyring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealingKeyFacts {
    /// Its id, under which the keyring has it.
    pub id: String,
    /// Made with the key: tells a wrong key from the right one before anything is opened with it.
    pub check: Vec<u8>,
}

/// The namespace under which this database's entries are filed in the keyring. None before it was set.
pub fn namespace(db: &Connection) -> Result<Option<String>, StoreError> {
    Ok(db.prepare_cached("SELECT namespace FROM meta")?.query_row([], |row| row.get(0))?)
}

/// Sets the namespace, once for all: another one would cut every secret off from its row.
pub fn set_namespace(tx: &Transaction<'_>, namespace: &str) -> Result<(), StoreError> {
    let changed = tx.prepare_cached("UPDATE meta SET namespace = ? WHERE namespace IS NULL")?.execute([namespace])?;
    if changed == 1 { Ok(()) } else { Err(StoreError::NamespaceTaken) }
}

/// What is known of the key that seals tokens. None before there was one.
pub fn sealing_key(db: &Connection) -> Result<Option<SealingKeyFacts>, StoreError> {
    let (id, check): (Option<String>, Option<Vec<u8>>) = db
        .prepare_cached("SELECT sealing_key, sealing_key_check FROM meta")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(id.zip(check).map(|(id, check)| SealingKeyFacts { id, check }))
}

/// Says which key seals tokens from now on. Tokens sealed with another key stay as they are.
pub fn set_sealing_key(tx: &Transaction<'_>, facts: &SealingKeyFacts) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE meta SET sealing_key = ?, sealing_key_check = ?")?
        .execute(params![facts.id, facts.check])?;
    Ok(())
}

/// How many starts and clean ends the database has seen. One that is behind what the keyring remembers is from an earlier day.
pub fn generation(db: &Connection) -> Result<u32, StoreError> {
    Ok(db.prepare_cached("SELECT generation FROM meta")?.query_row([], |row| row.get(0))?)
}

/// Sets how many starts and clean ends the database has seen.
pub fn set_generation(tx: &Transaction<'_>, generation: u32) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE meta SET generation = ?")?.execute([generation])?;
    Ok(())
}

/// The number of the newest migration the database has been through.
pub fn schema_version(db: &Connection) -> Result<u32, StoreError> {
    Ok(db.query_row("SELECT max(version) FROM refinery_schema_history", [], |row| row.get(0))?)
}
