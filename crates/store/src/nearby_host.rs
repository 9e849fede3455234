//! The table `nearby_host`: hosts on this computer or in the network at hand that a person has confirmed, each for one provider.

use gatewright_model::ProviderId;
use jiff::Timestamp;
use rusqlite::{Connection, Row, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, micros};

/// A host that may be near.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearbyHost {
    /// The provider whose requests may go there.
    pub provider: ProviderId,
    /// The host's name as it is looked up: lower case, without a dot at its end.
    pub host: String,
    /// When a person confirmed it, the first time if they did so more than once.
    pub confirmed_at: Timestamp,
}

/// Every confirmed host, by provider and name.
pub fn list(db: &Connection) -> Result<Vec<NearbyHost>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT provider, host, confirmed_at FROM nearby_host ORDER BY provider, host")?;
    let rows = statement.query_map([], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The confirmed hosts of one provider, by name.
pub fn of_provider(db: &Connection, provider: &ProviderId) -> Result<Vec<NearbyHost>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT provider, host, confirmed_at FROM nearby_host WHERE provider = ? ORDER BY host")?;
    let rows = statement.query_map([provider.as_str()], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Confirms a host. True when it was not confirmed before.
pub fn confirm(tx: &Transaction<'_>, confirmed: &NearbyHost) -> Result<bool, StoreError> {
    let added = tx
        .prepare_cached(
            "INSERT INTO nearby_host (provider, host, confirmed_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        )?
        .execute(params![confirmed.provider.as_str(), confirmed.host, micros(confirmed.confirmed_at)])?;
    Ok(added == 1)
}

/// Takes a host back. True when it was confirmed.
pub fn withdraw(tx: &Transaction<'_>, provider: &ProviderId, host: &str) -> Result<bool, StoreError> {
    let removed = tx
        .prepare_cached("DELETE FROM nearby_host WHERE provider = ? AND host = ?")?
        .execute(params![provider.as_str(), host])?;
    Ok(removed == 1)
}

/// Takes all hosts of a provider back. Called by [`crate::provider::remove`]: another provider may get its id one day.
pub(crate) fn forget(tx: &Transaction<'_>, provider: &ProviderId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM nearby_host WHERE provider = ?")?.execute([provider.as_str()])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<NearbyHost> {
    let mut columns = Columns::of(row);
    Ok(NearbyHost {
        provider: ProviderId::new(columns.take::<String>()?),
        host: columns.take()?,
        confirmed_at: columns.time()?,
    })
}
