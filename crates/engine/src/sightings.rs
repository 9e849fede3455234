//! What a user agent sees on the way to the callback.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::mpsc;
use url::Url;

/// How many pages a run keeps; a page that redirects to itself for ever shall not fill the memory.
const PAGES_KEPT: usize = 200;

/// Where a user agent tells what it sees on the way to the callback. Cheap to clone; telling never blocks.
#[derive(Clone, Debug)]
pub struct Sightings {
    pages: mpsc::Sender<Sighting>,
    strangers: Arc<AtomicU64>,
    bare: Arc<AtomicBool>,
}

/// One thing seen that a person may want to see at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sighting {
    /// A page was opened; its address as [`without_query`] leaves it.
    Page(String),
    /// A callback without parameters came from somewhere.
    BareCallback,
}

impl Sightings {
    /// Sightings and the end on which they arrive.
    pub fn channel() -> (Self, mpsc::Receiver<Sighting>) {
        let (pages, arriving) = mpsc::channel(PAGES_KEPT);
        (Self { pages, strangers: Arc::default(), bare: Arc::default() }, arriving)
    }

    /// A page was opened. Only what [`without_query`] leaves of its address is kept.
    pub fn page(&self, url: &Url) {
        let _full = self.pages.try_send(Sighting::Page(without_query(url)));
    }

    /// A callback was ignored because its state is not this login's.
    pub fn stranger(&self) {
        self.strangers.fetch_add(1, Ordering::Relaxed);
    }

    /// A callback without any parameter arrived where anybody could have sent it.
    pub fn bare_callback(&self) {
        if !self.bare.swap(true, Ordering::Relaxed) {
            let _full = self.pages.try_send(Sighting::BareCallback);
        }
    }

    /// How many callbacks were ignored so far.
    pub fn strangers(&self) -> u64 {
        self.strangers.load(Ordering::Relaxed)
    }

    /// Whether a callback without parameters arrived.
    pub fn saw_bare_callback(&self) -> bool {
        self.bare.load(Ordering::Relaxed)
    }
}

/// An address as it may be recorded: without query, fragment and user name, and without what stands behind a semicolon in a part of its
/// path (RFC 3986 §3.3). There some servers keep a session: `/login;jsessionid=…`.
pub fn without_query(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Fails only for addresses that cannot hold a user name at all.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if url.path().contains(';') && !url.cannot_be_a_base() {
        let parts = url.path().split('/').map(|part| part.split(';').next().unwrap_or_default());
        let path = parts.collect::<Vec<_>>().join("/");
        url.set_path(&path);
    }
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_recorded_without_what_may_be_secret() {
        let addresses = [
            ("https://theo:pw@id.example/login?state=1#x", "https://id.example/login"),
            ("https://id.example/login;jsessionid=8A7F", "https://id.example/login"),
            ("https://id.example/a;v=1/b;jsessionid=8A7F;x/c?q=;", "https://id.example/a/b/c"),
            ("https://id.example/;jsessionid=8A7F/", "https://id.example//"),
            ("about:blank", "about:blank"),
        ];
        for (address, recorded) in addresses {
            assert_eq!(without_query(&Url::parse(address).unwrap()), recorded);
        }
    }
}
