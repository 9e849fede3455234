//! The table `observation`: what runs have shown of the statements of profiles, the newest of each kind with how often.

use gatewright_model::observation::{Agreement, Observation};
use gatewright_model::{Environment, ProviderId, RunId};
use jiff::Timestamp;
use rusqlite::{Connection, Row, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, Word as _, micros, words};

words!(Agreement { Confirms = "confirms", Contradicts = "contradicts" });

/// What is known of one statement by runs at one server of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// The statement's field in a profile.
    pub statement: String,
    /// Whether the wire agreed.
    pub agreement: Agreement,
    /// What the statement said then, as JSON.
    pub stated: String,
    /// What was seen the last time, in a sentence.
    pub saw: String,
    /// The run that showed it last; it may be gone by now.
    pub run: RunId,
    /// Whether that run can still be opened.
    pub run_is_kept: bool,
    /// The position of the step in the run, from 0.
    pub step: u32,
    /// The position of the exchange in the step, from 0.
    pub exchange: u32,
    /// In how many runs it was seen.
    pub times: u32,
    /// When it was seen first.
    pub first_at: Timestamp,
    /// When it was seen last.
    pub seen_at: Timestamp,
}

/// A run that has shown something.
#[derive(Clone, Copy, Debug)]
pub struct Witness<'a> {
    /// The provider it was at.
    pub provider: &'a ProviderId,
    /// Which server of it.
    pub environment: Environment,
    /// The run.
    pub run: &'a RunId,
    /// When it was.
    pub at: Timestamp,
}

/// Notes what a run has shown of a statement that says `stated` now. A statement that said something else before begins anew.
pub fn note(tx: &Transaction<'_>, witness: &Witness<'_>, seen: &Observation, stated: &str) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO observation
           (provider, environment, statement, agreement, stated, saw, run, step, exchange, times, first_at, seen_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, ?10, ?10)
         ON CONFLICT DO UPDATE SET
           times = CASE WHEN stated = excluded.stated THEN times + 1 ELSE 1 END,
           first_at = CASE WHEN stated = excluded.stated THEN first_at ELSE excluded.first_at END,
           stated = excluded.stated, saw = excluded.saw, run = excluded.run, step = excluded.step,
           exchange = excluded.exchange, seen_at = excluded.seen_at",
    )?
    .execute(params![
        witness.provider.as_str(),
        witness.environment.word(),
        seen.statement,
        seen.agreement.word(),
        stated,
        seen.saw,
        witness.run.as_str(),
        seen.step,
        seen.exchange,
        micros(witness.at),
    ])?;
    Ok(())
}

/// Everything that was observed at one server of a provider, by statement.
pub fn list(db: &Connection, provider: &ProviderId, environment: Environment) -> Result<Vec<Observed>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT statement, agreement, stated, saw, run,
                EXISTS (SELECT 1 FROM run WHERE run.id = observation.run AND deleted_at IS NULL),
                step, exchange, times, first_at, seen_at
         FROM observation WHERE provider = ? AND environment = ? ORDER BY statement, agreement",
    )?;
    let rows = statement.query_map(params![provider.as_str(), environment.word()], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets what a run was the last to show. Called before it is looked through again; what another run has shown since stays.
pub fn forget_shown_by(tx: &Transaction<'_>, witness: &Witness<'_>) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM observation WHERE provider = ? AND environment = ? AND run = ?")?.execute([
        witness.provider.as_str(),
        witness.environment.word(),
        witness.run.as_str(),
    ])?;
    Ok(())
}

/// Keeps how often something was seen and since when, although some of the runs that showed it are gone: it counts no less than `before`
/// they were looked through again. What is not shown any more, or was stated otherwise then, is left as it is.
pub fn keep_history(
    tx: &Transaction<'_>,
    provider: &ProviderId,
    environment: Environment,
    before: &Observed,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE observation SET times = max(times, ?), first_at = min(first_at, ?)
         WHERE provider = ? AND environment = ? AND statement = ? AND agreement = ? AND stated = ?",
    )?
    .execute(params![
        before.times,
        micros(before.first_at),
        provider.as_str(),
        environment.word(),
        before.statement,
        before.agreement.word(),
        before.stated,
    ])?;
    Ok(())
}

/// Forgets everything that was observed at a provider. Called when a profile is removed: another provider may get its id one day.
pub(crate) fn forget(tx: &Transaction<'_>, provider: &ProviderId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM observation WHERE provider = ?")?.execute([provider.as_str()])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Observed> {
    let mut columns = Columns::of(row);
    Ok(Observed {
        statement: columns.take()?,
        agreement: columns.word()?,
        stated: columns.take()?,
        saw: columns.take()?,
        run: RunId::new(columns.take::<String>()?),
        run_is_kept: columns.take()?,
        step: columns.take()?,
        exchange: columns.take()?,
        times: columns.take()?,
        first_at: columns.time()?,
        seen_at: columns.time()?,
    })
}
