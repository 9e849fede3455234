//! Who is signed in at a twin, known again by a cookie limited to that twin's path.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use jiff::{SignedDuration, Timestamp};

use crate::bounded::Bounded;
use crate::entropy::Entropy;
use crate::user::SandboxUser;
use crate::{LifetimeLimits, Twin};

/// How long a sign-in is remembered, in seconds: a working day.
const LIFETIME: u32 = 8 * 3600;
/// Sign-ins remembered at once, per twin.
const SESSIONS: usize = 1024;

/// One sign-in.
#[derive(Clone)]
pub(crate) struct Session {
    /// Who signed in.
    pub(crate) user: &'static SandboxUser,
    /// Proves that a form was rendered for this very sign-in.
    pub(crate) csrf_token: Arc<str>,
    /// The public name of the session (Keycloak's `session_state`).
    pub(crate) state: Arc<str>,
    /// When the person proved who they are (OpenID Connect's `auth_time`).
    pub(crate) began: Timestamp,
    expires: Timestamp,
}

impl Session {
    /// How many seconds ago the person signed in.
    pub(crate) fn age(&self, now: Timestamp) -> i64 {
        now.as_second() - self.began.as_second()
    }
}

/// All sign-ins, by twin.
pub(crate) struct Sessions {
    by_twin: [Mutex<Bounded<Session>>; 5],
    lifetime: u32,
}

impl Sessions {
    pub(crate) fn new(limits: LifetimeLimits) -> Self {
        Self {
            by_twin: std::array::from_fn(|_| Mutex::new(Bounded::new(SESSIONS))),
            lifetime: limits.session.map_or(LIFETIME, |limit| limit.min(LIFETIME)),
        }
    }

    /// The sign-in that a request's cookie stands for.
    pub(crate) fn find(&self, twin: Twin, headers: &HeaderMap, now: Timestamp) -> Option<Session> {
        let id = cookie(twin, headers)?;
        let session = self.of(twin).get(id).cloned()?;
        (now < session.expires).then_some(session)
    }

    /// Begins a sign-in; gives the `Set-Cookie` value. A sign-in the browser already had ends: ids are never reused across people.
    pub(crate) fn begin(
        &self,
        twin: Twin,
        user: &'static SandboxUser,
        headers: &HeaderMap,
        entropy: &Entropy,
        now: Timestamp,
    ) -> String {
        self.end(twin, headers);
        let id = entropy.hex32();
        let session = Session {
            user,
            csrf_token: entropy.hex32().into(),
            state: entropy.uuid().into(),
            began: now,
            expires: now.checked_add(SignedDuration::from_secs(self.lifetime.into())).unwrap_or(Timestamp::MAX),
        };
        self.of(twin).insert(&id, session);
        format!("{}={id}; Path={}; Max-Age={}; HttpOnly; SameSite=Lax", cookie_name(twin), twin.prefix(), self.lifetime)
    }

    /// Ends the sign-in that a request's cookie stands for; gives the `Set-Cookie` value that clears it.
    pub(crate) fn end(&self, twin: Twin, headers: &HeaderMap) -> String {
        if let Some(id) = cookie(twin, headers) {
            self.of(twin).remove(id);
        }
        format!("{}=; Path={}; Max-Age=0; HttpOnly; SameSite=Lax", cookie_name(twin), twin.prefix())
    }

    /// Ends the sign-in with this public name, whatever browser it is in.
    pub(crate) fn end_named(&self, twin: Twin, state: &str) {
        self.of(twin).retain(|session| &*session.state != state);
    }

    fn of(&self, twin: Twin) -> std::sync::MutexGuard<'_, Bounded<Session>> {
        self.by_twin[twin as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const fn cookie_name(twin: Twin) -> &'static str {
    match twin {
        Twin::Chattr => "chattr_session",
        Twin::Chattz => "chattz_session",
        Twin::Chaster => "chaster_session",
        Twin::Gitter => "gitter_session",
        Twin::ContentDb => "contentdb_session",
    }
}

/// The session id among a request's cookies.
fn cookie(twin: Twin, headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == cookie_name(twin)).then_some(value))
}
