//! A database that cannot be used: the window says so, and touches nothing.

use std::path::PathBuf;

use gatewright_store::{Options, Store};

use crate::prelude::*;

const DATABASE: &str = "gatewright.sqlite";

/// What a version to come would leave behind.
const FROM_THE_FUTURE: &str = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
    VALUES (999, 'from_the_future', '2100-01-01T00:00:00Z', '1')";

/// Where an SQLite file says which version writes it; a number that is not known yet makes the file read-only for everybody, also for
/// those whom the file system lets write.
const WRITE_VERSION: usize = 18;

#[tokio::test]
async fn a_file_that_is_no_database_is_left_alone() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let file = stage.data_folder().join(DATABASE);
        std::fs::create_dir_all(stage.data_folder())?;
        let letter = "Dear diary, this is no database. ".repeat(200);
        std::fs::write(&file, &letter)?;
        says_why_it_cannot_go_on(stage, "is not a Gatewright database.").await?;
        ensure!(std::fs::read_to_string(&file)? == letter, "the file was changed");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_data_of_a_newer_gatewright_is_refused() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let file = has_started_once(stage).await?;
        let store = Store::open(&file, &Options::default())?;
        store.write_durably_blocking(|tx| Ok(tx.execute_batch(FROM_THE_FUTURE)?))?;
        drop(store);
        says_why_it_cannot_go_on(stage, "written by a newer Gatewright").await
    })
    .await
}

#[tokio::test]
async fn a_database_that_cannot_be_written_to_is_said_to_be_so() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let file = has_started_once(stage).await?;
        let mut bytes = std::fs::read(&file)?;
        bytes[WRITE_VERSION] = 9;
        std::fs::write(&file, bytes)?;
        says_why_it_cannot_go_on(stage, "cannot be written to.").await
    })
    .await
}

/// Starts Gatewright and closes it again, so that there is a database.
async fn has_started_once(stage: &mut Stage) -> Result<PathBuf> {
    let window = stage.open().await?;
    window.shows("Welcome to Gatewright").await?;
    stage.close().await?;
    let log = std::fs::metadata(stage.data_folder().join(format!("{DATABASE}-wal")));
    ensure!(log.is_ok_and(|log| log.len() == 0), "the database was not closed as it should be");
    Ok(stage.data_folder().join(DATABASE))
}

async fn says_why_it_cannot_go_on(stage: &mut Stage, words: &str) -> Result<()> {
    let window = stage.open().await?;
    window.sees(words).await?;
    window.element("//*[@role='alert']", "the reason as an alert").await?;
    ensure!(!window.text().await?.contains("New client"), "the window offers what cannot work");
    window.pleases_axe("the window that cannot go on").await
}
