//! A core for the server and another for the load, so that a fast load tool does not slow the server it measures.

use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The two cores that are used, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cores {
    /// Where servers run.
    pub server: usize,
    /// Where the load comes from.
    pub load: usize,
}

impl Cores {
    /// The first and the last core this process may use; on a machine with a single one, both are that one.
    pub fn find() -> Result<Self> {
        let status = std::fs::read_to_string("/proc/self/status").context("this needs Linux")?;
        let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
        let cores = cores_in(allowed.context("the system names no cores")?);
        let (first, last) = cores.first().copied().zip(cores.last().copied()).context("the system names no cores")?;
        Ok(Self { server: first, load: last })
    }

    /// Keeps this process, with every thread it starts from now on, on the load's core.
    pub fn take_load_core(self) -> Result<()> {
        let pinned = Command::new("taskset")
            .args(["-cp", &self.load.to_string(), &std::process::id().to_string()])
            .output()
            .context("taskset (of the package util-linux) is not there")?;
        ensure!(pinned.status.success(), "taskset: {}", String::from_utf8_lossy(&pinned.stderr));
        Ok(())
    }

    /// A program that will run on the server's core.
    pub fn on_server_core(self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("taskset");
        command.args(["-c", &self.server.to_string()]).arg(program);
        command
    }
}

/// The numbers of a list such as `0-2,5`.
fn cores_in(list: &str) -> Vec<usize> {
    let parts = list.trim().split(',');
    let ranges = parts.filter_map(|part| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        Some(from.parse::<usize>().ok()?..=to.parse::<usize>().ok()?)
    });
    ranges.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::cores_in;

    #[test]
    fn a_list_of_cores_has_numbers_and_ranges() {
        assert_eq!(cores_in("\t0-2,5"), [0, 1, 2, 5]);
        assert_eq!(cores_in("3"), [3]);
    }
}
