//! The table `secret_version`: which values a client's secret has had. Never a value.

use gatewright_model::secret_version::{SecretPlace, SecretVersionState};
use gatewright_model::{ClientRecordId, SecretVersion};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, Word, micros};

const COLUMNS: &str = "client, version, state, place, last_four, fingerprint, created_at";

/// Every version a client's secret has had, newest first. None for a client that is not there.
pub fn list(db: &Connection, client: &ClientRecordId) -> Result<Vec<SecretVersion>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM secret_version WHERE client = ? ORDER BY version DESC");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([client.as_str()], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The version that logins use. Its absence is no error: a public client has no secret.
pub fn active(db: &Connection, client: &ClientRecordId) -> Result<Option<SecretVersion>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM secret_version WHERE client = ? AND state = 'active'");
    Ok(db.prepare_cached(&sql)?.query_row([client.as_str()], from_row).optional()?)
}

/// The number the next version gets: 1 for the first. Numbers are not used again while a row remembers them.
pub fn next_number(db: &Connection, client: &ClientRecordId) -> Result<u32, StoreError> {
    Ok(db
        .prepare_cached("SELECT coalesce(max(version), 0) + 1 FROM secret_version WHERE client = ?")?
        .query_row([client.as_str()], |row| row.get(0))?)
}

/// How many secrets are in memory only, until Gatewright ends.
pub fn count_in_session(db: &Connection) -> Result<u32, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT count(*) FROM secret_version
             WHERE place = 'session' AND state IN ('staged', 'active', 'retiring')",
        )?
        .query_row([], |row| row.get(0))?)
}

/// Adds a version. A client has at most one active version: use [`make_active`] to change which.
pub fn insert(tx: &Transaction<'_>, version: &SecretVersion) -> Result<(), StoreError> {
    tx.prepare_cached(&format!("INSERT INTO secret_version ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"))?.execute(
        params![
            version.client.as_str(),
            version.version,
            version.state.word(),
            version.place.word(),
            version.last_four,
            version.fingerprint,
            micros(version.created_at),
        ],
    )?;
    Ok(())
}

/// Says where a version stands now.
pub fn set_state(
    tx: &Transaction<'_>,
    client: &ClientRecordId,
    version: u32,
    state: SecretVersionState,
) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE secret_version SET state = ? WHERE client = ? AND version = ?")?
        .execute(params![state.word(), client.as_str(), version])?;
    if changed == 1 { Ok(()) } else { Err(StoreError::NoSuchSecretVersion { client: client.clone(), version }) }
}

/// Says where the value of a version is now, with its fingerprint there: in the keyring after all.
pub fn set_place(
    tx: &Transaction<'_>,
    client: &ClientRecordId,
    version: u32,
    place: SecretPlace,
    fingerprint: &str,
) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE secret_version SET place = ?, fingerprint = ? WHERE client = ? AND version = ?")?
        .execute(params![place.word(), fingerprint, client.as_str(), version])?;
    if changed == 1 { Ok(()) } else { Err(StoreError::NoSuchSecretVersion { client: client.clone(), version }) }
}

/// Makes logins use a version; the one they used until now becomes `former`.
pub fn make_active(
    tx: &Transaction<'_>,
    client: &ClientRecordId,
    version: u32,
    former: SecretVersionState,
) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE secret_version SET state = ? WHERE client = ? AND state = 'active' AND version <> ?")?
        .execute(params![former.word(), client.as_str(), version])?;
    set_state(tx, client, version, SecretVersionState::Active)
}

/// Marks as lost what was only kept in memory and went with the session. Says how many could have been used.
pub(crate) fn lose_session_values(tx: &Transaction<'_>) -> Result<u32, rusqlite::Error> {
    let lost = tx.execute(
        "UPDATE secret_version SET state = 'lost'
         WHERE place = 'session' AND state IN ('staged', 'active', 'retiring')",
        [],
    )?;
    Ok(u32::try_from(lost).unwrap_or(u32::MAX))
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<SecretVersion> {
    let mut columns = Columns::of(row);
    Ok(SecretVersion {
        client: ClientRecordId::new(columns.take::<String>()?),
        version: columns.take()?,
        state: columns.word()?,
        place: columns.word()?,
        last_four: columns.take()?,
        fingerprint: columns.take()?,
        created_at: columns.time()?,
    })
}
