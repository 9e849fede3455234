//! `cargo xtask icons`: the sizes and formats the systems want, from one drawing.

use std::process::{Command, ExitCode};

use anyhow::Context as _;

use crate::dist::tauri_cli;
use crate::process::run;
use crate::project::Project;

/// What the bundle's configuration names; the program that draws them makes many more.
const WANTED: [&str; 6] = ["32x32.png", "128x128.png", "128x128@2x.png", "icon.png", "icon.ico", "icon.icns"];

/// Draws the icons anew. They are committed, so this is needed only after the drawing has changed.
pub(crate) fn icons(project: &Project, _: &[String]) -> anyhow::Result<ExitCode> {
    let icons = project.root().join("icons");
    let scratch = project.target().join("icons");
    std::fs::create_dir_all(&scratch)?;
    let mut draw = Command::new("node");
    draw.current_dir(&scratch).arg(tauri_cli(project)?).arg("icon").arg(icons.join("gatewright.svg"));
    run(draw.arg("--output").arg(&scratch))?;
    for name in WANTED {
        std::fs::copy(scratch.join(name), icons.join(name)).with_context(|| format!("the icon {name}"))?;
    }
    Ok(ExitCode::SUCCESS)
}
