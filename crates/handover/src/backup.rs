//! Everything there is, to be put back on this computer or another one: every entry of the keyring, the database as it is, and the
//! pictures of login pages where they are wanted.
//!
//! Inside the age file stand, one after the other: a line that says what it is, one line of JSON with the entries and the small files, and
//! the database. In a backup of the first form the database goes to the end. In one of the second form its length is known, and pictures
//! follow: each a line with its digest and its length, then its bytes. Database and pictures may be large and pass through, one picture
//! at a time; the rest is small and is held.

mod pictures;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead, BufReader, Read, Write};

use gatewright_protocol::Secret;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, Zeroizing};

use crate::sealed::{self, Key, Lock, Opened, OpeningError, SealedWriter, SealingError};

pub use self::pictures::{BackupPicture, BackupPictures, BackupWriter, LONGEST_PICTURE};

/// How a backup begins that ends with the database: every version reads it.
const FIRST_LINE: &[u8] = b"gatewright backup 1\n";
/// How a backup begins that has pictures after the database.
const FIRST_LINE_WITH_PICTURES: &[u8] = b"gatewright backup 2\n";
/// How a backup of any form begins.
const ANY_FIRST_LINE: &[u8] = b"gatewright backup ";
/// The most bytes the entries may take: tens of thousands of secrets.
const MOST_ENTRY_BYTES: u64 = 64 << 20;

/// What a backup says of itself, with every entry of the keyring.
#[derive(Clone, Debug)]
pub struct BackupHead {
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// The version of Gatewright that made it.
    pub made_by: String,
    /// The apps of the sandbox's twins as their file has them: digests of their secrets, and no secret. None where there is no file.
    pub sandbox_apps: Option<String>,
    /// The person's own walk plans. A backup of a version that took none along has none.
    pub walk_plans: Vec<BackupFile>,
    /// The entries.
    pub entries: Vec<BackupEntry>,
}

/// A small file of text that comes along as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupFile {
    /// Its name, without a folder. Whoever writes it out checks that it leads nowhere else.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// One entry of the keyring.
#[derive(Clone, Debug)]
pub struct BackupEntry {
    /// Its name, without the namespace.
    pub name: String,
    /// The label a person sees in their keyring program.
    pub label: String,
    /// What stands in it.
    pub text: Secret,
}

/// Why a backup was not read.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It was not opened.
    #[error(transparent)]
    Opening(#[from] OpeningError),
    /// What is inside is no backup.
    #[error("The file was opened, and it is no backup of Gatewright's.")]
    NotABackup,
    /// A newer Gatewright wrote it.
    #[error("A newer Gatewright made this backup.")]
    Newer,
}

// No Debug: they hold values.
#[derive(Serialize)]
struct Written<'a> {
    made_at: &'a str,
    made_by: &'a str,
    sandbox_apps: Option<&'a str>,
    walk_plans: &'a [BackupFile],
    #[serde(skip_serializing_if = "Option::is_none")]
    database_bytes: Option<u64>,
    entries: Vec<WrittenEntry<'a>>,
}

#[derive(Serialize)]
struct WrittenEntry<'a> {
    name: &'a str,
    label: &'a str,
    text: &'a str,
}

#[derive(Deserialize)]
struct ReadHead {
    made_at: String,
    made_by: String,
    sandbox_apps: Option<String>,
    #[serde(default)]
    walk_plans: Vec<BackupFile>,
    database_bytes: Option<u64>,
    entries: Vec<ReadEntry>,
}

#[derive(Deserialize)]
struct ReadEntry {
    name: String,
    label: String,
    text: String,
}

/// Writes a backup without pictures. Gives the output back once all of it is written.
pub fn write<W: Write>(head: &BackupHead, database: &mut impl Read, lock: &Lock, output: W) -> Result<W, SealingError> {
    let mut writer = begin(head, None, lock, output)?;
    io::copy(database, &mut writer)?;
    Ok(writer.finish()?)
}

/// Writes a backup as far as the pictures, which follow one by one. The database has that many bytes.
///
/// # Errors
/// See [`SealingError`]; also when the database has more bytes, or fewer.
pub fn begin_with_pictures<W: Write>(
    head: &BackupHead,
    database: &mut impl Read,
    database_bytes: u64,
    lock: &Lock,
    output: W,
) -> Result<BackupWriter<W>, SealingError> {
    let mut writer = begin(head, Some(database_bytes), lock, output)?;
    // One more than it has, to notice that it has more.
    if io::copy(&mut database.take(database_bytes.saturating_add(1)), &mut writer)? != database_bytes {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the database has another length than was said").into());
    }
    Ok(BackupWriter::new(writer))
}

/// Writes the first two lines.
fn begin<W: Write>(
    head: &BackupHead,
    database_bytes: Option<u64>,
    lock: &Lock,
    output: W,
) -> Result<SealedWriter<W>, SealingError> {
    let mut writer = sealed::seal_to(lock, output, false)?;
    writer.write_all(if database_bytes.is_some() { FIRST_LINE_WITH_PICTURES } else { FIRST_LINE })?;
    let entries =
        head.entries.iter().map(|BackupEntry { name, label, text }| WrittenEntry { name, label, text: text.expose() });
    let written = Written {
        made_at: &head.made_at,
        made_by: &head.made_by,
        sandbox_apps: head.sandbox_apps.as_deref(),
        walk_plans: &head.walk_plans,
        database_bytes,
        entries: entries.collect(),
    };
    // Straight into the cipher: the text of the entries is never in memory as a whole.
    serde_json::to_writer(&mut writer, &written).map_err(io::Error::from)?;
    writer.write_all(b"\n")?;
    Ok(writer)
}

/// A backup that is being read: what it says of itself, then the database, then the pictures.
pub struct Backup<R: Read> {
    /// What it says of itself.
    pub head: BackupHead,
    inside: BufReader<Opened<R>>,
    /// The length of the database; none where it goes to the end.
    database_bytes: Option<u64>,
}

/// Opens a backup and reads as far as the database.
pub fn open<R: Read>(input: R, key: &Key) -> Result<Backup<R>, BackupError> {
    let mut inside = BufReader::new(sealed::open(key, input)?);
    let mut first = Vec::new();
    inside.by_ref().take(64).read_until(b'\n', &mut first).map_err(|_| OpeningError::Damaged)?;
    let has_pictures = match &first[..] {
        FIRST_LINE => false,
        FIRST_LINE_WITH_PICTURES => true,
        other if other.starts_with(ANY_FIRST_LINE) => return Err(BackupError::Newer),
        _ => return Err(BackupError::NotABackup),
    };
    let mut line = Zeroizing::new(Vec::new());
    inside.by_ref().take(MOST_ENTRY_BYTES).read_until(b'\n', &mut line).map_err(|_| OpeningError::Damaged)?;
    let read: ReadHead = serde_json::from_slice(&line).map_err(|_| BackupError::NotABackup)?;
    if has_pictures != read.database_bytes.is_some() {
        return Err(BackupError::NotABackup);
    }
    let database_bytes = read.database_bytes;
    Ok(Backup { head: BackupHead::from(read), inside, database_bytes })
}

impl From<ReadHead> for BackupHead {
    fn from(read: ReadHead) -> Self {
        let entry = |ReadEntry { name, label, mut text }: ReadEntry| {
            let kept = BackupEntry { name, label, text: Secret::new(text.as_str()) };
            text.zeroize();
            kept
        };
        Self {
            made_at: read.made_at,
            made_by: read.made_by,
            sandbox_apps: read.sandbox_apps,
            walk_plans: read.walk_plans,
            entries: read.entries.into_iter().map(entry).collect(),
        }
    }
}

impl<R: Read> Backup<R> {
    /// Writes the database out and goes on to the pictures. An error means that it is not whole and must not be used.
    pub fn write_database(mut self, output: &mut impl Write) -> Result<BackupPictures<R>, OpeningError> {
        let mut buffer = vec![0; 64 << 10];
        let mut left = self.database_bytes.unwrap_or(u64::MAX);
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            let length = self.inside.read(&mut buffer[..most]).map_err(|_| OpeningError::Damaged)?;
            if length == 0 {
                break;
            }
            output.write_all(&buffer[..length]).map_err(OpeningError::Io)?;
            left -= length as u64;
        }
        match self.database_bytes {
            Some(_) if left > 0 => Err(OpeningError::Damaged),
            Some(_) => Ok(BackupPictures::of(self.inside)),
            None => Ok(BackupPictures::none()),
        }
    }
}
