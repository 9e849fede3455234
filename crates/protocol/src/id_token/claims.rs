//! Claims that are compared: who, by whom, for whom, for which login.

use serde_json::{Map, Value};

use super::{IdTokenRules, NonceRule};
use crate::discrepancy::Discrepancy;
use crate::inert::inert;
use crate::metadata::NearMiss;

/// The longest `sub`, in ASCII characters (OpenID Connect Core §2).
const LONGEST_SUBJECT: usize = 255;

/// What is wrong with the claims whose rules need neither a clock nor a hash.
pub(super) fn defects(claims: &Map<String, Value>, rules: &IdTokenRules<'_>) -> Vec<Discrepancy> {
    let one =
        [issuer(claims, rules.issuer), subject(claims), nonce(claims, rules.nonce), acr(claims, rules.essential_acr)];
    let mut defects: Vec<Discrepancy> = one.into_iter().flatten().collect();
    defects.extend(audience(claims, rules));
    defects
}

/// A claim for a report: its text, or its JSON, or that it is not there.
pub(crate) fn received(claims: &Map<String, Value>, name: &str) -> String {
    match claims.get(name) {
        None => "nothing".to_owned(),
        Some(Value::String(text)) if text.is_empty() => "an empty text".to_owned(),
        Some(Value::String(text)) => inert(text),
        Some(other) => inert(&other.to_string()),
    }
}

fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str)
}

fn issuer(claims: &Map<String, Value>, issuer: &str) -> Option<Discrepancy> {
    let found = text(claims, "iss");
    if found == Some(issuer) {
        return None;
    }
    let hint = found.and_then(|found| NearMiss::between(issuer, found)).map_or("", NearMiss::hint);
    Some(Discrepancy::new("claim_issuer", "iss", format!("{issuer}{hint}"), received(claims, "iss")))
}

fn subject(claims: &Map<String, Value>) -> Option<Discrepancy> {
    let found = text(claims, "sub");
    if found.is_some_and(|subject| subject.is_ascii() && (1..=LONGEST_SUBJECT).contains(&subject.len())) {
        return None;
    }
    let received = match found {
        Some(subject) if subject.len() > LONGEST_SUBJECT => format!("{} characters", subject.chars().count()),
        _ => received(claims, "sub"),
    };
    let expected = "a text of 1 to 255 ASCII characters (OpenID Connect Core §2)";
    Some(Discrepancy::new("claim_subject", "sub", expected, received))
}

/// The audiences; `None` when the claim is neither a text nor a list of texts.
pub(crate) fn audiences(claims: &Map<String, Value>) -> Option<Vec<&str>> {
    match claims.get("aud")? {
        Value::String(one) => Some(vec![one]),
        Value::Array(several) => several.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

fn audience(claims: &Map<String, Value>, rules: &IdTokenRules<'_>) -> Vec<Discrepancy> {
    let party = |expected: String| Discrepancy::new("claim_authorized_party", "azp", expected, received(claims, "azp"));
    let mut defects = Vec::new();
    let found = audiences(claims);
    let is_ours = |audience: &str| audience == rules.client_id;
    let is_trusted = |audience: &str| is_ours(audience) || rules.trusted_audiences.iter().any(|one| one == audience);
    let is_for_us = |found: &Vec<&str>| found.iter().any(|one| is_ours(one)) && found.iter().all(|one| is_trusted(one));
    if !found.as_ref().is_some_and(is_for_us) {
        let expected = format!("{}, alone or beside audiences that are trusted", rules.client_id);
        defects.push(Discrepancy::new("claim_audience", "aud", expected, received(claims, "aud")));
    }
    let several = found.is_some_and(|found| found.len() > 1);
    match claims.get("azp") {
        None if several => defects.push(party(format!("{}, because there are several audiences", rules.client_id))),
        None => {}
        Some(Value::String(azp)) if azp == rules.client_id => {}
        Some(_) => defects.push(party(rules.client_id.to_owned())),
    }
    defects
}

fn nonce(claims: &Map<String, Value>, rule: NonceRule<'_>) -> Option<Discrepancy> {
    let new = |expected, received: &str| Some(Discrepancy::new("claim_nonce", "nonce", expected, received));
    match (rule, claims.get("nonce")) {
        (NonceRule::Sent(sent), Some(Value::String(found))) if sent.matches(found) => None,
        (NonceRule::Sent(_), Some(_)) => new("the nonce that was sent", "another nonce"),
        (NonceRule::Sent(_), None) => new("the nonce that was sent", "nothing"),
        (NonceRule::NotSent, Some(_)) => new("no nonce, because none was sent", "a nonce"),
        (NonceRule::NotSent, None) | (NonceRule::Refreshed, _) => None,
    }
}

fn acr(claims: &Map<String, Value>, essential: &[String]) -> Option<Discrepancy> {
    if essential.is_empty() || essential.iter().any(|value| text(claims, "acr") == Some(value)) {
        return None;
    }
    let expected = essential.join(" or ");
    Some(Discrepancy::new("claim_authentication_context", "acr", expected, received(claims, "acr")))
}
