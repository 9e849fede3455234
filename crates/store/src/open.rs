//! Opening the database: look first, touch afterwards.

use std::path::{Path, PathBuf};
use std::time::Duration;

use gatewright_model::{GrantId, RunId};
use rusqlite::Connection;

use crate::error::OpenError;
use crate::lock::{InstanceLock, beside};
use crate::migration::{self, Found};
use crate::{connection, rotation, run, secret_rotation, secret_version, walk};

/// How the database is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many connections read at once.
    pub readers: usize,
    /// How long to wait for a lock of SQLite's. Within one instance there is next to nothing to wait for.
    pub busy: Duration,
    /// The most pages (of 4096 bytes) the file may have; a write past that is refused as on a full disk. None: as many as fit.
    pub max_pages: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 3, busy: Duration::from_secs(5), max_pages: None }
    }
}

/// What opening found and did, for the person to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// The database is new.
    pub created: bool,
    /// The version it had, when it was older than this program.
    pub migrated_from: Option<u32>,
    /// The copy that was made before it was brought up to date.
    pub backup: Option<PathBuf>,
    /// Runs that were going on when Gatewright last ended; they are marked as interrupted now.
    pub interrupted: Vec<RunId>,
    /// Grants whose refresh token was on its way when Gatewright last ended; they are marked as ambiguous now.
    pub ambiguous_grants: Vec<GrantId>,
    /// Secrets that were only kept in memory and went with the last session; their versions are marked as lost now.
    pub lost_secrets: u32,
}

/// A database that has been opened and brought up to date.
pub(crate) struct Opened {
    pub(crate) writer: Connection,
    pub(crate) readers: Vec<Connection>,
    pub(crate) lock: InstanceLock,
    pub(crate) opening: Opening,
}

/// Opens the database at a path; makes it when there is none.
pub(crate) fn open(path: &Path, options: &Options) -> Result<Opened, OpenError> {
    let lock = InstanceLock::take(path)?;
    let found = inspect(path, options)?;
    let mut opening = Opening { created: found == Found::Nothing, ..Opening::default() };
    if let Found::Version(version) = found
        && version < migration::newest()
    {
        opening.migrated_from = Some(version);
        opening.backup = Some(migration::back_up(path, version, options.busy)?);
    }
    let mut writer = open_writer(path, options)?;
    migration::run(&mut writer)?;
    settle(&mut writer, &mut opening)?;
    let readers = (0..options.readers.max(1)).map(|_| connection::open_reader(path, options.busy));
    let readers = readers.collect::<Result<_, _>>()?;
    tracing::info!(created = opening.created, interrupted = opening.interrupted.len(), "database opened");
    Ok(Opened { writer, readers, lock, opening })
}

/// Says what the file is. A file that is refused here has not been changed.
fn inspect(path: &Path, options: &Options) -> Result<Found, OpenError> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            migration::make_private_file(path)?;
            return Ok(Found::Nothing);
        }
        Err(error) => return Err(error.into()),
        Ok(facts) if !facts.is_file() => return Err(OpenError::NotADatabase),
        Ok(facts) if facts.len() == 0 => return Ok(Found::Nothing),
        Ok(_) => {}
    }
    let crashed = std::fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
    let db = connection::open_for_inspection(path, options.busy)?;
    let found = migration::inspect(&db)?;
    // Reading every page takes a second for a few hundred megabytes, so it is done when there is a reason to doubt.
    if crashed || matches!(found, Found::Version(version) if version < migration::newest()) {
        check_pages(&db)?;
    }
    Ok(found)
}

fn check_pages(db: &Connection) -> Result<(), OpenError> {
    let answer: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if answer == "ok" { Ok(()) } else { Err(OpenError::Corrupt(answer)) }
}

fn open_writer(path: &Path, options: &Options) -> Result<Connection, OpenError> {
    let writer = connection::open_writer(path, options.busy)?;
    if writer.is_readonly("main")? {
        return Err(OpenError::ReadOnly);
    }
    if let Some(pages) = options.max_pages {
        writer.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    let mode: String = writer.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        tracing::warn!(%mode, "the database has no write-ahead log here; reading waits for writing");
    }
    // The log is cut back to this many bytes after a checkpoint that emptied it.
    writer.pragma_update_and_check(None, "journal_size_limit", 8 << 20, |_| Ok(()))?;
    writer.pragma_update(None, "synchronous", "FULL")?;
    Ok(writer)
}

/// Makes the rows true again after whatever ended the last session.
fn settle(writer: &mut Connection, opening: &mut Opening) -> Result<(), OpenError> {
    let transaction = writer.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    opening.interrupted = run::interrupt_leftovers(&transaction)?;
    opening.ambiguous_grants = rotation::interrupt_leftovers(&transaction)?;
    walk::pause_leftovers(&transaction)?;
    secret_rotation::drop_leases(&transaction)?;
    opening.lost_secrets = secret_version::lose_session_values(&transaction)?;
    transaction.commit()?;
    Ok(())
}
