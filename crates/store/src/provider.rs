//! The tables `provider_profile` and `provider_base_url`: the user's own profiles, and base URLs for providers whose document leaves
//! them open. The built-in profiles are files of the crate `model`.

use gatewright_model::ProviderId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::column::{Columns, micros};
use crate::{StoreError, cancel_observation, discovered_provider, nearby_host, observation, test_user};

/// A profile of the user's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredProfile {
    /// The provider's id.
    pub provider: ProviderId,
    /// TOML as the user wrote it, comments included. It was valid when it was kept.
    pub text: String,
    /// When it was first kept.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Every profile of the user's own, by id.
pub fn list(db: &Connection) -> Result<Vec<StoredProfile>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT provider, profile, created_at, updated_at FROM provider_profile ORDER BY provider")?;
    let rows = statement.query_map([], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A profile of the user's own.
pub fn find(db: &Connection, provider: &ProviderId) -> Result<StoredProfile, StoreError> {
    db.prepare_cached("SELECT provider, profile, created_at, updated_at FROM provider_profile WHERE provider = ?")?
        .query_row([provider.as_str()], from_row)
        .optional()?
        .ok_or_else(|| StoreError::NoSuchProfile(provider.clone()))
}

/// Keeps a profile, new or changed.
pub fn put(tx: &Transaction<'_>, provider: &ProviderId, text: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO provider_profile (provider, profile, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)
         ON CONFLICT (provider) DO UPDATE SET profile = excluded.profile, updated_at = excluded.updated_at",
    )?
    .execute(params![provider.as_str(), text, micros(now)])?;
    Ok(())
}

/// Deletes a profile, with the base URL that was set for it, the discovery documents it was made from, the nearby hosts that were
/// confirmed for it, the test users at it, how it was seen to cancel, and what was observed of its statements. Whether a client still
/// uses it is the caller's question.
pub fn remove(tx: &Transaction<'_>, provider: &ProviderId) -> Result<(), StoreError> {
    let changed = tx.prepare_cached("DELETE FROM provider_profile WHERE provider = ?")?.execute([provider.as_str()])?;
    if changed == 0 {
        return Err(StoreError::NoSuchProfile(provider.clone()));
    }
    tx.prepare_cached("DELETE FROM provider_base_url WHERE provider = ?")?.execute([provider.as_str()])?;
    nearby_host::forget(tx, provider)?;
    test_user::forget(tx, provider)?;
    cancel_observation::forget(tx, provider)?;
    observation::forget(tx, provider)?;
    discovered_provider::forget(tx, provider)
}

/// The base URLs that the user has set, each with its provider.
pub fn base_urls(db: &Connection) -> Result<Vec<(ProviderId, String)>, StoreError> {
    let mut statement = db.prepare_cached("SELECT provider, base_url FROM provider_base_url ORDER BY provider")?;
    let rows = statement.query_map([], |row| Ok((ProviderId::new(row.get::<_, String>(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Sets the base URL of a provider; none goes back to what its profile says.
pub fn set_base_url(
    tx: &Transaction<'_>,
    provider: &ProviderId,
    base_url: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    match base_url {
        Some(base_url) => tx
            .prepare_cached(
                "INSERT INTO provider_base_url (provider, base_url, updated_at) VALUES (?, ?, ?)
                 ON CONFLICT (provider) DO UPDATE SET base_url = excluded.base_url, updated_at = excluded.updated_at",
            )?
            .execute(params![provider.as_str(), base_url, micros(now)])?,
        None => tx.prepare_cached("DELETE FROM provider_base_url WHERE provider = ?")?.execute([provider.as_str()])?,
    };
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredProfile> {
    let mut columns = Columns::of(row);
    Ok(StoredProfile {
        provider: ProviderId::new(columns.take::<String>()?),
        text: columns.take()?,
        created_at: columns.time()?,
        updated_at: columns.time()?,
    })
}
