//! The table `redirect_uri`: the redirect URIs of a client, each exactly as registered, in the order of the form.

use gatewright_model::{ClientRecordId, Environment, ProviderId};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use crate::StoreError;
use crate::column::Word as _;

/// The redirect URIs of a client, in the order of the form. None for a client that is not there.
pub fn list(db: &Connection, client: &ClientRecordId) -> Result<Vec<String>, StoreError> {
    let mut statement = db.prepare_cached("SELECT uri FROM redirect_uri WHERE client = ? ORDER BY position")?;
    let rows = statement.query_map([client.as_str()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The first kept client of another provider in the same environment that has a redirect URI.
pub(crate) const SHARED: &str =
    "SELECT redirect_uri.uri, client.provider, client.name FROM redirect_uri JOIN client ON client.id = redirect_uri.client
     WHERE redirect_uri.uri = ? AND client.provider <> ? AND client.environment = ? AND client.deleted_at IS NULL
     ORDER BY client.seq LIMIT 1";

/// The clients of other providers that have one of these redirect URIs: the URI, the provider, and the client's name. Deleted ones do not
/// count, nor do those of the other environment: no real provider ever sends anybody to where a twin does.
pub fn shared(
    db: &Connection,
    provider: &ProviderId,
    environment: Environment,
    uris: &[String],
) -> Result<Vec<(String, ProviderId, String)>, StoreError> {
    let mut statement = db.prepare_cached(SHARED)?;
    let mut found = Vec::new();
    for uri in uris {
        let row = statement.query_row(params![uri, provider.as_str(), environment.word()], |row| {
            Ok((row.get(0)?, ProviderId::new(row.get::<_, String>(1)?), row.get(2)?))
        });
        found.extend(row.optional()?);
    }
    Ok(found)
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
