//! JK and DI: what is on the wire when the keys or the metadata are wrong, one row for each variant of each fault.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use gatewright_sandbox::{FaultRule, Twin, fault_catalogue};
use serde_json::{Value, json};

use crate::openid_rig::{Answer, PROTOCOL, REALM, Rig};

/// The fault, its variant, and what must be true of the bent and the right answer.
type Row = (&'static str, &'static str, fn(&Answer, &Value) -> bool);

fn keys(answer: &Answer) -> Vec<Value> {
    answer.json()["keys"].as_array().cloned().unwrap_or_default()
}

const KEYS: &[Row] = &[
    ("JK-01", "not_found", |answer, _| answer.status == 404),
    ("JK-01", "server_error", |answer, _| answer.status == 500),
    ("JK-01", "html", |answer, _| answer.header("content-type").starts_with("text/html")),
    ("JK-02", "empty", |answer, _| answer.json() == json!({"keys": []})),
    ("JK-02", "not_an_array", |answer, _| answer.json()["keys"].is_object()),
    ("JK-03", "", |answer, right| {
        keys(answer).iter().all(|key| key["d"].is_string() && key["p"].is_string() && key["q"].is_string())
            && keys(answer)[0]["n"] == right["keys"][0]["n"]
    }),
    ("JK-04", "same_use", |answer, right| {
        let keys = keys(answer);
        keys[0]["kid"] == keys[1]["kid"] && keys[0]["n"] != keys[1]["n"] && keys[1] == right["keys"][0]
    }),
    ("JK-04", "other_use", |answer, right| {
        let keys = keys(answer);
        keys[0]["kid"] == keys[1]["kid"] && keys[0]["use"] == "enc" && keys[1] == right["keys"][0]
    }),
    ("JK-05", "encryption", |answer, _| keys(answer)[0]["use"] == "enc"),
    ("JK-05", "other_algorithm", |answer, _| keys(answer)[0]["alg"] == "RSA-OAEP-256"),
    ("JK-05", "no_verify", |answer, _| keys(answer)[0]["key_ops"] == json!(["encrypt"])),
    ("JK-06", "", |answer, right| {
        let key = &keys(answer)[0];
        key["kty"] == "oct" && key["k"].is_string() && key["kid"] == right["keys"][0]["kid"]
    }),
    ("JK-07", "", |answer, right| {
        let keys = keys(answer);
        keys.len() == 5 && keys[0]["kty"] == "LATTICE" && keys[4] == right["keys"][0]
    }),
    ("JK-08", "many_keys", |answer, right| {
        let keys = keys(answer);
        keys.len() == 100_001 && keys.last() == Some(&right["keys"][0])
    }),
    ("JK-08", "many_bytes", |answer, right| answer.text.len() > 10 << 20 && answer.json()["keys"] == right["keys"]),
    ("JK-09", "", |answer, right| {
        let key = &keys(answer)[0];
        key["kty"] == "RSA" && key["kid"] != right["keys"][0]["kid"] && key["n"].as_str().unwrap().len() == 342
    }),
    ("JK-10", "other_host", |answer, _| {
        answer.status == 302 && answer.header("location").starts_with("http://localhost:")
    }),
    ("JK-10", "http", |answer, _| answer.status == 302 && answer.header("location").starts_with("http://127.0.0.1:")),
    ("JK-11", "no_time", |answer, _| answer.header("cache-control") == "max-age=0"),
    ("JK-11", "one_year", |answer, _| answer.header("cache-control") == "max-age=31536000"),
    ("JK-12", "bad_base64", |answer, right| {
        keys(answer)[0]["n"].as_str().unwrap().contains('*') && keys(answer)[1] == right["keys"][0]
    }),
    ("JK-12", "wrong_point", |answer, right| keys(answer)[0]["crv"] == "P-256" && keys(answer)[1] == right["keys"][0]),
];

const METADATA: &[Row] = &[
    ("DI-01", "suffix", |answer, right| answer.json()["issuer"] == format!("{}INVALID", text(right, "issuer"))),
    ("DI-01", "slash", |answer, right| answer.json()["issuer"] == format!("{}/", text(right, "issuer"))),
    ("DI-01", "case", |answer, right| {
        answer.json()["issuer"] != right["issuer"]
            && text(&answer.json(), "issuer").eq_ignore_ascii_case(text(right, "issuer"))
    }),
    ("DI-02", "", |answer, right| {
        text(&answer.json(), "token_endpoint").starts_with("http://sso.chaster.example/")
            && answer.json()["issuer"] == right["issuer"]
    }),
    ("DI-03", "other_host", |answer, _| token_endpoint(answer).starts_with("https://token.attacker.example/")),
    ("DI-03", "loopback", |answer, _| token_endpoint(answer).starts_with("https://127.0.0.1:9/")),
    ("DI-03", "link_local", |answer, _| token_endpoint(answer).starts_with("http://169.254.169.254/")),
    ("DI-03", "loopback_v6", |answer, _| token_endpoint(answer).starts_with("http://[::1]:9/")),
    ("DI-03", "file", |answer, _| token_endpoint(answer).starts_with("file:///")),
    ("DI-03", "userinfo", |answer, _| token_endpoint(answer).contains("://sandbox:secret@127.0.0.1")),
    ("DI-03", "port_0", |answer, _| token_endpoint(answer).starts_with("http://127.0.0.1:0/")),
    ("DI-04", "no_issuer", |answer, _| answer.json().get("issuer").is_none()),
    ("DI-04", "no_authorization_endpoint", |answer, _| answer.json().get("authorization_endpoint").is_none()),
    ("DI-04", "no_token_endpoint", |answer, _| answer.json().get("token_endpoint").is_none()),
    ("DI-04", "no_jwks_uri", |answer, _| answer.json().get("jwks_uri").is_none()),
    ("DI-04", "no_response_types_supported", |answer, _| answer.json().get("response_types_supported").is_none()),
    ("DI-04", "number", |answer, _| answer.json()["token_endpoint"] == 7),
    ("DI-04", "array", |answer, _| answer.json()["issuer"].is_array()),
    ("DI-04", "text", |answer, _| answer.json()["response_types_supported"] == "code"),
    ("DI-05", "", |answer, _| {
        answer.status == 302 && answer.header("location").ends_with("/chaster/attacker/metadata")
    }),
    ("DI-06", "oauth_only", |answer, _| answer.status == 404),
    ("DI-06", "neither", |answer, _| answer.status == 404),
    ("DI-07", "html", |answer, _| answer.header("content-type").starts_with("text/html")),
    ("DI-07", "truncated", |answer, right| {
        answer.json() == Value::Null && answer.text.len() == right.to_string().len() / 2
    }),
    ("DI-07", "many_bytes", |answer, right| answer.text.len() > 10 << 20 && answer.json()["issuer"] == right["issuer"]),
    ("DI-08", "", |answer, right| {
        token_endpoint(answer).starts_with(&format!("{}?version=", text(right, "token_endpoint")))
    }),
    ("DI-09", "", |answer, _| answer.text.matches("\"token_endpoint\":").count() == 2),
    ("DI-10", "", |answer, _| answer.json()["mtls_endpoint_aliases"]["token_endpoint"].is_string()),
    ("DI-11", "", |answer, right| {
        text(&answer.json(), "jwks_uri").starts_with(&format!("{}?run=", text(right, "jwks_uri")))
    }),
    ("DI-13", "", |answer, _| token_endpoint(answer).starts_with("https://c\u{4bb}aster.app/")),
];

fn text<'a>(document: &'a Value, name: &str) -> &'a str {
    document[name].as_str().unwrap()
}

fn token_endpoint(answer: &Answer) -> String {
    text(&answer.json(), "token_endpoint").to_owned()
}

async fn assert_rows(path: &str, rows: &[Row]) {
    let rig = Rig::at(Twin::Chaster).await;
    let right = rig.get(path).await.json();
    for (fault, variant, is_on_the_wire) in rows {
        rig.inject(fault, variant);
        let answer = rig.get(path).await;
        rig.assert_injected(fault, variant, &answer);
        let shown: String = answer.text.chars().take(900).collect();
        assert!(is_on_the_wire(&answer, &right), "{fault} {variant}: {} {shown}", answer.status);
    }
}

#[tokio::test]
async fn each_wrong_key_set_is_on_the_wire() {
    assert_rows(&format!("{PROTOCOL}/certs"), KEYS).await;
}

#[tokio::test]
async fn each_wrong_metadata_document_is_on_the_wire() {
    assert_rows(&format!("{REALM}/.well-known/openid-configuration"), METADATA).await;
}

#[tokio::test]
async fn a_key_set_that_never_comes_is_logged_at_once() {
    let rig = Rig::at(Twin::Chaster).await;
    rig.inject("JK-01", "hang");
    let path = format!("{PROTOCOL}/certs");
    let answer = tokio::time::timeout(Duration::from_millis(300), rig.get(&path)).await;
    assert!(answer.is_err(), "an answer came");
    assert_eq!(rig.last_injection().variant, Some("hang"));
}

#[tokio::test]
async fn the_two_well_known_addresses_can_disagree() {
    let rig = Rig::at(Twin::Chaster).await;
    let (openid, oauth) = (
        format!("{REALM}/.well-known/openid-configuration"),
        format!("/.well-known/oauth-authorization-server{REALM}"),
    );
    for (variant, statuses) in [("oauth_only", (404, 200)), ("openid_only", (200, 404)), ("neither", (404, 404))] {
        rig.inject("DI-06", variant);
        assert_eq!((rig.get(&openid).await.status, rig.get(&oauth).await.status), statuses, "{variant}");
    }
    rig.inject("DI-06", "conflicting");
    let (first, second) = (rig.get(&openid).await.json(), rig.get(&oauth).await.json());
    assert_eq!(first["issuer"], second["issuer"]);
    assert_ne!(first["token_endpoint"], second["token_endpoint"]);
}

#[tokio::test]
async fn metadata_and_keys_change_from_one_answer_to_the_next() {
    let rig = Rig::at(Twin::Chaster).await;
    let document = format!("{REALM}/.well-known/openid-configuration");
    for (fault, member) in [("DI-08", "token_endpoint"), ("DI-11", "jwks_uri")] {
        rig.inject(fault, "");
        let (first, second) = (rig.get(&document).await.json(), rig.get(&document).await.json());
        assert_ne!(first[member], second[member], "{fault}");
        // The address still works: the query is not looked at.
        let url = text(&first, member).strip_prefix(rig.login.sandbox.origin()).unwrap();
        assert_ne!(rig.get(url).await.status, 404);
    }
    rig.inject("JK-09", "");
    assert_ne!(rig.keys().await[0]["kid"], rig.keys().await[0]["kid"]);
}

#[tokio::test]
async fn slow_metadata_wait_as_long_as_the_rule_says() {
    let rig = Rig::at(Twin::Chaster).await;
    let rule = FaultRule { delay_ms: Some(200), ..FaultRule::always("DI-07", Twin::Chaster).with_variant("slow") };
    rig.login.sandbox.set_faults(vec![rule]).unwrap();
    let begun = Instant::now();
    let answer = rig.get(&format!("{REALM}/.well-known/openid-configuration")).await;
    assert!(begun.elapsed() >= Duration::from_millis(200) && answer.json()["issuer"].is_string());
}

#[test]
fn every_variant_of_every_document_fault_is_looked_at() {
    let elsewhere = [("JK-01", "hang"), ("DI-06", "openid_only"), ("DI-06", "conflicting"), ("DI-07", "slow")];
    let rows = KEYS.iter().chain(METADATA).map(|(fault, variant, _)| (*fault, *variant));
    let tested: HashSet<_> = rows.chain(elsewhere).collect();
    for definition in fault_catalogue().filter(|one| one.id.starts_with("JK-") || one.id.starts_with("DI-")) {
        let only = [""];
        for variant in if definition.variants.is_empty() { &only[..] } else { definition.variants } {
            assert!(tested.contains(&(definition.id, variant)), "{} {variant} has no row", definition.id);
        }
    }
}
