//! What a window makes of where its pages want to go.

use std::sync::Arc;

use super::*;

const REDIRECT_URI: &str = "https://app.example/callback";

/// A trip, what it told, and how it ended.
struct Watched {
    trip: Trip,
    pages: Arc<Mutex<Vec<String>>>,
    ended: oneshot::Receiver<Outcome>,
    loading: watch::Receiver<Loading>,
}

fn url(address: &str) -> Url {
    address.parse().unwrap()
}

fn trip() -> Watched {
    trip_to(REDIRECT_URI)
}

fn trip_to(redirect_uri: &str) -> Watched {
    let pages = Arc::new(Mutex::new(Vec::new()));
    let told = pages.clone();
    let tell = move |page: &Url| told.lock().unwrap().push(page.host_str().unwrap().to_owned());
    let redirect_uri = RedirectUri::parse(redirect_uri).unwrap();
    let (trip, ended, loading) = Trip::between(url("https://login.example/authorize"), redirect_uri, Box::new(tell));
    Watched { trip, pages, ended, loading }
}

impl Watched {
    fn turn(&self, address: &str) -> Turn {
        self.trip.turn(&url(address), None)
    }

    fn outcome(mut self) -> Option<Outcome> {
        self.ended.try_recv().ok()
    }
}

#[test]
fn the_callback_ends_the_visit_with_all_it_carries() {
    let watched = trip();
    let callback = "https://app.example/callback?code=abc&state=xyz#token";
    assert_eq!(watched.turn(callback), Turn::End);
    assert_eq!(watched.outcome().unwrap().ok().unwrap().callback.as_str(), callback);
}

#[test]
fn a_form_goes_on_to_the_listener_and_a_code_in_the_address_is_still_caught() {
    let mut watched = trip_to("http://127.0.0.1:8914/callback");
    watched.trip.lets_forms_pass = true;
    assert_eq!(watched.turn("http://127.0.0.1:8914/callback"), Turn::Follow);
    assert_eq!(watched.turn("http://127.0.0.1:8914/callback?code=abc"), Turn::End);
    assert!(watched.outcome().unwrap().is_ok());
}

#[test]
fn a_code_on_another_address_is_only_a_page() {
    let watched = trip();
    for page in [
        "https://login.example/social/callback?code=foreign&state=1",
        "https://app.example/callback/?code=1",
        "https://app.example:8443/callback?code=1",
        "http://app.example/callback?code=1",
        "https://app.example.evil.example/callback?code=1",
    ] {
        assert_eq!(watched.turn(page), Turn::Follow, "{page}");
    }
    assert!(watched.outcome().is_none());
}

#[test]
fn a_page_that_wants_out_stays_where_it_is() {
    let watched = trip();
    watched.trip.shows(&url("https://login.example/authorize"));
    assert_eq!(watched.turn("file:///etc/passwd"), Turn::Stay);
    assert_eq!(watched.turn("myapp://callback?code=1"), Turn::Stay);
    assert!(watched.outcome().is_none(), "the person may go on");
}

#[test]
fn an_empty_window_does_not_stay_open() {
    let watched = trip();
    assert_eq!(watched.turn("myapp://callback?code=1"), Turn::End);
    assert!(matches!(watched.outcome(), Some(Err(VisitError::PageUnreachable { .. }))));

    let watched = trip();
    watched.trip.stopped(&url("https://login.example/authorize"));
    assert!(matches!(watched.outcome(), Some(Err(VisitError::PageUnreachable { .. }))), "a download, for one");
}

#[test]
fn only_the_first_end_counts() {
    let watched = trip();
    watched.turn("https://app.example/callback?code=abc");
    watched.trip.end(Err(VisitError::WindowClosed));
    assert!(watched.outcome().is_some_and(|outcome| outcome.is_ok()), "closing the window comes after the callback");
}

#[test]
fn pages_are_told_until_the_end_and_blank_ones_never() {
    let watched = trip();
    watched.trip.shows(&url("about:blank"));
    watched.trip.shows(&url("https://login.example/authorize"));
    watched.turn("https://app.example/callback?code=abc");
    watched.trip.shows(&url("https://late.example/"));
    assert_eq!(*watched.pages.lock().unwrap(), ["login.example"]);
}

#[test]
fn a_password_box_ends_a_visit_only_when_it_is_in_front_of_the_page() {
    let page = url("https://login.example/authorize");
    let watched = trip();
    watched.trip.shows(&page);
    assert_eq!(*watched.loading.borrow(), None);
    watched.trip.asks_for_password(&page);
    watched.trip.loads(&url("https://login.example/next"));
    assert_eq!(watched.loading.borrow().as_deref(), Some("login.example"));
    watched.trip.asks_for_password(&page);
    assert!(matches!(watched.outcome(), Some(Err(VisitError::PageUnreachable { .. }))));

    let watched = trip();
    watched.trip.shows(&page);
    watched.trip.asks_for_password(&page);
    assert!(watched.outcome().is_none(), "a picture behind a password box is not missed");
}
