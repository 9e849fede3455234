//! Files that are handed on or taken in.

use std::fs::{self, File};
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

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
    let unfinished = beside(path, ".unfinished");
    let written = private_file(&unfinished).map_err(|cause| not_written(&cause)).and_then(|mut file| {
        let result = write(&mut file)?;
        file.flush().and_then(|()| file.sync_all()).map_err(|cause| not_written(&cause))?;
        Ok(result)
    });
    let settled = written.and_then(|result| {
        fs::rename(&unfinished, path).map_err(|cause| not_written(&cause))?;
        Ok(result)
    });
    if settled.is_err() {
        // What was written so far is of no use to anybody.
        let _gone = fs::remove_file(&unfinished);
    }
    settled
}

/// Makes an empty file that only its owner may read.
pub(super) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
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
