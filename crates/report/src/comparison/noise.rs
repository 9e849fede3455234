//! What differs between any two logins, and why it means nothing.

/// Where a named value stands. The same name means something else elsewhere: the `code` of an error, the `state` of an address, somebody's
/// `age`.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// Parameters in a query, a form or a callback.
    Parameter,
    /// Header fields.
    Header,
    /// Members of a body, those within others after a dot.
    Member,
    /// What was found out: who it was, which tokens were issued. Nothing there is noise by its name.
    Fact,
}

/// Parameters that are new in every login.
const MADE_ANEW_IN_PARAMETERS: &[&str] = &["code", "state"];
/// Parameters, members and claims that are new in every login.
const MADE_ANEW: &[&str] = &[
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
const TIMES: &[&str] = &["iat", "exp", "nbf", "auth_time", "expires_at", "created_at"];
/// Times in header fields (RFC 9110 sections 6.6.1 and 8.8.2, RFC 9111 section 5).
const TIMES_IN_HEADERS: &[&str] = &["date", "expires", "age", "last-modified"];
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

/// Why a changed value of this name means nothing in this place; none when it may mean something. Values that came or went are never noise.
pub(super) fn of_name(place: Place, name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    match place {
        Place::Fact => None,
        Place::Parameter if MADE_ANEW_IN_PARAMETERS.contains(&&*name) => Some(ANEW),
        Place::Header if TIMES_IN_HEADERS.contains(&&*name) => Some(TIME),
        Place::Header if OF_EACH_ANSWER.contains(&&*name) => Some("A server gives it a new value with every answer."),
        Place::Header if name == "content-length" => Some("It follows from the body."),
        Place::Parameter | Place::Header => of_any(&name),
        Place::Member => of_any(name.rsplit('.').next().unwrap_or(&name)),
    }
}

/// Why a value of this name means nothing wherever something is sent or answered.
fn of_any(name: &str) -> Option<&'static str> {
    if MADE_ANEW.contains(&name) { Some(ANEW) } else { TIMES.contains(&name).then_some(TIME) }
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

const ANEW: &str = "It is made anew for every login.";
const TIME: &str = "It is a time, and the logins were not at the same time.";

/// What an issuer says of itself was asked for in one login and still known in the other.
pub(super) const REMEMBERED: &str = "An issuer's metadata and keys are read again only when they have become old.";

/// The person's time says nothing about the provider.
pub(super) const PERSON: &str = "It is the person's time.";

#[cfg(test)]
mod tests {
    use super::Place::{Fact, Header, Member, Parameter};
    use super::{of_addresses, of_durations, of_name};

    #[test]
    fn what_is_new_in_every_login_is_noise_wherever_it_is_sent() {
        for place in [Parameter, Header, Member] {
            assert!(of_name(place, "nonce").is_some() && of_name(place, "iat").is_some());
            assert!(of_name(place, "scope").is_none() && of_name(place, "created.at").is_none());
        }
        assert!(of_name(Member, "claims.iat").is_some());
    }

    #[test]
    fn a_name_that_means_something_else_elsewhere_is_noise_only_in_its_place() {
        for name in ["code", "state"] {
            assert!(of_name(Parameter, name).is_some());
            assert!(of_name(Header, name).is_none() && of_name(Member, name).is_none());
        }
        for name in ["Age", "Date", "Expires"] {
            assert!(of_name(Header, name).is_some());
            assert!(of_name(Parameter, name).is_none() && of_name(Member, name).is_none());
        }
        assert!(of_name(Member, "error.code").is_none() && of_name(Parameter, "error.code").is_none());
    }

    #[test]
    fn nothing_that_was_found_out_is_noise_by_its_name() {
        for name in ["code", "state", "age", "date", "expires", "sid", "iat", "created_at"] {
            assert!(of_name(Fact, name).is_none());
        }
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
