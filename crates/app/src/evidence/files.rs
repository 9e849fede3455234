//! The folder with the pictures: each file is named after what is in it, so that equal pictures are one file and a changed one is noticed.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// The folder's name in the folder of everything Gatewright keeps.
pub(crate) const FOLDER: &str = "evidence";

/// The folder with the pictures. Every method blocks.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn in_data_dir(data_dir: &Path) -> Self {
        Self(data_dir.join(FOLDER))
    }

    /// Makes the folder itself.
    pub(crate) fn make(&self) -> io::Result<()> {
        private_folder(&self.0)
    }

    /// Puts a picture there and gives its name. It is there as a whole or not at all, and only its owner may read it.
    pub(crate) fn keep(&self, bytes: &[u8]) -> io::Result<String> {
        let name = name_of(bytes);
        let path = self.path(&name);
        if self.read(&name).is_ok() {
            return Ok(name);
        }
        if let Some(folder) = path.parent() {
            private_folder(folder)?;
        }
        let unfinished = path.with_extension("unfinished");
        let written = private_file(&unfinished).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&unfinished, &path)
        });
        if written.is_err() {
            // What was written so far is of no use to anybody.
            let _gone = fs::remove_file(&unfinished);
        }
        written.map(|()| name)
    }

    /// Reads a picture. One that is not what its name says is [`io::ErrorKind::InvalidData`]: it was changed behind our back.
    pub(crate) fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let bytes = fs::read(self.path(name))?;
        if name_of(&bytes) == name { Ok(bytes) } else { Err(io::ErrorKind::InvalidData.into()) }
    }

    /// Removes everything that is not named, also what an interruption left half written. Says how many files went.
    pub(super) fn sweep(&self, named: &HashSet<String>) -> io::Result<usize> {
        let mut removed = 0;
        for folder in entries(&self.0)? {
            for file in entries(&folder)? {
                let is_picture = file.extension().is_some_and(|extension| extension == "png");
                let name = file.file_stem().and_then(|name| name.to_str()).filter(|_| is_picture);
                if !name.is_some_and(|name| named.contains(name)) {
                    fs::remove_file(&file)?;
                    removed += 1;
                }
            }
        }
        Ok(removed)
    }

    /// Folders of two letters: a folder with many thousands of files is slow to list almost everywhere.
    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name.get(..2).unwrap_or_default()).join(name).with_extension("png")
    }
}

/// The name of a picture: the SHA-256 of what is in its file.
pub(crate) fn name_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// What is in a folder; nothing where there is no such folder.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(cause) if matches!(cause.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        listed => listed?.map(|entry| Ok(entry?.path())).collect(),
    }
}

fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Folder) {
        let data_dir = tempfile::tempdir().unwrap();
        let folder = Folder::in_data_dir(data_dir.path());
        (data_dir, folder)
    }

    #[test]
    fn a_picture_is_read_as_it_was_kept() {
        let (_data_dir, folder) = folder();
        let name = folder.keep(b"one").unwrap();
        assert_eq!(name, "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed");
        assert_eq!(folder.keep(b"one").unwrap(), name, "equal pictures are one file");
        assert_eq!(folder.read(&name).unwrap(), b"one");
        assert_eq!(folder.read(&name_of(b"two")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_picture_that_was_changed_is_refused_and_can_be_kept_again() {
        let (_data_dir, folder) = folder();
        let name = folder.keep(b"one").unwrap();
        fs::write(folder.path(&name), b"two").unwrap();
        assert_eq!(folder.read(&name).unwrap_err().kind(), io::ErrorKind::InvalidData);
        folder.keep(b"one").unwrap();
        assert_eq!(folder.read(&name).unwrap(), b"one");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_look() {
        use std::os::unix::fs::PermissionsExt as _;
        let (data_dir, folder) = folder();
        let name = folder.keep(b"one").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder.path(&name)), 0o600);
        assert_eq!(mode(&data_dir.path().join(FOLDER)), 0o700);
    }

    #[test]
    fn what_nobody_names_is_swept_and_nothing_else() {
        let (_data_dir, folder) = folder();
        assert_eq!(folder.sweep(&HashSet::new()).unwrap(), 0, "there is no folder yet");
        let (kept, unnamed) = (folder.keep(b"one").unwrap(), folder.keep(b"two").unwrap());
        fs::write(folder.path(&kept).with_extension("unfinished"), b"o").unwrap();
        assert_eq!(folder.sweep(&HashSet::from([kept.clone()])).unwrap(), 2);
        assert!(folder.read(&kept).is_ok() && folder.read(&unnamed).is_err());
    }
}
