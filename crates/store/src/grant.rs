//! The table `token_grant`: what people granted, as long as it can be refreshed. How its tokens are exchanged for newer ones is the
//! matter of [`crate::rotation`].

use gatewright_model::{ClientRecordId, Grant, GrantId, GrantState, RunId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::column::{Columns, Word, micros};
use crate::{StoreError, rotation_intent, run, token_version};

/// A grant with the id of its run; ends where a condition can follow.
const SELECT: &str =
    "SELECT g.id, r.id, g.client, g.state, g.version, g.access_expires_at, g.refresh_expires_at, g.created_at,
       g.refreshed_at
     FROM token_grant g JOIN run r ON r.seq = g.run";

/// Begins a grant with the tokens of its run as version 1: part of the transaction that keeps those tokens, after they are kept. Says no,
/// and writes nothing, when no refresh token of that run is kept: there is nothing to refresh with.
pub fn start(tx: &Transaction<'_>, grant: &Grant) -> Result<bool, StoreError> {
    let run = run::number(tx, &grant.run)?;
    let began = tx
        .prepare_cached(
            "INSERT INTO token_grant (id, run, client, state, version, access_expires_at, refresh_expires_at, created_at)
             SELECT ?, ?2, ?, 'live', 1, ?, ?, ?
             WHERE EXISTS (SELECT 1 FROM sealed_token WHERE run = ?2 AND name = 'refresh_token')",
        )?
        .execute(params![
            grant.id.as_str(),
            run,
            grant.client.as_str(),
            grant.access_expires_at.map(micros),
            grant.refresh_expires_at.map(micros),
            micros(grant.created_at),
        ])?;
    if began == 1 {
        token_version::insert(tx, &grant.id, 1, grant.created_at)?;
    }
    Ok(began == 1)
}

/// Looks a grant up by its id. One whose run is deleted is not found, even while the deletion can be undone.
pub fn find(db: &Connection, id: &GrantId) -> Result<Grant, StoreError> {
    db.prepare_cached(&format!("{SELECT} WHERE g.id = ? AND r.deleted_at IS NULL"))?
        .query_row([id.as_str()], from_row)
        .optional()?
        .ok_or_else(|| StoreError::NoSuchGrant(id.clone()))
}

/// The grant that came from a run. Its absence is no error: most logins give no refresh token.
pub fn find_by_run(db: &Connection, run: &RunId) -> Result<Option<Grant>, StoreError> {
    Ok(db
        .prepare_cached(&format!("{SELECT} WHERE r.id = ? AND r.deleted_at IS NULL"))?
        .query_row([run.as_str()], from_row)
        .optional()?)
}

/// The grants of a client, newest first.
pub fn list_by_client(db: &Connection, client: &ClientRecordId) -> Result<Vec<Grant>, StoreError> {
    let sql = format!("{SELECT} WHERE g.client = ? AND r.deleted_at IS NULL ORDER BY g.created_at DESC, g.id");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([client.as_str()], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The grants that wait for a person's decision, oldest first.
pub fn list_ambiguous(db: &Connection) -> Result<Vec<Grant>, StoreError> {
    let sql = format!("{SELECT} WHERE g.state = 'ambiguous' AND r.deleted_at IS NULL ORDER BY g.created_at, g.id");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Says that a grant is over: revoked, or the person was logged out. Its tokens stay, so that it can be tested whether they are really
/// dead. A refresh that is under way is not stopped: what it brings is kept, and the grant stays ended.
pub fn end(tx: &Transaction<'_>, id: &GrantId) -> Result<(), StoreError> {
    set_state(tx, id, GrantState::Ended)?;
    rotation_intent::forget_unless_leased(tx, id)
}

/// Says where a grant stands now.
pub(crate) fn set_state(tx: &Transaction<'_>, id: &GrantId, state: GrantState) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE token_grant SET state = ? WHERE id = ?")?
        .execute(params![state.word(), id.as_str()])?;
    if changed == 1 { Ok(()) } else { Err(StoreError::NoSuchGrant(id.clone())) }
}

/// Where a grant stands, whether its run is deleted or not.
pub(crate) fn state(db: &Connection, id: &GrantId) -> Result<GrantState, StoreError> {
    db.prepare_cached("SELECT state FROM token_grant WHERE id = ?")?
        .query_row([id.as_str()], |row| Columns::of(row).word())
        .optional()?
        .ok_or_else(|| StoreError::NoSuchGrant(id.clone()))
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Grant> {
    let mut columns = Columns::of(row);
    Ok(Grant {
        id: GrantId::new(columns.take::<String>()?),
        run: RunId::new(columns.take::<String>()?),
        client: ClientRecordId::new(columns.take::<String>()?),
        state: columns.word()?,
        version: columns.take()?,
        access_expires_at: columns.optional_time()?,
        refresh_expires_at: columns.optional_time()?,
        created_at: columns.time()?,
        refreshed_at: columns.optional_time()?,
    })
}
