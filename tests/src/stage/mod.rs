//! A computer of its own for one story.

mod browser;
mod display;
mod driver;
mod process;
mod web_process;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use gatewright_testkit::keyring::KeyringStage;
use tempfile::TempDir;

pub use self::browser::RealBrowser;
pub use self::display::Display;
pub use self::driver::{Driver, free_port};
pub use self::process::{Process, signal};
pub use self::web_process::WebProcess;
use crate::hands::{LoginView, Window, ask_to_close, main_window};

/// How long a story waits for something that should happen soon. These machines are noisy.
pub const PATIENCE: Duration = Duration::from_mins(1);

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
    window: Option<Window>,
    /// The process of the application that is open.
    application: Option<u32>,
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
        Ok(Self {
            parts,
            keyring,
            display,
            data,
            extra: BTreeMap::new(),
            driver: None,
            window: None,
            application: None,
        })
    }

    /// Puts something into the environment Gatewright is started with from now on.
    pub fn with(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    /// Opens Gatewright and gives its window into somebody's hands.
    pub async fn open(&mut self) -> Result<Window> {
        let client = match self.connects().await? {
            Some(client) => client,
            // On a busy computer another program may have taken one of the driver's two ports before the driver did.
            None => self.connects().await?.context("the driver broke off twice before there was a window")?,
        };
        let window = Window::new(client);
        self.window = Some(window.clone());
        self.application = Some(main_window(self.display.name()).await?.1);
        Ok(window)
    }

    /// Starts Gatewright by the driver; without an answer that driver is ended, and the next one has other ports.
    async fn connects(&mut self) -> Result<Option<fantoccini::Client>> {
        let driver = match self.driver.take() {
            Some(driver) => driver,
            None => Driver::start(&self.parts, &self.environment()).await?,
        };
        let client = driver.open(&self.parts.application).await;
        match client {
            Ok(None) => driver.end().await,
            _ => self.driver = Some(driver),
        }
        client
    }

    /// Starts Gatewright by way of another program from now on.
    pub fn starts_by(&mut self, launcher: PathBuf) -> &mut Self {
        self.parts.application = launcher;
        self
    }

    /// The processes that draw the pages of the Gatewright that is open.
    pub fn web_processes(&self) -> Result<Vec<WebProcess>> {
        WebProcess::of(self.application.context("Gatewright is not open")?)
    }

    /// Takes a picture of Gatewright's window, as the display has it: the driver's own pictures sometimes never come.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        let (window, _) = main_window(self.display.name()).await?;
        self.display.picture_of(&window, file).await
    }

    /// The window, while Gatewright is open.
    pub fn window(&self) -> Option<&Window> {
        self.window.as_ref()
    }

    /// Closes Gatewright by its window's button, waits until it has ended, and ends what drove it. WebDriver would only kill it.
    pub async fn close(&mut self) -> Result<()> {
        if self.window.take().is_some() {
            let (window, _) = main_window(self.display.name()).await?;
            ask_to_close(self.display.name(), &window).await?;
        }
        self.has_ended().await
    }

    /// Waits until the application has ended, and ends what drove it.
    async fn has_ended(&mut self) -> Result<()> {
        if let Some(application) = self.application.take() {
            let ending = async {
                while process::is_running(application) {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            };
            tokio::time::timeout(PATIENCE, ending).await.context("Gatewright did not end")?;
        }
        if let Some(driver) = self.driver.take() {
            driver.end().await;
        }
        Ok(())
    }

    /// Ends everything on the stage, however the story went.
    pub async fn strike(&mut self) {
        // After a story that went wrong the window may not answer any more; what ends the driver ends it too.
        let _answered = tokio::time::timeout(PATIENCE, self.close()).await;
    }

    /// Starts Gatewright once more, beside the one that is open, and waits until that second process has ended.
    pub async fn starts_again(&self) -> Result<std::process::ExitStatus> {
        let mut command = tokio::process::Command::new(&self.parts.application);
        command.env_clear().envs(self.environment());
        let mut second = Process::start("a second Gatewright", &mut command)?;
        let ended = tokio::time::timeout(PATIENCE, second.child().wait()).await;
        Ok(ended.context("the second Gatewright goes on")??)
    }

    /// Makes a program the system's browser of this computer: it comes first on the search path, by the name that opens addresses.
    pub fn with_browser(&mut self, program: &Path) -> Result<&mut Self> {
        let folder = self.data.path().join("browser");
        std::fs::create_dir_all(&folder)?;
        std::os::unix::fs::symlink(program, folder.join("xdg-open"))?;
        let path = std::env::var("PATH").unwrap_or_default();
        Ok(self.with("PATH", format!("{}:{path}", folder.display())))
    }

    /// Makes a program the system's browser that only notes the address it was started with; gives the file where it stands then.
    pub fn with_browser_that_notes_the_address(&mut self) -> Result<PathBuf> {
        let (program, note) = (self.data.path().join("notes-the-address"), self.data.path().join("address"));
        // Written aside and moved, so that whoever finds the file finds the whole address.
        let script = "#!/bin/sh\nprintf %s \"$1\" > \"$STORY_NOTE.part\" && mv \"$STORY_NOTE.part\" \"$STORY_NOTE\"\n";
        std::fs::write(&program, script)?;
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
        self.with("STORY_NOTE", note.display().to_string());
        self.with_browser(&program)?;
        Ok(note)
    }

    /// The last lines Gatewright wrote into its log.
    pub fn last_of_the_log(&self) -> String {
        let files = std::fs::read_dir(self.data_folder().join("logs")).into_iter().flatten().flatten();
        let text: String = files.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    /// Ends Gatewright with `kill -9`, as a crash would.
    pub async fn kill(&mut self) -> Result<()> {
        let application = self.application.context("Gatewright is not open")?;
        let killed = std::process::Command::new("kill").args(["-9", &application.to_string()]).status()?;
        ensure!(killed.success(), "Gatewright could not be killed");
        self.window = None;
        self.has_ended().await
    }

    /// The login view whose title matches the pattern.
    pub async fn login_view(&self, title: &str) -> Result<LoginView> {
        LoginView::wait_for(self.display.name(), title).await
    }

    /// That many login views whose titles match the pattern, all open at once; the newest is the last.
    pub async fn login_views(&self, title: &str, count: usize) -> Result<Vec<LoginView>> {
        LoginView::wait_for_all(self.display.name(), title, count).await
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
