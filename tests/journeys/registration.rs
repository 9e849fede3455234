//! Clients at their provider: registered by its endpoint, brought into line and deleted there; or made by hand on its own page.

use gatewright_tests::acts::the_sandbox;
use gatewright_tests::hands::Owner;

use crate::prelude::*;

const CALLBACK: &str = "https://locks.example.org/login";

/// Opens the form for a new client of this provider.
async fn opens_the_form(window: &Window, provider: &str) -> Result<()> {
    goes_to(window, "Clients").await?;
    window.clicks("New client").await?;
    window.sees("Register at the sandbox twin").await?;
    window.chooses("Provider", provider).await
}

#[tokio::test]
async fn a_client_is_registered_brought_into_line_and_deleted_at_chasters_twin() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        opens_the_form(&window, "Chaster").await?;
        window.clicks("Register at the provider").await?;
        window.writes("Name", "Kitten locks").await?;
        window.writes("Redirect URI", CALLBACK).await?;
        window.clicks("Register").await?;
        window.sees("“Kitten locks” is kept.").await?;
        window.dismisses_messages().await?;
        window.clicks("At the provider").await?;
        window.sees("Both have the same").await?;
        window.sees("version 1").await?;
        window.pleases_axe("a client at its provider").await?;

        window.clicks("Edit").await?;
        window.clicks("Protocol").await?;
        window.writes("Post-logout redirect URI", "https://locks.example.org/bye").await?;
        window.clicks("Save").await?;
        window.sees("“Kitten locks” is saved.").await?;
        window.dismisses_messages().await?;
        window.sees("post_logout_redirect_uris").await?;
        window.clicks("Send ours").await?;
        window.sees("Both have the same").await?;
        window.sees("version 2").await?;
        window.clicks("Ask").await?;
        window.sees("The provider takes this secret.").await?;
        window.dismisses_messages().await?;

        window.clicks("Delete at the provider").await?;
        window.sees("Delete “Kitten locks” at the provider?").await?;
        window.clicks("Delete there").await?;
        window.sees("The provider has this client no more.").await
    })
    .await
}

#[tokio::test]
async fn a_client_is_made_by_hand_on_contentdbs_own_page_and_its_secret_is_proved() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        let pages = the_sandbox(&window).await?.join("/contentdb/user/apps/")?;
        opens_the_form(&window, "ContentDB").await?;
        window.clicks("Enter an existing client").await?;
        window.clicks("The sandbox twin").await?;
        window.writes("Name", "Forum login").await?;
        window.writes("Redirect URI", CALLBACK).await?;
        window.sees("Settings, OAuth2 Applications, Create").await?;
        window.sees(pages.as_str()).await?;
        window.pleases_axe("the guide to the provider's own page").await?;

        // The person does on that page what the guide says, and brings what it shows.
        let mut owner = Owner::signs_in("olivia", pages).await?;
        let made = owner.makes("Forum login", CALLBACK).await?;
        window.writes("Client ID", &made.client_id).await?;
        window.writes("Client secret", &made.secret).await?;
        window.clicks("Keep").await?;
        window.sees("The provider takes this secret.").await?;
        window.dismisses_messages().await?;
        window.sees("version 1, in your keyring").await
    })
    .await
}
