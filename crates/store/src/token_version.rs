//! The table `token_version`: the sets of tokens a grant has had. The tokens are in [`crate::versioned_token`], those of version 1 in
//! [`crate::sealed_token`].

use gatewright_model::GrantId;
use gatewright_model::grant::{TokenVersion, TokenVersionState};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Row, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, micros};

/// How long superseded tokens are kept at most, in case the newer ones turn out not to work: see [`sweep`].
pub const SUPERSEDED_KEPT: SignedDuration = SignedDuration::from_hours(24);

/// The versions of a grant's tokens that are kept, newest first: the current one and, for a while, the one before it.
pub fn list(db: &Connection, grant: &GrantId) -> Result<Vec<TokenVersion>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT version, created_at, superseded_at FROM token_version WHERE grant_id = ? ORDER BY version DESC",
    )?;
    let rows = statement.query_map([grant.as_str()], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets every version that was superseded at this time or before, with its tokens. Of version 1 only the refresh token goes: the
/// others are what the run was given, and stay with it. Says how many versions went.
pub fn sweep(tx: &Transaction<'_>, superseded_until: Timestamp) -> Result<usize, StoreError> {
    tx.prepare_cached(
        "DELETE FROM sealed_token WHERE name = 'refresh_token' AND run IN (
           SELECT g.run FROM token_version v JOIN token_grant g ON g.id = v.grant_id
           WHERE v.superseded_at <= ? AND v.version = 1)",
    )?
    .execute([micros(superseded_until)])?;
    Ok(tx.prepare_cached("DELETE FROM token_version WHERE superseded_at <= ?")?.execute([micros(superseded_until)])?)
}

/// Adds the current version of a grant. There is at most one.
pub(crate) fn insert(tx: &Transaction<'_>, grant: &GrantId, version: u32, now: Timestamp) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT INTO token_version (grant_id, version, created_at) VALUES (?, ?, ?)")?
        .execute(params![grant.as_str(), version, micros(now)])?;
    Ok(())
}

/// Says that the current version of a grant is no longer the newest.
pub(crate) fn supersede(tx: &Transaction<'_>, grant: &GrantId, now: Timestamp) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE token_version SET superseded_at = ? WHERE grant_id = ? AND superseded_at IS NULL")?
        .execute(params![micros(now), grant.as_str()])?;
    Ok(())
}

/// Forgets the versions of a grant before one whose refresh token has just proved good, as [`sweep`] does.
pub(crate) fn forget_before(tx: &Transaction<'_>, grant: &GrantId, version: u32) -> Result<(), StoreError> {
    tx.prepare_cached(
        "DELETE FROM sealed_token WHERE name = 'refresh_token' AND run IN (
           SELECT g.run FROM token_version v JOIN token_grant g ON g.id = v.grant_id
           WHERE v.grant_id = ? AND v.version = 1 AND v.version < ?)",
    )?
    .execute(params![grant.as_str(), version])?;
    tx.prepare_cached("DELETE FROM token_version WHERE grant_id = ? AND version < ?")?
        .execute(params![grant.as_str(), version])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<TokenVersion> {
    let mut columns = Columns::of(row);
    let version = columns.take()?;
    let created_at = columns.time()?;
    let superseded_at = columns.optional_time()?;
    let state = if superseded_at.is_some() { TokenVersionState::Superseded } else { TokenVersionState::Current };
    Ok(TokenVersion { version, state, created_at, superseded_at })
}
