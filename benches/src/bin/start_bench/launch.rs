//! One start of a program with a window.

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use gatewright_benches::process::{lives, proportional_megabytes, tree};

/// How long a program may take to end.
const PATIENCE: Duration = Duration::from_secs(15);

/// A program that runs; with everything it has started it ends when this is dropped.
pub(crate) struct Launch {
    child: Child,
}

impl Launch {
    /// Starts it in a process group of its own, with that environment and nothing else.
    pub(crate) fn start(program: &Path, environment: &BTreeMap<String, String>) -> Result<Self> {
        let mut command = Command::new(program);
        command.env_clear().envs(environment).process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().with_context(|| format!("{} does not start", program.display()))?;
        Ok(Self { child })
    }

    /// What it holds in memory with the processes it has started: the web view has two of its own.
    pub(crate) fn megabytes(&self) -> Result<f64> {
        let processes = tree(self.child.id());
        ensure!(processes.len() >= 3, "the window has no web view: {} processes", processes.len());
        proportional_megabytes(&processes)
    }

    /// Asks it to end and waits until all of it has.
    pub(crate) fn end(mut self) -> Result<()> {
        let processes = tree(self.child.id());
        signal(self.child.id(), "TERM");
        let start = Instant::now();
        while self.child.try_wait()?.is_none() || processes.iter().any(|process| lives(*process)) {
            ensure!(start.elapsed() < PATIENCE, "the program does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Launch {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            gatewright_tests::stage::signal(self.child.id(), "KILL");
            let _ended = self.child.wait();
        }
    }
}

/// Signals the program alone; it ends its web view itself.
fn signal(process: u32, name: &str) {
    let _gone_already = Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status();
}
