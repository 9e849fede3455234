//! Databases that cannot be used, and what the person is told. A file that is refused is left as it was.

use std::path::Path;

use rusqlite::Connection;

use super::{Fixture, bytes, database};
use crate::{OpenError, Options, Store, StoreError, client, migration, seed};

fn open(path: &Path) -> Result<Store, OpenError> {
    Store::open(path, &Options::default())
}

/// Opens a database that has to be refused, and sees to it that not a byte of it changed.
fn refused(path: &Path) -> OpenError {
    let before = bytes(path);
    let error = open(path).err().expect("the database is refused");
    assert_eq!(bytes(path), before, "a refused database is left as it was");
    error
}

/// A closed database of ours, changed with SQL.
fn tampered(folder: &tempfile::TempDir, sql: &str) -> std::path::PathBuf {
    let path = database(folder);
    drop(open(&path).unwrap());
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    path
}

const FROM_THE_FUTURE: &str = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
    VALUES (999, 'from_the_future', '2030-01-01T00:00:00Z', '1')";

#[test]
fn a_database_from_a_newer_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = refused(&tampered(&folder, FROM_THE_FUTURE));
    let known = migration::newest();
    assert!(matches!(error, OpenError::NewerSchema { found: 999, known: k } if k == known));
    assert_eq!(
        error.to_string(),
        format!(
            "the database was written by a newer Gatewright: it has form 999, and this version knows forms up to {known}"
        )
    );
}

#[test]
fn a_newer_database_with_a_log_after_a_crash_keeps_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = tampered(&folder, "");
    let crashed = tempfile::tempdir().unwrap();
    let copy = database(&crashed);
    let writer = Connection::open(&path).unwrap();
    writer.execute_batch(FROM_THE_FUTURE).unwrap();
    for ending in ["", "-wal"] {
        std::fs::copy(crate::lock::beside(&path, ending), crate::lock::beside(&copy, ending)).unwrap();
    }
    assert!(bytes(&copy).1.is_some(), "the log holds the newest row");
    assert!(matches!(refused(&copy), OpenError::NewerSchema { found: 999, .. }));
}

#[test]
fn a_database_that_went_through_an_edited_migration_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = tampered(&folder, "UPDATE refinery_schema_history SET checksum = '7' WHERE version = 2");
    let error = refused(&path);
    assert!(matches!(&error, OpenError::MigrationEdited { version: 2, name } if name == "secret_versions"), "{error}");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    std::fs::write(&path, "Dear diary, today I logged in.\n".repeat(300)).unwrap();
    assert!(matches!(refused(&path), OpenError::NotADatabase));
    std::fs::write(&path, "short").unwrap();
    assert!(matches!(refused(&path), OpenError::NotADatabase));
}

#[test]
fn a_folder_in_the_place_of_the_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(database(&folder)).unwrap();
    assert!(matches!(open(&database(&folder)), Err(OpenError::NotADatabase)));
}

#[test]
fn a_database_of_another_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let other = Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE recipe (name TEXT); INSERT INTO recipe VALUES ('bread')").unwrap();
    drop(other);
    assert!(matches!(refused(&path), OpenError::Foreign));

    let folder = tempfile::tempdir().unwrap();
    let path = tampered(&folder, "PRAGMA application_id = 1");
    assert!(
        matches!(refused(&path), OpenError::Foreign),
        "another program that uses the same library for its migrations"
    );
}

#[test]
fn a_damaged_database_is_refused_when_its_first_page_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = tampered(&folder, "");
    let mut content = std::fs::read(&path).unwrap();
    content[100..4096].fill(0xa5);
    std::fs::write(&path, content).unwrap();
    assert!(matches!(refused(&path), OpenError::Corrupt(_)));
}

#[test]
fn damage_further_in_is_noticed_on_reading_and_never_taken_for_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let store = open(&path).unwrap();
    seed::seed(&store, 200, 0).unwrap();
    drop(store);
    let mut content = std::fs::read(&path).unwrap();
    for page in content.chunks_mut(4096).skip(1).step_by(2) {
        page.fill(0xa5);
    }
    std::fs::write(&path, content).unwrap();
    let result = open(&path).map(|store| store.read_blocking(|db| client::list(db, &client::ClientQuery::default())));
    assert!(matches!(result, Err(OpenError::Corrupt(_)) | Ok(Err(StoreError::Corrupt(_)))), "{:?}", result.err());
}

#[test]
fn a_folder_that_cannot_be_written_to_is_said_to_be_read_only() {
    // Nobody makes files in /sys, not even root, whom file modes do not stop.
    let path = Path::new("/sys/gatewright.sqlite");
    assert!(matches!(open(path), Err(OpenError::ReadOnly)));
}

#[test]
fn a_full_disk_is_told_and_nothing_half_made_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let full = Options { max_pages: Some(8), ..Options::default() };
    assert!(matches!(Store::open(&path, &full), Err(OpenError::DiskFull)));
    assert!(open(&path).unwrap().opening().created, "with room again it is made anew");
}

#[test]
fn a_write_that_does_not_fit_leaves_nothing_behind() {
    let fixture = Fixture::new();
    let pages =
        fixture.store.read_blocking(|db| Ok(db.pragma_query_value(None, "page_count", |row| row.get(0))?)).unwrap();
    let Fixture { store, folder } = fixture;
    drop(store);
    let full = Options { max_pages: Some(pages), ..Options::default() };
    let store = Store::open(&database(&folder), &full).unwrap();
    let result =
        store.write_durably_blocking(|tx| (0..100).try_for_each(|number| client::insert(tx, &seed::client(number))));
    assert!(matches!(result, Err(StoreError::DiskFull(_))));
    assert_eq!(store.read_blocking(|db| client::count(db, &client::ClientQuery::default())).unwrap(), 0);
    store
        .write_durably_blocking(|tx| crate::setting::put(tx, "theme", &"dark"))
        .expect("what still fits can be written");
}
