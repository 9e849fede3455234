//! Who may depend on whom.

use anyhow::Context as _;
use cargo_metadata::{DependencyKind, MetadataCommand};

use super::{Facts, Rule};
use crate::project::Project;

/// One line of a crate's manifest that names another crate.
pub(super) struct Dependency {
    /// Our crate, without the `gatewright-`.
    from: String,
    /// The named crate: ours without the `gatewright-`, other people's as it is published.
    to: String,
    /// The named crate is one of ours.
    internal: bool,
    /// Only the tests of `from` see it.
    for_tests: bool,
    /// The demanded version is a pre-release.
    pre_release: bool,
}

/// For each of our crates, the ones of ours it may name outside its tests.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("protocol", &[]),
    ("model", &["protocol"]),
    ("engine", &["protocol", "model"]),
    ("store", &["protocol", "model"]),
    ("vault", &["protocol", "model"]),
    ("loopback", &["protocol", "model", "language"]),
    ("sandbox", &["protocol", "model"]),
    ("handover", &["protocol", "model"]),
    ("snippet", &["protocol", "model"]),
    ("report", &["protocol", "model", "language"]),
    ("fingerprint-scan", &[]),
    ("contract", &[]),
    ("language", &[]),
    (
        "app",
        &[
            "protocol",
            "model",
            "engine",
            "store",
            "vault",
            "loopback",
            "sandbox",
            "handover",
            "snippet",
            "report",
            "fingerprint-scan",
            "contract",
            "language",
        ],
    ),
    ("early-environment", &[]),
    ("shell", &["app", "contract", "early-environment"]),
    ("xtask", &[]),
];

/// Made for tests and for measuring, so free to name what these need.
const TEST_CRATES: [&str; 4] = ["testkit", "tests", "benches", "fuzz-targets"];

pub(super) const RULES: &[Rule] = &[
    Rule {
        says: "Crates depend on each other only as drawn in ARCHITECTURE.md.",
        because: "a layer that knows the one above it can no longer be read, tested or replaced alone",
        broken_by: direction,
    },
    Rule {
        says: "The sandbox and the engine never name each other, in tests neither.",
        because: "a misreading they shared would hide a bug in both",
        broken_by: sandbox_and_engine_apart,
    },
    Rule {
        says: "Nothing but tests names testkit or tests.",
        because: "fake clocks and canary secrets have no place in the product",
        broken_by: tests_stay_outside,
    },
    Rule {
        says: "Only the shell names Tauri and the web view.",
        because: "the whole backend starts and is tested without a window",
        // The blank window is what a start of the shell is measured beside.
        broken_by: |facts| only(facts, &["shell", "blank-window"], is_window_crate),
    },
    Rule {
        says: "Only store names rusqlite.",
        because: "SQL in one crate is SQL that one person can review",
        broken_by: |facts| only(facts, &["store"], |name| name == "rusqlite" || name == "refinery"),
    },
    Rule {
        says: "Only vault names the keyring crates.",
        because: "every way to a secret must lead through the checks of the vault",
        broken_by: |facts| only(facts, &["vault"], is_keyring_crate),
    },
    Rule {
        says: "protocol and model name no tokio, reqwest, axum or rusqlite.",
        because: "they are rules and nouns: without I/O they can be tested with any input, and fuzzed",
        broken_by: pure_crates_stay_pure,
    },
    Rule {
        says: "No dependency is a pre-release.",
        because: "an alpha changes under us, and then its users' builds break",
        broken_by: no_pre_release,
    },
];

/// Reads every dependency of every crate of the workspace.
pub(super) fn read(project: &Project) -> anyhow::Result<Vec<Dependency>> {
    let manifest = project.root().join("Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().context("cargo metadata")?;
    let of_package = |package: &cargo_metadata::Package| {
        let from = short_name(&package.name);
        let read = |dependency: &cargo_metadata::Dependency| Dependency {
            from: from.clone(),
            to: short_name(&dependency.name),
            internal: dependency.path.is_some(),
            for_tests: dependency.kind == DependencyKind::Development,
            pre_release: dependency.req.comparators.iter().any(|version| !version.pre.is_empty()),
        };
        package.dependencies.iter().map(read).collect::<Vec<_>>()
    };
    Ok(metadata.packages.iter().flat_map(of_package).collect())
}

fn short_name(package: &str) -> String {
    package.strip_prefix("gatewright-").unwrap_or(package).to_owned()
}

fn direction(facts: &Facts) -> Vec<String> {
    let wrong = |edge: &&Dependency| {
        let allowed = MAY_NAME.iter().find(|(name, _)| *name == edge.from).map(|(_, allowed)| *allowed);
        match allowed {
            _ if is_test_crate(&edge.from) => false,
            // A crate names itself to switch a feature on for its own tests.
            _ if edge.for_tests && (is_test_crate(&edge.to) || edge.to == edge.from) => false,
            None => true,
            Some(allowed) => !allowed.contains(&edge.to.as_str()),
        }
    };
    facts.dependencies.iter().filter(|edge| edge.internal).filter(wrong).map(place).collect()
}

fn sandbox_and_engine_apart(facts: &Facts) -> Vec<String> {
    let pair = |edge: &&Dependency| {
        let ends = [edge.from.as_str(), edge.to.as_str()];
        ends.contains(&"sandbox") && ends.contains(&"engine")
    };
    facts.dependencies.iter().filter(pair).map(place).collect()
}

fn tests_stay_outside(facts: &Facts) -> Vec<String> {
    let wrong = |edge: &&Dependency| !edge.for_tests && !is_test_crate(&edge.from) && is_test_crate(&edge.to);
    facts.dependencies.iter().filter(|edge| edge.internal).filter(wrong).map(place).collect()
}

/// Dependencies on certain published crates from anywhere but their home. Test crates may name
/// them: a test of the store's file has to open it.
fn only(facts: &Facts, homes: &[&str], is_such: fn(&str) -> bool) -> Vec<String> {
    let strays =
        |edge: &&Dependency| is_such(&edge.to) && !homes.contains(&edge.from.as_str()) && !is_test_crate(&edge.from);
    facts.dependencies.iter().filter(|edge| !edge.internal).filter(strays).map(place).collect()
}

fn pure_crates_stay_pure(facts: &Facts) -> Vec<String> {
    const IMPURE: [&str; 6] = ["tokio", "reqwest", "rusqlite", "axum", "hyper", "getrandom"];
    let impure =
        |edge: &&Dependency| ["protocol", "model"].contains(&edge.from.as_str()) && IMPURE.contains(&edge.to.as_str());
    facts.dependencies.iter().filter(impure).map(place).collect()
}

fn no_pre_release(facts: &Facts) -> Vec<String> {
    facts.dependencies.iter().filter(|edge| edge.pre_release).map(place).collect()
}

fn is_test_crate(name: &str) -> bool {
    TEST_CRATES.contains(&name)
}

fn is_window_crate(name: &str) -> bool {
    name == "tauri" || name.starts_with("tauri-") || ["wry", "tao", "webkit2gtk"].contains(&name)
}

fn is_keyring_crate(name: &str) -> bool {
    name.contains("keyring")
}

fn place(edge: &Dependency) -> String {
    let section = if edge.for_tests { ", for its tests" } else { "" };
    format!("{} names {}{section}", edge.from, edge.to)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Facts with the dependencies `from to`, `from to (tests)`; `*` before a name means published.
    fn facts(lines: &[&str]) -> Facts {
        let dependency = |line: &&str| {
            let mut words = line.split_whitespace();
            let (from, to) = (words.next().unwrap(), words.next().unwrap());
            Dependency {
                from: from.to_owned(),
                to: to.trim_start_matches('*').to_owned(),
                internal: !to.starts_with('*'),
                for_tests: line.ends_with("(tests)"),
                pre_release: false,
            }
        };
        Facts { dependencies: lines.iter().map(dependency).collect(), ..Facts::default() }
    }

    #[test]
    fn a_layer_may_name_the_one_below_and_not_the_one_above() {
        let drawn = [
            "model protocol",
            "engine model",
            "app engine",
            "shell app",
            "app testkit (tests)",
            "tests store",
            "store store (tests)",
        ];
        assert!(direction(&facts(&drawn)).is_empty());
        let wrong = ["protocol model", "contract model", "shell model", "store vault (tests)", "somebody model"];
        assert_eq!(direction(&facts(&wrong)).len(), wrong.len());
    }

    #[test]
    fn the_sandbox_and_the_engine_do_not_meet_even_in_tests() {
        let edges = facts(&["engine sandbox (tests)", "sandbox engine", "app sandbox"]);
        assert_eq!(sandbox_and_engine_apart(&edges), ["engine names sandbox, for its tests", "sandbox names engine"]);
    }

    #[test]
    fn the_product_does_not_contain_testkit() {
        let edges = facts(&["app testkit", "app testkit (tests)", "tests testkit"]);
        assert_eq!(tests_stay_outside(&edges), ["app names testkit"]);
    }

    #[test]
    fn a_crate_with_one_home_is_found_anywhere_else() {
        let edges = facts(&["app *rusqlite", "store *rusqlite", "tests *rusqlite", "engine *rusqlite (tests)"]);
        let strays = only(&edges, &["store"], |name| name == "rusqlite");
        assert_eq!(strays, ["app names rusqlite", "engine names rusqlite, for its tests"]);
    }

    #[test]
    fn window_and_keyring_crates_are_known_by_their_names() {
        assert!(["tauri", "tauri-plugin-opener", "webkit2gtk"].into_iter().all(is_window_crate));
        assert!(["keyring-core", "zbus-secret-service-keyring-store"].into_iter().all(is_keyring_crate));
        assert!(!is_window_crate("taurus") && !is_keyring_crate("key"));
    }

    #[test]
    fn the_pure_crates_are_found_with_a_runtime() {
        assert_eq!(pure_crates_stay_pure(&facts(&["protocol *tokio", "engine *tokio"])), ["protocol names tokio"]);
    }

    #[test]
    fn a_pre_release_is_found() {
        let mut edges = facts(&["app *specta"]);
        assert!(no_pre_release(&edges).is_empty());
        edges.dependencies[0].pre_release = true;
        assert_eq!(no_pre_release(&edges), ["app names specta"]);
    }
}
