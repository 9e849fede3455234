//! Gatewright's window as a person uses it: by what is written on buttons, beside fields and on the page.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use fantoccini::elements::Element;
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::Value;

use crate::stage::PATIENCE;

/// Calls back when two frames have passed in which nothing was waited for and nothing moved.
const AT_REST: &str = "
    const done = arguments[0];
    const moves = ({ playState, effect }) => playState === 'running' && effect?.getTiming().iterations !== Infinity;
    const busy = () => document.querySelector('main .spinner, main .pending') !== null
        || document.fonts.status !== 'loaded' || document.getAnimations().some(moves);
    let calm = 0;
    const look = () => {
        calm = busy() ? 0 : calm + 1;
        if (calm > 2) done(true); else requestAnimationFrame(look);
    };
    look();";

/// Gatewright's main window.
#[derive(Clone, Debug)]
pub struct Window {
    client: Client,
}

impl Window {
    /// A window that WebDriver has opened.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// The WebDriver client, for what has no words here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Waits until a text stands on the page where it can be seen.
    pub async fn sees(&self, text: &str) -> Result<()> {
        self.sees_that(|page| page.contains(text), text).await
    }

    /// Waits until what can be read on the page meets a condition; `what` is for the complaint.
    pub async fn sees_that(&self, holds: impl Fn(&str) -> bool, what: &str) -> Result<()> {
        match self.until(holds).await? {
            Some(_) => Ok(()),
            None => bail!("{what:?} is not on the page, which says:\n{}", self.text().await.unwrap_or_default()),
        }
    }

    /// Waits until a text has gone from the page.
    pub async fn no_longer_sees(&self, text: &str) -> Result<()> {
        self.until(|page| !page.contains(text)).await?.map(drop).ok_or_else(|| anyhow!("{text:?} is still on the page"))
    }

    /// Everything that can be read on the page.
    pub async fn text(&self) -> Result<String> {
        let value = self.client.execute("return document.body.innerText", vec![]).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// Clicks a button, link, tab, menu item or option by its accessible name.
    pub async fn clicks(&self, name: &str) -> Result<()> {
        self.clicks_where(&by_name(name), name).await
    }

    /// Clicks what an XPath finds; `what` is for the complaint.
    pub async fn clicks_where(&self, xpath: &str, what: &str) -> Result<()> {
        insists(async || Ok(self.element(xpath, what).await?.click().await?))
            .await
            .with_context(|| format!("{what:?} cannot be clicked"))
    }

    /// Writes into the field with that label, in place of what was there.
    pub async fn writes(&self, label: &str, text: &str) -> Result<()> {
        // WebDriver types no empty text, and clears a field without the page noticing: a letter that goes again is noticed.
        let keys = if text.is_empty() { format!("x{}", char::from(Key::Backspace)) } else { text.to_owned() };
        let write = async || {
            let field = self.field(label).await?;
            field.clear().await?;
            Ok(field.send_keys(&keys).await?)
        };
        insists(write).await.with_context(|| format!("{label:?} cannot be written into"))
    }

    /// Puts one text in the place of another in the field with that label, as somebody who edits a long text would.
    pub async fn replaces_in(&self, label: &str, from: &str, to: &str) -> Result<()> {
        let text = self.value_of(label).await?;
        ensure!(text.contains(from), "{label:?} does not say {from:?} but:\n{text}");
        let field = serde_json::to_value(self.field(label).await?)?;
        let paste = "const [field, text] = arguments; field.value = text; field.dispatchEvent(new Event('input', { bubbles: true }))";
        self.script(paste, vec![field, text.replace(from, to).into()]).await.map(drop)
    }

    /// Chooses an option, by what it says, in the list with that label.
    pub async fn chooses(&self, label: &str, option: &str) -> Result<()> {
        insists(async || Ok(self.field(label).await?.select_by_label(option).await?))
            .await
            .with_context(|| format!("{option:?} cannot be chosen as {label:?}"))
    }

    /// The value of the field with that label.
    pub async fn value_of(&self, label: &str) -> Result<String> {
        Ok(self.field(label).await?.prop("value").await?.unwrap_or_default())
    }

    /// Presses one key with the focus where it is.
    pub async fn presses(&self, key: Key) -> Result<()> {
        self.client.active_element().await?.send_keys(&char::from(key).to_string()).await?;
        Ok(())
    }

    /// Presses a shortcut made of ordinary characters.
    pub async fn presses_text(&self, text: &str) -> Result<()> {
        self.client.active_element().await?.send_keys(text).await?;
        Ok(())
    }

    /// The field with that label.
    pub async fn field(&self, label: &str) -> Result<Element> {
        let text = literal(label);
        let xpath = format!(
            "//*[self::input or self::textarea or self::select][@aria-label={text} or @id=//label[normalize-space()={text} or normalize-space(text()[1])={text}]/@for or ancestor::label[starts-with(normalize-space(), {text})]]"
        );
        self.element(&xpath, label).await
    }

    /// Waits for an element.
    pub async fn element(&self, xpath: &str, what: &str) -> Result<Element> {
        let waiting = self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(xpath));
        match waiting.await {
            Ok(element) => Ok(element),
            Err(CmdError::WaitTimeout) => {
                bail!("there is no {what:?} on the page, which says:\n{}", self.text().await.unwrap_or_default())
            }
            Err(other) => Err(other).with_context(|| format!("looking for {what:?}")),
        }
    }

    /// Sets the size of the window's content.
    pub async fn resizes(&self, width: u32, height: u32) -> Result<()> {
        self.client.set_window_size(width, height).await?;
        Ok(())
    }

    /// Waits until the page has come to rest: nothing is being fetched, fonts are there, nothing moves, two frames long.
    pub async fn settles(&self) -> Result<()> {
        if self.hears(AT_REST).await?.is_none() {
            self.hears(AT_REST).await?.context("the page did not come to rest, or was not heard twice")?;
        }
        Ok(())
    }

    /// What a script in the page calls back with. Rarely the driver does not hear the page, and says so after half a minute: then it is
    /// none, and can be asked once more.
    pub(super) async fn hears(&self, script: &str) -> Result<Option<Value>> {
        let calling = self.client.execute_async(script, vec![]);
        match tokio::time::timeout(Duration::from_mins(1), calling).await.context("the page takes too long")? {
            Ok(said) => Ok(Some(said)),
            Err(CmdError::Standard(said)) if said.error == ErrorStatus::ScriptTimeout => {
                eprintln!("The driver did not hear the page: {said}");
                Ok(None)
            }
            Err(cause) => Err(cause.into()),
        }
    }

    /// Waits until a screen is open and has come to rest; `title` is its heading.
    pub async fn shows(&self, title: &str) -> Result<()> {
        self.element(&format!("//h1[normalize-space()={}]", literal(title)), title).await?;
        self.settles().await
    }

    /// Puts every message at the bottom of the window away.
    pub async fn dismisses_messages(&self) -> Result<()> {
        let press = "document.querySelectorAll('[aria-label=\"Messages\"] [aria-label=\"Dismiss\"]').forEach((one) => one.click())";
        self.script(press, vec![]).await.map(drop)
    }

    /// Runs a script in the page and gives what it returns.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute(script, arguments).await?)
    }

    async fn until(&self, holds: impl Fn(&str) -> bool) -> Result<Option<String>> {
        let patience = tokio::time::Instant::now() + PATIENCE;
        loop {
            let is_over = tokio::time::Instant::now() > patience;
            match self.text().await {
                Ok(page) if holds(&page) => return Ok(Some(page)),
                Ok(_) if is_over => return Ok(None),
                // A page that is just being loaded cannot be read.
                Err(complaint) if is_over => return Err(complaint),
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }
}

/// Tries until it works: a page that has just changed may have put another element in the place of the one that was found.
async fn insists(act: impl AsyncFn() -> Result<()>) -> Result<()> {
    let patience = tokio::time::Instant::now() + PATIENCE;
    loop {
        match act().await {
            Ok(()) => return Ok(()),
            Err(complaint) if tokio::time::Instant::now() > patience => return Err(complaint),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// An XPath to whatever can be clicked and has that name.
fn by_name(name: &str) -> String {
    let text = literal(name);
    let kinds = "self::button or self::a or self::summary or @role='tab' or @role='menuitem' or @role='option' or @role='button' or @role='radio' or self::label";
    format!(
        "//*[{kinds}][not(@disabled)][@aria-label={text} or normalize-space()={text}] | //*[{kinds}][not(@disabled)][.//*[normalize-space()={text}]]"
    )
}

/// A text as an XPath literal, which has no escapes.
pub(super) fn literal(text: &str) -> String {
    if text.contains('\'') { format!("\"{text}\"") } else { format!("'{text}'") }
}
