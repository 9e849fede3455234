//! The pictures of login pages in a backup: after the database, one by one, so that only one is in memory at a time.

use std::io::{self, BufRead, BufReader, Read, Write};

use crate::sealed::{Opened, OpeningError, SealedWriter};

/// The most bytes of a picture: far more than one that Gatewright takes.
pub const LONGEST_PICTURE: u64 = 16 << 20;
/// The most bytes of the line before a picture: a digest, a space, a number, and the end of the line.
const LONGEST_LINE: u64 = 128;
/// The characters of a SHA-256 digest in hexadecimal.
const DIGEST_LETTERS: usize = 64;

/// A picture of a backup. Whether its bytes are those of its digest is for whoever keeps it to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupPicture {
    /// SHA-256 of the file, 64 hexadecimal digits: its name.
    pub sha256: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A backup that is written as far as the pictures.
pub struct BackupWriter<W: Write>(SealedWriter<W>);

impl<W: Write> BackupWriter<W> {
    pub(super) const fn new(writer: SealedWriter<W>) -> Self {
        Self(writer)
    }

    /// Adds a picture under the SHA-256 of its file.
    pub fn put_picture(&mut self, sha256: &str, bytes: &[u8]) -> io::Result<()> {
        writeln!(self.0, "{sha256} {}", bytes.len())?;
        self.0.write_all(bytes)
    }

    /// Writes the end, and gives the output back. Without it nothing of the backup can be used.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish()
    }
}

/// The pictures of a backup that is being read.
pub struct BackupPictures<R: Read>(Option<BufReader<Opened<R>>>);

impl<R: Read> BackupPictures<R> {
    pub(super) const fn of(inside: BufReader<Opened<R>>) -> Self {
        Self(Some(inside))
    }

    pub(super) const fn none() -> Self {
        Self(None)
    }

    /// The next picture; none when there is no other.
    ///
    /// # Errors
    /// [`OpeningError::Damaged`] where the backup is cut off or has no picture there, [`OpeningError::TooLong`] for a picture of more than
    /// [`LONGEST_PICTURE`] bytes.
    pub fn next_picture(&mut self) -> Result<Option<BackupPicture>, OpeningError> {
        let Some(inside) = &mut self.0 else { return Ok(None) };
        let mut line = Vec::new();
        inside.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(|_| OpeningError::Damaged)?;
        if line.is_empty() {
            return Ok(None);
        }
        let (sha256, length) = parsed(&line).ok_or(OpeningError::Damaged)?;
        if length > LONGEST_PICTURE {
            return Err(OpeningError::TooLong);
        }
        let mut bytes = Vec::new();
        inside.by_ref().take(length).read_to_end(&mut bytes).map_err(|_| OpeningError::Damaged)?;
        if bytes.len() as u64 != length {
            return Err(OpeningError::Damaged);
        }
        Ok(Some(BackupPicture { sha256, bytes }))
    }
}

/// The digest and the length in the line before a picture. A digest is nothing but hexadecimal digits: it becomes the name of a file.
fn parsed(line: &[u8]) -> Option<(String, u64)> {
    let (sha256, length) = std::str::from_utf8(line).ok()?.strip_suffix('\n')?.split_once(' ')?;
    let is_digest = sha256.len() == DIGEST_LETTERS && sha256.bytes().all(|letter| letter.is_ascii_hexdigit());
    is_digest.then_some((sha256.to_owned(), length.parse().ok()?))
}
