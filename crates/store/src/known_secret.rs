//! Every value a secret has had, with the client it belongs to: what a fingerprint is looked up in. Never a value.
//!
//! Rows outlive values: a retired secret has left the keyring, and its fingerprint still says whose it was. Those of a deleted client are
//! there until its deletion can no longer be undone.

use gatewright_model::{ClientRecordId, Environment, ProviderId, SecretVersionState};
use jiff::Timestamp;
use rusqlite::Connection;

use crate::StoreError;
use crate::column::Columns;

/// One value a client's secret has had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSecret {
    /// Whose.
    pub client: ClientRecordId,
    /// That client's name.
    pub client_name: String,
    /// Its provider.
    pub provider: ProviderId,
    /// Which server of it.
    pub environment: Environment,
    /// The client is deleted, and that can still be undone.
    pub deleted: bool,
    /// Which version.
    pub version: u32,
    /// Where it stands.
    pub state: SecretVersionState,
    /// The last four characters, when the secret is long enough to show them.
    pub last_four: Option<String>,
    /// Keyed fingerprint.
    pub fingerprint: String,
    /// Since when it stands there.
    pub since: Timestamp,
}

/// All of them, the oldest client first and of each client the newest version.
pub fn list(db: &Connection) -> Result<Vec<KnownSecret>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT client.id, client.name, client.provider, client.environment, client.deleted_at IS NOT NULL,
           secret_version.version, secret_version.state, secret_version.last_four, secret_version.fingerprint,
           CASE secret_version.state
             WHEN 'active' THEN coalesce(secret_version.promoted_at, secret_version.created_at)
             WHEN 'retiring' THEN coalesce(secret_version.retiring_since, secret_version.created_at)
             WHEN 'retired' THEN coalesce(secret_version.retired_at, secret_version.created_at)
             ELSE secret_version.created_at END
         FROM secret_version JOIN client ON client.id = secret_version.client
         ORDER BY client.seq, secret_version.version DESC",
    )?;
    let rows = statement.query_map([], |row| {
        let mut columns = Columns::of(row);
        Ok(KnownSecret {
            client: ClientRecordId::new(columns.take::<String>()?),
            client_name: columns.take()?,
            provider: ProviderId::new(columns.take::<String>()?),
            environment: columns.word()?,
            deleted: columns.take()?,
            version: columns.take()?,
            state: columns.word()?,
            last_four: columns.take()?,
            fingerprint: columns.take()?,
            since: columns.time()?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
