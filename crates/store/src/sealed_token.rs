//! The table `sealed_token`: the tokens of a run, sealed by the vault before they come here.

use gatewright_model::RunId;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{StoreError, run};

/// A token that only the vault can open.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedToken {
    /// `access_token`, `refresh_token` or `id_token`.
    pub name: String,
    /// The id of the key it was sealed with; the key is in the keyring.
    pub sealing_key: String,
    /// The sealed bytes, nonce included.
    pub sealed: Vec<u8>,
}

impl std::fmt::Debug for SealedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedToken({}, {} bytes)", self.name, self.sealed.len())
    }
}

/// The names of the tokens of a run.
pub(crate) const NAMES: &str = "SELECT name FROM sealed_token WHERE run = ? ORDER BY name";

/// Keeps a token of a run, in the place of one of the same name.
pub fn put(tx: &Transaction<'_>, id: &RunId, token: &SealedToken) -> Result<(), StoreError> {
    let run = run::number(tx, id)?;
    tx.prepare_cached("INSERT OR REPLACE INTO sealed_token (run, name, sealing_key, sealed) VALUES (?, ?, ?, ?)")?
        .execute(params![run, token.name, token.sealing_key, token.sealed])?;
    Ok(())
}

/// A token of a run by its name. Its absence is no error.
pub fn find(db: &Connection, id: &RunId, name: &str) -> Result<Option<SealedToken>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT t.name, t.sealing_key, t.sealed FROM sealed_token t JOIN run r ON r.seq = t.run
             WHERE r.id = ? AND r.deleted_at IS NULL AND t.name = ?",
        )?
        .query_row(params![id.as_str(), name], |row| {
            Ok(SealedToken { name: row.get(0)?, sealing_key: row.get(1)?, sealed: row.get(2)? })
        })
        .optional()?)
}

/// Forgets the tokens of a run: they were revoked, or the person wants them gone.
pub fn forget(tx: &Transaction<'_>, id: &RunId) -> Result<(), StoreError> {
    let run = run::number(tx, id)?;
    tx.prepare_cached("DELETE FROM sealed_token WHERE run = ?")?.execute([run])?;
    Ok(())
}

/// The names of the tokens that are kept for a run.
pub(crate) fn names(db: &Connection, run: i64) -> Result<Vec<String>, StoreError> {
    let mut statement = db.prepare_cached(NAMES)?;
    let names = statement.query_map([run], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}
