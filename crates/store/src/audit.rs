//! The table `audit`: who did what with a secret or a client, and when. Never a value. Rows are added and stay as they are; triggers
//! refuse anything else.

use gatewright_model::{ClientRecordId, RunId};
use jiff::Timestamp;
use rusqlite::{Connection, Row, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, Word, micros, words};
use crate::filter::Filter;

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
    /// A version became the one that logins use.
    SecretPromoted,
    /// A promotion was taken back.
    SecretSteppedBack,
    /// A version was retired.
    SecretRetired,
    /// A rotation of a secret was started.
    RotationStarted,
    /// A rotation was given up before it had a new secret.
    RotationAbandoned,
    /// A secret was removed from the keyring.
    SecretForgotten,
    /// A secret was written to an encrypted file.
    SecretExported,
    /// A secret was taken from somebody else's file.
    SecretImported,
    /// A person confirmed where a secret may be sent, after that was changed outside Gatewright.
    DestinationConfirmed,
    /// A token was put on the clipboard.
    TokenCopied,
    /// A client was made.
    ClientCreated,
    /// A client was registered at its provider.
    ClientRegistered,
    /// A client was changed at its provider, to be there as it is kept here.
    ClientPushed,
    /// A person agreed to a place, other than the provider's own, at which a client is looked after.
    ManagementPlaceAgreed,
    /// Such an agreement was taken back.
    ManagementPlaceWithdrawn,
    /// A client was taken from a file.
    ClientImported,
    /// A client was written to a file, without its secret.
    ClientExported,
    /// A client was changed.
    ClientChanged,
    /// A client was deleted.
    ClientDeleted,
    /// A deletion was taken back.
    ClientRestored,
    /// A deleted client was removed for good.
    ClientPurged,
    /// Everything was written to an encrypted file.
    BackupMade,
    /// Everything was taken back from such a file.
    BackupRestored,
    /// A person confirmed that the database is from an earlier day.
    OlderDatabaseConfirmed,
    /// A person confirmed that a host of a provider may be in the network at hand.
    NearbyHostConfirmed,
    /// Such a confirmation was taken back.
    NearbyHostWithdrawn,
    /// Runs were removed for their age.
    RunsRemoved,
    /// This trail was written to a file.
    TrailExported,
}
words!(Action {
    SecretRevealed = "secret_revealed",
    SecretCopied = "secret_copied",
    SecretStored = "secret_stored",
    SecretPromoted = "secret_promoted",
    SecretSteppedBack = "secret_stepped_back",
    SecretRetired = "secret_retired",
    RotationStarted = "rotation_started",
    RotationAbandoned = "rotation_abandoned",
    SecretForgotten = "secret_forgotten",
    SecretExported = "secret_exported",
    SecretImported = "secret_imported",
    DestinationConfirmed = "destination_confirmed",
    TokenCopied = "token_copied",
    ClientCreated = "client_created",
    ClientRegistered = "client_registered",
    ClientPushed = "client_pushed",
    ManagementPlaceAgreed = "management_place_agreed",
    ManagementPlaceWithdrawn = "management_place_withdrawn",
    ClientImported = "client_imported",
    ClientExported = "client_exported",
    ClientChanged = "client_changed",
    ClientDeleted = "client_deleted",
    ClientRestored = "client_restored",
    ClientPurged = "client_purged",
    BackupMade = "backup_made",
    BackupRestored = "backup_restored",
    OlderDatabaseConfirmed = "older_database_confirmed",
    NearbyHostConfirmed = "nearby_host_confirmed",
    NearbyHostWithdrawn = "nearby_host_withdrawn",
    RunsRemoved = "runs_removed",
    TrailExported = "trail_exported",
});

impl Action {
    /// The stable word, as it stands in the trail.
    pub fn as_str(self) -> &'static str {
        self.word()
    }
}

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
    /// What else is to be said, in words for a person and without a value.
    pub detail: Option<String>,
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
            detail: None,
        }
    }

    /// A line about something else than one client.
    pub fn general(at: Timestamp, actor: Actor, action: Action) -> Self {
        Self { at, actor, action, client: None, client_name: None, version: None, run: None, detail: None }
    }

    /// Names the version of the client's secret.
    #[must_use]
    pub fn version(self, version: u32) -> Self {
        Self { version: Some(version), ..self }
    }

    /// Adds words. Never a value.
    #[must_use]
    pub fn detail(self, words: impl Into<String>) -> Self {
        Self { detail: Some(words.into()), ..self }
    }
}

const COLUMNS: &str = "at, actor, action, client, client_name, version, run, detail";

/// Adds a line.
pub fn append(tx: &Transaction<'_>, entry: &Entry) -> Result<(), StoreError> {
    tx.prepare_cached(&format!("INSERT INTO audit ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"))?.execute(params![
        micros(entry.at),
        entry.actor.word(),
        entry.action.word(),
        entry.client.as_ref().map(ClientRecordId::as_str),
        entry.client_name,
        entry.version,
        entry.run.as_ref().map(RunId::as_str),
        entry.detail,
    ])?;
    Ok(())
}

/// Which lines are wanted. The default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Only those about this client.
    pub client: Option<ClientRecordId>,
    /// How many lines to skip.
    pub offset: u32,
    /// How many lines to give at most; none for all.
    pub limit: Option<u32>,
}

/// A page of the lines, newest first.
pub fn list(db: &Connection, query: &AuditQuery) -> Result<Vec<Entry>, StoreError> {
    let (sql, filter) = page(query);
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(filter.values(), from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many lines match, on all pages.
pub fn count(db: &Connection, query: &AuditQuery) -> Result<u32, StoreError> {
    let filter = filter(query);
    let sql = format!("SELECT count(*) FROM audit WHERE {}", filter.sql());
    Ok(db.prepare_cached(&sql)?.query_row(filter.values(), |row| row.get(0))?)
}

/// The statement of one page, with what is bound to it.
pub(crate) fn page(query: &AuditQuery) -> (String, Filter) {
    let mut filter = filter(query);
    let sql = format!("SELECT {COLUMNS} FROM audit WHERE {} ORDER BY id DESC LIMIT ? OFFSET ?", filter.sql());
    // SQLite reads a negative limit as none.
    filter.bind(query.limit.map_or(-1, i64::from));
    filter.bind(query.offset);
    (sql, filter)
}

fn filter(query: &AuditQuery) -> Filter {
    let mut filter = Filter::default();
    filter.that("id > 0");
    filter.and_if("client = ?", query.client.as_ref().map(ToString::to_string));
    filter
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let mut columns = Columns::of(row);
    Ok(Entry {
        at: columns.time()?,
        actor: columns.word()?,
        action: columns.word()?,
        client: columns.take::<Option<String>>()?.map(ClientRecordId::new),
        client_name: columns.take()?,
        version: columns.take()?,
        run: columns.take::<Option<String>>()?.map(RunId::new),
        detail: columns.take()?,
    })
}
