//! The command line of a measuring program.

use std::str::FromStr;

use anyhow::Context as _;

/// The number behind a flag of the command line, or the usual one.
pub fn number<N: FromStr<Err: std::error::Error + Send + Sync + 'static>>(flag: &str, usual: N) -> anyhow::Result<N> {
    let mut arguments = std::env::args().skip_while(|argument| argument != flag).skip(1);
    arguments.next().map_or(Ok(usual), |text| text.parse().with_context(|| format!("{flag} wants a number")))
}
