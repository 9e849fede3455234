//! Without a mouse.

use fantoccini::key::Key;

use crate::prelude::*;

#[tokio::test]
async fn every_screen_is_a_key_away() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        window.shows("Welcome to Gatewright").await?;
        let screens = ["Clients", "Login", "Walks", "Results", "Rotation", "Providers", "Sandbox", "Settings"];
        for (number, screen) in screens.iter().enumerate() {
            window.presses_text(&(number + 1).to_string()).await?;
            window.shows(screen).await?;
            let below = "return document.scrollingElement.scrollHeight - innerHeight";
            let below = window.script(below, vec![]).await?;
            ensure!(below == 0, "{screen}: a key could push the window's content up by {below} pixels");
        }
        window.presses_text("?").await?;
        window.sees("Ctrl 1 … 8").await?;
        window.presses(Key::Escape).await?;
        window.no_longer_sees("Ctrl 1 … 8").await
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
        window.presses_text("4").await?;
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

#[tokio::test]
async fn anything_is_found_by_typing() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        window.shows("Welcome to Gatewright").await?;
        registers_a_client(&window, "Chattr", "Guild bot", "https://app.example.org/callback").await?;
        goes_to(&window, "Sandbox").await?;
        window.shows("Sandbox").await?;

        // A client by its name.
        finds(&window, "guild").await?;
        window.sees("Last logins").await?;
        // An action, that asks for a client; what was chosen before stands first now.
        goes_to(&window, "Sandbox").await?;
        window.shows("Sandbox").await?;
        opens_the_palette(&window).await?;
        window.sees("Chosen lately").await?;
        window.presses_text("log in").await?;
        window.presses(Key::Enter).await?;
        window.field("Log in with which client?").await?;
        window.presses_text("guild").await?;
        window.presses(Key::Enter).await?;
        window.sees("Embedded view").await?;
        // A dialog of another screen.
        finds(&window, "backup").await?;
        window.sees("The secrets may leave the keyring").await?;
        window.presses(Key::Escape).await?;
        window.no_longer_sees("The secrets may leave the keyring").await?;
        // The keys of an action do the same at once; nothing is lost where nothing fits.
        window.presses_text(&format!("{}n", char::from(Key::Control))).await?;
        window.sees("Register at the sandbox twin").await?;
        window.presses(Key::Escape).await?;
        window.no_longer_sees("Register at the sandbox twin").await?;
        opens_the_palette(&window).await?;
        window.presses_text("no such thing").await?;
        window.sees("Nothing fits.").await?;
        window.presses(Key::Enter).await?;
        window.presses(Key::Escape).await?;
        window.no_longer_sees("Nothing fits.").await
    })
    .await
}

/// Opens the palette by its keys.
async fn opens_the_palette(window: &Window) -> Result<()> {
    window.presses_text(&format!("{}k", char::from(Key::Control))).await?;
    window.field("Find a client, run, walk, screen or action").await.map(drop)
}

/// Types into the palette and takes the first thing that is found.
async fn finds(window: &Window, words: &str) -> Result<()> {
    opens_the_palette(window).await?;
    window.presses_text(words).await?;
    window.presses(Key::Enter).await
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
