//! A secret's replacement: with two secrets at once, by a second client, and across a crash.

use gatewright_tests::acts::{begins_a_rotation, confirms, signs_in_once_more, the_sandbox, writes_down_who_uses_it};
use gatewright_tests::hands::Owner;

use crate::prelude::*;

const CALLBACK: &str = "https://app.example.org/callback";

#[tokio::test]
async fn rotate_by_overlap() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let chattr = Twin::of("Chattr").context("no such twin")?;
        let window = stage.open().await?;
        registers_a_client(&window, "Chattr", "Guild bot", CALLBACK).await?;
        let entries = stage.keyring.item_count();
        writes_down_who_uses_it(&window, &["web-1", "nightly export"]).await?;

        begins_a_rotation(&window, "Guild bot", "Overlap", "Gatewright, at the sandbox").await?;
        ensure!(the_promise(&window).await?.starts_with("v1 stays in use."), "the promise before anything was done");
        window.clicks("Prove v1").await?;
        window.sees("v1 was accepted").await?;
        window.clicks("Get the new secret").await?;
        window.sees("v2 is stored.").await?;
        ensure!(stage.keyring.item_count() == entries + 1, "both secrets are in the keyring");

        // Nobody is left behind: the last tick opens the next step, not the first.
        window.clicks("web-1").await?;
        window.sees("1 of 2").await?;
        window.clicks("nightly export").await?;
        window.sees("All 2 use the new one.").await?;

        window.clicks("Probe v2").await?;
        window.sees("The provider takes v2.").await?;
        window.clicks("Log in with v2").await?;
        walks_the_pages(stage, chattr, "Guild bot", Answer::Approve).await?;
        window.sees("Somebody logged in with v2.").await?;
        window.clicks("Promote v2").await?;
        window.sees("Logins use v2.").await?;
        window.clicks("Retire v1").await?;
        confirms(&window, "Retire v1").await?;
        window.sees("Done: v2 is in use, v1 is gone.").await?;
        window.sees("The provider refuses v1.").await?;
        ensure!(stage.keyring.item_count() == entries, "the old secret has left the keyring");

        // Somebody else, so that all of it is asked anew.
        window.clicks("The client").await?;
        starts_a_login(&window, "Embedded view").await?;
        walks_the_pages(stage, Twin { user: "olivia", ..chattr }, "Guild bot", Answer::Approve).await?;
        sees_it_end(&window, "Logged in").await
    })
    .await
}

#[tokio::test]
async fn replace_the_client_at_contentdbs_twin() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let contentdb = Twin::of("ContentDB").context("no such twin")?;
        let window = stage.open().await?;
        registers_a_client(&window, "ContentDB", "Forum login", CALLBACK).await?;
        let old = window.cell("Clients", "Forum login", "Client").await?;
        let old = old.trim_start_matches("Forum login").trim().to_owned();
        let pages = the_sandbox(&window).await?.join("/contentdb/user/apps/")?;

        begins_a_rotation(&window, "Forum login", "Replace the client", "You, by hand").await?;
        window.clicks("Prove v1").await?;
        window.sees("v1 was accepted").await?;

        // A person makes the second client on the provider's page, as the guide says, and brings what it shows.
        window.sees("Redirect URI, exactly so:").await?;
        let mut owner = Owner::signs_in("olivia", pages).await?;
        let made = owner.makes("Forum login 2", CALLBACK).await?;
        window.writes("New client ID", &made.client_id).await?;
        window.writes("New secret", &made.secret).await?;
        window.clicks("Paste the new secret").await?;
        window.sees("v2 is stored.").await?;
        let page = window.script("return document.documentElement.outerHTML", vec![]).await?.to_string();
        ensure!(!page.contains(&made.secret), "the new secret is still in the page");

        window.clicks("Nobody else uses it").await?;
        confirms(&window, "Nobody else uses it").await?;
        window.clicks("Probe v2").await?;
        window.sees("The provider takes v2.").await?;
        window.clicks("Log in with v2").await?;
        walks_the_pages(stage, contentdb, "Forum login", Answer::Approve).await?;
        window.sees("Somebody logged in with v2.").await?;
        window.clicks("Promote v2").await?;
        window.sees("Logins use v2.").await?;

        owner.deletes(&old).await?;
        window.clicks("Retire v1").await?;
        confirms(&window, "Retire v1").await?;
        window.sees("Done: v2 is in use, v1 is gone.").await?;
        goes_to(&window, "Clients").await?;
        window.cell_that("Clients", "Forum login", "Client", |known_by| known_by.contains(&made.client_id)).await?;
        window.opens_row("Clients", "Forum login").await?;
        starts_a_login(&window, "Embedded view").await?;
        signs_in_once_more(stage, contentdb, "Forum login").await?;
        sees_it_end(&window, "Logged in").await
    })
    .await
}

#[tokio::test]
async fn crash_in_the_middle_and_go_on() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "Chattr", "Guild bot", CALLBACK).await?;
        begins_a_rotation(&window, "Guild bot", "Overlap", "Gatewright, at the sandbox").await?;
        window.clicks("Prove v1").await?;
        window.sees("v1 was accepted").await?;
        window.clicks("Get the new secret").await?;
        window.sees("v2 is stored.").await?;
        let promised = the_promise(&window).await?;
        ensure!(promised.starts_with("v1 and v2 both keep working."), "it promises {promised:?}");
        stage.kill().await?;

        let window = stage.open().await?;
        goes_to(&window, "Rotation").await?;
        let step = window.cell("Secrets", "Guild bot", "Rotation").await?;
        ensure!(step.contains("step 3 of 6"), "after the crash it stands at {step:?}");
        window.opens_row("Secrets", "Guild bot").await?;
        window.sees("v2 is stored.").await?;
        ensure!(the_promise(&window).await? == promised, "the promise changed with the crash");

        // v1 still logs people in, and the runbook goes on to its end with what was stored before.
        window.clicks("Nobody else uses it").await?;
        confirms(&window, "Nobody else uses it").await?;
        window.clicks("Probe v2").await?;
        window.sees("The provider takes v2.").await?;
        window.clicks("Go on without a login").await?;
        confirms(&window, "Go on without a login").await?;
        window.clicks("Promote v2").await?;
        window.sees("Logins use v2.").await?;
        window.clicks("Retire v1").await?;
        confirms(&window, "Retire v1").await?;
        window.sees("Done: v2 is in use, v1 is gone.").await
    })
    .await
}

/// What the runbook says would be the case if the computer stopped now.
async fn the_promise(window: &Window) -> Result<String> {
    let card = "//section[.//h2[normalize-space()='If this computer stopped now']]//p";
    Ok(window.element(card, "the promise").await?.text().await?)
}
