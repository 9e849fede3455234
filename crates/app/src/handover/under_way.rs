//! The backup or the restore that is under way: how far it is, and whether it has been stopped. And the backup that waits for the next
//! start.

use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gatewright_contract::handover::{BackupProgress, BackupReady, BackupState, BackupWork};
use gatewright_contract::{Event, Failure, FailureCode};
use tokio_util::sync::CancellationToken;

use crate::App;
use crate::show::megabytes;

/// How often the window is told how far it is.
const TOLD_EVERY: Duration = Duration::from_millis(150);

/// What is under way, and what is ready.
#[derive(Default)]
pub(crate) struct Backups(Mutex<Standing>);

#[derive(Default)]
struct Standing {
    /// One at a time, since both need the same places on the disk.
    under_way: Option<Arc<UnderWay>>,
    /// Found at the next start by its files alone.
    ready: Option<BackupReady>,
}

/// A backup on its way into a file, or out of one.
pub(super) struct UnderWay {
    what: BackupWork,
    /// Bytes in all; 0 while that is not known.
    total: AtomicU64,
    done: AtomicU64,
    stopped: CancellationToken,
    over: CancellationToken,
}

/// Whoever holds it makes a backup or restores one. Dropped, somebody else may.
pub(super) struct Turn {
    app: App,
    pub(super) work: Arc<UnderWay>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.work.over.cancel();
        self.app.0.backups.standing().under_way = None;
        self.app.tell(Event::BackupChanged);
    }
}

impl Backups {
    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// This backup takes the place of what is here at the next start; none does any more without one.
    pub(super) fn set_ready(&self, ready: Option<BackupReady>) {
        self.standing().ready = ready;
    }
}

impl UnderWay {
    /// Work that goes on until `stopped` says otherwise.
    pub(super) fn new(what: BackupWork, stopped: CancellationToken) -> Self {
        Self { what, total: AtomicU64::new(0), done: AtomicU64::new(0), stopped, over: CancellationToken::new() }
    }

    /// Says how many bytes there are in all.
    pub(super) fn expect(&self, bytes: u64) {
        self.total.store(bytes, Ordering::Relaxed);
    }

    /// Stops it, as soon as it looks.
    pub(super) fn stop(&self) {
        self.stopped.cancel();
    }

    /// An error when it has been stopped, so that everything of it goes.
    pub(super) fn go_on(&self) -> Result<(), Failure> {
        if self.stopped.is_cancelled() { Err(stopped()) } else { Ok(()) }
    }

    /// What comes of `work`, or an error as soon as this has been stopped. For what may be left at any point, as a question to the keyring
    /// which a person is to unlock.
    pub(super) async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        tokio::select! {
            biased;
            () = self.stopped.cancelled() => Err(stopped()),
            result = work => Ok(result),
        }
    }

    /// What is said of a failure: whatever it came to where it was stopped, that is why.
    pub(super) fn reason(&self, failure: Failure) -> Failure {
        self.go_on().err().unwrap_or(failure)
    }

    fn shown(&self) -> BackupProgress {
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        // Encryption adds a little, and nothing is ever more than done.
        BackupProgress { work: self.what, done: megabytes(done.min(total)), total: megabytes(total) }
    }
}

/// A reader or a writer that counts what goes through it, and fails once the work has been stopped.
pub(super) struct Watched<'a, T> {
    inside: T,
    work: &'a UnderWay,
}

impl<'a, T> Watched<'a, T> {
    pub(super) const fn new(inside: T, work: &'a UnderWay) -> Self {
        Self { inside, work }
    }

    pub(super) fn into_inner(self) -> T {
        self.inside
    }

    fn go_on(&self) -> io::Result<()> {
        // Not `Interrupted`, after which everybody tries again.
        self.work.go_on().map_err(|stopped| io::Error::other(stopped.message))
    }
}

impl<T: Read> Read for Watched<'_, T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.go_on()?;
        let length = self.inside.read(buffer)?;
        self.work.done.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

impl<T: Write> Write for Watched<'_, T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.go_on()?;
        let length = self.inside.write(bytes)?;
        self.work.done.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inside.flush()
    }
}

impl App {
    /// Takes the turn, and tells the window how far the work is for as long as it is held. When Gatewright ends, the work is stopped.
    pub(super) fn backup_turn(&self, what: BackupWork) -> Result<Turn, Failure> {
        let mut standing = self.0.backups.standing();
        if standing.under_way.is_some() {
            return Err(Failure::new(FailureCode::InUse, "A backup or a restore is under way already.")
                .hint("Wait until it is done, or stop it."));
        }
        let work = Arc::new(UnderWay::new(what, self.0.ending.child_token()));
        standing.under_way = Some(Arc::clone(&work));
        let (app, over) = (self.clone(), work.over.clone());
        self.0.tasks.spawn(async move {
            while !over.is_cancelled() {
                app.tell(Event::BackupChanged);
                tokio::select! {
                    () = over.cancelled() => {}
                    () = app.0.clock.sleep(TOLD_EVERY) => {}
                }
            }
        });
        Ok(Turn { app: self.clone(), work })
    }

    /// How backup and restore stand.
    pub(crate) fn backup_state_now(&self) -> BackupState {
        let standing = self.0.backups.standing();
        BackupState { under_way: standing.under_way.as_ref().map(|work| work.shown()), ready: standing.ready.clone() }
    }

    /// Stops the backup or the restore. Whoever waits for it is told when it has stopped.
    pub(crate) fn stop_backup(&self) -> BackupState {
        if let Some(work) = &self.0.backups.standing().under_way {
            work.stop();
        }
        self.backup_state_now()
    }
}

fn stopped() -> Failure {
    Failure::new(FailureCode::FileNotWritten, "It was stopped, and nothing of it is left.")
        .hint("Everything here is as it was. Begin again whenever you like.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_for_a_keyring_that_never_answers_can_still_stop() {
        let work = UnderWay::new(BackupWork::Making, CancellationToken::new());
        assert_eq!(work.unless_stopped(std::future::ready(7)).await.unwrap(), 7);
        let waits = work.unless_stopped(std::future::pending::<()>());
        let stops = async { work.stop() };
        let (waited, ()) = tokio::join!(waits, stops);
        assert_eq!(waited.unwrap_err().message, stopped().message);
        assert!(work.unless_stopped(std::future::ready(7)).await.is_err(), "nothing new is begun");
    }
}
