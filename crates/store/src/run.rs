//! The table `run`: every login that was started, as far as it came.
//!
//! A run is written as it goes: [`start`] before anything else happens, [`crate::step::put`] at every change of a step, [`finish`] at the
//! end. What is in the rows at any moment is true, so a crash leaves a partial run that says so; opening the database marks it.
//! [`transcribe`] follows, with what the run is found by: it is made of what is recorded, so nobody has to wait for it but who searches.

mod age;
mod list;
mod outcome;
mod trend;

use gatewright_model::run::{Identity, StepKind};
use gatewright_model::test_user::MeantPerson;
use gatewright_model::{ClientRecordId, ProviderId, Run, RunId, Step, TestUserId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::column::{Columns, Word, integer, micros, to_json};
use crate::{StoreError, sealed_token, step};

pub use age::{count_started_before, count_walks_started_before, remove_started_before};
#[cfg(any(test, feature = "bench-support"))]
pub(crate) use list::page;
pub use list::{RunQuery, RunRow, count, list};
pub(crate) use outcome::outcome_from;
pub use outcome::{RunStanding, outcome_word};
pub use trend::{TrendDay, TrendQuery, trend};

/// A run, in the order of [`start`].
pub(crate) const START: &str =
    "INSERT INTO run (id, client, client_name, provider, environment, browser, test_user, test_user_name,
       test_user_colour, started_at, duration_ms, person_ms, outcome, standing, findings, sentence, next, subject,
       display_name, identity_fields, tokens)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
/// How a run ended, in the order of [`finish`].
pub(crate) const FINISH: &str =
    "UPDATE run SET duration_ms = ?, person_ms = ?, outcome = ?, standing = ?, findings = ?, sentence = ?, next = ?,
       subject = ?, display_name = ?, identity_fields = ?, tokens = ?,
       error_text = (SELECT group_concat(sentence, char(10)) FROM step
                     WHERE step.run = run.seq AND step.status IN ('warned', 'failed'))
     WHERE id = ? AND outcome = 'running'";
/// What was on the wire in a run that has ended, by which it is in the search index from then on.
pub(crate) const TRANSCRIBE: &str =
    "UPDATE run SET transcript = (SELECT coalesce(substr(group_concat(DISTINCT word.atom), 1, 65536), '')
       FROM exchange x, json_tree(json_array(json(x.request), json(coalesce(x.response, 'null')), x.failure)) word
       WHERE x.run = run.seq AND word.type = 'text')
     WHERE seq = ?";
/// The runs that are going on, and those that have ended and were not transcribed. Without the name of its index SQLite might read all
/// runs.
pub(crate) const UNSETTLED: &str = "SELECT seq, id, outcome = 'running' FROM run INDEXED BY run_unsettled
     WHERE transcript IS NULL ORDER BY seq DESC";
/// The number of a run, and whether it is going on.
pub(crate) const GOING_ON: &str = "SELECT seq, outcome = 'running' FROM run WHERE id = ?";
/// A run with its number.
pub(crate) const FIND: &str =
    "SELECT seq, id, client, client_name, provider, environment, browser, test_user, test_user_name, test_user_colour,
       started_at, duration_ms, person_ms, outcome, findings, sentence, next, subject, display_name, identity_fields,
       tokens
     FROM run WHERE id = ? AND deleted_at IS NULL";

/// A run with all there is to show of it.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenedRun {
    /// The run.
    pub run: Run,
    /// Its steps with their exchanges, in order.
    pub steps: Vec<Step>,
    /// The names of the tokens that are kept sealed: `access_token` …
    pub sealed_tokens: Vec<String>,
}

/// Records a run that starts.
pub fn start(tx: &Transaction<'_>, run: &Run) -> Result<(), StoreError> {
    let ended = outcome::ending(&run.outcome);
    tx.prepare_cached(START)?.execute(params![
        run.id.as_str(),
        run.client.as_str(),
        run.client_name,
        run.provider.as_str(),
        run.environment.word(),
        run.browser.word(),
        run.meant.as_ref().map(|meant| meant.id.as_str()),
        run.meant.as_ref().map(|meant| &meant.name),
        run.meant.as_ref().map(|meant| meant.colour.word()),
        micros(run.started_at),
        run.duration_ms.map(integer),
        run.person_ms.map(integer),
        outcome_word(&run.outcome),
        RunStanding::of(&run.outcome).word(),
        outcome::findings(&run.outcome),
        ended.map(|ending| &ending.sentence),
        ended.map(|ending| &ending.next),
        run.identity.as_ref().map(|identity| &identity.subject),
        run.identity.as_ref().and_then(|identity| identity.display_name.as_ref()),
        run.identity.as_ref().map(|identity| to_json(&identity.fields)).transpose()?,
        run.tokens.as_ref().map(to_json).transpose()?,
    ])?;
    Ok(())
}

/// Records how a run ended: outcome, times, identity, what the tokens are. Nothing more can be recorded in it from then on, and it can be
/// found once it is transcribed. An error when it has ended already.
pub fn finish(tx: &Transaction<'_>, run: &Run) -> Result<(), StoreError> {
    let ended = outcome::ending(&run.outcome);
    let changed = tx.prepare_cached(FINISH)?.execute(params![
        run.duration_ms.map(integer),
        run.person_ms.map(integer),
        outcome_word(&run.outcome),
        RunStanding::of(&run.outcome).word(),
        outcome::findings(&run.outcome),
        ended.map(|ending| &ending.sentence),
        ended.map(|ending| &ending.next),
        run.identity.as_ref().map(|identity| &identity.subject),
        run.identity.as_ref().and_then(|identity| identity.display_name.as_ref()),
        run.identity.as_ref().map(|identity| to_json(&identity.fields)).transpose()?,
        run.tokens.as_ref().map(to_json).transpose()?,
        run.id.as_str(),
    ])?;
    if changed == 1 { Ok(()) } else { going_on(tx, &run.id).map(|_| ()) }
}

/// Brings a run that has ended into the search index, with what was on the wire; anew, when a step was added to it since.
///
/// # Errors
/// [`StoreError::NoSuchRun`].
pub fn transcribe(tx: &Transaction<'_>, id: &RunId) -> Result<(), StoreError> {
    let number = number(tx, id)?;
    tx.prepare_cached(TRANSCRIBE)?.execute([number])?;
    Ok(())
}

/// Looks a run up by its id, without its steps. A deleted one is not found, even while the deletion can be undone.
pub fn find(db: &Connection, id: &RunId) -> Result<Run, StoreError> {
    Ok(fetch(db, id)?.1)
}

/// A run with its steps and exchanges. A deleted one is not found, even while the deletion can be undone.
pub fn open(db: &Connection, id: &RunId) -> Result<OpenedRun, StoreError> {
    let (seq, run) = fetch(db, id)?;
    Ok(OpenedRun { run, steps: step::list(db, seq)?, sealed_tokens: sealed_token::names(db, seq)? })
}

/// Deletes a run that has ended, so that it can still be restored. It leaves the search index at once.
pub fn delete(tx: &Transaction<'_>, id: &RunId, now: Timestamp) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE run SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL AND outcome <> 'running'")?
        .execute(params![micros(now), id.as_str()])?;
    if changed == 1 {
        return Ok(());
    }
    find(tx, id)?;
    Err(StoreError::RunIsGoingOn(id.clone()))
}

/// Takes a deletion back. An error when there is nothing to restore: it was purged, or never deleted.
pub fn restore(tx: &Transaction<'_>, id: &RunId) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE run SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL")?
        .execute([id.as_str()])?;
    if changed == 1 { Ok(()) } else { Err(StoreError::NoSuchRun(id.clone())) }
}

/// Removes for good the runs that were deleted at this time or before, with their steps, exchanges and sealed tokens, and what was
/// granted in them. A run whose tokens are being refreshed waits for the next time: what comes back has to have somewhere to go. Says how
/// many went.
pub fn purge_deleted_before(tx: &Transaction<'_>, time: Timestamp) -> Result<usize, StoreError> {
    Ok(tx
        .prepare_cached(
            "DELETE FROM run WHERE deleted_at IS NOT NULL AND deleted_at <= ? AND NOT EXISTS (
               SELECT 1 FROM token_grant g JOIN grant_lease l ON l.grant_id = g.id WHERE g.run = run.seq)",
        )?
        .execute([micros(time)])?)
}

/// The row number of a run that is going on.
pub(crate) fn going_on(db: &Connection, id: &RunId) -> Result<i64, StoreError> {
    let found: Option<(i64, bool)> =
        db.prepare_cached(GOING_ON)?.query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    match found {
        Some((seq, true)) => Ok(seq),
        Some((_, false)) => Err(StoreError::RunHasEnded(id.clone())),
        None => Err(StoreError::NoSuchRun(id.clone())),
    }
}

/// The row number of a run, deleted or not.
pub(crate) fn number(db: &Connection, id: &RunId) -> Result<i64, StoreError> {
    db.prepare_cached("SELECT seq FROM run WHERE id = ?")?
        .query_row([id.as_str()], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StoreError::NoSuchRun(id.clone()))
}

/// Marks the runs that were going on when Gatewright last ended. Nothing is made up: the step that was going on is said to have been
/// cut off, and the duration stays unknown.
pub(crate) fn interrupt_leftovers(tx: &Transaction<'_>) -> Result<Vec<RunId>, rusqlite::Error> {
    let leftovers = unsettled(tx, true)?;
    for (seq, _) in &leftovers {
        let cut_off = step::cut_off(tx, *seq)?;
        tx.execute(
            "UPDATE run SET outcome = 'interrupted', standing = 'failed', sentence = ?, next = ?,
               error_text = (SELECT group_concat(sentence, char(10)) FROM step
                             WHERE step.run = run.seq AND step.status IN ('warned', 'failed'))
             WHERE seq = ?",
            params![interruption(cut_off.as_deref()), "Start a new login.", seq],
        )?;
        tx.execute(TRANSCRIBE, [seq])?;
    }
    Ok(leftovers.into_iter().map(|(_, id)| id).collect())
}

/// The runs that have ended and were not transcribed yet, the oldest first: nobody waits for that at a run's end, and what the newest has
/// shown is to be noted last.
pub fn not_transcribed(db: &Connection) -> Result<Vec<RunId>, StoreError> {
    Ok(unsettled(db, false)?.into_iter().rev().map(|(_, id)| id).collect())
}

/// Whether a run is one of those: somebody else may have been faster, or has deleted it for good.
pub fn awaits_transcript(db: &Connection, id: &RunId) -> Result<bool, StoreError> {
    Ok(db
        .prepare_cached("SELECT transcript IS NULL AND outcome <> 'running' FROM run WHERE id = ?")?
        .query_row([id.as_str()], |row| row.get(0))
        .optional()?
        .unwrap_or(false))
}

fn unsettled(db: &Connection, was_going_on: bool) -> Result<Vec<(i64, RunId)>, rusqlite::Error> {
    let mut statement = db.prepare_cached(UNSETTLED)?;
    let rows = statement.query_map([], |row| {
        let run = (row.get(0)?, RunId::new(row.get::<_, String>(1)?));
        Ok((row.get::<_, bool>(2)? == was_going_on).then_some(run))
    })?;
    rows.filter_map(Result::transpose).collect()
}

/// What an interruption means depends on what was going on. A code is good for one use (RFC 6749 §4.1.2), so it is never sent again.
fn interruption(cut_off: Option<&str>) -> &'static str {
    match cut_off.and_then(StepKind::from_word) {
        Some(StepKind::TokenRequest) => {
            "Gatewright ended while the code was being exchanged: whether the provider issued tokens is not known."
        }
        Some(StepKind::IdToken | StepKind::Identity) => "Gatewright ended while the identity was being read.",
        _ => "Gatewright ended while the login was going on.",
    }
}

fn fetch(db: &Connection, id: &RunId) -> Result<(i64, Run), StoreError> {
    db.prepare_cached(FIND)?
        .query_row([id.as_str()], from_row)
        .optional()?
        .ok_or_else(|| StoreError::NoSuchRun(id.clone()))
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<(i64, Run)> {
    let mut columns = Columns::of(row);
    let seq = columns.take()?;
    let run = Run {
        id: RunId::new(columns.take::<String>()?),
        client: ClientRecordId::new(columns.take::<String>()?),
        client_name: columns.take()?,
        provider: ProviderId::new(columns.take::<String>()?),
        environment: columns.word()?,
        browser: columns.word()?,
        meant: meant_from(&mut columns)?,
        started_at: columns.time()?,
        duration_ms: columns.optional_count()?,
        person_ms: columns.optional_count()?,
        outcome: outcome_from(&mut columns)?,
        identity: identity_from(&mut columns)?,
        tokens: columns.json()?,
    };
    Ok((seq, run))
}

/// Reads for whom a run was started from three columns: id, name, colour.
pub(crate) fn meant_from(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Option<MeantPerson>> {
    let (id, name): (Option<String>, Option<String>) = (columns.take()?, columns.take()?);
    let colour = columns.optional_word()?;
    let known = id.zip(name).zip(colour);
    Ok(known.map(|((id, name), colour)| MeantPerson { id: TestUserId::new(id), name, colour }))
}

fn identity_from(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Option<Identity>> {
    let subject: Option<String> = columns.take()?;
    let display_name = columns.take()?;
    let fields = columns.json()?;
    Ok(subject.map(|subject| Identity { subject, display_name, fields: fields.unwrap_or_default() }))
}
