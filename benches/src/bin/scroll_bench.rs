//! How smoothly the list of 10,000 clients scrolls in Gatewright's own window, beside the same window when nothing moves.
//!
//! `--clients` and `--runs` change how much is in the database.

use anyhow::{Context, Result, ensure};
use fantoccini::Client;
use gatewright_benches::{Goal, Measurement, Point, list, number};
use gatewright_tests::hands::Window;
use gatewright_tests::stage::{KeyringKind, Stage};
use serde_json::json;

/// How often each side is measured.
const ROUNDS: u32 = 5;
/// Frames of one measurement.
const FRAMES: u32 = 240;
/// Pixels a frame: two rows, which is a fast turn of the wheel.
const STEP: u32 = 106;

/// Scrolls the list a step at every frame and gives the milliseconds between frames and the place it has come to.
const SCROLL: &str = r#"
const [step, frames, done] = arguments;
const list = [...document.querySelectorAll('[role="grid"] [role="rowgroup"]')].find((one) => one.scrollHeight > one.clientHeight);
if (!list) { done(null); return; }
const times = [];
let last;
const frame = (now) => {
  if (last !== undefined) times.push(now - last);
  last = now;
  if (times.length === frames) { done([times, list.scrollTop]); return; }
  list.scrollTop += step;
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
"#;

#[tokio::main]
async fn main() -> Result<()> {
    let mut stage = Stage::set(KeyringKind::Unlocked).await?;
    list::fill(&stage.data_folder(), number("--clients", 10_000)?, number("--runs", 100_000)?)?;
    let window = stage.open().await?;
    let measured = measure(&window).await;
    stage.close().await?;
    measured?.print()
}

async fn measure(window: &Window) -> Result<Measurement> {
    list::is_seen(window).await?;
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    frames(window.client(), STEP).await?;
    for _ in 0..ROUNDS {
        floor.extend(frames(window.client(), 0).await?.0);
        let (times, place) = frames(window.client(), STEP).await?;
        ensure!(place > f64::from(STEP * FRAMES), "the list did not scroll");
        ours.extend(times);
    }
    // A list that scrolls smoothly past rows it never fetched would be no list.
    list::is_seen(window).await.context("the rows in sight were not fetched")?;
    Ok(Measurement { name: "store.scroll", unit: "ms", ours, floor, goal: Goal::AtMost(32.0), points: &[Point::P95] })
}

/// Milliseconds between frames while the list moves by `step` pixels a frame, and where it stands then.
async fn frames(client: &Client, step: u32) -> Result<(Vec<f64>, f64)> {
    let answer = client.execute_async(SCROLL, vec![json!(step), json!(FRAMES)]).await?;
    serde_json::from_value::<Option<_>>(answer)?.context("there is no list that scrolls")
}
