//! The table `test_user`: personas in whose names testers log in.

use gatewright_model::test_user::{BrowserStorage, ExpectedIdentity, PersonaColour};
use gatewright_model::{Environment, ProviderId, TestUser, TestUserId};
use jiff::Timestamp;
use rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::StoreError;
use crate::column::{Columns, Word, micros, words};

words!(PersonaColour {
    Blue = "blue", Orange = "orange", Teal = "teal", Violet = "violet", Yellow = "yellow", Rose = "rose",
    Olive = "olive", Grey = "grey"
});
words!(BrowserStorage { Kept = "kept", ThrownAway = "thrown_away" });

/// The column `expects`.
#[derive(Clone, Copy)]
enum Expects {
    Anyone,
    FirstLogin,
    Subject,
}
words!(Expects { Anyone = "anyone", FirstLogin = "first_login", Subject = "subject" });

const COLUMNS: &str =
    "id, provider, environment, name, colour, expects, subject, storage, storage_generation, notes, created_at";

pub(crate) const OF_SERVER: &str =
    "SELECT id, provider, environment, name, colour, expects, subject, storage, storage_generation, notes, created_at
     FROM test_user WHERE provider = ? AND environment = ? AND deleted_at IS NULL ORDER BY name COLLATE NOCASE";

/// The test users of one server of a provider, by name.
pub fn of_server(
    db: &Connection,
    provider: &ProviderId,
    environment: Environment,
) -> Result<Vec<TestUser>, StoreError> {
    let mut statement = db.prepare_cached(OF_SERVER)?;
    let rows = statement.query_map([provider.as_str(), environment.word()], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every test user, by provider, server and name.
pub fn list(db: &Connection) -> Result<Vec<TestUser>, StoreError> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM test_user WHERE deleted_at IS NULL ORDER BY provider, environment, name COLLATE NOCASE"
    ))?;
    let rows = statement.query_map([], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every test user whose storage may still be needed: those there are, and those whose deletion can be taken back.
pub fn list_even_deleted(db: &Connection) -> Result<Vec<TestUser>, StoreError> {
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} FROM test_user ORDER BY id"))?;
    let rows = statement.query_map([], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One test user that is not deleted.
pub fn find(db: &Connection, id: &TestUserId) -> Result<TestUser, StoreError> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM test_user WHERE id = ? AND deleted_at IS NULL"))?
        .query_row([id.as_str()], from_row)
        .optional()?
        .ok_or_else(|| StoreError::NoSuchTestUser(id.clone()))
}

/// Adds a test user.
///
/// # Errors
/// [`StoreError::TestUserNameTaken`] when another one at that server has the name.
pub fn insert(tx: &Transaction<'_>, new: &TestUser) -> Result<(), StoreError> {
    let (expects, subject) = expectation(&new.expected);
    let inserted = tx
        .prepare_cached(&format!("INSERT INTO test_user ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"))?
        .execute(params![
            new.id.as_str(),
            new.provider.as_str(),
            new.environment.word(),
            new.name,
            new.colour.word(),
            expects.word(),
            subject,
            new.storage.word(),
            new.storage_generation,
            new.notes,
            micros(new.created_at),
        ]);
    unless_taken(inserted, &new.name).map(|_| ())
}

/// Changes a test user to what is given, but for its server and the day on which it was made.
///
/// # Errors
/// [`StoreError::TestUserNameTaken`] when another one at that server has the name.
pub fn change(tx: &Transaction<'_>, changed: &TestUser) -> Result<(), StoreError> {
    let (expects, subject) = expectation(&changed.expected);
    let updated = tx
        .prepare_cached(
            "UPDATE test_user SET name = ?, colour = ?, expects = ?, subject = ?, storage = ?, storage_generation = ?,
               notes = ? WHERE id = ? AND deleted_at IS NULL",
        )?
        .execute(params![
            changed.name,
            changed.colour.word(),
            expects.word(),
            subject,
            changed.storage.word(),
            changed.storage_generation,
            changed.notes,
            changed.id.as_str(),
        ]);
    one(unless_taken(updated, &changed.name)?, &changed.id)
}

/// Writes down who a test user is, if the first login was to say it. True when it did.
pub fn learn_subject(tx: &Transaction<'_>, id: &TestUserId, subject: &str) -> Result<bool, StoreError> {
    let learned = tx
        .prepare_cached(
            "UPDATE test_user SET expects = 'subject', subject = ? WHERE id = ? AND expects = 'first_login'",
        )?
        .execute([subject, id.as_str()])?;
    Ok(learned == 1)
}

/// Begins a new place for what the login view keeps of a test user; what was kept so far is nobody's from then on.
pub fn forget_storage(tx: &Transaction<'_>, id: &TestUserId) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE test_user SET storage_generation = storage_generation + 1 WHERE id = ? AND deleted_at IS NULL",
        )?
        .execute([id.as_str()])?;
    one(changed, id)
}

/// Deletes a test user; [`restore`] brings it back until [`purge`].
pub fn delete(tx: &Transaction<'_>, id: &TestUserId, now: Timestamp) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached("UPDATE test_user SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL")?
        .execute(params![micros(now), id.as_str()])?;
    one(changed, id)
}

/// Takes a deletion back. An error when there is nothing to bring back, and when its name is another one's by now.
pub fn restore(tx: &Transaction<'_>, id: &TestUserId) -> Result<(), StoreError> {
    let name: String = tx
        .prepare_cached("SELECT name FROM test_user WHERE id = ? AND deleted_at IS NOT NULL")?
        .query_row([id.as_str()], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StoreError::NoSuchTestUser(id.clone()))?;
    let restored = tx.prepare_cached("UPDATE test_user SET deleted_at = NULL WHERE id = ?")?.execute([id.as_str()]);
    unless_taken(restored, &name).map(|_| ())
}

pub(crate) const PURGE: &str = "DELETE FROM test_user WHERE deleted_at IS NOT NULL AND deleted_at <= ?";

/// Forgets the test users that were deleted at this time or before. Says how many.
pub fn purge(tx: &Transaction<'_>, deleted_until: Timestamp) -> Result<usize, StoreError> {
    Ok(tx.prepare_cached(PURGE)?.execute([micros(deleted_until)])?)
}

/// Forgets the test users of a provider. Called by [`crate::provider::remove`]: another provider may get its id one day.
pub(crate) fn forget(tx: &Transaction<'_>, provider: &ProviderId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM test_user WHERE provider = ?")?.execute([provider.as_str()])?;
    Ok(())
}

fn expectation(expected: &ExpectedIdentity) -> (Expects, Option<&str>) {
    match expected {
        ExpectedIdentity::Anyone => (Expects::Anyone, None),
        ExpectedIdentity::LearnAtFirstLogin => (Expects::FirstLogin, None),
        ExpectedIdentity::Subject(subject) => (Expects::Subject, Some(subject)),
    }
}

fn unless_taken(changed: rusqlite::Result<usize>, name: &str) -> Result<usize, StoreError> {
    changed.map_err(|error| match error.sqlite_error() {
        Some(cause) if cause.extended_code == SQLITE_CONSTRAINT_UNIQUE => {
            StoreError::TestUserNameTaken(name.to_owned())
        }
        _ => error.into(),
    })
}

fn one(changed: usize, id: &TestUserId) -> Result<(), StoreError> {
    if changed == 1 { Ok(()) } else { Err(StoreError::NoSuchTestUser(id.clone())) }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<TestUser> {
    let mut columns = Columns::of(row);
    Ok(TestUser {
        id: TestUserId::new(columns.take::<String>()?),
        provider: ProviderId::new(columns.take::<String>()?),
        environment: columns.word()?,
        name: columns.take()?,
        colour: columns.word()?,
        expected: {
            let (expects, subject): (Expects, Option<String>) = (columns.word()?, columns.take()?);
            match (expects, subject) {
                (Expects::Subject, Some(subject)) => ExpectedIdentity::Subject(subject),
                (Expects::FirstLogin, _) => ExpectedIdentity::LearnAtFirstLogin,
                (Expects::Anyone | Expects::Subject, _) => ExpectedIdentity::Anyone,
            }
        },
        storage: columns.word()?,
        storage_generation: columns.take()?,
        notes: columns.take()?,
        created_at: columns.time()?,
    })
}
