//! The list of clients: filled, and seen in the window.

use std::path::Path;

use anyhow::Result;
use gatewright_store::{Options, Store, seed};
use gatewright_tests::hands::Window;

/// Fills the database of a data folder.
pub fn fill(data_folder: &Path, clients: u32, runs: u32) -> Result<()> {
    std::fs::create_dir_all(data_folder)?;
    let store = Store::open(&data_folder.join("gatewright.sqlite"), &Options::default())?;
    Ok(seed::seed(&store, clients, runs)?)
}

/// Waits until the list of clients stands in the window, every row in sight with what is in it.
pub async fn is_seen(window: &Window) -> Result<()> {
    window.element("//*[@role='grid']//*[@data-index]", "list of clients").await?;
    window.sees_that(|page| !page.lines().any(|line| line.trim() == "…"), "a list without gaps").await?;
    window.settles().await
}
