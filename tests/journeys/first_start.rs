//! The first five minutes.

use crate::prelude::*;

#[tokio::test]
async fn the_welcome_leads_to_a_first_login_in_three_clicks() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        window.shows("Welcome to Gatewright").await?;
        window.clicks("Try it with the sandbox").await?;
        window.sees("Browser").await?;
        window.clicks_where("//form//button[normalize-space()='Log in']", "Log in").await?;
        // The third is the consent page's own button.
        walks_the_pages(stage, Twin::of("Chattz").context("no such twin")?, "First Chattz login", Answer::Approve)
            .await?;
        sees_it_end(&window, "Logged in").await?;
        window.sees("theo").await?;

        stage.close().await?;
        let window = stage.open().await?;
        window.shows("Login").await?;
        goes_to(&window, "Clients").await?;
        window.cell("Clients", "First Chattz login", "Last login").await?;
        ensure!(!window.text().await?.contains("Welcome"), "the welcome came again");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_welcome_can_be_put_away_and_called_back() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        window.shows("Welcome to Gatewright").await?;
        window.clicks("Put this away").await?;
        window.shows("Clients").await?;
        window.sees("No client is kept here yet.").await?;
        goes_to(&window, "Settings").await?;
        window.clicks("Show the welcome").await?;
        window.shows("Welcome to Gatewright").await?;
        window.clicks("I have a client already").await?;
        window.sees("Enter an existing client").await
    })
    .await
}
