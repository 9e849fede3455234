//! What is left of the pages that a person saw: a picture of each, and nothing of what they typed in secret.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::bail;
use gatewright_testkit::{Answer as Response, RawServer};

use crate::hostile_page::{enters_a_client, keeps_a_profile, parameter};
use crate::prelude::*;

/// A login page with every kind of field that a secret is typed into: all of them hold what is typed into the first. One that shows it in
/// the clear, a row of others that do under other names, one in a frame, one behind a shadow root, one that grows with its text, one whose text the page draws by its background.
const PAGE: &str = r##"<!doctype html><meta charset="utf-8"><title>Sign in</title>
<style>
  input { display: block; margin: 8px; font-size: 20px; color: #a00 !important; text-shadow: 1px 1px #00a; transition: color 3s }
  #row input { display: inline-block; width: 50px }
  #grows { field-sizing: content }
  #drawn { background: linear-gradient(red, blue); -webkit-background-clip: text !important; -webkit-text-fill-color: transparent !important }
</style>
<form action="/enter"><input type="hidden" name="state" value="{state}">
<div id="row"><input name="pwd"><input name="user_pass"><input name="Passphrase"><input id="kennwort"><input name="passwort"><input name="secret">
<input id="login-pin"><input name="verification_code"><input id="recoveryCode"></div>
<input name="user" autofocus><input name="a" type="password" placeholder="Password">
<input id="grows" type="password"><input id="drawn" type="password">
<input name="shown-password" type="text"><input name="b" type="text" autocomplete="one-time-code"><input name="user_otp" type="text">
<div id="host"></div><iframe srcdoc="<input type='password'>"></iframe><button>Sign in</button></form>
<script>
  const shadow = document.querySelector("#host").attachShadow({ mode: "closed" });
  shadow.innerHTML = "<style>input { color: green !important }</style><input type='password'>";
  const typed = document.querySelector("[name=a]");
  typed.addEventListener("input", () => {
    const fields = [...document.querySelectorAll("#row input, #grows, #drawn, [name=shown-password], [name=b], [name=user_otp]")];
    fields.push(shadow.querySelector("input"), document.querySelector("iframe").contentDocument.querySelector("input"));
    for (const field of fields) field.value = typed.value;
  });
</script>"##;

/// Two pages of which only the first is fetched: the second one the page makes by itself, at an address with the state in its path.
const MOVING_PAGE: &str = r#"<!doctype html><meta charset="utf-8"><title>Sign in</title><h1>Sign in</h1><button autofocus>Next</button>
<script>
  const state = new URLSearchParams(location.search).get("state");
  const button = document.querySelector("button");
  button.onclick = () => {
    history.pushState({}, "", `/flow/${state}/consent`);
    document.querySelector("h1").textContent = "Allow?";
    document.body.style.background = "teal";
    button.onclick = () => location.assign(`https://app.example.org/callback?error=access_denied&state=${state}`);
  };
</script>"#;

/// A password of that length, and what a file may not hold.
const PASSWORD: &str = "correct-horse-battery-5f1d";

#[tokio::test]
async fn a_login_leaves_pictures_of_its_pages_and_no_password() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        let twin = Twin::of("Chattz").context("no such twin")?;
        logs_in_at(stage, &window, twin, "My website").await?;
        goes_to(&window, "Results").await?;
        window.opens_row("Runs", "My website").await?;
        window.clicks("Pages").await?;
        // The last look comes on record when the view has gone, a moment after the login has ended.
        window.element("(//*[@role='tabpanel']//li)[2]//figure[2]", "the consent page as it was left").await?;
        for words in ["chattz/", "acted on after", "As it was left", "Password fields are pictured empty."] {
            window.sees(words).await?;
        }
        window.pleases_axe("the pages of a run").await?;
        let pages = window.script("return document.querySelectorAll('[role=tabpanel] li').length", vec![]).await?;
        ensure!(pages == 2, "a login page and a consent page, not {pages}");
        ensure!(pictures(&window).await?.len() == 4, "each page when it had loaded and as it was left");

        // The keyboard goes through them.
        window.clicks("Page 1, when it had loaded: open the picture").await?;
        window.sees("Page 1, when it had loaded").await?;
        window.clicks("Later").await?;
        window.sees("Page 1, as it was left").await?;
        window.pleases_axe("a picture").await?;
        window.clicks("Delete this picture").await?;
        window.sees("The picture was deleted.").await?;
        window.clicks("Undo").await?;
        window.no_longer_sees("The picture was deleted.").await?;

        stage.close().await?;
        let files = files_in(&stage.data_folder().join("evidence"))?;
        ensure!((2..=4).contains(&files.len()), "{files:?}");
        holds_no(&stage.data_folder(), "theo-sandbox")
    })
    .await
}

#[tokio::test]
async fn what_is_typed_in_secret_leaves_no_trace_in_a_picture() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let provider = RawServer::start(|request| match request.target.split('?').next() {
            Some("/oauth/authorize") => {
                let state = parameter(&request.target, "state").unwrap_or_default();
                Response::labelled(200, "text/html; charset=utf-8", PAGE.replace("{state}", &state))
            }
            Some("/enter") => {
                let state = parameter(&request.target, "state").unwrap_or_default();
                let back = format!("https://app.example.org/callback?error=access_denied&state={state}");
                Response::labelled(302, "text/plain", "").with("location", &back)
            }
            _ => Response::labelled(404, "text/plain", ""),
        })
        .await;
        let window = stage.open().await?;
        keeps_a_profile(&window, &provider.origin()).await?;
        enters_a_client(&window, "https://app.example.org/callback").await?;
        starts_a_login(&window, "Embedded view").await?;
        let mut left = Vec::new();
        for (user, password) in [("anna", PASSWORD), ("anna", "x"), ("anna", ""), ("bert", "x")] {
            if !left.is_empty() {
                window.clicks("Log in again").await?;
            }
            enters(stage, &window, &provider, user, password).await?;
            window.clicks("Pages").await?;
            window.sees("As it was left").await?;
            left.push(pictures(&window).await?.pop().context("no picture of the page as it was left")?);
        }
        ensure!(left[0] == left[1], "the length of a password is in the picture");
        ensure!(left[0] == left[2], "that a password was typed is in the picture");
        ensure!(left[0] != left[3], "what is not secret is not in the picture either: the test proves nothing");

        stage.close().await?;
        holds_no(&stage.data_folder(), PASSWORD)
    })
    .await
}

#[tokio::test]
async fn a_page_that_shows_the_next_one_by_itself_counts_as_two() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let provider = RawServer::start(|_| Response::labelled(200, "text/html; charset=utf-8", MOVING_PAGE)).await;
        let window = stage.open().await?;
        keeps_a_profile(&window, &provider.origin()).await?;
        enters_a_client(&window, "https://app.example.org/callback").await?;
        starts_a_login(&window, "Embedded view").await?;
        let view = stage.login_view("Curious").await?;
        view.stands_still().await?;
        view.turns_the_page(async |view| view.presses(&["Return"]).await).await?;
        window.sees("/flow/").await?;
        view.closes_after(async |view| view.presses(&["Return"]).await).await?;
        window.no_longer_sees("Cancel the login").await?;
        window.sees("2 pages seen").await?;
        window.clicks("Pages").await?;
        window.sees("/flow/‹state›/consent").await?;
        let taken = pictures(&window).await?;
        ensure!(taken.iter().collect::<HashSet<_>>().len() >= 2, "the second page looks like the first");
        let asked = provider.requests().into_iter().find(|request| request.target.contains("state="));
        let state = asked.and_then(|request| parameter(&request.target, "state")).context("no state was sent")?;
        stage.close().await?;
        holds_no(&stage.data_folder(), &state)
    })
    .await
}

/// Signs in until the provider has got what was meant: a key can be lost while a window takes the focus, and then another form is pictured.
async fn enters(stage: &Stage, window: &Window, provider: &RawServer, user: &str, password: &str) -> Result<()> {
    for _ in 0..4 {
        signs_in_as(stage, user, password).await?;
        window.no_longer_sees("Cancel the login").await?;
        let sent = provider.requests().into_iter().rfind(|request| request.target.starts_with("/enter"));
        let sent = sent.context("the form was not sent")?.target;
        if parameter(&sent, "user").as_deref() == Some(user) && parameter(&sent, "a").as_deref() == Some(password) {
            return Ok(());
        }
        window.clicks("Log in again").await?;
    }
    bail!("the keys of {user} were lost each time")
}

/// Fills the form in and sends it by Return, with the keyboard in the password field.
async fn signs_in_as(stage: &Stage, user: &str, password: &str) -> Result<()> {
    let view = stage.login_view("Curious").await?;
    view.stands_still().await?;
    view.closes_after(async |view| {
        view.presses(&["ctrl+a"]).await?;
        view.types(user).await?;
        view.presses(&["Tab", "ctrl+a", "BackSpace"]).await?;
        if !password.is_empty() {
            view.types(password).await?;
        }
        view.presses(&["Return"]).await
    })
    .await
}

/// Every picture in the tab, once all have come.
async fn pictures(window: &Window) -> Result<Vec<String>> {
    const PICTURES: &str = "
        const done = arguments[0];
        const look = () => {
            const buttons = [...document.querySelectorAll('[role=tabpanel] figure button')];
            const images = buttons.map((button) => button.querySelector('img'));
            const came = buttons.length > 0 && images.every((image) => image?.complete && image.naturalWidth > 0);
            if (came) done(images.map(({ src }) => src)); else setTimeout(look, 50);
        };
        look();";
    let sources = window.client().execute_async(PICTURES, vec![]).await?;
    Ok(serde_json::from_value(sources)?)
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { files.extend(files_in(&path)?) } else { files.push(path) }
    }
    Ok(files)
}

fn holds_no(folder: &Path, text: &str) -> Result<()> {
    for file in files_in(folder)? {
        let content = std::fs::read(&file).unwrap_or_default();
        let holds = content.windows(text.len()).any(|window| window == text.as_bytes());
        ensure!(!holds, "{} holds {text:?}", file.display());
    }
    Ok(())
}
