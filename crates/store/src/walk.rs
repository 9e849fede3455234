//! The tables `walk`, `walk_scenario` and `walk_run`: consent walks, as far as they have come.
//!
//! A walk is written as it goes, a scenario at a time, so that it can be gone on with on another day. What was going on when Gatewright
//! ended is put back to where it can be begun again, and its walk is paused there.

mod scenario;

use gatewright_model::walk::{Walk, WalkStatus};
use gatewright_model::{ClientRecordId, ProviderId, RunId, TestUserId, WalkId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

pub use self::scenario::{durations, put as put_scenario};
use crate::StoreError;
use crate::column::{Columns, Word, micros, to_json, words};
use crate::filter::Filter;

words!(WalkStatus { GoingOn = "going_on", Paused = "paused", Ended = "ended" });

/// Which walks are wanted. The default is all of them, without a limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WalkQuery {
    /// Only walks of this client.
    pub client: Option<ClientRecordId>,
    /// Only this provider.
    pub provider: Option<ProviderId>,
    /// Only walks of the plan with this id.
    pub plan: Option<String>,
    /// How many rows to skip.
    pub offset: u32,
    /// How many rows to give at most; none for all.
    pub limit: Option<u32>,
}

/// The scenario of a walk that a run came of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartOfWalk {
    /// The walk.
    pub walk: WalkId,
    /// The scenario's id in its plan.
    pub scenario: String,
}

const COLUMNS: &str = "w.seq, w.id, w.plan, w.client, w.client_name, w.provider, w.environment, w.test_user, \
    w.other_test_user, w.browser, w.started_at, w.ended_at, w.status";

/// Records a walk that starts.
pub fn insert(tx: &Transaction<'_>, walk: &Walk) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO walk (id, plan_id, plan, client, client_name, provider, environment, test_user, other_test_user,
           browser, started_at, ended_at, status)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        walk.id.as_str(),
        walk.plan.id,
        to_json(&walk.plan)?,
        walk.client.as_str(),
        walk.client_name,
        walk.provider.as_str(),
        walk.environment.word(),
        walk.test_user.as_ref().map(TestUserId::as_str),
        walk.other_test_user.as_ref().map(TestUserId::as_str),
        walk.browser.word(),
        micros(walk.started_at),
        walk.ended_at.map(micros),
        walk.status.word(),
    ])?;
    let seq = tx.last_insert_rowid();
    (0..).zip(&walk.progress).try_for_each(|(position, progress)| scenario::insert(tx, seq, position, progress))
}

/// Says whether a walk goes on.
pub fn set_status(
    tx: &Transaction<'_>,
    id: &WalkId,
    status: WalkStatus,
    ended_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE walk SET status = ?, ended_at = ? WHERE id = ? AND deleted_at IS NULL")?
        .execute(params![status.word(), ended_at.map(micros), id.as_str()])?;
    one(changed, id)
}

/// A walk with all its scenarios. A deleted one is not found, even while the deletion can be undone.
pub fn find(db: &Connection, id: &WalkId) -> Result<Walk, StoreError> {
    let (seq, walk) = db
        .prepare_cached(&format!("SELECT {COLUMNS} FROM walk w WHERE w.id = ? AND w.deleted_at IS NULL"))?
        .query_row([id.as_str()], from_row)
        .optional()?
        .ok_or_else(|| StoreError::NoSuchWalk(id.clone()))?;
    with_progress(db, seq, walk)
}

/// One page of walks, newest first.
pub fn list(db: &Connection, query: &WalkQuery) -> Result<Vec<Walk>, StoreError> {
    let mut filter = filter(query);
    let sql = format!("SELECT {COLUMNS} FROM walk w WHERE {} ORDER BY w.seq DESC LIMIT ? OFFSET ?", filter.sql());
    // SQLite reads a negative limit as none.
    filter.bind(query.limit.map_or(-1, i64::from));
    filter.bind(query.offset);
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query_map(filter.values(), from_row)?.collect::<Result<Vec<_>, _>>()?;
    found.into_iter().map(|(seq, walk)| with_progress(db, seq, walk)).collect()
}

/// How many walks match, on all pages.
pub fn count(db: &Connection, query: &WalkQuery) -> Result<u32, StoreError> {
    let filter = filter(query);
    let sql = format!("SELECT count(*) FROM walk w WHERE {}", filter.sql());
    Ok(db.prepare_cached(&sql)?.query_row(filter.values(), |row| row.get(0))?)
}

/// The scenario of a walk that a run came of; none for a run that was started by itself, and for one whose walk is deleted.
pub fn part_of(db: &Connection, run: &RunId) -> Result<Option<PartOfWalk>, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT w.id, s.scenario FROM walk_run r
             JOIN walk_scenario s ON s.walk = r.walk AND s.position = r.position JOIN walk w ON w.seq = r.walk
             WHERE r.run = ? AND w.deleted_at IS NULL",
        )?
        .query_row([run.as_str()], |row| {
            let mut columns = Columns::of(row);
            Ok(PartOfWalk { walk: WalkId::new(columns.take::<String>()?), scenario: columns.take()? })
        })
        .optional()?;
    Ok(found)
}

/// Deletes a walk, so that it can still be restored. Its runs stay among the results.
pub fn delete(tx: &Transaction<'_>, id: &WalkId, now: Timestamp) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE walk SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL")?
        .execute(params![micros(now), id.as_str()])?;
    one(changed, id)
}

/// Takes a deletion back. An error when there is nothing to restore.
pub fn restore(tx: &Transaction<'_>, id: &WalkId) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE walk SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL")?
        .execute([id.as_str()])?;
    one(changed, id)
}

/// Removes for good the walks that were deleted at this time or before. Says how many went.
pub fn purge_deleted_before(tx: &Transaction<'_>, time: Timestamp) -> Result<usize, StoreError> {
    Ok(tx
        .prepare_cached("DELETE FROM walk WHERE deleted_at IS NOT NULL AND deleted_at <= ?")?
        .execute([micros(time)])?)
}

/// Pauses the walks that were going on when Gatewright last ended, before the scenario that was going on.
pub(crate) fn pause_leftovers(tx: &Transaction<'_>) -> Result<(), rusqlite::Error> {
    scenario::put_back_leftovers(tx)?;
    tx.execute("UPDATE walk SET status = 'paused' WHERE status = 'going_on'", [])?;
    Ok(())
}

fn filter(query: &WalkQuery) -> Filter {
    let mut filter = Filter::default();
    filter.that("w.deleted_at IS NULL");
    filter.and_if("w.client = ?", query.client.as_ref().map(ToString::to_string));
    filter.and_if("w.provider = ?", query.provider.as_ref().map(ToString::to_string));
    filter.and_if("w.plan_id = ?", query.plan.clone());
    filter
}

fn one(changed: usize, id: &WalkId) -> Result<(), StoreError> {
    if changed == 1 { Ok(()) } else { Err(StoreError::NoSuchWalk(id.clone())) }
}

fn with_progress(db: &Connection, seq: i64, walk: Walk) -> Result<Walk, StoreError> {
    Ok(Walk { progress: scenario::list(db, seq)?, ..walk })
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<(i64, Walk)> {
    let mut columns = Columns::of(row);
    let seq = columns.take()?;
    let walk = Walk {
        id: WalkId::new(columns.take::<String>()?),
        plan: columns.required_json()?,
        client: ClientRecordId::new(columns.take::<String>()?),
        client_name: columns.take()?,
        provider: ProviderId::new(columns.take::<String>()?),
        environment: columns.word()?,
        test_user: columns.take::<Option<String>>()?.map(TestUserId::new),
        other_test_user: columns.take::<Option<String>>()?.map(TestUserId::new),
        browser: columns.word()?,
        started_at: columns.time()?,
        ended_at: columns.optional_time()?,
        status: columns.word()?,
        progress: Vec::new(),
    };
    Ok((seq, walk))
}
