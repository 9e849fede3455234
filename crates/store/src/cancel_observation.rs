//! The table `cancel_observation`: what providers sent when a person cancelled.

use gatewright_model::cancel::{CancelSeen, CancelSignal};
use gatewright_model::{Environment, ProviderId, RunId};
use jiff::Timestamp;
use rusqlite::{Connection, Row, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, Word, micros, words};

words!(CancelSignal {
    AccessDenied = "access_denied",
    OtherError = "other_error",
    ForeignState = "foreign_state",
    ErrorWithoutState = "error_without_state",
    BareRedirect = "bare_redirect",
    OtherPage = "other_page",
    Nothing = "nothing",
    WindowClosed = "window_closed",
});

/// What was seen of one cancel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelObservation {
    /// The run in which the person cancelled; its record may be gone.
    pub run: RunId,
    /// The provider.
    pub provider: ProviderId,
    /// Which server of it.
    pub environment: Environment,
    /// The client's name at the time.
    pub client_name: String,
    /// What came.
    pub seen: CancelSeen,
    /// Whether the person corrected what was told from the run.
    pub by_person: bool,
    /// When.
    pub seen_at: Timestamp,
}

/// Keeps what was seen in a run, in the place of what was kept of it before.
pub fn put(tx: &Transaction<'_>, observation: &CancelObservation) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO cancel_observation (run, provider, environment, client_name, signal, error, page, by_person, seen_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (run) DO UPDATE SET signal = excluded.signal, error = excluded.error, page = excluded.page,
           by_person = excluded.by_person",
    )?
    .execute(params![
        observation.run.as_str(),
        observation.provider.as_str(),
        observation.environment.word(),
        observation.client_name,
        observation.seen.signal.word(),
        observation.seen.error,
        observation.seen.page,
        observation.by_person,
        micros(observation.seen_at),
    ])?;
    Ok(())
}

/// What was seen in one run.
pub fn find(db: &Connection, run: &RunId) -> Result<Option<CancelObservation>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT run, provider, environment, client_name, signal, error, page, by_person, seen_at
         FROM cancel_observation WHERE run = ?",
    )?;
    let mut rows = statement.query_map([run.as_str()], from_row)?;
    Ok(rows.next().transpose()?)
}

/// What was seen at one server of a provider, the newest first, at most `limit` of it.
pub fn newest(
    db: &Connection,
    provider: &ProviderId,
    environment: Environment,
    limit: u32,
) -> Result<Vec<CancelObservation>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT run, provider, environment, client_name, signal, error, page, by_person, seen_at
         FROM cancel_observation WHERE provider = ? AND environment = ? ORDER BY seen_at DESC LIMIT ?",
    )?;
    let rows = statement.query_map(params![provider.as_str(), environment.word(), limit], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets everything of a provider. Called by [`crate::provider::remove`]: another provider may get its id one day.
pub(crate) fn forget(tx: &Transaction<'_>, provider: &ProviderId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM cancel_observation WHERE provider = ?")?.execute([provider.as_str()])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<CancelObservation> {
    let mut columns = Columns::of(row);
    Ok(CancelObservation {
        run: RunId::new(columns.take::<String>()?),
        provider: ProviderId::new(columns.take::<String>()?),
        environment: columns.word()?,
        client_name: columns.take()?,
        seen: CancelSeen { signal: columns.word()?, error: columns.take()?, page: columns.take()? },
        by_person: columns.take()?,
        seen_at: columns.time()?,
    })
}
