//! The list of clients: one page, and what stands around it.

use gatewright_model::run::Outcome;
use gatewright_model::secret_version::Proof;
use gatewright_model::{ClientRecordId, Environment, Ownership, ProviderId, RunId};
use gatewright_protocol::ClientId;
use jiff::Timestamp;
use rusqlite::{Connection, Row};

use crate::StoreError;
use crate::column::{Columns, Word};
use crate::filter::Filter;
use crate::run::outcome_from;
use crate::search;
use crate::secret_version::last_proof;

/// Which clients are wanted. The default is all of them, without a limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientQuery {
    /// Words that all have to occur in name, client ID, owner, tag, notes or redirect URIs; any part of them will do.
    pub search: String,
    /// Only this provider.
    pub provider: Option<ProviderId>,
    /// Only this environment.
    pub environment: Option<Environment>,
    /// Only this ownership.
    pub ownership: Option<Ownership>,
    /// Only this tag.
    pub tag: Option<String>,
    /// How many rows to skip.
    pub offset: u32,
    /// How many rows to give at most; none for all.
    pub limit: Option<u32>,
}

/// A client as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRow {
    /// The record id.
    pub id: ClientRecordId,
    /// The provider.
    pub provider: ProviderId,
    /// Which server of it.
    pub environment: Environment,
    /// The name.
    pub name: String,
    /// The client identifier.
    pub client_id: ClientId,
    /// Whose it is.
    pub ownership: Ownership,
    /// The user's tag.
    pub tag: String,
    /// The version of the secret that logins use.
    pub secret: Option<ActiveSecret>,
    /// The newest run of it.
    pub last_run: Option<LastRun>,
}

/// The version of a secret that logins use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveSecret {
    /// 1 for the first.
    pub version: u32,
    /// When it was stored.
    pub created_at: Timestamp,
    /// When it is due to be replaced; none for never.
    pub due_at: Option<Timestamp>,
    /// The last time the provider was asked about it.
    pub last_proof: Option<Proof>,
}

/// The newest run of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastRun {
    /// The run.
    pub id: RunId,
    /// How it ended.
    pub outcome: Outcome,
    /// When it started.
    pub started_at: Timestamp,
}

/// How many clients there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Owned ones.
    pub owned: u32,
    /// Shared ones.
    pub shared: u32,
}

/// One page of clients, by name.
pub fn list(db: &Connection, query: &ClientQuery) -> Result<Vec<ClientRow>, StoreError> {
    let (sql, filter) = page(query);
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(filter.values(), from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many clients match, on all pages.
pub fn count(db: &Connection, query: &ClientQuery) -> Result<u32, StoreError> {
    let filter = filter(query);
    let sql = format!("SELECT count(*) FROM client c WHERE {}", filter.sql());
    Ok(db.prepare_cached(&sql)?.query_row(filter.values(), |row| row.get(0))?)
}

/// How many clients there are of each ownership, whatever is being looked for.
pub fn counts(db: &Connection) -> Result<Counts, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT ownership, count(*) FROM client WHERE deleted_at IS NULL GROUP BY ownership")?;
    let mut rows = statement.query([])?;
    let mut counts = Counts::default();
    while let Some(row) = rows.next()? {
        let mut columns = Columns::of(row);
        match columns.word()? {
            Ownership::Owned => counts.owned = columns.take()?,
            Ownership::Shared => counts.shared = columns.take()?,
        }
    }
    Ok(counts)
}

/// How many clients each provider has. One without a client is left out.
pub fn count_by_provider(db: &Connection) -> Result<Vec<(ProviderId, u32)>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT provider, count(*) FROM client WHERE deleted_at IS NULL GROUP BY provider")?;
    let rows = statement.query_map([], |row| Ok((ProviderId::new(row.get::<_, String>(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The tags in use, in order.
pub fn tags(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT DISTINCT tag FROM client WHERE deleted_at IS NULL AND tag > '' ORDER BY tag")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The page is cut from the index first; what a row shows is fetched for that page only. The newest run is the one with the greatest
/// number, which the index of a client's runs ends with.
pub(crate) fn page(query: &ClientQuery) -> (String, Filter) {
    let mut filter = filter(query);
    let sql = format!(
        "SELECT c.id, c.provider, c.environment, c.name, c.client_id, c.client_id_kind, c.ownership, c.tag,
           v.version, v.created_at, v.due_at, v.last_verdict, v.last_proved_at,
           r.id, r.started_at, r.outcome, r.findings, r.sentence, r.next
         FROM (SELECT c.seq FROM client c WHERE {} ORDER BY c.name COLLATE NOCASE, c.id LIMIT ? OFFSET ?) page
         JOIN client c ON c.seq = page.seq
         LEFT JOIN secret_version v ON v.client = c.id AND v.state = 'active'
         LEFT JOIN run r ON r.seq = (SELECT max(seq) FROM run WHERE client = c.id AND deleted_at IS NULL)
         ORDER BY c.name COLLATE NOCASE, c.id",
        filter.sql()
    );
    // SQLite reads a negative limit as none.
    filter.bind(query.limit.map_or(-1, i64::from));
    filter.bind(query.offset);
    (sql, filter)
}

fn filter(query: &ClientQuery) -> Filter {
    let mut filter = Filter::default();
    filter.that("c.deleted_at IS NULL");
    filter.and_if("c.provider = ?", query.provider.as_ref().map(ToString::to_string));
    filter.and_if("c.environment = ?", query.environment.map(|environment| environment.word().to_owned()));
    filter.and_if("c.ownership = ?", query.ownership.map(|ownership| ownership.word().to_owned()));
    filter.and_if("c.tag = ?", query.tag.clone());
    let parts = search::parts(&query.search);
    filter.and_if("c.seq IN (SELECT rowid FROM client_search WHERE client_search MATCH ?)", parts.expression);
    for pattern in parts.patterns {
        filter.and("c.seq IN (SELECT rowid FROM client_search WHERE text LIKE ? ESCAPE '\\')", pattern);
    }
    filter
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ClientRow> {
    let mut columns = Columns::of(row);
    Ok(ClientRow {
        id: ClientRecordId::new(columns.take::<String>()?),
        provider: ProviderId::new(columns.take::<String>()?),
        environment: columns.word()?,
        name: columns.take()?,
        client_id: columns.client_id()?,
        ownership: columns.word()?,
        tag: columns.take()?,
        secret: active_secret(&mut columns)?,
        last_run: last_run(&mut columns)?,
    })
}

fn active_secret(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Option<ActiveSecret>> {
    let Some(version) = columns.take()? else {
        columns.skip(4);
        return Ok(None);
    };
    Ok(Some(ActiveSecret {
        version,
        created_at: columns.time()?,
        due_at: columns.optional_time()?,
        last_proof: last_proof(columns)?,
    }))
}

fn last_run(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Option<LastRun>> {
    let Some(id) = columns.take::<Option<String>>()? else { return Ok(None) };
    Ok(Some(LastRun { id: RunId::new(id), started_at: columns.time()?, outcome: outcome_from(columns)? }))
}
