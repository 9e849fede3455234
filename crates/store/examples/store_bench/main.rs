//! How fast the store is, against the same prepared statements through rusqlite alone, measured in turn in the same run.
//!
//! Prints one JSON object a line: `{"name":"store.open.p50","ours":0.05,"floor":0.04,"unit":"ms","goal":1.5}`. `ours` is a connection
//! from the pool, a snapshot or a transaction, SQL put together, rows as our types. The floor reads every column of the same rows on one
//! connection and keeps nothing. `--clients` and `--runs` change how much is in the database.

mod floor;
mod measure;
mod ours;

use std::path::Path;

use anyhow::Context as _;
use gatewright_store::{Options, Store, seed};

/// What a ratio may be at most.
const GOAL: f64 = 1.5;

#[expect(clippy::print_stdout, reason = "its output is what it is for")]
fn main() -> anyhow::Result<()> {
    let clients = number("--clients", 10_000)?;
    let runs = number("--runs", 100_000)?;
    let folder = tempfile::tempdir().context("a folder for the databases")?;
    let path = folder.path().join("ours.sqlite");
    seed::seed(&Store::open(&path, &Options::default())?, clients, runs)?;
    // Each side has a file of its own: a write through one connection would cost the other its cached pages.
    let copy = folder.path().join("floor.sqlite");
    std::fs::copy(&path, &copy)?;

    let ours = ours::Ours::new(Store::open(&path, &Options::default())?);
    let mut floor = floor::Floor::open(&copy)?;
    for row in measure::all(&ours, &mut floor, clients, runs)? {
        println!("{}", row.to_json(GOAL));
    }
    drop(ours);
    check(&path)
}

/// A fast database that is damaged has won nothing.
fn check(path: &Path) -> anyhow::Result<()> {
    let answer: String = rusqlite::Connection::open(path)?.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    anyhow::ensure!(answer == "ok", "the database is damaged after the benchmark: {answer}");
    Ok(())
}

/// A number from the command line.
fn number(flag: &str, usual: u32) -> anyhow::Result<u32> {
    let mut arguments = std::env::args().skip_while(|argument| argument != flag).skip(1);
    arguments.next().map_or(Ok(usual), |text| text.parse().with_context(|| format!("{flag} wants a number")))
}
