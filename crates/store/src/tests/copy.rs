//! A copy for a backup.

use super::Fixture;
use crate::copy::CopiedPictures;
use crate::{Options, Store, client, copy, meta, seed};

#[test]
fn a_copy_has_everything_but_tokens_and_opens_as_a_database_of_its_own() {
    let fixture = Fixture::new();
    fixture
        .store
        .write_durably_blocking(|tx| {
            meta::set_namespace(tx, "first")?;
            client::insert(tx, &seed::client(1))?;
            seed::write_run(tx, &seed::run(1, 1))?;
            tx.execute(
                "INSERT INTO sealed_token (run, name, sealing_key, sealed) VALUES (1, 'access_token', 'k', x'00')",
                [],
            )?;
            Ok(())
        })
        .unwrap();
    let target = fixture.folder.path().join("copy.sqlite");
    fixture.store.copy_without_tokens_blocking(&target, CopiedPictures::LeftOut).unwrap();
    assert!(!fixture.folder.path().join("copy.sqlite-wal").exists(), "one file and nothing beside it");

    let store = Store::open(&target, &Options::default()).unwrap();
    store.write_durably_blocking(|tx| copy::move_to_namespace(tx, "second")).unwrap();
    let (found, runs, tokens, namespace) = store
        .read_blocking(|db| {
            let tokens: u32 = db.query_row("SELECT count(*) FROM sealed_token", [], |row| row.get(0))?;
            let runs = crate::run::count(db, &crate::run::RunQuery::default())?;
            Ok((client::find(db, &seed::client_id(1))?, runs, tokens, meta::namespace(db)?))
        })
        .unwrap();
    assert_eq!((found, runs, tokens, namespace.as_deref()), (seed::client(1), 1, 0, Some("second")));
    let still = fixture.store.read_blocking(meta::namespace).unwrap();
    assert_eq!(still.as_deref(), Some("first"), "the original is as it was");
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_a_copy() {
    use std::os::unix::fs::PermissionsExt as _;
    let fixture = Fixture::new();
    let target = fixture.folder.path().join("copy.sqlite");
    fixture.store.copy_without_tokens_blocking(&target, CopiedPictures::LeftOut).unwrap();
    assert_eq!(std::fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o600);
}
