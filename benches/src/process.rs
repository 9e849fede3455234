//! Other programs: finding ours, and what a program with all it has started uses of the memory.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// One of our programs, which stands beside this one.
pub fn sibling(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe().context("this program does not know where it is")?;
    let path = own.with_file_name(name);
    ensure!(path.is_file(), "{} is missing: build it first (cargo xtask bench does)", path.display());
    Ok(path)
}

/// A new folder on the disk the project is on: what is held in memory alone would make every commit look cheap.
pub fn folder_on_disk() -> Result<tempfile::TempDir> {
    let beside = std::env::current_exe().context("this program does not know where it is")?;
    let parent = beside.parent().context("this program is in no folder")?.join("bench-data");
    std::fs::create_dir_all(&parent)?;
    Ok(tempfile::tempdir_in(parent)?)
}

/// What one process holds in memory, in MB (10⁶ bytes): everything resident, shared pages too.
pub fn resident_megabytes(process: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).context("the process is gone")?;
    megabytes(&status, "VmRSS:").context("the system does not say how much memory it uses")
}

/// A process and everything it has started, directly or not.
pub fn tree(root: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> =
        std::fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| relation(&entry)).collect();
    let mut tree = vec![root];
    let mut looked_at = 0;
    while let Some(parent) = tree.get(looked_at).copied() {
        tree.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(child, _)| *child));
        looked_at += 1;
    }
    tree
}

/// What processes hold in memory together, in MB: a page shared by several counts as a part for each (PSS).
pub fn proportional_megabytes(processes: &[u32]) -> Result<f64> {
    let each = processes.iter().map(|process| {
        let path = format!("/proc/{process}/smaps_rollup");
        let rollup = std::fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))?;
        megabytes(&rollup, "Pss:").with_context(|| format!("{path} does not say"))
    });
    each.sum()
}

/// Whether a process is there.
pub fn lives(process: u32) -> bool {
    Path::new(&format!("/proc/{process}")).exists()
}

/// A process and its parent.
fn relation(entry: &std::fs::DirEntry) -> Option<(u32, u32)> {
    let process = entry.file_name().to_str()?.parse().ok()?;
    let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
    // The name stands in parentheses and may hold anything.
    let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
    Some((process, parent))
}

/// The number on the line with that label, which the system gives in KiB.
fn megabytes(text: &str, label: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(label))?;
    Some(line.trim().trim_end_matches(" kB").parse::<f64>().ok()? * 1024.0 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_given_in_millions_of_bytes() {
        let status = "VmPeak:\t  999 kB\nVmRSS:\t   10000 kB\n";
        assert_eq!(megabytes(status, "VmRSS:"), Some(10.24));
        assert_eq!(megabytes(status, "Pss:"), None);
    }

    #[test]
    fn a_child_belongs_to_the_tree_of_whoever_started_it() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        assert!(tree(std::process::id()).contains(&child.id()));
        assert!(proportional_megabytes(&[child.id()]).unwrap() > 0.0);
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
