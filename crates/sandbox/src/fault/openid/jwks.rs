//! JK, and the key sets that ID-07, ID-26 and ID-29 go with.

use std::collections::HashSet;

use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use serde_json::{Map, Value, json};

use super::super::answer::{Finished, Pause};
use super::super::inject::Context;
use super::super::wire::repeating;
use super::{attacker, weak_key};
use crate::entropy::Entropy;

/// A JWK as JSON.
type Key = Map<String, Value>;

/// Bends the key set; says whether the fault really happened.
pub(super) async fn bend(context: &Context<'_>, answer: &mut Finished) -> bool {
    match (context.fault, context.variant) {
        ("JK-01", "not_found") => answer.replace(StatusCode::NOT_FOUND, "text/plain", "Not Found"),
        ("JK-01", "server_error") => answer.replace(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", "Failed"),
        ("JK-01", "hang") => answer.pause(Pause::Forever),
        ("JK-01", _) => answer.replace_by_page("<!doctype html><title>Maintenance</title>".to_owned()),
        ("JK-08", variant) => return oversize(answer, variant == "many_bytes"),
        ("JK-10", variant) => {
            let elsewhere = attacker::address(context.server, "keys");
            let same_host = elsewhere.replace("localhost", "127.0.0.1");
            answer.redirect(StatusCode::FOUND, if variant == "http" { &same_host } else { &elsewhere });
        }
        ("JK-11", variant) => {
            let seconds = if variant == "no_time" { 0 } else { 365 * 24 * 3600 };
            answer.set_header(CACHE_CONTROL, format!("max-age={seconds}"));
        }
        ("JK-02", "not_an_array") => answer.set_body(json!({"keys": {}}).to_string()),
        _ => {
            let Some(mut keys) = read(answer) else { return false };
            let attackers = attacker::key().await.and_then(|key| serde_json::to_value(key.public()).ok());
            let Some(Value::Object(attackers)) = attackers else { return false };
            alter(context, &mut keys, &attackers);
            write(answer, &keys);
        }
    }
    true
}

fn read(answer: &Finished) -> Option<Vec<Key>> {
    let set: Value = serde_json::from_slice(&answer.body).ok()?;
    set.get("keys")?.as_array()?.iter().map(|key| key.as_object().cloned()).collect()
}

fn write(answer: &mut Finished, keys: &[Key]) {
    answer.set_body(json!({"keys": keys}).to_string());
}

fn alter(context: &Context<'_>, keys: &mut Vec<Key>, attackers: &Key) {
    let entropy = &context.server.entropy;
    match (context.fault, context.variant) {
        ("ID-07", _) => keys.iter_mut().for_each(|key| *key = named_like(attackers, key)),
        ("ID-26", variant) => {
            // One key per algorithm, so that each token still has exactly one that fits.
            let mut algorithms = HashSet::new();
            keys.retain(|key| algorithms.insert(key["alg"].to_string()));
            if variant == "several_keys" {
                keys.insert(0, attackers.clone());
            }
            for key in keys {
                key.remove("kid");
            }
        }
        ("ID-29", variant) => {
            if let Some(Value::Object(weak)) = weak_key::public(variant) {
                keys.insert(0, weak);
            }
        }
        ("JK-02", _) => keys.clear(),
        ("JK-03", _) => keys.iter_mut().for_each(|key| expose(key, entropy)),
        ("JK-04", variant) => double(keys, attackers, variant),
        ("JK-05", variant) => keys.iter_mut().for_each(|key| misuse(key, variant)),
        ("JK-06", _) => keys.iter_mut().for_each(|key| *key = symmetric(key, entropy)),
        ("JK-07", _) => keys.splice(0..0, unknown()).for_each(drop),
        ("JK-09", _) => keys.iter_mut().for_each(|key| *key = never_seen(attackers, entropy)),
        (_, variant) => keys.insert(0, impossible(variant)),
    }
}

fn set(key: &mut Key, name: &str, value: impl Into<Value>) {
    key.insert(name.to_owned(), value.into());
}

/// Another key under the name of this one.
fn named_like(other: &Key, key: &Key) -> Key {
    let mut other = other.clone();
    other.extend(key.get("kid").map(|kid| ("kid".to_owned(), kid.clone())));
    other
}

/// JK-03: as if somebody had published the whole key. The numbers are made up; the real ones never leave the key.
fn expose(key: &mut Key, entropy: &Entropy) {
    for name in ["d", "p", "q", "dp", "dq", "qi"] {
        set(key, name, entropy.hex40());
    }
}

/// JK-04: beside each key the attacker's under the same name, for the same use or for another.
fn double(keys: &mut Vec<Key>, attackers: &Key, variant: &str) {
    let twins: Vec<Key> = keys
        .iter()
        .map(|key| {
            let mut twin = named_like(attackers, key);
            if variant == "other_use" {
                set(&mut twin, "use", "enc");
                set(&mut twin, "alg", "RSA-OAEP-256");
            }
            twin
        })
        .collect();
    keys.splice(0..0, twins);
}

/// JK-05.
fn misuse(key: &mut Key, variant: &str) {
    match variant {
        "encryption" => set(key, "use", "enc"),
        "other_algorithm" => set(key, "alg", "RSA-OAEP-256"),
        _ => {
            key.remove("use");
            set(key, "key_ops", json!(["encrypt"]));
        }
    }
}

/// JK-06: a shared secret where a public key should be (RFC 7518 §6.4).
fn symmetric(key: &Key, entropy: &Entropy) -> Key {
    let mut other = Key::new();
    set(&mut other, "kty", "oct");
    set(&mut other, "k", entropy.hex40());
    for name in ["kid", "alg", "use"] {
        other.extend(key.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    other
}

/// JK-07: an unknown kind, no kind at all, half a key.
fn unknown() -> Vec<Key> {
    let entries = [
        json!({"kty": "LATTICE", "kid": "tomorrow", "pub": "AAAA"}),
        json!({}),
        json!({"kty": "RSA", "kid": "half", "e": "AQAB"}),
        json!({"kty": 7, "kid": ["x"]}),
    ];
    entries.into_iter().filter_map(|entry| entry.as_object().cloned()).collect()
}

/// JK-09: a key in the right form that nobody has ever signed with.
fn never_seen(like: &Key, entropy: &Entropy) -> Key {
    let mut key = like.clone();
    // Hexadecimal digits are base64url digits, too: this is a number of 2048 bits.
    let digits: String = (0..9).map(|_| entropy.hex40()).collect();
    set(&mut key, "kid", entropy.uuid());
    set(&mut key, "n", format!("w{}Q", &digits[..340]));
    key
}

/// JK-12.
fn impossible(variant: &str) -> Key {
    let entry = match variant {
        "bad_base64" => {
            json!({"kty": "RSA", "kid": "torn", "alg": "RS256", "use": "sig", "n": "n*t base64!", "e": "AQAB"})
        }
        // 1, 1 is not on the curve.
        _ => json!({"kty": "EC", "kid": "astray", "alg": "ES256", "use": "sig", "crv": "P-256",
            "x": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE", "y": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"}),
    };
    entry.as_object().cloned().unwrap_or_default()
}

/// JK-08: a hundred thousand keys, or ten million bytes, the good keys last.
fn oversize(answer: &mut Finished, bytes: bool) -> bool {
    let Some(keys) = read(answer) else { return false };
    let good: Vec<_> = keys.into_iter().map(|key| Value::Object(key).to_string()).collect();
    let good = good.join(",");
    answer.stream(if bytes {
        repeating("{\"filler\":\"", "x".repeat(1024), 10 * 1024, format!("\",\"keys\":[{good}]}}"))
    } else {
        let filler = "{\"kty\":\"RSA\",\"kid\":\"filler\",\"n\":\"AAAA\",\"e\":\"AQAB\"},";
        repeating("{\"keys\":[", filler, 100_000, format!("{good}]}}"))
    });
    true
}
