//! A server under measurement, on a core of its own.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use gatewright_tests::stage::free_port;

use crate::cores::Cores;
use crate::load::Connection;
use crate::milliseconds_since;
use crate::process::{resident_megabytes, sibling};

/// How long a server may take to answer at all.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server; it ends when this is dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// How long it took from the start of its process to its first answer of 200, in milliseconds.
    pub cold_start: f64,
}

impl Server {
    /// Starts a program that listens on a port it is told, and waits until `path` is there.
    pub async fn start(path: &str, command: impl FnOnce(u16) -> Result<Command>) -> Result<Self> {
        let port = free_port()?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut command = command(port)?;
        let start = Instant::now();
        let child = command.stdin(Stdio::null()).spawn().with_context(|| format!("{command:?} does not start"))?;
        let mut server = Self { child, address, cold_start: 0.0 };
        while !answers(address, path).await {
            ensure!(server.child.try_wait()?.is_none(), "{command:?} has ended by itself");
            ensure!(start.elapsed() < PATIENCE, "{command:?} does not answer");
            tokio::time::sleep(Duration::from_micros(250)).await;
        }
        server.cold_start = milliseconds_since(start);
        Ok(server)
    }

    /// The sandbox, with an app of Chaster's twin that redirects to `redirect_uri`, where everybody is signed in and approves.
    pub async fn sandbox(cores: Cores, redirect_uri: &str) -> Result<(Self, App)> {
        let mut sandbox = Self::start("/", |port| {
            let mut command = cores.on_server_core(sibling("gatewright-sandbox")?);
            command.args(["--port", &port.to_string(), "--auto-approve", &format!("--app=chaster={redirect_uri}")]);
            command.stdout(Stdio::piped());
            Ok(command)
        })
        .await?;
        let printed = BufReader::new(sandbox.child.stdout.take().context("the sandbox prints nothing")?);
        let lines = printed.lines().map_while(Result::ok);
        let app = lines.take_while(|line| !line.starts_with("Ctrl-C")).find_map(|line| App::read(&line));
        Ok((sandbox, app.context("the sandbox did not say which app it registered")?))
    }

    /// A peer: a script of `folder`, run by Node.
    pub async fn peer(cores: Cores, folder: &Path, script: &str) -> Result<Self> {
        Self::start("/.well-known/openid-configuration", |port| {
            let mut command = cores.on_server_core("node");
            command.arg(script).current_dir(folder).env("PORT", port.to_string());
            // Peers warn of this and that; what matters is seen when they do not answer.
            command.env("NODE_ENV", "production").stdout(Stdio::null()).stderr(Stdio::null());
            Ok(command)
        })
        .await
    }

    /// What it holds in memory right now, in MB.
    pub fn megabytes(&self) -> Result<f64> {
        resident_megabytes(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// An app that the sandbox has registered, as it prints it.
pub struct App {
    /// Its client ID.
    pub id: String,
    /// Its secret: good for this one sandbox only, which forgets it at its end.
    pub secret: String,
}

impl App {
    fn read(line: &str) -> Option<Self> {
        let (before, secret) = line.strip_prefix("app at ")?.split_once(" secret ")?;
        let (_, id) = before.split_once(" id ")?;
        Some(Self { id: id.trim().to_owned(), secret: secret.trim().to_owned() })
    }
}

async fn answers(address: SocketAddr, path: &str) -> bool {
    let asked = async { Connection::open(address).await?.get(path, None).await?.expect(200) };
    asked.await.is_ok()
}

#[cfg(test)]
mod tests {
    use super::App;

    #[test]
    fn the_line_about_an_app_is_understood() {
        let app = App::read("app at Chaster    id app-1  secret s3").unwrap();
        assert_eq!((app.id.as_str(), app.secret.as_str()), ("app-1", "s3"));
        assert!(App::read("Ctrl-C stops.").is_none());
    }
}
