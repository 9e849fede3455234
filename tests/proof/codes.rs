//! That no code of the engine is without a proof.

use std::path::{Path, PathBuf};

use gatewright_engine::codes::CODES;
use gatewright_engine::rules_table::RULES;

/// Codes that no login at the sandbox comes to.
struct Elsewhere {
    codes: &'static [&'static str],
    /// Why the sandbox brings nobody there.
    why: &'static str,
    /// Whose tests expect them, from the workspace's root.
    file: &'static str,
}

fn elsewhere() -> [Elsewhere; 5] {
    let of_registrations = RULES.iter().find(|rule| rule.id == "RG").unwrap();
    [
        Elsewhere {
            codes: &["host_too_near"],
            why: "the sandbox is at an address, and only a name can lead nearer than it says",
            file: "crates/engine/tests/flow/transport.rs",
        },
        Elsewhere {
            codes: of_registrations.codes,
            why: "the sandbox's faults are a login's, so the engine's own tests play the server that registers wrongly",
            file: "crates/engine/tests/flow/registration.rs",
        },
        Elsewhere {
            codes: &["logout_token_events", "logout_token_id", "logout_token_nonce", "logout_token_subject"],
            why: "nobody can call back-channel addresses of a program on a desk",
            file: "crates/protocol/src/logout/token/tests.rs",
        },
        Elsewhere {
            codes: &["jws_too_large"],
            why: "an answer that long is refused before its token is looked at",
            file: "crates/protocol/src/jose/tests.rs",
        },
        Elsewhere {
            codes: &["refreshed_issuer"],
            why: "a token of another issuer is refused before it is compared with the one of the login",
            file: "crates/protocol/src/id_token/tests.rs",
        },
    ]
}

/// A code that is proved and excused at once would leave a reason that is not true.
///
/// Proves: V-25.
#[test]
fn every_code_is_expected_by_a_proof_or_by_the_tests_that_can_bring_it_about() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let proofs: String = sources(&root.join("tests/proof")).iter().map(|file| read(file)).collect();
    let excused = elsewhere();
    for code in CODES {
        let is_proved = is_expected(code.name, &proofs);
        let elsewhere = excused.iter().find(|elsewhere| elsewhere.codes.contains(&code.name));
        match elsewhere {
            None => assert!(is_proved, "no proof expects {}", code.name),
            Some(Elsewhere { why, file, .. }) => {
                assert!(!is_proved, "a proof expects {}, of which is said that {why}", code.name);
                assert!(is_expected(code.name, &read(&root.join(file))), "{file} does not expect {}", code.name);
            }
        }
    }
}

fn is_expected(code: &str, sources: &str) -> bool {
    sources.contains(&format!("\"{code}\""))
}

/// Every file of the proofs but this one.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|it| it == "rs") && !path.ends_with("proof/codes.rs")).collect()
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}
