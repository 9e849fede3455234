//! `cargo xtask codegen`: the UI's types, written from the contract, the catalogues of texts, written from the sources, and the document on
//! what proves the engine, written from the tests.

mod coverage;
mod texts;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use crate::app_build::APP_FEATURES;
use crate::process::{compiler, run};
use crate::project::Project;

/// What is there already of what writes the generated files. Cargo unites the features of everything it is asked for at once, and asked
/// for less than before it compiles once more what that shares with the rest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Built {
    /// Nothing: the least is asked for.
    Nothing,
    /// The application and the tests of everything.
    Everything,
}

/// Files of one folder: name relative to the folder, content.
type Files = BTreeMap<String, String>;

/// Writes what is generated, or with `--check` only compares it.
pub(crate) fn codegen(project: &Project, arguments: &[String]) -> anyhow::Result<ExitCode> {
    match arguments {
        [] => {
            write_types(project)?;
            texts::write(project)?;
            coverage::write(project)?;
        }
        [flag] if flag == "--check" => check_with(project, Built::Nothing)?,
        _ => bail!("codegen takes nothing or --check"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Fails with the names of the files that are not what they are generated from. For whoever has built the tests of everything.
pub(crate) fn check(project: &Project) -> anyhow::Result<()> {
    check_with(project, Built::Everything)
}

fn check_with(project: &Project, built: Built) -> anyhow::Result<()> {
    check_types(project, built)?;
    texts::check(project)?;
    coverage::check(project, built)
}

fn check_types(project: &Project, built: Built) -> anyhow::Result<()> {
    let differences = differences(&read(&committed(project))?, &export(project, built)?);
    if differences.is_empty() {
        return Ok(());
    }
    bail!("the UI's types are out of date; run `cargo xtask codegen`:\n{}", differences.join("\n"))
}

fn write_types(project: &Project) -> anyhow::Result<()> {
    let folder = committed(project);
    let (old, new) = (read(&folder)?, export(project, Built::Nothing)?);
    replace(&folder, &old, &new)?;
    println!("{} files of types, {} of them changed", new.len(), differences(&old, &new).len());
    Ok(())
}

/// Writes what is new or other than before into a folder, and removes what is no longer generated.
fn replace(folder: &Path, old: &Files, new: &Files) -> anyhow::Result<()> {
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        std::fs::remove_file(folder.join(name))?;
    }
    for (name, content) in new.iter().filter(|(name, content)| old.get(*name) != Some(content)) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        std::fs::write(path, content)?;
    }
    Ok(())
}

/// Where the generated types are kept.
fn committed(project: &Project) -> PathBuf {
    project.ui().join("src/ipc/gen")
}

/// Exports into an empty folder, so that a type which is gone leaves no file behind.
fn export(project: &Project, built: Built) -> anyhow::Result<Files> {
    let folder = match built {
        Built::Nothing => project.target().join("codegen"),
        Built::Everything => written_by_tests(project),
    };
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let packages: &[&str] = match built {
        Built::Nothing => &["-p", "gatewright-contract"],
        Built::Everything => &["--workspace", "--features", APP_FEATURES],
    };
    let mut test = compiler(project);
    test.args(["test", "--quiet"]).args(packages).args(["--lib", "export_bindings"]);
    run(test.env("TS_RS_EXPORT_DIR", &folder))?;
    let files = read(&folder)?;
    if files.is_empty() {
        bail!("the contract exported no types");
    }
    Ok(files)
}

/// Where the tests of everything write the types. The compiler notes the folder with the contract's tests, and would compile them anew for
/// another one.
pub(crate) fn written_by_tests(project: &Project) -> PathBuf {
    project.target().join("codegen-of-tests")
}

fn read(folder: &Path) -> anyhow::Result<Files> {
    let mut files = Files::new();
    collect(folder, folder, &mut files).with_context(|| format!("reading {}", folder.display()))?;
    Ok(files)
}

fn collect(root: &Path, folder: &Path, files: &mut Files) -> std::io::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.insert(name, std::fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

/// One line for every file that is missing, left over or different.
fn differences(committed: &Files, exported: &Files) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, content) in exported {
        match committed.get(name) {
            None => lines.push(format!("  {name} is missing")),
            Some(old) if old != content => lines.push(format!("  {name} differs")),
            Some(_) => {}
        }
    }
    let left_over = committed.keys().filter(|name| !exported.contains_key(*name));
    lines.extend(left_over.map(|name| format!("  {name} is no longer generated")));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter().map(|(name, content)| ((*name).to_owned(), (*content).to_owned())).collect()
    }

    #[test]
    fn every_kind_of_difference_is_named_with_its_file() {
        let committed = files(&[("client.ts", "old"), ("gone.ts", ""), ("same.ts", "x")]);
        let exported = files(&[("client.ts", "new"), ("run.ts", ""), ("same.ts", "x")]);
        let lines = differences(&committed, &exported);
        assert_eq!(lines, ["  client.ts differs", "  run.ts is missing", "  gone.ts is no longer generated"]);
    }
}
