//! A child process that ends with its story.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::process::{Child, Command};

/// A child process that is asked to end, and then made to, when it is dropped.
pub struct Process {
    name: &'static str,
    child: Child,
}

impl Process {
    /// Starts a process whose output nobody reads.
    pub fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self::spawn(name, command)
    }

    /// Starts a process with the pipes that `command` was given.
    pub fn spawn(name: &'static str, command: &mut Command) -> Result<Self> {
        let child = command
            .kill_on_drop(true)
            .process_group(0)
            .spawn()
            .with_context(|| format!("{name} could not be started"))?;
        Ok(Self { name, child })
    }

    /// The child itself, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Its process id while it lives.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Asks it to end and waits; after `patience` it is killed.
    pub async fn end(mut self, patience: Duration) {
        if let Some(id) = self.child.id() {
            signal(id, "TERM");
        }
        if tokio::time::timeout(patience, self.child.wait()).await.is_err() {
            let _gone_already = self.child.kill().await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(id) = self.child.id() {
            signal(id, "TERM");
        }
    }
}

impl std::fmt::Debug for Process {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Process").field("name", &self.name).field("id", &self.child.id()).finish()
    }
}

/// Sends a signal to a process group, so that what the process started ends with it.
pub fn signal(id: u32, name: &str) {
    let _gone_already = std::process::Command::new("kill")
        .arg(format!("-{name}"))
        .arg("--")
        .arg(format!("-{id}"))
        .stderr(Stdio::null())
        .status();
}

/// Whether anything of a process goes on. One that has ended and that nobody has asked about yet (a zombie) does not; one whose
/// first thread is a zombie while others are still ending does.
pub(super) fn is_running(id: u32) -> bool {
    let Ok(line) = std::fs::read_to_string(format!("/proc/{id}/stat")) else { return false };
    // The state stands after the name, which stands in brackets and may hold anything.
    let is_zombie = line.rsplit(") ").next().unwrap_or_default().starts_with('Z');
    let threads = std::fs::read_dir(format!("/proc/{id}/task")).map_or(0, Iterator::count);
    !is_zombie || threads > 1
}
