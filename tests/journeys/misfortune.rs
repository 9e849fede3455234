//! What goes wrong on a computer: crashes, a second start, ports that somebody else has, servers that go away.

use std::net::TcpListener;

use gatewright_tests::hands::focused_title;

use crate::prelude::*;

const CALLBACK: &str = "https://app.example.org/callback";

#[tokio::test]
async fn a_crash_during_a_login_leaves_a_run_that_says_so() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "Chattz", "My website", CALLBACK).await?;
        starts_a_login(&window, "Embedded view").await?;
        signs_in(stage, Twin::of("Chattz").context("no such twin")?, "My website").await?;
        stage.kill().await?;

        let window = stage.open().await?;
        let (outcome, _) = reads_the_record(&window, "My website").await?;
        ensure!(outcome == "Interrupted", "recorded as {outcome:?}");
        window.opens_row("Runs", "My website").await?;
        window.sees("Gatewright ended while the login was going on.").await?;
        // What was known before the crash is still there, nothing is made up, and the client works.
        window.sees("Authorization request: done").await?;
        window.sees("Waiting for you on the provider's pages. Cut off here, because Gatewright ended.").await?;
        ensure!(!window.text().await?.contains("Token request"), "a step that never was");
        window.clicks("Log in again").await?;
        walks_the_pages(stage, Twin::of("Chattz").context("no such twin")?, "My website", Answer::Approve).await?;
        sees_it_end(&window, "Logged in").await
    })
    .await
}

#[tokio::test]
async fn a_second_start_brings_the_first_window_to_the_front() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "Chattz", "My website", CALLBACK).await?;
        starts_a_login(&window, "Embedded view").await?;
        let view = stage.login_view("My website").await?;
        let before = focused_title(stage.display().name()).await?;
        ensure!(before.contains("My website"), "the login view should have the keyboard, not {before:?}");
        let ended = stage.starts_again().await?;
        ensure!(ended.success(), "the second start ended with {ended}");
        let coming = async {
            while focused_title(stage.display().name()).await? != "Gatewright" {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            anyhow::Ok(())
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), coming)
            .await
            .context("the window stayed behind")??;
        // The first one goes on as if nothing had been.
        window.sees("Going on").await?;
        ensure!(view.is_there().await, "the login view was closed by the second start");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_port_that_somebody_else_has_is_said_beside_the_field() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let taken = TcpListener::bind("127.0.0.1:0")?;
        let port = taken.local_addr()?.port().to_string();
        let window = stage.open().await?;
        goes_to(&window, "Sandbox").await?;
        window.writes("Port", &port).await?;
        window.clicks("Restart like this").await?;
        window.sees("Choose another port, or leave it empty for any free one.").await?;
        window.writes("Port", "").await?;
        window.clicks("Start like this").await?;
        window.sees("http://127.0.0.1:").await
    })
    .await
}

#[tokio::test]
async fn a_sandbox_that_is_off_is_started_where_it_is_missed() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "Chattz", "My website", CALLBACK).await?;
        goes_to(&window, "Sandbox").await?;
        window.clicks("Stop").await?;
        window.sees("The sandbox is off.").await?;
        goes_to(&window, "Clients").await?;
        window.opens_row("Clients", "My website").await?;
        window.sees("the sandbox is off").await?;
        window.clicks("Start the sandbox").await?;
        window.no_longer_sees("the sandbox is off").await?;
        // Its list of apps outlived the restart.
        starts_a_login(&window, "Embedded view").await?;
        walks_the_pages(stage, Twin::of("Chattz").context("no such twin")?, "My website", Answer::Approve).await?;
        sees_it_end(&window, "Logged in").await
    })
    .await
}

#[tokio::test]
async fn a_server_that_goes_away_in_the_middle_ends_the_login_in_words() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "Chattz", "My website", CALLBACK).await?;
        starts_a_login(&window, "Embedded view").await?;
        let view = signs_in(stage, Twin::of("Chattz").context("no such twin")?, "My website").await?;
        goes_to(&window, "Sandbox").await?;
        window.clicks("Stop").await?;
        window.sees("The sandbox is off.").await?;
        // The other window had the focus until now.
        view.stands_still().await?;
        view.closes_after(async |view| view.presses(&["Return"]).await).await?;
        let (outcome, _) = reads_the_record(&window, "My website").await?;
        ensure!(outcome == "Page could not be opened", "recorded as {outcome:?}");
        Ok(())
    })
    .await
}
