//! The table `registration_intent`: clients that are about to be registered. The row goes with the transaction that keeps the client; one
//! that is found at start says that a client may have been made at a provider and that nobody here knows it.

use gatewright_model::{ClientRecordId, Environment, ProviderId};
use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, Word, micros};

/// A client that is about to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationIntent {
    /// The record it is to become.
    pub client: ClientRecordId,
    /// Where.
    pub provider: ProviderId,
    /// Which server of that provider.
    pub environment: Environment,
    /// The name it is to have there.
    pub name: String,
    /// When it was written down.
    pub started_at: Timestamp,
}

/// Writes an intent, before the provider is asked.
pub fn declare(tx: &Transaction<'_>, intent: &RegistrationIntent) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO registration_intent (client, provider, environment, name, started_at) VALUES (?, ?, ?, ?, ?)",
    )?
    .execute(params![
        intent.client.as_str(),
        intent.provider.as_str(),
        intent.environment.word(),
        intent.name,
        micros(intent.started_at)
    ])?;
    Ok(())
}

/// Removes an intent: the client is kept, or there is none. Removing one twice is no error.
pub fn settle(tx: &Transaction<'_>, client: &ClientRecordId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM registration_intent WHERE client = ?")?.execute([client.as_str()])?;
    Ok(())
}

/// The intents that are there, oldest first.
pub fn list(db: &Connection) -> Result<Vec<RegistrationIntent>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT client, provider, environment, name, started_at FROM registration_intent ORDER BY started_at, client",
    )?;
    let rows = statement.query_map([], |row| {
        let mut columns = Columns::of(row);
        Ok(RegistrationIntent {
            client: ClientRecordId::new(columns.take::<String>()?),
            provider: ProviderId::new(columns.take::<String>()?),
            environment: columns.word()?,
            name: columns.take()?,
            started_at: columns.time()?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
