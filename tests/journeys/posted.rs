//! A login whose callback is a form that the browser posts (OAuth 2.0 Form Post Response Mode): in the login view and in a browser of the
//! person's own. Pasting has nothing to paste then, and is refused where a login is started.

use gatewright_tests::stage::RealBrowser;

use crate::browsers::noted;
use crate::prelude::*;

#[tokio::test]
async fn the_login_view_posts_the_callback_to_the_listener() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        lets_chattz_post(&window).await?;
        asks_for_a_form(&window).await?;
        starts_a_login(&window, "Embedded view").await?;
        walks_the_pages(stage, Twin::of("Chattz").context("no such twin")?, "My website", Answer::Approve).await?;
        sees_it_end(&window, "Logged in").await?;
        window.sees("Posted as a form to the listener on this computer").await
    })
    .await
}

#[tokio::test]
async fn a_real_browser_posts_the_callback_to_the_listener() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let note = stage.with_browser_that_notes_the_address()?;
        let window = stage.open().await?;
        lets_chattz_post(&window).await?;
        asks_for_a_form(&window).await?;
        starts_a_login(&window, "System browser").await?;
        let browser = RealBrowser::open(stage).await?;
        browser.goes_to(&noted(&note).await?).await?;
        browser.writes(&[("username", "theo"), ("password", "theo-sandbox")]).await?;
        browser.presses("#sign-in button").await?;
        browser.presses("#approve").await?;
        browser.sees("You can close this tab").await?;
        sees_it_end(&window, "Logged in").await?;
        browser.closes().await
    })
    .await
}

/// Has Chattz's twin answer every login with a form that posts itself.
async fn lets_chattz_post(window: &Window) -> Result<()> {
    goes_to(window, "Sandbox").await?;
    window.clicks("Add a fault …").await?;
    window.writes("Search faults", "AZ-25").await?;
    window.clicks_where("//label[contains(., 'AZ-25')]", "AZ-25").await?;
    window.chooses("Twin", "Chattz").await?;
    window.clicks("Add this fault").await?;
    window.element("//ul[@aria-label='Faults in force']//*[contains(., 'AZ-25')]", "the fault in force").await?;
    Ok(())
}

/// Registers a client whose logins ask for a form.
async fn asks_for_a_form(window: &Window) -> Result<()> {
    let callback = format!("http://127.0.0.1:{}/callback", free_port()?);
    registers_a_client(window, "Chattz", "My website", &callback).await?;
    window.clicks("Edit").await?;
    window.sees("Edit “My website”").await?;
    window.clicks("Protocol").await?;
    window.chooses("Response mode", "form_post: posted as a form").await?;
    window.clicks("Save").await?;
    window.no_longer_sees("Edit “My website”").await
}
