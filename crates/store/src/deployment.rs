//! The table `deployment`: the places that use a client's secret, as its owner keeps them.

use gatewright_model::deployment::VersionInUse;
use gatewright_model::{ClientRecordId, Deployment, DeploymentId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, micros};

const COLUMNS: &str = "id, client, name, place, version, ticked_at, created_at";

pub(crate) const LIST: &str = "SELECT id, client, name, place, version, ticked_at, created_at FROM deployment
  WHERE client = ? AND deleted_at IS NULL ORDER BY created_at, id";

/// The deployments of a client, in the order in which they were added.
pub fn list(db: &Connection, client: &ClientRecordId) -> Result<Vec<Deployment>, StoreError> {
    let mut statement = db.prepare_cached(LIST)?;
    let rows = statement.query_map([client.as_str()], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One deployment that is not removed.
pub fn find(db: &Connection, id: &DeploymentId) -> Result<Deployment, StoreError> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM deployment WHERE id = ? AND deleted_at IS NULL"))?
        .query_row([id.as_str()], from_row)
        .optional()?
        .ok_or_else(|| StoreError::NoSuchDeployment(id.clone()))
}

/// Adds a deployment.
pub fn insert(tx: &Transaction<'_>, deployment: &Deployment) -> Result<(), StoreError> {
    tx.prepare_cached(&format!("INSERT INTO deployment ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"))?.execute(
        params![
            deployment.id.as_str(),
            deployment.client.as_str(),
            deployment.name,
            deployment.place,
            deployment.uses.map(|uses| uses.version),
            deployment.uses.map(|uses| micros(uses.ticked_at)),
            micros(deployment.created_at),
        ],
    )?;
    Ok(())
}

/// Calls a deployment something else, or says that it is somewhere else.
pub fn rename(tx: &Transaction<'_>, id: &DeploymentId, name: &str, place: &str) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE deployment SET name = ?, place = ? WHERE id = ? AND deleted_at IS NULL")?
        .execute(params![name, place, id.as_str()])?;
    one(changed, id)
}

/// Says which version a deployment has, or that nobody knows.
///
/// # Errors
/// [`StoreError::NoSuchSecretVersion`] for a version that its client's secret never had.
pub fn tick(tx: &Transaction<'_>, id: &DeploymentId, uses: Option<VersionInUse>) -> Result<(), StoreError> {
    if let Some(uses) = uses {
        crate::secret_version::find(tx, &find(tx, id)?.client, uses.version)?;
    }
    let changed = tx
        .prepare_cached("UPDATE deployment SET version = ?, ticked_at = ? WHERE id = ? AND deleted_at IS NULL")?
        .execute(params![uses.map(|uses| uses.version), uses.map(|uses| micros(uses.ticked_at)), id.as_str()])?;
    one(changed, id)
}

/// Removes a deployment; [`restore`] brings it back until [`purge`].
pub fn remove(tx: &Transaction<'_>, id: &DeploymentId, now: Timestamp) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE deployment SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL")?
        .execute(params![micros(now), id.as_str()])?;
    one(changed, id)
}

/// Takes a removal back. An error when there is nothing to bring back.
pub fn restore(tx: &Transaction<'_>, id: &DeploymentId) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE deployment SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL")?
        .execute([id.as_str()])?;
    one(changed, id)
}

/// Forgets what was removed at this time or before. Says how many.
pub fn purge(tx: &Transaction<'_>, removed_until: Timestamp) -> Result<usize, StoreError> {
    Ok(tx
        .prepare_cached("DELETE FROM deployment WHERE deleted_at IS NOT NULL AND deleted_at <= ?")?
        .execute([micros(removed_until)])?)
}

fn one(changed: usize, id: &DeploymentId) -> Result<(), StoreError> {
    if changed == 1 { Ok(()) } else { Err(StoreError::NoSuchDeployment(id.clone())) }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Deployment> {
    let mut columns = Columns::of(row);
    Ok(Deployment {
        id: DeploymentId::new(columns.take::<String>()?),
        client: ClientRecordId::new(columns.take::<String>()?),
        name: columns.take()?,
        place: columns.take()?,
        uses: {
            let version: Option<u32> = columns.take()?;
            let ticked_at = columns.optional_time()?;
            version.zip(ticked_at).map(|(version, ticked_at)| VersionInUse { version, ticked_at })
        },
        created_at: columns.time()?,
    })
}
