//! What people have approved: codes, access tokens, refresh tokens and remembered consents of one twin. All of it lives in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};

use crate::bounded::Bounded;
use crate::user::SandboxUser;

/// Codes waiting to be exchanged, or remembered to recognise a replay.
const CODES: usize = 2048;
/// Access tokens; refresh tokens have as much room again.
const TOKENS: usize = 2048;
/// Pairs of app and person.
const STANDINGS: usize = 2048;
/// Client assertions remembered, so that none is taken twice.
const ASSERTIONS: usize = 4096;

/// What one approval (or one client acting for itself) gave.
#[derive(Debug)]
pub(crate) struct Grant {
    /// The app's client identifier, as text.
    pub(crate) client: Arc<str>,
    /// Who approved; nobody when the client acts for itself (RFC 6749 §4.4).
    pub(crate) user: Option<&'static SandboxUser>,
    /// The redirect URI of the authorization request.
    pub(crate) redirect_uri: String,
    /// The scopes granted, separated by spaces.
    pub(crate) scope: String,
    /// OpenID Connect's `nonce`.
    pub(crate) nonce: Option<String>,
    /// The PKCE challenge (RFC 7636 §4.3).
    pub(crate) challenge: Option<Challenge>,
    /// The sign-in session this grant belongs to.
    pub(crate) session_state: String,
    /// When the person proved who they are (OpenID Connect's `auth_time`).
    pub(crate) authenticated_at: Timestamp,
    /// Cleared when a replayed code or a revoked refresh token ends the session.
    live: AtomicBool,
}

/// A PKCE code challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// The verifier itself.
    Plain(String),
    /// Base64url of the verifier's SHA-256.
    S256(String),
}

impl Grant {
    /// What `user` (nobody when the client acts for itself, RFC 6749 §4.4) gives `client`. OpenID Connect and PKCE come on top.
    pub(crate) fn new(
        client: Arc<str>,
        user: Option<&'static SandboxUser>,
        redirect_uri: &str,
        now: Timestamp,
    ) -> Self {
        Self {
            client,
            user,
            redirect_uri: redirect_uri.to_owned(),
            scope: String::new(),
            nonce: None,
            challenge: None,
            session_state: String::new(),
            authenticated_at: now,
            live: AtomicBool::new(true),
        }
    }

    /// Whether one of the granted scopes is `wanted`.
    pub(crate) fn has_scope(&self, wanted: &str) -> bool {
        self.scope.split(' ').any(|scope| scope == wanted)
    }

    pub(crate) fn is_live(&self) -> bool {
        self.live.load(Ordering::Relaxed)
    }

    /// Ends every token of this grant at once.
    pub(crate) fn end(&self) {
        self.live.store(false, Ordering::Relaxed);
    }
}

/// A code, access token or refresh token.
struct Ticket {
    grant: Arc<Grant>,
    issued: Timestamp,
    expires: Option<Timestamp>,
    redeemed: bool,
}

/// A working token, as the introspection endpoint tells of it (RFC 7662 §2.2).
pub(crate) struct Working {
    pub(crate) grant: Arc<Grant>,
    pub(crate) issued: Timestamp,
    /// `None`: never.
    pub(crate) expires: Option<Timestamp>,
}

impl Ticket {
    /// A ticket issued `now` that lives for `seconds`, or for ever.
    fn new(grant: Arc<Grant>, now: Timestamp, seconds: Option<u32>) -> Self {
        Self { grant, issued: now, expires: expiry(now, seconds), redeemed: false }
    }

    fn working(&self, now: Timestamp) -> Option<Working> {
        let works = !self.redeemed && !self.has_expired(now) && self.grant.is_live();
        works.then(|| Working { grant: Arc::clone(&self.grant), issued: self.issued, expires: self.expires })
    }

    fn has_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }
}

/// What became of a code.
pub(crate) enum CodeState {
    /// Never issued, or forgotten.
    Unknown,
    /// Already exchanged.
    Redeemed(Arc<Grant>),
    /// Too old.
    Expired,
    /// Ready to be exchanged.
    Good(Arc<Grant>),
}

/// What became of a refresh token.
pub(crate) enum RefreshState {
    /// Never issued, or forgotten.
    Unknown,
    /// Too old.
    Expired(Arc<Grant>),
    /// Used already, and the app is one whose refresh tokens can be used once.
    Used(Arc<Grant>),
    /// Ready to be used.
    Good(Arc<Grant>),
}

/// What an app and a person have with each other beyond a single login.
#[derive(Default)]
pub(crate) struct Standing {
    client: Arc<str>,
    /// The scopes the person has agreed to.
    pub(crate) scopes: Vec<String>,
    /// The one access token (Gitter gives it again and again; ContentDB replaces it).
    pub(crate) token: Option<String>,
    /// The one code (ContentDB).
    pub(crate) code: Option<String>,
}

/// Everything approved at one twin.
pub(crate) struct Grants {
    codes: Bounded<Ticket>,
    access: Bounded<Ticket>,
    refresh: Bounded<Ticket>,
    standings: Bounded<Standing>,
    assertions: Bounded<()>,
}

/// When something issued `now` expires that lives for `seconds`.
fn expiry(now: Timestamp, seconds: Option<u32>) -> Option<Timestamp> {
    now.checked_add(SignedDuration::from_secs(seconds?.into())).ok()
}

impl Grants {
    pub(crate) fn new() -> Self {
        Self {
            codes: Bounded::new(CODES),
            access: Bounded::new(TOKENS),
            refresh: Bounded::new(TOKENS),
            standings: Bounded::new(STANDINGS),
            assertions: Bounded::new(ASSERTIONS),
        }
    }

    /// Keeps a code that lives for `seconds`, or for ever.
    pub(crate) fn add_code(&mut self, code: &str, grant: Arc<Grant>, now: Timestamp, seconds: Option<u32>) {
        self.codes.insert(code, Ticket::new(grant, now, seconds));
    }

    /// What became of a code.
    pub(crate) fn code(&self, code: &str, now: Timestamp) -> CodeState {
        match self.codes.get(code) {
            None => CodeState::Unknown,
            Some(ticket) if ticket.redeemed => CodeState::Redeemed(Arc::clone(&ticket.grant)),
            Some(ticket) if ticket.has_expired(now) => CodeState::Expired,
            Some(ticket) => CodeState::Good(Arc::clone(&ticket.grant)),
        }
    }

    /// Notes that a code has been exchanged. It stays known, so that a replay can be told from a guess.
    pub(crate) fn redeem_code(&mut self, code: &str) {
        if let Some(ticket) = self.codes.get_mut(code) {
            ticket.redeemed = true;
        }
    }

    /// Forgets a code for good.
    pub(crate) fn forget_code(&mut self, code: &str) {
        self.codes.remove(code);
    }

    /// Keeps an access token that lives for `seconds`, or for ever.
    pub(crate) fn add_access(&mut self, token: &str, grant: Arc<Grant>, now: Timestamp, seconds: Option<u32>) {
        self.access.insert(token, Ticket::new(grant, now, seconds));
    }

    /// The grant behind a working access token.
    pub(crate) fn access(&self, token: &str, now: Timestamp) -> Option<Arc<Grant>> {
        let ticket = self.access.get(token)?;
        (!ticket.has_expired(now) && ticket.grant.is_live()).then(|| Arc::clone(&ticket.grant))
    }

    /// Ends one access token; `None` when there is no such token.
    pub(crate) fn forget_access(&mut self, token: &str) -> Option<Arc<Grant>> {
        self.access.remove(token).map(|ticket| ticket.grant)
    }

    /// Keeps a refresh token that lives for `seconds`, or for ever.
    pub(crate) fn add_refresh(&mut self, token: &str, grant: Arc<Grant>, now: Timestamp, seconds: Option<u32>) {
        self.refresh.insert(token, Ticket::new(grant, now, seconds));
    }

    /// What became of a refresh token.
    pub(crate) fn refresh(&self, token: &str, now: Timestamp) -> RefreshState {
        match self.refresh.get(token) {
            None => RefreshState::Unknown,
            Some(ticket) if ticket.has_expired(now) => RefreshState::Expired(Arc::clone(&ticket.grant)),
            Some(ticket) if ticket.redeemed => RefreshState::Used(Arc::clone(&ticket.grant)),
            Some(ticket) => RefreshState::Good(Arc::clone(&ticket.grant)),
        }
    }

    /// Notes that a refresh token has been used. It stays known, so that a replay can be told from a guess.
    pub(crate) fn use_refresh(&mut self, token: &str) {
        if let Some(ticket) = self.refresh.get_mut(token) {
            ticket.redeemed = true;
        }
    }

    /// A working access token.
    pub(crate) fn working_access(&self, token: &str, now: Timestamp) -> Option<Working> {
        self.access.get(token)?.working(now)
    }

    /// A working refresh token.
    pub(crate) fn working_refresh(&self, token: &str, now: Timestamp) -> Option<Working> {
        self.refresh.get(token)?.working(now)
    }

    /// Ends every grant of a sign-in session.
    pub(crate) fn end_session(&self, session_state: &str) {
        for ticket in self.codes.values().chain(self.access.values()).chain(self.refresh.values()) {
            if ticket.grant.session_state == session_state {
                ticket.grant.end();
            }
        }
    }

    /// Remembers a client's assertion by its `jti`; says whether it is a new one (RFC 7523 §3, item 7).
    pub(crate) fn note_assertion(&mut self, client: &str, jti: &str) -> bool {
        let key = format!("{client}\n{jti}");
        let is_new = self.assertions.get(&key).is_none();
        if is_new {
            self.assertions.insert(&key, ());
        }
        is_new
    }

    /// What this app and this person have with each other, when there is anything.
    pub(crate) fn standing(&self, client: &str, user: &SandboxUser) -> Option<&Standing> {
        self.standings.get(&standing_key(client, user))
    }

    /// The same, to be changed; begun when there was nothing.
    pub(crate) fn standing_mut(&mut self, client: &Arc<str>, user: &SandboxUser) -> Option<&mut Standing> {
        let key = standing_key(client, user);
        if self.standings.get(&key).is_none() {
            self.standings.insert(&key, Standing { client: Arc::clone(client), ..Standing::default() });
        }
        self.standings.get_mut(&key)
    }

    /// Forgets what this app and this person have with each other.
    pub(crate) fn forget_standing(&mut self, client: &str, user: &SandboxUser) {
        self.standings.remove(&standing_key(client, user));
    }

    /// Forgets everything about an app that was deleted.
    pub(crate) fn forget_client(&mut self, client: &str) {
        self.codes.retain(|ticket| &*ticket.grant.client != client);
        self.access.retain(|ticket| &*ticket.grant.client != client);
        self.refresh.retain(|ticket| &*ticket.grant.client != client);
        self.standings.retain(|standing| &*standing.client != client);
    }
}

/// Usernames hold no line break, so the pair cannot be mistaken for another.
fn standing_key(client: &str, user: &SandboxUser) -> String {
    format!("{}\n{client}", user.username)
}
