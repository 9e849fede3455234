//! The table `client`: the OAuth clients the user keeps.

mod list;
pub mod rotation_policy;

use gatewright_model::{Client, ClientRecordId, Environment, ProviderId};
use gatewright_protocol::ClientId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::column::{Columns, Word, kind_of, micros, to_json};
use crate::{StoreError, redirect_uri};

#[cfg(any(test, feature = "bench-support"))]
pub(crate) use list::page;
pub use list::{ActiveSecret, ClientQuery, ClientRow, Counts, LastRun, count, count_by_provider, counts, list, tags};

/// Looks a client up by its id. A deleted one is not found, even while the deletion can be undone.
pub fn find(db: &Connection, id: &ClientRecordId) -> Result<Client, StoreError> {
    let client = fetch(db, id)?.filter(|client| client.deleted_at.is_none());
    client.ok_or_else(|| StoreError::NoSuchClient(id.clone()))
}

/// Looks a client up by its id, deleted or not. Its absence is no error.
pub fn find_even_deleted(db: &Connection, id: &ClientRecordId) -> Result<Option<Client>, StoreError> {
    fetch(db, id)
}

/// The client that is kept under an identifier already. Its absence is no error.
pub fn find_by_identifier(
    db: &Connection,
    provider: &ProviderId,
    environment: Environment,
    client_id: &ClientId,
) -> Result<Option<ClientRecordId>, StoreError> {
    let id = db
        .prepare_cached(
            "SELECT id FROM client WHERE client_id = ? AND client_id_kind = ? AND provider = ? AND environment = ?
             AND deleted_at IS NULL",
        )?
        .query_row(
            params![client_id.to_string(), kind_of(client_id).word(), provider.as_str(), environment.word()],
            |row| row.get::<_, String>(0),
        )
        .optional()?;
    Ok(id.map(ClientRecordId::new))
}

/// Keeps a new client.
pub fn insert(tx: &Transaction<'_>, client: &Client) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO client (id, provider, environment, name, client_id, client_id_kind, ownership, owner, tag, notes,
           protocol_settings, created_at, updated_at, deleted_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        client.id.as_str(),
        client.provider.as_str(),
        client.environment.word(),
        client.name,
        client.client_id.to_string(),
        kind_of(&client.client_id).word(),
        client.ownership.word(),
        client.owner,
        client.tag,
        client.notes,
        settings_to_json(client)?,
        micros(client.created_at),
        micros(client.updated_at),
        client.deleted_at.map(micros),
    ])?;
    let seq = tx.last_insert_rowid();
    redirect_uri::replace(tx, &client.id, &client.redirect_uris)?;
    index(tx, seq, client)
}

/// Changes a client that is there: everything but its id, when it was made, and whether it is deleted.
pub fn update(tx: &Transaction<'_>, client: &Client) -> Result<(), StoreError> {
    let seq = tx
        .prepare_cached(
            "UPDATE client SET provider = ?, environment = ?, name = ?, client_id = ?, client_id_kind = ?, ownership = ?, owner = ?,
               tag = ?, notes = ?, protocol_settings = ?, updated_at = ?
             WHERE id = ? AND deleted_at IS NULL RETURNING seq",
        )?
        .query_row(
            params![
                client.provider.as_str(),
                client.environment.word(),
                client.name,
                client.client_id.to_string(),
                kind_of(&client.client_id).word(),
                client.ownership.word(),
                client.owner,
                client.tag,
                client.notes,
                settings_to_json(client)?,
                micros(client.updated_at),
                client.id.as_str(),
            ],
            |row| row.get(0),
        )
        .optional()?
        .ok_or_else(|| StoreError::NoSuchClient(client.id.clone()))?;
    redirect_uri::replace(tx, &client.id, &client.redirect_uris)?;
    index(tx, seq, client)
}

/// Deletes a client so that it can still be restored. Its secret versions stay.
pub fn delete(tx: &Transaction<'_>, id: &ClientRecordId, now: Timestamp) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE client SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL")?
        .execute(params![micros(now), id.as_str()])?;
    if changed == 1 { Ok(()) } else { Err(StoreError::NoSuchClient(id.clone())) }
}

/// Takes a deletion back. An error when there is nothing to restore: it was purged, or never deleted.
pub fn restore(tx: &Transaction<'_>, id: &ClientRecordId) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE client SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL")?
        .execute([id.as_str()])?;
    if changed == 1 { Ok(()) } else { Err(StoreError::NoSuchClient(id.clone())) }
}

/// Clients that were deleted at this time or before, oldest first: their secrets have to leave the keyring, then they can be purged.
pub fn deleted_before(db: &Connection, time: Timestamp) -> Result<Vec<ClientRecordId>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT id FROM client WHERE deleted_at IS NOT NULL AND deleted_at <= ? ORDER BY deleted_at, id",
    )?;
    let rows = statement.query_map([micros(time)], |row| row.get::<_, String>(0))?;
    Ok(rows.map(|id| id.map(ClientRecordId::new)).collect::<Result<_, _>>()?)
}

/// Removes a deleted client for good, with its redirect URIs and the rows of its secret versions. Its runs stay. Purging what is gone
/// already is no error, so that an interrupted clean-up can be repeated.
pub fn purge(tx: &Transaction<'_>, id: &ClientRecordId) -> Result<(), StoreError> {
    let seq: Option<i64> = tx
        .prepare_cached("DELETE FROM client WHERE id = ? AND deleted_at IS NOT NULL RETURNING seq")?
        .query_row([id.as_str()], |row| row.get(0))
        .optional()?;
    if let Some(seq) = seq {
        tx.prepare_cached("DELETE FROM client_search WHERE rowid = ?")?.execute([seq])?;
    }
    Ok(())
}

fn fetch(db: &Connection, id: &ClientRecordId) -> Result<Option<Client>, StoreError> {
    let client = db
        .prepare_cached(
            "SELECT id, provider, environment, name, client_id, client_id_kind, ownership, owner, tag, notes,
               protocol_settings, created_at, updated_at, deleted_at
             FROM client WHERE id = ?",
        )?
        .query_row([id.as_str()], from_row)
        .optional()?;
    let Some(mut client) = client else { return Ok(None) };
    client.redirect_uris = redirect_uri::list(db, id)?;
    Ok(Some(client))
}

/// A client's protocol settings as they stand in their column; none when nothing differs, as with most.
fn settings_to_json(client: &Client) -> Result<Option<String>, StoreError> {
    let settings = &client.protocol_settings;
    (!settings.is_default()).then(|| to_json(settings)).transpose()
}

/// A client without its redirect URIs, which are in a table of their own.
fn from_row(row: &Row<'_>) -> rusqlite::Result<Client> {
    let mut columns = Columns::of(row);
    Ok(Client {
        id: ClientRecordId::new(columns.take::<String>()?),
        provider: ProviderId::new(columns.take::<String>()?),
        environment: columns.word()?,
        name: columns.take()?,
        client_id: columns.client_id()?,
        redirect_uris: Vec::new(),
        ownership: columns.word()?,
        owner: columns.take()?,
        tag: columns.take()?,
        notes: columns.take()?,
        protocol_settings: columns.json()?.unwrap_or_default(),
        created_at: columns.time()?,
        updated_at: columns.time()?,
        deleted_at: columns.optional_time()?,
    })
}

/// Puts a client into the search index, in the place of what was there.
fn index(tx: &Transaction<'_>, seq: i64, client: &Client) -> Result<(), StoreError> {
    let client_id = client.client_id.to_string();
    let mut lines = vec![&*client.name, &*client_id, &*client.owner, &*client.tag, &*client.notes];
    lines.extend(client.redirect_uris.iter().map(String::as_str));
    tx.prepare_cached("INSERT OR REPLACE INTO client_search (rowid, text) VALUES (?, ?)")?
        .execute(params![seq, lines.join("\n")])?;
    Ok(())
}
