//! What became of runs day by day.

use gatewright_model::{ClientRecordId, ProviderId};
use jiff::Timestamp;
use rusqlite::Connection;

use crate::StoreError;
use crate::column::micros;
use crate::filter::Filter;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// Whose runs are looked at, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendQuery {
    /// Only runs of this client.
    pub client: Option<ClientRecordId>,
    /// Only this provider.
    pub provider: Option<ProviderId>,
    /// Only runs that started at this time or later.
    pub from: Timestamp,
}

/// The runs of one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrendDay {
    /// Which day, counted from 1970-01-01 in UTC.
    pub day: i64,
    /// Runs that passed.
    pub passed: u32,
    /// Runs with a remark.
    pub warned: u32,
    /// Runs that failed.
    pub failed: u32,
    /// How long a login took on average without the person, in milliseconds, of those that passed or had a remark.
    pub average_ms: Option<u64>,
}

/// The days on which there were runs, the earliest first. Runs that are going on are in none of them.
pub fn trend(db: &Connection, query: &TrendQuery) -> Result<Vec<TrendDay>, StoreError> {
    let mut filter = Filter::default();
    filter.that("r.deleted_at IS NULL AND r.standing <> 'running'");
    filter.and("r.started_at >= ?", micros(query.from));
    filter.and_if("r.client = ?", query.client.as_ref().map(ToString::to_string));
    filter.and_if("r.provider = ?", query.provider.as_ref().map(ToString::to_string));
    let sql = format!(
        "SELECT r.started_at / {DAY} AS day, sum(r.standing = 'passed'), sum(r.standing = 'warned'), sum(r.standing = 'failed'),
           cast(avg(iif(r.standing <> 'failed', max(r.duration_ms - coalesce(r.person_ms, 0), 0), NULL)) AS INTEGER)
         FROM run r WHERE {} GROUP BY day ORDER BY day",
        filter.sql()
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(filter.values(), |row| {
        Ok(TrendDay {
            day: row.get(0)?,
            passed: row.get(1)?,
            warned: row.get(2)?,
            failed: row.get(3)?,
            average_ms: row.get::<_, Option<i64>>(4)?.and_then(|ms| u64::try_from(ms).ok()),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
