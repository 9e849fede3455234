//! One story from its beginning to its end: it takes its turn, gets a stage, and leaves evidence when it goes wrong.

use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, anyhow};

use crate::stage::{KeyringKind, Stage};

/// How many stories play at the same time. Each is a display, a keyring and a browser; more of them only slow each other down.
const STAGES: usize = 2;

/// No story takes this long; one that does waits for something that does not come.
const LIMIT: Duration = Duration::from_mins(5);

/// Plays a story on a stage of its own. When it goes wrong, a picture of the display is kept in `target/journeys/`, and the complaint
/// is followed by what stood in the window.
pub async fn play<Story>(keyring: KeyringKind, story: Story) -> Result<()>
where
    Story: AsyncFnOnce(&mut Stage) -> Result<()>,
{
    let name = name_of::<Story>();
    let _turn = Turn::take().await?;
    let mut stage = Stage::set(keyring).await?;
    let told = tokio::time::timeout(LIMIT, story(&mut stage)).await;
    let mut outcome = told.unwrap_or_else(|_| Err(anyhow!("the story was still going on after {LIMIT:?}")));
    if let Err(complaint) = outcome {
        outcome = Err(anyhow!("{complaint:#}\n{}", evidence(&stage, &name).await));
    }
    stage.strike().await;
    outcome
}

/// A story's name: that of the test it stands in.
fn name_of<Story>() -> String {
    let whole = std::any::type_name::<Story>();
    let parts: Vec<&str> = whole.split("::").filter(|part| !part.starts_with('{')).skip(1).collect();
    parts.join("-")
}

/// What can be said about a stage where something went wrong.
async fn evidence(stage: &Stage, name: &str) -> String {
    let file = folder().join(format!("{name}.png"));
    let picture = match stage.display().picture(&file).await {
        Ok(()) => format!("There is a picture: target/journeys/{name}.png."),
        Err(complaint) => format!("There is no picture: {complaint}."),
    };
    let page = match stage.window() {
        Some(window) => tokio::time::timeout(Duration::from_secs(5), window.text()).await,
        None => Ok(Ok("(not open)".to_owned())),
    };
    let page = page
        .map_err(anyhow::Error::from)
        .flatten()
        .unwrap_or_else(|complaint| format!("(not to be read: {complaint})"));
    format!("{picture} The window said:\n{page}\nThe end of the log:\n{}", stage.last_of_the_log())
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/journeys"))
}

/// The right to play; held until it is dropped. It is a locked file, so that it also counts between test processes.
#[derive(Debug)]
struct Turn(File);

impl Turn {
    async fn take() -> Result<Self> {
        std::fs::create_dir_all(folder())?;
        loop {
            for place in 0..STAGES {
                let file = File::create(folder().join(format!("turn-{place}")))?;
                if file.try_lock().is_ok() {
                    return Ok(Self(file));
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Closing the file gives the turn back all the same.
        let _closed_soon = self.0.unlock();
    }
}
