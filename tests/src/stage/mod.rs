//! A computer of its own for one story.

mod display;
mod driver;
mod process;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use gatewright_testkit::keyring::KeyringStage;
use tempfile::TempDir;

pub use self::display::Display;
pub use self::driver::{Driver, free_port};
pub use self::process::{Process, signal};
use crate::hands::{LoginView, Window};

/// How long a story waits for something that should happen soon. These machines are noisy.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Where the parts of Gatewright are that a story needs.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The application.
    pub application: PathBuf,
    /// The folder with `tauri-driver`.
    pub tools: PathBuf,
}

impl Parts {
    /// Reads `GATEWRIGHT_BIN` and `GATEWRIGHT_TOOLS`, which `cargo xtask` sets; without them the places where it puts things.
    pub fn find() -> Result<Self> {
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
        let or = |name: &str, usual: &str| std::env::var_os(name).map_or_else(|| target.join(usual), PathBuf::from);
        let application = or("GATEWRIGHT_BIN", "debug/gatewright");
        let application =
            application.canonicalize().with_context(|| format!("no application at {}", application.display()))?;
        Ok(Self { application, tools: or("GATEWRIGHT_TOOLS", "tools/bin") })
    }
}

/// What kind of keyring the computer of a story has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyringKind {
    /// There and unlocked.
    Unlocked,
    /// There and locked.
    Locked,
    /// There is none.
    Absent,
}

/// A computer of its own for one story: display, keyring, home, and Gatewright when it is open.
pub struct Stage {
    parts: Parts,
    /// The keyring with its D-Bus session; a story may lock, freeze or restart it.
    pub keyring: KeyringStage,
    display: Display,
    data: TempDir,
    extra: BTreeMap<String, String>,
    driver: Option<Driver>,
}

impl Stage {
    /// Sets the stage; Gatewright is not open yet.
    pub async fn set(keyring: KeyringKind) -> Result<Self> {
        Self::set_with_size(keyring, 1320, 900).await
    }

    /// Sets the stage with a display of that size.
    pub async fn set_with_size(keyring: KeyringKind, width: u32, height: u32) -> Result<Self> {
        let parts = Parts::find()?;
        let keyring = tokio::task::spawn_blocking(move || match keyring {
            KeyringKind::Unlocked => KeyringStage::unlocked(),
            KeyringKind::Locked => KeyringStage::locked(),
            KeyringKind::Absent => KeyringStage::bus_only(),
        });
        let (keyring, display) = tokio::try_join!(async { anyhow::Ok(keyring.await?) }, Display::start(width, height))?;
        let data = TempDir::with_prefix("gatewright-story-")?;
        Ok(Self { parts, keyring, display, data, extra: BTreeMap::new(), driver: None })
    }

    /// Puts something into the environment Gatewright is started with from now on.
    pub fn with(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    /// Opens Gatewright and gives its window into somebody's hands.
    pub async fn open(&mut self) -> Result<Window> {
        if self.driver.is_none() {
            self.driver = Some(Driver::start(&self.parts, &self.environment()).await?);
        }
        let driver = self.driver.as_ref().context("no driver")?;
        Ok(Window::new(driver.open(&self.parts.application).await?))
    }

    /// Closes Gatewright as its window's button would, and everything that drove it.
    pub async fn close(&mut self, window: Window) -> Result<()> {
        window.client().clone().close().await?;
        if let Some(driver) = self.driver.take() {
            driver.end().await;
        }
        Ok(())
    }

    /// Ends Gatewright with `kill -9`, as a crash would.
    pub async fn kill(&mut self) -> Result<()> {
        let name = self.parts.application.file_name().context("an application without a name")?;
        let data = self.data_folder();
        for entry in std::fs::read_dir("/proc")?.flatten() {
            let path = entry.path();
            let is_ours = std::fs::read_link(path.join("exe")).is_ok_and(|exe| exe.file_name() == Some(name))
                && std::fs::read(path.join("environ")).is_ok_and(|environment| {
                    String::from_utf8_lossy(&environment).contains(&data.display().to_string())
                });
            if is_ours {
                let _gone_already = std::process::Command::new("kill").arg("-9").arg(entry.file_name()).status();
            }
        }
        if let Some(driver) = self.driver.take() {
            driver.end().await;
        }
        Ok(())
    }

    /// The login view whose title matches the pattern.
    pub async fn login_view(&self, title: &str) -> Result<LoginView> {
        LoginView::wait_for(self.display.name(), title).await
    }

    /// The display.
    pub fn display(&self) -> &Display {
        &self.display
    }

    /// The parts in use.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The folder Gatewright keeps its data in.
    pub fn data_folder(&self) -> PathBuf {
        self.data.path().join("data")
    }

    /// What Gatewright is started with: nothing of the environment this test runs in but the search path.
    pub fn environment(&self) -> BTreeMap<String, String> {
        let mut all: BTreeMap<String, String> =
            self.keyring.environment().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        all.insert("PATH".to_owned(), std::env::var("PATH").unwrap_or_default());
        all.insert("LANG".to_owned(), "C.UTF-8".to_owned());
        all.insert("DISPLAY".to_owned(), self.display.name().to_owned());
        all.insert("NO_AT_BRIDGE".to_owned(), "1".to_owned());
        all.insert("GATEWRIGHT_DATA_DIR".to_owned(), self.data_folder().display().to_string());
        all.extend(self.extra.clone());
        all
    }
}
