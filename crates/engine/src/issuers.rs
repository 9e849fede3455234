//! What is remembered of issuers between logins: their metadata and their keys.
//!
//! Remembered is only what was judged and believed. A failure is never remembered: the next login asks again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::jwks::JwkSet;
use gatewright_protocol::metadata::Metadata;
use url::Url;

/// How long something is remembered when the server does not say.
const USUALLY: Duration = Duration::from_mins(5);

/// How long something is remembered at most, whatever the server says: a key that was withdrawn must not count for a year.
const LONGEST: Duration = Duration::from_hours(1);

/// How often keys are fetched anew at most because one was not found, by whoever is no login.
const BETWEEN_REFETCHES: Duration = Duration::from_mins(1);

/// How many issuers are remembered; past that the oldest goes. A tester has a handful.
const MOST_ISSUERS: usize = 64;

/// Metadata and keys of the issuers that logins have met, shared by all logins of a process.
#[derive(Debug, Default)]
pub struct IssuerDirectory {
    issuers: Mutex<HashMap<String, Known>>,
}

#[derive(Debug, Default)]
struct Known {
    metadata: Option<Remembered<Metadata>>,
    keys: Option<(Url, Remembered<JwkSet>)>,
    refetched: Option<Duration>,
    touched: Duration,
}

#[derive(Debug)]
struct Remembered<T> {
    what: Arc<T>,
    since: Duration,
    until: Duration,
}

impl<T> Remembered<T> {
    fn new(what: &Arc<T>, now: Duration, lifetime: Duration) -> Self {
        Self { what: Arc::clone(what), since: now, until: now.saturating_add(lifetime) }
    }

    fn at(&self, now: Duration) -> Option<(Arc<T>, Duration)> {
        (now < self.until).then(|| (Arc::clone(&self.what), now.saturating_sub(self.since)))
    }
}

impl IssuerDirectory {
    /// Forgets what is known of one issuer: its metadata were accepted anew, or somebody wants to see them fetched.
    pub fn forget(&self, issuer: &str) {
        self.lock().remove(issuer);
    }

    /// The metadata of an issuer and how old they are. `now` is [`crate::ports::Clock::elapsed`], here and below.
    pub(crate) fn metadata(&self, issuer: &str, now: Duration) -> Option<(Arc<Metadata>, Duration)> {
        self.lock().get(issuer)?.metadata.as_ref()?.at(now)
    }

    pub(crate) fn remember_metadata(&self, metadata: &Arc<Metadata>, response: &HttpResponse, now: Duration) {
        let remembered = Remembered::new(metadata, now, lifetime(response));
        self.change(metadata.issuer(), now, |known| known.metadata = Some(remembered));
    }

    /// The keys that were found at `address`; keys from elsewhere are not this issuer's any more.
    pub(crate) fn keys(&self, issuer: &str, address: &Url, now: Duration) -> Option<Arc<JwkSet>> {
        let known = self.lock();
        let (from, keys) = known.get(issuer)?.keys.as_ref()?;
        if from == address { keys.at(now).map(|(keys, _)| keys) } else { None }
    }

    pub(crate) fn remember_keys(
        &self,
        issuer: &str,
        address: &Url,
        keys: &Arc<JwkSet>,
        response: &HttpResponse,
        now: Duration,
    ) {
        let remembered = Remembered::new(keys, now, lifetime(response));
        self.change(issuer, now, |known| known.keys = Some((address.clone(), remembered)));
    }

    /// Whether keys may be fetched anew by whoever is no login; counts as done when it says yes.
    pub(crate) fn may_refetch(&self, issuer: &str, now: Duration) -> bool {
        let mut may = false;
        self.change(issuer, now, |known| {
            may = known.refetched.is_none_or(|last| now.saturating_sub(last) >= BETWEEN_REFETCHES);
            if may {
                known.refetched = Some(now);
            }
        });
        may
    }

    fn change(&self, issuer: &str, now: Duration, change: impl FnOnce(&mut Known)) {
        let mut issuers = self.lock();
        if issuers.len() >= MOST_ISSUERS && !issuers.contains_key(issuer) {
            let oldest = issuers.iter().min_by_key(|(_, known)| known.touched).map(|(issuer, _)| issuer.clone());
            oldest.map(|oldest| issuers.remove(&oldest));
        }
        let known = issuers.entry(issuer.to_owned()).or_default();
        known.touched = now;
        change(known);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.issuers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long an answer may be remembered (RFC 9111 §5.2.2).
fn lifetime(response: &HttpResponse) -> Duration {
    let Some(header) = response.header("cache-control") else { return USUALLY };
    let header = header.to_ascii_lowercase();
    let mut directives = header.split(',').map(str::trim);
    if directives.clone().any(|directive| directive == "no-store" || directive == "no-cache") {
        return Duration::ZERO;
    }
    let seconds = directives.find_map(|directive| directive.strip_prefix("max-age="));
    match seconds.map(|text| text.trim_matches('"').parse()) {
        Some(Ok(seconds)) => Duration::from_secs(seconds).min(LONGEST),
        _ => USUALLY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(cache_control: Option<&str>) -> HttpResponse {
        let headers = cache_control.map(|value| ("cache-control".to_owned(), value.to_owned()));
        HttpResponse { status: 200, headers: headers.into_iter().collect(), body: Vec::new(), cut: false }
    }

    fn keys() -> Arc<JwkSet> {
        Arc::new(JwkSet::parse(br#"{"keys":[{"kty":"oct","k":"AA"}]}"#).unwrap())
    }

    fn at(path: &str) -> Url {
        Url::parse("https://id.example").unwrap().join(path).unwrap()
    }

    #[test]
    fn a_server_may_ask_to_be_remembered_for_up_to_an_hour_and_for_no_time_at_all() {
        for (header, seconds) in [
            (None, 300),
            (Some("max-age=60"), 60),
            (Some("public, Max-Age=\"90\""), 90),
            (Some("max-age=31536000"), 3600),
            (Some("max-age=0"), 0),
            (Some("no-store, max-age=60"), 0),
            (Some("max-age=soon"), 300),
            (Some("max-age=99999999999999999999"), 300),
        ] {
            assert_eq!(lifetime(&response(header)), Duration::from_secs(seconds), "{header:?}");
        }
    }

    #[test]
    fn keys_are_remembered_until_their_time_is_over_and_for_their_address_only() {
        let directory = IssuerDirectory::default();
        let now = Duration::from_secs(10);
        directory.remember_keys("i", &at("/a"), &keys(), &response(None), now);
        assert!(directory.keys("i", &at("/a"), now + Duration::from_secs(299)).is_some());
        assert!(directory.keys("i", &at("/a"), now + USUALLY).is_none());
        assert!(directory.keys("i", &at("/b"), now).is_none());
        directory.forget("i");
        assert!(directory.keys("i", &at("/a"), now).is_none());
    }

    #[test]
    fn whoever_is_no_login_fetches_the_keys_of_an_issuer_anew_once_a_minute() {
        let directory = IssuerDirectory::default();
        let minute = BETWEEN_REFETCHES;
        assert!(directory.may_refetch("i", minute));
        assert!(!directory.may_refetch("i", minute + Duration::from_secs(59)));
        assert!(directory.may_refetch("other", minute));
        assert!(directory.may_refetch("i", minute * 2));
    }

    #[test]
    fn no_number_of_issuers_fills_the_memory() {
        let directory = IssuerDirectory::default();
        for second in 0..200 {
            directory.may_refetch(&format!("i{second}"), Duration::from_secs(second));
        }
        assert_eq!(directory.lock().len(), MOST_ISSUERS);
        assert!(directory.lock().contains_key("i199"));
    }
}
