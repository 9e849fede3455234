//! The two other ways to log in: the person's own browser, and any browser with the callback pasted.

use std::path::Path;
use std::time::Duration;

use gatewright_tests::hands::Walker;
use gatewright_tests::stage::{PATIENCE, RealBrowser};
use url::Url;

use crate::prelude::*;

#[tokio::test]
async fn the_systems_browser_brings_the_callback_back() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        stage.with_browser(Path::new(env!("CARGO_BIN_EXE_story-browser")))?;
        stage.with("STORY_USER", "theo").with("STORY_ANSWER", "approve");
        let window = stage.open().await?;
        let callback = format!("http://127.0.0.1:{}/callback", free_port()?);
        registers_a_client(&window, "Chattz", "My website", &callback).await?;
        starts_a_login(&window, "System browser").await?;
        sees_it_end(&window, "Logged in").await?;
        window.sees("theo").await?;
        goes_to(&window, "Results").await?;
        ensure!(window.cell("Runs", "My website", "Browser").await? == "system browser");
        Ok(())
    })
    .await
}

/// L-11: what a browser remembers of a login is where it began and the listener's last page.
#[tokio::test]
async fn a_real_browser_remembers_no_address_with_a_code() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let note = stage.with_browser_that_notes_the_address()?;
        let window = stage.open().await?;
        let port = free_port()?;
        registers_a_client(&window, "Chattz", "My website", &format!("http://127.0.0.1:{port}/callback")).await?;
        starts_a_login(&window, "System browser").await?;
        let browser = RealBrowser::open(stage).await?;
        browser.goes_to(&noted(&note).await?).await?;
        browser.writes(&[("username", "theo"), ("password", "theo-sandbox")]).await?;
        browser.presses("#sign-in button").await?;
        browser.presses("#approve").await?;
        browser.sees("You can close this tab").await?;
        sees_it_end(&window, "Logged in").await?;

        let remembered = browser.history().await?;
        ensure!(remembered[0] == format!("http://127.0.0.1:{port}/done"), "it ended at {remembered:?}");
        ensure!(remembered.iter().all(|address| !address.contains("code=")), "it remembers {remembered:?}");
        browser.closes().await
    })
    .await
}

/// Waits until Gatewright has asked for an address to be opened.
pub(crate) async fn noted(file: &Path) -> Result<String> {
    let waiting = async {
        while !file.exists() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.context("no browser was opened")?;
    Ok(std::fs::read_to_string(file)?)
}

#[tokio::test]
async fn a_refusal_in_the_systems_browser_arrives_as_one() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        stage.with_browser(Path::new(env!("CARGO_BIN_EXE_story-browser")))?;
        stage.with("STORY_USER", "theo").with("STORY_ANSWER", "deny");
        let window = stage.open().await?;
        let callback = format!("http://127.0.0.1:{}/callback", free_port()?);
        registers_a_client(&window, "Chaster", "Lock dashboard", &callback).await?;
        starts_a_login(&window, "System browser").await?;
        sees_it_end(&window, "Denied by the person").await
    })
    .await
}

#[tokio::test]
async fn a_pasted_callback_finishes_the_login() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "Chattz", "My website", "https://app.example.org/callback").await?;
        starts_a_login(&window, "Paste the callback").await?;
        let address = address_to_open(&window).await?;
        let callback = Walker::new("theo", "approve")?.walk(&address).await?;
        window.writes("Callback address", callback.as_str()).await?;
        window.clicks("Use this callback").await?;
        sees_it_end(&window, "Logged in").await?;
        window.sees("theo").await
    })
    .await
}

#[tokio::test]
async fn a_pasted_address_that_is_not_the_callback_is_refused_beside_the_field() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "Chattz", "My website", "https://app.example.org/callback").await?;
        starts_a_login(&window, "Paste the callback").await?;
        let address = address_to_open(&window).await?;
        window.writes("Callback address", "https://elsewhere.example.org/callback?code=1").await?;
        window.clicks("Use this callback").await?;
        let field = "//textarea[@aria-invalid='true']";
        window.element(field, "a refusal of the pasted address").await?;
        // The login waits on, and the right address still works.
        let callback = Walker::new("theo", "approve")?.walk(&address).await?;
        window.writes("Callback address", callback.as_str()).await?;
        window.clicks("Use this callback").await?;
        sees_it_end(&window, "Logged in").await
    })
    .await
}

/// The address the window asks the person to open.
async fn address_to_open(window: &Window) -> Result<Url> {
    window.sees("Open this address in any browser").await?;
    window.sees("response_type").await?;
    let page = window.text().await?;
    let line = page.lines().find(|line| line.starts_with("http://127.0.0.1") && line.contains('?'));
    Ok(line.with_context(|| format!("no address on the page:\n{page}"))?.trim().parse()?)
}
