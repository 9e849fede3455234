//! What a list of results that has grown needs: tags, filters with names, days, and an end.

use gatewright_model::ProviderId;
use jiff::ToSpan;
use serde_json::json;

use super::Fixture;
use crate::run::{self, RunQuery, TrendDay, TrendQuery};
use crate::run_tag::TagCount;
use crate::saved_filter::SavedFilter;
use crate::{StoreError, run_tag, saved_filter, seed};

fn with_runs(count: u32) -> Fixture {
    let fixture = Fixture::new();
    seed::seed(&fixture.store, 5, count).unwrap();
    fixture
}

fn tag(fixture: &Fixture, number: u32, tag: &str) {
    fixture.store.write_blocking(|tx| run_tag::add(tx, &seed::run_id(number), tag)).unwrap();
}

fn tagged(fixture: &Fixture, tag: &str, search: &str) -> usize {
    let query = RunQuery { tag: Some(tag.to_owned()), search: search.to_owned(), ..RunQuery::default() };
    let rows = fixture.store.read_blocking(|db| run::list(db, &query)).unwrap();
    assert_eq!(rows.len(), fixture.store.read_blocking(|db| run::count(db, &query)).unwrap() as usize);
    rows.len()
}

#[test]
fn a_run_has_the_tags_that_were_put_on_it_also_after_a_restart() {
    let fixture = with_runs(3);
    tag(&fixture, 1, "release 4.2");
    tag(&fixture, 1, "Before the move");
    tag(&fixture, 1, "RELEASE 4.2");
    tag(&fixture, 2, "release 4.2");
    let fixture = fixture.reopened();
    let rows = fixture.store.read_blocking(|db| run::list(db, &RunQuery::default())).unwrap();
    let tags: Vec<_> = rows.iter().map(|row| row.tags.join(", ")).collect();
    assert_eq!(tags, ["release 4.2", "Before the move, release 4.2", ""], "newest first, tags by name");
    assert_eq!((tagged(&fixture, "Release 4.2", ""), tagged(&fixture, "release", "")), (2, 0));
    assert_eq!(tagged(&fixture, "release 4.2", "guild"), 1, "together with a search");
    let count = |tag: &str, runs| TagCount { tag: tag.to_owned(), runs };
    let counts = fixture.store.read_blocking(run_tag::counts).unwrap();
    assert_eq!(counts, [count("Before the move", 1), count("release 4.2", 2)]);
}

#[test]
fn a_tag_is_taken_off_and_one_on_no_run_is_no_tag_any_more() {
    let fixture = with_runs(2);
    tag(&fixture, 1, "old");
    for _ in 0..2 {
        fixture.store.write_blocking(|tx| run_tag::remove(tx, &seed::run_id(1), "OLD")).unwrap();
    }
    assert_eq!(fixture.store.read_blocking(run_tag::counts).unwrap(), []);
    let nobody = fixture.store.write_blocking(|tx| run_tag::add(tx, &seed::run_id(77), "x"));
    assert!(matches!(nobody, Err(StoreError::NoSuchRun(_))));
}

#[test]
fn a_filter_is_kept_under_its_name_and_replaced_under_it() {
    let fixture = Fixture::new();
    let saved = |name: &str, search: &str| SavedFilter { name: name.to_owned(), filter: json!({ "search": search }) };
    let put = |filter: SavedFilter<serde_json::Value>| {
        fixture.store.write_blocking(|tx| saved_filter::put(tx, &filter, seed::minute(1))).unwrap();
    };
    put(saved("Refusals", "invalid_grant"));
    put(saved("all", ""));
    put(saved("refusals", "access_denied"));
    let fixture = fixture.reopened();
    let kept = || fixture.store.read_blocking(saved_filter::list::<serde_json::Value>).unwrap();
    assert_eq!(kept(), [saved("all", ""), saved("Refusals", "access_denied")]);
    fixture.store.write_blocking(|tx| saved_filter::remove(tx, "REFUSALS")).unwrap();
    assert_eq!(kept(), [saved("all", "")]);
}

#[test]
fn runs_are_counted_day_by_day() {
    let fixture = with_runs(3_000);
    let trend = |query: &TrendQuery| fixture.store.read_blocking(|db| run::trend(db, query)).unwrap();
    let all = TrendQuery { client: None, provider: None, from: seed::minute(0) };
    let days = trend(&all);
    assert_eq!(days.len(), 3, "3,000 minutes are on three days");
    let total = |day: &TrendDay| day.passed + day.warned + day.failed;
    assert_eq!(days.iter().map(total).collect::<Vec<_>>(), [1_440, 1_440, 120]);
    assert!(days[0].failed > 0 && days[0].warned > 0 && days[0].average_ms.is_some_and(|ms| ms > 500), "{days:?}");
    assert_eq!(days[0].day, seed::minute(0).as_second() / 86_400);
    let later = trend(&TrendQuery { from: seed::minute(1_440), ..all.clone() });
    assert_eq!(later, days[1..]);
    let one = trend(&TrendQuery { provider: Some(ProviderId::new("gitter")), ..all.clone() });
    assert_eq!(one.iter().map(total).sum::<u32>(), 600, "a fifth is of one provider");
    let client = trend(&TrendQuery { client: Some(seed::client_id(2)), ..all });
    assert_eq!(client.iter().map(total).sum::<u32>(), 600);
}

#[test]
fn old_runs_go_with_everything_except_those_with_a_tag() {
    let fixture = with_runs(10);
    tag(&fixture, 2, "keep");
    let before = seed::minute(5) + 1.seconds();
    let would = fixture.store.read_blocking(|db| run::count_started_before(db, before)).unwrap();
    let gone = fixture.store.write_durably_blocking(|tx| run::remove_started_before(tx, before)).unwrap();
    assert_eq!((would, gone), (5, 5), "what was said beforehand is what goes");
    assert_eq!(fixture.store.read_blocking(|db| run::count(db, &RunQuery::default())).unwrap(), 5);
    assert!(fixture.store.read_blocking(|db| run::find(db, &seed::run_id(2))).is_ok());
    let found = RunQuery { search: "grant_type".to_owned(), ..RunQuery::default() };
    assert_eq!(fixture.store.read_blocking(|db| run::count(db, &found)).unwrap(), 5, "the index forgets them too");
    let exchanges: u32 = fixture
        .store
        .read_blocking(|db| Ok(db.query_row("SELECT count(*) FROM exchange", [], |row| row.get(0))?))
        .unwrap();
    assert_eq!(exchanges, 15);
}
