//! Opening a database that is as it should be.

use super::{Fixture, bytes, database};
use crate::{OpenError, Options, Store, client, meta, migration, seed};

#[test]
fn a_database_is_made_where_there_is_none_and_found_there_again() {
    let fixture = Fixture::new();
    assert!(fixture.store.opening().created);
    fixture.store.write_durably_blocking(|tx| client::insert(tx, &seed::client(1))).unwrap();

    let fixture = fixture.reopened();
    assert!(!fixture.store.opening().created);
    let found = fixture.store.read_blocking(|db| client::find(db, &seed::client_id(1))).unwrap();
    assert_eq!(found, seed::client(1));
}

#[test]
fn an_empty_file_is_taken_for_a_new_database() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(database(&folder), "").unwrap();
    assert!(Store::open(&database(&folder), &Options::default()).unwrap().opening().created);
}

#[test]
fn a_new_database_has_the_newest_form() {
    let fixture = Fixture::new();
    assert_eq!(fixture.store.read_blocking(meta::schema_version).unwrap(), migration::newest());
}

#[test]
fn a_second_instance_is_told_that_the_first_has_the_database() {
    let fixture = Fixture::new();
    assert!(matches!(Store::open(&fixture.path(), &Options::default()), Err(OpenError::Locked)));

    let fixture = fixture.reopened();
    assert!(!fixture.store.opening().created, "the lock goes with the first instance");
}

#[test]
fn of_many_that_start_at_once_exactly_one_has_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let opened: Vec<_> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..16).map(|_| scope.spawn(|| Store::open(&path, &Options::default()))).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    assert_eq!(opened.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(opened.iter().all(|result| matches!(result, Ok(_) | Err(OpenError::Locked))));
}

#[cfg(unix)]
#[test]
fn nobody_else_on_this_computer_may_read_the_database_or_its_log() {
    use std::os::unix::fs::PermissionsExt as _;

    let fixture = Fixture::new();
    fixture.store.write_blocking(|tx| client::insert(tx, &seed::client(1))).unwrap();
    for ending in ["", "-wal", "-shm"] {
        let file = crate::lock::beside(&fixture.path(), ending);
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", file.display());
    }
}

#[test]
fn every_connection_is_set_up_against_a_crooked_file_and_for_forgetting() {
    let fixture = Fixture::new();
    let settings = |db: &crate::Connection| {
        let pragma = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        Ok((
            pragma("foreign_keys")?,
            pragma("trusted_schema")?,
            pragma("cell_size_check")?,
            pragma("secure_delete")?,
            pragma("temp_store")?,
            db.db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_DEFENSIVE)?,
        ))
    };
    let expected = (1, 0, 1, 1, 2, true);
    assert_eq!(fixture.store.read_blocking(settings).unwrap(), expected);
    assert_eq!(fixture.store.write_blocking(|tx| settings(tx)).unwrap(), expected);
}

#[test]
fn what_the_user_is_promised_is_synced_and_progress_is_not() {
    let fixture = Fixture::new();
    let synchronous =
        |db: &crate::Connection| Ok(db.pragma_query_value(None, "synchronous", |row| row.get::<_, i64>(0))?);
    assert_eq!(fixture.store.write_durably_blocking(|tx| synchronous(tx)).unwrap(), 2, "FULL");
    assert_eq!(fixture.store.write_blocking(|tx| synchronous(tx)).unwrap(), 1, "NORMAL");
    assert_eq!(fixture.store.write_durably_blocking(|tx| synchronous(tx)).unwrap(), 2, "FULL again");
    let mode: String =
        fixture.store.read_blocking(|db| Ok(db.pragma_query_value(None, "journal_mode", |row| row.get(0))?)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn closing_leaves_one_file_and_no_log() {
    let fixture = Fixture::new();
    fixture.store.write_blocking(|tx| client::insert(tx, &seed::client(1))).unwrap();
    let path = fixture.path();
    let Fixture { store, folder: _folder } = fixture;
    drop(store);
    assert!(!crate::lock::beside(&path, "-wal").exists());
    assert!(!crate::lock::beside(&path, "-shm").exists());
}

#[tokio::test]
async fn an_emptied_log_leaves_everything_in_the_file() {
    let fixture = Fixture::new();
    fixture.store.write_durably(|tx| client::insert(tx, &seed::client(1))).await.unwrap();
    assert!(bytes(&fixture.path()).1.is_some(), "the client is in the log");
    fixture.store.empty_log().await.unwrap();
    assert_eq!(bytes(&fixture.path()).1, None);
    let found = fixture.store.read(|db| client::find(db, &seed::client_id(1))).await.unwrap();
    assert_eq!(found, seed::client(1));
}
