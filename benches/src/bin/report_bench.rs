//! Measures a report: a thousand recorded logins as one HTML file, beside writing as many bytes as the file has.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use gatewright_app::{App, AppOptions, KeyringChoice};
use gatewright_benches::process::folder_on_disk;
use gatewright_benches::{Goal, Measurement, Point, desk, in_turns, list, milliseconds_since, number};
use gatewright_contract::Handler;
use gatewright_contract::app::Nothing;
use gatewright_contract::report::{ReportExport, ReportFormat, ReportStanding, ReportSubject};
use gatewright_contract::run::RunQuery;

const CLIENTS: u32 = 20;
const RUNS: u32 = 1_000;
/// The goal of issue 5: under three seconds.
const GOAL: Goal = Goal::AtMost(3_000.0);

#[tokio::main]
async fn main() -> Result<()> {
    let count = number("--count", 10)?;
    let folder = folder_on_disk()?;
    let data_dir = folder.path().join("data");
    list::fill(&data_dir, CLIENTS, RUNS)?;
    let (desktop, _ends) = desk::headless();
    let app = App::start(AppOptions { data_dir, desktop, sandbox: false, keyring: KeyringChoice::Session }).await;
    let path = folder.path().join("report.html");
    written(&app, &path).await?;
    let page = std::fs::read(&path)?;
    let copy = folder.path().join("copy.html");
    let sample = async |is_ours| {
        let start = Instant::now();
        if is_ours {
            written(&app, &path).await?;
        } else {
            copied(&page, &copy)?;
        }
        Ok(milliseconds_since(start))
    };
    let (ours, floor) = in_turns(count, sample).await?;
    Measurement { name: "report.html-of-1000-runs", unit: "ms", ours, floor, goal: GOAL, points: &[Point::P95] }
        .print()?;
    app.shut_down().await;
    Ok(())
}

/// Writes every run with its requests and responses, as the window asks for it.
async fn written(app: &App, path: &Path) -> Result<()> {
    let every = serde_json::json!({ "search": "", "offset": 0, "limit": 1 });
    let export = ReportExport {
        subject: ReportSubject::Query(serde_json::from_value::<RunQuery>(every)?),
        format: ReportFormat::Html,
        path: path.display().to_string(),
        title: String::new(),
        exchanges: true,
        pictures: true,
    };
    let said = |failure: gatewright_contract::Failure| anyhow::anyhow!(failure.message);
    app.report_export(export).await.map_err(said)?;
    loop {
        let progress = app.report_show(Nothing {}).await.map_err(said)?;
        match progress.standing {
            ReportStanding::Running => tokio::time::sleep(Duration::from_millis(1)).await,
            ReportStanding::Done => {
                ensure!(progress.done == RUNS, "{} runs are in the report", progress.done);
                return Ok(());
            }
            ReportStanding::Idle | ReportStanding::Stopped | ReportStanding::Failed => {
                return Err(progress.failure.map(said).context("the report was stopped")?);
            }
        }
    }
}

/// The least that a file of that size costs: its bytes, on the disk.
fn copied(page: &[u8], path: &Path) -> Result<()> {
    let mut file = File::create(path)?;
    file.write_all(page)?;
    Ok(file.sync_all()?)
}
