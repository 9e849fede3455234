//! The lock that lets one instance of Gatewright have a database.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::OpenError;

/// How often a lock that is held is asked for, before somebody else is said to have the database.
const ATTEMPTS: u32 = 20;

/// The time between two attempts.
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(25);

/// Held while the database is open. The operating system lets go of it when the process ends, however it ends: a lock file left behind
/// by a crash is no obstacle.
///
/// A file of its own, not the database: SQLite locks ranges of that one, and closing any handle to it would drop SQLite's locks.
#[derive(Debug)]
pub(crate) struct InstanceLock(#[expect(dead_code, reason = "closing the file is what lets go of the lock")] File);

impl InstanceLock {
    /// Takes the lock that belongs to a database, or says that somebody has it.
    ///
    /// A lock that is held is asked for again for half a second: a program that this process is just starting holds a copy of every
    /// open file until it has become that program, and an instance that was told to quit needs a moment for its last words.
    pub(crate) fn take(database: &Path) -> Result<Self, OpenError> {
        let file = File::options().create(true).truncate(false).write(true).open(beside(database, ".lock"))?;
        for _ in 0..ATTEMPTS {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) => thread::sleep(BETWEEN_ATTEMPTS),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        Err(OpenError::Locked)
    }
}

/// The path of a file beside the database: its name with something added.
pub(crate) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(ending);
    PathBuf::from(name)
}
