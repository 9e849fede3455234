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
    fn a_window_with_global_objects_or_without_a_policy_is_found() {
        let path = "src-tauri/tauri.conf.json";
        let strict = r#"{"app": {"withGlobalTauri": false, "security": {"csp": "default-src 'self'"}}}"#;
        assert!(window_is_strict(&facts(path, strict)).is_empty());
        let loose = r#"{"app": {"withGlobalTauri": true, "security": {"csp": null}}}"#;
        assert_eq!(window_is_strict(&facts(path, loose)).len(), 2);
    }
}
