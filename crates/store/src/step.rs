//! The table `step`: the steps of a run, each written again whenever it changes.

use gatewright_model::run::{StepKind, StepStatus};
use gatewright_model::{Outcome, RunId, Step};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::column::{Columns, Word, integer, list_to_json};
use crate::{StoreError, exchange, run};

/// A step, added where there is none yet.
pub(crate) const ADD: &str =
    "INSERT INTO step (kind, status, sentence, duration_us, waited_for_person, findings, pages, run, position)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
/// A step, put in the place of what was recorded there; the values in the order of [`ADD`].
const CHANGE: &str =
    "UPDATE step SET kind = ?, status = ?, sentence = ?, duration_us = ?, waited_for_person = ?, findings = ?, pages = ?
     WHERE run = ? AND position = ?";
/// The steps of a run.
pub(crate) const LIST: &str = "SELECT position, kind, status, sentence, duration_us, waited_for_person, findings, pages
     FROM step WHERE run = ? ORDER BY position";

/// Records a step at its place in the run, 0 for the first: adds it, or puts it in the place of what was recorded there. An error when
/// the run has ended already.
pub fn put(tx: &Transaction<'_>, id: &RunId, position: u32, step: &Step) -> Result<(), StoreError> {
    put_from(tx, id, position, std::slice::from_ref(step))
}

/// The same for several steps that follow each other, the first of them at that place.
///
/// # Errors
/// [`StoreError::RunHasEnded`], [`StoreError::NoSuchRun`].
pub fn put_from(tx: &Transaction<'_>, id: &RunId, first: u32, steps: &[Step]) -> Result<(), StoreError> {
    let run = run::going_on(tx, id)?;
    (first..).zip(steps).try_for_each(|(position, step)| write(tx, run, position, step))
}

fn write(tx: &Transaction<'_>, run: i64, position: u32, step: &Step) -> Result<(), StoreError> {
    let (findings, pages) = (list_to_json(&step.findings)?, list_to_json(&step.pages)?);
    let values = params![
        step.kind.word(),
        step.status.word(),
        step.sentence,
        step.duration_us.map(integer),
        step.waited_for_person,
        findings,
        pages,
        run,
        position,
    ];
    // Nearly all steps are new: looking for the exchanges of one that was there would take as long as writing it.
    if tx.prepare_cached(ADD)?.execute(values)? == 0 {
        tx.prepare_cached(CHANGE)?.execute(values)?;
        exchange::forget(tx, run, position)?;
    }
    exchange::insert(tx, run, position, &step.exchanges)
}

/// Adds a step to a run that has ended, after its others: something that was done with its tokens later. Gives its place. What the run
/// came to stays as it is. The step has to be over: nothing would say that it was cut off.
///
/// # Errors
/// [`StoreError::RunIsGoingOn`] when the login has not ended yet, [`StoreError::NoSuchRun`] when it is deleted.
pub fn append(tx: &Transaction<'_>, id: &RunId, step: &Step) -> Result<u32, StoreError> {
    if run::find(tx, id)?.outcome == Outcome::Running {
        return Err(StoreError::RunIsGoingOn(id.clone()));
    }
    let number = run::number(tx, id)?;
    let position = tx
        .prepare_cached("SELECT coalesce(max(position) + 1, 0) FROM step WHERE run = ?")?
        .query_row([number], |row| row.get(0))?;
    write(tx, number, position, step)?;
    // One that was not looked through yet will be, and this step with it.
    if !run::awaits_transcript(tx, id)? {
        tx.prepare_cached(run::TRANSCRIBE)?.execute([number])?;
    }
    Ok(position)
}

/// The steps of a run with their exchanges, in order.
pub(crate) fn list(db: &Connection, run: i64) -> Result<Vec<Step>, StoreError> {
    let mut statement = db.prepare_cached(LIST)?;
    let steps = statement.query_map([run], from_row)?.collect::<Result<Vec<(u32, Step)>, _>>()?;
    exchange::distribute(db, run, steps)
}

/// Says of the step that was going on when Gatewright ended that it was cut off. Gives its kind as the column has it.
pub(crate) fn cut_off(tx: &Transaction<'_>, run: i64) -> Result<Option<String>, rusqlite::Error> {
    let mut statement =
        tx.prepare_cached("SELECT position, kind, sentence FROM step WHERE run = ? AND status = 'running'")?;
    let running: Option<(u32, String, String)> =
        statement.query_row([run], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let Some((position, kind, sentence)) = running else { return Ok(None) };
    tx.prepare_cached("UPDATE step SET status = ?, sentence = ? WHERE run = ? AND position = ?")?.execute(params![
        StepStatus::Failed.word(),
        format!("{sentence} Cut off here, because Gatewright ended.").trim_start(),
        run,
        position
    ])?;
    Ok(Some(kind))
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<(u32, Step)> {
    let mut columns = Columns::of(row);
    let position = columns.take()?;
    let step = Step {
        kind: columns.word::<StepKind>()?,
        status: columns.word()?,
        sentence: columns.take()?,
        duration_us: columns.optional_count()?,
        waited_for_person: columns.take()?,
        findings: columns.json()?.unwrap_or_default(),
        exchanges: Vec::new(),
        pages: columns.json()?.unwrap_or_default(),
    };
    Ok((position, step))
}
