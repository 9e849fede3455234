//! The catalogues of translations: which texts a person can read, from the sources, and what they are in other languages, from
//! translators.
//!
//! Texts are collected by a rule that takes rather too much: what looks like a sentence or a title is one, unless
//! `crates/language/texts/not-shown.txt` says that nobody ever sees it. Single words in small letters look like words of the wire, so
//! those are texts that `words.txt` names.

mod catalogue;
mod documents;
mod rule;
mod rust;
mod templates;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};

use self::rule::Rule;
use super::{Files, differences, read, replace};
use crate::project::Project;

/// The languages there are translations into, by their code.
const LANGUAGES: [&str; 1] = ["de"];

/// Where the texts of each catalogue stand. What stands in two places belongs to the first.
const SOURCES: &[(&str, &str)] = &[
    ("protocol", "crates/protocol/src"),
    ("model", "crates/model/src"),
    ("providers", "crates/model/providers"),
    ("plans", "crates/model/plans"),
    ("engine", "crates/engine/src"),
    ("loopback", "crates/loopback/src"),
    ("vault", "crates/vault/src"),
    // The rest of it is SQL.
    ("store", "crates/store/src/error.rs"),
    ("store", "crates/store/src/migration.rs"),
    ("store", "crates/store/src/rotation.rs"),
    ("store", "crates/store/src/run.rs"),
    ("store", "crates/store/src/secret_rotation.rs"),
    ("handover", "crates/handover/src"),
    ("report", "crates/report/src"),
    ("report", "crates/report/templates"),
    // Its pages imitate providers; what it says of itself and of its faults is ours.
    ("sandbox", "crates/sandbox/src/app/file.rs"),
    ("sandbox", "crates/sandbox/src/fault/catalogue"),
    ("sandbox", "crates/sandbox/src/fault/rule.rs"),
    ("sandbox", "crates/sandbox/src/sandbox.rs"),
    ("sandbox", "crates/sandbox/src/signing"),
    ("app", "crates/app/src"),
    ("shell", "src-tauri/src"),
];

/// Where nothing is said to a person in a language.
const SILENT: &[&str] = &[
    // Programs for the person to paste.
    "crates/app/src/labs/handling",
    "crates/report/src/curl",
    // A report for a provider, who need not read the language of the window.
    "crates/app/src/observations/report.rs",
    // From these rules a document for those who read the sources is made.
    "crates/engine/src/rules_table.rs",
    // Samples for tests.
    "crates/handover/src/samples.rs",
    "crates/report/src/samples.rs",
    // Drawings, and what is hidden in pictures.
    "crates/report/src/diagram/png.rs",
    "crates/report/src/diagram/svg.rs",
    "src-tauri/src/login_window/webkit/camera.rs",
    // What is hashed.
    "crates/vault/src/digest.rs",
    // Formats for machines.
    "crates/report/src/har",
    "crates/report/src/json",
    "crates/report/src/junit",
    "crates/report/src/csv",
];

/// A text as it stands in the sources.
struct Found {
    /// The text; placeholders have names where the source gives them one.
    text: String,
    /// The file, from the root of the project.
    file: String,
}

/// Texts of one catalogue, each with the files it stands in.
type Texts = BTreeMap<String, Vec<String>>;

/// Writes the texts of the sources into the catalogues; what is translated stays so.
pub(super) fn write(project: &Project) -> anyhow::Result<()> {
    let (old, new) = (committed(project)?, made(project)?);
    replace(&folder(project), &old, &new)?;
    println!("{} catalogues of texts, {} of them changed", new.len(), differences(&old, &new).len());
    Ok(())
}

/// Fails where a catalogue does not hold exactly the texts of the sources.
pub(super) fn check(project: &Project) -> anyhow::Result<()> {
    let differences = differences(&committed(project)?, &made(project)?);
    if differences.is_empty() {
        return Ok(());
    }
    bail!("the catalogues of texts are out of date; run `cargo xtask codegen`:\n{}", differences.join("\n"))
}

fn folder(project: &Project) -> std::path::PathBuf {
    project.root().join("crates/language/texts")
}

fn committed(project: &Project) -> anyhow::Result<Files> {
    let mut files = read(&folder(project))?;
    files.retain(|name, _| Path::new(name).extension().is_some_and(|extension| extension == "po"));
    Ok(files)
}

/// Every catalogue in every language as it should be.
fn made(project: &Project) -> anyhow::Result<Files> {
    let catalogues = collect(project)?;
    let mut files = Files::new();
    for language in LANGUAGES {
        let known = catalogue::translations(&folder(project).join(language))?;
        for (name, texts) in &catalogues {
            files.insert(format!("{language}/{name}.po"), catalogue::written(language, texts, &known)?);
        }
    }
    Ok(files)
}

/// The texts of all sources by catalogue.
fn collect(project: &Project) -> anyhow::Result<BTreeMap<&'static str, Texts>> {
    let rule = Rule::read(&folder(project))?;
    let mut catalogues: BTreeMap<&str, Texts> = BTreeMap::new();
    let mut homes: BTreeMap<String, &str> = BTreeMap::new();
    for (catalogue, place) in SOURCES {
        for found in found_in(project, place)?.into_iter().filter(|found| rule.is_for_people(&found.text)) {
            let home = *homes.entry(found.text.clone()).or_insert(catalogue);
            let files = catalogues.entry(home).or_default().entry(found.text).or_default();
            if !files.contains(&found.file) {
                files.push(found.file);
            }
        }
    }
    rule.refuse_unused(&homes)?;
    Ok(catalogues)
}

/// Every string at a place that could be a text.
fn found_in(project: &Project, place: &str) -> anyhow::Result<Vec<Found>> {
    let path = project.root().join(place);
    let files =
        if path.is_file() { Files::from([(String::new(), std::fs::read_to_string(&path)?)]) } else { read(&path)? };
    let mut all = Vec::new();
    for (name, content) in files {
        let file = if name.is_empty() { place.to_owned() } else { format!("{place}/{name}") };
        if is_for_tests(&file) || SILENT.iter().any(|silent| file.starts_with(silent)) {
            continue;
        }
        let texts = match Path::new(&file).extension().and_then(std::ffi::OsStr::to_str) {
            Some("rs") => rust::texts(&content),
            Some("toml") => documents::texts(&content),
            Some("html") => Ok(templates::texts(&content)),
            _ => continue,
        };
        let texts = texts.with_context(|| format!("collecting the texts of {file}"))?;
        all.extend(texts.into_iter().map(|text| Found { text, file: file.clone() }));
    }
    Ok(all)
}

fn is_for_tests(file: &str) -> bool {
    file.split('/').any(|part| matches!(part, "tests" | "tests.rs" | "testing" | "testing.rs"))
}
