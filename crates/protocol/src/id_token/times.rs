//! Claims that are times (RFC 7519 §2, NumericDate).

use serde_json::{Map, Number, Value};

use super::claims::received;
use crate::discrepancy::Discrepancy;

/// How far two clocks may be apart, in seconds.
const TOLERANCE: i64 = 30;

/// How old a token may be that was just issued, in seconds. Older ones were kept by somebody.
const OLDEST: i64 = 10 * 60;

/// Longer lifetimes are worth a word, in seconds.
const LONG_LIFETIME: i64 = 24 * 60 * 60;

/// From this on a number of seconds is beyond the year 5000: somebody wrote milliseconds.
const MILLISECONDS: f64 = 1e11;

/// From this on it is not milliseconds either.
const NO_TIME_AT_ALL: f64 = 1e14;

/// The times of a token, as far as they can be read.
struct Times<'a> {
    claims: &'a Map<String, Value>,
    now: i64,
}

/// Judges all times; adds to `defects` and gives back what is merely worth a word.
pub(super) fn judge(
    claims: &Map<String, Value>,
    max_age: Option<u64>,
    now: i64,
    defects: &mut Vec<Discrepancy>,
) -> Vec<Discrepancy> {
    let times = Times { claims, now };
    let mut keep = |time: Result<Option<i64>, Discrepancy>| {
        time.unwrap_or_else(|defect| {
            defects.push(defect);
            None
        })
    };
    let expiry = keep(times.expiry());
    let issued = keep(times.issued_at());
    keep(times.not_before());
    keep(times.authenticated(max_age));
    match (expiry, issued) {
        (Some(expiry), Some(issued)) if expiry.saturating_sub(issued) > LONG_LIFETIME => {
            let received = format!("{} hours", expiry.saturating_sub(issued) / 3600);
            vec![Discrepancy::new("claim_lifetime_long", "exp", "at most 24 hours after iat", received)]
        }
        _ => Vec::new(),
    }
}

impl Times<'_> {
    fn expiry(&self) -> Result<Option<i64>, Discrepancy> {
        let new = |received| Err(Discrepancy::new("claim_expiry", "exp", "a time after now", received));
        match self.read("claim_expiry", "exp")? {
            None => new("nothing".to_owned()),
            Some(time) if time <= self.now.saturating_sub(TOLERANCE) => new(self.told(time)),
            some => Ok(some),
        }
    }

    fn issued_at(&self) -> Result<Option<i64>, Discrepancy> {
        let expected = "a time at most 10 minutes ago";
        let new = |received| Err(Discrepancy::new("claim_issued_at", "iat", expected, received));
        match self.read("claim_issued_at", "iat")? {
            None => new("nothing".to_owned()),
            Some(time) if self.is_ahead(time) || time < self.now.saturating_sub(OLDEST) => new(self.told(time)),
            some => Ok(some),
        }
    }

    fn not_before(&self) -> Result<Option<i64>, Discrepancy> {
        match self.read("claim_not_before", "nbf")? {
            Some(time) if self.is_ahead(time) => {
                Err(Discrepancy::new("claim_not_before", "nbf", "a time that has come", self.told(time)))
            }
            other => Ok(other),
        }
    }

    fn authenticated(&self, max_age: Option<u64>) -> Result<Option<i64>, Discrepancy> {
        let code = "claim_authentication_time";
        let new = |expected: String, received| Err(Discrepancy::new(code, "auth_time", expected, received));
        let limit = max_age.map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX));
        let recent = |seconds: i64| format!("a time at most {seconds} s ago (max_age)");
        match (self.read(code, "auth_time")?, limit) {
            (None, Some(limit)) => new(recent(limit), "nothing".to_owned()),
            (Some(time), _) if self.is_ahead(time) => new("a time in the past".to_owned(), self.told(time)),
            (Some(time), Some(limit)) if time.saturating_add(limit).saturating_add(TOLERANCE) < self.now => {
                new(recent(limit), self.told(time))
            }
            (time, _) => Ok(time),
        }
    }

    fn is_ahead(&self, time: i64) -> bool {
        time > self.now.saturating_add(TOLERANCE)
    }

    fn told(&self, time: i64) -> String {
        let away = time.abs_diff(self.now);
        let side = if time > self.now { "ahead" } else { "ago" };
        format!("{time}, which is {away} s {side}")
    }

    /// The seconds since 1970 of a claim; nothing where there is none.
    fn read(&self, code: &'static str, name: &str) -> Result<Option<i64>, Discrepancy> {
        let expected = "seconds since 1970 as a JSON number (RFC 7519 §2)";
        let number = match self.claims.get(name) {
            None => return Ok(None),
            Some(Value::Number(number)) => number,
            Some(_) => return Err(Discrepancy::new(code, name, expected, received(self.claims, name))),
        };
        seconds(number).map(Some).map_err(|found| match found {
            NoTime::Milliseconds(_) => Discrepancy::new(
                "claim_in_milliseconds",
                name,
                expected,
                format!("{number}, which looks like milliseconds"),
            ),
            NoTime::Beyond => Discrepancy::new(code, name, expected, received(self.claims, name)),
        })
    }
}

/// Why a number is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoTime {
    /// It would be a time of our days if it counted milliseconds, which are given.
    Milliseconds(i64),
    /// No way of reading it makes it a time.
    Beyond,
}

/// The whole seconds of a NumericDate; fractions are allowed and fall away.
pub(crate) fn seconds(number: &Number) -> Result<i64, NoTime> {
    let value = number.as_f64().unwrap_or(f64::INFINITY);
    if value.abs() >= NO_TIME_AT_ALL {
        return Err(NoTime::Beyond);
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 1e14, which fits many times over")]
    let whole = value.floor() as i64;
    if value.abs() >= MILLISECONDS { Err(NoTime::Milliseconds(whole)) } else { Ok(whole) }
}
