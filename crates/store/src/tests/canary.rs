//! What was removed for good is in no file any more, and what is kept was never a plain secret.

use gatewright_model::run::Identity;
use gatewright_model::{Client, Run};

use super::{Fixture, bytes};
use crate::sealed_token::{self, SealedToken};
use crate::{client, run, seed};

const CANARY: &str = "canary7Qx2vWm9";

fn occurs(content: &[u8], needle: &[u8]) -> bool {
    content.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle))
}

#[test]
fn a_purged_client_and_a_purged_run_leave_no_trace_in_the_file() {
    let fixture = Fixture::new();
    seed::seed(&fixture.store, 50, 50).unwrap();
    let client = Client { notes: CANARY.to_owned(), ..seed::client(900) };
    let identity = Identity { subject: CANARY.to_owned(), display_name: Some(CANARY.to_owned()), fields: vec![] };
    let run = Run { identity: Some(identity), ..seed::run(900, 900) };
    let token = SealedToken { name: "id_token".to_owned(), sealing_key: "k".to_owned(), sealed: CANARY.into() };
    fixture
        .store
        .write_blocking(|tx| {
            client::insert(tx, &client)?;
            seed::write_run(tx, &run)?;
            sealed_token::put(tx, &run.id, &token)
        })
        .unwrap();
    let fixture = fixture.reopened();
    assert!(occurs(&bytes(&fixture.path()).0, CANARY.as_bytes()), "the test can see what is there");

    fixture
        .store
        .write_durably_blocking(|tx| {
            client::delete(tx, &client.id, seed::minute(0))?;
            run::delete(tx, &run.id, seed::minute(0))?;
            client::purge(tx, &client.id)?;
            run::purge_deleted_before(tx, seed::minute(0))
        })
        .unwrap();
    let fixture = fixture.reopened();
    assert!(!occurs(&bytes(&fixture.path()).0, CANARY.as_bytes()));
}

#[test]
fn no_column_is_made_for_a_plain_secret() {
    let fixture = Fixture::new();
    let columns: Vec<String> = fixture
        .store
        .read_blocking(|db| {
            let mut statement = db.prepare(
                "SELECT t.name || '.' || c.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c
                 WHERE t.schema = 'main' AND t.type = 'table'
                   AND (c.name LIKE '%secret%' OR c.name LIKE '%token%' OR c.name LIKE '%code%' OR c.name LIKE '%value%'
                        OR c.name LIKE '%verifier%' OR c.name LIKE '%password%')",
            )?;
            Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })
        .unwrap();
    // `run.tokens` says what they are, without values; `setting.value` holds no secret setting.
    assert_eq!(columns, ["run.tokens", "setting.value"]);
}
