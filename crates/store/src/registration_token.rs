//! The table `registration_token`: the tokens by which clients are looked after at their provider, sealed by the vault before they come
//! here. A new one takes the place of the one before in the transaction that stores it.

use gatewright_model::ClientRecordId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, micros};

/// A registration access token that only the vault can open.
#[derive(Clone, PartialEq, Eq)]
pub struct RegistrationToken {
    /// 1 for the first.
    pub version: u32,
    /// The sealed bytes, nonce included.
    pub sealed: Vec<u8>,
    /// When it came.
    pub created_at: Timestamp,
}

impl std::fmt::Debug for RegistrationToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RegistrationToken(v{}, {} bytes)", self.version, self.sealed.len())
    }
}

/// The token that counts. Its absence is no error: a server need not issue one.
pub fn current(db: &Connection, client: &ClientRecordId) -> Result<Option<RegistrationToken>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT version, sealed, created_at FROM registration_token WHERE client = ? AND superseded_at IS NULL",
        )?
        .query_row([client.as_str()], |row| {
            let mut columns = Columns::of(row);
            Ok(RegistrationToken { version: columns.take()?, sealed: columns.take()?, created_at: columns.time()? })
        })
        .optional()?)
}

/// The version that the next token will have. Versions are not used twice.
pub fn next_version(db: &Connection, client: &ClientRecordId) -> Result<u32, StoreError> {
    Ok(db
        .prepare_cached("SELECT coalesce(max(version), 0) + 1 FROM registration_token WHERE client = ?")?
        .query_row([client.as_str()], |row| row.get(0))?)
}

/// Makes this the token that counts. The one before is kept, in case the server turns out to take that one only; those before it go.
pub fn add(tx: &Transaction<'_>, client: &ClientRecordId, token: &RegistrationToken) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM registration_token WHERE client = ? AND superseded_at IS NOT NULL")?
        .execute([client.as_str()])?;
    tx.prepare_cached("UPDATE registration_token SET superseded_at = ? WHERE client = ?")?
        .execute(params![micros(token.created_at), client.as_str()])?;
    tx.prepare_cached("INSERT INTO registration_token (client, version, sealed, created_at) VALUES (?, ?, ?, ?)")?
        .execute(params![client.as_str(), token.version, token.sealed, micros(token.created_at)])?;
    Ok(())
}
