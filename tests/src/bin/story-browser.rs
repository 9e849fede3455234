//! The system browser of a story: started as `xdg-open` with an address, it walks the pages and follows the callback to its end.
//!
//! Who signs in and what they answer stands in `STORY_USER` and `STORY_ANSWER`.

use anyhow::{Context, Result};
use gatewright_tests::hands::Walker;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let address = std::env::args().nth(1).context("no address")?.parse()?;
    let mut walker = Walker::new(&std::env::var("STORY_USER")?, &std::env::var("STORY_ANSWER")?)?;
    let callback = walker.walk(&address).await?;
    walker.open(&callback).await?;
    Ok(())
}
