//! What was written is shown where it is, by a program of the desktop.

use std::path::Path;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use url::Url;

use crate::browsers::noted;
use crate::prelude::*;

const PASSPHRASE: &str = "correct horse battery staple";

/// A program for files, as the desktop's specification has it, and what it was asked.
struct FileProgram {
    asked: UnboundedSender<(&'static str, Vec<String>)>,
}

#[zbus::interface(name = "org.freedesktop.FileManager1")]
impl FileProgram {
    fn show_items(&self, addresses: Vec<String>, startup: &str) -> zbus::fdo::Result<()> {
        self.tells("items", addresses, startup)
    }

    fn show_folders(&self, addresses: Vec<String>, startup: &str) -> zbus::fdo::Result<()> {
        self.tells("folders", addresses, startup)
    }
}

impl FileProgram {
    fn tells(&self, what: &'static str, addresses: Vec<String>, _startup: &str) -> zbus::fdo::Result<()> {
        self.asked.send((what, addresses)).map_err(|gone| zbus::fdo::Error::Failed(gone.to_string()))
    }
}

#[tokio::test]
async fn a_backup_and_the_folder_of_plans_are_shown_where_they_are() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let note = stage.with_browser_that_notes_the_address()?;
        let window = stage.open().await?;
        goes_to(&window, "Walks").await?;
        window.clicks("Plans").await?;
        window.clicks("open the folder").await?;
        let plans = stage.data_folder().join("walk-plans");
        ensure!(
            Path::new(&noted(&note).await?) == plans,
            "no program for files is there, so the folder is opened as an address is"
        );

        let (_program, mut asked) = has_a_program_for_files(stage).await?;
        window.clicks("open the folder").await?;
        ensure!(asked.recv().await == Some(("folders", vec![file_address(&plans)?])));

        let backup = stage.data_folder().join("Everything & more.age");
        makes_a_backup(&window, &backup).await?;
        window.clicks("show in folder").await?;
        ensure!(asked.recv().await == Some(("items", vec![file_address(&backup)?])));

        std::fs::remove_file(&backup)?;
        window.clicks("show in folder").await?;
        window.sees("Everything & more.age is not there any more.").await
    })
    .await
}

async fn makes_a_backup(window: &Window, file: &Path) -> Result<()> {
    goes_to(window, "Settings").await?;
    window.clicks("Make a backup…").await?;
    window.writes("File", &file.display().to_string()).await?;
    window.writes("Passphrase", PASSPHRASE).await?;
    window.writes("Passphrase again", PASSPHRASE).await?;
    window.clicks("The secrets may leave the keyring").await?;
    window.clicks("Make the backup").await?;
    window.sees("in the backup.").await
}

fn file_address(path: &Path) -> Result<String> {
    let address = Url::from_file_path(path).ok().context("the path is no address")?;
    Ok(address.into())
}

/// Puts a program for files onto the stage's bus. It leaves when the connection is dropped.
async fn has_a_program_for_files(
    stage: &Stage,
) -> Result<(zbus::Connection, UnboundedReceiver<(&'static str, Vec<String>)>)> {
    let (asked, answers) = unbounded_channel();
    let environment = stage.keyring.environment();
    let bus =
        environment.iter().find(|(name, _)| *name == "DBUS_SESSION_BUS_ADDRESS").context("the stage has no bus")?;
    let connection = zbus::connection::Builder::address(bus.1.as_str())?
        .name("org.freedesktop.FileManager1")?
        .serve_at("/org/freedesktop/FileManager1", FileProgram { asked })?
        .build()
        .await?;
    Ok((connection, answers))
}
