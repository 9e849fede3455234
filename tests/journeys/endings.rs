//! Logins that end otherwise: each in words of its own, and never as a success.

use crate::prelude::*;

const CALLBACK: &str = "https://app.example.org/callback";

#[tokio::test]
async fn contentdb_cancels_without_a_word_and_that_is_no_login() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = begins_a_login(stage, "ContentDB").await?;
        walks_the_pages(stage, Twin::of("ContentDB").context("no such twin")?, "My login", Answer::Second).await?;
        sees_it_end(&window, "Cancelled by the person").await?;
        window.sees("Cancelled (the provider sends no parameters)").await?;
        is_recorded(&window, "Cancelled by the person").await
    })
    .await
}

#[tokio::test]
async fn chaster_says_that_the_person_denied() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = begins_a_login(stage, "Chaster").await?;
        walks_the_pages(stage, Twin::of("Chaster").context("no such twin")?, "My login", Answer::Second).await?;
        sees_it_end(&window, "Denied by the person").await?;
        window.sees("Nothing was issued.").await?;
        is_recorded(&window, "Denied by the person").await
    })
    .await
}

#[tokio::test]
async fn a_closed_login_window_ends_the_login() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = begins_a_login(stage, "Chattz").await?;
        let view = stage.login_view("My login").await?;
        view.stands_still().await?;
        view.closes().await?;
        sees_it_end(&window, "Login window closed").await?;
        window.sees("Log in again and leave the window open").await?;
        is_recorded(&window, "Login window closed").await
    })
    .await
}

#[tokio::test]
async fn the_cancel_button_ends_the_login_and_closes_its_window() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = begins_a_login(stage, "Chattz").await?;
        let view = signs_in(stage, Twin::of("Chattz").context("no such twin")?, "My login").await?;
        window.clicks("Cancel the login").await?;
        view.is_gone().await?;
        sees_it_end(&window, "Stopped").await?;
        window.sees("Nothing was issued.").await?;
        is_recorded(&window, "Stopped").await
    })
    .await
}

#[tokio::test]
async fn two_logins_at_once_do_not_mix() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let (chattz, gitter) = (Twin::of("Chattz"), Twin::of("Gitter"));
        let (chattz, gitter) = (chattz.context("no such twin")?, gitter.context("no such twin")?);
        let window = stage.open().await?;
        for (twin, client) in [(chattz, "First login"), (gitter, "Second login")] {
            registers_a_client(&window, twin.name, client, CALLBACK).await?;
            starts_a_login(&window, "Embedded view").await?;
            signs_in(stage, twin, client).await?;
        }
        // The one that began first answers last.
        for client in ["Second login", "First login"] {
            let view = stage.login_view(client).await?;
            view.stands_still().await?;
            view.closes_after(async |view| view.presses(&["Return"]).await).await?;
        }
        for (twin, client) in [(chattz, "First login"), (gitter, "Second login")] {
            let (outcome, who) = reads_the_record(&window, client).await?;
            ensure!(outcome.starts_with("Logged in") && who == twin.identity, "{client}: {outcome}, {who}");
        }
        Ok(())
    })
    .await
}

async fn begins_a_login(stage: &mut Stage, provider: &str) -> Result<Window> {
    let window = stage.open().await?;
    registers_a_client(&window, provider, "My login", CALLBACK).await?;
    starts_a_login(&window, "Embedded view").await?;
    Ok(window)
}

async fn is_recorded(window: &Window, words: &str) -> Result<()> {
    let (outcome, who) = reads_the_record(window, "My login").await?;
    ensure!(outcome == words && who == "–", "recorded as {outcome:?} of {who:?}, not as {words:?} of nobody");
    Ok(())
}
