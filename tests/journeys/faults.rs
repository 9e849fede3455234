//! A twin that misbehaves because somebody chose so in the window.

use crate::prelude::*;

#[tokio::test]
async fn a_fault_chosen_in_the_window_is_noticed_by_the_next_login() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        goes_to(&window, "Sandbox").await?;
        window.clicks("Add a fault …").await?;
        window.writes("Search faults", "AZ-02").await?;
        window.clicks_where("//label[contains(., 'AZ-02')]", "AZ-02").await?;
        window.chooses("Twin", "Chattz").await?;
        window.clicks("Add this fault").await?;
        window.element("//ul[@aria-label='Faults in force']//*[contains(., 'AZ-02')]", "the fault in force").await?;

        registers_a_client(&window, "Chattz", "My login", "https://app.example.org/callback").await?;
        starts_a_login(&window, "Embedded view").await?;
        walks_the_pages(stage, Twin::of("Chattz").context("no such twin")?, "My login", Answer::Approve).await?;
        sees_it_end(&window, "Callback not believed").await?;
        window.sees("state_mismatch").await?;

        goes_to(&window, "Sandbox").await?;
        window.sees("1 injection").await?;
        window.clicks("Clear all").await?;
        window.sees("The twins behave.").await?;
        goes_to(&window, "Clients").await?;
        window.opens_row("Clients", "My login").await?;
        starts_a_login(&window, "Embedded view").await?;
        walks_the_pages(stage, Twin::of("Chattz").context("no such twin")?, "My login", Answer::Approve).await?;
        sees_it_end(&window, "Logged in").await
    })
    .await
}
