//! A real browser of the person's own: WebKit's MiniBrowser, which comes with the web view and has nothing of ours in it.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use tokio::process::Command;
use tokio::time::Instant;

use super::driver::{free_port, listens};
use super::{PATIENCE, Process, Stage};

/// A browser on the display of a story. It ends when this is dropped.
#[derive(Debug)]
pub struct RealBrowser {
    client: Client,
    _driver: Process,
}

impl RealBrowser {
    /// Opens it beside Gatewright.
    pub async fn open(stage: &Stage) -> Result<Self> {
        let port = free_port()?;
        let mut command = Command::new("WebKitWebDriver");
        command.arg(format!("--port={port}")).env_clear().envs(stage.environment());
        let driver = Process::start("WebKitWebDriver", &mut command)?;
        listens("WebKitWebDriver", port).await?;
        let builder = ClientBuilder::new(HttpConnector::new());
        let address = format!("http://127.0.0.1:{port}");
        let client =
            tokio::time::timeout(2 * PATIENCE, builder.connect(&address)).await.context("no browser opened")??;
        Ok(Self { client, _driver: driver })
    }

    /// Goes to an address.
    pub async fn goes_to(&self, address: &str) -> Result<()> {
        Ok(self.client.goto(address).await?)
    }

    /// Writes into the fields with these names until each text stands where it belongs: a page that is still arriving may move the focus
    /// in the middle of a word.
    pub async fn writes(&self, texts: &[(&str, &str)]) -> Result<()> {
        let writing = async {
            loop {
                let mut stands = true;
                for (name, text) in texts {
                    let field = self.element(&format!("[name='{name}']")).await?;
                    field.clear().await?;
                    field.send_keys(text).await?;
                }
                for (name, text) in texts {
                    let field = self.element(&format!("[name='{name}']")).await?;
                    stands &= field.prop("value").await?.as_deref() == Some(*text);
                }
                if stands {
                    return anyhow::Ok(());
                }
            }
        };
        tokio::time::timeout(PATIENCE, writing).await.context("the page does not keep what is written")?
    }

    /// Presses what a selector finds.
    pub async fn presses(&self, selector: &str) -> Result<()> {
        Ok(self.element(selector).await?.click().await?)
    }

    /// Waits until a text stands on the page.
    pub async fn sees(&self, text: &str) -> Result<()> {
        let holder = format!("//*[contains(text(), '{text}')]");
        self.finds(Locator::XPath(&holder)).await.map(drop)
    }

    /// The addresses this window remembers, the newest first, as its button "Back" leads through them.
    pub async fn history(&self) -> Result<Vec<String>> {
        let mut addresses = vec![self.client.current_url().await?.to_string()];
        let entries = self.client.execute("return history.length", vec![]).await?;
        for _ in 1..entries.as_u64().context("no length")? {
            self.client.back().await?;
            addresses.push(self.client.current_url().await?.to_string());
        }
        ensure!(addresses.len() > 1, "nothing is remembered but {addresses:?}");
        Ok(addresses)
    }

    /// Closes it.
    pub async fn closes(self) -> Result<()> {
        Ok(self.client.close().await?)
    }

    async fn element(&self, selector: &str) -> Result<Element> {
        self.finds(Locator::Css(selector)).await
    }

    /// Waits for an element. Any complaint may be one of a page that is just being left, so that only the last one counts.
    async fn finds(&self, locator: Locator<'_>) -> Result<Element> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.client.find(locator).await {
                Ok(element) => return Ok(element),
                Err(complaint) if Instant::now() > deadline => return Err(complaint.into()),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }
}
