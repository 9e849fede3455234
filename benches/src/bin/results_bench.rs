//! How long a search takes in a million recorded exchanges: the list as the window asks for it, beside its query through rusqlite alone.
//!
//! `--exchanges` changes how many there are. A run has three of them, all with the usual words, so that the common words are in every run:
//! the most that a search can have to do.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use gatewright_benches::{Goal, Measurement, Point, in_turns, milliseconds_since, number};
use gatewright_store::run::RunQuery;
use gatewright_store::{Options, Store, run, seed, statements};
use rusqlite::Connection;
use rusqlite::types::Value;

/// Rows on a page of the list.
const PAGE: u32 = 100;
/// How often each side is asked.
const SAMPLES: usize = 400;
/// Exchanges of a seeded run.
const OF_A_RUN: u32 = 3;
/// What is looked for: words of every exchange, of some runs, of one person, of nothing, and several together.
const SEARCHES: [&str; 8] = [
    "grant_type",
    "secret:v3",
    "authorization_code no-store",
    "invalid_grant",
    "oauth/token guild",
    "user-41",
    "zzz",
    "access_token cancelled muller",
];

#[tokio::main]
async fn main() -> Result<()> {
    let runs = number("--exchanges", 1_000_000_u32)?.div_ceil(OF_A_RUN);
    let folder = tempfile::tempdir().context("a folder for the database")?;
    let path = folder.path().join("gatewright.sqlite");
    seed::seed(&Store::open(&path, &Options::default())?, 1_000, runs)?;
    let store = Store::open(&path, &Options::default())?;
    let floor = reader(&path)?;
    for search in SEARCHES {
        ensure!(ours(&store, search)? == bare(&floor, search)?, "the two sides find something else for “{search}”");
    }
    let mut asked = 0;
    let (ours, floor) = in_turns(SAMPLES, async |is_ours| {
        let search = SEARCHES[asked / 2 % SEARCHES.len()];
        asked += 1;
        let start = Instant::now();
        black_box(if is_ours { ours(&store, search)? } else { bare(&floor, search)? });
        Ok(milliseconds_since(start))
    })
    .await?;
    let points = &[Point::P99];
    let (again, more) = (ours.clone(), floor.clone());
    Measurement { name: "results.search", unit: "ms", ours, floor, goal: Goal::AtMost(50.0), points }.print()?;
    let goal = Goal::RatioAtMost(1.5);
    Measurement { name: "results.search-ratio", unit: "ms", ours: again, floor: more, goal, points }.print()
}

fn query(search: &str) -> RunQuery {
    RunQuery { search: search.to_owned(), limit: Some(PAGE), ..RunQuery::default() }
}

/// A page of what is found, as our types.
fn ours(store: &Store, search: &str) -> Result<usize> {
    let query = query(search);
    Ok(store.read_blocking(|db| run::list(db, &query))?.len())
}

/// The same query, of which every column is read and nothing kept.
fn bare(db: &Connection, search: &str) -> Result<usize> {
    let (sql, values) = statements::run_list(&query(search));
    let mut statement = db.prepare_cached(&sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            black_box(row.get::<_, Value>(column)?);
        }
        count += 1;
    }
    Ok(count)
}

fn reader(path: &Path) -> Result<Connection> {
    let db = Connection::open(path)?;
    db.execute_batch("PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;")?;
    Ok(db)
}
