//! Is a program there, and new enough?

use std::process::Command;

use anyhow::bail;

use crate::process::ask;

/// Fails with the next step to take unless the program answers with at least this version.
pub(crate) fn require(name: &str, question: &mut Command, least: (u32, u32), source: &str) -> anyhow::Result<()> {
    let (major, minor) = least;
    let Ok(answer) = ask(question) else {
        bail!("{name} {major}.{minor} or newer is needed and was not found. Install it from {source} and try again.");
    };
    match parse(&answer) {
        Some(found) if found >= least => Ok(()),
        _ => bail!(
            "{name} {major}.{minor} or newer is needed; this machine has {}. Get a newer one from {source}.",
            answer.trim()
        ),
    }
}

/// Finds `major.minor` in the first word that starts with a digit, or with `v` and a digit.
fn parse(answer: &str) -> Option<(u32, u32)> {
    answer.split_whitespace().find_map(|word| {
        let mut parts = word.trim_start_matches('v').split('.');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_found_in_what_rustc_and_node_print() {
        assert_eq!(parse("rustc 1.95.0 (59807616e 2026-04-14)\n"), Some((1, 95)));
        assert_eq!(parse("v20.20.2\n"), Some((20, 20)));
        assert_eq!(parse("command not found"), None);
    }

    #[test]
    fn an_old_program_is_refused_with_what_was_found() {
        let error = require("Node", Command::new("echo").arg("v18.2.0"), (20, 0), "https://nodejs.org").unwrap_err();
        assert!(error.to_string().contains("this machine has v18.2.0"), "{error}");
    }

    #[test]
    fn an_absent_program_is_refused_with_where_to_get_it() {
        let absent = &mut Command::new("a-program-nobody-has");
        let error = require("Node", absent, (20, 0), "https://nodejs.org").unwrap_err();
        assert!(error.to_string().contains("https://nodejs.org"), "{error}");
    }
}
