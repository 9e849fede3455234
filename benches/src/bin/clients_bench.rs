//! Measures what the window waits for with 10,000 clients: a page of the list, and a page of the board with the ages of all their
//! secrets. Each as the window gets it, as JSON; beside one statement that reads as many rows.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use gatewright_app::{App, AppOptions, KeyringChoice};
use gatewright_benches::process::folder_on_disk;
use gatewright_benches::{Goal, Measurement, Point, desk, in_turns, list, milliseconds_since, number};
use gatewright_contract::Handler;
use gatewright_contract::client::ClientQuery;
use gatewright_contract::rotation::{RotationBoardQuery, RotationFilter};
use rusqlite::{Connection, OpenFlags};

const CLIENTS: u32 = 10_000;
/// Rows of a page, as the window asks for them.
const PAGE: u32 = 100;
const WARM_UP: usize = 10;

#[tokio::main]
async fn main() -> Result<()> {
    let count = number("--count", 500)?;
    let folder = folder_on_disk()?;
    let data_dir = folder.path().join("data");
    list::fill(&data_dir, CLIENTS, 0)?;
    let (desktop, _ends) = desk::headless();
    let options = AppOptions { data_dir: data_dir.clone(), desktop, sandbox: false, keyring: KeyringChoice::Session };
    let app = App::start(options).await;
    let bare = Connection::open_with_flags(data_dir.join("gatewright.sqlite"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    measured("clients.page", count, async |offset| list_page(&app, offset).await, &bare).await?;
    measured("clients.secret-ages", count, async |offset| board_page(&app, offset).await, &bare).await?;
    app.shut_down().await;
    Ok(())
}

/// Pages from all over the list, ours and the bare ones in turns.
async fn measured(
    name: &'static str,
    count: usize,
    mut page: impl AsyncFnMut(u32) -> Result<String>,
    bare: &Connection,
) -> Result<()> {
    let mut asked = 0;
    let mut sample = async |is_ours| {
        asked += 1;
        let offset = asked * 37 % (CLIENTS / 2);
        let start = Instant::now();
        let bytes = if is_ours { page(offset).await?.len() } else { bare_page(bare, offset)? };
        ensure!(bytes > PAGE as usize, "the page is empty");
        Ok(milliseconds_since(start))
    };
    in_turns(WARM_UP, &mut sample).await?;
    let (ours, floor) = in_turns(count, &mut sample).await?;
    Measurement { name, unit: "ms", ours, floor, goal: Goal::AtMost(16.0), points: &[Point::P99] }.print()
}

async fn list_page(app: &App, offset: u32) -> Result<String> {
    let query = ClientQuery {
        search: String::new(),
        provider: None,
        environment: None,
        ownership: None,
        tag: None,
        offset,
        limit: PAGE,
    };
    let page = app.client_list(query).await.map_err(|failure| anyhow::anyhow!(failure.message))?;
    Ok(serde_json::to_string(&page)?)
}

async fn board_page(app: &App, offset: u32) -> Result<String> {
    let query = RotationBoardQuery { only: RotationFilter::All, offset, limit: PAGE };
    let board = app.rotation_board(query).await.map_err(|failure| anyhow::anyhow!(failure.message))?;
    let aged: u32 = board.ages.iter().map(|age| age.secrets).sum();
    ensure!(aged > CLIENTS / 2, "only {aged} secrets have an age");
    Ok(serde_json::to_string(&board)?)
}

/// As many rows with one statement: how many bytes their names and times have.
fn bare_page(db: &Connection, offset: u32) -> Result<usize> {
    let sql = "SELECT client.name, secret_version.due_at FROM client JOIN secret_version ON secret_version.client = client.id
               WHERE client.deleted_at IS NULL AND secret_version.state = 'active' ORDER BY client.name COLLATE NOCASE LIMIT ? OFFSET ?";
    let mut statement = db.prepare_cached(sql)?;
    let names = statement.query_map([PAGE, offset], |row| Ok(row.get::<_, String>(0)?.len() + 8))?;
    names.sum::<rusqlite::Result<usize>>().context("the bare page was not read")
}
