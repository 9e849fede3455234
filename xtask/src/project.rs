//! Where things are.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// The folders the commands work in.
pub(crate) struct Project {
    root: PathBuf,
    target: PathBuf,
    lints: bool,
}

impl Project {
    /// Finds the workspace this tool was started in.
    pub(crate) fn open() -> anyhow::Result<Self> {
        // Asked at run time: a path compiled in would be wrong as soon as the folder is moved.
        let own = std::env::var_os("CARGO_MANIFEST_DIR").context("start this tool by `cargo xtask`")?;
        let root = Path::new(&own).parent().context("xtask has no parent folder")?.to_path_buf();
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        Ok(Self { root, target, lints: false })
    }

    /// The same project, in which whatever is compiled is looked at by Clippy too.
    pub(crate) fn linting(&self) -> Self {
        Self { root: self.root.clone(), target: self.target.clone(), lints: true }
    }

    /// Whether Clippy looks at what is compiled.
    pub(crate) fn lints(&self) -> bool {
        self.lints
    }

    /// The folder that holds the workspace's `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The web UI.
    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// Cargo's output, and ours beside it.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Programs this project installs for itself and nobody else.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// A built program of the debug profile.
    pub(crate) fn debug_binary(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// A built program of the release profile.
    pub(crate) fn release_binary(&self, name: &str) -> PathBuf {
        self.target.join("release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}
