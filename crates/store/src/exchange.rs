//! The table `exchange`: the HTTP requests of a step with their responses, secrets already replaced by references.

use gatewright_model::{Exchange, Step};
use rusqlite::{Connection, Row, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, Word, integer, to_json};

/// Forgets the exchanges of a step.
pub(crate) const FORGET: &str = "DELETE FROM exchange WHERE run = ? AND step = ?";
/// An exchange.
pub(crate) const INSERT: &str =
    "INSERT INTO exchange (run, step, purpose, duration_us, failure, request, response) VALUES (?, ?, ?, ?, ?, ?, ?)";
/// The exchanges of a run, by step.
pub(crate) const LIST: &str =
    "SELECT step, purpose, request, response, duration_us, failure FROM exchange WHERE run = ? ORDER BY step, id";

/// Forgets what was recorded for a step.
pub(crate) fn forget(tx: &Transaction<'_>, run: i64, step: u32) -> Result<(), StoreError> {
    tx.prepare_cached(FORGET)?.execute(params![run, step])?;
    Ok(())
}

/// Records exchanges of a step, after those it has.
pub(crate) fn insert(tx: &Transaction<'_>, run: i64, step: u32, exchanges: &[Exchange]) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached(INSERT)?;
    for exchange in exchanges {
        insert.execute(params![
            run,
            step,
            exchange.purpose.word(),
            integer(exchange.duration_us),
            exchange.failure,
            to_json(&exchange.request)?,
            exchange.response.as_ref().map(to_json).transpose()?,
        ])?;
    }
    Ok(())
}

/// Gives each step of a run its exchanges. The steps come with their positions, in order.
pub(crate) fn distribute(db: &Connection, run: i64, steps: Vec<(u32, Step)>) -> Result<Vec<Step>, StoreError> {
    let mut statement = db.prepare_cached(LIST)?;
    let mut exchanges = statement.query_map([run], from_row)?.peekable();
    let mut whole = Vec::with_capacity(steps.len());
    for (position, mut step) in steps {
        while let Some(found) = exchanges.next_if(|found| !matches!(found, Ok((of, _)) if *of != position)) {
            step.exchanges.push(found?.1);
        }
        whole.push(step);
    }
    Ok(whole)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<(u32, Exchange)> {
    let mut columns = Columns::of(row);
    let step = columns.take()?;
    let purpose = columns.word()?;
    let request = columns.required_json()?;
    let response = columns.json()?;
    let duration_us = columns.optional_count()?.unwrap_or_default();
    Ok((step, Exchange { purpose, request, response, duration_us, failure: columns.take()? }))
}
