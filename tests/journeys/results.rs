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

#[tokio::test]
async fn results_that_have_grown_are_tagged_found_by_a_filter_and_compared() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        let twin = Twin::of("ContentDB").context("no such twin")?;
        logs_in_at(stage, &window, twin, "Forum login").await?;
        goes_to(&window, "Results").await?;

        // A tag, and a filter by what was on the wire that has a name.
        window.opens_row("Runs", "Forum login").await?;
        window.clicks("Tags of this run").await?;
        window.writes("Tag", "before the move").await?;
        window.clicks("Add").await?;
        window.sees("#before the move").await?;
        window.clicks("Done").await?;
        window.clicks("All results").await?;
        window.writes("Search runs", "authorization_code").await?;
        window.sees("1 run found").await?;
        window.clicks("Filters with names").await?;
        window.clicks("Keep this filter …").await?;
        window.writes("Name", "Codes exchanged").await?;
        window.clicks("Keep").await?;

        stage.close().await?;
        let window = stage.open().await?;
        goes_to(&window, "Results").await?;
        window.sees("#before the move").await?;
        window.clicks("Filters with names").await?;
        window.clicks("Codes exchanged").await?;
        window.sees("1 run found").await?;

        // The run as a picture, and beside another.
        window.opens_row("Runs", "Forum login").await?;
        window.clicks("Diagram").await?;
        // The content security policy lets it be drawn.
        window
            .element("//img[@alt='Sequence diagram of this run'][starts-with(@src, 'data:image/svg+xml,')]", "diagram")
            .await?;
        let drawn = "return document.querySelector('img[alt^=Sequence]').decode().then(() => true, () => false)";
        ensure!(window.script(drawn, vec![]).await? == true, "the diagram is an image that the window draws");
        window.clicks("The same in words").await?;
        window.sees("ContentDB to Gatewright: 200").await?;
        window.clicks("Compare").await?;
        window.sees("No other run of this client has passed.").await
    })
    .await
}
