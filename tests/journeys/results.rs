//! What is left of a login.

use crate::prelude::*;

#[tokio::test]
async fn a_result_is_found_and_opened_after_a_restart() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        let twin = Twin::of("ContentDB").context("no such twin")?;
        logs_in_at(stage, &window, twin, "Forum login").await?;

        stage.close().await?;
        let window = stage.open().await?;
        goes_to(&window, "Results").await?;
        window.writes("Search runs", "olivia").await?;
        window.opens_row("Runs", "Forum login").await?;
        for words in [
            "What happened",
            "Caught before any request left this computer",
            "The access token has no lifetime.",
            "olivia",
        ] {
            window.sees(words).await?;
        }
        // What was sent can be read, with references where the secrets were.
        window.sees("secret:v1").await?;
        window.sees("code#1").await?;
        // The token is still there, sealed, and can be copied without being shown.
        window.clicks("Copy access token").await?;
        window.sees("The token is on the clipboard.").await
    })
    .await
}

#[tokio::test]
async fn a_deleted_run_comes_back_with_undo_and_stays_away_without() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        logs_in_at(stage, &window, Twin::of("Chattz").context("no such twin")?, "My website").await?;
        goes_to(&window, "Results").await?;
        window.opens_row("Runs", "My website").await?;
        window.clicks("Delete this run").await?;
        window.sees("Nobody has logged in yet.").await?;
        window.clicks("Undo").await?;
        window.opens_row("Runs", "My website").await?;
        window.clicks("Delete this run").await?;
        window.sees("Nobody has logged in yet.").await?;

        stage.close().await?;
        let window = stage.open().await?;
        goes_to(&window, "Results").await?;
        window.sees("Nobody has logged in yet.").await
    })
    .await
}
