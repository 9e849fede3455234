//! Gatewright's start beside that of a blank Tauri window: from the start of the process to the painted list of clients, and memory then.
//!
//! Both are judged from outside, by the pixels of the screen: a window is painted from the moment on it looks as it looks in the end.
//! `--rounds` says how often each is started (9).

mod launch;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use gatewright_benches::process::{folder_on_disk, sibling};
use gatewright_benches::screen::{Picture, Screen};
use gatewright_benches::{Goal, Measurement, in_turns, list, number};
use gatewright_tests::stage::{KeyringKind, Stage};

use launch::Launch;

/// Clients in the list, more than are in sight, and runs that have ended.
const CLIENTS: u32 = 50;
const RUNS: u32 = 200;
/// What ours may take, times the blank window's.
const GOAL: Goal = Goal::RatioAtMost(1.25);

#[tokio::main]
async fn main() -> Result<()> {
    let rounds = number("--rounds", 9)?;
    let folder = folder_on_disk()?;
    let mut stage = Stage::set(KeyringKind::Unlocked).await?;
    stage.with("GATEWRIGHT_DATA_DIR", folder.path().display().to_string());
    // Without it the memory of Gatewright can be read by nobody.
    stage.with("GATEWRIGHT_TRACEABLE", "on");
    list::fill(folder.path(), CLIENTS, RUNS)?;
    let screen = Screen::open(&stage.display().pixels())?;
    let empty = screen.look()?;
    let list = list_as_seen(&mut stage, &screen, &empty).await?;
    wait_until_empty(&screen, &empty)?;
    let launch = Launch::start(&blank_window()?, &stage.environment())?;
    let page = screen.comes_to_rest(&empty)?;
    launch.end()?;
    let bench = Bench { stage, screen, empty, list, page };
    bench.measure(rounds).await
}

/// What the screen looks like when the clients are in the list, according to WebDriver.
async fn list_as_seen(stage: &mut Stage, screen: &Screen, empty: &Picture) -> Result<Picture> {
    let window = stage.open().await?;
    list::is_seen(&window).await?;
    // On a busy machine pixels come after the page.
    let list = screen.comes_to_rest(empty)?;
    stage.close().await?;
    Ok(list)
}

struct Bench {
    stage: Stage,
    screen: Screen,
    /// The screen without a window.
    empty: Picture,
    /// The screen with the list of clients.
    list: Picture,
    /// The screen with the blank window.
    page: Picture,
}

impl Bench {
    async fn measure(&self, rounds: usize) -> Result<()> {
        // The first start of each reads its files from the disk.
        in_turns(1, async |is_ours| Ok(self.start(is_ours).await?.0)).await?;
        let mut memory = (Vec::new(), Vec::new());
        let times = in_turns(rounds, async |is_ours| {
            let (time, megabytes) = self.start(is_ours).await?;
            if is_ours { &mut memory.0 } else { &mut memory.1 }.push(megabytes);
            Ok(time)
        });
        let times = times.await?;
        Measurement::of_medians("start.painted", "ms", GOAL, times).print()?;
        Measurement::of_medians("start.memory", "MB", GOAL, memory).print()
    }

    /// Starts one of the two and ends it; gives milliseconds until it was painted and MB it holds then.
    async fn start(&self, is_ours: bool) -> Result<(f64, f64)> {
        let program = if is_ours { self.stage.parts().application.clone() } else { blank_window()? };
        wait_until_empty(&self.screen, &self.empty)?;
        let start = Instant::now();
        let launch = Launch::start(&program, &self.stage.environment())?;
        let expected = if is_ours { &self.list } else { &self.page };
        let painted = match self.screen.painted_after(start, &self.empty, expected) {
            Ok(painted) => painted,
            Err(error) => {
                let picture = std::env::current_exe()?.with_file_name("start-bench.png");
                self.stage.display().picture(&picture).await?;
                return Err(error.context(format!("see {}", picture.display())));
            }
        };
        let megabytes = launch.megabytes()?;
        launch.end()?;
        Ok((painted.as_secs_f64() * 1e3, megabytes))
    }
}

fn blank_window() -> Result<PathBuf> {
    sibling("gatewright-blank-window")
}

/// Waits until the window of an earlier start has gone.
fn wait_until_empty(screen: &Screen, empty: &Picture) -> Result<()> {
    let start = Instant::now();
    while screen.look()?.difference(empty) > 0.0 {
        ensure!(start.elapsed().as_secs() < 20, "the window of an earlier start is still there");
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
