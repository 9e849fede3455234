//! Rules about the text of our files.

use super::tree::SourceFile;
use super::{Facts, Rule};

/// Lines a file may have, tests and comments included.
const LONGEST: usize = 400;

pub(super) const RULES: &[Rule] = &[
    Rule {
        says: "A source file has at most 400 lines.",
        because: "a longer one is about more than one thing; split it, or move its tests to foo/tests.rs",
        broken_by: short_files,
    },
    Rule {
        says: "No type is called Manager, Service, Helper, Util, Data, Info or Processor.",
        because: "such a name says that something is done and not what; use the words of the RFCs and of the README",
        broken_by: telling_names,
    },
    Rule {
        says: "Nothing switches certificate checks off.",
        because: "a login over a connection that anybody could read proves nothing and gives the secret away",
        broken_by: |facts| lines_with(facts, &[concat!("danger_", "accept_invalid")]),
    },
    Rule {
        says: "No file names a path of one machine.",
        because: "it would work for one person, and tell everybody who that is",
        broken_by: no_machine_paths,
    },
    Rule {
        says: "No test is ignored, skipped or the only one.",
        because: "a test that does not run looks like one that passes",
        broken_by: no_skipped_tests,
    },
    Rule {
        says: "Every #[instrument] has skip_all.",
        because: "without it each argument is written to the log, and one day one of them is a secret",
        broken_by: instruments_skip_all,
    },
];

fn short_files(facts: &Facts) -> Vec<String> {
    let sources = facts.files.iter().filter(|file| file.has_ending(&["rs", "ts", "svelte", "css"]));
    let long = sources.filter(|file| !file.is_generated() && file.text.lines().count() > LONGEST);
    long.map(|file| format!("{} has {} lines", file.path, file.text.lines().count())).collect()
}

fn telling_names(facts: &Facts) -> Vec<String> {
    const EMPTY: [&str; 7] = ["Manager", "Service", "Helper", "Util", "Data", "Info", "Processor"];
    let sources = facts.files.iter().filter(|file| file.has_ending(&["rs", "ts", "svelte"]));
    let is_empty = |name: &str| {
        EMPTY.iter().any(|word| name.ends_with(word) || name.strip_suffix('s').is_some_and(|n| n.ends_with(word)))
    };
    let named = sources.flat_map(SourceFile::lines).filter_map(|(place, line)| Some((place, declared_type(line)?)));
    named.filter(|(_, name)| is_empty(name)).map(|(place, name)| format!("{place} declares {name}")).collect()
}

/// The type a line declares, in Rust or TypeScript.
fn declared_type(line: &str) -> Option<&str> {
    const KEYWORDS: [&str; 6] = ["struct", "enum", "trait", "type", "class", "interface"];
    const BEFORE: [&str; 6] = ["pub", "pub(crate)", "pub(super)", "export", "declare", "abstract"];
    let mut words = line.split_whitespace().skip_while(|word| BEFORE.contains(word));
    words.next().filter(|word| KEYWORDS.contains(word))?;
    let name = words.next()?;
    name.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().filter(|name| !name.is_empty())
}

fn no_machine_paths(facts: &Facts) -> Vec<String> {
    let is_home = |line: &str| {
        const HOMES: [&str; 4] =
            [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/Us", "ers/"), concat!(r":\Us", r"ers\")];
        HOMES.iter().any(|home| line.match_indices(home).any(|(at, _)| starts_a_path(line, at)))
    };
    let lines = facts.files.iter().flat_map(SourceFile::lines);
    lines.filter(|(_, line)| is_home(line)).map(|(place, _)| place).collect()
}

/// False in the middle of a longer path or address, such as the path of a web page.
fn starts_a_path(line: &str, at: usize) -> bool {
    let before = line[..at].chars().next_back();
    line[at..].starts_with(':') || !before.is_some_and(|letter| letter.is_alphanumeric() || "._-}$>)]".contains(letter))
}

fn no_skipped_tests(facts: &Facts) -> Vec<String> {
    const RUST: [&str; 2] = [concat!("#[ign", "ore]"), concat!("#[ign", "ore =")];
    const SCRIPT: [&str; 6] = ["test.skip(", "it.skip(", "describe.skip(", "test.only(", "it.only(", "describe.only("];
    let skips = |file: &SourceFile, line: &str| {
        let words: &[&str] = if file.has_ending(&["rs"]) { &RUST } else { &SCRIPT };
        words.iter().any(|word| line.contains(word))
    };
    let sources =
        facts.files.iter().filter(|file| file.has_ending(&["rs", "ts", "svelte"]) && !file.path.starts_with("xtask/"));
    let lines = sources.flat_map(|file| file.lines().map(move |(place, line)| (file, place, line)));
    lines.filter(|(file, _, line)| skips(file, line)).map(|(_, place, _)| place).collect()
}

fn instruments_skip_all(facts: &Facts) -> Vec<String> {
    let sources = facts.files.iter().filter(|file| file.has_ending(&["rs"]) && !file.path.starts_with("xtask/"));
    let attributes = sources.flat_map(SourceFile::lines).filter(|(_, line)| {
        let line = line.trim_start();
        line.starts_with("#[instrument") || line.starts_with("#[tracing::instrument")
    });
    attributes.filter(|(_, line)| !line.contains("skip_all")).map(|(place, _)| place).collect()
}

/// The places of lines that contain one of the texts, in our code.
fn lines_with(facts: &Facts, texts: &[&str]) -> Vec<String> {
    let sources = facts.files.iter().filter(|file| file.has_ending(&["rs", "ts", "svelte", "toml", "json"]));
    let lines = sources.flat_map(SourceFile::lines);
    lines.filter(|(_, line)| texts.iter().any(|text| line.contains(text))).map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(path: &str, text: &str) -> Facts {
        Facts { files: vec![SourceFile::new(path, text)], ..Facts::default() }
    }

    #[test]
    fn a_file_may_have_400_lines_and_a_generated_one_any_number() {
        let text = "x\n".repeat(401);
        assert_eq!(short_files(&facts("crates/a/src/lib.rs", &text)), ["crates/a/src/lib.rs has 401 lines"]);
        assert!(short_files(&facts("crates/a/src/lib.rs", &"x\n".repeat(400))).is_empty());
        assert!(short_files(&facts("ui/src/ipc/gen/run.ts", &text)).is_empty());
        assert!(short_files(&facts("README.md", &text)).is_empty());
    }

    #[test]
    fn an_empty_name_is_found_in_either_language() {
        assert_eq!(
            telling_names(&facts("a.rs", "pub(crate) struct LoginManager<T> {")),
            ["a.rs:1 declares LoginManager"]
        );
        assert_eq!(telling_names(&facts("a.ts", "export interface ClientInfo {")), ["a.ts:1 declares ClientInfo"]);
        assert_eq!(telling_names(&facts("a.rs", "enum Utils {}")).len(), 1);
        assert!(telling_names(&facts("a.rs", "struct Managed; // not a LoginManager")).is_empty());
    }

    #[test]
    fn certificate_checks_stay_on() {
        let line = concat!("client.danger_", "accept_invalid_certs(true)");
        assert_eq!(lines_with(&facts("a.rs", line), &[concat!("danger_", "accept_invalid")]), ["a.rs:1"]);
    }

    #[test]
    fn a_home_folder_is_found_and_the_path_of_a_page_is_not() {
        assert_eq!(no_machine_paths(&facts("a.md", concat!("see /ho", "me/ada/notes"))), ["a.md:1"]);
        assert_eq!(no_machine_paths(&facts("a.toml", concat!("x = \"/ro", "ot/x\""))), ["a.toml:1"]);
        assert_eq!(no_machine_paths(&facts("a.md", concat!(r"C:\Us", r"ers\ada"))), ["a.md:1"]);
        assert!(no_machine_paths(&facts("a.md", concat!("https://example.org/ho", "me/page"))).is_empty());
    }

    #[test]
    fn a_test_that_does_not_run_is_found() {
        assert_eq!(no_skipped_tests(&facts("a.rs", concat!("#[ign", "ore]"))), ["a.rs:1"]);
        assert_eq!(no_skipped_tests(&facts("ui/a.test.ts", "test.only(\"x\", () => {})")), ["ui/a.test.ts:1"]);
        assert!(no_skipped_tests(&facts("a.rs", "stream.skip(3)")).is_empty());
    }

    #[test]
    fn an_instrument_that_logs_its_arguments_is_found() {
        assert_eq!(instruments_skip_all(&facts("a.rs", "    #[instrument(fields(run = %id))]")), ["a.rs:1"]);
        assert!(instruments_skip_all(&facts("a.rs", "#[instrument(skip_all, fields(run = %id))]")).is_empty());
    }
}
