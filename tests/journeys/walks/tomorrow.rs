//! A walk that is put aside, gone on with another day, and then goes on by itself.

use super::{Does, acts, asked, begins_the_walk, has_a_client_with_test_users, signs_in_as, walks};
use crate::prelude::*;

#[tokio::test]
async fn a_walk_is_paused_gone_on_with_tomorrow_and_then_goes_on_by_itself() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        has_a_client_with_test_users(&window).await?;
        begins_the_walk(&window).await?;
        walks(stage, &window, "Approve", Does::SignsInAs("olivia"), None).await?;
        window.clicks("Next").await?;
        window.clicks("Start").await?;
        // The login of the scenario goes with the pause, and nothing is said of it.
        asked(stage).await?.closes_after(async |_| window.clicks("Pause").await).await?;
        window.sees("Nothing is lost").await?;
        window.pleases_axe("a walk that is paused").await?;
        stage.close().await?;

        let window = stage.open().await?;
        goes_to(&window, "Walks").await?;
        window.opens_row("Walks", "paused").await?;
        window.sees("4 of 16 done").await?;
        window.clicks("Go on").await?;
        window.clicks("Start").await?;
        // The twin has forgotten who was signed in: it was closed, too.
        signs_in_as(stage, "olivia").await?.closes_after(async |view| view.presses(&["Tab", "Return"]).await).await?;
        window.sees("5 of 16 done").await?;

        runs_the_rest(stage, &window).await
    })
    .await
}

/// Lets everything that is left start by itself, for as long as it takes to see that it does, whatever page is open.
async fn runs_the_rest(stage: &Stage, window: &Window) -> Result<()> {
    window.clicks("Run all 11").await?;
    let view = asked(stage).await?;
    goes_to(window, "Results").await?;
    view.closes_after(async |view| view.closes().await).await?;
    // Nobody has pressed Start: the next login is there already.
    asked(stage).await?;
    goes_to(window, "Walks").await?;
    window.opens_row("Walks", "your turn").await?;
    window.element("//section[@aria-labelledby]//h2[.='Wrong account']", "the one that goes on").await?;
    window.pleases_axe("a walk that goes on by itself").await?;
    window.clicks("Stop after this one").await?;
    acts(stage, window, Does::SignsInAs("theo")).await?;
    window.sees("What Gatewright found").await?;
    window.sees("7 of 16 done").await?;
    window.element("//button[starts-with(normalize-space(), 'Run all')]", "the way to go on").await?;
    let page = window.text().await?;
    ensure!(!page.contains("going on"), "a scenario began although the walk was to stop:\n{page}");
    Ok(())
}
