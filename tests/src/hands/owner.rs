//! Somebody who looks after their apps on a twin's own pages, in a browser of their own: what the guided way by hand asks of a person.

use anyhow::{Context, Result};
use url::Url;

use super::walker::{Walker, attribute};

/// An owner who is signed in at a twin.
#[derive(Debug)]
pub struct Owner {
    browser: Walker,
    apps: Url,
}

/// What a twin's page shows of an app that was just made.
#[derive(Debug)]
pub struct MadeApp {
    /// The client ID.
    pub client_id: String,
    /// The client secret.
    pub secret: String,
}

impl Owner {
    /// Opens the page for apps, as `https://…/contentdb/user/apps/`, and signs in on the way.
    pub async fn signs_in(user: &str, apps: Url) -> Result<Self> {
        let mut browser = Walker::new(user, "approve")?;
        browser.opens_signed_in(&apps).await?;
        Ok(Self { browser, apps })
    }

    /// Makes an app by the form behind the button "new".
    pub async fn makes(&mut self, name: &str, redirect_uri: &str) -> Result<MadeApp> {
        let form = link(&self.browser.open(&self.apps).await?, "new").context("no way to a form for a new app")?;
        let form = self.apps.join(&form)?;
        let page = self.browser.sends(&form, "new-app", &[("name", name), ("redirect_uri", redirect_uri)]).await?;
        let shown = |id: &str| {
            let field = page.split(&format!("<input id=\"{id}\"")).nth(1)?;
            attribute(field, "value")
        };
        let client_id = shown("client-id").with_context(|| format!("the app was not made: {page}"))?;
        Ok(MadeApp { client_id, secret: shown("client-secret").context("no secret is shown")? })
    }

    /// Deletes the app with that ID, past the question.
    pub async fn deletes(&mut self, client_id: &str) -> Result<()> {
        let list = self.browser.open(&self.apps).await?;
        let row = list.split("<tr>").find(|row| row.contains(&format!("<code>{client_id}</code>")));
        let app = row.and_then(|row| attribute(row, "href")).with_context(|| format!("no app {client_id}: {list}"))?;
        let app = self.browser.open(&self.apps.join(&app)?).await?;
        let question = self.apps.join(&link(&app, "delete").context("no way to delete the app")?)?;
        self.browser.sends(&question, "delete-app", &[]).await.map(drop)
    }
}

/// Where the link with that id leads.
fn link(page: &str, id: &str) -> Option<String> {
    let (before, _) = page.split_once(&format!("\" id=\"{id}\""))?;
    before.rsplit("href=\"").next().map(str::to_owned)
}
