//! What every request needs: the apps, the grants, the sign-ins, the log, the clock and the source of codes.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::HeaderMap;
use gatewright_protocol::Secret;
use jiff::Timestamp;
use std::sync::Arc;

use crate::access::Access;
use crate::app::{AppRegistry, SecretDigest};
use crate::bounded::Bounded;
use crate::entropy::Entropy;
use crate::fault::Faults;
use crate::fault::certificate::Authority;
use crate::grants::Grants;
use crate::log::RequestLog;
use crate::session::{Session, Sessions};
use crate::signing::KeyRing;
use crate::user::{self, SandboxUser};
use crate::{Clock, GitterMode, LifetimeLimits, RegistrationMode, SandboxOptions, StartError, Twin};

/// How many apps can have a limit or a delay of their own at once.
const APPS_BENT: usize = 256;
/// How many secrets wait for their page at most.
const REVEALED: usize = 64;

/// The state all connections share. Every lock in it is held for a few lookups only and never across an `await`.
pub(crate) struct Server {
    /// `http://127.0.0.1:PORT`.
    pub(crate) origin: String,
    /// The `Host` values that mean this server.
    pub(crate) hosts: [String; 2],
    pub(crate) twins: Vec<Twin>,
    pub(crate) apps: AppRegistry,
    pub(crate) sessions: Sessions,
    pub(crate) log: RequestLog,
    pub(crate) entropy: Entropy,
    pub(crate) faults: Faults,
    /// Signs the certificates that are as they should be.
    pub(crate) authority: Authority,
    pub(crate) keys: KeyRing,
    pub(crate) auto_approve: Option<&'static SandboxUser>,
    pub(crate) gitter_mode: GitterMode,
    pub(crate) registration: RegistrationMode,
    pub(crate) rotate_secret_on_update: bool,
    pub(crate) rotated_secret_seconds: u32,
    pub(crate) limits: LifetimeLimits,
    /// How many seconds the codes of single apps live at most.
    code_limits: Mutex<Bounded<u32>>,
    /// How many milliseconds the pages for single apps take.
    page_delays: Mutex<Bounded<u32>>,
    pub(crate) control_token: SecretDigest,
    pub(crate) access: Access,
    clock: Arc<dyn Clock>,
    grants: [Mutex<Grants>; 5],
    /// Secrets that a page is about to show.
    revealed: Mutex<Bounded<Secret>>,
}

impl Server {
    /// The state of a server that listens on `port`.
    pub(crate) fn new(
        options: SandboxOptions,
        port: u16,
        entropy: Entropy,
        control_token: SecretDigest,
        access: Access,
    ) -> Result<Self, StartError> {
        let auto_approve = match options.auto_approve {
            Some(name) => Some(user::find(&name).ok_or(StartError::NoSuchUser { name })?),
            None => None,
        };
        let apps = AppRegistry::open(options.apps_file, options.clock.now())?;
        Ok(Self {
            origin: format!("http://127.0.0.1:{port}"),
            hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}")],
            twins: options.twins,
            apps,
            sessions: Sessions::new(options.limits),
            log: RequestLog::new(),
            entropy,
            faults: Faults::new(),
            authority: Authority::default(),
            keys: KeyRing::default(),
            auto_approve,
            gitter_mode: options.gitter_mode,
            registration: options.registration,
            rotate_secret_on_update: options.rotate_secret_on_update,
            rotated_secret_seconds: options.rotated_secret_seconds,
            limits: options.limits,
            code_limits: Mutex::new(Bounded::new(APPS_BENT)),
            page_delays: Mutex::new(Bounded::new(APPS_BENT)),
            control_token,
            access,
            clock: options.clock,
            grants: std::array::from_fn(|_| Mutex::new(Grants::new())),
            revealed: Mutex::new(Bounded::new(REVEALED)),
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What people have approved at this twin.
    pub(crate) fn grants(&self, twin: Twin) -> MutexGuard<'_, Grants> {
        self.grants[twin as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says how many seconds the codes of an app live at most; none takes that back.
    pub(crate) fn limit_codes(&self, twin: Twin, client: &str, seconds: Option<u32>) {
        put(&self.code_limits, &app_key(twin, client), seconds);
    }

    /// Says how many milliseconds the pages for an app take; none takes that back.
    pub(crate) fn slow_pages(&self, twin: Twin, client: &str, milliseconds: Option<u32>) {
        put(&self.page_delays, &app_key(twin, client), milliseconds);
    }

    /// How long the pages for an app take longer than usual.
    pub(crate) fn page_delay(&self, twin: Twin, client: &str) -> Duration {
        let delays = self.page_delays.lock().unwrap_or_else(PoisonError::into_inner);
        Duration::from_millis(delays.get(&app_key(twin, client)).copied().unwrap_or_default().into())
    }

    /// How many seconds a code of an app lives that its provider gives `own` (`None`: for ever).
    pub(crate) fn code_seconds(&self, twin: Twin, client: &str, own: Option<u32>) -> Option<u32> {
        let limits = self.code_limits.lock().unwrap_or_else(PoisonError::into_inner);
        let of_app = limits.get(&app_key(twin, client)).copied();
        limited(limited(own, self.limits.code), of_app)
    }

    /// The sign-in a request's cookie stands for.
    pub(crate) fn session(&self, twin: Twin, headers: &HeaderMap) -> Option<Session> {
        self.sessions.find(twin, headers, self.now())
    }

    /// Keeps a secret for the one page that shows it, in this sign-in only.
    pub(crate) fn reveal_once(&self, twin: Twin, client_id: &str, session: &Session, secret: Secret) {
        self.revealed().insert(&reveal_key(twin, client_id, session), secret);
    }

    /// The secret to show on this page, the first time it is asked for.
    pub(crate) fn take_revealed(&self, twin: Twin, client_id: &str, session: &Session) -> Option<Secret> {
        self.revealed().remove(&reveal_key(twin, client_id, session))
    }

    fn revealed(&self) -> MutexGuard<'_, Bounded<Secret>> {
        self.revealed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a broken apps file was moved to.
    pub(crate) fn moved_aside(&self) -> Option<&PathBuf> {
        self.apps.moved_aside()
    }
}

fn put(numbers: &Mutex<Bounded<u32>>, key: &str, number: Option<u32>) {
    let mut numbers = numbers.lock().unwrap_or_else(PoisonError::into_inner);
    match number {
        Some(number) => numbers.insert(key, number),
        None => _ = numbers.remove(key),
    }
}

/// No ID holds a line break, so the key of one app cannot be mistaken for another's.
fn app_key(twin: Twin, client: &str) -> String {
    format!("{}\n{client}", twin.id())
}

/// Neither an ID nor a CSRF token holds a line break, so the key of one page cannot be mistaken for another's.
fn reveal_key(twin: Twin, client_id: &str, session: &Session) -> String {
    format!("{}\n{client_id}\n{}", twin.id(), session.csrf_token)
}

/// A provider's lifetime in seconds (`None`: for ever) under the limit the options set.
pub(crate) const fn limited(own: Option<u32>, limit: Option<u32>) -> Option<u32> {
    match (own, limit) {
        (Some(own), Some(limit)) if limit < own => Some(limit),
        (None, limit) => limit,
        (own, _) => own,
    }
}
