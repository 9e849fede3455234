//! The forms the database has had, and how one becomes the next.
//!
//! Migrations are the files `migrations/V001__….sql`, compiled in. They are append-only: a file that has been released is never
//! edited, because a database that went through the old text would then differ from one that goes through the new.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use refinery::{Runner, Target};
use rusqlite::{Connection, OptionalExtension, params};

use crate::connection;
use crate::error::OpenError;
use crate::lock::beside;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// "GWRT" in a database's header; set by the first migration.
pub(crate) const APPLICATION_ID: i64 = 0x4757_5254;

/// What a file was found to be, before anything was changed in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// There is nothing in it yet.
    Nothing,
    /// A database of ours, at this version.
    Version(u32),
}

/// The newest version this program knows.
pub(crate) fn newest() -> u32 {
    embedded::migrations::runner()
        .get_migrations()
        .iter()
        .map(|migration| number(migration.version()))
        .max()
        .unwrap_or(0)
}

/// Looks at a database without changing it and refuses the ones that are not ours to open.
pub(crate) fn inspect(db: &Connection) -> Result<Found, OpenError> {
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'table'", [], |row| row.get(0))?;
    if tables == 0 {
        return Ok(Found::Nothing);
    }
    let history = db
        .query_row("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'refinery_schema_history'", [], |_| {
            Ok(())
        })
        .optional()?;
    if history.is_none() {
        return Err(OpenError::Foreign);
    }
    let applied = applied(db)?;
    let Some((last, _, _)) = applied.last() else {
        // The history table is made before the first migration, in a transaction of its own.
        return if tables == 1 { Ok(Found::Nothing) } else { Err(OpenError::Foreign) };
    };
    let application: i64 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if application != APPLICATION_ID {
        return Err(OpenError::Foreign);
    }
    if *last > newest() {
        return Err(OpenError::NewerSchema { found: *last, known: newest() });
    }
    refuse_edited(&applied)?;
    Ok(Found::Version(*last))
}

/// Version, name and checksum of the migrations a database has been through, in order.
fn applied(db: &Connection) -> Result<Vec<(u32, String, String)>, OpenError> {
    let mut statement = db.prepare("SELECT version, name, checksum FROM refinery_schema_history ORDER BY version")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.collect::<Result<_, _>>().map_err(|error| match error {
        rusqlite::Error::SqliteFailure(..) => error.into(),
        _ => OpenError::Corrupt("the list of its forms cannot be read".to_owned()),
    })
}

fn refuse_edited(applied: &[(u32, String, String)]) -> Result<(), OpenError> {
    let runner = embedded::migrations::runner();
    let known = runner.get_migrations();
    for (version, name, checksum) in applied {
        let same = known.iter().any(|migration| {
            number(migration.version()) == *version
                && migration.name() == name
                && migration.checksum().to_string() == *checksum
        });
        if !same {
            return Err(OpenError::MigrationEdited { version: *version, name: name.clone() });
        }
    }
    Ok(())
}

/// Brings a database up to date: all missing migrations in one transaction, so that a crash leaves the old form or the new one.
pub(crate) fn run(db: &mut Connection) -> Result<(), OpenError> {
    run_to(db, Target::Latest)
}

/// Like [`run`], but stops at a version.
pub(crate) fn run_to(db: &mut Connection, target: Target) -> Result<(), OpenError> {
    let runner: Runner = embedded::migrations::runner().set_grouped(true).set_target(target);
    runner.run(db).map(|_report| ()).map_err(classify)
}

/// A full disk is a full disk, whoever ran into it.
fn classify(error: refinery::Error) -> OpenError {
    if let refinery::error::Kind::Connection(_, source) = error.kind()
        && let Some(sqlite) = source.downcast_ref::<rusqlite::Error>()
        && let Some(rusqlite::ErrorCode::DiskFull) = sqlite.sqlite_error_code()
    {
        return OpenError::DiskFull;
    }
    OpenError::Migration(error)
}

/// Copies a database to a file beside it, named after the version it has. The copy is complete or not there.
pub(crate) fn back_up(path: &Path, version: u32, busy: Duration) -> Result<PathBuf, OpenError> {
    let copy = beside(path, &format!(".v{version:03}-backup"));
    let unfinished = beside(path, ".unfinished-backup");
    let copied = copy_to(path, &unfinished, busy).and_then(|()| Ok(std::fs::rename(&unfinished, &copy)?));
    if copied.is_err() {
        // What was copied so far is of no use, and takes the room that may be what is missing.
        let _ = std::fs::remove_file(&unfinished);
    }
    copied.map(|()| copy)
}

pub(crate) fn copy_to(path: &Path, unfinished: &Path, busy: Duration) -> Result<(), OpenError> {
    // An empty file made beforehand is taken over with its permissions: the copy is as private as the original.
    make_private_file(unfinished)?;
    let db = connection::open_for_inspection(path, busy)?;
    db.pragma_update(None, "query_only", false)?;
    db.execute("VACUUM INTO ?1", params![unfinished.to_string_lossy()])?;
    File::options().write(true).open(unfinished)?.sync_all()?;
    Ok(())
}

/// Makes an empty file that only its owner may read; empties one that is there.
pub(crate) fn make_private_file(path: &Path) -> Result<(), OpenError> {
    let mut options = File::options();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

/// Our migrations count from 1, so a negative number is none of them.
fn number(version: refinery::SchemaVersion) -> u32 {
    u32::try_from(version).unwrap_or(0)
}
