//! The floor: three HTTP requests and one durable commit.
//!
//! A login comes alone, so nobody has a connection open from the one before: the browser opens one, and whoever exchanges the code opens
//! another and asks for the identity on it.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result};
use form_urlencoded::Serializer;
use gatewright_benches::load::Connection;
use gatewright_benches::visit::ask;
use rusqlite::params;
use serde::Deserialize;
use url::Url;

use crate::REDIRECT_URI;

/// Somebody who logs in and writes one row.
pub(crate) struct Bare {
    address: SocketAddr,
    authorize: Url,
    /// Everything of the token request but the code.
    form: String,
    database: rusqlite::Connection,
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
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", id),
            ("client_secret", secret),
            ("redirect_uri", REDIRECT_URI),
        ];
        Ok(Self {
            address: authorize.socket_addrs(|| None)?.first().copied().context("the sandbox has no address")?,
            authorize,
            form: Serializer::new(String::new()).extend_pairs(form).finish(),
            database: open(database)?,
        })
    }

    /// Authorization request, token request, userinfo, one row.
    pub(crate) async fn log_in(&mut self) -> Result<()> {
        let callback = ask(&self.authorize).await?;
        let code = callback.query_pairs().find(|(name, _)| name == "code").context("no code came")?.1.into_owned();
        let mut connection = Connection::open(self.address).await?;
        let form = format!("{}&code={code}", self.form);
        let answer = connection.post("/chattz/oauth/token", &form).await?.expect(200)?;
        let tokens: Tokens = serde_json::from_slice(&answer.body)?;
        let identity = connection.get("/chattz/oauth/userinfo", Some(&tokens.access_token)).await?.expect(200)?;
        let mut insert = self.database.prepare_cached("INSERT INTO login (identity) VALUES (?1)")?;
        insert.execute(params![String::from_utf8(identity.body)?])?;
        Ok(())
    }
}

/// A database with one table, each of whose commits the disk has before it is done.
fn open(path: &Path) -> rusqlite::Result<rusqlite::Connection> {
    let database = rusqlite::Connection::open(path)?;
    let _: String = database.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    database.pragma_update(None, "synchronous", "FULL")?;
    database.execute_batch("CREATE TABLE login (id INTEGER PRIMARY KEY, identity TEXT NOT NULL) STRICT")?;
    Ok(database)
}
