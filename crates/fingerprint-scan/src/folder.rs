//! Files and folders, on all cores.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::finder::Finder;
use crate::{Found, Recognise, Tails};

/// Folders that are not looked into: what git packed cannot be read this way, and packages are other people's.
const OTHER_PEOPLES: [&str; 2] = [".git", "node_modules"];
/// How much of a file is looked at to see whether it is text.
const LOOKED_AT: usize = 8 << 10;

/// What a search does not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Files with more bytes are left out.
    pub file_bytes: u64,
    /// How many places are told; the rest is counted.
    pub places: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 16 << 20, places: 1000 }
    }
}

/// What is looked for.
pub struct Search<'a> {
    /// How the known secrets end.
    pub tails: &'a Tails,
    /// Says which one a piece of text is.
    pub recognise: &'a Recognise<'a>,
    /// Where to stop.
    pub limits: Limits,
}

/// How far a search has come. Read it, or stop the search, from another thread.
#[derive(Debug, Default)]
pub struct Progress {
    files: AtomicU32,
    bytes: AtomicU64,
    stopped: AtomicBool,
}

impl Progress {
    /// How many files were looked through.
    pub fn files(&self) -> u32 {
        self.files.load(Ordering::Relaxed)
    }

    /// How many bytes they have.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Ends the search after the files that are open.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

/// A known secret in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// The line, and which secret.
    pub found: Found,
}

/// Why something was not looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LeftOut {
    /// It is not text.
    Binary,
    /// It is larger than the limit.
    TooLarge,
    /// A folder of git's, or of packages.
    OtherPeoples,
    /// It could not be read.
    Unreadable,
}

/// What came of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchReport {
    /// Where known secrets stand, by path and line.
    pub places: Vec<Place>,
    /// How many more places there are.
    pub more: u32,
    /// What was left out: why, how often, and one of them.
    pub left_out: Vec<(LeftOut, u32, PathBuf)>,
}

/// Looks through files, and through folders with everything below them, hidden and ignored files too: a `.env` is both. Links are not
/// followed. Blocks until done or stopped; uses as many threads as there are cores.
pub fn find_in_paths(paths: &[PathBuf], search: &Search<'_>, progress: &Progress) -> SearchReport {
    let Some((first, others)) = paths.split_first() else { return SearchReport::default() };
    let mut walk = WalkBuilder::new(first);
    for other in others {
        walk.add(other);
    }
    walk.standard_filters(false).follow_links(false);
    walk.threads(std::thread::available_parallelism().map_or(2, std::num::NonZero::get));
    let report = Shared { limit: search.limits.places, report: Mutex::default() };
    walk.build_parallel().run(|| {
        let mut worker = Worker { search, progress, report: &report, finder: None, bytes: Vec::new() };
        Box::new(move |entry| worker.visit(entry))
    });
    let mut report = report.report.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.places.sort_unstable();
    report.left_out.sort_unstable();
    report
}

/// What all threads write to. Finding something is rare, so they seldom meet.
struct Shared {
    limit: usize,
    report: Mutex<SearchReport>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, SearchReport> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leave_out(&self, why: LeftOut, path: &Path) {
        let mut report = self.lock();
        match report.left_out.iter_mut().find(|(known, ..)| *known == why) {
            Some((_, count, _)) => *count += 1,
            None => report.left_out.push((why, 1, path.to_owned())),
        }
    }

    fn tell(&self, path: &Path, found: Vec<Found>) {
        let mut report = self.lock();
        for found in found {
            if report.places.len() < self.limit {
                report.places.push(Place { path: path.to_owned(), found });
            } else {
                report.more += 1;
            }
        }
    }
}

/// One thread's part.
struct Worker<'a> {
    search: &'a Search<'a>,
    progress: &'a Progress,
    report: &'a Shared,
    finder: Option<Finder<'a>>,
    /// The file that is open; kept, so that its memory is used again.
    bytes: Vec<u8>,
}

impl Worker<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        if self.progress.is_stopped() {
            return WalkState::Quit;
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                self.report.leave_out(LeftOut::Unreadable, &path_of(&error).unwrap_or_default());
                return WalkState::Continue;
            }
        };
        let Some(kind) = entry.file_type() else { return WalkState::Continue };
        let is_other_peoples = || entry.file_name().to_str().is_some_and(|name| OTHER_PEOPLES.contains(&name));
        if kind.is_dir() && entry.depth() > 0 && is_other_peoples() {
            self.report.leave_out(LeftOut::OtherPeoples, entry.path());
            return WalkState::Skip;
        }
        if kind.is_file() {
            match self.look_into(entry.path()) {
                Ok(None) => {}
                Ok(Some(why)) => self.report.leave_out(why, entry.path()),
                Err(_) => self.report.leave_out(LeftOut::Unreadable, entry.path()),
            }
        }
        WalkState::Continue
    }

    fn look_into(&mut self, path: &Path) -> io::Result<Option<LeftOut>> {
        let file = File::open(path)?;
        let limit = self.search.limits.file_bytes;
        if file.metadata()?.len() > limit {
            return Ok(Some(LeftOut::TooLarge));
        }
        self.bytes.clear();
        // A file that grows while it is read ends here all the same.
        file.take(limit).read_to_end(&mut self.bytes)?;
        let text = match utf16(&self.bytes) {
            Some(text) => std::borrow::Cow::Owned(text.into_bytes()),
            None if memchr::memchr(0, &self.bytes[..self.bytes.len().min(LOOKED_AT)]).is_some() => {
                return Ok(Some(LeftOut::Binary));
            }
            None => std::borrow::Cow::Borrowed(&*self.bytes),
        };
        let search = self.search;
        let finder = self.finder.get_or_insert_with(|| Finder::new(search.tails, search.recognise));
        let found = finder.find(&text);
        self.progress.files.fetch_add(1, Ordering::Relaxed);
        self.progress.bytes.fetch_add(self.bytes.len() as u64, Ordering::Relaxed);
        if !found.is_empty() {
            self.report.tell(path, found);
        }
        Ok(None)
    }
}

/// A file that Windows wrote by `>`: UTF-16 with its mark at the start.
fn utf16(bytes: &[u8]) -> Option<String> {
    let (unit, rest): (fn([u8; 2]) -> u16, _) = match bytes {
        [0xff, 0xfe, rest @ ..] => (u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => (u16::from_be_bytes, rest),
        _ => return None,
    };
    let units = rest.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    Some(char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
