//! ID: what is on the wire when the ID token is wrong, one row for each variant of each fault.

use std::collections::HashSet;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::hmac;
use aws_lc_rs::signature::RsaPublicKeyComponents;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use gatewright_sandbox::{Twin, fault_catalogue};
use serde_json::{Value, json};

use crate::openid_rig::{Rig, Seen};

type Row = (&'static str, &'static str, fn(&Seen) -> bool);

const MINUTE: i64 = 60;

/// The signature holds, and a claim or the header is wrong.
const SIGNED: &[Row] = &[
    ("ID-06", "rs384", |seen| seen.header["alg"] == "RS384"),
    ("ID-06", "ps256", |seen| seen.header["alg"] == "PS256"),
    ("ID-06", "es384", |seen| seen.header["alg"] == "ES384"),
    ("ID-09", "unknown", |seen| seen.header["crit"] == json!(["sandbox"]) && seen.header["sandbox"] == true),
    ("ID-09", "b64", |seen| seen.header["crit"] == json!(["b64"]) && seen.header["b64"] == false),
    ("ID-10", "other", |seen| seen.claims["iss"] == "https://attacker.example"),
    ("ID-10", "suffix", |seen| seen.claims["iss"] == format!("{}1", seen.issuer)),
    ("ID-10", "slash", |seen| seen.claims["iss"] == format!("{}/", seen.issuer)),
    ("ID-10", "case", |seen| {
        let issuer = seen.claims["iss"].as_str().unwrap();
        issuer != seen.issuer && issuer.eq_ignore_ascii_case(&seen.issuer)
    }),
    ("ID-10", "missing", |seen| seen.claims.get("iss").is_none()),
    ("ID-10", "number", |seen| seen.claims["iss"].is_number()),
    ("ID-11", "other", |seen| seen.claims["aud"] == "another-client"),
    ("ID-11", "suffix", |seen| seen.claims["aud"] == format!("{}1", seen.client)),
    ("ID-11", "missing", |seen| seen.claims.get("aud").is_none()),
    ("ID-11", "array", |seen| seen.claims["aud"] == json!([seen.client])),
    ("ID-11", "array_with_other", |seen| seen.claims["aud"] == json!([seen.client, "another-client"])),
    ("ID-11", "empty_array", |seen| seen.claims["aud"] == json!([])),
    ("ID-11", "number", |seen| seen.claims["aud"].is_number()),
    ("ID-12", "other", |seen| seen.claims["azp"] == "another-client" && seen.claims["aud"] == seen.client),
    ("ID-12", "missing_for_several", |seen| {
        seen.claims.get("azp").is_none() && seen.claims["aud"].as_array().unwrap().len() == 2
    }),
    ("ID-13", "missing", |seen| seen.claims.get("sub").is_none()),
    ("ID-13", "empty", |seen| seen.claims["sub"] == ""),
    ("ID-13", "number", |seen| seen.claims["sub"].is_number()),
    ("ID-13", "too_long", |seen| seen.claims["sub"].as_str().unwrap().len() == 256),
    ("ID-13", "not_ascii", |seen| !seen.claims["sub"].as_str().unwrap().is_ascii()),
    ("ID-14", "missing", |seen| seen.claims.get("iat").is_none()),
    ("ID-14", "text", |seen| seen.claims["iat"].is_string()),
    ("ID-14", "future", |seen| seen.ahead("iat") > 9 * MINUTE),
    ("ID-14", "week_old", |seen| seen.ahead("iat") <= -7 * 24 * 60 * MINUTE),
    ("ID-15", "six_minutes_ago", |seen| (-7 * MINUTE..=-6 * MINUTE).contains(&seen.ahead("exp"))),
    ("ID-15", "twenty_seconds_ago", |seen| (-28..=-20).contains(&seen.ahead("exp"))),
    ("ID-15", "missing", |seen| seen.claims.get("exp").is_none()),
    ("ID-15", "text", |seen| seen.claims["exp"].is_string()),
    ("ID-15", "milliseconds", |seen| seen.claims["exp"].as_i64().unwrap() > 1_000_000_000_000),
    ("ID-15", "huge", |seen| seen.payload.contains("\"exp\":1e308")),
    ("ID-16", "ten_minutes", |seen| seen.ahead("nbf") > 9 * MINUTE),
    ("ID-16", "twenty_seconds", |seen| (1..=20).contains(&seen.ahead("nbf"))),
    ("ID-17", "wrong", |seen| seen.claims["nonce"] == "n-11"),
    ("ID-17", "missing", |seen| seen.claims.get("nonce").is_none()),
    ("ID-17", "unexpected", |seen| seen.claims["nonce"] == "nobody-sent-this"),
    ("ID-17", "twice", |seen| seen.payload.matches("\"nonce\":").count() == 2 && seen.payload.contains("\"n-1\"")),
    ("ID-18", "wrong", |seen| seen.claims["at_hash"].as_str().unwrap().len() == 23),
    ("ID-18", "other_hash", |seen| seen.claims["at_hash"].as_str().unwrap().len() == 43),
    ("ID-18", "missing", |seen| seen.claims.get("at_hash").is_none()),
    ("ID-19", "c_hash", |seen| seen.claims["c_hash"].is_string()),
    ("ID-19", "s_hash", |seen| seen.claims["s_hash"].is_string()),
    ("ID-20", "missing", |seen| seen.claims.get("auth_time").is_none()),
    ("ID-20", "too_old", |seen| seen.ahead("auth_time") <= -24 * 60 * MINUTE),
    ("ID-21", "", |seen| seen.claims["acr"] == "urn:example:somebody-said-so"),
    ("ID-23", "not_json", |seen| seen.payload == "these are no claims"),
    ("ID-23", "array", |seen| seen.claims[0]["aud"] == seen.client),
    ("ID-23", "twice", |seen| {
        seen.payload.matches("\"sub\":").count() == 2 && seen.payload.ends_with("\"sub\":\"attacker\"}")
    }),
    ("ID-24", "at_jwt", |seen| seen.header["typ"] == "at+jwt"),
    ("ID-24", "logout_jwt", |seen| seen.header["typ"] == "logout+jwt"),
    ("ID-24", "dpop_jwt", |seen| seen.header["typ"] == "dpop+jwt"),
    ("ID-25", "", |seen| seen.token.len() > 10 << 20),
    ("ID-30", "", |seen| seen.claims["iss"].as_str().unwrap().ends_with("/realms/{tenantid}")),
    ("ID-31", "", |seen| seen.ahead("exp") > 29 * 24 * 60 * MINUTE),
    ("ID-32", "twice", |seen| seen.header_text.matches("\"alg\":").count() == 2),
];

/// The claims are right, and the signature is not, or is nobody's.
const FORGED: &[Row] = &[
    ("ID-01", "", |seen| seen.header["alg"] == "RS256" && is_bit_flipped(seen)),
    ("ID-02", "bit_flip", |seen| seen.header["alg"] == "ES256" && seen.signature.len() == 64),
    ("ID-02", "der", |seen| seen.signature[0] == 0x30 && usize::from(seen.signature[1]) + 2 == seen.signature.len()),
    ("ID-02", "zeros", |seen| seen.signature == [0; 64]),
    ("ID-03", "bad_mac", |seen| seen.header["alg"] == "HS256" && seen.signature.len() == 32),
    ("ID-03", "public_client", |seen| seen.header["alg"] == "HS256" && seen.signature.len() == 32),
    ("ID-04", "none", |seen| seen.header["alg"] == "none" && seen.signature.is_empty()),
    ("ID-04", "mixed_case", |seen| seen.header["alg"] == "nOnE" && seen.signature.is_empty()),
    ("ID-04", "empty", |seen| seen.header["alg"] == "" && seen.signature.is_empty()),
    ("ID-04", "missing", |seen| seen.header.get("alg").is_none() && seen.signature.is_empty()),
    ("ID-04", "null", |seen| seen.header.get("alg") == Some(&Value::Null) && seen.signature.is_empty()),
    ("ID-04", "array", |seen| seen.header["alg"] == json!(["none"]) && seen.signature.is_empty()),
    ("ID-05", "pem", |seen| {
        let lines: Vec<_> = STANDARD.encode(public_der(seen)).into_bytes();
        let lines: Vec<_> = lines.chunks(64).map(|line| String::from_utf8(line.to_vec()).unwrap()).collect();
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"));
        is_keyed_by(seen, pem.as_bytes())
    }),
    ("ID-05", "der", |seen| is_keyed_by(seen, &public_der(seen))),
    ("ID-05", "jwk", |seen| is_keyed_by(seen, named_key(seen).to_string().as_bytes())),
    ("ID-07", "", |seen| named_key(seen)["alg"] == "RS256"),
    ("ID-08", "jwk", |seen| seen.is_signed_by(&seen.header["jwk"])),
    ("ID-08", "jku", |seen| seen.header["jku"].as_str().unwrap().ends_with("/chaster/attacker/keys")),
    ("ID-08", "x5u", |seen| seen.header["x5u"].as_str().unwrap().ends_with("/chaster/attacker/certificate")),
    ("ID-08", "x5c", |seen| STANDARD.decode(seen.header["x5c"][0].as_str().unwrap()).unwrap()[0] == 0x30),
    ("ID-22", "two_parts", |seen| seen.token.split('.').count() == 2),
    ("ID-22", "four_parts", |seen| seen.token.split('.').count() == 4),
    ("ID-22", "five_parts", |seen| seen.token.split('.').count() == 5 && seen.header["enc"] == "A256GCM"),
    ("ID-22", "padding", |seen| seen.token.ends_with('=')),
    ("ID-22", "whitespace", |seen| seen.token.contains("\n ")),
    ("ID-22", "standard_base64", |seen| seen.token.contains(['+', '/']) && !seen.token.contains(['-', '_'])),
    ("ID-32", "not_json", |seen| seen.header_text == "this is no header"),
    ("ID-32", "array", |seen| seen.header[0]["alg"] == "RS256"),
    ("ID-26", "one_key", |seen| {
        let fitting = seen.keys.iter().filter(|key| key["alg"] == "RS256").count();
        seen.header.get("kid").is_none() && seen.keys.iter().all(|key| key.get("kid").is_none()) && fitting == 1
    }),
    ("ID-26", "several_keys", |seen| {
        let fitting = seen.keys.iter().filter(|key| key["alg"] == "RS256").count();
        seen.header.get("kid").is_none() && fitting == 2 && seen.keys.iter().any(|key| seen.is_signed_by(key))
    }),
    ("ID-29", "rsa_512", |seen| modulus(named_key(seen)) == 64 && seen.signature.len() == 64),
    ("ID-29", "rsa_1024", |seen| modulus(named_key(seen)) == 128 && seen.signature.len() == 128),
    ("ID-29", "p_192", |seen| named_key(seen)["crv"] == "P-192" && seen.signature.len() == 48),
];

/// The published key that the header names.
fn named_key(seen: &Seen) -> &Value {
    seen.keys.iter().find(|key| key["kid"] == seen.header["kid"]).expect("a key of this name is published")
}

fn modulus(key: &Value) -> usize {
    URL_SAFE_NO_PAD.decode(key["n"].as_str().unwrap()).unwrap().len()
}

fn public_der(seen: &Seen) -> Vec<u8> {
    let key = named_key(seen);
    let [n, e] = ["n", "e"].map(|name| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap());
    RsaPublicKeyComponents { n, e }.as_der().unwrap().as_ref().to_vec()
}

fn is_keyed_by(seen: &Seen, key: &[u8]) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let message = seen.token.rsplit_once('.').unwrap().0;
    seen.header["alg"] == "HS256" && hmac::verify(&key, message.as_bytes(), &seen.signature).is_ok()
}

/// Whether the signature is right but for its lowest bit of the first byte.
fn is_bit_flipped(seen: &Seen) -> bool {
    let mut signature = seen.signature.clone();
    signature[0] ^= 1;
    let message = seen.token.rsplit_once('.').unwrap().0;
    let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(&signature));
    let repaired = Seen {
        token,
        signature,
        header: seen.header.clone(),
        header_text: seen.header_text.clone(),
        payload: String::new(),
        claims: Value::Null,
        keys: seen.keys.clone(),
        access_token: String::new(),
        issuer: String::new(),
        client: String::new(),
    };
    repaired.holds()
}

/// Lets one fault happen to a login and looks at its ID token.
async fn seen(rig: &Rig, fault: &str, variant: &str) -> Seen {
    rig.inject(fault, variant);
    let nonce: &[(&str, &str)] = if variant == "unexpected" { &[] } else { &[("nonce", "n-1")] };
    let answer = rig.tokens(nonce).await;
    assert_eq!(answer.status, 200, "{fault} {variant}");
    if fault != "ID-07" {
        rig.assert_injected(fault, variant, &answer);
    }
    Seen::of(rig, &answer).await
}

#[tokio::test]
async fn a_wrong_claim_or_header_is_signed_as_rightly_as_any_other() {
    let rig = Rig::at(Twin::Chaster).await;
    for (fault, variant, is_on_the_wire) in SIGNED {
        let seen = seen(&rig, fault, variant).await;
        assert!(seen.holds(), "{fault} {variant}: the signature does not hold");
        assert!(
            is_on_the_wire(&seen),
            "{fault} {variant}: {} {}",
            seen.header,
            &seen.payload[..seen.payload.len().min(900)]
        );
    }
}

#[tokio::test]
async fn a_forged_signature_comes_with_the_right_claims() {
    let rig = Rig::at(Twin::Chaster).await;
    for (fault, variant, is_on_the_wire) in FORGED {
        let seen = seen(&rig, fault, variant).await;
        let without_names = *fault == "ID-26";
        assert!(without_names || !seen.holds() || seen.token.split('.').count() != 3, "{fault} {variant} holds");
        assert!(is_on_the_wire(&seen), "{fault} {variant}: {} {:?}", seen.header, seen.keys);
        assert!(matches!(*variant, "five_parts" | "padding" | "standard_base64") || seen.claims["nonce"] == "n-1");
    }
    assert_eq!(rig.last_injection().endpoint, gatewright_sandbox::FaultEndpoint::Jwks, "ID-29 goes with the key set");
}

#[tokio::test]
async fn an_attackers_addresses_hold_the_key_that_signs() {
    let rig = Rig::at(Twin::Chaster).await;
    let seen = seen(&rig, "ID-08", "jku").await;
    let attackers = rig.get("/chaster/attacker/keys").await.json()["keys"][0].clone();
    assert!(seen.is_signed_by(&attackers));
    let pem = rig.get("/chaster/attacker/certificate").await.text;
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let certificate = STANDARD.decode(body).unwrap();
    let n = URL_SAFE_NO_PAD.decode(attackers["n"].as_str().unwrap()).unwrap();
    assert!(certificate.windows(n.len()).any(|window| window == n), "the certificate is for this key");
    assert!(rig.login.sandbox.recent_requests().iter().any(|entry| entry.note.contains("attacker")));
}

#[tokio::test]
async fn keys_replaced_before_signing_are_unknown_to_whoever_read_them_earlier() {
    let rig = Rig::at(Twin::Chaster).await;
    let before = rig.keys().await;
    let seen = seen(&rig, "ID-27", "before_signing").await;
    assert!(seen.holds());
    assert!(before.iter().all(|key| key["kid"] != seen.header["kid"]) && !seen.keys.contains(&before[0]));
}

#[tokio::test]
async fn keys_replaced_between_logins_leave_the_first_login_verifiable() {
    let rig = Rig::at(Twin::Chaster).await;
    let first = seen(&rig, "ID-27", "between_logins").await;
    rig.login.sandbox.clear_faults();
    let second = Seen::of(&rig, &rig.tokens(&[]).await).await;
    assert!(first.holds() && second.holds());
    assert_ne!(first.header["kid"], second.header["kid"]);
}

#[tokio::test]
async fn a_refreshed_id_token_differs_in_the_one_claim() {
    let rig = Rig::at(Twin::Chaster).await;
    for (fault, variant) in ["iss", "sub", "aud", "azp", "auth_time", "nonce"]
        .map(|claim| ("ID-28", claim))
        .into_iter()
        .chain([("RF-07", "sub"), ("RF-07", "iss")])
    {
        rig.inject(fault, variant);
        let answer = rig.tokens(&[("nonce", "n-1")]).await;
        let first = Seen::of(&rig, &answer).await;
        let answer = rig.refresh(&answer.json()).await;
        rig.assert_injected(fault, variant, &answer);
        let second = Seen::of(&rig, &answer).await;
        assert!(first.holds() && second.holds());
        for claim in ["iss", "sub", "aud", "azp", "auth_time", "nonce"] {
            assert_eq!(first.claims[claim] != second.claims[claim], claim == variant, "{fault} {variant}: {claim}");
        }
    }
}

#[tokio::test]
async fn the_access_token_hash_is_right_without_a_fault() {
    let rig = Rig::at(Twin::Chaster).await;
    let seen = Seen::of(&rig, &rig.tokens(&[]).await).await;
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, seen.access_token.as_bytes());
    assert_eq!(seen.claims["at_hash"], URL_SAFE_NO_PAD.encode(&digest.as_ref()[..16]));
}

#[test]
fn every_variant_of_every_id_token_fault_is_looked_at() {
    let elsewhere = [("ID-27", "before_signing"), ("ID-27", "between_logins")];
    let refreshed = ["iss", "sub", "aud", "azp", "auth_time", "nonce"].map(|claim| ("ID-28", claim));
    let rows = SIGNED.iter().chain(FORGED).map(|(fault, variant, _)| (*fault, *variant));
    let tested: HashSet<_> = rows.chain(elsewhere).chain(refreshed).collect();
    for definition in fault_catalogue().filter(|definition| definition.id.starts_with("ID-")) {
        let only = [""];
        for variant in if definition.variants.is_empty() { &only[..] } else { definition.variants } {
            assert!(tested.contains(&(definition.id, variant)), "{} {variant} has no row", definition.id);
        }
    }
}
