//! Building the UI and the app around it.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::process::{compiler, npm, run};
use crate::project::Project;

/// Makes the debug build carry the built UI instead of looking for a development server.
pub(crate) const APP_FEATURES: &str = "gatewright-shell/custom-protocol";

/// What is built together with it: cargo unites the features of everything it is asked for at once.
pub(crate) const APP_PACKAGES: &[&str] = &["-p", "gatewright-shell", "-p", "gatewright-tests"];

/// Builds the UI unless nothing in it has changed since the last time.
pub(crate) fn build_ui(project: &Project) -> anyhow::Result<()> {
    let ui = project.ui();
    let built = modified(&ui.join("dist/index.html"));
    if built.is_some_and(|built| newest_source(&ui).is_some_and(|source| source < built)) {
        return Ok(());
    }
    run(npm(project).args(["run", "build"]))
}

/// Builds the app and the tests' programs together and returns the app's path.
pub(crate) fn build_app(project: &Project) -> anyhow::Result<PathBuf> {
    run(compiler(project).arg("build").args(APP_PACKAGES).args(["--features", APP_FEATURES]))?;
    Ok(project.debug_binary("gatewright"))
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

/// When something the UI is built from was last written. Folders count too: their time tells of a
/// deleted file. The UI's own folder does not, because a build changes it.
fn newest_source(ui: &Path) -> Option<SystemTime> {
    const RESULTS: [&str; 4] = ["dist", "dist-dev", "node_modules", "coverage"];
    let entries = std::fs::read_dir(ui).ok()?.flatten();
    entries
        .filter(|entry| !RESULTS.iter().any(|name| entry.file_name() == *name))
        .filter_map(|e| newest(&e.path()))
        .max()
}

fn newest(path: &Path) -> Option<SystemTime> {
    let within = std::fs::read_dir(path).into_iter().flatten().flatten();
    within.filter_map(|entry| newest(&entry.path())).chain(modified(path)).max()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn only_what_the_ui_is_built_from_makes_it_out_of_date() -> std::io::Result<()> {
        let ui = std::env::temp_dir().join(format!("gatewright-newest-{}", std::process::id()));
        for folder in ["src/kit", "dist"] {
            std::fs::create_dir_all(ui.join(folder))?;
        }
        std::fs::write(ui.join("src/kit/Button.svelte"), "")?;
        let source = newest_source(&ui);

        let later = source.unwrap_or(SystemTime::UNIX_EPOCH) + Duration::from_mins(1);
        std::fs::File::create(ui.join("dist/index.html"))?.set_modified(later)?;
        assert_eq!(newest_source(&ui), source, "the result of a build is no source");

        std::fs::File::open(ui.join("src/kit/Button.svelte"))?.set_modified(later)?;
        assert_eq!(newest_source(&ui), Some(later), "a file deep inside is one");
        std::fs::remove_dir_all(ui)
    }
}
