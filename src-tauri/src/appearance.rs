//! The colour of the main window before the UI has painted it.
//!
//! The theme is a setting and lives in the database, which opens while the window is drawn. So that a dark window does not start
//! with a white flash, the last theme is kept in a small file of its own, too.

use std::path::Path;

use gatewright_contract::settings::Theme;
use tauri::window::Color;

/// `--surface-0` of the UI's light theme.
const LIGHT: Color = Color(0xf6, 0xf5, 0xf2, 0xff);
/// `--surface-0` of the UI's dark theme.
const DARK: Color = Color(0x19, 0x18, 0x17, 0xff);

const FILE: &str = "theme";

/// The theme of the last time; what the system says when there was none.
pub(crate) fn remembered(data_dir: &Path) -> Theme {
    match std::fs::read_to_string(data_dir.join(FILE)).as_deref() {
        Ok("light") => Theme::Light,
        Ok("dark") => Theme::Dark,
        _ => Theme::System,
    }
}

/// Keeps the theme for the next start. Failing costs a flash of the wrong colour, no more.
pub(crate) fn remember(data_dir: &Path, theme: Theme) {
    let word = match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    if let Err(error) = std::fs::write(data_dir.join(FILE), word) {
        tracing::warn!(%error, "the theme could not be remembered");
    }
}

/// The colour of an empty window.
pub(crate) fn background(theme: Theme, system: tauri::Theme) -> Color {
    match (theme, system) {
        (Theme::Dark, _) | (Theme::System, tauri::Theme::Dark) => DARK,
        _ => LIGHT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dark_window_starts_dark_the_next_time() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(remembered(folder.path()), Theme::System, "nothing was remembered yet");
        for theme in [Theme::Dark, Theme::Light, Theme::System] {
            remember(folder.path(), theme);
            assert_eq!(remembered(folder.path()), theme);
        }
    }

    #[test]
    fn a_theme_of_ones_own_wins_over_the_systems() {
        assert_eq!(background(Theme::Dark, tauri::Theme::Light), DARK);
        assert_eq!(background(Theme::Light, tauri::Theme::Dark), LIGHT);
        assert_eq!(background(Theme::System, tauri::Theme::Dark), DARK);
    }
}
