//! WebDriver for Gatewright's own window.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use fantoccini::error::NewSessionError;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::process::Command;

use super::{PATIENCE, Parts, Process};

/// `tauri-driver`, which starts the application and speaks WebDriver for it.
#[derive(Debug)]
pub struct Driver {
    port: u16,
    process: Process,
}

impl Driver {
    /// Starts it; the application inherits `environment`.
    pub async fn start(parts: &Parts, environment: &BTreeMap<String, String>) -> Result<Self> {
        let (port, native) = (free_port()?, free_port()?);
        let mut command = Command::new(parts.tools.join("tauri-driver"));
        command.args(["--port", &port.to_string(), "--native-port", &native.to_string()]);
        command.env_clear().envs(environment);
        let driver = Self { port, process: Process::start("tauri-driver", &mut command)? };
        // It passes everything on to WebKit's own driver, which it starts; a request that comes before that one listens is lost.
        tokio::try_join!(listens("tauri-driver", port), listens("WebKitWebDriver", native))?;
        Ok(driver)
    }

    /// Starts the application and connects to its main window; none when the driver broke off, which says nothing of the application.
    pub async fn open(&self, application: &Path) -> Result<Option<Client>> {
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("tauri:options".to_owned(), json!({ "application": application, "args": [] }));
        let address = format!("http://127.0.0.1:{}", self.port);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let connecting = builder.capabilities(capabilities);
        let connected = tokio::time::timeout(2 * PATIENCE, connecting.connect(&address))
            .await
            .map_err(|_| anyhow!("the application did not show a window in time"))?;
        match connected {
            Err(
                cause @ (NewSessionError::Failed(_)
                | NewSessionError::FailedC(_)
                | NewSessionError::Lost(_)
                | NewSessionError::NotW3C(_)),
            ) => {
                eprintln!("The driver broke off before there was a window: {cause}");
                Ok(None)
            }
            answered => answered.map(Some).context("no WebDriver session"),
        }
    }

    /// Ends it with everything it started.
    pub async fn end(self) {
        self.process.end(Duration::from_secs(5)).await;
    }
}

/// Waits until somebody listens on a port.
pub(super) async fn listens(name: &str, port: u16) -> Result<()> {
    let listening = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, listening).await.with_context(|| format!("{name} does not listen"))
}

/// A port that nobody listens on right now.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
