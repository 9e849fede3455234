//! `cargo xtask codegen`: the UI's types, written from the contract, the catalogues of texts, written from the sources, and the document on
//! what proves the engine, written from the tests.

mod coverage;
mod texts;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use crate::process::{cargo, run};
use crate::project::Project;

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
        [flag] if flag == "--check" => check(project)?,
        _ => bail!("codegen takes nothing or --check"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Fails with the names of the files that are not what they are generated from.
pub(crate) fn check(project: &Project) -> anyhow::Result<()> {
    check_types(project)?;
    texts::check(project)?;
    coverage::check(project)
}

fn check_types(project: &Project) -> anyhow::Result<()> {
    let differences = differences(&read(&committed(project))?, &export(project)?);
    if differences.is_empty() {
        return Ok(());
    }
    bail!("the UI's types are out of date; run `cargo xtask codegen`:\n{}", differences.join("\n"))
}

fn write_types(project: &Project) -> anyhow::Result<()> {
    let folder = committed(project);
    let (old, new) = (read(&folder)?, export(project)?);
    let differences = differences(&old, &new);
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        std::fs::remove_file(folder.join(name))?;
    }
    for (name, content) in new.iter().filter(|(name, content)| old.get(*name) != Some(content)) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        std::fs::write(path, content)?;
    }
    println!("{} files of types, {} of them changed", new.len(), differences.len());
    Ok(())
}

/// Where the generated types are kept.
fn committed(project: &Project) -> PathBuf {
    project.ui().join("src/ipc/gen")
}

/// Exports into an empty folder, so that a type which is gone leaves no file behind.
fn export(project: &Project) -> anyhow::Result<Files> {
    let folder = project.target().join("codegen");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let mut test = cargo(project);
    test.args(["test", "--quiet", "-p", "gatewright-contract", "--lib", "export_bindings"]);
    run(test.env("TS_RS_EXPORT_DIR", &folder))?;
    let files = read(&folder)?;
    if files.is_empty() {
        bail!("the contract exported no types");
    }
    Ok(files)
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
