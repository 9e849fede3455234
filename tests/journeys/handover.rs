//! Handing clients on, and recognising a secret that turned up somewhere.

use std::path::Path;

use gatewright_handover::HandedClient;
use gatewright_handover::parcel::{self, HandedSecret, ParcelClient};
use gatewright_handover::sealed::{Lock, WORK_FACTOR};
use gatewright_model::{Environment, ProtocolSettings, ProviderId};
use gatewright_protocol::Secret;
use tempfile::TempDir;

use crate::prelude::*;

const CALLBACK: &str = "https://example.com/chattz-callback";
const FIRST: &str = "K7wq-not-a-real-secret-9f2c";
const SECOND: &str = "Zx81-not-a-real-secret-77aa";
const PASSPHRASE: &str = "correct horse battery staple";

/// Keeps a client of the real Chattz and opens it.
async fn enters_a_client(window: &Window, name: &str, client_id: &str, secret: &str) -> Result<()> {
    goes_to(window, "Clients").await?;
    window.clicks("New client").await?;
    window.chooses("Provider", "Chattz").await?;
    window.clicks("Enter an existing client").await?;
    window.clicks("The real provider").await?;
    window.writes("Name", name).await?;
    window.writes("Client ID", client_id).await?;
    window.writes("Client secret", secret).await?;
    window.writes("Redirect URI", CALLBACK).await?;
    window.clicks("Keep").await?;
    window.sees(&format!("“{name}” is kept.")).await
}

async fn chooses_for_clients(window: &Window, item: &str) -> Result<()> {
    window.clicks("More for clients").await?;
    window.clicks(item).await
}

#[tokio::test]
async fn which_secret_is_this() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let folder = TempDir::new()?;
        std::fs::create_dir_all(folder.path().join("old/deploy"))?;
        std::fs::write(folder.path().join(".env"), format!("ID=abc123\nSECRET={SECOND}\n"))?;
        std::fs::write(
            folder.path().join("old/deploy/values.yaml"),
            format!("oauth:\n  id: abc123\n  secret: \"{FIRST}\"\n"),
        )?;
        std::fs::write(folder.path().join("notes.txt"), "nothing of the kind\n")?;

        let window = stage.open().await?;
        enters_a_client(&window, "My Website Login", "abc123", FIRST).await?;
        window.clicks("More for this client").await?;
        window.clicks("Replace the secret …").await?;
        window.writes("Client secret", SECOND).await?;
        window.clicks("Store").await?;
        window.sees("Version 2 is stored.").await?;

        chooses_for_clients(&window, "Which secret is this?").await?;
        window.writes("A secret, or text with one in it", FIRST).await?;
        window.clicks("Recognise").await?;
        window.sees("“My Website Login” on Chattz, version 1, retired").await?;
        window.pleases_axe("which secret is this").await?;
        let page = window.script("return document.documentElement.outerHTML", vec![]).await?.to_string();
        ensure!(!page.contains(FIRST), "the pasted secret is still in the window");
        ensure!(window.value_of("A secret, or text with one in it").await?.is_empty(), "the field was not emptied");

        window.writes("A secret, or text with one in it", "nobodys-secret-0000").await?;
        window.clicks("Recognise").await?;
        window.sees("Not ours.").await?;

        window.writes("Files and folders", &folder.path().display().to_string()).await?;
        window.clicks("Look through").await?;
        window.sees(".env:2").await?;
        window.sees("values.yaml:3").await?;
        window.sees("“My Website Login” on Chattz, version 2, in use since").await?;
        window.clicks("Open client").await?;
        window.sees("owned").await
    })
    .await
}

/// What a colleague has sent: one client with its secret, encrypted with a passphrase.
fn a_colleagues_parcel(folder: &Path) -> Result<std::path::PathBuf> {
    let client = HandedClient {
        provider: ProviderId::new("chattz"),
        environment: Environment::Production,
        name: "Guild portal".to_owned(),
        client_id: "guild-portal".to_owned(),
        redirect_uris: vec![CALLBACK.to_owned()],
        owner: "Olivia".to_owned(),
        tag: "prod".to_owned(),
        notes: String::new(),
        protocol: ProtocolSettings::default(),
    };
    let secret = HandedSecret {
        value: Secret::new(FIRST),
        issuer: "https://chattz.net".to_owned(),
        token_endpoint: "https://chattz.net/oauth/token".to_owned(),
    };
    let lock = Lock::Passphrase { passphrase: Secret::new(PASSPHRASE), work_factor: WORK_FACTOR };
    let file = folder.join("from-olivia.age");
    std::fs::write(&file, parcel::seal(&[ParcelClient { client, secret: Some(secret) }], &lock)?)?;
    Ok(file)
}

#[tokio::test]
async fn import_from_a_colleague_and_be_refused_to_edit() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let folder = TempDir::new()?;
        let file = a_colleagues_parcel(folder.path())?;
        let window = stage.open().await?;
        goes_to(&window, "Clients").await?;
        chooses_for_clients(&window, "Import …").await?;
        window.writes("File or folder", &file.display().to_string()).await?;
        window.clicks("Look").await?;
        window.writes("Passphrase", "wrong horse battery staple").await?;
        window.clicks("Open").await?;
        window.sees("This is not the passphrase the file was encrypted with.").await?;
        window.writes("Passphrase", PASSPHRASE).await?;
        window.clicks("Open").await?;
        window.sees("They will be shared with you.").await?;
        window.sees("with its secret").await?;
        window.pleases_axe("the preview of an import").await?;
        window.clicks("Import 1 client").await?;
        window.sees("1 client imported.").await?;
        window.sees("shared with me · prod").await?;

        window.clicks("Edit").await?;
        window.sees("It is shared with you: only your own tag and notes can be changed.").await?;
        let name = window.script("return document.querySelectorAll('[role=dialog] input').length", vec![]).await?;
        ensure!(name.as_u64().is_some_and(|fields| fields <= 2), "there are fields for what cannot be changed: {name}");
        window.clicks("Cancel").await?;

        window.clicks("More for this client").await?;
        window.clicks("Export …").await?;
        window.sees("It is shared with you: its secret is not yours to hand on.").await?;
        window.writes("Folder", &folder.path().display().to_string()).await?;
        window.clicks("Export").await?;
        window.sees("1 client written, without secrets.").await?;
        window.clicks("Done").await?;
        let plain = std::fs::read_to_string(folder.path().join("chattz-guild-portal.toml"))?;
        ensure!(plain.contains("Guild portal") && !plain.contains(FIRST), "{plain}");

        // The secret did come along: it is recognised.
        chooses_for_clients(&window, "Which secret is this?").await?;
        window.writes("A secret, or text with one in it", FIRST).await?;
        window.clicks("Recognise").await?;
        window.sees("“Guild portal” on Chattz, version 1, in use since").await
    })
    .await
}
