//! A login at the twin of each provider, in the embedded view.

use crate::prelude::*;

#[tokio::test]
async fn chattr_says_who_it_is_without_a_token() -> Result<()> {
    logs_in("Chattr", &[]).await
}

#[tokio::test]
async fn chattz_gives_a_token_for_an_hour() -> Result<()> {
    logs_in("Chattz", &["Access token"]).await
}

#[tokio::test]
async fn chaster_gives_three_tokens() -> Result<()> {
    logs_in("Chaster", &["Access token", "Refresh token", "ID token"]).await
}

#[tokio::test]
async fn gitter_answers_in_a_form() -> Result<()> {
    logs_in("Gitter", &["Access token"]).await
}

#[tokio::test]
async fn contentdb_gives_a_token_that_never_expires() -> Result<()> {
    logs_in("ContentDB", &["Access token"]).await
}

/// Logs in and looks at what the window says of it, and at what is in the record.
async fn logs_in(provider: &str, tokens: &[&str]) -> Result<()> {
    let twin = Twin::of(provider).context("no such twin")?;
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        logs_in_at(stage, &window, twin, "My login").await?;
        let card = window.element("//section[@aria-label='Identity']", "the identity card").await?.text().await?;
        ensure!(card.contains(twin.identity), "the card says {card:?}, not {}", twin.identity);
        let page = window.text().await?;
        for name in ["Access token", "Refresh token", "ID token"] {
            ensure!(
                page.contains(name) == tokens.contains(&name),
                "{name}: expected one of {tokens:?}; the page says\n{page}"
            );
        }
        ensure!(page.matches("••••••••").count() == tokens.len(), "each token is masked:\n{page}");
        let (outcome, who) = reads_the_record(&window, "My login").await?;
        ensure!(outcome.starts_with("Logged in"), "recorded as {outcome:?}");
        ensure!(who == twin.identity, "recorded for {who:?}");
        Ok(())
    })
    .await
}
