//! How SQLite goes about the queries that have to be quick: none of them may walk a whole table.

use gatewright_model::{Ownership, ProviderId};

use super::Fixture;
use crate::audit::AuditQuery;
use crate::client::ClientQuery;
use crate::run::{RunQuery, RunStanding};
use crate::secret_version::{RETIRED_BEFORE, due};
use crate::{audit, client, deployment, evidence, exchange, redirect_uri, run, sealed_token, seed, step, test_user};

/// What SQLite says it will do, one line a step.
fn plan(fixture: &Fixture, sql: &str) -> Vec<String> {
    fixture
        .store
        .read_blocking(|db| {
            let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let unbound = vec![rusqlite::types::Null; statement.parameter_count()];
            let lines = statement.query_map(rusqlite::params_from_iter(unbound), |row| row.get(3))?;
            Ok(lines.collect::<Result<_, _>>()?)
        })
        .unwrap()
}

/// Walking an index in its order is how a page is cut; walking a table is not. A sort is only allowed for the page itself.
fn goes_by_index(fixture: &Fixture, sql: &str, sorts: usize) {
    let plan = plan(fixture, sql);
    let walks = |line: &&String| {
        line.starts_with("SCAN") && !line.contains("INDEX") && !line.ends_with("SCAN page") && !line.contains("VIRTUAL")
    };
    assert_eq!(plan.iter().find(walks), None, "{sql}\n{plan:#?}");
    let sorted = plan.iter().filter(|line| line.contains("TEMP B-TREE")).count();
    assert!(sorted <= sorts, "{sql}\n{plan:#?}");
}

fn fixture() -> Fixture {
    let fixture = Fixture::new();
    seed::seed(&fixture.store, 50, 200).unwrap();
    fixture
}

#[test]
fn a_page_of_clients_is_cut_from_an_index() {
    let fixture = fixture();
    let queries = [
        ClientQuery::default(),
        ClientQuery { provider: Some(ProviderId::new("gitter")), ..ClientQuery::default() },
        ClientQuery { ownership: Some(Ownership::Shared), ..ClientQuery::default() },
        ClientQuery { tag: Some("prod".to_owned()), ..ClientQuery::default() },
    ];
    for query in queries {
        goes_by_index(&fixture, &client::page(&query).0, 1);
    }
}

#[test]
fn a_search_for_clients_asks_the_search_index() {
    let fixture = fixture();
    let query = ClientQuery { search: "guild".to_owned(), ..ClientQuery::default() };
    let sql = client::page(&query).0;
    goes_by_index(&fixture, &sql, 2);
    assert!(plan(&fixture, &sql).iter().any(|line| line.contains("client_search VIRTUAL TABLE INDEX")));
}

#[test]
fn who_else_has_a_redirect_uri_is_found_by_it() {
    let fixture = fixture();
    goes_by_index(&fixture, redirect_uri::SHARED, 1);
    let plan = plan(&fixture, redirect_uri::SHARED);
    assert!(plan.iter().any(|line| line.contains("redirect_uri_by_uri (uri=?)")), "{plan:#?}");
}

#[test]
fn a_page_of_runs_is_cut_from_an_index_in_its_order() {
    let fixture = fixture();
    let queries = [
        RunQuery::default(),
        RunQuery { client: Some(seed::client_id(1)), ..RunQuery::default() },
        RunQuery { provider: Some(ProviderId::new("gitter")), ..RunQuery::default() },
        RunQuery { standing: Some(RunStanding::Failed), ..RunQuery::default() },
        RunQuery { search: "denied".to_owned(), ..RunQuery::default() },
        RunQuery { search: "denied".to_owned(), standing: Some(RunStanding::Failed), ..RunQuery::default() },
    ];
    for query in queries {
        goes_by_index(&fixture, &run::page(&query).0, 1);
    }
    let by = |standing, index: &str| {
        let query = RunQuery { standing: Some(standing), ..RunQuery::default() };
        let plan = plan(&fixture, &run::page(&query).0);
        assert!(plan.iter().any(|line| line.contains(index)), "{plan:#?}");
    };
    by(RunStanding::Failed, "run_by_standing");
    by(RunStanding::Running, "run_unsettled");
}

#[test]
fn what_is_due_is_found_by_its_day() {
    let fixture = fixture();
    for sql in [due::COUNT, due::COUNT_BY_AGE, due::COUNT_BETWEEN] {
        goes_by_index(&fixture, sql, 0);
        assert!(plan(&fixture, sql).iter().all(|line| line.contains("COVERING INDEX secret_version_due")), "{sql}");
    }
    // The page is a hundred rows, which are put in order again.
    goes_by_index(&fixture, due::PAGE, 1);
    goes_by_index(&fixture, due::NOT_PROVED_SINCE, 0);
    for sql in [due::PAGE, due::NOT_PROVED_SINCE] {
        assert!(plan(&fixture, sql).iter().any(|line| line.contains("secret_version_due")), "{sql}");
    }
}

#[test]
fn the_audit_trail_is_read_in_its_own_order() {
    let fixture = fixture();
    let of_one = AuditQuery { client: Some(seed::client_id(1)), ..AuditQuery::default() };
    goes_by_index(&fixture, &audit::page(&of_one).0, 0);
    let all = audit::page(&AuditQuery::default()).0;
    assert_eq!(plan(&fixture, &all), ["SEARCH audit USING INTEGER PRIMARY KEY (rowid>?)"]);
}

#[test]
fn a_run_is_opened_by_its_keys() {
    let fixture = fixture();
    for sql in [
        run::FIND,
        run::GOING_ON,
        step::LIST,
        exchange::LIST,
        exchange::FORGET,
        evidence::EXPIRE,
        "SELECT coalesce(max(page) + 1, 0) FROM evidence WHERE run = ?",
        "SELECT DISTINCT sha256 FROM evidence WHERE sha256 IS NOT NULL",
        "UPDATE evidence SET missing = 'deleted' WHERE deleted_at IS NOT NULL AND deleted_at <= ?",
        sealed_token::NAMES,
        "SELECT max(seq) FROM run WHERE client = ? AND deleted_at IS NULL",
        "SELECT id FROM client WHERE client_id = ? AND client_id_kind = ? AND deleted_at IS NULL",
        "SELECT version FROM secret_version WHERE client = ? AND state = 'active'",
        deployment::LIST,
        test_user::OF_SERVER,
        test_user::PURGE,
        RETIRED_BEFORE,
        "DELETE FROM deployment WHERE deleted_at IS NOT NULL AND deleted_at <= ?",
        "SELECT id FROM token_grant WHERE run = ?",
        "SELECT id FROM token_grant WHERE client = ?",
        "SELECT id FROM token_grant WHERE state = 'ambiguous'",
        "DELETE FROM token_version WHERE superseded_at <= ?",
        "DELETE FROM run WHERE deleted_at IS NOT NULL AND deleted_at <= ? AND NOT EXISTS (
           SELECT 1 FROM token_grant g JOIN grant_lease l ON l.grant_id = g.id WHERE g.run = run.seq)",
    ] {
        goes_by_index(&fixture, sql, 0);
    }
    goes_by_index(&fixture, run::UNSETTLED, 0);
    // A page has three looks at most, and a run a handful of pages.
    goes_by_index(&fixture, evidence::LIST, 1);
}
