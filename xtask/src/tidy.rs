//! `cargo xtask tidy`: the invariants of ARCHITECTURE.md, as tests.
//!
//! Prose about what may not be there is forgotten; a rule is not. Each rule is one function that
//! finds what breaks it, and each says why it exists, because that is what the person who broke it
//! needs to know. The rules read files and `cargo metadata`, never the history: they say the same
//! in a clone, in an archive and before a commit.

mod crates;
mod features;
mod security;
mod shell;
mod sources;
mod tree;
mod ui;

use std::process::ExitCode;

use anyhow::bail;

use crate::project::Project;
use crates::Dependency;
use tree::SourceFile;

/// Everything the rules look at.
#[derive(Default)]
struct Facts {
    files: Vec<SourceFile>,
    dependencies: Vec<Dependency>,
    /// What of other people's is compiled once for the application and once more for the tests.
    compiled_twice: Vec<String>,
}

/// One invariant.
struct Rule {
    /// What must hold, as a sentence.
    says: &'static str,
    /// Why, for the person who broke it.
    because: &'static str,
    /// Finds what breaks it: one line each, with the place.
    broken_by: fn(&Facts) -> Vec<String>,
}

/// Tests every rule.
pub(crate) fn tidy(project: &Project, _: &[String]) -> anyhow::Result<ExitCode> {
    check(project)?;
    println!("{} rules hold.", rules().count());
    Ok(ExitCode::SUCCESS)
}

/// Fails with every broken rule, its reason and the places.
pub(crate) fn check(project: &Project) -> anyhow::Result<()> {
    let facts = Facts {
        files: tree::read(project.root())?,
        dependencies: crates::read(project)?,
        compiled_twice: features::read(project)?,
    };
    let broken: Vec<String> = rules().filter_map(|rule| complaint(rule, &facts)).collect();
    if broken.is_empty() {
        return Ok(());
    }
    bail!("{} of {} rules are broken\n\n{}", broken.len(), rules().count(), broken.join("\n\n"))
}

fn rules() -> impl Iterator<Item = &'static Rule> {
    [crates::RULES, features::RULES, sources::RULES, ui::RULES, shell::RULES, security::RULES].into_iter().flatten()
}

/// What is said about a broken rule; nothing about one that holds.
fn complaint(rule: &Rule, facts: &Facts) -> Option<String> {
    let places = (rule.broken_by)(facts);
    if places.is_empty() {
        return None;
    }
    Some(format!("{}\n  because {}\n    {}", rule.says, rule.because, places.join("\n    ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_rule_is_told_with_its_reason_and_its_places() {
        let rule = Rule {
            says: "Nothing is called foo.",
            because: "foo says nothing",
            broken_by: |_| vec!["a.rs:1".to_owned(), "b.rs:2".to_owned()],
        };
        let facts = Facts::default();
        let text = complaint(&rule, &facts).unwrap();
        assert_eq!(text, "Nothing is called foo.\n  because foo says nothing\n    a.rs:1\n    b.rs:2");
    }

    #[test]
    fn every_rule_is_a_sentence_with_a_reason() {
        for rule in rules() {
            assert!(rule.says.ends_with('.') && !rule.because.is_empty(), "{}", rule.says);
        }
    }
}
