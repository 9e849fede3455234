//! How a window looks: enough of a picture to tell two pages apart and nothing more.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

/// A page that shows something has more shades than this.
const BLANK_SHADES: usize = 6;
/// Shades of grey, of 255, that two points may differ by and still be taken for the same.
const SAME_SHADE: u8 = 16;
/// A blinking caret, a focus ring or a typed name changes fewer points than one in this many; another page changes more.
const ANOTHER_PAGE: usize = 50;

/// How long a picture may take. It takes a tenth of a second, or for ever when the window closes meanwhile.
const TAKEN_WITHIN: Duration = Duration::from_secs(15);

/// A small picture in shades of grey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    shades: Vec<u8>,
}

impl Look {
    /// Looks at a window.
    pub async fn at(display: &str, window: &str) -> Result<Self> {
        let mut import = Command::new("import");
        import
            .env("DISPLAY", display)
            .args(["-silent", "-window", window, "-resize", "25%", "-depth", "8", "gray:-"])
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let taken = tokio::time::timeout(TAKEN_WITHIN, import.output()).await;
        let output = taken.context("the window cannot be seen any more")??;
        ensure!(output.status.success() && !output.stdout.is_empty(), "the window cannot be seen any more");
        Ok(Self { shades: output.stdout })
    }

    /// Whether more is to be seen than one colour.
    pub fn shows_something(&self) -> bool {
        let mut seen = [false; 256];
        for shade in &self.shades {
            seen[usize::from(*shade)] = true;
        }
        seen.iter().filter(|seen| **seen).count() > BLANK_SHADES
    }

    /// Whether this is another page, and not the same with a letter more.
    pub fn is_another_page_than(&self, other: &Self) -> bool {
        let differ = |(one, other): &(&u8, &u8)| one.abs_diff(**other) > SAME_SHADE;
        self.shades.len() != other.shades.len()
            || self.shades.iter().zip(&other.shades).filter(differ).count() > self.shades.len() / ANOTHER_PAGE
    }
}

#[cfg(test)]
mod tests {
    use super::Look;

    #[test]
    fn a_caret_turns_no_page() {
        let page = Look { shades: (0..=255).cycle().take(10_000).collect() };
        let mut caret = page.clone();
        caret.shades[500..560].fill(128);
        assert!(!caret.is_another_page_than(&page));
        let mut next = page.clone();
        next.shades[500..2500].fill(128);
        assert!(next.is_another_page_than(&page));
    }

    #[test]
    fn an_empty_window_shows_nothing() {
        assert!(!Look { shades: vec![246; 10_000] }.shows_something());
        assert!(Look { shades: (0..=255).collect() }.shows_something());
    }
}
