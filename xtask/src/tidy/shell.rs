//! Rules about what the shell lets a page do.

use serde_json::Value;

use super::{Facts, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
        says: "The shell has the one capability that its build writes, for windows named one by one and for no remote page.",
        because: "a provider's page in the login window must never be able to call a command",
        broken_by: there_is_one_narrow_capability,
    },
    Rule {
        says: "The shell keeps Tauri's objects out of the page's global scope and has a content security policy.",
        because: "a script that gets into the window should find nothing to call and nowhere to send",
        broken_by: window_is_strict,
    },
    Rule {
        says: "The shell puts no script into a page.",
        because: "a person types passwords into pages of providers, and nobody has to believe that we do not look",
        broken_by: pages_stay_untouched,
    },
];

const BUILD: &str = "src-tauri/build.rs";
const CONFIGURATION: &str = "src-tauri/tauri.conf.json";

/// What the build writes is looked at where it is written: `src-tauri/src/isolation.rs` reads the result and tests it word by word.
fn there_is_one_narrow_capability(facts: &Facts) -> Vec<String> {
    let mut problems = Vec::new();
    for file in facts.files.iter().filter(|file| file.path.starts_with("src-tauri/")) {
        if file.path.starts_with("src-tauri/capabilities/") {
            problems.push(format!("{} is a capability beside the one of {BUILD}", file.path));
        }
        let is_build = file.path == BUILD;
        let lines = file.text.lines().enumerate();
        let wide = lines.filter(|(_, line)| line.contains(ADDED_LATER) || (is_build && widens(line)));
        problems.extend(wide.map(|(number, _)| format!("{}:{}", file.path, number + 1)));
    }
    if let Some(file) = facts.files.iter().find(|file| file.path == CONFIGURATION) {
        let configuration: Value = serde_json::from_str(&file.text).unwrap_or_default();
        let taken = configuration.pointer("/app/security/capabilities");
        if taken != Some(&serde_json::json!(["main"])) {
            problems.push(format!("{CONFIGURATION} does not take \"main\" and nothing else"));
        }
    }
    problems
}

/// Tauri's way to admit more while it runs.
const ADDED_LATER: &str = ".add_capability(";

/// Whether a line of the build admits remote pages, or windows by a pattern.
fn widens(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let names_windows = code.contains("\"windows\"") || code.contains("\"webviews\"");
    code.contains("\"remote\"") || (names_windows && code.contains('*'))
}

fn window_is_strict(facts: &Facts) -> Vec<String> {
    let Some(file) = facts.files.iter().find(|file| file.path == CONFIGURATION) else {
        return Vec::new();
    };
    let configuration: Value = serde_json::from_str(&file.text).unwrap_or_default();
    let mut problems = Vec::new();
    if configuration.pointer("/app/withGlobalTauri").is_some_and(|value| *value != Value::Bool(false)) {
        problems.push(format!("{} sets withGlobalTauri", file.path));
    }
    if configuration.pointer("/app/security/csp").is_none_or(Value::is_null) {
        problems.push(format!("{} has no app.security.csp", file.path));
    }
    problems
}

/// Every way to have a script of ours run in a page.
const WAYS_INTO_A_PAGE: [&str; 6] = [
    "initialization_script",
    ".eval(",
    "eval_with_callback",
    "evaluate_javascript",
    "run_javascript",
    "UserScript::new",
];

fn pages_stay_untouched(facts: &Facts) -> Vec<String> {
    let sources = facts.files.iter().filter(|file| file.path.starts_with("src-tauri/src/"));
    let found = sources.flat_map(|file| {
        let lines = file.text.lines().enumerate();
        let touching = lines.filter(|(_, line)| WAYS_INTO_A_PAGE.iter().any(|way| line.contains(way)));
        touching.map(|(number, _)| format!("{}:{}", file.path, number + 1))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::SourceFile;
    use super::*;

    fn facts(path: &str, text: &str) -> Facts {
        Facts { files: vec![SourceFile::new(path, text)], ..Facts::default() }
    }

    #[test]
    fn a_capability_for_any_window_or_any_page_is_found() {
        let build = |line: &str| there_is_one_narrow_capability(&facts(BUILD, &format!("json!({{\n{line}\n}})")));
        assert!(build(r#""windows": ["main"], // no "remote" key, no *"#).is_empty());
        assert_eq!(build(r#""windows": ["login-*"],"#), [format!("{BUILD}:2")]);
        assert_eq!(build(r#""remote": {"urls": ["https://id.example"]},"#), [format!("{BUILD}:2")]);
    }

    #[test]
    fn a_second_capability_is_found_wherever_it_comes_from() {
        let found = |path: &str, text: &str| there_is_one_narrow_capability(&facts(path, text)).len();
        assert_eq!(found("src-tauri/capabilities/main.json", r#"{"windows": ["main"]}"#), 1);
        assert_eq!(found("src-tauri/src/start.rs", "app.add_capability(MORE)?;"), 1);
        let taken = |names: &str| format!(r#"{{"app": {{"security": {{"capabilities": {names}}}}}}}"#);
        assert_eq!(found(CONFIGURATION, &taken(r#"["main"]"#)), 0);
        assert_eq!(found(CONFIGURATION, &taken(r#"["main", "login"]"#)), 1);
        assert_eq!(found(CONFIGURATION, "{}"), 1, "without a list Tauri takes every capability it finds");
    }

    #[test]
    fn a_script_for_a_page_is_found() {
        let path = "src-tauri/src/login_window/opening.rs";
        assert!(pages_stay_untouched(&facts(path, ".title(title)\n.incognito(true)")).is_empty());
        assert_eq!(pages_stay_untouched(&facts(path, "builder\n.initialization_script(LOOK)")), [format!("{path}:2")]);
    }

    #[test]
    fn a_window_with_global_objects_or_without_a_policy_is_found() {
        let path = "src-tauri/tauri.conf.json";
        let strict = r#"{"app": {"withGlobalTauri": false, "security": {"csp": "default-src 'self'"}}}"#;
        assert!(window_is_strict(&facts(path, strict)).is_empty());
        let loose = r#"{"app": {"withGlobalTauri": true, "security": {"csp": null}}}"#;
        assert_eq!(window_is_strict(&facts(path, loose)).len(), 2);
    }
}
