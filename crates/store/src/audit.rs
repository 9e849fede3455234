//! The table `audit`: who did what with a secret or a client, and when. Never a value. Rows are added and stay as they are; triggers
//! refuse anything else.

use gatewright_model::{ClientRecordId, RunId};
use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, Word, micros, words};

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The person at the window.
    User,
    /// Gatewright by itself: a clean-up, an interrupted change that was finished at start.
    Gatewright,
}
words!(Actor { User = "user", Gatewright = "gatewright" });

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A secret was shown on screen.
    SecretRevealed,
    /// A secret was put on the clipboard.
    SecretCopied,
    /// A secret was stored as a new version.
    SecretStored,
    /// A secret was removed from the keyring.
    SecretForgotten,
    /// A token was put on the clipboard.
    TokenCopied,
    /// A client was made.
    ClientCreated,
    /// A client was changed.
    ClientChanged,
    /// A client was deleted.
    ClientDeleted,
    /// A deletion was taken back.
    ClientRestored,
    /// A deleted client was removed for good.
    ClientPurged,
}
words!(Action {
    SecretRevealed = "secret_revealed", SecretCopied = "secret_copied", SecretStored = "secret_stored",
    SecretForgotten = "secret_forgotten", TokenCopied = "token_copied", ClientCreated = "client_created",
    ClientChanged = "client_changed", ClientDeleted = "client_deleted", ClientRestored = "client_restored",
    ClientPurged = "client_purged",
});

/// One line of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: Action,
    /// The client it was about; the record may be gone by now.
    pub client: Option<ClientRecordId>,
    /// The client's name at the time.
    pub client_name: Option<String>,
    /// The version of its secret.
    pub version: Option<u32>,
    /// The run it was about.
    pub run: Option<RunId>,
}

impl Entry {
    /// A line about a client.
    pub fn about(at: Timestamp, actor: Actor, action: Action, client: &ClientRecordId, name: &str) -> Self {
        Self {
            at,
            actor,
            action,
            client: Some(client.clone()),
            client_name: Some(name.to_owned()),
            version: None,
            run: None,
        }
    }
}

/// Adds a line.
pub fn append(tx: &Transaction<'_>, entry: &Entry) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO audit (at, actor, action, client, client_name, version, run) VALUES (?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        micros(entry.at),
        entry.actor.word(),
        entry.action.word(),
        entry.client.as_ref().map(ClientRecordId::as_str),
        entry.client_name,
        entry.version,
        entry.run.as_ref().map(RunId::as_str),
    ])?;
    Ok(())
}

/// The newest lines, newest first.
pub fn list(db: &Connection, limit: u32) -> Result<Vec<Entry>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT at, actor, action, client, client_name, version, run FROM audit ORDER BY id DESC LIMIT ?",
    )?;
    let rows = statement.query_map([limit], |row| {
        let mut columns = Columns::of(row);
        Ok(Entry {
            at: columns.time()?,
            actor: columns.word()?,
            action: columns.word()?,
            client: columns.take::<Option<String>>()?.map(ClientRecordId::new),
            client_name: columns.take()?,
            version: columns.take()?,
            run: columns.take::<Option<String>>()?.map(RunId::new),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
