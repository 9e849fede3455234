//! A virtual display: what a person would see, as pictures.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use super::Process;

/// An X server without a screen.
#[derive(Debug)]
pub struct Display {
    name: String,
    pixels: TempDir,
    _server: Process,
}

impl Display {
    /// Starts one of the given size on a free display number.
    pub async fn start(width: u32, height: u32) -> Result<Self> {
        let screen = format!("{width}x{height}x24");
        let pixels = TempDir::with_prefix("gatewright-pixels-")?;
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-noreset"]);
        command.arg("-fbdir").arg(pixels.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = Process::spawn("Xvfb", &mut command)?;
        let output = server.child().stdout.take().context("Xvfb has no output")?;
        let number = BufReader::new(output).lines().next_line().await?.context("Xvfb named no display")?;
        Ok(Self { name: format!(":{}", number.trim()), pixels, _server: server })
    }

    /// What goes into `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file that always holds what is on the display, as an X window dump: whoever reads it disturbs nobody.
    pub fn pixels(&self) -> PathBuf {
        self.pixels.path().join("Xvfb_screen0")
    }

    /// Takes a picture of everything on the display.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        self.import(&["-window", "root"], file).await
    }

    /// Takes a picture of one window.
    pub async fn picture_of(&self, window: &str, file: &Path) -> Result<()> {
        self.import(&["-window", window], file).await
    }

    async fn import(&self, what: &[&str], file: &Path) -> Result<()> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let status = Command::new("import")
            .env("DISPLAY", &self.name)
            .args(what)
            .arg(file)
            .stderr(Stdio::null())
            .status()
            .await?;
        ensure!(status.success(), "no picture could be taken");
        Ok(())
    }
}
