//! Rules about what the shell lets a page do.

use serde_json::Value;

use super::{Facts, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
        says: "A capability names its windows one by one and admits no remote page.",
        because: "a provider's page in the login window must never be able to call a command",
        broken_by: capabilities_are_narrow,
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

fn capabilities_are_narrow(facts: &Facts) -> Vec<String> {
    let files = facts.files.iter().filter(|file| file.path.starts_with("src-tauri/capabilities/"));
    let problems = files.flat_map(|file| {
        let found = match serde_json::from_str::<Value>(&file.text) {
            Ok(capability) => wide_parts(&capability),
            Err(error) => vec![format!("is not JSON: {error}")],
        };
        found.into_iter().map(move |problem| format!("{} {problem}", file.path))
    });
    problems.collect()
}

fn wide_parts(capability: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    if capability.get("remote").is_some() {
        problems.push("admits remote pages".to_owned());
    }
    let names = |key: &str| capability.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let labels = names("windows").into_iter().chain(names("webviews"));
    let wild = labels.filter(|label| label.as_str().is_some_and(|label| label.contains('*')));
    problems.extend(wild.map(|label| format!("names windows by the pattern {label}")));
    problems
}

fn window_is_strict(facts: &Facts) -> Vec<String> {
    let Some(file) = facts.files.iter().find(|file| file.path == "src-tauri/tauri.conf.json") else {
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
        Facts { files: vec![SourceFile::new(path, text)], dependencies: Vec::new() }
    }

    #[test]
    fn a_capability_for_any_window_or_any_page_is_found() {
        let path = "src-tauri/capabilities/main.json";
        assert!(capabilities_are_narrow(&facts(path, r#"{"windows": ["main"]}"#)).is_empty());
        let wide = capabilities_are_narrow(&facts(path, r#"{"windows": ["*"], "remote": {"urls": []}}"#));
        assert_eq!(wide.len(), 2);
        assert_eq!(capabilities_are_narrow(&facts(path, "windows = []")).len(), 1);
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
