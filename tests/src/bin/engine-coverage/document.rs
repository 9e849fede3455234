//! The document: rules, faults, and rows of other people's lists, each with the tests that prove it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use gatewright_engine::rules_table::RULES;
use gatewright_sandbox::{FaultDefinition, fault_catalogue};

use crate::claim::Claim;
use crate::elsewhere::{ELSEWHERE, why_without_faults};
use crate::list::ROWS;

const HEAD: &str = "\
# What proves the engine

Written by `cargo xtask codegen`; do not edit. A test says in its documentation which rule it proves by which fault
(`/// Proves: V-02 by AZ-03:same.`). A rule is what a login is judged by; a fault is a way in which the sandbox misbehaves, and what
stands behind the colon is its variant. A dash is a cell that no test fills; `cargo xtask codegen --check` fails for it.

What a login page can do to the window it is shown in is not here: SECURITY.md lists it with its tests.
";

/// A cell without a test.
const EMPTY: &str = "—";

/// The whole document.
pub(crate) fn write(claims: &[Claim]) -> String {
    let mut text = HEAD.to_owned();
    text += "\n## Rules\n\n| Rule | It says | Source | Faults | Tests |\n|---|---|---|---|---|\n";
    for rule in RULES {
        let proofs: Vec<&Claim> = claims.iter().filter(|claim| claim.subjects.iter().any(|id| id == rule.id)).collect();
        let faults: BTreeSet<&str> = proofs.iter().flat_map(|claim| &claim.faults).map(|fault| id_of(fault)).collect();
        let faults = match why_without_faults(rule.id) {
            Some(reason) if faults.is_empty() => reason.to_owned(),
            _ => cell(&faults.into_iter().collect::<Vec<_>>(), " "),
        };
        let tests = if proofs.is_empty() { EMPTY.to_owned() } else { proofs.len().to_string() };
        row(&mut text, &[rule.id, rule.says, rule.source, &faults, &tests]);
    }
    text += "\n## Faults\n\n| Fault | What happens | Rules | Tests |\n|---|---|---|---|\n";
    for fault in fault_catalogue() {
        for (place, name) in names(fault).into_iter().enumerate() {
            let proofs: Vec<&Claim> = claims.iter().filter(|claim| proves_by(claim, &name)).collect();
            let sentence = if place == 0 { fault.sentence } else { "" };
            row(&mut text, &[&name, sentence, &subjects(&proofs), &tests(&proofs)]);
        }
    }
    text + &elsewhere(claims) + &lists(claims)
}

/// Faults that the sandbox cannot inject.
fn elsewhere(claims: &[Claim]) -> String {
    let mut text = "\n## Faults that are not the server's\n\n".to_owned();
    text += "| Fault | What happens | Why the sandbox does not do it | Rules | Tests |\n|---|---|---|---|---|\n";
    for fault in ELSEWHERE {
        let proofs: Vec<&Claim> = claims.iter().filter(|claim| proves_by(claim, fault.id)).collect();
        row(&mut text, &[fault.id, fault.sentence, fault.reason, &subjects(&proofs), &tests(&proofs)]);
    }
    text
}

/// Rows of other people's lists, in their order.
fn lists(claims: &[Claim]) -> String {
    let mut text =
        "\n## Rows of other lists\n\n`rp/` are the OpenID Foundation's tests for relying parties, `fapi/` its client "
            .to_owned();
    text += "modules for FAPI.\n\n| Row | Faults | Tests |\n|---|---|---|\n";
    for listed in ROWS {
        let is_about = |claim: &&Claim| claim.subjects.iter().any(|name| name == listed.name);
        let proofs: Vec<&Claim> = claims.iter().filter(is_about).collect();
        let faults: BTreeSet<&str> = proofs.iter().flat_map(|claim| &claim.faults).map(String::as_str).collect();
        let faults = match listed.faults {
            [] if faults.is_empty() => "needs none".to_owned(),
            _ => cell(&faults.into_iter().collect::<Vec<_>>(), " "),
        };
        row(&mut text, &[listed.name, &faults, &tests(&proofs)]);
    }
    text
}

/// A fault's name, or those of its variants.
pub(crate) fn names(fault: &FaultDefinition) -> Vec<String> {
    if fault.variants.is_empty() {
        return vec![fault.id.to_owned()];
    }
    fault.variants.iter().map(|variant| format!("{}:{variant}", fault.id)).collect()
}

/// Whether a claim is about this variant, or about the whole fault.
pub(crate) fn proves_by(claim: &Claim, name: &str) -> bool {
    claim.faults.iter().any(|fault| fault == name || fault == id_of(name))
}

pub(crate) fn id_of(fault: &str) -> &str {
    fault.split(':').next().unwrap_or(fault)
}

fn subjects(proofs: &[&Claim]) -> String {
    let subjects: BTreeSet<&str> = proofs.iter().flat_map(|claim| &claim.subjects).map(String::as_str).collect();
    cell(&subjects.into_iter().collect::<Vec<_>>(), " ")
}

fn tests(proofs: &[&Claim]) -> String {
    let link = |claim: &&Claim| format!("[{}](../{})", claim.test.replace('_', " "), claim.file);
    cell(&proofs.iter().map(link).collect::<Vec<_>>(), "; ")
}

fn cell<T: AsRef<str>>(parts: &[T], between: &str) -> String {
    if parts.is_empty() {
        return EMPTY.to_owned();
    }
    parts.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(between)
}

fn row(text: &mut String, cells: &[&str]) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}
