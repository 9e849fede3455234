//! The engine without an application around it: what its rules cost in an OpenID login, how fast a callback becomes a token request, and
//! what an answer without end does to memory. `--count` says how many logins of each side (300).

mod callback;
mod endless;
mod floor;
mod openid;

use anyhow::Result;
use gatewright_benches::number;

#[tokio::main]
async fn main() -> Result<()> {
    let count = number("--count", 300)?;
    // First, while this process has not grown by anything else.
    endless::measure().await?;
    openid::measure(count).await?;
    callback::measure(count).await
}
