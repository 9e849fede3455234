//! Everything there is, to be put back on this computer or another one: every entry of the keyring, then the database as it is.
//!
//! Inside the age file stand three things, one after the other: a line that says what it is, one line of JSON with the entries and the
//! small files, and the database to the end. The database may be large and passes through; the rest is small and is held.

use std::io::{self, BufRead, BufReader, Read, Write};

use gatewright_protocol::Secret;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, Zeroizing};

use crate::sealed::{self, Key, Lock, Opened, OpeningError, SealingError};

const FIRST_LINE: &[u8] = b"gatewright backup 1\n";
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
    entries: Vec<ReadEntry>,
}

#[derive(Deserialize)]
struct ReadEntry {
    name: String,
    label: String,
    text: String,
}

/// Writes a backup. Gives the output back once all of it is written.
pub fn write<W: Write>(head: &BackupHead, database: &mut impl Read, lock: &Lock, output: W) -> Result<W, SealingError> {
    let mut writer = sealed::seal_to(lock, output, false)?;
    writer.write_all(FIRST_LINE)?;
    let entries =
        head.entries.iter().map(|BackupEntry { name, label, text }| WrittenEntry { name, label, text: text.expose() });
    let written = Written {
        made_at: &head.made_at,
        made_by: &head.made_by,
        sandbox_apps: head.sandbox_apps.as_deref(),
        walk_plans: &head.walk_plans,
        entries: entries.collect(),
    };
    // Straight into the cipher: the text of the entries is never in memory as a whole.
    serde_json::to_writer(&mut writer, &written).map_err(io::Error::from)?;
    writer.write_all(b"\n")?;
    io::copy(database, &mut writer)?;
    Ok(writer.finish()?)
}

/// A backup that is being read: what it says of itself, then the database.
pub struct Backup<R: Read> {
    /// What it says of itself.
    pub head: BackupHead,
    database: BufReader<Opened<R>>,
}

/// Opens a backup and reads as far as the database.
pub fn open<R: Read>(input: R, key: &Key) -> Result<Backup<R>, BackupError> {
    let mut inside = BufReader::new(sealed::open(key, input)?);
    let mut first = Vec::new();
    inside.by_ref().take(64).read_until(b'\n', &mut first).map_err(|_| OpeningError::Damaged)?;
    if first != FIRST_LINE {
        return Err(if first.starts_with(ANY_FIRST_LINE) { BackupError::Newer } else { BackupError::NotABackup });
    }
    let mut line = Zeroizing::new(Vec::new());
    inside.by_ref().take(MOST_ENTRY_BYTES).read_until(b'\n', &mut line).map_err(|_| OpeningError::Damaged)?;
    let read: ReadHead = serde_json::from_slice(&line).map_err(|_| BackupError::NotABackup)?;
    let entry = |ReadEntry { name, label, mut text }: ReadEntry| {
        let kept = BackupEntry { name, label, text: Secret::new(text.as_str()) };
        text.zeroize();
        kept
    };
    let head = BackupHead {
        made_at: read.made_at,
        made_by: read.made_by,
        sandbox_apps: read.sandbox_apps,
        walk_plans: read.walk_plans,
        entries: read.entries.into_iter().map(entry).collect(),
    };
    Ok(Backup { head, database: inside })
}

impl<R: Read> Backup<R> {
    /// Writes the database out. An error means that it is not whole and must not be used.
    pub fn write_database(mut self, output: &mut impl Write) -> Result<u64, OpeningError> {
        let mut buffer = vec![0; 64 << 10];
        let mut written = 0;
        loop {
            let length = self.database.read(&mut buffer).map_err(|_| OpeningError::Damaged)?;
            if length == 0 {
                return Ok(written);
            }
            output.write_all(&buffer[..length]).map_err(OpeningError::Io)?;
            written += length as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use gatewright_testkit::Canary;

    use super::*;

    fn lock() -> Lock {
        Lock::Passphrase { passphrase: Secret::new("correct horse battery"), work_factor: 4 }
    }

    fn key() -> Key {
        Key::Passphrase(Secret::new("correct horse battery"))
    }

    fn head(canary: &Canary) -> BackupHead {
        let entry =
            BackupEntry { name: "client/a/v1".to_owned(), label: "Gatewright: a".to_owned(), text: canary.secret() };
        BackupHead {
            made_at: "2026-05-12T10:00:00Z".to_owned(),
            made_by: "0.1.0".to_owned(),
            sandbox_apps: None,
            walk_plans: vec![BackupFile { name: "mine.toml".to_owned(), text: "title = \"Mine\"\n".to_owned() }],
            entries: vec![entry],
        }
    }

    #[test]
    fn entries_and_database_come_out_as_they_went_in() {
        let canary = Canary::new("backed-up");
        let database: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
        let sealed = write(&head(&canary), &mut &database[..], &lock(), Vec::new()).unwrap();
        assert!(canary.traces_in(&sealed).is_empty());
        let backup = open(&sealed[..], &key()).unwrap();
        let [entry] = &backup.head.entries[..] else { panic!("one entry") };
        assert!(entry.text.matches(canary.as_str()) && entry.name == "client/a/v1");
        assert!(!format!("{:?}", backup.head).contains(canary.as_str()));
        assert_eq!(backup.head.walk_plans, head(&canary).walk_plans);
        let mut out = Vec::new();
        assert_eq!(backup.write_database(&mut out).unwrap(), database.len() as u64);
        assert_eq!(out, database);
    }

    #[test]
    fn a_backup_of_the_time_before_plans_came_along_is_still_read() {
        let mut writer = sealed::seal_to(&lock(), Vec::new(), false).unwrap();
        writer.write_all(FIRST_LINE).unwrap();
        writer.write_all(b"{\"made_at\":\"\",\"made_by\":\"0.1.0\",\"sandbox_apps\":null,\"entries\":[]}\n").unwrap();
        let backup = writer.finish().unwrap();
        assert!(open(&backup[..], &key()).unwrap().head.walk_plans.is_empty());
    }

    #[test]
    fn a_backup_that_was_cut_off_is_not_whole_at_any_length() {
        let canary = Canary::new("cut-off");
        let sealed = write(&head(&canary), &mut &vec![7; 150_000][..], &lock(), Vec::new()).unwrap();
        for length in [sealed.len() - 1, sealed.len() - 70_000, sealed.len() / 2] {
            let opened = open(&sealed[..length], &key());
            let whole = opened.is_ok_and(|backup| backup.write_database(&mut Vec::new()).is_ok());
            assert!(!whole, "{length} of {} bytes passed for a whole backup", sealed.len());
        }
    }

    #[test]
    fn a_parcel_is_no_backup_and_a_later_form_is_newer() {
        let parcel = crate::parcel::seal(&[], &lock()).unwrap();
        assert!(matches!(open(&parcel[..], &key()), Err(BackupError::NotABackup)));
        let mut writer = sealed::seal_to(&lock(), Vec::new(), false).unwrap();
        writer.write_all(b"gatewright backup 2\n{}").unwrap();
        let newer = writer.finish().unwrap();
        assert!(matches!(open(&newer[..], &key()), Err(BackupError::Newer)));
    }
}
