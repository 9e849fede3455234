//! Logging in as somebody: two personas side by side, the wrong one, and what the login window keeps of each.

use crate::prelude::*;

/// The client of these stories.
const CLIENT: &str = "Shared login";
const THEO: &str = "Theo Tanaka";
const TARA: &str = "Tara Thomsen";

#[tokio::test]
async fn two_personas_log_in_side_by_side_and_are_still_signed_in_the_next_time() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = opens_with_the_twins_people(stage).await?;
        window.pleases_axe("the test users of a client").await?;
        window.clicks(&format!("Log in as {THEO}")).await?;
        window.sees("At the same time, in a second window").await?;
        window.pleases_axe("whom to log in as").await?;
        window.chooses("At the same time, in a second window", TARA).await?;
        presses_log_in(&window).await?;

        let (theo, tara) = (stage.login_view(&titled(THEO)).await?, stage.login_view(&titled(TARA)).await?);
        let (first, second) = (theo.place().await?, tara.place().await?);
        ensure!(!first.covers(&second), "one window covers the other: {first:?}, {second:?}");
        // Tara first, while the other one waits: neither sees what the other types or is.
        for (persona, user) in [(TARA, "tara"), (THEO, "theo")] {
            walks_the_pages(stage, as_user(user)?, &titled(persona), Answer::Approve).await?;
        }
        for (persona, user) in [(TARA, "tara"), (THEO, "theo")] {
            is_recorded(&window, persona, "Logged in", user).await?;
        }

        logs_in_as(&window, THEO).await?;
        only_agrees(stage, THEO).await?;
        sees_it_end(&window, "Logged in").await?;
        is_recorded(&window, THEO, "Logged in", "theo").await
    })
    .await
}

#[tokio::test]
async fn the_wrong_person_is_told_by_name_and_forgotten_in_one_press() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = opens_with_the_twins_people(stage).await?;
        logs_in_as(&window, TARA).await?;
        walks_the_pages(stage, as_user("theo")?, &titled(TARA), Answer::Approve).await?;
        sees_it_end(&window, "You meant to log in as Tara Thomsen (144), but Chattz said 143.").await?;
        window.pleases_axe("a login as the wrong person").await?;

        // In this login window it still is Theo who is signed in: so the same comes of it.
        window.clicks("Log in again").await?;
        only_agrees(stage, TARA).await?;
        sees_it_end(&window, "but Chattz said 143.").await?;

        window.clicks(&format!("Forget what was kept of {TARA}")).await?;
        window.sees(&format!("Nothing is kept of {TARA} any more.")).await?;
        window.dismisses_messages().await?;
        window.clicks("Log in again").await?;
        walks_the_pages(stage, as_user("tara")?, &titled(TARA), Answer::Approve).await?;
        sees_it_end(&window, "Logged in").await?;
        is_recorded(&window, TARA, "Logged in", "tara").await
    })
    .await
}

#[tokio::test]
async fn a_persona_of_whom_nothing_is_kept_signs_in_each_time() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = opens_with_the_twins_people(stage).await?;
        window.clicks("New test user …").await?;
        window.writes("Name", "Newcomer").await?;
        window.clicks("Thrown away").await?;
        window.pleases_axe("a new test user").await?;
        window.clicks("Add").await?;
        window.sees("“Newcomer” is kept.").await?;
        window.sees("the first login says who it is · begins without any history each time").await?;
        window.dismisses_messages().await?;

        let theo = as_user("theo")?;
        logs_in_as(&window, "Newcomer").await?;
        walks_the_pages(stage, theo, &titled("Newcomer"), Answer::Approve).await?;
        sees_it_end(&window, "Logged in").await?;
        window.clicks("Log in again").await?;
        walks_the_pages(stage, theo, &titled("Newcomer"), Answer::Approve).await?;
        sees_it_end(&window, "Logged in").await?;

        goes_to_the_test_users(&window).await?;
        window.sees("has to be 143 · begins without any history each time").await?;
        let kept = std::fs::read_dir(stage.data_folder().join("test-users"));
        ensure!(kept.is_err(), "nobody's cookies are on the disk");
        Ok(())
    })
    .await
}

/// Opens Gatewright, registers a client at Chattz' twin, and makes test users of the people who live there.
async fn opens_with_the_twins_people(stage: &mut Stage) -> Result<Window> {
    let window = stage.open().await?;
    registers_a_client(&window, "Chattz", CLIENT, "https://app.example.org/callback").await?;
    window.clicks("Test users").await?;
    window.sees("Nobody to log in as yet.").await?;
    window.clicks("Add the twin's people (4)").await?;
    window.sees("has to be 143").await?;
    window.dismisses_messages().await?;
    Ok(window)
}

async fn goes_to_the_test_users(window: &Window) -> Result<()> {
    goes_to(window, "Clients").await?;
    window.opens_row("Clients", CLIENT).await?;
    window.clicks("Test users").await
}

/// Starts a login as somebody from the list of test users.
async fn logs_in_as(window: &Window, persona: &str) -> Result<()> {
    goes_to_the_test_users(window).await?;
    window.clicks(&format!("Log in as {persona}")).await?;
    window.sees(&format!("{persona}: ")).await?;
    presses_log_in(window).await
}

async fn presses_log_in(window: &Window) -> Result<()> {
    window.clicks_where("//form//button[normalize-space()='Log in']", "Log in").await?;
    window.sees("What happened").await
}

/// Agrees in the login window of a persona without signing in: on the page to sign in the same key would do nothing.
async fn only_agrees(stage: &Stage, persona: &str) -> Result<()> {
    let view = stage.login_view(&titled(persona)).await?;
    view.stands_still().await?;
    view.closes_after(async |view| view.presses(Answer::Approve.keys()).await).await
}

/// The newest run of a persona, as the list of results has it.
async fn is_recorded(window: &Window, persona: &str, outcome: &str, identity: &str) -> Result<()> {
    goes_to(window, "Results").await?;
    let ended = window.cell_that("Runs", persona, "Outcome", |outcome| outcome != "Going on").await?;
    ensure!(ended.starts_with(outcome), "the run of {persona} is recorded as {ended:?}");
    let who = window.cell("Runs", persona, "Who").await?;
    ensure!(who.contains(persona) && who.contains(identity), "recorded for {who:?}");
    Ok(())
}

/// The title of the login window of a persona.
fn titled(persona: &str) -> String {
    format!("{persona}: {CLIENT} at Chattz")
}

/// Chattz' twin, at which this person signs in.
fn as_user(user: &'static str) -> Result<Twin> {
    Ok(Twin { user, ..Twin::of("Chattz").context("no such twin")? })
}
