//! The logout token, by which a provider tells that a session is over (Back-Channel Logout 1.0 §2.4).

use serde_json::{Map, Value};

use crate::discrepancy::Discrepancy;
use crate::id_token::{audiences, received, seconds};
use crate::inert::inert;
use crate::jose::{AlgorithmPolicy, Jws, JwsDefect, SignatureJudgement, VerificationKeys};

/// The member of `events` that makes a token a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The type a logout token may have besides JWT (Back-Channel Logout §2.4).
const TYPE: &str = "logout+jwt";

/// How far two clocks may be apart, in seconds.
const TOLERANCE: i64 = 30;

/// How old a logout token may be, in seconds. Whoever plays an older one again wants something.
const OLDEST: i64 = 10 * 60;

/// What a logout token has to live up to.
#[derive(Clone, Debug)]
pub struct LogoutTokenRules<'a> {
    /// The issuer, compared byte by byte.
    pub issuer: &'a str,
    /// The client's identifier, which has to be among the audiences.
    pub client_id: &'a str,
    /// Which algorithms the signature may have.
    pub algorithms: AlgorithmPolicy,
}

/// What came of judging a logout token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LogoutTokenJudgement {
    /// Everything that is wrong, the signature's defects first.
    pub defects: Vec<Discrepancy>,
    token: Option<LogoutToken>,
}

/// Whose session is over. At least one of `subject` and `session_id` is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutToken {
    /// `sub`: the person, in all sessions when no session is named.
    pub subject: Option<String>,
    /// `sid`: the session.
    pub session_id: Option<String>,
    /// `jti`, by which a token that is played again is recognised.
    pub token_id: String,
}

impl LogoutTokenJudgement {
    /// Judges a logout token (Back-Channel Logout §2.6). `now` is in seconds since 1970.
    pub fn of(token: &str, rules: &LogoutTokenRules<'_>, keys: &VerificationKeys<'_>, now: i64) -> Self {
        match Jws::parse(token) {
            Ok(jws) => Self::of_jws(&jws, rules, keys, now),
            Err(defect) => Self { defects: vec![defect.discrepancy()], token: None },
        }
    }

    /// The token, when nothing is wrong with it.
    pub fn verified(&self) -> Option<&LogoutToken> {
        self.token.as_ref()
    }

    /// The status of the answer to the provider (Back-Channel Logout §2.8).
    pub const fn status(&self) -> u16 {
        if self.token.is_some() { 200 } else { 400 }
    }

    fn of_jws(jws: &Jws<'_>, rules: &LogoutTokenRules<'_>, keys: &VerificationKeys<'_>, now: i64) -> Self {
        let signature = SignatureJudgement::of(jws, &rules.algorithms, keys);
        let is_own_type = |defect: &JwsDefect| matches!(defect, JwsDefect::OtherType(name) if name == TYPE);
        let of_signature = signature.defects.iter().filter(|defect| !is_own_type(defect));
        let mut defects: Vec<_> = of_signature.map(JwsDefect::discrepancy).collect();
        let token = match jws.claims() {
            Ok(claims) => {
                defects.extend(claim_defects(&claims, rules, now));
                read(&claims)
            }
            Err(defect) => {
                defects.push(defect.discrepancy());
                None
            }
        };
        Self { token: token.filter(|_| defects.is_empty()), defects }
    }
}

fn claim_defects(claims: &Map<String, Value>, rules: &LogoutTokenRules<'_>, now: i64) -> Vec<Discrepancy> {
    let new = |code, name: &str, expected: &str| Discrepancy::new(code, name, expected, received(claims, name));
    let is_text = |name: &str| claims.get(name).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    let for_us = audiences(claims).is_some_and(|found| found.contains(&rules.client_id));
    let is_logout = claims.get("events").and_then(|events| events.get(EVENT)).is_some_and(Value::is_object);
    let issued = time(claims, "iat")
        .is_some_and(|time| (now.saturating_sub(OLDEST)..=now.saturating_add(TOLERANCE)).contains(&time));
    let alive = time(claims, "exp").is_some_and(|time| time > now.saturating_sub(TOLERANCE));
    let checks = [
        (claims.get("iss").and_then(Value::as_str) != Some(rules.issuer))
            .then(|| new("claim_issuer", "iss", rules.issuer)),
        (!for_us).then(|| new("claim_audience", "aud", rules.client_id)),
        (!issued).then(|| new("claim_issued_at", "iat", "a time at most 10 minutes ago")),
        (!alive).then(|| new("claim_expiry", "exp", "a time after now")),
        (!is_text("jti")).then(|| new("logout_token_id", "jti", "a text (Back-Channel Logout §2.4)")),
        (!is_text("sub") && !is_text("sid"))
            .then(|| new("logout_token_subject", "sub", "sub or sid (Back-Channel Logout §2.4)")),
        (!is_logout).then(|| new("logout_token_events", "events", &format!("an object with {EVENT}"))),
        // An ID token must not do for a logout token, and only an ID token has a nonce.
        claims.contains_key("nonce").then(|| Discrepancy::new("logout_token_nonce", "nonce", "no nonce", "a nonce")),
    ];
    checks.into_iter().flatten().collect()
}

fn time(claims: &Map<String, Value>, name: &str) -> Option<i64> {
    seconds(claims.get(name)?.as_number()?).ok()
}

fn read(claims: &Map<String, Value>) -> Option<LogoutToken> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(inert);
    Some(LogoutToken { subject: text("sub"), session_id: text("sid"), token_id: text("jti")? })
}

#[cfg(test)]
mod tests;
