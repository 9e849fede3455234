//! Without a mouse.

use fantoccini::key::Key;

use crate::prelude::*;

#[tokio::test]
async fn every_screen_is_a_key_away() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        window.shows("Welcome to Gatewright").await?;
        let screens = ["Clients", "Login", "Results", "Rotation", "Providers", "Sandbox", "Settings"];
        for (number, screen) in screens.iter().enumerate() {
            window.presses_text(&(number + 1).to_string()).await?;
            window.shows(screen).await?;
        }
        window.presses_text("?").await?;
        window.sees("Ctrl 1 … 7").await?;
        window.presses(Key::Escape).await?;
        window.no_longer_sees("Ctrl 1 … 7").await
    })
    .await
}

#[tokio::test]
async fn a_client_is_made_found_and_logged_in_with_by_keyboard_alone() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        window.shows("Welcome to Gatewright").await?;
        window.presses_text("1").await?;
        window.shows("Clients").await?;
        tabs_to(&window, "New client").await?;
        window.presses(Key::Enter).await?;
        // Escape leaves the form, and the focus is back on its button.
        window.sees("Register at the sandbox twin").await?;
        window.presses(Key::Escape).await?;
        window.no_longer_sees("Register at the sandbox twin").await?;
        tabs_to(&window, "New client").await?;
        window.presses(Key::Enter).await?;
        window.sees("Register at the sandbox twin").await?;
        tabs_to(&window, "Name").await?;
        window.presses_text("Guild bot").await?;
        window.presses(Key::Enter).await?;
        window.sees("“Guild bot” is kept.").await?;

        // "/" goes to the search, the arrow into the list, Enter opens the row.
        window.presses_text("3").await?;
        window.shows("Results").await?;
        window.presses_text("1").await?;
        window.sees("Guild bot").await?;
        window.presses_text("/").await?;
        window.presses_text("guild").await?;
        window.presses(Key::Down).await?;
        window.presses(Key::Enter).await?;
        window.sees("Last logins").await?;
        tabs_to(&window, "Log in").await?;
        window.presses(Key::Enter).await?;
        window.sees("Embedded view").await?;
        tabs_to(&window, "Log in").await?;
        window.presses(Key::Enter).await?;
        walks_the_pages(stage, Twin::of("Chattr").context("no such twin")?, "Guild bot", Answer::Approve).await?;
        sees_it_end(&window, "Logged in").await
    })
    .await
}

/// Presses Tab until the focus is on what has that name.
async fn tabs_to(window: &Window, name: &str) -> Result<()> {
    let named = "const one = document.activeElement; return one.ariaLabel ?? one.labels?.[0]?.firstChild.textContent.trim() ?? one.textContent.trim()";
    let mut passed = Vec::new();
    for _ in 0..60 {
        window.presses(Key::Tab).await?;
        let focused = window.script(named, vec![]).await?;
        if focused == name {
            return Ok(());
        }
        passed.push(focused.to_string());
    }
    anyhow::bail!("Tab does not lead to {name:?}, only to: {}", passed.join(", "))
}
