//! Verifying a signed userinfo answer (OpenID Connect Core §5.3.4).

use serde_json::{Map, Value};

use super::{UserinfoClaims, UserinfoDefect};
use crate::Secret;
use crate::discrepancy::Discrepancy;
use crate::id_token::{audiences, received};
use crate::jose::{AlgorithmPolicy, Jws, SignatureJudgement, VerificationKeys};

/// What a signed userinfo answer has to live up to.
#[derive(Clone, Debug)]
pub struct SignedUserinfoRules<'a> {
    /// The issuer this login is bound to; compared when the answer names one.
    pub issuer: &'a str,
    /// The client's identifier; compared when the answer names audiences.
    pub client_id: &'a str,
    /// `sub` of the verified ID token, when there is one.
    pub subject: Option<&'a str>,
    /// Which algorithms the signature may have.
    pub algorithms: AlgorithmPolicy,
}

/// Verifies a signed answer and gives its claims. `none` is no algorithm here either: an answer that need not be signed comes as JSON.
///
/// # Errors
/// The first thing that is wrong, the signature before any claim; see [`UserinfoDefect`]. When it is
/// [`UserinfoDefect::Signature`] with a key that was not found, fresh keys may help.
pub fn verify(
    token: &Secret,
    rules: &SignedUserinfoRules<'_>,
    keys: &VerificationKeys<'_>,
) -> Result<UserinfoClaims, UserinfoDefect> {
    let jws = Jws::parse(token.expose())?;
    let judgement = SignatureJudgement::of(&jws, &rules.algorithms, keys);
    if let Some(defect) = judgement.defects.into_iter().next() {
        return Err(defect.into());
    }
    let claims = jws.claims()?;
    check_issuer(&claims, rules.issuer)?;
    check_audience(&claims, rules.client_id)?;
    UserinfoClaims::read(&claims, rules.subject)
}

fn check_issuer(claims: &Map<String, Value>, issuer: &str) -> Result<(), UserinfoDefect> {
    match claims.get("iss") {
        None => Ok(()),
        Some(Value::String(found)) if found == issuer => Ok(()),
        Some(_) => {
            let discrepancy = Discrepancy::new("claim_issuer", "iss", issuer, received(claims, "iss"));
            Err(UserinfoDefect::Claim(discrepancy))
        }
    }
}

fn check_audience(claims: &Map<String, Value>, client_id: &str) -> Result<(), UserinfoDefect> {
    if !claims.contains_key("aud") || audiences(claims).is_some_and(|found| found.contains(&client_id)) {
        return Ok(());
    }
    Err(UserinfoDefect::Claim(Discrepancy::new("claim_audience", "aud", client_id, received(claims, "aud"))))
}
