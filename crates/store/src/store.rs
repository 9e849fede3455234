//! The database, open.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::runtime::{Handle, RuntimeFlavor};

use crate::error::{OpenError, StoreError};
use crate::lock::InstanceLock;
use crate::open::{self, Opening, Options};

/// The database, open: one connection that writes, a few that read. Cheap to clone; it is closed with the last clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

/// The fields are dropped in this order: the writer has to be the last to close, because only it can empty the log into the file; and
/// the lock goes when all is done.
struct Inner {
    readers: Vec<Mutex<Connection>>,
    /// Whose turn it is to be waited for when all readers are busy.
    turn: AtomicUsize,
    writer: Mutex<Writer>,
    opening: Opening,
    _lock: InstanceLock,
}

struct Writer {
    connection: Connection,
    durable: bool,
    #[cfg(feature = "failpoints")]
    disk_is_full: bool,
}

/// How long a promise has to hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Promise {
    /// Survives the end of Gatewright, however it comes.
    Crash,
    /// Survives a power failure: the disk has said that it is written.
    PowerFailure,
}

impl Store {
    /// Opens the database at a path and makes it when there is none. An older one is copied to a file beside it and brought up to
    /// date; runs that were going on when Gatewright last ended are marked as interrupted.
    ///
    /// # Errors
    /// See [`OpenError`]. A file that is refused is left as it was.
    pub fn open(path: &Path, options: &Options) -> Result<Self, OpenError> {
        let opened = open::open(path, options)?;
        Ok(Self(Arc::new(Inner {
            readers: opened.readers.into_iter().map(Mutex::new).collect(),
            turn: AtomicUsize::new(0),
            writer: Mutex::new(Writer {
                connection: opened.writer,
                durable: true,
                #[cfg(feature = "failpoints")]
                disk_is_full: false,
            }),
            opening: opened.opening,
            _lock: opened.lock,
        })))
    }

    /// The file.
    pub(crate) fn path(&self) -> std::path::PathBuf {
        let reader = self.0.reader();
        reader.path().map(std::path::PathBuf::from).unwrap_or_default()
    }

    /// What opening found and did.
    pub fn opening(&self) -> &Opening {
        &self.0.opening
    }

    /// Reads. Everything the closure sees is of one moment.
    ///
    /// # Errors
    /// The closure's, or [`StoreError::Stopped`] when the runtime ends.
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let store = self.clone();
        in_background(move || store.read_blocking(work)).await
    }

    /// Writes, all of it or nothing. It survives the end of Gatewright, but the last of it may be missing after a power failure:
    /// for the progress of a run.
    ///
    /// # Errors
    /// The closure's, then nothing has been written; or SQLite's.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        // While nobody else writes, such a write takes microseconds, because it does not wait for the disk. Making room for other tasks
        // meanwhile would take longer.
        if let Ok(mut writer) = self.0.writer.try_lock() {
            return writer.write(Promise::Crash, work);
        }
        let store = self.clone();
        in_background(move || store.write_blocking(work)).await
    }

    /// Writes, all of it or nothing, and comes back when the disk has it: for what the user is told is kept. Earlier writes are then
    /// on the disk too.
    ///
    /// # Errors
    /// The closure's, then nothing has been written; or SQLite's.
    pub async fn write_durably<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let store = self.clone();
        in_background(move || store.write_durably_blocking(work)).await
    }

    /// Brings everything into the database file and empties the log, for the end of the program, where nobody drops the last clone.
    /// A log that is left over would keep what was deleted, and the next start would take it for a crash and read every page.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn empty_log(&self) -> Result<(), StoreError> {
        let store = self.clone();
        in_background(move || {
            let writer = lock(&store.0.writer);
            let busy: bool = writer.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
            if busy {
                tracing::warn!("somebody still read at the end; the log stays until the next start");
            }
            Ok(())
        })
        .await
    }

    /// [`Store::read`] on this thread.
    ///
    /// # Errors
    /// The closure's.
    pub fn read_blocking<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut reader = self.0.reader();
        let snapshot = reader.transaction()?;
        work(&snapshot)
    }

    /// [`Store::write`] on this thread.
    ///
    /// # Errors
    /// The closure's, then nothing has been written; or SQLite's.
    pub fn write_blocking<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        lock(&self.0.writer).write(Promise::Crash, work)
    }

    /// [`Store::write_durably`] on this thread.
    ///
    /// # Errors
    /// The closure's, then nothing has been written; or SQLite's.
    pub fn write_durably_blocking<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        lock(&self.0.writer).write(Promise::PowerFailure, work)
    }
}

#[cfg(feature = "failpoints")]
impl Store {
    /// Lets the disk be full from now on, or have room again: the file may not grow, and every transaction asks for room first, as it does
    /// where the log cannot be written any more.
    ///
    /// # Errors
    /// SQLite's.
    pub fn let_disk_be_full(&self, is_full: bool) -> Result<(), StoreError> {
        let mut writer = lock(&self.0.writer);
        let most_pages = if is_full { 1 } else { i32::MAX >> 1 };
        writer.connection.pragma_update_and_check(None, "max_page_count", most_pages, |_| Ok(()))?;
        writer.disk_is_full = is_full;
        Ok(())
    }
}

/// More pages than a file of ours ever has to spare.
#[cfg(feature = "failpoints")]
fn ask_for_room(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let room = "CREATE TABLE room (bytes BLOB); INSERT INTO room VALUES (zeroblob(4194304)); DROP TABLE room";
    Ok(transaction.execute_batch(room)?)
}

impl Inner {
    /// A connection that is idle, or the one whose turn it is.
    fn reader(&self) -> MutexGuard<'_, Connection> {
        for reader in &self.readers {
            match reader.try_lock() {
                Ok(connection) => return connection,
                Err(TryLockError::Poisoned(poisoned)) => return poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        lock(&self.readers[self.turn.fetch_add(1, Ordering::Relaxed) % self.readers.len()])
    }
}

impl Writer {
    fn write<T>(
        &mut self,
        promise: Promise,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let durable = promise == Promise::PowerFailure;
        if self.durable != durable {
            self.connection.pragma_update(None, "synchronous", if durable { "FULL" } else { "NORMAL" })?;
            self.durable = durable;
        }
        // Immediate: the right to write is had at the start, not lost in the middle.
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        #[cfg(feature = "failpoints")]
        if self.disk_is_full {
            ask_for_room(&transaction)?;
        }
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }
}

/// A panic of an earlier closure has rolled its transaction back, so what the mutex guards is sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs blocking work without holding up other tasks. Where the runtime has several threads the work stays on this one, and the other
/// tasks move: handing it to another thread and back takes longer than most of our statements.
async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::MultiThread => tokio::task::block_in_place(work),
        _ => tokio::task::spawn_blocking(work).await.map_err(StoreError::Stopped)?,
    }
}
