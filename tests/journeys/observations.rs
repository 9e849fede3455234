//! Documents against the wire: what a login shows of a profile, and the exchange that shows it.

use crate::prelude::*;

/// A statement on the provider's page that was seen on the wire.
const SEEN: &str = "//section[@aria-label='Statements']//li[.//*[contains(., 'confirmed')]]//a[starts-with(., 'on ')]";

#[tokio::test]
async fn a_login_confirms_statements_and_each_leads_to_the_exchange_that_shows_it() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        let twin = Twin::of("Chattz").context("no such twin")?;
        logs_in_at(stage, &window, twin, "My website").await?;
        goes_to(&window, "Providers").await?;
        window.clicks_where("//nav[@aria-label='Providers']//a[.//b='Chattz']", "Chattz").await?;
        window.sees("0 confirmed, 0 contradicted").await?;
        window.clicks("sandbox twin").await?;
        window
            .sees_that(|page| page.contains(" confirmed, 0 contradicted") && !page.contains(": 0 confirmed"), "counts")
            .await?;
        window.pleases_axe("a profile beside the wire").await?;
        window.clicks_where(SEEN, "the exchange that shows a statement").await?;
        window.sees("What happened").await?;
        let led_to = "return document.activeElement?.textContent";
        let said = window.script(led_to, vec![]).await?;
        ensure!(said == "What you came to see:", "the exchange is not opened: {said}");
        window.pleases_axe("a run opened at an exchange").await
    })
    .await
}
