//! A client's life: made, changed, copied, deleted, and back again.

use std::time::Duration;

use crate::prelude::*;

const CALLBACK: &str = "https://forum.example.org/login";

#[tokio::test]
async fn a_client_is_made_changed_and_found_again_after_a_restart() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "ContentDB", "Forum login", CALLBACK).await?;
        window.clicks("Edit").await?;
        window.sees("Edit “Forum login”").await?;
        window.writes("Name", "Forum sign-in").await?;
        window.writes("Tag", "staging").await?;
        window.writes("Notes", "Deployed on the old machine.").await?;
        window.clicks("Save").await?;
        window.sees("“Forum sign-in” is saved.").await?;

        stage.close().await?;
        let window = stage.open().await?;
        goes_to(&window, "Clients").await?;
        window.writes("Search clients", "old machine").await?;
        window.opens_row("Clients", "Forum sign-in").await?;
        window.sees("owned · staging").await?;
        window.clicks("Notes").await?;
        window.sees("Deployed on the old machine.").await?;
        window.writes("Search clients", "nobody has this").await?;
        window.sees("No client matches.").await
    })
    .await
}

#[tokio::test]
async fn what_is_typed_is_judged_by_the_rules_of_the_provider() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        goes_to(&window, "Clients").await?;
        window.clicks("New client").await?;
        window.writes("Name", "Guild bot").await?;
        window.writes("Redirect URI", "https://guild.example.org/login#top").await?;
        window.sees("has a fragment").await?;
        window.clicks("Register").await?;
        // Neither kept nor forgotten: the form is still there, and the field says that it is wrong.
        window.element("//dialog//input[@aria-invalid='true']", "the field that is wrong").await?;
        ensure!(window.value_of("Name").await? == "Guild bot", "the form forgot what was typed");
        window.writes("Redirect URI", "https://guild.example.org/login").await?;
        window.clicks("Register").await?;
        window.sees("“Guild bot” is kept.").await
    })
    .await
}

#[tokio::test]
async fn an_entered_secret_is_only_shown_on_purpose() -> Result<()> {
    const SECRET: &str = "K7wq-not-a-real-secret-9f2c";
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        goes_to(&window, "Clients").await?;
        window.clicks("New client").await?;
        window.chooses("Provider", "Chattz").await?;
        window.clicks("Enter an existing client").await?;
        window.writes("Name", "My website").await?;
        window.writes("Client ID", "abc123").await?;
        window.writes("Client secret", SECRET).await?;
        window.writes("Redirect URI", "https://example.com/chattz-callback").await?;
        window.clicks("Keep").await?;
        window.sees("“My website” is kept.").await?;
        window.sees("9f2c").await?;
        ensure!(
            !window.script("return document.documentElement.outerHTML", vec![]).await?.to_string().contains(SECRET)
        );

        window.clicks("Reveal client secret").await?;
        window.sees("Show the secret of “My website”?").await?;
        ensure!(!window.text().await?.contains(SECRET), "the secret stood there before the question was answered");
        window.clicks("Show it").await?;
        window.sees(SECRET).await?;
        window.clicks_where("//button[starts-with(normalize-space(), 'hide')]", "hide").await?;
        window.no_longer_sees(SECRET).await
    })
    .await
}

#[tokio::test]
async fn a_deleted_client_comes_back_with_its_secret() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "ContentDB", "Forum login", CALLBACK).await?;
        deletes_the_open_client(&window, "Forum login").await?;
        window.sees("No client is kept here yet.").await?;
        window.clicks("Undo").await?;
        window.sees("“Forum login” is back.").await?;
        window.sees("version 1, in your keyring").await?;
        starts_a_login(&window, "Embedded view").await?;
        let twin = Twin::of("ContentDB").context("no such twin")?;
        walks_the_pages(stage, twin, "Forum login", Answer::Approve).await?;
        sees_it_end(&window, "Logged in").await
    })
    .await
}

#[tokio::test]
async fn a_deleted_clients_secret_leaves_the_keyring_when_the_time_for_undo_is_over() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "Chattz", "Stays", CALLBACK).await?;
        let before = stage.keyring.item_count();
        registers_a_client(&window, "Chattz", "Goes", CALLBACK).await?;
        ensure!(stage.keyring.item_count() == before + 1, "one secret, one entry in the keyring");
        deletes_the_open_client(&window, "Goes").await?;
        ensure!(stage.keyring.item_count() == before + 1, "the entry stays as long as the deletion can be taken back");
        let going = async {
            while stage.keyring.item_count() != before {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), going).await.context("the entry never left the keyring")?;
        window.no_longer_sees("Deleted “Goes”.").await
    })
    .await
}

#[tokio::test]
async fn a_duplicate_is_a_client_of_its_own() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "Chattz", "My website", CALLBACK).await?;
        let entries = stage.keyring.item_count();
        window.clicks("More for this client").await?;
        window.clicks("Duplicate").await?;
        window.sees("was made.").await?;
        window.sees("2 owned").await?;
        ensure!(stage.keyring.item_count() == entries + 1, "the copy has a secret of its own");
        let heading = window.element("//h2[@id='client-name']", "the copy's name").await?.text().await?;
        ensure!(heading != "My website", "the copy cannot be told from the first");
        let (first, copy) =
            (window.cell("Clients", "My website", "Client").await?, window.cell("Clients", &heading, "Client").await?);
        ensure!(first != copy, "the copy has an ID of its own");
        Ok(())
    })
    .await
}

async fn deletes_the_open_client(window: &Window, name: &str) -> Result<()> {
    window.clicks("More for this client").await?;
    window.clicks("Delete").await?;
    window.sees(&format!("Deleted “{name}”.")).await
}
