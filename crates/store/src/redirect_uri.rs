//! The table `redirect_uri`: the redirect URIs of a client, each exactly as registered, in the order of the form.

use gatewright_model::ClientRecordId;
use rusqlite::{Connection, Transaction, params};

use crate::StoreError;

/// The redirect URIs of a client, in the order of the form. None for a client that is not there.
pub fn list(db: &Connection, client: &ClientRecordId) -> Result<Vec<String>, StoreError> {
    let mut statement = db.prepare_cached("SELECT uri FROM redirect_uri WHERE client = ? ORDER BY position")?;
    let rows = statement.query_map([client.as_str()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Puts other redirect URIs in the place of a client's. Called by the functions of [`crate::client`], which keep the search index true.
pub(crate) fn replace(tx: &Transaction<'_>, client: &ClientRecordId, uris: &[String]) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM redirect_uri WHERE client = ?")?.execute([client.as_str()])?;
    let mut insert = tx.prepare_cached("INSERT INTO redirect_uri (client, position, uri) VALUES (?, ?, ?)")?;
    for (position, uri) in (0_i64..).zip(uris) {
        insert.execute(params![client.as_str(), position, uri])?;
    }
    Ok(())
}
