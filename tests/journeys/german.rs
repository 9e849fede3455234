//! The window in German: what has a German is nowhere said in English, and a restart changes nothing of that.

use std::collections::HashSet;

use crate::prelude::*;

/// The German of the window, as it is built into it.
const CATALOG: &str = include_str!("../../ui/texts/german.po");

#[tokio::test]
async fn the_window_speaks_german_on_every_screen_and_after_a_restart() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        logs_in_at(stage, &window, Twin::of("ContentDB").context("no such twin")?, "Forum login").await?;
        goes_to(&window, "Settings").await?;
        window.shows("Settings").await?;
        window.chooses("Language", "Deutsch").await?;
        window.shows("Einstellungen").await?;
        window.resizes(900, 600).await?;
        let mut listener = Listener { stage, window: &window, english: english_words(), heard: Vec::new() };
        listener.every_screen().await?;
        listener.dialogs().await?;
        listener.heard_no_english()?;

        stage.close().await?;
        let window = stage.open().await?;
        goes_to(&window, "Einstellungen").await?;
        window.shows("Einstellungen").await?;
        ensure!(window.value_of("Sprache").await? == "german", "the choice did not last");
        let tongue = window.script("return document.documentElement.lang", vec![]).await?;
        ensure!(tongue == "de", "the page says that it speaks {tongue}");
        Ok(())
    })
    .await
}

/// Somebody who looks at every screen and notes what is said in English though it has a German.
struct Listener<'a> {
    stage: &'a Stage,
    window: &'a Window,
    english: HashSet<String>,
    heard: Vec<String>,
}

impl Listener<'_> {
    async fn every_screen(&mut self) -> Result<()> {
        for screen in
            ["Clients", "Login", "Durchgänge", "Ergebnisse", "Rotation", "Provider", "Sandbox", "Einstellungen"]
        {
            goes_to(self.window, screen).await?;
            self.window.shows(screen).await?;
            self.listens(screen).await?;
        }
        self.window.clicks("Protokoll öffnen").await?;
        self.window.sees("Als CSV exportieren").await?;
        self.listens("Protokoll").await?;
        goes_to(self.window, "Durchgänge").await?;
        self.window.clicks("Neuer Durchgang").await?;
        self.window.sees("Mitgeliefert").await?;
        self.listens("Pläne").await?;
        goes_to(self.window, "Provider").await?;
        self.window.clicks_where("//nav[@aria-label='Provider']//a[.//b='Chaster']", "Chaster").await?;
        self.window.sees("dokumentiert").await?;
        self.listens("Chaster").await?;
        goes_to(self.window, "Ergebnisse").await?;
        self.window.opens_row("Läufe", "Forum login").await?;
        self.window.sees("Erneut einloggen").await?;
        self.listens("Lauf").await
    }

    async fn dialogs(&mut self) -> Result<()> {
        goes_to(self.window, "Rotation").await?;
        self.window.opens_row("Secrets", "Forum login").await?;
        self.window.sees("Was geschehen wird").await?;
        self.listens("Rotation beginnen").await?;
        self.window.clicks("Abbrechen").await?;
        goes_to(self.window, "Clients").await?;
        self.window.clicks("Neuer Client").await?;
        self.window.sees("Beim Sandbox-Zwilling registrieren").await?;
        self.listens("Neuer Client").await?;
        self.window.clicks("Abbrechen").await?;
        self.window.opens_row("Clients", "Forum login").await?;
        for tab in ["Redirect-URIs", "Secret", "Läufe", "Notizen", "Überblick"] {
            let path = format!("//*[@role='tab'][starts-with(normalize-space(), '{tab}')]");
            self.window.clicks_where(&path, tab).await?;
            self.listens(&format!("Client, {tab}")).await?;
        }
        self.window.clicks("Bearbeiten").await?;
        self.window.sees("„Forum login“ bearbeiten").await?;
        self.listens("Client bearbeiten").await
    }

    /// Notes what a person reads or hears here in English, and keeps a picture to look at.
    async fn listens(&mut self, place: &str) -> Result<()> {
        self.window.settles().await?;
        let said = self.window.script(SAID, vec![]).await?;
        for text in said.as_array().into_iter().flatten().filter_map(|text| text.as_str()) {
            if self.english.contains(text) {
                self.heard.push(format!("{place}: {text:?}"));
            }
        }
        let picture = format!("{}/../target/journeys/german/{place}.png", env!("CARGO_MANIFEST_DIR"));
        self.stage.display().picture(picture.as_ref()).await
    }

    fn heard_no_english(&self) -> Result<()> {
        ensure!(self.heard.is_empty(), "still English:\n{}", self.heard.join("\n"));
        Ok(())
    }
}

/// Everything on the page that can be seen or heard. Code is no language of people.
const SAID: &str = "
    const said = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const at = texts.currentNode.parentElement;
        if (!at.closest('code, pre, kbd') && at.getClientRects().length > 0) said.push(texts.currentNode.data);
    }
    for (const name of ['aria-label', 'title', 'placeholder']) {
        for (const at of document.querySelectorAll(`[${name}]`)) said.push(at.getAttribute(name));
    }
    return said.map((text) => text.replace(/\\s+/g, ' ').trim());";

/// The English messages that have another German. Where something is put in, the page says another thing than the message.
fn english_words() -> HashSet<String> {
    let entries: Vec<(String, String)> = CATALOG.split("\n\n").filter_map(entry).collect();
    let german: HashSet<&str> = entries.iter().map(|(_, german)| german.as_str()).collect();
    let differs =
        |(english, _): &&(String, String)| !english.contains(['{', '<', '#']) && !german.contains(english.as_str());
    // The owner of a client is what stood in the form when it was made.
    entries.iter().filter(differs).map(|(english, _)| english.clone()).filter(|english| english != "Me").collect()
}

/// A message of the catalog with its German; nothing for its head.
fn entry(block: &str) -> Option<(String, String)> {
    let said = |keyword: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(keyword))?;
        serde_json::from_str::<String>(line.trim()).ok().filter(|text| !text.is_empty())
    };
    Some((said("msgid ")?, said("msgstr ")?))
}
