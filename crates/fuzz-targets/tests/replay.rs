//! Every input that is kept in `fuzz/corpus`, through its target.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::path::{Path, PathBuf};

use gatewright_fuzz_targets::TARGETS;

fn corpus(target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn what_was_found_once_holds_in_every_target() {
    for (name, target) in TARGETS {
        for path in corpus(name) {
            let bytes = std::fs::read(&path).unwrap();
            let held = std::panic::catch_unwind(|| target(&bytes));
            assert!(held.is_ok(), "it does not hold for {}", path.display());
        }
    }
}

#[test]
fn no_corpus_is_empty_or_grows_beyond_reading() {
    for (name, _) in TARGETS {
        let files = corpus(name);
        assert!((4..=200).contains(&files.len()), "{name} has {} inputs", files.len());
        let sizes = files.iter().map(|path| path.metadata().unwrap().len());
        assert!(sizes.sum::<u64>() <= 128 << 10, "the corpus of {name} is too large");
    }
}

/// A target that cargo-fuzz does not know is never fuzzed, and a corpus without a target is never looked at.
#[test]
fn every_target_has_its_program_and_every_corpus_its_target() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let mut expected: Vec<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    expected.sort();
    for (folder, ending) in [("corpus", ""), ("fuzz_targets", ".rs")] {
        let entries = std::fs::read_dir(fuzz.join(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut found: Vec<_> = names.map(|name| name.strip_suffix(ending).unwrap_or(&name).to_owned()).collect();
        found.sort();
        assert_eq!(found, expected, "{folder}");
    }
}
