//! The floor: three HTTP requests on a kept connection and one durable commit.

use std::path::Path;

use anyhow::{Context, Result};
use reqwest::header::LOCATION;
use rusqlite::{Connection, params};
use serde::Deserialize;
use url::Url;

use crate::{REDIRECT_URI, desk};

/// Somebody who logs in and writes one row.
pub(crate) struct Bare {
    browser: reqwest::Client,
    authorize: Url,
    token: String,
    userinfo: String,
    client: [(&'static str, String); 2],
    database: Connection,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
}

impl Bare {
    /// A client of Chattz's twin at that origin, and a database for its results.
    pub(crate) fn new(origin: &str, id: &str, secret: &str, database: &Path) -> Result<Self> {
        let mut authorize = Url::parse(&format!("{origin}/chattz/oauth/authorize"))?;
        let query = [
            ("response_type", "code"),
            ("client_id", id),
            ("redirect_uri", REDIRECT_URI),
            ("state", "a-state-that-nobody-has-to-guess"),
        ];
        authorize.query_pairs_mut().extend_pairs(query);
        let database = Connection::open(database)?;
        let _: String = database.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        database.pragma_update(None, "synchronous", "FULL")?;
        database.execute_batch("CREATE TABLE login (id INTEGER PRIMARY KEY, identity TEXT NOT NULL) STRICT")?;
        Ok(Self {
            browser: desk::browser()?,
            authorize,
            token: format!("{origin}/chattz/oauth/token"),
            userinfo: format!("{origin}/chattz/oauth/userinfo"),
            client: [("client_id", id.to_owned()), ("client_secret", secret.to_owned())],
            database,
        })
    }

    /// Authorization request, token request, userinfo, one row.
    pub(crate) async fn log_in(&mut self) -> Result<()> {
        let sent_back = self.browser.get(self.authorize.clone()).send().await?;
        let callback = sent_back.headers().get(LOCATION).context("the twin shows a page")?.to_str()?;
        let callback = Url::parse(callback)?;
        let code = callback.query_pairs().find(|(name, _)| name == "code").context("no code came")?.1.into_owned();
        let [id, secret] = self.client.each_ref().map(|(name, value)| (*name, value.as_str()));
        let form = [("grant_type", "authorization_code"), ("redirect_uri", REDIRECT_URI), ("code", &code), id, secret];
        let tokens = self.browser.post(&self.token).form(&form).send().await?.error_for_status()?.bytes().await?;
        let tokens: Tokens = serde_json::from_slice(&tokens)?;
        let asked = self.browser.get(&self.userinfo).bearer_auth(&tokens.access_token).send().await?;
        let identity = asked.error_for_status()?.text().await?;
        let mut insert = self.database.prepare_cached("INSERT INTO login (identity) VALUES (?1)")?;
        insert.execute(params![identity])?;
        Ok(())
    }
}
