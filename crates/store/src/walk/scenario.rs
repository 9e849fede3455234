//! How far each scenario of a walk is, and the runs that came of it.

use gatewright_model::walk::{Part, PersonVerdict, ScenarioProgress, ScenarioRun, Stage, VerdictWord};
use gatewright_model::{RunId, WalkId};
use jiff::SignedDuration;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, Word, micros, to_json, words};

words!(Stage { Open = "open", GoingOn = "going_on", Asking = "asking", Done = "done" });
words!(Part { Before = "before", Only = "only", First = "first", Second = "second" });
words!(VerdictWord {
    Pass = "pass", Warn = "warn", Fail = "fail", Inconclusive = "inconclusive", NotApplicable = "not_applicable",
    Skipped = "skipped"
});

/// Records a scenario of a walk that starts.
pub(super) fn insert(
    tx: &Transaction<'_>,
    walk: i64,
    position: u32,
    progress: &ScenarioProgress,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO walk_scenario (walk, position, scenario, stage, notes) VALUES (?, ?, ?, 'open', '')",
    )?
    .execute(params![walk, position, progress.scenario])?;
    write(tx, walk, position, progress)
}

/// Records how far a scenario is, its runs included.
///
/// # Errors
/// [`StoreError::NoSuchWalk`] when the walk is gone or has no such scenario.
pub fn put(tx: &Transaction<'_>, walk: &WalkId, progress: &ScenarioProgress) -> Result<(), StoreError> {
    let place: Option<(i64, u32)> = tx
        .prepare_cached(
            "SELECT s.walk, s.position FROM walk_scenario s JOIN walk w ON w.seq = s.walk
             WHERE w.id = ? AND w.deleted_at IS NULL AND s.scenario = ?",
        )?
        .query_row(params![walk.as_str(), progress.scenario], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (seq, position) = place.ok_or_else(|| StoreError::NoSuchWalk(walk.clone()))?;
    write(tx, seq, position, progress)
}

fn write(tx: &Transaction<'_>, walk: i64, position: u32, progress: &ScenarioProgress) -> Result<(), StoreError> {
    let answers = (!progress.answers.is_empty()).then(|| to_json(&progress.answers)).transpose()?;
    tx.prepare_cached(
        "UPDATE walk_scenario SET stage = ?, machine = ?, person = ?, person_at = ?, notes = ?, answers = ?,
           started_at = ?, ended_at = ?
         WHERE walk = ? AND position = ?",
    )?
    .execute(params![
        progress.stage.word(),
        progress.machine.as_ref().map(to_json).transpose()?,
        progress.person.map(|person| person.verdict.word()),
        progress.person.map(|person| micros(person.at)),
        progress.notes,
        answers,
        progress.started_at.map(micros),
        progress.ended_at.map(micros),
        walk,
        position,
    ])?;
    tx.prepare_cached("DELETE FROM walk_run WHERE walk = ? AND position = ?")?.execute(params![walk, position])?;
    let mut insert =
        tx.prepare_cached("INSERT INTO walk_run (run, walk, position, number, part) VALUES (?, ?, ?, ?, ?)")?;
    (0_u32..).zip(&progress.runs).try_for_each(|(number, run)| -> Result<(), StoreError> {
        insert.execute(params![run.run.as_str(), walk, position, number, run.part.word()])?;
        Ok(())
    })
}

/// The scenarios of a walk, in the plan's order.
pub(super) fn list(db: &Connection, walk: i64) -> Result<Vec<ScenarioProgress>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT position, scenario, stage, machine, person, person_at, notes, answers, started_at, ended_at
         FROM walk_scenario WHERE walk = ? ORDER BY position",
    )?;
    let found = statement.query_map([walk], from_row)?.collect::<Result<Vec<_>, _>>()?;
    found
        .into_iter()
        .map(|(position, progress)| Ok(ScenarioProgress { runs: runs(db, walk, position)?, ..progress }))
        .collect()
}

/// How long scenarios took from their start to their verdict, in the newest walks of a plan. Those that no login came of are
/// left out.
///
/// # Errors
/// The database could not be read.
pub fn durations(db: &Connection, plan: &str, walks: u32) -> Result<Vec<(String, SignedDuration)>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT s.scenario, s.started_at, s.ended_at FROM walk_scenario s
         WHERE s.walk IN (SELECT seq FROM walk WHERE plan_id = ? AND deleted_at IS NULL ORDER BY seq DESC LIMIT ?)
           AND s.stage = 'done' AND s.started_at IS NOT NULL AND s.ended_at IS NOT NULL
           AND EXISTS (SELECT 1 FROM walk_run r WHERE r.walk = s.walk AND r.position = s.position)",
    )?;
    let rows = statement.query_map(params![plan, walks], |row| {
        let mut columns = Columns::of(row);
        let (scenario, started_at, ended_at) = (columns.take()?, columns.time()?, columns.time()?);
        Ok((scenario, ended_at.duration_since(started_at)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Puts scenarios back that were going on: their logins were interrupted.
pub(super) fn put_back_leftovers(tx: &Transaction<'_>) -> Result<(), rusqlite::Error> {
    tx.execute(
        "DELETE FROM walk_run WHERE EXISTS (SELECT 1 FROM walk_scenario s
           WHERE s.walk = walk_run.walk AND s.position = walk_run.position AND s.stage = 'going_on')",
        [],
    )?;
    tx.execute("UPDATE walk_scenario SET stage = 'open', started_at = NULL WHERE stage = 'going_on'", [])?;
    Ok(())
}

fn runs(db: &Connection, walk: i64, position: u32) -> Result<Vec<ScenarioRun>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT run, part FROM walk_run WHERE walk = ? AND position = ? ORDER BY number")?;
    let rows = statement.query_map(params![walk, position], |row| {
        let mut columns = Columns::of(row);
        Ok(ScenarioRun { run: RunId::new(columns.take::<String>()?), part: columns.word()? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<(u32, ScenarioProgress)> {
    let mut columns = Columns::of(row);
    let position = columns.take()?;
    let progress = ScenarioProgress {
        scenario: columns.take()?,
        stage: columns.word()?,
        runs: Vec::new(),
        machine: columns.json()?,
        person: {
            let verdict: Option<VerdictWord> = columns.optional_word()?;
            verdict.zip(columns.optional_time()?).map(|(verdict, at)| PersonVerdict { verdict, at })
        },
        notes: columns.take()?,
        answers: columns.json()?.unwrap_or_default(),
        started_at: columns.optional_time()?,
        ended_at: columns.optional_time()?,
    };
    Ok((position, progress))
}
