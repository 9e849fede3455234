//! The table `secret_rotation`: the rotations of clients' secrets, and who works on one right now.
//!
//! Not to be confused with [`crate::rotation`], which is about refresh tokens. Two tasks must not work on the rotations of one client: a
//! client has at most one under way, a task that works on it holds a lease, and every change names the revision it was made from.

mod facts;

use gatewright_model::rotation::{Driver, Position, RotatedSecret, RotationRefusal, RotationStep, Strategy};
use gatewright_model::{AttemptId, ClientRecordId, Rotation, RotationId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use self::facts::Facts;
use crate::StoreError;
use crate::column::{Columns, Word, kind_of, micros, to_json, words};

words!(Strategy {
    Overlap = "overlap", Staged = "staged", CutOver = "cut_over", ReplaceClient = "replace_client",
    AskSupport = "ask_support"
});
words!(Driver { ByHand = "by_hand", Sandbox = "sandbox", Registration = "registration", Keycloak = "keycloak" });

impl Word for Position {
    fn word(self) -> &'static str {
        match self {
            Self::At(RotationStep::ProveOld) => "prove_old",
            Self::At(RotationStep::ObtainNew) => "obtain_new",
            Self::At(RotationStep::MoveDeployments) => "move_deployments",
            Self::At(RotationStep::ProveNew) => "prove_new",
            Self::At(RotationStep::Promote) => "promote",
            Self::At(RotationStep::RetireOld) => "retire_old",
            Self::Completed => "completed",
            Self::RolledBack => "rolled_back",
            Self::Abandoned => "abandoned",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "prove_old" => Self::At(RotationStep::ProveOld),
            "obtain_new" => Self::At(RotationStep::ObtainNew),
            "move_deployments" => Self::At(RotationStep::MoveDeployments),
            "prove_new" => Self::At(RotationStep::ProveNew),
            "promote" => Self::At(RotationStep::Promote),
            "retire_old" => Self::At(RotationStep::RetireOld),
            "completed" => Self::Completed,
            "rolled_back" => Self::RolledBack,
            "abandoned" => Self::Abandoned,
            _ => return None,
        })
    }
}

/// Why a rotation was not started or not changed. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretRotationRefusal {
    /// Another rotation of the same client is under way.
    #[error("the secret of this client is being rotated already")]
    UnderWay(RotationId),
    /// Somebody else works on it right now.
    #[error("another step of this rotation is being done right now")]
    Leased {
        /// When that will have ended at the latest.
        until: Timestamp,
    },
    /// It has changed since it was read.
    #[error("the rotation has gone on in the meantime")]
    GoneOn,
    /// It cannot take that change.
    #[error(transparent)]
    Impossible(#[from] RotationRefusal),
}

/// A rotation as it was read, with what a change of it has to name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The rotation.
    pub rotation: Rotation,
    /// How often it had changed when it was read.
    pub revision: u32,
}

const COLUMNS: &str =
    "id, client, strategy, driver, old_version, old_client_id, client_id_kind, new_version, new_client_id,
  client_id_kind, position, facts, started_at, ended_at, revision";

/// Writes a rotation that starts.
///
/// # Errors
/// [`SecretRotationRefusal::UnderWay`] (in [`StoreError::SecretRotation`]).
pub fn start(tx: &Transaction<'_>, rotation: &Rotation) -> Result<(), StoreError> {
    if let Some(other) = under_way(tx, &rotation.client)? {
        return Err(SecretRotationRefusal::UnderWay(other.rotation.id).into());
    }
    tx.prepare_cached(
        "INSERT INTO secret_rotation (id, client, strategy, driver, old_version, old_client_id, client_id_kind, position,
           facts, started_at, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
    )?
    .execute(params![
        rotation.id.as_str(),
        rotation.client.as_str(),
        rotation.strategy.word(),
        rotation.driver.word(),
        rotation.old.version,
        rotation.old.client_id.to_string(),
        kind_of(&rotation.old.client_id).word(),
        rotation.position.word(),
        to_json(&Facts::of(rotation))?,
        micros(rotation.started_at),
    ])?;
    Ok(())
}

/// Writes what a rotation has become since it was read at `revision`.
///
/// # Errors
/// [`SecretRotationRefusal::GoneOn`] (in [`StoreError::SecretRotation`]): the second of two loses.
pub fn put(tx: &Transaction<'_>, rotation: &Rotation, revision: u32) -> Result<(), StoreError> {
    let new = rotation.new.as_ref();
    let changed = tx
        .prepare_cached(
            "UPDATE secret_rotation SET new_version = ?, new_client_id = ?, position = ?, facts = ?, ended_at = ?,
               revision = revision + 1
             WHERE id = ? AND revision = ?",
        )?
        .execute(params![
            new.map(|new| new.version),
            new.map(|new| new.client_id.to_string()),
            rotation.position.word(),
            to_json(&Facts::of(rotation))?,
            rotation.ended_at.map(micros),
            rotation.id.as_str(),
            revision,
        ])?;
    if changed == 1 { Ok(()) } else { Err(SecretRotationRefusal::GoneOn.into()) }
}

/// One rotation, over or not. Its absence is an error.
pub fn find(db: &Connection, id: &RotationId) -> Result<Kept, StoreError> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM secret_rotation WHERE id = ?"))?
        .query_row([id.as_str()], from_row)
        .optional()?
        .ok_or_else(|| StoreError::NoSuchRotation(id.clone()))
}

/// The rotation of a client that is not over.
pub fn under_way(db: &Connection, client: &ClientRecordId) -> Result<Option<Kept>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM secret_rotation WHERE client = ? AND ended_at IS NULL");
    Ok(db.prepare_cached(&sql)?.query_row([client.as_str()], from_row).optional()?)
}

/// Every rotation that is not over, the oldest first; those of deleted clients are left out.
pub fn list_under_way(db: &Connection) -> Result<Vec<Kept>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM secret_rotation
         WHERE ended_at IS NULL AND client IN (SELECT id FROM client WHERE deleted_at IS NULL) ORDER BY started_at, id"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The rotations of a client, the newest first.
pub fn list(db: &Connection, client: &ClientRecordId) -> Result<Vec<Kept>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM secret_rotation WHERE client = ? ORDER BY started_at DESC, id");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([client.as_str()], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes a rotation for one task alone, until `until` at most.
///
/// # Errors
/// [`SecretRotationRefusal::Leased`] (in [`StoreError::SecretRotation`]), [`StoreError::NoSuchRotation`].
pub fn lease(
    tx: &Transaction<'_>,
    id: &RotationId,
    owner: &AttemptId,
    until: Timestamp,
    now: Timestamp,
) -> Result<Kept, StoreError> {
    let kept = find(tx, id)?;
    let changed = tx
        .prepare_cached(
            "UPDATE secret_rotation SET leased_by = ?, leased_until = ?
             WHERE id = ? AND (leased_by IS NULL OR leased_by = ? OR leased_until <= ?)",
        )?
        .execute(params![owner.as_str(), micros(until), id.as_str(), owner.as_str(), micros(now)])?;
    if changed == 1 {
        return Ok(kept);
    }
    let until = tx.query_row("SELECT leased_until FROM secret_rotation WHERE id = ?", [id.as_str()], |row| {
        Columns::of(row).time()
    })?;
    Err(SecretRotationRefusal::Leased { until }.into())
}

/// Lets go of a rotation. Letting go of what somebody else has by now does nothing.
pub fn release(tx: &Transaction<'_>, id: &RotationId, owner: &AttemptId) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE secret_rotation SET leased_by = NULL, leased_until = NULL WHERE id = ? AND leased_by = ?",
    )?
    .execute(params![id.as_str(), owner.as_str()])?;
    Ok(())
}

/// No lease outlives the end of Gatewright.
pub(crate) fn drop_leases(tx: &Transaction<'_>) -> Result<(), rusqlite::Error> {
    tx.execute("UPDATE secret_rotation SET leased_by = NULL, leased_until = NULL WHERE leased_by IS NOT NULL", [])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let mut columns = Columns::of(row);
    let id = RotationId::new(columns.take::<String>()?);
    let client = ClientRecordId::new(columns.take::<String>()?);
    let (strategy, driver) = (columns.word()?, columns.word()?);
    let old = RotatedSecret { version: columns.take()?, client_id: columns.client_id()? };
    let new_version: Option<u32> = columns.take()?;
    let new = if let Some(version) = new_version {
        Some(RotatedSecret { version, client_id: columns.client_id()? })
    } else {
        columns.skip(2);
        None
    };
    let position = columns.word()?;
    let facts: Facts = columns.required_json()?;
    let (started_at, ended_at) = (columns.time()?, columns.optional_time()?);
    let rotation = facts.into_rotation(Rotation {
        new,
        position,
        ended_at,
        ..Rotation::start(id, client, strategy, driver, old, started_at)
    });
    Ok(Kept { rotation, revision: columns.take()? })
}
