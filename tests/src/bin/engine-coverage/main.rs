//! Writes docs/engine-coverage.md to standard output: which test proves which rule of the engine by which fault of the sandbox.
//!
//! The rules come from the engine, the faults from the sandbox, and what a test proves from a line of its documentation:
//!
//! ```text
//! /// Proves: V-02 by AZ-03:same.
//! ```
//!
//! `cargo xtask codegen` runs this, and with `--check` it also wants every cell of the document to be filled.

mod claim;
mod document;
mod elsewhere;
mod gap;
mod list;

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};

fn main() -> ExitCode {
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("engine-coverage: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn write() -> anyhow::Result<()> {
    // Asked at run time: a path compiled in would be wrong as soon as the folder is moved.
    let own = std::env::var_os("CARGO_MANIFEST_DIR").context("start this program by `cargo xtask codegen`")?;
    let claims = claim::read(Path::new(&own).parent().context("the tests have no parent folder")?)?;
    let mistakes = claim::mistakes(&claims);
    if !mistakes.is_empty() {
        bail!("what tests say of themselves cannot be true:\n  {}", mistakes.join("\n  "));
    }
    io::stdout().write_all(document::write(&claims).as_bytes())?;
    let gaps = gap::gaps(&claims);
    if gaps.is_empty() {
        return Ok(());
    }
    let told = format!("what nothing proves:\n  {}", gaps.join("\n  "));
    if std::env::args().any(|argument| argument == "--check") {
        bail!(told);
    }
    // Whoever writes a rule first and its test afterwards needs the document in between.
    eprintln!("engine-coverage: {told}");
    Ok(())
}
