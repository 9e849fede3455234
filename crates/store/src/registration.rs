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
    /// The place that a person has agreed to, beyond the provider's own.
    pub agreed: Option<AgreedPlace>,
}

/// A place that a person takes for the provider's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreedPlace {
    /// Scheme, host and port.
    pub place: String,
    /// When they said so; none where that was before the time was kept.
    pub at: Option<Timestamp>,
}

/// The registration of a client. Its absence is no error: most clients are made by hand.
pub fn find(db: &Connection, client: &ClientRecordId) -> Result<Option<RegistrationRow>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT client, address, metadata, read_at, gone_at, agreed_place, agreed_at FROM registration
             WHERE client = ?",
        )?
        .query_row([client.as_str()], |row| {
            let mut columns = Columns::of(row);
            let client = ClientRecordId::new(columns.take::<String>()?);
            let (address, metadata) = (columns.take()?, columns.take()?);
            let (read_at, gone_at) = (columns.time()?, columns.optional_time()?);
            let (place, at) = (columns.take::<Option<String>>()?, columns.optional_time()?);
            let agreed = place.map(|place| AgreedPlace { place, at });
            Ok(RegistrationRow { client, address, metadata, read_at, gone_at, agreed })
        })
        .optional()?)
}

/// Keeps a registration, in the place of what was known of it.
pub fn put(tx: &Transaction<'_>, row: &RegistrationRow) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO registration (client, address, metadata, read_at, gone_at, agreed_place, agreed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (client) DO UPDATE SET address = excluded.address, metadata = excluded.metadata,
           read_at = excluded.read_at, gone_at = excluded.gone_at, agreed_place = excluded.agreed_place,
           agreed_at = excluded.agreed_at",
    )?
    .execute(params![
        row.client.as_str(),
        row.address,
        row.metadata,
        micros(row.read_at),
        row.gone_at.map(micros),
        row.agreed.as_ref().map(|agreed| &agreed.place),
        row.agreed.as_ref().and_then(|agreed| agreed.at).map(micros),
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
pub fn agree_to(tx: &Transaction<'_>, client: &ClientRecordId, place: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE registration SET agreed_place = ?, agreed_at = ? WHERE client = ?")?.execute(params![
        place,
        micros(now),
        client.as_str()
    ])?;
    Ok(())
}

/// Takes note that a person does not agree to any place but the provider's own any more.
pub fn withdraw_agreement(tx: &Transaction<'_>, client: &ClientRecordId) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE registration SET agreed_place = NULL, agreed_at = NULL WHERE client = ?")?
        .execute([client.as_str()])?;
    Ok(())
}

/// Takes note that the provider has the client no more.
pub fn mark_gone(tx: &Transaction<'_>, client: &ClientRecordId, now: Timestamp) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE registration SET gone_at = coalesce(gone_at, ?) WHERE client = ?")?
        .execute(params![micros(now), client.as_str()])?;
    Ok(())
}
