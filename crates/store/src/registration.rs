//! The table `registration`: clients that are looked after at their provider by its API (RFC 7592).

use gatewright_model::ClientRecordId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, micros};

/// Where a client is looked after, and what its provider had of it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationRow {
    /// Whose it is.
    pub client: ClientRecordId,
    /// `registration_client_uri`, or the part of it below the sandbox's origin.
    pub address: String,
    /// The metadata as JSON.
    pub metadata: String,
    /// When they were read.
    pub read_at: Timestamp,
    /// When the provider said that the client is gone.
    pub gone_at: Option<Timestamp>,
    /// The place that a person has agreed to, beyond the provider's own: scheme, host and port.
    pub agreed_place: Option<String>,
}

/// The registration of a client. Its absence is no error: most clients are made by hand.
pub fn find(db: &Connection, client: &ClientRecordId) -> Result<Option<RegistrationRow>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT client, address, metadata, read_at, gone_at, agreed_place FROM registration WHERE client = ?",
        )?
        .query_row([client.as_str()], |row| {
            let mut columns = Columns::of(row);
            Ok(RegistrationRow {
                client: ClientRecordId::new(columns.take::<String>()?),
                address: columns.take()?,
                metadata: columns.take()?,
                read_at: columns.time()?,
                gone_at: columns.optional_time()?,
                agreed_place: columns.take()?,
            })
        })
        .optional()?)
}

/// Keeps a registration, in the place of what was known of it.
pub fn put(tx: &Transaction<'_>, row: &RegistrationRow) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO registration (client, address, metadata, read_at, gone_at, agreed_place) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (client) DO UPDATE SET address = excluded.address, metadata = excluded.metadata,
           read_at = excluded.read_at, gone_at = excluded.gone_at, agreed_place = excluded.agreed_place",
    )?
    .execute(params![
        row.client.as_str(),
        row.address,
        row.metadata,
        micros(row.read_at),
        row.gone_at.map(micros),
        row.agreed_place
    ])?;
    Ok(())
}

/// Takes note of a new address alone: what else an answer says is not judged yet.
pub fn move_to(tx: &Transaction<'_>, client: &ClientRecordId, address: &str) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE registration SET address = ? WHERE client = ?")?
        .execute(params![address, client.as_str()])?;
    Ok(())
}

/// Takes note of the place that a person has agreed to.
pub fn agree_to(tx: &Transaction<'_>, client: &ClientRecordId, place: &str) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE registration SET agreed_place = ? WHERE client = ?")?
        .execute(params![place, client.as_str()])?;
    Ok(())
}

/// Takes note that the provider has the client no more.
pub fn mark_gone(tx: &Transaction<'_>, client: &ClientRecordId, now: Timestamp) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE registration SET gone_at = coalesce(gone_at, ?) WHERE client = ?")?
        .execute(params![micros(now), client.as_str()])?;
    Ok(())
}
