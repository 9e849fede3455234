//! Rules about the web UI.

use super::tree::SourceFile;
use super::{Facts, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
        says: "Only ui/src/ipc imports @tauri-apps.",
        because: "one door to the backend can be typed, watched and replaced in a test",
        broken_by: one_door,
    },
    Rule {
        says: "The kit imports nothing of domain or screens.",
        because: "a button that knows what a client is can be used for nothing else",
        broken_by: kit_knows_no_domain,
    },
    Rule {
        says: "No component uses {@html}.",
        because: "text from a provider is shown, never obeyed",
        broken_by: no_raw_html,
    },
    Rule {
        says: "npm packages come from the public registry.",
        because: "a lock file that names another place installs for nobody else, or something else",
        broken_by: public_npm_packages,
    },
];

fn one_door(facts: &Facts) -> Vec<String> {
    // A test plays the backend, and then it stands on the other side of the door.
    let may_not = |path: &str| !path.starts_with("ui/src/ipc/") && !path.ends_with(".test.ts");
    imports(facts, may_not, |module| module.starts_with("@tauri-apps/"))
}

fn kit_knows_no_domain(facts: &Facts) -> Vec<String> {
    let is_above =
        |module: &str| module.trim_start_matches('$').split('/').any(|part| part == "domain" || part == "screens");
    imports(facts, |path| path.starts_with("ui/src/kit/"), is_above)
}

fn no_raw_html(facts: &Facts) -> Vec<String> {
    let components = facts.files.iter().filter(|file| file.has_ending(&["svelte"]));
    components.flat_map(SourceFile::lines).filter(|(_, line)| line.contains("{@html")).map(|(place, _)| place).collect()
}

fn public_npm_packages(facts: &Facts) -> Vec<String> {
    const PUBLIC: &str = "\"resolved\": \"https://registry.npmjs.org/";
    let locks = facts.files.iter().filter(|file| file.path.ends_with("package-lock.json"));
    let places = locks.flat_map(SourceFile::lines).filter(|(_, line)| line.contains("\"resolved\": \""));
    places.filter(|(_, line)| !line.contains(PUBLIC)).map(|(place, _)| place).collect()
}

/// Imports of such a module in files of the UI at such a path.
fn imports(facts: &Facts, at: fn(&str) -> bool, is_such: impl Fn(&str) -> bool) -> Vec<String> {
    let scripts =
        facts.files.iter().filter(|file| file.path.starts_with("ui/src/") && file.has_ending(&["ts", "svelte", "js"]));
    let lines = scripts.filter(|file| at(&file.path)).flat_map(SourceFile::lines);
    let found =
        lines.filter_map(|(place, line)| Some((place, imported_module(line).filter(|module| is_such(module))?)));
    found.map(|(place, module)| format!("{place} imports {module}")).collect()
}

/// The module a line imports, statically or dynamically, or mocks in a test.
fn imported_module(line: &str) -> Option<&str> {
    const BEFORE: [&str; 4] = ["from ", "import ", "import(", "vi.mock("];
    let quoted = BEFORE.iter().find_map(|word| {
        let rest = line.split(word).last()?;
        (rest.len() < line.len()).then_some(rest).filter(|rest| rest.starts_with(['"', '\'']))
    })?;
    quoted[1..].split(['"', '\'']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(path: &str, text: &str) -> Facts {
        Facts { files: vec![SourceFile::new(path, text)], ..Facts::default() }
    }

    #[test]
    fn the_backend_is_called_through_one_door() {
        let line = "import { invoke } from \"@tauri-apps/api/core\";";
        let stray = one_door(&facts("ui/src/screens/Login.svelte", line));
        assert_eq!(stray, ["ui/src/screens/Login.svelte:1 imports @tauri-apps/api/core"]);
        assert!(one_door(&facts("ui/src/ipc/call.ts", line)).is_empty());
        assert!(one_door(&facts("ui/src/screens/Login.test.ts", line)).is_empty());
    }

    #[test]
    fn every_form_of_import_is_seen() {
        assert_eq!(imported_module("import \"./base.css\";"), Some("./base.css"));
        assert_eq!(imported_module("const m = await import('$domain/run');"), Some("$domain/run"));
        assert_eq!(imported_module("export { a } from './a';"), Some("./a"));
        assert_eq!(imported_module("} from \"svelte\";"), Some("svelte"));
        assert_eq!(imported_module("const from = \"here\";"), None);
    }

    #[test]
    fn the_kit_knows_no_words_of_the_domain() {
        for module in ["$domain/client/queries", "../domain/run", "$screens/Login.svelte"] {
            let line = format!("import x from \"{module}\";");
            assert_eq!(kit_knows_no_domain(&facts("ui/src/kit/Table.svelte", &line)).len(), 1, "{module}");
            assert!(kit_knows_no_domain(&facts("ui/src/screens/A.svelte", &line)).is_empty());
        }
        assert!(kit_knows_no_domain(&facts("ui/src/kit/A.svelte", "import x from \"./Button.svelte\";")).is_empty());
    }

    #[test]
    fn raw_html_is_found() {
        assert_eq!(no_raw_html(&facts("ui/src/kit/A.svelte", "<p>{@html text}</p>")), ["ui/src/kit/A.svelte:1"]);
        assert!(no_raw_html(&facts("ui/src/kit/A.svelte", "<p>{text}</p>")).is_empty());
    }

    #[test]
    fn a_package_from_elsewhere_is_found() {
        let public = "\"resolved\": \"https://registry.npmjs.org/svelte/-/svelte-5.0.0.tgz\",";
        assert!(public_npm_packages(&facts("ui/package-lock.json", public)).is_empty());
        let other = "\"resolved\": \"https://mirror.example/svelte.tgz\",";
        assert_eq!(public_npm_packages(&facts("ui/package-lock.json", other)), ["ui/package-lock.json:1"]);
    }
}
