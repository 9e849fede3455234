//! `Retry-After`: how long a server wants to be left alone (RFC 9110 §10.2.3).

use std::time::{Duration, SystemTime};

use crate::http::HttpResponse;
use crate::inert::inert;

/// The longest wait that is honoured. Who wants more is not waited for: a person decides.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// What a server says of when to come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// After so many seconds.
    Seconds(u64),
    /// At this time, in seconds since 1970.
    At(i64),
    /// Something that is neither, made inert.
    Unreadable(String),
}

impl RetryAfter {
    /// The header of a response, if there is one.
    pub fn of(response: &HttpResponse) -> Option<Self> {
        let text = response.header("retry-after")?.trim();
        // Digits only: `+5` and `5.0` are none of the two forms.
        let seconds = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        Some(match (seconds, http_date(text)) {
            (Some(seconds), _) => Self::Seconds(seconds),
            (None, Some(time)) => Self::At(time),
            (None, None) => Self::Unreadable(inert(text)),
        })
    }

    /// How long to wait before the one repetition that is allowed, or `None` when the server asks for more than a minute or says
    /// nothing that can be understood. `now` is in seconds since 1970.
    pub fn wait(&self, now: i64) -> Option<Duration> {
        let wait = match self {
            Self::Seconds(seconds) => Duration::from_secs(*seconds),
            Self::At(time) => Duration::from_secs(time.saturating_sub(now).max(0).unsigned_abs()),
            Self::Unreadable(_) => return None,
        };
        (wait <= LONGEST_WAIT).then_some(wait)
    }
}

/// How far the server's clock is ahead of `now` (seconds since 1970), in seconds; behind when negative. `None` without a readable
/// `Date` header.
///
/// It explains why a token seems to come from the future. Tolerances do not grow by it: a server could lie to gain from that.
pub fn clock_skew(response: &HttpResponse, now: i64) -> Option<i64> {
    Some(http_date(response.header("date")?)?.saturating_sub(now))
}

/// A date of HTTP (RFC 9110 §5.6.7) in seconds since 1970.
fn http_date(text: &str) -> Option<i64> {
    let since = httpdate::parse_http_date(text).ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SOME_DAY: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    fn response(name: &str, value: &str) -> HttpResponse {
        let headers = vec![(name.to_owned(), value.to_owned())];
        HttpResponse { status: 429, headers, body: Vec::new(), cut: false }
    }

    fn read(value: &str) -> RetryAfter {
        RetryAfter::of(&response("retry-after", value)).unwrap()
    }

    #[test]
    fn seconds_a_date_and_garbage_are_told_apart() {
        assert_eq!(read(" 30 "), RetryAfter::Seconds(30));
        assert_eq!(read(SOME_DAY), RetryAfter::At(784_111_777));
        for garbage in ["soon", "-1", "+5", "1.5", "", "99999999999999999999999", "\u{202e}"] {
            assert!(matches!(read(garbage), RetryAfter::Unreadable(_)), "{garbage}");
        }
        assert_eq!(RetryAfter::of(&response("server", "x")), None);
    }

    #[test]
    fn a_wait_of_more_than_a_minute_is_not_honoured() {
        let now = 784_111_757;
        assert_eq!(read("60").wait(now), Some(Duration::from_mins(1)));
        assert_eq!(read("61").wait(now), None);
        assert_eq!(read(SOME_DAY).wait(now), Some(Duration::from_secs(20)));
        assert_eq!(read(SOME_DAY).wait(784_111_999), Some(Duration::ZERO));
        assert_eq!(read("soon").wait(now), None);
    }

    #[test]
    fn a_clock_that_is_a_day_off_is_measured() {
        let response = response("date", SOME_DAY);
        assert_eq!(clock_skew(&response, 784_111_777 - 86_400), Some(86_400));
        assert_eq!(clock_skew(&response, 784_111_777 + 60), Some(-60));
    }

    proptest! {
        #[test]
        fn any_header_has_a_reading(value in "\\PC{0,40}") {
            let _ = read(&value).wait(0);
            let _ = clock_skew(&response("date", &value), 0);
        }
    }
}
