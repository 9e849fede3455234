//! Client secrets: what is kept is a digest.

use std::fmt;
use std::sync::{Arc, OnceLock};

use gatewright_protocol::Secret;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// SHA-256 of a secret of ours. They are random and long, so a plain digest gives nothing away.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct SecretDigest(pub(super) [u8; 32]);

impl SecretDigest {
    pub(crate) fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// Whether this is the digest of `secret`, in a time that does not depend on where they differ.
    pub(crate) fn matches(&self, secret: &str) -> bool {
        self.0.ct_eq(&Self::of(secret).0).into()
    }
}

impl fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[digest]")
    }
}

/// One secret of an app: its digest, which is also on disk, and in memory the text, once it has been seen.
///
/// The text is the key of `client_secret_jwt` and of the HS algorithms, and what a provider's page shows. It is never written down: after a
/// restart it is unknown until the app presents it.
#[derive(Clone)]
pub(crate) struct ClientSecret {
    pub(super) id: Arc<str>,
    pub(super) digest: SecretDigest,
    pub(super) created_at: Timestamp,
    /// From when on it is refused; never, when there is no such time.
    pub(super) expires_at: Option<Timestamp>,
    text: Arc<OnceLock<Secret>>,
}

impl ClientSecret {
    /// A secret just made.
    pub(super) fn new(id: &str, text: &str, created_at: Timestamp) -> Self {
        let secret = Self::of_digest(id, SecretDigest::of(text), created_at, None);
        secret.keep(text);
        secret
    }

    /// A secret of which only the digest was kept.
    pub(super) fn of_digest(
        id: &str,
        digest: SecretDigest,
        created_at: Timestamp,
        expires_at: Option<Timestamp>,
    ) -> Self {
        Self { id: id.into(), digest, created_at, expires_at, text: Arc::default() }
    }

    /// The secret itself, when it was seen since the start.
    pub(crate) fn text(&self) -> Option<&Secret> {
        self.text.get()
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) const fn created_at(&self) -> Timestamp {
        self.created_at
    }

    pub(crate) const fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// What may be told of it.
    pub(super) fn shown(&self, standing: Standing) -> RegisteredSecret {
        RegisteredSecret {
            secret_id: self.id.to_string(),
            created_at: self.created_at,
            expires_at: self.expires_at,
            current: standing == Standing::Newest,
            staged: standing == Standing::Staged,
        }
    }

    fn matches(&self, presented: &str) -> bool {
        let matches = self.digest.matches(presented);
        if matches && self.text.get().is_none() {
            self.keep(presented);
        }
        matches
    }

    fn works(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }

    /// The same, refused from `end` on at the latest.
    fn until(&self, end: Timestamp) -> Self {
        Self { expires_at: Some(self.expires_at.map_or(end, |own| own.min(end))), ..self.clone() }
    }

    fn keep(&self, text: &str) {
        // Fails only when another request has just kept the same text.
        let _ = self.text.set(Secret::new(text));
    }
}

/// How a secret stands among those of its app.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It was made, and is refused until it is activated.
    Staged,
    /// It works, and is the newest that does.
    Newest,
    /// It works beside a newer one.
    Older,
}

/// The secrets of one app: one, or two while one takes the other's place; a public client has none.
#[derive(Clone, Default)]
pub(crate) struct ClientSecrets {
    /// Those that are accepted, the newest first.
    accepted: Vec<ClientSecret>,
    /// One that takes the place of them all when it is activated.
    staged: Option<ClientSecret>,
}

impl ClientSecrets {
    /// Those of an app that has these, the newest first.
    pub(super) const fn of(newest_first: Vec<ClientSecret>) -> Self {
        Self { accepted: newest_first, staged: None }
    }

    /// With this one beside them, refused until it is activated.
    pub(super) fn staging(&self, staged: Option<ClientSecret>) -> Self {
        Self { staged, ..self.clone() }
    }

    /// The one that is staged.
    pub(super) const fn staged(&self) -> Option<&ClientSecret> {
        self.staged.as_ref()
    }

    /// With the staged one in the place of all others, which are refused from now on.
    pub(super) fn activated(&self) -> Self {
        Self {
            accepted: self.staged.clone().map_or_else(|| self.accepted.clone(), |staged| vec![staged]),
            staged: None,
        }
    }

    /// Whether this is one of the secrets that work.
    pub(crate) fn accept(&self, presented: &str, now: Timestamp) -> bool {
        self.working(now).any(|secret| secret.matches(presented))
    }

    /// The newest.
    pub(crate) fn current(&self) -> Option<&ClientSecret> {
        self.accepted.first()
    }

    /// The text of the newest, when it was seen since the start.
    pub(crate) fn text(&self) -> Option<&Secret> {
        self.current()?.text()
    }

    /// The texts of those that work, as far as they were seen since the start.
    pub(crate) fn texts(&self, now: Timestamp) -> impl Iterator<Item = &Secret> {
        self.working(now).filter_map(ClientSecret::text)
    }

    /// Those that work, the newest first.
    pub(crate) fn working(&self, now: Timestamp) -> impl Iterator<Item = &ClientSecret> {
        self.accepted.iter().filter(move |secret| secret.works(now))
    }

    pub(super) fn accepted(&self) -> impl Iterator<Item = &ClientSecret> {
        self.accepted.iter()
    }

    /// Whether one that works or is staged has this name.
    pub(super) fn has(&self, id: &str, now: Timestamp) -> bool {
        self.working(now).chain(&self.staged).any(|secret| &*secret.id == id)
    }

    /// With one more. The others are refused from `others_end` on, when there is such a time.
    pub(super) fn with(&self, newest: ClientSecret, others_end: Option<Timestamp>, now: Timestamp) -> Self {
        let others = self.working(now).map(|secret| others_end.map_or_else(|| secret.clone(), |end| secret.until(end)));
        Self { accepted: std::iter::once(newest).chain(others).collect(), staged: self.staged.clone() }
    }

    /// With another in place of the newest, which works until `end` if it works at all; what is older is gone at once (Keycloak keeps one
    /// rotated secret).
    pub(super) fn rotated(&self, newest: ClientSecret, end: Timestamp, now: Timestamp) -> Self {
        let earlier = self.current().map(|secret| secret.until(end)).filter(|secret| secret.works(now));
        Self { accepted: std::iter::once(newest).chain(earlier).collect(), staged: self.staged.clone() }
    }

    /// Without the one of this name. The newest that is left works for ever again: whoever takes a rotation back must not lose the app a
    /// while later.
    pub(super) fn without(&self, id: &str, now: Timestamp) -> Self {
        let is_other = |secret: &&ClientSecret| &*secret.id != id;
        let mut left: Vec<_> = self.working(now).filter(is_other).cloned().collect();
        if let Some(newest) = left.first_mut() {
            newest.expires_at = None;
        }
        Self { accepted: left, staged: self.staged.as_ref().filter(is_other).cloned() }
    }

    /// What may be told of them: the staged one, then those that work.
    pub(crate) fn shown(&self, now: Timestamp) -> Vec<RegisteredSecret> {
        let standing = |place| if place == 0 { Standing::Newest } else { Standing::Older };
        let working = self.working(now).enumerate().map(|(place, secret)| secret.shown(standing(place)));
        self.staged.iter().map(|secret| secret.shown(Standing::Staged)).chain(working).collect()
    }
}

/// What a twin tells of a secret that works, or will once it is activated. The value is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegisteredSecret {
    /// By which it is retired.
    pub secret_id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused; never, when there is no such time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Whether it is the newest that works, which keys what the twin itself signs by a secret (the HS algorithms).
    pub current: bool,
    /// Whether it is refused until it is activated.
    #[serde(skip_serializing_if = "is_not")]
    pub staged: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_not(flag: &bool) -> bool {
    !*flag
}

/// A further secret, which is given once and never again.
#[derive(Clone, Debug)]
pub(crate) struct CreatedSecret {
    pub(crate) shown: RegisteredSecret,
    pub(crate) value: Secret,
}

/// The time `seconds` after `now`.
pub(super) fn after(now: Timestamp, seconds: u32) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(seconds.into())).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{ClientSecret, ClientSecrets, after};

    const THEN: Timestamp = Timestamp::UNIX_EPOCH;

    fn one() -> ClientSecrets {
        ClientSecrets::of(vec![ClientSecret::new("a", "first", THEN)])
    }

    #[test]
    fn two_secrets_work_side_by_side() {
        let both = one().with(ClientSecret::new("b", "second", THEN), None, THEN);
        assert!(both.accept("first", Timestamp::MAX) && both.accept("second", THEN));
        assert!(!both.accept("third", THEN));
        assert_eq!(both.text().unwrap().expose(), "second");
    }

    #[test]
    fn a_secret_is_refused_from_the_second_on_at_which_it_ends() {
        let both = one().with(ClientSecret::new("b", "second", THEN), Some(after(THEN, 60)), THEN);
        assert!(both.accept("first", after(THEN, 59)));
        assert!(!both.accept("first", after(THEN, 60)));
        assert_eq!(both.shown(after(THEN, 60)).len(), 1);
    }

    #[test]
    fn a_rotation_keeps_one_earlier_secret_and_none_when_there_is_no_time_left() {
        let twice = one().rotated(ClientSecret::new("b", "second", THEN), after(THEN, 60), THEN);
        let thrice = twice.rotated(ClientSecret::new("c", "third", THEN), after(THEN, 60), THEN);
        assert!(!thrice.accept("first", THEN) && thrice.accept("second", THEN));
        let at_once = one().rotated(ClientSecret::new("b", "second", THEN), THEN, THEN);
        assert!(!at_once.accept("first", THEN) && at_once.accept("second", THEN));
    }

    #[test]
    fn the_earlier_secret_stays_for_good_when_the_newer_one_is_taken_back() {
        let both = one().with(ClientSecret::new("b", "second", THEN), Some(after(THEN, 60)), THEN);
        let back = both.without("b", THEN);
        assert!(back.accept("first", Timestamp::MAX) && !back.accept("second", THEN));
    }

    #[test]
    fn a_staged_secret_is_refused_until_it_takes_the_place_of_all_others() {
        let staged = one().staging(Some(ClientSecret::new("b", "second", THEN)));
        assert!(staged.accept("first", THEN) && !staged.accept("second", THEN));
        assert_eq!(staged.text().unwrap().expose(), "first", "it keys nothing either");
        let shown = staged.shown(THEN);
        assert_eq!(
            shown.iter().map(|one| (one.current, one.staged)).collect::<Vec<_>>(),
            [(false, true), (true, false)]
        );
        let activated = staged.activated();
        assert!(!activated.accept("first", THEN) && activated.accept("second", THEN));
        assert!(activated.staged().is_none());
        let dropped = staged.without("b", THEN);
        assert!(dropped.accept("first", THEN) && dropped.staged().is_none());
    }

    #[test]
    fn a_secret_that_ends_soon_is_not_given_more_time() {
        let both = one().with(ClientSecret::new("b", "second", THEN), Some(after(THEN, 60)), THEN);
        let later = both.with(ClientSecret::new("c", "third", THEN), Some(after(THEN, 3600)), THEN);
        assert!(!later.accept("first", after(THEN, 60)));
    }
}
