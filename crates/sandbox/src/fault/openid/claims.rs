//! ID-10 to ID-21, ID-28, ID-30 and ID-31: the signature is right, and a claim is not.

use serde_json::{Value, json};

use super::super::token::Members;
use super::id_token::IdToken;
use crate::server::Server;
use crate::signing::SignatureAlgorithm;

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;
const MONTH: i64 = 30 * DAY;

/// Alters the claims; says whether there was anything to alter.
pub(super) fn alter(server: &Server, token: &mut IdToken, fault: &str, variant: &str) -> bool {
    let now = server.now().as_second();
    let client = token.app.key.to_string();
    let (algorithm, access_token) = (token.algorithm().unwrap_or_default(), token.access_token.clone());
    let claims = &mut token.claims;
    match fault {
        "ID-10" => issuer(claims, variant),
        "ID-11" => audience(claims, &client, variant),
        "ID-12" => authorized_party(claims, &client, variant),
        "ID-13" => subject(claims, variant),
        "ID-14" => issued_at(claims, now, variant),
        "ID-15" => expiry(claims, now, variant),
        "ID-16" => put(claims, "nbf", now + if variant == "ten_minutes" { 10 * MINUTE } else { 20 }),
        "ID-17" => nonce(claims, variant),
        "ID-18" => access_token_hash(claims, algorithm, &access_token, variant),
        "ID-19" => put(claims, variant, algorithm.half_hash("neither the code nor the state")),
        "ID-20" if variant == "missing" => take(claims, "auth_time"),
        "ID-20" => move_back(claims, "auth_time", DAY),
        "ID-21" => put(claims, "acr", "urn:example:somebody-said-so"),
        "ID-30" => {
            let template = claims.text("iss").unwrap_or_default().replace("/realms/app", "/realms/{tenantid}");
            put(claims, "iss", template)
        }
        "ID-31" => put(claims, "exp", now + MONTH),
        _ => refreshed(claims, variant),
    }
}

/// Gives a claim another value.
fn put(claims: &mut Members, name: &str, value: impl Into<Value>) -> bool {
    claims.set(name, value.into().to_string());
    true
}

/// Takes a claim away; says whether it was there.
fn take(claims: &mut Members, name: &str) -> bool {
    let was_there = claims.json(name).is_some();
    claims.remove(name);
    was_there
}

/// Puts something behind a claim that is a text.
fn extend(claims: &mut Members, name: &str, suffix: &str) -> bool {
    claims.text(name).is_some_and(|text| put(claims, name, text + suffix))
}

fn move_back(claims: &mut Members, name: &str, seconds: i64) -> bool {
    claims.integer(name).is_some_and(|time| put(claims, name, time - seconds))
}

/// ID-10.
fn issuer(claims: &mut Members, variant: &str) -> bool {
    match variant {
        "suffix" => extend(claims, "iss", "1"),
        "slash" => extend(claims, "iss", "/"),
        "case" => claims.text("iss").is_some_and(|issuer| put(claims, "iss", issuer.replace("/realms/", "/Realms/"))),
        "missing" => take(claims, "iss"),
        "number" => put(claims, "iss", 1),
        _ => put(claims, "iss", "https://attacker.example"),
    }
}

/// ID-11.
fn audience(claims: &mut Members, client: &str, variant: &str) -> bool {
    match variant {
        "suffix" => extend(claims, "aud", "1"),
        "missing" => take(claims, "aud"),
        "array" => put(claims, "aud", json!([client])),
        "array_with_other" => put(claims, "aud", json!([client, "another-client"])),
        "empty_array" => put(claims, "aud", json!([])),
        "number" => put(claims, "aud", 1),
        _ => put(claims, "aud", "another-client"),
    }
}

/// ID-12.
fn authorized_party(claims: &mut Members, client: &str, variant: &str) -> bool {
    match variant {
        "missing_for_several" => put(claims, "aud", json!([client, "another-client"])) && take(claims, "azp"),
        _ => put(claims, "azp", "another-client"),
    }
}

/// ID-13: at most 255 ASCII characters (OpenID Connect Core §2).
fn subject(claims: &mut Members, variant: &str) -> bool {
    match variant {
        "missing" => take(claims, "sub"),
        "empty" => put(claims, "sub", ""),
        "number" => put(claims, "sub", 42),
        "too_long" => put(claims, "sub", "x".repeat(256)),
        _ => put(claims, "sub", "theo-\u{3b8}\u{3ad}\u{3bf}"),
    }
}

/// ID-14.
fn issued_at(claims: &mut Members, now: i64, variant: &str) -> bool {
    match variant {
        "missing" => take(claims, "iat"),
        "text" => put(claims, "iat", now.to_string()),
        "future" => put(claims, "iat", now + 10 * MINUTE),
        _ => put(claims, "iat", now - 7 * DAY),
    }
}

/// ID-15. A token that has expired was also issued before that.
fn expiry(claims: &mut Members, now: i64, variant: &str) -> bool {
    let ago =
        |claims: &mut Members, seconds| put(claims, "exp", now - seconds) && put(claims, "iat", now - seconds - MINUTE);
    match variant {
        "twenty_seconds_ago" => ago(claims, 20),
        "missing" => take(claims, "exp"),
        "text" => put(claims, "exp", (now + 5 * MINUTE).to_string()),
        "milliseconds" => put(claims, "exp", (now + 5 * MINUTE) * 1000),
        "huge" => {
            claims.set("exp", "1e308");
            true
        }
        _ => ago(claims, 6 * MINUTE),
    }
}

/// ID-17. What is wrong with a nonce that was sent cannot be wrong without one, and the other way round.
fn nonce(claims: &mut Members, variant: &str) -> bool {
    let was_sent = claims.json("nonce").is_some();
    match variant {
        "unexpected" => !was_sent && put(claims, "nonce", "nobody-sent-this"),
        "missing" => take(claims, "nonce"),
        "twice" => {
            if was_sent {
                claims.add("nonce", "\"another\"");
            }
            was_sent
        }
        _ => extend(claims, "nonce", "1"),
    }
}

/// ID-18: the hash belongs to the algorithm of the signature (OpenID Connect Core §3.1.3.6).
fn access_token_hash(claims: &mut Members, algorithm: SignatureAlgorithm, access_token: &str, variant: &str) -> bool {
    let (with_512, with_256) = (SignatureAlgorithm::Rs512, SignatureAlgorithm::Rs256);
    match variant {
        "missing" => take(claims, "at_hash"),
        "other_hash" => {
            let right = algorithm.half_hash(access_token);
            let other = [with_512, with_256].map(|other| other.half_hash(access_token));
            other.into_iter().find(|hash| *hash != right).is_some_and(|hash| put(claims, "at_hash", hash))
        }
        _ => extend(claims, "at_hash", "1"),
    }
}

/// ID-28 and RF-07: what must stay the same in a refreshed ID token (OpenID Connect Core §12.2).
pub(super) fn refreshed(claims: &mut Members, variant: &str) -> bool {
    match variant {
        "iss" => extend(claims, "iss", "1"),
        "sub" => extend(claims, "sub", "-invalid"),
        "aud" => put(claims, "aud", "another-client"),
        "azp" => take(claims, "azp"),
        "auth_time" => move_back(claims, "auth_time", 1),
        _ => put(claims, "nonce", "another"),
    }
}
