//! The table `secret_version`: which values a client's secret has had, and what became of each. Never a value.

pub mod due;
mod retention;

use gatewright_model::client::SecretDestination;
use gatewright_model::secret_version::{Proof, ProofVerdict, SecretPlace, SecretVersionChange};
use gatewright_model::{ClientRecordId, SecretVersion};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

#[cfg(test)]
pub(crate) use self::retention::RETIRED_BEFORE;
pub use self::retention::{KeptVersion, kept, mark_removed, retired_before};
use crate::StoreError;
use crate::client::rotation_policy;
use crate::column::{Columns, Word, micros, to_json};

/// What is read of versions, in the order of [`from_row`]. Where the value is: an intent says of what was in memory only that it is on its
/// way into the keyring.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT client, version, state,
       CASE WHEN place = 'session' AND EXISTS (
         SELECT 1 FROM intent i WHERE i.what = 'move_secret' AND i.client = secret_version.client AND i.version = secret_version.version
       ) THEN 'moving' ELSE place END,
       last_four, fingerprint, created_at, promoted_at, retiring_since, retired_at, removed_at, last_verdict,
       last_proved_at, last_accepted_at, due_at, destination FROM secret_version ",
            $rest
        )
    };
}

/// Every version a client's secret has had, newest first. None for a client that is not there.
pub fn list(db: &Connection, client: &ClientRecordId) -> Result<Vec<SecretVersion>, StoreError> {
    let mut statement = db.prepare_cached(select!("WHERE client = ? ORDER BY version DESC"))?;
    let rows = statement.query_map([client.as_str()], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One version. Its absence is an error.
pub fn find(db: &Connection, client: &ClientRecordId, version: u32) -> Result<SecretVersion, StoreError> {
    db.prepare_cached(select!("WHERE client = ? AND version = ?"))?
        .query_row(params![client.as_str(), version], from_row)
        .optional()?
        .ok_or_else(|| missing(client, version))
}

/// The version that logins use. Its absence is no error: a public client has no secret.
pub fn active(db: &Connection, client: &ClientRecordId) -> Result<Option<SecretVersion>, StoreError> {
    let mut statement = db.prepare_cached(select!("WHERE client = ? AND state = 'active'"))?;
    Ok(statement.query_row([client.as_str()], from_row).optional()?)
}

/// The number the next version gets: 1 for the first. Numbers are not used again while a row remembers them, nor while an intent does:
/// two that are being kept at once would share one entry of the keyring.
pub fn next_number(db: &Connection, client: &ClientRecordId) -> Result<u32, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT coalesce(max(version), 0) + 1 FROM
             (SELECT version FROM secret_version WHERE client = ?1 UNION ALL SELECT version FROM intent WHERE client = ?1)",
        )?
        .query_row([client.as_str()], |row| row.get(0))?)
}

/// How many secrets the keyring is not known to have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutsideKeyring {
    /// They are in memory only, until Gatewright ends.
    pub session: u32,
    /// They are on their way from memory into the keyring, or were when Gatewright ended.
    pub moving: u32,
}

/// Counts the versions in use, of clients that are there, whose values the keyring is not known to have.
pub fn outside_keyring(db: &Connection) -> Result<OutsideKeyring, StoreError> {
    let mut statement = db.prepare_cached(select!(
        "WHERE place = 'session' AND state IN ('staged', 'active', 'retiring')
         AND client IN (SELECT id FROM client WHERE deleted_at IS NULL)"
    ))?;
    let versions = statement.query_map([], from_row)?.collect::<Result<Vec<_>, _>>()?;
    let count = |place| u32::try_from(versions.iter().filter(|version| version.place == place).count());
    Ok(OutsideKeyring {
        session: count(SecretPlace::Session).unwrap_or(u32::MAX),
        moving: count(SecretPlace::Moving).unwrap_or(u32::MAX),
    })
}

/// Adds a version. A client has at most one active version: use [`promote`] to change which. When it is due follows from the client's
/// policy, not from what is given.
pub fn insert(tx: &Transaction<'_>, version: &SecretVersion) -> Result<(), StoreError> {
    let proof = version.last_proof;
    tx.prepare_cached(
        "INSERT INTO secret_version (client, version, state, place, last_four, fingerprint, created_at, promoted_at,
           retiring_since, retired_at, removed_at, last_verdict, last_proved_at, last_accepted_at, destination)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        version.client.as_str(),
        version.version,
        version.state.word(),
        version.place.word(),
        version.last_four,
        version.fingerprint,
        micros(version.created_at),
        version.promoted_at.map(micros),
        version.retiring_since.map(micros),
        version.retired_at.map(micros),
        version.removed_at.map(micros),
        proof.map(|proof| proof.verdict.word()),
        proof.map(|proof| micros(proof.at)),
        version.last_accepted_at.map(micros),
        version.destination.as_ref().map(to_json).transpose()?,
    ])?;
    rotation_policy::apply(tx, &version.client)
}

/// Lets something become of a version, and gives it as it stands then. To make another version the active one, use [`promote`].
///
/// # Errors
/// [`StoreError::NoSuchSecretVersion`], [`StoreError::SecretVersionChange`].
pub fn change(
    tx: &Transaction<'_>,
    client: &ClientRecordId,
    version: u32,
    change: SecretVersionChange,
    at: Timestamp,
) -> Result<SecretVersion, StoreError> {
    let after = find(tx, client, version)?.after(change, at)?;
    tx.prepare_cached(
        "UPDATE secret_version SET state = ?, promoted_at = ?, retiring_since = ?, retired_at = ?, due_at = NULL
         WHERE client = ? AND version = ?",
    )?
    .execute(params![
        after.state.word(),
        after.promoted_at.map(micros),
        after.retiring_since.map(micros),
        after.retired_at.map(micros),
        client.as_str(),
        version,
    ])?;
    rotation_policy::apply(tx, client)?;
    find(tx, client, version)
}

/// Makes logins use a version. The one they used until now, if any, takes the change `former`: to be superseded, retired, or to step back.
///
/// # Errors
/// As [`change`], for either of the two.
pub fn promote(
    tx: &Transaction<'_>,
    client: &ClientRecordId,
    version: u32,
    former: SecretVersionChange,
    at: Timestamp,
) -> Result<SecretVersion, StoreError> {
    // Looked at first: an active version cannot be promoted, and must not be retired on the way to finding that out.
    find(tx, client, version)?.state.after(SecretVersionChange::Promote)?;
    if let Some(active) = active(tx, client)? {
        change(tx, client, active.version, former, at)?;
    }
    change(tx, client, version, SecretVersionChange::Promote, at)
}

/// Says where the value of a version is now: in the keyring after all.
pub fn set_place(
    tx: &Transaction<'_>,
    client: &ClientRecordId,
    version: u32,
    place: SecretPlace,
) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE secret_version SET place = ? WHERE client = ? AND version = ?")?
        .execute(params![place.word(), client.as_str(), version])?;
    if changed == 1 { Ok(()) } else { Err(missing(client, version)) }
}

/// Says what a version's value is recognized by from now on.
pub fn set_fingerprint(
    tx: &Transaction<'_>,
    client: &ClientRecordId,
    version: u32,
    fingerprint: &str,
) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE secret_version SET fingerprint = ? WHERE client = ? AND version = ?")?
        .execute(params![fingerprint, client.as_str(), version])?;
    if changed == 1 { Ok(()) } else { Err(missing(client, version)) }
}

/// Writes down what the provider said about a version.
pub fn prove(tx: &Transaction<'_>, client: &ClientRecordId, version: u32, proof: Proof) -> Result<(), StoreError> {
    let at = micros(proof.at);
    let accepted = (proof.verdict == ProofVerdict::Accepted).then_some(at);
    let changed = tx
        .prepare_cached(
            "UPDATE secret_version SET last_verdict = ?, last_proved_at = ?, last_accepted_at = coalesce(?, last_accepted_at)
             WHERE client = ? AND version = ?",
        )?
        .execute(params![proof.verdict.word(), at, accepted, client.as_str(), version])?;
    if changed == 1 { Ok(()) } else { Err(missing(client, version)) }
}

/// Writes down where the values of a client's secret may be sent from now on.
pub fn set_destination(
    tx: &Transaction<'_>,
    client: &ClientRecordId,
    destination: &SecretDestination,
) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE secret_version SET destination = ? WHERE client = ? AND removed_at IS NULL")?
        .execute(params![to_json(destination)?, client.as_str()])?;
    Ok(())
}

/// Marks as lost what was only kept in memory and went with the session. Says how many could have been used. What was on its way into the
/// keyring is left: it may have arrived, and whoever can ask the keyring says so ([`set_place`]) or not ([`lose_session_value`]).
pub(crate) fn lose_session_values(tx: &Transaction<'_>) -> Result<u32, rusqlite::Error> {
    let mut gone = tx.prepare_cached(
        "SELECT client, version FROM secret_version WHERE place = 'session' AND NOT EXISTS
         (SELECT 1 FROM intent WHERE what = 'move_secret' AND client = secret_version.client AND version = secret_version.version)",
    )?;
    let rows = gone.query_map([], |row| Ok((ClientRecordId::new(row.get::<_, String>(0)?), row.get(1)?)))?;
    let mut lost = 0;
    for row in rows.collect::<Result<Vec<_>, _>>()? {
        lost += u32::from(lose(tx, &row.0, row.1)?);
    }
    Ok(lost)
}

/// Marks one version as lost, whose value was only kept in memory and went with the session. Says whether it could have been used.
pub fn lose_session_value(tx: &Transaction<'_>, client: &ClientRecordId, version: u32) -> Result<bool, StoreError> {
    Ok(lose(tx, client, version)?)
}

fn lose(tx: &Transaction<'_>, client: &ClientRecordId, version: u32) -> Result<bool, rusqlite::Error> {
    tx.prepare_cached(
        "UPDATE secret_version SET removed_at = retired_at
         WHERE client = ? AND version = ? AND place = 'session' AND state = 'retired' AND removed_at IS NULL",
    )?
    .execute(params![client.as_str(), version])?;
    let lost = tx
        .prepare_cached(
            "UPDATE secret_version SET state = 'lost', due_at = NULL
             WHERE client = ? AND version = ? AND place = 'session' AND state IN ('staged', 'active', 'retiring')",
        )?
        .execute(params![client.as_str(), version])?;
    Ok(lost == 1)
}

fn missing(client: &ClientRecordId, version: u32) -> StoreError {
    StoreError::NoSuchSecretVersion { client: client.clone(), version }
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
        promoted_at: columns.optional_time()?,
        retiring_since: columns.optional_time()?,
        retired_at: columns.optional_time()?,
        removed_at: columns.optional_time()?,
        last_proof: last_proof(&mut columns)?,
        last_accepted_at: columns.optional_time()?,
        due_at: columns.optional_time()?,
        destination: columns.json()?,
    })
}

/// The next two columns: a verdict and its time, or nothing.
pub(crate) fn last_proof(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Option<Proof>> {
    let verdict = columns.optional_word()?;
    let at = columns.optional_time()?;
    Ok(verdict.zip(at).map(|(verdict, at)| Proof { verdict, at }))
}
