//! What differs between any two logins, and why it means nothing.

/// Parameters, members and claims that are new in every login.
const MADE_ANEW: &[&str] = &[
    "code",
    "state",
    "nonce",
    "code_challenge",
    "code_verifier",
    "jti",
    "sid",
    "session_state",
    "at_hash",
    "c_hash",
    "s_hash",
    "access_token",
    "refresh_token",
    "id_token",
    "id_token_hint",
    "request_uri",
    "dpop",
    "signature",
];
/// Times at which something was issued, or until when it lasts.
const TIMES: &[&str] =
    &["iat", "exp", "nbf", "auth_time", "expires_at", "created_at", "date", "expires", "age", "last-modified"];
/// Header fields that a server gives each answer, or each browser.
const OF_EACH_ANSWER: &[&str] = &[
    "set-cookie",
    "cookie",
    "etag",
    "x-request-id",
    "x-correlation-id",
    "x-runtime",
    "server-timing",
    "traceparent",
    "cf-ray",
    "report-to",
    "nel",
];

/// Why a changed value of this name means nothing; none when it may mean something. Values that came or went are never noise.
pub(super) fn of_name(name: &str) -> Option<&'static str> {
    let name = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
    let is_among = |names: &[&str]| names.contains(&&*name);
    if is_among(MADE_ANEW) {
        Some("It is made anew for every login.")
    } else if is_among(TIMES) {
        Some("It is a time, and the logins were not at the same time.")
    } else if is_among(OF_EACH_ANSWER) {
        Some("A server gives it a new value with every answer.")
    } else if name == "content-length" {
        Some("It follows from the body.")
    } else {
        None
    }
}

/// Why two addresses differ without meaning anything: both are on this computer, and only the port is another.
pub(super) fn of_addresses(before: &str, now: &str) -> Option<&'static str> {
    (before != now && without_loopback_port(before)? == without_loopback_port(now)?)
        .then_some("Only the port on this computer differs; it is chosen anew at every start.")
}

/// The text without the port of the loopback address in it; none when there is no such address.
fn without_loopback_port(text: &str) -> Option<String> {
    let host = ["127.0.0.1:", "localhost:", "[::1]:"].into_iter().find(|host| text.contains(host))?;
    let (start, rest) = text.split_once(host)?;
    Some(format!("{start}{host}{}", rest.trim_start_matches(|digit: char| digit.is_ascii_digit())))
}

/// Why two durations differ without meaning anything, in microseconds: they are close, as times on a network are.
pub(super) fn of_durations(before: u64, now: u64) -> Option<&'static str> {
    let (less, more) = (before.min(now), before.max(now));
    (more - less < 50_000 || more < less.saturating_mul(3) / 2).then_some("Times vary by as much without a reason.")
}

/// What an issuer says of itself was asked for in one login and still known in the other.
pub(super) const REMEMBERED: &str = "An issuer's metadata and keys are read again only when they have become old.";

/// The person's time says nothing about the provider.
pub(super) const PERSON: &str = "It is the person's time.";

#[cfg(test)]
mod tests {
    use super::{of_addresses, of_durations, of_name};

    #[test]
    fn what_is_new_in_every_login_is_noise_wherever_it_stands() {
        assert!(of_name("state").is_some() && of_name("Date").is_some() && of_name("claims.iat").is_some());
        assert!(of_name("scope").is_none() && of_name("token_type").is_none() && of_name("created.at").is_none());
    }

    #[test]
    fn another_port_on_this_computer_is_noise_and_another_host_is_not() {
        assert!(of_addresses("http://127.0.0.1:4001/x", "http://127.0.0.1:4002/x").is_some());
        assert!(of_addresses("http://127.0.0.1:4001/x", "http://127.0.0.1:4001/y").is_none());
        assert!(of_addresses("https://a.example/x", "https://b.example/x").is_none());
    }

    #[test]
    fn twice_the_time_is_a_difference_and_a_few_milliseconds_are_none() {
        assert!(of_durations(1_000, 30_000).is_some());
        assert!(of_durations(1_000_000, 1_400_000).is_some());
        assert!(of_durations(400_000, 900_000).is_none());
    }
}
