//! A tester at somebody else's server, of which Gatewright knows nothing but the issuer.

use gatewright_tests::hands::LoginView;
use gatewright_tests::peer::{Account, Peer};

use crate::prelude::*;

/// Any port will do: the login view catches the callback before anybody connects there.
const REDIRECT_URI: &str = "http://127.0.0.1:8914/callback";

#[tokio::test]
async fn a_provider_added_by_its_issuer_logs_in_refreshes_and_revokes() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let peer = Peer::oidc_provider().await?;
        let window = stage.open().await?;
        adds_by_issuer(&window, peer.issuer()).await?;
        enters_the_client(&window, &peer).await?;
        logs_in_for_a_refresh_token(stage, &window, peer.account()).await?;

        window.clicks("Refresh").await?;
        window.sees("refreshed 1 time").await?;
        window.clicks("Introspect access token").await?;
        window.sees("The token is active").await?;
        window.clicks("Revoke refresh token").await?;
        window.sees("Revoke the refresh token?").await?;
        window.clicks("Revoke").await?;
        window.sees("The server says that the token is good no more").await?;
        // What was refreshed is worthless with it, and the server says so itself.
        window.clicks("Introspect access token").await?;
        window.sees("The token is not active").await?;
        window.pleases_axe("a run at a discovered provider").await?;

        let (outcome, who) = reads_the_record(&window, "Foreign login").await?;
        ensure!(outcome.starts_with("Logged in") && who.contains("Ada"), "recorded as {outcome:?} for {who:?}");
        window.opens_row("Runs", "Foreign login").await?;
        for words in ["What happened", "Refresh", "good no more", "The token is not active"] {
            window.sees(words).await?;
        }
        Ok(())
    })
    .await
}

/// Looks at what the issuer says of itself, and keeps it as it was shown.
async fn adds_by_issuer(window: &Window, issuer: &str) -> Result<()> {
    goes_to(window, "Providers").await?;
    window.clicks("Add by issuer").await?;
    window.writes("Issuer", issuer).await?;
    window.clicks("Look").await?;
    for words in ["Token endpoint", "OpenID Connect", "offline_access"] {
        window.sees(words).await?;
    }
    window.writes("Name", "Certified").await?;
    window.clicks("Keep this provider").await?;
    window.sees("“Certified” is kept.").await?;
    window.dismisses_messages().await
}

/// A client that the server knows already, with its secret.
async fn enters_the_client(window: &Window, peer: &Peer) -> Result<()> {
    let known = peer.client("basic");
    goes_to(window, "Clients").await?;
    window.clicks("New client").await?;
    window.chooses("Provider", "Certified").await?;
    window.clicks("Enter an existing client").await?;
    window.clicks("The real provider").await?;
    window.writes("Name", "Foreign login").await?;
    window.writes("Client ID", &known.id).await?;
    window.writes("Client secret", known.secret.as_deref().context("a client with a secret")?).await?;
    window.writes("Redirect URI", REDIRECT_URI).await?;
    window.clicks("Keep").await?;
    window.sees("“Foreign login” is kept.").await?;
    window.dismisses_messages().await
}

/// This server gives a refresh token to whoever asks for `offline_access` (OpenID Connect Core §11).
async fn logs_in_for_a_refresh_token(stage: &Stage, window: &Window, person: &Account) -> Result<()> {
    window.clicks("Log in").await?;
    window.sees("Browser").await?;
    window.clicks("Embedded view").await?;
    window.clicks("offline_access").await?;
    window.clicks_where("//form//button[normalize-space()='Log in']", "Log in").await?;
    window.sees("What happened").await?;
    let view = stage.login_view("Foreign login").await?;
    // The pages are oidc-provider's own for trying out: one asks who it is, the next for consent.
    view.turns_the_page(async |view: &LoginView| {
        view.presses(&["ctrl+a"]).await?;
        view.types(&person.login).await?;
        view.presses(&["Tab"]).await?;
        view.types(&person.password).await?;
        view.presses(&["Return"]).await
    })
    .await?;
    view.closes_after(async |view| view.presses(&["Return"]).await).await?;
    sees_it_end(window, "Logged in").await?;
    window.sees("Ada Lovelace").await
}
