//! What tests say they prove.

use std::path::Path;

use anyhow::Context as _;
use gatewright_engine::rules_table::RULES;
use gatewright_sandbox::fault_catalogue;

use crate::{elsewhere, list};

/// How a line of documentation begins that says what a test proves.
const PROVES: &str = "/// Proves: ";

/// Where every test has to say it.
const PROOFS: &str = "tests/proof/";

/// Folders with tests.
const FOLDERS: [&str; 3] = ["crates", "src-tauri", "tests"];

/// One test and what it says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// Relative to the workspace's root, with `/` on every system.
    pub(crate) file: String,
    /// The test's name.
    pub(crate) test: String,
    /// Rules (`V-04`), or rows of somebody else's list (`rp/invalid-iss`).
    pub(crate) subjects: Vec<String>,
    /// Faults, each with its variant where it has one: `AZ-03:same`.
    pub(crate) faults: Vec<String>,
    /// Faults that stand in the documentation and nowhere else in the file.
    unused: Vec<String>,
}

/// Every claim below a folder, in the order of the files.
pub(crate) fn read(root: &Path) -> anyhow::Result<Vec<Claim>> {
    let mut claims = Vec::new();
    for folder in FOLDERS {
        collect(root, &root.join(folder), &mut claims).with_context(|| format!("reading {folder}"))?;
    }
    claims.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(claims)
}

fn collect(root: &Path, folder: &Path, claims: &mut Vec<Claim>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, claims)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let file = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            claims.extend(of_file(&file, &std::fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

/// The claims of one file; in the proofs a test that says nothing makes an empty one.
fn of_file(file: &str, text: &str) -> Vec<Claim> {
    let is_proof = file.starts_with(PROOFS);
    let mut claims = Vec::new();
    let (mut said, mut is_test) = (None, false);
    for line in text.lines().map(str::trim) {
        if let Some(words) = line.strip_prefix(PROVES) {
            said = Some(words);
        } else if line.starts_with("#[test") || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if let Some(test) = name_of(line) {
            if is_test && (said.is_some() || is_proof) {
                claims.push(claim(file, test, said.unwrap_or_default(), is_proof.then_some(text)));
            }
            (said, is_test) = (None, false);
        }
    }
    claims
}

/// The name of the function that a line begins.
fn name_of(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ")?;
    rest.split(['(', '<']).next()
}

/// `code` is where the faults have to be injected, as texts: the test's own file.
fn claim(file: &str, test: &str, said: &str, code: Option<&str>) -> Claim {
    let said = said.trim_end_matches('.');
    let (subjects, faults) = said.split_once(" by ").unwrap_or((said, ""));
    let list = |text: &str| text.split(", ").filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let faults = list(faults);
    let is_unused = |fault: &&String| {
        elsewhere::find(fault).is_none() && code.is_some_and(|code| !code.contains(&format!("\"{fault}")))
    };
    let unused = faults.iter().filter(is_unused).cloned().collect();
    Claim { file: file.to_owned(), test: test.to_owned(), subjects: list(subjects), faults, unused }
}

/// What cannot be true, one line each.
pub(crate) fn mistakes(claims: &[Claim]) -> Vec<String> {
    claims
        .iter()
        .flat_map(|claim| mistakes_of(claim).into_iter().map(move |it| format!("{}: {} {it}", claim.file, claim.test)))
        .collect()
}

fn mistakes_of(claim: &Claim) -> Vec<String> {
    let mut found = Vec::new();
    if claim.subjects.is_empty() {
        found.push(format!("does not say what it proves, in a line that begins with “{PROVES}”"));
    }
    let is_rule = |name: &str| RULES.iter().any(|rule| rule.id == name);
    let is_row = |name: &str| list::find(name).is_some();
    let unknown = claim.subjects.iter().filter(|subject| !is_rule(subject) && !is_row(subject));
    found.extend(unknown.map(|subject| format!("proves {subject}, which is no rule and on nobody's list")));
    let unknown = claim.faults.iter().filter(|fault| !is_fault(fault));
    found.extend(unknown.map(|fault| format!("proves by {fault}, which is no fault")));
    found.extend(claim.unused.iter().map(|fault| format!("proves by {fault}, which its file never injects")));
    found
}

fn is_fault(text: &str) -> bool {
    match text.split_once(':') {
        Some((id, variant)) => fault_catalogue().any(|fault| fault.id == id && fault.variants.contains(&variant)),
        None => elsewhere::find(text).is_some() || fault_catalogue().any(|fault| fault.id == text),
    }
}

#[cfg(test)]
impl Claim {
    /// The claim of a test that is nowhere.
    pub(crate) fn about(subject: &str, faults: &[String]) -> Self {
        let (file, test) = ("tests/proof/az.rs".to_owned(), "a_test".to_owned());
        Self { file, test, subjects: vec![subject.to_owned()], faults: faults.to_vec(), unused: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A proof; the line is put together here, so that this file says nothing of the kind itself.
    fn proof() -> String {
        PROOF.replace("/// PROVES ", PROVES)
    }

    const PROOF: &str = "
/// Something else.
///
/// PROVES V-02, V-04 by AZ-03:same, AZ-02.
#[tokio::test]
async fn a_state_that_comes_twice_is_refused() {
    refuses(\"AZ-03:same\").await;
}

async fn refuses(fault: &str) {}
";

    #[test]
    fn a_test_says_its_rules_and_faults() {
        let claims = of_file("tests/proof/az.rs", &proof());
        assert_eq!(claims.len(), 1, "a function that is no test says nothing");
        assert_eq!(claims[0].test, "a_state_that_comes_twice_is_refused");
        assert_eq!(claims[0].subjects, ["V-02", "V-04"]);
        assert_eq!(claims[0].faults, ["AZ-03:same", "AZ-02"]);
    }

    #[test]
    fn a_fault_that_is_named_and_never_injected_is_a_mistake() {
        let told = mistakes(&of_file("tests/proof/az.rs", &proof()));
        assert_eq!(told.len(), 1);
        assert!(
            told[0].ends_with("a_state_that_comes_twice_is_refused proves by AZ-02, which its file never injects"),
            "{told:?}"
        );
        assert!(mistakes(&of_file("crates/engine/src/x.rs", &proof())).is_empty(), "a unit test injects nothing");
    }

    #[test]
    fn what_does_not_exist_is_a_mistake() {
        let text = proof().replace("V-02", "V-99").replace("AZ-02", "AZ-02:same");
        let told = mistakes(&of_file("crates/engine/src/x.rs", &text)).join(" ");
        assert!(
            told.contains("V-99, which is no rule and on nobody's list")
                && told.contains("AZ-02:same, which is no fault"),
            "{told}"
        );
    }

    #[test]
    fn a_row_that_is_on_nobodys_list_is_a_mistake() {
        let told = mistakes(&of_file("crates/engine/src/x.rs", &proof().replace("V-02", "rp/invalid-issuer")));
        assert!(told.join(" ").contains("rp/invalid-issuer, which is no rule"), "{told:?}");
    }

    #[test]
    fn a_fault_that_happens_elsewhere_is_not_injected() {
        let text = proof().replace("AZ-03:same, AZ-02", "RF-09");
        assert!(mistakes(&of_file("tests/proof/rf.rs", &text)).is_empty());
    }

    #[test]
    fn a_proof_that_says_nothing_is_a_mistake_and_any_other_test_is_not() {
        let text = "#[test]\nfn something_holds() {\n}\n";
        assert_eq!(mistakes(&of_file("tests/proof/az.rs", text)).len(), 1);
        assert!(of_file("crates/engine/src/x.rs", text).is_empty());
    }
}
