//! Real key presses in a login view. WebDriver cannot see one: it is a browser of its own, which is the point of it.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::process::Command;

use crate::stage::PATIENCE;

/// A page that shows something has more colours than this.
const BLANK_COLOURS: usize = 3;

/// A login view on a display, found by its title.
#[derive(Clone, Debug)]
pub struct LoginView {
    display: String,
    window: String,
}

impl LoginView {
    /// Waits until a window whose title matches the pattern stands on the display.
    pub async fn wait_for(display: &str, title: &str) -> Result<Self> {
        let searching = async {
            loop {
                if let Some(window) = search(display, title).await {
                    return window;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let Ok(window) = tokio::time::timeout(PATIENCE, searching).await else {
            bail!("no window is titled like {title:?}; there are: {}", titles(display).await.join(" | "));
        };
        let view = Self { display: display.to_owned(), window };
        // Long before the first key: a page takes a moment to notice that its window has the focus, and loses keys until then.
        view.focus().await?;
        Ok(view)
    }

    /// Waits until the view's title matches: each page of a sandbox twin has its own.
    pub async fn turns_to(&self, title: &str) -> Result<()> {
        let turned = Self::wait_for(&self.display, title).await?;
        ensure!(turned.window == self.window, "another window has the title {title:?}");
        Ok(())
    }

    /// Waits until the page is painted and stands still: only then has its field the focus.
    pub async fn stands_still(&self) -> Result<()> {
        let standing = async {
            let mut before = Vec::new();
            loop {
                let now = self.colours().await?;
                if now == before && now.iter().filter(|line| !line.is_empty()).count() > BLANK_COLOURS {
                    return anyhow::Ok(());
                }
                before = now;
            }
        };
        tokio::time::timeout(PATIENCE, standing).await.context("the page never stood still")?
    }

    /// The colours of the page with how often each occurs: what two looks at it are compared by.
    async fn colours(&self) -> Result<Vec<String>> {
        let output = Command::new("import")
            .env("DISPLAY", &self.display)
            .args(["-window", &self.window, "-resize", "25%", "-format", "%c", "histogram:info:-"])
            .output()
            .await?;
        Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
    }

    /// Types into whatever has the focus on the page.
    pub async fn types(&self, text: &str) -> Result<()> {
        self.focus().await?;
        self.xdotool(&["type", "--delay", "8", text]).await
    }

    /// Presses keys, each by its X name: `Tab`, `Return`, `shift+Tab`.
    pub async fn presses(&self, keys: &[&str]) -> Result<()> {
        self.focus().await?;
        let mut arguments = vec!["key", "--delay", "30"];
        arguments.extend(keys);
        self.xdotool(&arguments).await
    }

    /// Closes the window as its frame's button would.
    pub async fn closes(&self) -> Result<()> {
        self.xdotool(&["windowquit", &self.window]).await
    }

    /// The X window's id, for a picture of it.
    pub fn id(&self) -> &str {
        &self.window
    }

    /// Waits until the window is gone.
    pub async fn is_gone(&self) -> Result<()> {
        let going = async {
            while Command::new("xdotool")
                .env("DISPLAY", &self.display)
                .args(["getwindowname", &self.window])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .await
                .is_ok_and(|status| status.success())
            {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, going).await.context("the login view is still there")
    }

    /// There is no window manager that would do it.
    async fn focus(&self) -> Result<()> {
        self.xdotool(&["windowfocus", "--sync", &self.window]).await?;
        // The first key after a change of focus wakes the input method and may go no further: let it be one that does nothing.
        self.xdotool(&["key", "Shift_L"]).await
    }

    async fn xdotool(&self, arguments: &[&str]) -> Result<()> {
        let output = Command::new("xdotool").env("DISPLAY", &self.display).args(arguments).output().await?;
        ensure!(output.status.success(), "xdotool {}: {}", arguments[0], String::from_utf8_lossy(&output.stderr));
        Ok(())
    }
}

async fn search(display: &str, title: &str) -> Option<String> {
    let output = Command::new("xdotool")
        .env("DISPLAY", display)
        .args(["search", "--onlyvisible", "--name", title])
        .stderr(Stdio::null())
        .output()
        .await
        .ok()?;
    String::from_utf8_lossy(&output.stdout).lines().last().map(str::to_owned)
}

async fn titles(display: &str) -> Vec<String> {
    let script = "xdotool search --onlyvisible --name '.*' | while read w; do xdotool getwindowname $w; done";
    let output = Command::new("sh").env("DISPLAY", display).args(["-c", script]).stderr(Stdio::null()).output().await;
    output
        .map(|output| String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
        .unwrap_or_default()
}
