//! What a sandbox is started with.

use std::path::PathBuf;
use std::sync::Arc;

use crate::{Clock, SystemClock, Twin};

/// What a sandbox is started with. The default: a free port, all twins, real pages, nothing kept on disk.
#[derive(Clone)]
pub struct SandboxOptions {
    /// The loopback port; a free one when left out.
    pub port: Option<u16>,
    /// Which twins answer; the others are simply not there.
    pub twins: Vec<Twin>,
    /// Username of somebody who is signed in everywhere and approves everything without a page. For benches and headless logins.
    pub auto_approve: Option<String>,
    /// Makes codes, tokens, ids and secrets repeatable. The control token and the signing key of Chaster's
    /// twin are not covered.
    pub seed: Option<u64>,
    /// Where registered apps are kept across restarts; in memory only when left out.
    pub apps_file: Option<PathBuf>,
    /// How Gitter's twin writes token answers.
    pub gitter_mode: GitterMode,
    /// Upper limits on lifetimes, to see things expire without waiting long.
    pub limits: LifetimeLimits,
    /// By what everything ages.
    pub clock: Arc<dyn Clock>,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        Self {
            port: None,
            twins: Twin::ALL.to_vec(),
            auto_approve: None,
            seed: None,
            apps_file: None,
            gitter_mode: GitterMode::default(),
            limits: LifetimeLimits::default(),
            clock: Arc::new(SystemClock),
        }
    }
}

/// How Gitter's twin writes token answers. Its document and its server's public source disagree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GitterMode {
    /// A form-encoded string, JSON when `Accept` asks for it, with `scope` and a lower-case `token_type`.
    #[default]
    AsDocumented,
    /// Always JSON, `access_token` and `token_type` only.
    AsEngineBehaves,
}

/// Upper limits in seconds; what a provider gives for longer (or for ever) is cut to this. `None` leaves the provider's own value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LifetimeLimits {
    /// Authorization codes.
    pub code: Option<u32>,
    /// Access tokens.
    pub access_token: Option<u32>,
    /// Refresh tokens.
    pub refresh_token: Option<u32>,
    /// Sign-ins remembered by cookie.
    pub session: Option<u32>,
}
