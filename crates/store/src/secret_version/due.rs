//! The secrets in use by the day on which they are due: what the Rotation board shows.

use gatewright_model::secret_version::Proof;
use gatewright_model::{ClientRecordId, Environment, ProviderId};
use gatewright_protocol::ClientId;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Row, params};

use super::{KeptVersion, last_proof};
use crate::StoreError;
use crate::column::{Columns, micros};

/// A secret in use, with its client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRow {
    /// The client.
    pub client: ClientRecordId,
    /// Its name.
    pub name: String,
    /// The client identifier.
    pub client_id: ClientId,
    /// The provider.
    pub provider: ProviderId,
    /// Which server of it.
    pub environment: Environment,
    /// The user's tag.
    pub tag: String,
    /// The active version of its secret.
    pub version: u32,
    /// When the value was stored.
    pub created_at: Timestamp,
    /// Since when logins use it.
    pub promoted_at: Option<Timestamp>,
    /// When it is due; none for never.
    pub due_at: Option<Timestamp>,
    /// The last time the provider was asked about it.
    pub last_proof: Option<Proof>,
    /// How many deployments the owner keeps for it.
    pub deployments: u32,
    /// How many of those have this version.
    pub deployed: u32,
    /// How many other versions the provider still accepts, as far as is known.
    pub retiring: u32,
}

/// What a row of the board shows.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.name, c.client_id, c.client_id_kind, c.provider, c.environment, c.tag,
       v.version, v.created_at, v.promoted_at, v.due_at, v.last_verdict, v.last_proved_at,
       (SELECT count(*) FROM deployment d WHERE d.client = c.id AND d.deleted_at IS NULL),
       (SELECT count(*) FROM deployment d WHERE d.client = c.id AND d.deleted_at IS NULL AND d.version = v.version),
       (SELECT count(*) FROM secret_version o WHERE o.client = c.id AND o.state = 'retiring') ",
            $rest
        )
    };
}

// The page is cut from the index first. CROSS: its rows in their order, and then each one's client.
pub(crate) const PAGE: &str = select!(
    "FROM (SELECT client, version FROM secret_version WHERE state = 'active' AND is_owned = 1
           ORDER BY due_at NULLS LAST, client LIMIT ? OFFSET ?) page
     CROSS JOIN secret_version v ON v.client = page.client AND v.version = page.version
     CROSS JOIN client c ON c.id = page.client
     ORDER BY v.due_at NULLS LAST, v.client"
);

/// A page of the secrets of owned clients: what is due first, what is never due last.
pub fn page(db: &Connection, limit: u32, offset: u32) -> Result<Vec<DueRow>, StoreError> {
    let mut statement = db.prepare_cached(PAGE)?;
    let rows = statement.query_map([limit, offset], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const OF_CLIENT: &str = select!(
    "FROM client c JOIN secret_version v ON v.client = c.id
     WHERE c.id = ? AND v.state = 'active' AND v.is_owned = 1"
);

/// The secrets in use of some clients, by name of the client. Those without one are left out.
pub fn of_clients<'a>(
    db: &Connection,
    clients: impl Iterator<Item = &'a ClientRecordId>,
) -> Result<Vec<DueRow>, StoreError> {
    let mut statement = db.prepare_cached(OF_CLIENT)?;
    let mut rows = Vec::new();
    for client in clients {
        rows.extend(statement.query_map([client.as_str()], from_row)?.collect::<Result<Vec<_>, _>>()?);
    }
    rows.sort_by(|one, other| (&one.name, &one.client).cmp(&(&other.name, &other.client)));
    Ok(rows)
}

pub(crate) const COUNT_BY_AGE: &str = "SELECT count(*) FILTER (WHERE since > ?1),
    count(*) FILTER (WHERE since <= ?1 AND since > ?2), count(*) FILTER (WHERE since <= ?2)
  FROM (SELECT coalesce(promoted_at, created_at) AS since FROM secret_version WHERE state = 'active' AND is_owned = 1)";

/// How many secrets in use are younger than the first number of days, younger than the second, and older.
pub fn count_by_age(db: &Connection, days: [u32; 2], now: Timestamp) -> Result<[u32; 3], StoreError> {
    let before = |days: u32| {
        let age = SignedDuration::from_hours(i64::from(days) * 24);
        micros(now.saturating_sub(age).unwrap_or(Timestamp::MIN))
    };
    let counts = db
        .prepare_cached(COUNT_BY_AGE)?
        .query_row(params![before(days[0]), before(days[1])], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?;
    Ok(counts)
}

pub(crate) const COUNT: &str = "SELECT count(*) FROM secret_version WHERE state = 'active' AND is_owned = 1";

/// How many secrets of owned clients are in use, on all pages.
pub fn count(db: &Connection) -> Result<u32, StoreError> {
    Ok(db.prepare_cached(COUNT)?.query_row([], |row| row.get(0))?)
}

pub(crate) const COUNT_BETWEEN: &str =
    "SELECT count(*) FROM secret_version WHERE state = 'active' AND is_owned = 1 AND due_at > ? AND due_at <= ?";

/// How many of them are due after the one time and at the other or before.
pub fn count_between(db: &Connection, after: Timestamp, until: Timestamp) -> Result<u32, StoreError> {
    let range = params![micros(after), micros(until)];
    Ok(db.prepare_cached(COUNT_BETWEEN)?.query_row(range, |row| row.get(0))?)
}

pub(crate) const NOT_PROVED_SINCE: &str = "SELECT client, version FROM secret_version
  WHERE state = 'active' AND is_owned = 1 AND (last_proved_at IS NULL OR last_proved_at <= ?)
  ORDER BY due_at NULLS LAST, client";

/// The secrets of owned clients in use about which no provider was asked after this time, what is due first.
pub fn not_proved_since(db: &Connection, time: Timestamp) -> Result<Vec<KeptVersion>, StoreError> {
    let mut statement = db.prepare_cached(NOT_PROVED_SINCE)?;
    let rows = statement.query_map([micros(time)], |row| {
        Ok(KeptVersion { client: ClientRecordId::new(row.get::<_, String>(0)?), version: row.get(1)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<DueRow> {
    let mut columns = Columns::of(row);
    Ok(DueRow {
        client: ClientRecordId::new(columns.take::<String>()?),
        name: columns.take()?,
        client_id: columns.client_id()?,
        provider: ProviderId::new(columns.take::<String>()?),
        environment: columns.word()?,
        tag: columns.take()?,
        version: columns.take()?,
        created_at: columns.time()?,
        promoted_at: columns.optional_time()?,
        due_at: columns.optional_time()?,
        last_proof: last_proof(&mut columns)?,
        deployments: columns.take()?,
        deployed: columns.take()?,
        retiring: columns.take()?,
    })
}
