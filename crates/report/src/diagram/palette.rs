//! The colours of a picture: those of the window's themes.

use gatewright_model::run::StepStatus;

/// Which of the two themes a picture is drawn for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light; for paper too.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// Colours by what they are for; `ui/src/styles/tokens.css` has the same.
#[derive(Debug)]
pub(super) struct Palette {
    pub(super) surface: &'static str,
    pub(super) raised: &'static str,
    pub(super) line: &'static str,
    pub(super) text: &'static str,
    pub(super) dim: &'static str,
    pub(super) accent: &'static str,
    pub(super) ok: Tone,
    pub(super) warn: Tone,
    pub(super) bad: Tone,
    pub(super) wait: Tone,
}

/// A colour that means something, and the same as a background.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tone {
    pub(super) strong: &'static str,
    pub(super) soft: &'static str,
}

const fn tone(strong: &'static str, soft: &'static str) -> Tone {
    Tone { strong, soft }
}

static LIGHT: Palette = Palette {
    surface: "#fffefb",
    raised: "#efede7",
    line: "#dedbd2",
    text: "#1d1c1a",
    dim: "#5c5953",
    accent: "#1f5f8b",
    ok: tone("#23744b", "#e0f1e7"),
    warn: tone("#8a5a00", "#fbeecf"),
    bad: tone("#a8321f", "#fae3de"),
    wait: tone("#5f4fc4", "#ebe8fa"),
};

static DARK: Palette = Palette {
    surface: "#211f1e",
    raised: "#2b2927",
    line: "#3a3734",
    text: "#f1eee8",
    dim: "#b6b1a7",
    accent: "#7db8e0",
    ok: tone("#74c99b", "#1c3529"),
    warn: tone("#e6b450", "#3a2f16"),
    bad: tone("#f08a76", "#42231d"),
    wait: tone("#aea3f5", "#2c2845"),
};

impl Palette {
    /// The colours of a theme.
    pub(super) const fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }

    /// The colour of how a step stands.
    pub(super) const fn status(&self, status: StepStatus) -> Tone {
        match status {
            StepStatus::Running => self.wait,
            StepStatus::Passed => self.ok,
            StepStatus::Warned => self.warn,
            StepStatus::Failed => self.bad,
        }
    }
}
