//! A keyring that is locked, absent, or not the one it was.

use crate::prelude::*;

const CALLBACK: &str = "https://app.example.org/callback";

#[tokio::test]
async fn a_locked_keyring_is_said_plainly_and_loses_nothing() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "Chattz", "My website", CALLBACK).await?;
        stage.keyring.lock();
        window.clicks("Log in").await?;
        window.sees("Browser").await?;
        window.clicks_where("//form//button[normalize-space()='Log in']", "Log in").await?;
        window.sees("The keyring is locked. Unlock it, then try again.").await?;
        goes_to(&window, "Settings").await?;
        window.clicks("Check the keyring").await?;
        window.sees("Keyring: locked").await?;
        window.sees("unlock it").await?;
        goes_to(&window, "Clients").await?;
        window.opens_row("Clients", "My website").await?;
        window.sees("version 1, in your keyring").await
    })
    .await
}

#[tokio::test]
async fn a_keyring_that_is_locked_from_the_start_does_not_keep_the_window_from_opening() -> Result<()> {
    play(KeyringKind::Locked, async |stage| {
        let window = stage.open().await?;
        window.shows("Welcome to Gatewright").await?;
        window.sees("Keyring: locked").await?;
        goes_to(&window, "Settings").await?;
        window.sees("The keyring is locked. Secrets can be neither read nor stored.").await
    })
    .await
}

#[tokio::test]
async fn without_a_keyring_secrets_live_for_the_session_and_the_window_says_so() -> Result<()> {
    play(KeyringKind::Absent, async |stage| {
        let window = stage.open().await?;
        window.sees("session only").await?;
        registers_a_client(&window, "Chattz", "My website", CALLBACK).await?;
        window.sees("only until Gatewright ends").await?;
        goes_to(&window, "Settings").await?;
        window.sees("1 secret only in memory.").await?;
        goes_to(&window, "Clients").await?;
        window.opens_row("Clients", "My website").await?;
        starts_a_login(&window, "Embedded view").await?;
        walks_the_pages(stage, Twin::of("Chattz").context("no such twin")?, "My website", Answer::Approve).await?;
        sees_it_end(&window, "Logged in").await?;

        stage.close().await?;
        let window = stage.open().await?;
        window.sees("only in memory when Gatewright last ended").await?;
        goes_to(&window, "Clients").await?;
        window.opens_row("Clients", "My website").await?;
        window.sees("Paste the secret").await
    })
    .await
}

#[tokio::test]
async fn a_keyring_that_comes_later_takes_the_secrets_of_the_session_in() -> Result<()> {
    play(KeyringKind::Absent, async |stage| {
        let window = stage.open().await?;
        window.sees("session only").await?;
        registers_a_client(&window, "Chattz", "My website", CALLBACK).await?;
        window.sees("only until Gatewright ends").await?;
        stage.keyring.start_keyring();
        goes_to(&window, "Settings").await?;
        window.clicks("Check the keyring").await?;
        window.sees("Keyring: unlocked").await?;
        window.no_longer_sees("only in memory").await?;
        goes_to(&window, "Clients").await?;
        window.opens_row("Clients", "My website").await?;
        window.sees("in your keyring since").await
    })
    .await
}

#[tokio::test]
async fn a_secret_that_was_on_its_way_is_neither_called_kept_nor_lost_before_the_keyring_was_asked() -> Result<()> {
    play(KeyringKind::Absent, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "Chattz", "My website", CALLBACK).await?;
        window.sees("only until Gatewright ends").await?;
        stage.close().await?;
        // As if it had ended between writing into a keyring and writing down that it has.
        let db = gatewright_store::Connection::open(stage.data_folder().join("gatewright.sqlite"))?;
        db.execute_batch(
            "INSERT INTO intent (what, client, version, created_at) SELECT 'move_secret', client, version, 0 FROM secret_version",
        )?;
        drop(db);

        let window = stage.open().await?;
        goes_to(&window, "Clients").await?;
        window.opens_row("Clients", "My website").await?;
        window.sees("on its way into the keyring").await?;
        goes_to(&window, "Settings").await?;
        window.sees("1 secret is on the way into the keyring.").await?;
        window.pleases_axe("the settings that say a secret was on its way").await?;
        stage.keyring.start_keyring();
        window.clicks("Check the keyring").await?;
        window.no_longer_sees("on the way into the keyring").await?;
        window.sees("A secret was only in memory when Gatewright last ended, and is gone.").await?;
        goes_to(&window, "Clients").await?;
        window.opens_row("Clients", "My website").await?;
        window.sees("Paste the secret").await?;
        window.no_longer_sees("on its way into the keyring").await
    })
    .await
}

#[tokio::test]
async fn a_restarted_keyring_is_found_again() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "Chattz", "My website", CALLBACK).await?;
        stage.keyring.stop_keyring();
        window.clicks("Log in").await?;
        window.sees("The secret is in a keyring that is not available now.").await?;
        window.sees("session only").await?;

        // Nobody does anything about it in the window.
        stage.keyring.start_keyring();
        window.sees("Keyring: unlocked").await?;
        window.no_longer_sees("not available now").await?;
        window.clicks_where("//form//button[normalize-space()='Log in'][not(@disabled)]", "Log in").await?;
        walks_the_pages(stage, Twin::of("Chattz").context("no such twin")?, "My website", Answer::Approve).await?;
        sees_it_end(&window, "Logged in").await
    })
    .await
}
