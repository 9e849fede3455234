//! What can go wrong: [`OpenError`] when the database is opened, [`StoreError`] afterwards.

use gatewright_model::secret_version::ImpossibleChange;
use gatewright_model::{ClientRecordId, DeploymentId, GrantId, ProviderId, RotationId, RunId, TestUserId, WalkId};
use rusqlite::ErrorCode;

use crate::rotation::RotationRefusal;
use crate::secret_rotation::SecretRotationRefusal;

/// Why the database was not opened. Except for [`OpenError::DiskFull`] during a migration, which is rolled back, the file was not
/// changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A newer Gatewright has written it.
    #[error(
        "the database was written by a newer Gatewright: it has form {found}, and this version knows forms up to {known}"
    )]
    NewerSchema {
        /// The number of the newest migration in the database.
        found: u32,
        /// The number of the newest migration in this program.
        known: u32,
    },
    /// A migration that the database has been through is not the one this program has under that number.
    #[error(
        "the database was made by another build of Gatewright: its form {version} (\"{name}\") is not this version's"
    )]
    MigrationEdited {
        /// The migration's number.
        version: u32,
        /// Its name in the database.
        name: String,
    },
    /// The file is no SQLite database.
    #[error("the file is not a database")]
    NotADatabase,
    /// It is an SQLite database of another program.
    #[error("the file is a database of another program")]
    Foreign,
    /// The file or its folder cannot be written to.
    #[error("the database cannot be written to: the file or its folder is read-only")]
    ReadOnly,
    /// There is no room left.
    #[error("the disk is full")]
    DiskFull,
    /// SQLite found the file damaged.
    #[error("the database is damaged: {0}")]
    Corrupt(String),
    /// Another instance of Gatewright has it open, or another program has locked it.
    #[error("another Gatewright has this database open")]
    Locked,
    /// The file, its lock or its backup could not be read or made.
    #[error("the database file could not be used")]
    Io(#[source] std::io::Error),
    /// SQLite refused for a reason of its own.
    #[error("the database could not be opened")]
    Sqlite(#[source] rusqlite::Error),
    /// A migration failed, and was rolled back.
    #[error("the database could not be brought up to date")]
    Migration(#[source] refinery::Error),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotADatabase,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseCorrupt) => Self::Corrupt(error.to_string()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            _ => Self::Sqlite(error),
        }
    }
}

impl From<std::io::Error> for OpenError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem, StorageFull};
        match error.kind() {
            PermissionDenied | ReadOnlyFilesystem => Self::ReadOnly,
            StorageFull => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}

/// Why the store could not do its work. An absence is here only where the function says that it is an error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No such client, or it is deleted.
    #[error("there is no client with id {0}")]
    NoSuchClient(ClientRecordId),
    /// No such version of a client's secret.
    #[error("client {client} has no version {version} of its secret")]
    NoSuchSecretVersion {
        /// The client.
        client: ClientRecordId,
        /// The version asked for.
        version: u32,
    },
    /// This cannot become of that version of a secret.
    #[error(transparent)]
    SecretVersionChange(#[from] ImpossibleChange),
    /// No such walk, or it is deleted; or the walk has no such scenario.
    #[error("there is no walk with id {0}, or it has no such scenario")]
    NoSuchWalk(WalkId),
    /// No such deployment, or it is removed.
    #[error("there is no deployment with id {0}")]
    NoSuchDeployment(DeploymentId),
    /// No such test user, or it is deleted.
    #[error("there is no test user with id {0}")]
    NoSuchTestUser(TestUserId),
    /// Another test user at the same server has this name.
    #[error("there is a test user called {0} already")]
    TestUserNameTaken(String),
    /// No such run, or it is deleted.
    #[error("there is no run with id {0}")]
    NoSuchRun(RunId),
    /// The run has ended: nothing more can be recorded.
    #[error("run {0} has ended already")]
    RunHasEnded(RunId),
    /// The run is still going on: it cannot be deleted.
    #[error("run {0} is still going on")]
    RunIsGoingOn(RunId),
    /// No profile of the user's own under this id.
    #[error("there is no profile of your own with the id {0}")]
    NoSuchProfile(ProviderId),
    /// No such picture of a page, or it is deleted.
    #[error("there is no picture with number {0}")]
    NoSuchPicture(i64),
    /// No such grant, or its run is deleted.
    #[error("there is no grant with id {0}")]
    NoSuchGrant(GrantId),
    /// A refresh token must not be sent, or its answer not be kept.
    #[error(transparent)]
    Rotation(#[from] RotationRefusal),
    /// No such rotation of a client's secret.
    #[error("there is no rotation with id {0}")]
    NoSuchRotation(RotationId),
    /// A rotation of a client's secret was not started or not changed.
    #[error(transparent)]
    SecretRotation(#[from] SecretRotationRefusal),
    /// The discovery document that was to be accepted is not the one that is offered.
    #[error("no such discovery document of {0} is offered any more")]
    NoSuchOffer(ProviderId),
    /// The database belongs to a namespace of the keyring already.
    #[error("this database has its namespace in the keyring already")]
    NamespaceTaken,
    /// There is no room left. Nothing was written.
    #[error("the disk is full")]
    DiskFull(#[source] rusqlite::Error),
    /// The database cannot be written to any more.
    #[error("the database has become read-only")]
    ReadOnly(#[source] rusqlite::Error),
    /// SQLite found the file damaged.
    #[error("the database is damaged")]
    Corrupt(#[source] rusqlite::Error),
    /// A row holds something that this version cannot read.
    #[error("a row of the database cannot be read")]
    Unreadable(#[source] rusqlite::Error),
    /// What should be written cannot be written as JSON.
    #[error("a value cannot be written as JSON")]
    Unwritable(#[source] serde_json::Error),
    /// Any other refusal of SQLite.
    #[error("the database did not do what was asked")]
    Sqlite(#[source] rusqlite::Error),
    /// The task that did the work was stopped: Gatewright is ending.
    #[error("the work on the database was stopped")]
    Stopped(#[source] tokio::task::JoinError),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
        if matches!(
            error,
            FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..)
        ) {
            return Self::Unreadable(error);
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull(error),
            Some(ErrorCode::ReadOnly) => Self::ReadOnly(error),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt(error),
            _ => Self::Sqlite(error),
        }
    }
}
