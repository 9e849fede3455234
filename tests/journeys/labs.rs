//! Preflight and the labs: what would keep a login from working is found before the browser opens, and how a provider cancels is seen.

use gatewright_tests::acts::the_sandbox;
use gatewright_tests::hands::Owner;

use crate::prelude::*;

const CALLBACK: &str = "https://forum.example.org/callback";

#[tokio::test]
async fn a_wrong_redirect_uri_is_found_before_the_browser_and_compared_letter_by_letter() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        let pages = the_sandbox(&window).await?.join("/contentdb/user/apps/")?;
        let made = Owner::signs_in("olivia", pages).await?.makes("Forum login", CALLBACK).await?;

        goes_to(&window, "Clients").await?;
        window.clicks("New client").await?;
        window.sees("Register at the sandbox twin").await?;
        window.chooses("Provider", "ContentDB").await?;
        window.clicks("Enter an existing client").await?;
        window.clicks("The sandbox twin").await?;
        window.writes("Name", "Forum login").await?;
        window.writes("Redirect URI", &format!("{CALLBACK}/")).await?;
        window.writes("Client ID", &made.client_id).await?;
        window.writes("Client secret", &made.secret).await?;
        window.clicks("Keep").await?;
        window.sees("“Forum login” is kept.").await?;
        window.dismisses_messages().await?;

        window.clicks("Log in").await?;
        window.sees("It is compared letter by letter.").await?;
        window.sees("Log in anyway").await?;
        window.pleases_axe("a preflight that has found something").await?;
        window.clicks("Compare in the redirect lab").await?;
        window.sees("What is sent is not registered.").await?;
        window.sees("One ends in a slash, the other does not.").await?;
        window.pleases_axe("the redirect lab").await
    })
    .await
}

#[tokio::test]
async fn a_cancel_at_contentdbs_twin_is_seen_to_be_the_bare_redirect_uri() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        registers_a_client(&window, "ContentDB", "Forum login", CALLBACK).await?;
        window.clicks("More for this client").await?;
        window.clicks("Try its cancel …").await?;
        window.sees("ContentDB sends the redirect URI without any parameter").await?;
        window.clicks("Begin").await?;
        window.sees("then press Cancel").await?;
        walks_the_pages(stage, Twin::of("ContentDB").context("no such twin")?, "Forum login", Answer::Second).await?;
        window.sees("The bare redirect URI: no error, no state.").await?;
        window.sees("As the profile says.").await?;
        window.sees("it is what a person sends who opens the address by hand").await?;
        window.pleases_axe("the cancel lab").await
    })
    .await
}
