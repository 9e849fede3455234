//! Rules about SECURITY.md: what it says is shown by a test has to be.

use super::{Facts, Rule};

pub(super) const RULES: &[Rule] = &[Rule {
    says: "Every test that SECURITY.md names is there.",
    because: "a protection that is told of and no longer tested is a promise nobody keeps",
    broken_by: named_tests_are_there,
}];

/// The document.
const DOCUMENT: &str = "SECURITY.md";

fn named_tests_are_there(facts: &Facts) -> Vec<String> {
    let Some(document) = facts.files.iter().find(|file| file.path == DOCUMENT) else { return Vec::new() };
    let sources: Vec<&str> =
        facts.files.iter().filter(|file| file.has_ending(&["rs"])).map(|file| file.text.as_str()).collect();
    let is_there = |test: &str| sources.iter().any(|text| text.contains(&format!("fn {test}(")));
    let missing = document.lines().flat_map(|(place, line)| {
        tests_in(line)
            .filter(|test| !is_there(test))
            .map(move |test| format!("{place} names {test}"))
            .collect::<Vec<_>>()
    });
    missing.collect()
}

/// The names of tests in a row of the table: what stands between backticks and reads as a sentence.
fn tests_in(line: &str) -> impl Iterator<Item = &str> {
    let is_sentence = |text: &&str| {
        text.matches('_').count() > 2 && text.chars().all(|c| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    line.split('`').skip(1).step_by(2).filter(is_sentence).filter(move |_| line.starts_with('|'))
}

#[cfg(test)]
mod tests {
    use super::super::tree::SourceFile;
    use super::*;

    #[test]
    fn a_test_that_went_away_is_found_by_its_row() {
        let facts = |row: &str| Facts {
            files: vec![
                SourceFile::new(DOCUMENT, &format!("# Security\n{row}")),
                SourceFile::new("crates/a/src/lib.rs", "async fn a_page_gets_nothing() {}"),
            ],
            ..Facts::default()
        };
        assert!(named_tests_are_there(&facts("| L-01 | `a_page_gets_nothing` |")).is_empty());
        assert!(named_tests_are_there(&facts("| L-02 | `login_window` and `on_navigation()` |")).is_empty());
        let gone = named_tests_are_there(&facts("| L-03 | `a_page_gets_all_it_wants` |"));
        assert_eq!(gone, ["SECURITY.md:2 names a_page_gets_all_it_wants"]);
    }
}
