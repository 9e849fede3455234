//! The report that is being written, or was the last.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use gatewright_contract::report::{ReportProgress, ReportStanding};
use gatewright_contract::{Failure, FailureCode};

/// The last report; there is one at a time.
#[derive(Default)]
pub(crate) struct Reports(Mutex<Option<Arc<Job>>>);

/// A report on its way into a file.
pub(super) struct Job {
    pub(super) path: PathBuf,
    total: usize,
    began: Duration,
    done: AtomicU32,
    bytes: AtomicU64,
    stopped: AtomicBool,
    ended: OnceLock<Ended>,
}

struct Ended {
    failure: Option<Failure>,
    took: Duration,
}

impl Reports {
    /// Puts a report in the place of the last one, which ends if it has not.
    pub(super) fn begin(&self, job: Job) -> Arc<Job> {
        let job = Arc::new(job);
        let former = self.0.lock().unwrap_or_else(PoisonError::into_inner).replace(Arc::clone(&job));
        if let Some(former) = former {
            former.stop();
        }
        job
    }

    pub(super) fn stop(&self) {
        if let Some(job) = self.last() {
            job.stop();
        }
    }

    pub(super) fn shown(&self, now: Duration) -> ReportProgress {
        match self.last() {
            Some(job) => job.shown(now),
            None => ReportProgress {
                standing: ReportStanding::Idle,
                path: String::new(),
                done: 0,
                total: 0,
                megabytes: 0.0,
                milliseconds: 0.0,
                failure: None,
            },
        }
    }

    fn last(&self) -> Option<Arc<Job>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Job {
    pub(super) fn new(path: PathBuf, total: usize, now: Duration) -> Self {
        Self {
            path,
            total,
            began: now,
            done: AtomicU32::new(0),
            bytes: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
            ended: OnceLock::new(),
        }
    }

    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Counts a part that was written.
    pub(super) fn count(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// An error when the report was stopped, so that everything of it goes.
    pub(super) fn go_on(&self) -> Result<(), Failure> {
        if self.is_stopped() {
            return Err(Failure::new(FailureCode::FileNotWritten, "The report was stopped."));
        }
        Ok(())
    }

    /// Keeps what came of it.
    pub(super) fn end(&self, result: Result<(), Failure>, now: Duration) {
        // It ends once.
        let _first = self.ended.set(Ended { failure: result.err(), took: now.saturating_sub(self.began) });
    }

    pub(super) fn shown(&self, now: Duration) -> ReportProgress {
        let ended = self.ended.get();
        let failure = ended.and_then(|ended| ended.failure.clone());
        let standing = match (ended, &failure) {
            (None, _) => ReportStanding::Running,
            (Some(_), None) => ReportStanding::Done,
            (Some(_), Some(_)) if self.is_stopped() => ReportStanding::Stopped,
            (Some(_), Some(_)) => ReportStanding::Failed,
        };
        let took = ended.map_or_else(|| now.saturating_sub(self.began), |ended| ended.took);
        ReportProgress {
            failure: failure.filter(|_| standing == ReportStanding::Failed),
            standing,
            path: self.path.display().to_string(),
            done: self.done.load(Ordering::Relaxed),
            total: u32::try_from(self.total).unwrap_or(u32::MAX),
            megabytes: crate::show::megabytes(self.bytes.load(Ordering::Relaxed)),
            milliseconds: took.as_secs_f64() * 1e3,
        }
    }
}

/// A writer that counts for a job what goes through it.
pub(super) struct Counted<'a, W> {
    out: W,
    job: &'a Job,
}

impl<'a, W: Write> Counted<'a, W> {
    pub(super) const fn new(out: W, job: &'a Job) -> Self {
        Self { out, job }
    }
}

impl<W: Write> Write for Counted<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.job.bytes.fetch_add(written as u64, Ordering::Relaxed);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
