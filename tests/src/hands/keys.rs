//! Real key presses in a login view. WebDriver cannot see one: it is a browser of its own, which is the point of it.

use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::frames::{self, xdotool};
use super::look::Look;
use crate::stage::PATIENCE;

/// How long a page gets to turn after a key before the hand believes that the key was lost.
const TURNS_WITHIN: Duration = Duration::from_secs(12);

/// Where a window is on the display, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    x: i32,
    y: i32,
    width: i32,
    height: i32,
}

impl Place {
    /// Whether two windows have a pixel in common.
    pub fn covers(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

/// A login view on a display, found by its title.
#[derive(Clone, Debug)]
pub struct LoginView {
    display: String,
    window: String,
}

impl LoginView {
    /// Waits until a window whose title matches the pattern stands on the display.
    pub async fn wait_for(display: &str, title: &str) -> Result<Self> {
        let mut views = Self::wait_for_all(display, title, 1).await?;
        let view = views.pop().context("no window")?;
        // Long before the first key: a page takes a moment to notice that its window has the focus, and loses keys until then.
        view.focus().await?;
        Ok(view)
    }

    /// Waits until that many windows, or more, whose titles match the pattern stand on the display; the newest is the last.
    pub async fn wait_for_all(display: &str, title: &str, count: usize) -> Result<Vec<Self>> {
        let searching = async {
            loop {
                let windows = frames::search_all(display, title).await;
                if windows.len() >= count {
                    return windows;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let Ok(windows) = tokio::time::timeout(PATIENCE, searching).await else {
            let there = frames::titles(display).await.join(" | ");
            bail!("there are fewer than {count} windows titled like {title:?}; there are: {there}");
        };
        Ok(windows.into_iter().map(|window| Self { display: display.to_owned(), window }).collect())
    }

    /// Waits until the page is painted and stands still, and says how it looks then: only now has its field the focus.
    pub async fn stands_still(&self) -> Result<Look> {
        let standing = async {
            let mut before = self.looks().await?;
            loop {
                let now = self.looks().await?;
                if now.shows_something() && !now.is_another_page_than(&before) {
                    return anyhow::Ok(now);
                }
                before = now;
            }
        };
        tokio::time::timeout(PATIENCE, standing).await.context("the page never stood still")?
    }

    /// Does what makes the page turn, again if it did not, and waits until the next page stands still. A key can be lost while a
    /// window takes the focus.
    pub async fn turns_the_page(&self, act: impl AsyncFn(&Self) -> Result<()>) -> Result<()> {
        let before = self.stands_still().await?;
        for _ in 0..3 {
            act(self).await?;
            let turning = async {
                while !self.stands_still().await?.is_another_page_than(&before) {}
                anyhow::Ok(())
            };
            if let Ok(turned) = tokio::time::timeout(TURNS_WITHIN, turning).await {
                return turned;
            }
        }
        bail!("the page of the login view does not turn")
    }

    /// Does what makes the view close by itself, again if it did not, and waits until it is gone. A key can be lost while a window takes
    /// the focus.
    pub async fn closes_after(&self, act: impl AsyncFn(&Self) -> Result<()>) -> Result<()> {
        for _ in 0..3 {
            let acted = act(self).await;
            // It may close while the hand is still on it.
            if acted.is_err() && self.is_there().await {
                return acted;
            }
            if matches!(tokio::time::timeout(TURNS_WITHIN, self.is_gone()).await, Ok(Ok(()))) {
                return Ok(());
            }
        }
        bail!("the login view does not close")
    }

    /// How the view looks now.
    async fn looks(&self) -> Result<Look> {
        Look::at(&self.display, &self.window).await
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

    /// Closes the window as its frame's button would: it is asked to (`WM_DELETE_WINDOW`), not torn down.
    pub async fn closes(&self) -> Result<()> {
        frames::ask_to_close(&self.display, &self.window).await
    }

    /// The X window's id, for a picture of it.
    pub fn id(&self) -> &str {
        &self.window
    }

    /// Where the window is on the display.
    pub async fn place(&self) -> Result<Place> {
        let said = frames::xdotool(&self.display, &["getwindowgeometry", "--shell", &self.window]).await?;
        let number = |name: &str| {
            let line = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            line.and_then(|text| text.parse().ok()).with_context(|| format!("no {name} in {said:?}"))
        };
        Ok(Place { x: number("X")?, y: number("Y")?, width: number("WIDTH")?, height: number("HEIGHT")? })
    }

    /// Whether the window stands on the display.
    pub async fn is_there(&self) -> bool {
        frames::exists(&self.display, &self.window).await
    }

    /// Waits until the window is gone.
    pub async fn is_gone(&self) -> Result<()> {
        let going = async {
            while self.is_there().await {
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
        xdotool(&self.display, arguments).await.map(drop)
    }
}
