//! From one form of the database to the next.

use std::path::Path;

use refinery::Target;
use rusqlite::Connection;

use super::{bytes, database};
use crate::{OpenError, Options, Store, client, migration, run, seed};

/// A database as a program left it that knew the forms up to `version`, with a row in each table it had.
fn database_at(path: &Path, version: u32) {
    let mut db = crate::connection::open_writer(path, Options::default().busy).unwrap();
    let _: String = db.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0)).unwrap();
    migration::run_to(&mut db, Target::Version(i32::try_from(version).unwrap())).unwrap();
    let tx = db.transaction().unwrap();
    insert_client_as_before_version_5(&tx, &seed::client(1));
    if version >= 2 {
        insert_secret_as_before_version_6(&tx, &seed::secret_version(1));
    }
    if version >= 3 {
        write_run_as_before_version_10(&tx, &seed::run(1, 1));
    }
    tx.commit().unwrap();
}

/// A client as the programs up to version 4 wrote it: [`client::insert`] writes columns that were not there yet.
fn insert_client_as_before_version_5(tx: &rusqlite::Transaction<'_>, client: &gatewright_model::Client) {
    let micros = crate::column::micros(client.created_at);
    tx.execute(
        "INSERT INTO client (id, provider, environment, name, client_id, client_id_kind, ownership, owner, tag, notes,
           created_at, updated_at) VALUES (?, ?, ?, ?, ?, 'text', 'owned', ?, ?, ?, ?, ?)",
        rusqlite::params![
            client.id.as_str(),
            client.provider.as_str(),
            "sandbox",
            client.name,
            client.client_id.to_string(),
            client.owner,
            client.tag,
            client.notes,
            micros,
            micros,
        ],
    )
    .unwrap();
    for (position, uri) in client.redirect_uris.iter().enumerate() {
        let position = i64::try_from(position).unwrap();
        tx.execute("INSERT INTO redirect_uri VALUES (?, ?, ?)", rusqlite::params![client.id.as_str(), position, uri])
            .unwrap();
    }
}

/// A version of a secret as the programs up to version 5 wrote it.
fn insert_secret_as_before_version_6(tx: &rusqlite::Transaction<'_>, secret: &gatewright_model::SecretVersion) {
    let (version, created_at) = (secret.version, crate::column::micros(secret.created_at));
    tx.execute(
        "INSERT INTO secret_version (client, version, state, place, last_four, fingerprint, created_at)
         VALUES (?, ?, ?, 'keyring', ?, ?, ?)",
        rusqlite::params![
            secret.client.as_str(),
            version,
            crate::column::Word::word(secret.state),
            secret.last_four,
            secret.fingerprint,
            created_at,
        ],
    )
    .unwrap();
}

/// A run as the programs up to version 9 wrote it, who knew of no test users.
fn write_run_as_before_version_10(tx: &rusqlite::Transaction<'_>, ended: &gatewright_model::Run) {
    tx.execute(
        "INSERT INTO run (id, client, client_name, provider, environment, browser, started_at, outcome, standing)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'running', 'running')",
        rusqlite::params![
            ended.id.as_str(),
            ended.client.as_str(),
            ended.client_name,
            ended.provider.as_str(),
            crate::column::Word::word(ended.environment),
            crate::column::Word::word(ended.browser),
            crate::column::micros(ended.started_at),
        ],
    )
    .unwrap();
    for (position, step) in (0..).zip(&seed::steps(&ended.outcome)) {
        crate::step::put(tx, &ended.id, position, step).unwrap();
    }
    tx.execute(
        "UPDATE run SET outcome = 'logged_in', standing = 'passed', subject = ?, display_name = ? WHERE id = ?",
        rusqlite::params![
            ended.identity.as_ref().map(|identity| &identity.subject),
            ended.identity.as_ref().and_then(|identity| identity.display_name.as_ref()),
            ended.id.as_str(),
        ],
    )
    .unwrap();
}

#[test]
fn each_migration_takes_the_database_that_the_one_before_it_left() {
    for version in 1..migration::newest() {
        let folder = tempfile::tempdir().unwrap();
        let path = database(&folder);
        database_at(&path, version);

        let store = Store::open(&path, &Options::default()).unwrap();
        assert_eq!(store.opening().migrated_from, Some(version));
        assert_eq!(store.read_blocking(|db| client::find(db, &seed::client_id(1))).unwrap(), seed::client(1));
        let runs = store.read_blocking(|db| run::count(db, &run::RunQuery::default())).unwrap();
        assert_eq!(runs, u32::from(version >= 3));
        store.write_durably_blocking(|tx| seed::write_run(tx, &seed::run(2, 1))).unwrap();
    }
}

#[test]
fn each_migration_can_be_made_one_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    database_at(&path, 1);
    for version in 2..=migration::newest() {
        let mut db = Connection::open(&path).unwrap();
        migration::run_to(&mut db, Target::Version(i32::try_from(version).unwrap())).unwrap();
    }
    let store = Store::open(&path, &Options::default()).unwrap();
    assert_eq!(store.opening().migrated_from, None);
    assert_eq!(store.read_blocking(|db| client::find(db, &seed::client_id(1))).unwrap(), seed::client(1));
}

#[test]
fn what_was_kept_before_there_were_grants_goes_on_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    database_at(&path, 4);
    let mut db = Connection::open(&path).unwrap();
    let tx = db.transaction().unwrap();
    crate::provider::put(&tx, &gatewright_model::ProviderId::new("mine"), "id = \"mine\"", seed::minute(1)).unwrap();
    crate::sealed_token::put(&tx, &seed::run_id(1), &seed::sealed_token("refresh_token", 1)).unwrap();
    tx.commit().unwrap();
    drop(db);

    let store = Store::open(&path, &Options::default()).unwrap();
    assert_eq!(store.opening().migrated_from, Some(4));
    let kept = store.read_blocking(|db| client::find(db, &seed::client_id(1))).unwrap();
    assert!(kept.protocol_settings.is_default());
    store.write_durably_blocking(|tx| client::update(tx, &kept)).unwrap();
    let began = store.write_durably_blocking(|tx| crate::grant::start(tx, &seed::grant(1))).unwrap();
    assert!(began, "the token that was kept before can be refreshed");
    store.write_durably_blocking(|tx| crate::provider::remove(tx, &gatewright_model::ProviderId::new("mine"))).unwrap();
}

#[test]
fn secrets_from_before_there_were_times_get_the_times_they_had() {
    use gatewright_model::SecretVersion;
    use gatewright_model::secret_version::{RotationPolicy, SecretVersionState};

    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    database_at(&path, 5);
    let active = seed::secret_version(1);
    let replaced = SecretVersion { version: 1, state: SecretVersionState::Retired, ..seed::secret_version(0) };
    let mut db = Connection::open(&path).unwrap();
    let tx = db.transaction().unwrap();
    insert_secret_as_before_version_6(&tx, &SecretVersion { client: active.client.clone(), ..replaced });
    tx.commit().unwrap();
    drop(db);

    let store = Store::open(&path, &Options::default()).unwrap();
    let found = store.read_blocking(|db| crate::secret_version::list(db, &active.client)).unwrap();
    assert_eq!(found[0], active, "in use since it was stored, and due after the usual time");
    assert_eq!(found[1].promoted_at, Some(seed::minute(0)));
    assert_eq!(found[1].retired_at, Some(active.created_at), "when the next one was stored");
    assert!(found[1].has_value());
    let policy = store.read_blocking(|db| client::rotation_policy::find(db, &active.client)).unwrap();
    assert_eq!(policy, RotationPolicy::default());
}

#[test]
fn an_older_database_is_copied_before_it_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    database_at(&path, 1);

    let store = Store::open(&path, &Options::default()).unwrap();
    let backup = store.opening().backup.clone().expect("a copy was made");
    assert_eq!(backup.file_name().unwrap(), "gatewright.sqlite.v001-backup");
    drop(store);

    let copy = Connection::open(&backup).unwrap();
    let name: String = copy.query_row("SELECT name FROM client", [], |row| row.get(0)).unwrap();
    assert_eq!(name, seed::client(1).name);
    assert_eq!(migration::inspect(&copy).unwrap(), migration::Found::Version(1), "the copy has the form from before");
}

#[test]
fn an_up_to_date_database_is_not_copied() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    drop(Store::open(&path, &Options::default()).unwrap());
    let store = Store::open(&path, &Options::default()).unwrap();
    assert_eq!((store.opening().migrated_from, store.opening().backup.as_ref()), (None, None));
}

#[cfg(unix)]
#[test]
fn nobody_else_on_this_computer_may_read_the_copy() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    database_at(&path, 1);
    let store = Store::open(&path, &Options::default()).unwrap();
    let mode = store.opening().backup.as_ref().unwrap().metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
}

#[test]
fn a_migration_that_does_not_fit_on_the_disk_leaves_the_form_from_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    database_at(&path, 1);
    let content = bytes(&path).0;
    let pages = Connection::open(&path).unwrap().pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();

    let full = Options { max_pages: Some(pages), ..Options::default() };
    assert!(matches!(Store::open(&path, &full), Err(OpenError::DiskFull)));
    assert_eq!(bytes(&path).0, content);
    assert_eq!(Store::open(&path, &Options::default()).unwrap().opening().migrated_from, Some(1));
}

#[test]
fn the_file_name_of_a_database_may_hold_anything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("it's “mine” ?mode=ro #1%20.sqlite");
    database_at(&path, 1);
    let store = Store::open(&path, &Options::default()).unwrap();
    assert!(store.opening().backup.as_ref().unwrap().exists());
}

#[test]
fn runs_from_before_the_wire_was_searched_are_found_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    database_at(&path, 9);
    let store = Store::open(&path, &Options::default()).unwrap();
    for words in ["grant_type", "secret:v3", "guild oauth/token"] {
        let query = run::RunQuery { search: words.to_owned(), ..run::RunQuery::default() };
        assert_eq!(store.read_blocking(|db| run::count(db, &query)).unwrap(), 1, "{words}");
    }
}

#[test]
fn pictures_from_before_the_time_could_run_out_are_kept_with_all_that_is_said_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    database_at(&path, 21);
    let db = Connection::open(&path).unwrap();
    db.execute_batch(
        "INSERT INTO evidence (id, run, page, moment, address, at, sha256, bytes, width, height, missing, deleted_at) VALUES
           (3, 1, 0, 'page_loaded', 'https://id.example.org/login', 1, NULL, NULL, NULL, NULL, 'left_before', NULL),
           (7, 1, 0, 'decided', 'https://id.example.org/login', 2, 'aa', 1000, 520, 700, NULL, 5);",
    )
    .unwrap();
    let (kept, indexes) = (rows_of_evidence(&db), indexes_of_evidence(&db));
    assert_eq!((kept.len(), indexes.len()), (2, 4));
    drop(db);

    drop(Store::open(&path, &Options::default()).unwrap());
    let db = Connection::open(&path).unwrap();
    assert_eq!(rows_of_evidence(&db), kept);
    assert_eq!(indexes_of_evidence(&db), indexes);
    let put = "INSERT INTO evidence (run, page, moment, address, at, missing) VALUES (1, 0, ?, 'https://id.example.org', 3, 'not_taken')";
    assert!(db.execute(put, ["decided"]).is_err(), "each moment of a page is kept once");
    assert!(db.execute(put, ["whenever"]).is_err(), "that is no moment");
    db.execute(put, ["time_ran_out"]).unwrap();
    db.pragma_update(None, "foreign_keys", true).unwrap();
    db.execute("DELETE FROM run", []).unwrap();
    assert!(rows_of_evidence(&db).is_empty(), "it still goes with its run");
}

/// All columns of all rows, as SQLite writes them.
fn rows_of_evidence(db: &Connection) -> Vec<String> {
    let all =
        "SELECT concat_ws(' ', id, run, page, moment, address, at, sha256, bytes, width, height, missing, deleted_at)
               FROM evidence ORDER BY id";
    db.prepare(all).unwrap().query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

/// What the indexes are called, and what they are of.
fn indexes_of_evidence(db: &Connection) -> Vec<(String, Option<String>)> {
    let all = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'evidence' ORDER BY name";
    let mut statement = db.prepare(all).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}
