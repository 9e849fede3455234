//! How long it takes in the window from the decision to open a run with 500 exchanges until it is painted, beside one with a single one.
//!
//! `--exchanges` changes how many there are.

use anyhow::{Context as _, Result};
use fantoccini::Client;
use gatewright_benches::{Goal, Measurement, Point, number};
use gatewright_store::{Options, Store, seed};
use gatewright_tests::hands::Window;
use gatewright_tests::stage::{KeyringKind, Stage};
use serde_json::json;

/// How often each of the two is opened.
const ROUNDS: usize = 15;

/// Goes to a run and gives the milliseconds until its step stands there and a frame with it was painted.
const OPEN: &str = r##"
const [run, done] = arguments;
const began = performance.now();
location.hash = "#/results/" + run;
const look = () => {
  if (document.querySelector('[aria-label="Step: Token request"]')) requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  else requestAnimationFrame(look);
};
look();
"##;

/// Leaves the run, and waits until the list is there.
const LEAVE: &str = r##"
const [done] = arguments;
location.hash = "#/results";
const look = () => (document.querySelector('[role="grid"] [data-index]') ? done(true) : requestAnimationFrame(look));
look();
"##;

#[tokio::main]
async fn main() -> Result<()> {
    let exchanges = number("--exchanges", 500_u32)?;
    let mut stage = Stage::set(KeyringKind::Unlocked).await?;
    let folder = stage.data_folder();
    std::fs::create_dir_all(&folder)?;
    let store = Store::open(&folder.join("gatewright.sqlite"), &Options::default())?;
    store.write_blocking(|tx| {
        (0..2 * u32::try_from(ROUNDS).unwrap_or(u32::MAX) + 2).try_for_each(|number| {
            let many = if number.is_multiple_of(2) { exchanges } else { 1 };
            seed::write_long_run(tx, &seed::run(number * 10, 1), many)
        })
    })?;
    drop(store);
    let window = stage.open().await?;
    let measured = measure(&window).await;
    stage.close().await?;
    measured?.print()
}

async fn measure(window: &Window) -> Result<Measurement> {
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    // Each run is opened once: the second time it would be in memory. The first of both kinds only warms up.
    for number in 0..2 * u32::try_from(ROUNDS)? + 2 {
        window.client().execute_async(LEAVE, vec![]).await?;
        let took = open(window.client(), number).await?;
        let side = if number.is_multiple_of(2) { &mut ours } else { &mut floor };
        if number >= 2 {
            side.push(took);
        }
    }
    Ok(Measurement {
        name: "results.open",
        unit: "ms",
        ours,
        floor,
        goal: Goal::AtMost(100.0),
        points: &[Point::Median, Point::P95],
    })
}

async fn open(client: &Client, number: u32) -> Result<f64> {
    let run = seed::run_id(number * 10);
    let answer = client.execute_async(OPEN, vec![json!(run.as_str())]).await?;
    answer.as_f64().context("the run was not painted")
}
