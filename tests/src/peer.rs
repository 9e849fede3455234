//! Other people's authorization servers: what they think of us counts, because nobody here wrote them.
//!
//! `cargo xtask test interop` installs them at pinned versions. Each test that needs one starts its own on a free loopback port; it
//! knows nothing at its start and keeps nothing at its end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use tempfile::TempDir;
use tokio::process::Command;

use crate::stage::{PATIENCE, Process};

/// How often a server is started before it is given up.
const STARTS: u32 = 3;

/// What a peer says about itself when it listens: see `interop/servers/`.
#[derive(Deserialize)]
struct Announcement {
    issuer: String,
    clients: BTreeMap<String, KnownClient>,
    person: Account,
    assertion_key: Option<String>,
}

/// A client that is registered at a peer.
#[derive(Clone, Debug, Deserialize)]
pub struct KnownClient {
    /// Its client identifier.
    pub id: String,
    /// Its secret, made for this one start; none for a client that has none.
    pub secret: Option<String>,
}

/// Somebody who may sign in at a peer.
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    /// The name to sign in with; also the subject at oidc-provider.
    pub login: String,
    /// The password.
    pub password: String,
}

/// A running authorization server of somebody else. It ends, with all it has started, when this is dropped.
pub struct Peer {
    name: &'static str,
    announcement: Announcement,
    process: Process,
    /// Its working folder: database and log.
    folder: TempDir,
}

impl Peer {
    /// Starts npm's `oidc-provider`, a certified OpenID provider.
    pub async fn oidc_provider() -> Result<Self> {
        let mut command = Command::new("node");
        command.arg(servers().join("oidc_provider.js")).env("NODE_ENV", "production");
        Self::start("oidc-provider", command).await
    }

    /// Starts the Django project around PyPI's `django-oauth-toolkit`.
    pub async fn django_toolkit() -> Result<Self> {
        let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/interop-python/bin/python");
        let python = std::env::var_os("GATEWRIGHT_INTEROP_PYTHON").map_or(usual, PathBuf::from);
        let mut command = Command::new(python);
        command.arg(servers().join("django_toolkit.py"));
        Self::start("django-oauth-toolkit", command).await
    }

    /// Starts a server and waits until its discovery document is there. One that does not come is started anew: now and then a Node
    /// stands still for ever while it makes its keys.
    async fn start(name: &'static str, mut command: Command) -> Result<Self> {
        let mut started = Self::try_to_start(name, &mut command).await;
        for _ in 1..STARTS {
            if started.is_ok() {
                break;
            }
            started = Self::try_to_start(name, &mut command).await;
        }
        started
    }

    async fn try_to_start(name: &'static str, command: &mut Command) -> Result<Self> {
        let folder = TempDir::with_prefix("gatewright-peer-")?;
        let log = std::fs::File::create(log_in(&folder))?;
        command.current_dir(folder.path()).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let mut process = Process::spawn(name, command).context("`cargo xtask test interop` installs it")?;
        let starting = async {
            let announcement = announced(&mut process, &folder).await?;
            while !answers(&announcement.issuer).await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            anyhow::Ok(announcement)
        };
        let started =
            tokio::time::timeout(PATIENCE / 2, starting).await.context("it took too long").and_then(|inner| inner);
        let announcement = started.with_context(|| format!("{name} did not start; it says\n{}", read_log(&folder)))?;
        Ok(Self { name, announcement, process, folder })
    }

    /// Its issuer identifier, which is also where its endpoints are.
    pub fn issuer(&self) -> &str {
        &self.announcement.issuer
    }

    /// A client by the name it has in `interop/servers/`.
    ///
    /// # Panics
    /// When there is none of that name.
    pub fn client(&self, name: &str) -> &KnownClient {
        self.announcement.clients.get(name).unwrap_or_else(|| panic!("{} knows no client {name}", self.name))
    }

    /// Who may sign in.
    pub const fn account(&self) -> &Account {
        &self.announcement.person
    }

    /// The private key (PEM, PKCS #8, P-256) of the client that authenticates with one; none where there is no such client.
    pub fn assertion_key(&self) -> Option<&str> {
        self.announcement.assertion_key.as_deref()
    }

    /// What it has written so far.
    pub fn log(&self) -> String {
        read_log(&self.folder)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{} ({:?}) says\n{}", self.name, self.process, self.log());
        }
    }
}

/// The folder of the servers' programs.
fn servers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/servers")
}

fn log_in(folder: &TempDir) -> PathBuf {
    folder.path().join("server.log")
}

fn read_log(folder: &TempDir) -> String {
    std::fs::read_to_string(log_in(folder)).unwrap_or_default()
}

/// Waits for the line in which a server says what it knows.
async fn announced(process: &mut Process, folder: &TempDir) -> Result<Announcement> {
    loop {
        // A line may be read before its end was written; then it is no JSON yet.
        let log = read_log(folder);
        if let Some(announcement) = log.lines().find_map(|line| serde_json::from_str(line).ok()) {
            return Ok(announcement);
        }
        if let Some(status) = process.child().try_wait()? {
            bail!("it ended with {status}");
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn answers(issuer: &str) -> bool {
    let client = reqwest::Client::builder().no_proxy().build();
    let Ok(client) = client else { return false };
    let answer = client.get(format!("{issuer}/.well-known/openid-configuration")).send().await;
    answer.is_ok_and(|answer| answer.status().is_success())
}
