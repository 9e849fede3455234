//! A database that was edited, or put back from an earlier day, behind Gatewright's back: the window says so and waits for a yes.

use gatewright_store::{Options, Store};

use crate::prelude::*;

const CALLBACK: &str = "https://app.example.org/callback";
const DATABASE: &str = "gatewright.sqlite";

#[tokio::test]
async fn a_client_that_was_edited_by_sql_is_used_again_only_after_a_yes() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "Chattz", "My website", CALLBACK).await?;
        stage.close().await?;
        edit(stage, r#"UPDATE client SET protocol_settings = '{"client_authentication":"basic"}'"#)?;

        let window = stage.open().await?;
        opens_the_client(&window).await?;
        window.sees("This client was changed outside Gatewright.").await?;
        window.clicks("Log in").await?;
        window.sees("Browser").await?;
        window.clicks_where("//form//button[normalize-space()='Log in']", "Log in").await?;
        window.sees("its secret was stored for another address").await?;

        opens_the_client(&window).await?;
        window.clicks("See what differs …").await?;
        window.sees("“My website” was changed outside Gatewright").await?;
        window.sees("Version 1 would go there.").await?;
        window.pleases_axe("the question about a client that was changed outside").await?;
        window.clicks_where("//dialog//input[@type='checkbox']", "that it was oneself").await?;
        window.clicks("Use it there").await?;
        window.sees("The secret of “My website” may be used again.").await?;
        window.no_longer_sees("This client was changed outside Gatewright.").await?;

        stage.close().await?;
        let window = stage.open().await?;
        opens_the_client(&window).await?;
        window.sees("version 1, in your keyring").await?;
        window.no_longer_sees("This client was changed outside Gatewright.").await
    })
    .await
}

#[tokio::test]
async fn an_older_database_is_said_to_be_one_until_a_person_goes_on_with_it() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "Chattz", "My website", CALLBACK).await?;
        stage.close().await?;
        let (file, copy) = (stage.data_folder().join(DATABASE), stage.data_folder().join("an-old-copy"));
        std::fs::copy(&file, &copy)?;
        let window = stage.open().await?;
        registers_a_client(&window, "Gitter", "What the copy forgot", CALLBACK).await?;
        stage.close().await?;
        std::fs::rename(&copy, &file)?;

        let entries = stage.keyring.item_count();
        let window = stage.open().await?;
        window.sees("Gatewright's database is older than the one last used here.").await?;
        window.pleases_axe("the window with an older database").await?;
        opens_the_client(&window).await?;
        window.no_longer_sees("What the copy forgot").await?;
        ensure!(stage.keyring.item_count() == entries, "nothing is deleted that the copy does not know");

        window.clicks("Go on with it …").await?;
        window.sees("Go on with the older database?").await?;
        window.clicks_where("//dialog//button[normalize-space()='Go on with it']", "Go on with it").await?;
        window.no_longer_sees("database is older").await?;
        stage.close().await?;
        let window = stage.open().await?;
        opens_the_client(&window).await?;
        window.no_longer_sees("database is older").await
    })
    .await
}

async fn opens_the_client(window: &Window) -> Result<()> {
    goes_to(window, "Clients").await?;
    window.opens_row("Clients", "My website").await
}

/// Changes the database while Gatewright is closed.
fn edit(stage: &Stage, sql: &str) -> Result<()> {
    let store = Store::open(&stage.data_folder().join(DATABASE), &Options::default())?;
    Ok(store.write_durably_blocking(|tx| Ok(tx.execute_batch(sql)?))?)
}
