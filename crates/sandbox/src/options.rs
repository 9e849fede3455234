//! What a sandbox is started with.

use std::path::PathBuf;
use std::sync::Arc;

use crate::{Clock, SystemClock, Twin};

/// Two days: what Keycloak's secret-rotation policy begins with.
const ROTATED_SECRET_SECONDS: u32 = 2 * 24 * 3600;

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
    /// Who may register apps at Chaster's twin by RFC 7591.
    pub registration: RegistrationMode,
    /// Whether an update by RFC 7592 gives an app of Chaster's twin a new secret, too. The registration access token is new in any case.
    pub rotate_secret_on_update: bool,
    /// How many seconds the earlier secret of an app of Chaster's twin still works after a rotation (Keycloak's secret-rotation policy);
    /// 0 means not at all.
    pub rotated_secret_seconds: u32,
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
            registration: RegistrationMode::default(),
            rotate_secret_on_update: false,
            rotated_secret_seconds: ROTATED_SECRET_SECONDS,
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

/// Who may register apps at Chaster's twin by RFC 7591.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RegistrationMode {
    /// Whoever has an initial access token (RFC 7591 §3), as at a Keycloak that nobody has opened.
    #[default]
    WithToken,
    /// Anybody; the app belongs to nobody.
    Open,
    /// Nobody; there is no registration endpoint.
    Off,
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
