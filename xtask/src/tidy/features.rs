//! Which features of libraries the application is built with, and which the tests.
//!
//! Cargo unites the features of everything it is asked for at once. The tests ask for more of some libraries than the application does,
//! and a library that nearly all others stand on is then compiled a second time, with all of them. The crate of the tests is built together
//! with the application, so it asks for those features as well; what is published is built without it.

use std::collections::{BTreeMap, BTreeSet};

use super::Rule;
use crate::app_build::{APP_FEATURES, APP_PACKAGES};
use crate::process::{cargo, output};
use crate::project::Project;

/// The shell's own tests need Tauri's stand-in for a window; only Tauri and what is ours stands on it.
const APART: [&str; 1] = ["tauri"];

pub(super) const RULES: &[Rule] = &[Rule {
    says: "The application is built with the same features of libraries as the tests.",
    because: "what differs is compiled twice, with everything that stands on it; add the feature to tests/Cargo.toml",
    broken_by: |facts| facts.compiled_twice.clone(),
}];

/// By library and version, its features.
type Features = BTreeMap<String, BTreeSet<String>>;

/// Reads what the tests ask of a library and the application does not: a line for each library.
pub(super) fn read(project: &Project) -> anyhow::Result<Vec<String>> {
    let tree = |selection: &[&str]| {
        let mut cargo = cargo(project);
        cargo.args(["tree", "--prefix", "none", "--format", "{p}|{f}", "--features", APP_FEATURES]).args(selection);
        output(&mut cargo).map(|tree| features(&tree))
    };
    let of_application = tree(&[APP_PACKAGES, &["--edges", "no-dev"]].concat())?;
    Ok(missing(&of_application, &tree(&["--workspace"])?))
}

/// The features of each published library in what `cargo tree` writes.
fn features(tree: &str) -> Features {
    let mut all = Features::new();
    for (package, features) in tree.lines().filter_map(|line| line.split_once('|')) {
        let mut words = package.split(' ');
        let name = [words.next().unwrap_or_default(), words.next().unwrap_or_default()].join(" ");
        let features = features.trim_end_matches(" (*)").split(',').filter(|feature| !feature.is_empty());
        all.entry(name).or_default().extend(features.map(str::to_owned));
    }
    all.retain(|name, _| {
        !name.starts_with("gatewright-") && !APART.iter().any(|apart| name.split(' ').next() == Some(apart))
    });
    all
}

fn missing(of_application: &Features, of_tests: &Features) -> Vec<String> {
    let nothing = BTreeSet::new();
    let lacks = |(library, here): (&String, &BTreeSet<String>)| {
        let there = of_tests.get(library).unwrap_or(&nothing);
        let missing: Vec<&str> = there.difference(here).map(String::as_str).collect();
        (!missing.is_empty()).then(|| format!("{library} is without {}", missing.join(", ")))
    };
    of_application.iter().filter_map(lacks).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_of_which_the_tests_want_more_is_told_with_what_it_lacks() {
        let application = "gatewright-app v0.1.0 (/here)|\nserde v1.0.1|std\nserde v1.0.1|std (*)\ntauri v2.0.0|wry";
        let tests = "gatewright-app v0.1.0 (/here)|failpoints\nserde v1.0.1|derive,std\ntauri v2.0.0|test,wry\ninsta v1.0.0|json";
        assert_eq!(missing(&features(application), &features(tests)), ["serde v1.0.1 is without derive"]);
        assert_eq!(missing(&features(tests), &features(application)), Vec::<String>::new());
    }
}
