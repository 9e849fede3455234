//! The lock that lets one instance of Gatewright have a database.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::OpenError;

/// Held while the database is open. The operating system lets go of it when the process ends, however it ends: a lock file left behind
/// by a crash is no obstacle.
///
/// A file of its own, not the database: SQLite locks ranges of that one, and closing any handle to it would drop SQLite's locks.
#[derive(Debug)]
pub(crate) struct InstanceLock(#[expect(dead_code, reason = "closing the file is what lets go of the lock")] File);

impl InstanceLock {
    /// Takes the lock that belongs to a database, or says that somebody has it.
    pub(crate) fn take(database: &Path) -> Result<Self, OpenError> {
        let file = File::options().create(true).truncate(false).write(true).open(beside(database, ".lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(OpenError::Locked),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

/// The path of a file beside the database: its name with something added.
pub(crate) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(ending);
    PathBuf::from(name)
}
