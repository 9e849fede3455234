//! The list of runs: one page, newest first.

use gatewright_model::run::{Browser, EndReason, Outcome};
use gatewright_model::test_user::MeantPerson;
use gatewright_model::{ClientRecordId, Environment, ProviderId, RunId, TestUserId};
use jiff::Timestamp;
use rusqlite::{Connection, Row};

use crate::column::{Columns, Word, micros};
use crate::filter::Filter;
use crate::run::{RunStanding, meant_from, outcome_from};
use crate::{StoreError, run_tag, search};

/// The runs that go on are among the few that have no transcript.
const GOING_ON: &str =
    "r.seq IN (SELECT seq FROM run INDEXED BY run_unsettled WHERE transcript IS NULL AND standing = 'running')";

/// Which runs are wanted. The default is all of them, without a limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunQuery {
    /// Words that all have to begin a word of the client's name, the identity, the ending's sentence, or the sentence of a step where
    /// something was off, or of anything that was on the wire. A run is found only when it has ended.
    pub search: String,
    /// Only runs of this client.
    pub client: Option<ClientRecordId>,
    /// Only this provider.
    pub provider: Option<ProviderId>,
    /// Only this environment.
    pub environment: Option<Environment>,
    /// Only runs that stand so.
    pub standing: Option<RunStanding>,
    /// Only runs that ended for this reason.
    pub reason: Option<EndReason>,
    /// Only this browser.
    pub browser: Option<Browser>,
    /// Only runs that were started for this test user.
    pub test_user: Option<TestUserId>,
    /// Only runs with this tag, whatever its case.
    pub tag: Option<String>,
    /// Only runs that started at this time or later.
    pub from: Option<Timestamp>,
    /// Only runs that started before this time.
    pub until: Option<Timestamp>,
    /// How many rows to skip.
    pub offset: u32,
    /// How many rows to give at most; none for all.
    pub limit: Option<u32>,
}

/// A run as the list shows it. What only an opened run shows is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// Its id.
    pub id: RunId,
    /// The client; the record may be gone by now.
    pub client: ClientRecordId,
    /// The client's name at the time.
    pub client_name: String,
    /// The provider.
    pub provider: ProviderId,
    /// Which server of it.
    pub environment: Environment,
    /// The browser.
    pub browser: Browser,
    /// The persona it was started for.
    pub meant: Option<MeantPerson>,
    /// When it started.
    pub started_at: Timestamp,
    /// How long it took, in milliseconds; none while it runs, and when it was interrupted.
    pub duration_ms: Option<u64>,
    /// How it ended.
    pub outcome: Outcome,
    /// The provider's identifier of who logged in.
    pub subject: Option<String>,
    /// The name of who logged in.
    pub display_name: Option<String>,
    /// Its tags, by name.
    pub tags: Vec<String>,
}

/// One page of runs, newest first: in the order in which they were started.
pub fn list(db: &Connection, query: &RunQuery) -> Result<Vec<RunRow>, StoreError> {
    let (sql, filter) = page(query);
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(filter.values(), from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many runs match, on all pages.
pub fn count(db: &Connection, query: &RunQuery) -> Result<u32, StoreError> {
    let Source { tables, filter, .. } = Source::of(query);
    let sql = format!("SELECT count(*) FROM {tables} WHERE {}", filter.sql());
    Ok(db.prepare_cached(&sql)?.query_row(filter.values(), |row| row.get(0))?)
}

/// The page is cut first; what a row shows is fetched for that page only.
pub(crate) fn page(query: &RunQuery) -> (String, Filter) {
    let Source { tables, seq, mut filter } = Source::of(query);
    let sql = format!(
        "SELECT r.id, r.client, r.client_name, r.provider, r.environment, r.browser, r.test_user,
           r.test_user_name, r.test_user_colour, r.started_at, r.duration_ms, r.outcome, r.findings, r.sentence, r.next, r.subject, r.display_name, {tags}
         FROM (SELECT {seq} AS seq FROM {tables} WHERE {} ORDER BY {seq} DESC LIMIT ? OFFSET ?) page
         JOIN run r ON r.seq = page.seq
         ORDER BY r.seq DESC",
        filter.sql(),
        tags = run_tag::OF_RUN,
    );
    // SQLite reads a negative limit as none.
    filter.bind(query.limit.map_or(-1, i64::from));
    filter.bind(query.offset);
    (sql, filter)
}

/// Where the numbers of the wanted runs come from.
struct Source {
    tables: &'static str,
    seq: &'static str,
    filter: Filter,
}

impl Source {
    /// A search is answered by the index alone, from its newest entry on, so that a page of a common word does not cost all its
    /// occurrences. Only further conditions need the rows.
    fn of(query: &RunQuery) -> Self {
        let mut filter = Filter::default();
        let Some(expression) = search::beginnings(&query.search) else {
            filter.that("r.deleted_at IS NULL");
            conditions(&mut filter, query);
            return Self { tables: "run r", seq: "r.seq", filter };
        };
        filter.and("run_search MATCH ?", expression);
        conditions(&mut filter, query);
        let tables =
            if filter.len() == 1 { "run_search s" } else { "run_search s CROSS JOIN run r ON r.seq = s.rowid" };
        Self { tables, seq: "s.rowid", filter }
    }
}

fn conditions(filter: &mut Filter, query: &RunQuery) {
    filter.and_if("r.client = ?", query.client.as_ref().map(ToString::to_string));
    filter.and_if("r.provider = ?", query.provider.as_ref().map(ToString::to_string));
    filter.and_if("r.environment = ?", query.environment.map(|environment| environment.word().to_owned()));
    match query.standing {
        None => {}
        Some(RunStanding::Running) => filter.that(GOING_ON),
        // Said twice, so that SQLite sees that the index of those that have ended is enough.
        Some(standing) => filter.and("r.standing <> 'running' AND r.standing = ?", standing.word().to_owned()),
    }
    filter.and_if("r.outcome = ?", query.reason.map(|reason| reason.word().to_owned()));
    filter.and_if("r.browser = ?", query.browser.map(|browser| browser.word().to_owned()));
    filter.and_if("r.test_user = ?", query.test_user.as_ref().map(ToString::to_string));
    filter.and_if("r.seq IN (SELECT run FROM run_tag WHERE tag = ?)", query.tag.clone());
    filter.and_if("r.started_at >= ?", query.from.map(micros));
    filter.and_if("r.started_at < ?", query.until.map(micros));
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<RunRow> {
    let mut columns = Columns::of(row);
    Ok(RunRow {
        id: RunId::new(columns.take::<String>()?),
        client: ClientRecordId::new(columns.take::<String>()?),
        client_name: columns.take()?,
        provider: ProviderId::new(columns.take::<String>()?),
        environment: columns.word()?,
        browser: columns.word()?,
        meant: meant_from(&mut columns)?,
        started_at: columns.time()?,
        duration_ms: columns.optional_count()?,
        outcome: outcome_from(&mut columns)?,
        subject: columns.take()?,
        display_name: columns.take()?,
        tags: run_tag::read(columns.take()?),
    })
}
