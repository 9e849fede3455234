//! Files that are handed on or taken in.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use gatewright_contract::{Failure, FailureCode};

use crate::failure;

/// A whole path, as a person wrote or chose it.
pub(crate) fn whole_path(text: &str, field: &str) -> Result<PathBuf, Failure> {
    let path = PathBuf::from(text.trim());
    if path.is_absolute() {
        return Ok(path);
    }
    let message = if path.as_os_str().is_empty() {
        "There is no path.".to_owned()
    } else {
        format!("{} is not a whole path.", path.display())
    };
    Err(failure::invalid(field, message).hint("Choose the place, or write it from the top."))
}

/// Writes a file so that it is there as a whole or not at all, and only its owner may read it.
pub(crate) fn write_whole<T>(path: &Path, write: impl FnOnce(&mut File) -> Result<T, Failure>) -> Result<T, Failure> {
    write_whole_if(path, write, || Ok(()))
}

/// [`write_whole`] of what may no longer be wanted by the time it is on the disk: `is_wanted` is asked then, and its error leaves nothing.
pub(crate) fn write_whole_if<T>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<T, Failure>,
    is_wanted: impl FnOnce() -> Result<(), Failure>,
) -> Result<T, Failure> {
    write_whole_or(path, write, is_wanted, |cause| not_written(&cause))
}

/// [`write_whole`] of bytes that are there already.
pub(crate) fn write_bytes(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_whole_or(path, |file| file.write_all(bytes), || Ok(()), |cause| cause)
}

/// The one way in which a file is written, whatever its errors are called.
fn write_whole_or<T, E>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<T, E>,
    is_wanted: impl FnOnce() -> Result<(), E>,
    error: impl Fn(io::Error) -> E,
) -> Result<T, E> {
    let (unfinished, mut file) = unfinished_file(path).map_err(&error)?;
    let written = write(&mut file).and_then(|result| {
        file.sync_all().map_err(&error)?;
        is_wanted()?;
        Ok(result)
    });
    // Closed first: not every system gives a new name to a file that is open.
    drop(file);
    let settled = written.and_then(|result| {
        fs::rename(&unfinished, path).map_err(&error)?;
        Ok(result)
    });
    if settled.is_err() {
        // What was written so far is of no use to anybody.
        let _gone = fs::remove_file(&unfinished);
    }
    settled
}

/// Makes an empty file beside a place, which only its owner may read and nobody else writes to: another write to the same place may still
/// be ending.
fn unfinished_file(path: &Path) -> io::Result<(PathBuf, File)> {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    let mut options = File::options();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    loop {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let unfinished = beside(path, &format!(".{}-{number}.unfinished", std::process::id()));
        match options.open(&unfinished) {
            // What a crash has left.
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return opened.map(|file| (unfinished, file)),
        }
    }
}

/// Reads a file that has at most that many bytes.
pub(super) fn read_at_most(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limit as u64 + 1).read_to_end(&mut bytes));
    match read {
        Err(cause) => Err(not_read(&cause)),
        Ok(_) if bytes.len() > limit => {
            Err(failure::invalid("path", format!("{} is too large to be a file with clients.", path.display()))
                .hint("Choose the file again."))
        }
        Ok(_) => Ok(bytes),
    }
}

/// A path with something after its name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A file was not written.
pub(crate) fn not_written(cause: &io::Error) -> Failure {
    tracing::warn!(%cause, "a file was not written");
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Failure::new(FailureCode::DiskFull, "The disk is full: the file was not written.")
                .hint("Make room on the disk, or choose another place.")
        }
        io::ErrorKind::NotFound => failure::invalid("path", "There is no such folder.").hint("Choose another place."),
        _ => failure::invalid("path", format!("The file cannot be written there: {cause}."))
            .hint("Choose another place."),
    }
}

/// A file was not read.
pub(super) fn not_read(cause: &io::Error) -> Failure {
    tracing::warn!(%cause, "a file was not read");
    match cause.kind() {
        io::ErrorKind::NotFound => failure::invalid("path", "There is no such file.").hint("Choose it again."),
        _ => failure::invalid("path", format!("The file cannot be read: {cause}."))
            .hint("Check its rights, then try again."),
    }
}

/// Does work with files off the caller's thread.
pub(super) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|cause| failure::internal("The work with a file was not finished", &cause))?
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn names(folder: &TempDir) -> Vec<String> {
        let entries = fs::read_dir(folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    fn stopped<T>() -> Result<T, Failure> {
        Err(Failure::new(FailureCode::FileNotWritten, "Stopped."))
    }

    #[test]
    fn a_write_that_fails_leaves_another_to_the_same_place_alone() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("report.html");
        write_whole(&path, |file| {
            file.write_all(b"all ").unwrap();
            let other = write_whole(&path, |other| {
                other.write_all(b"something else").unwrap();
                stopped::<()>()
            });
            assert_eq!(other.unwrap_err().code, FailureCode::FileNotWritten);
            let left = names(&folder);
            assert!(left.len() == 1 && left[0].ends_with(".unfinished"), "{left:?}");
            file.write_all(b"of it").unwrap();
            Ok(())
        })
        .unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "all of it");
        assert_eq!(names(&folder), ["report.html"]);
    }

    #[test]
    fn what_is_no_longer_wanted_when_it_is_written_leaves_nothing() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("report.html");
        let write = |file: &mut File| file.write_all(b"all of it").map_err(|cause| not_written(&cause));
        assert!(write_whole_if(&path, write, stopped).is_err());
        assert_eq!(names(&folder), [""; 0]);
    }
}
