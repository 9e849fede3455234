//! The table `replaced_token`: registration access tokens that came in the place of pasted ones before their client was kept, sealed by
//! the vault before they come here.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::StoreError;
use crate::column::micros;

/// A token that only the vault can open.
#[derive(Clone, PartialEq, Eq)]
pub struct ReplacedToken {
    /// Where the client is looked after: the address that was pasted.
    pub address: String,
    /// The keyed fingerprint of the token that was pasted, which the provider does not take any more.
    pub pasted: String,
    /// The sealed bytes, nonce included.
    pub sealed: Vec<u8>,
    /// When it came.
    pub created_at: Timestamp,
}

impl std::fmt::Debug for ReplacedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReplacedToken({} bytes)", self.sealed.len())
    }
}

/// Keeps a token, in the place of an earlier one of the same address.
pub fn put(tx: &Transaction<'_>, token: &ReplacedToken) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO replaced_token (address, pasted, sealed, created_at) VALUES (?, ?, ?, ?)",
    )?
    .execute(params![token.address, token.pasted, token.sealed, micros(token.created_at)])?;
    Ok(())
}

/// The sealed token that took the place of the one with this fingerprint. Its absence is no error.
pub fn find(db: &Connection, address: &str, pasted: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(db
        .prepare_cached("SELECT sealed FROM replaced_token WHERE address = ? AND pasted = ?")?
        .query_row([address, pasted], |row| row.get(0))
        .optional()?)
}

/// Forgets the token of an address: its client is kept now, and the token with it.
pub fn forget(tx: &Transaction<'_>, address: &str) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM replaced_token WHERE address = ?")?.execute([address])?;
    Ok(())
}
