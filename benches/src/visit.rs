//! A person who has agreed long ago: the authorization endpoint sends back at once.

use anyhow::{Context, Result};
use url::{Position, Url};

use crate::load::Connection;

/// Asks the authorization endpoint, on a connection of its own, and gives the address it sends back to.
pub async fn ask(authorize: &Url) -> Result<Url> {
    let address = authorize.socket_addrs(|| None)?.first().copied().context("the server has no address")?;
    let path = &authorize[Position::BeforePath..];
    let answer = Connection::open(address).await?.get(path, None).await?.expect(302)?;
    Ok(Url::parse(answer.location()?)?)
}
