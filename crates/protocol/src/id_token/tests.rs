//! Tests of judging an ID token: each starts from a good one and changes one thing.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::jose::test_keys::{p256, public, rsa, signed, with_header};
use crate::jwks::JwkSet;

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://op.example/realms/one";

fn nonce() -> Nonce {
    Nonce::from_random([7; 32])
}

fn good() -> Value {
    json!({
        "iss": ISSUER, "sub": "alice", "aud": "client-1", "nonce": nonce().value().expose(),
        "iat": NOW - 2, "exp": NOW + 300,
    })
}

/// The good claims with one of them replaced; `null` takes it away.
fn with(name: &str, value: Value) -> Value {
    let mut claims = good();
    let members = claims.as_object_mut().unwrap();
    if value.is_null() {
        members.remove(name)
    } else {
        members.insert(name.to_owned(), value)
    };
    claims
}

fn rules(nonce: &Nonce) -> IdTokenRules<'_> {
    IdTokenRules {
        issuer: ISSUER,
        client_id: "client-1",
        trusted_audiences: &[],
        nonce: NonceRule::Sent(nonce),
        algorithms: AlgorithmPolicy { registered: Some(SigningAlgorithm::Es256), advertised: None },
        max_age: None,
        essential_acr: &[],
        access_token: None,
        code: None,
        state: None,
    }
}

fn judge_token(token: &str, rules: &IdTokenRules<'_>) -> IdTokenJudgement {
    let keys = json!({ "keys": [public(&p256(), "k1"), public(&rsa(), "k2")] }).to_string();
    let jwks = JwkSet::parse(keys.as_bytes()).unwrap();
    let keys = VerificationKeys { jwks: Some(&jwks), client_secret: None };
    IdTokenJudgement::of(&Secret::new(token), rules, &keys, NOW)
}

fn judge_by(claims: &Value, change: impl FnOnce(&mut IdTokenRules<'_>)) -> IdTokenJudgement {
    let nonce = nonce();
    let mut rules = rules(&nonce);
    change(&mut rules);
    judge_token(&signed(SigningAlgorithm::Es256, claims), &rules)
}

fn judge(claims: &Value) -> IdTokenJudgement {
    judge_by(claims, |_| {})
}

fn codes(judgement: &IdTokenJudgement) -> Vec<&'static str> {
    judgement.discrepancies().iter().map(|discrepancy| discrepancy.code).collect()
}

#[test]
fn a_good_token_is_verified() {
    let judgement = judge(&good());
    assert_eq!(judgement.discrepancies(), []);
    let verified = judgement.verified().unwrap();
    assert_eq!(verified.subject, "alice");
    assert_eq!((verified.algorithm, verified.key_id.as_deref()), (SigningAlgorithm::Es256, Some("k1")));
    assert!(judgement.notices.is_empty());
}

#[test]
fn a_bad_signature_leaves_the_claims_judged_and_the_token_unbelieved() {
    let token = signed(SigningAlgorithm::Es256, &with("iss", json!("https://evil.example")));
    let (input, _) = token.rsplit_once('.').unwrap();
    let (_, other) =
        signed(SigningAlgorithm::Es256, &good()).rsplit_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let nonce = nonce();
    let judgement = judge_token(&format!("{input}.{other}"), &rules(&nonce));
    assert_eq!(codes(&judgement), ["jws_signature", "claim_issuer"]);
    assert_eq!(judgement.claims.as_ref().unwrap()["sub"], "alice");
    assert!(judgement.verified().is_none());
}

#[test]
fn the_issuer_is_compared_byte_by_byte() {
    let others = [
        json!("https://op.example/realms/one1"),
        json!("https://op.example/realms/one/"),
        json!("https://OP.example/realms/one"),
        json!(null),
        json!(7),
        json!([ISSUER]),
        json!(""),
    ];
    for other in others {
        assert_eq!(codes(&judge(&with("iss", other.clone()))), ["claim_issuer"], "{other}");
    }
    let slash = judge(&with("iss", json!("https://op.example/realms/one/")));
    assert!(slash.claim_defects[0].expected.contains("a slash at the end"), "{:?}", slash.claim_defects);
}

#[test]
fn a_token_for_somebody_else_is_refused() {
    let refused = [json!("client-11"), json!(null), json!([]), json!(7), json!(["other"]), json!(["client-1", 7])];
    for audience in refused {
        assert_eq!(codes(&judge(&with("aud", audience.clone()))), ["claim_audience"], "{audience}");
    }
    assert!(judge(&with("aud", json!(["client-1"]))).is_valid());
}

#[test]
fn a_further_audience_has_to_be_trusted_and_needs_an_authorized_party() {
    let mut claims = with("aud", json!(["client-1", "api"]));
    assert_eq!(codes(&judge(&claims)), ["claim_audience", "claim_authorized_party"]);
    let trusted = ["api".to_owned()];
    let nonce = nonce();
    let rules = IdTokenRules { trusted_audiences: &trusted, ..rules(&nonce) };
    let judge = |claims: &Value| codes(&judge_token(&signed(SigningAlgorithm::Es256, claims), &rules));
    assert_eq!(judge(&claims), ["claim_authorized_party"]);
    claims["azp"] = json!("client-1");
    assert!(judge(&claims).is_empty());
    claims["azp"] = json!("api");
    assert_eq!(judge(&claims), ["claim_authorized_party"]);
}

#[test]
fn a_subject_has_1_to_255_ascii_characters() {
    for subject in [json!(null), json!(""), json!(7), json!("a".repeat(256)), json!("ä")] {
        assert_eq!(codes(&judge(&with("sub", subject.clone()))), ["claim_subject"], "{subject}");
    }
    assert!(judge(&with("sub", json!("a".repeat(255)))).is_valid());
    assert_eq!(judge(&with("sub", json!("a".repeat(256)))).claim_defects[0].received, "256 characters");
}

#[test]
fn a_token_ends_with_30_seconds_of_tolerance() {
    for (expiry, valid) in [(NOW - 29, true), (NOW - 30, false), (NOW - 360, false)] {
        assert_eq!(judge(&with("exp", json!(expiry))).is_valid(), valid, "{expiry}");
    }
    for expiry in [json!(null), json!((NOW + 300).to_string()), json!(1e308), json!(true), json!(u64::MAX)] {
        assert_eq!(codes(&judge(&with("exp", expiry.clone()))), ["claim_expiry"], "{expiry}");
    }
    assert_eq!(codes(&judge(&with("exp", json!((NOW + 300) * 1000)))), ["claim_in_milliseconds"]);
    assert!(judge(&with("exp", json!(1_800_000_300.5))).is_valid());
}

#[test]
fn a_number_beyond_all_bounds_is_no_time() {
    let payload = good().to_string().replace(&(NOW + 300).to_string(), "1e400");
    let nonce = nonce();
    let judgement = judge_token(&with_header(&json!({ "alg": "ES256", "kid": "k1" }), &payload), &rules(&nonce));
    assert_eq!(codes(&judgement), ["claim_expiry"]);
}

#[test]
fn a_token_was_issued_just_now() {
    for (issued, valid) in
        [(NOW + 30, true), (NOW + 31, false), (NOW + 600, false), (NOW - 600, true), (NOW - 601, false)]
    {
        assert_eq!(judge(&with("iat", json!(issued))).is_valid(), valid, "{issued}");
    }
    for issued in [json!(null), json!(NOW.to_string()), json!(NOW - 7 * 86_400), json!(i64::MIN)] {
        assert_eq!(codes(&judge(&with("iat", issued.clone()))), ["claim_issued_at"], "{issued}");
    }
}

#[test]
fn a_token_may_not_be_used_before_its_time() {
    assert!(judge(&with("nbf", json!(NOW + 30))).is_valid());
    assert_eq!(codes(&judge(&with("nbf", json!(NOW + 31)))), ["claim_not_before"]);
    assert_eq!(codes(&judge(&with("nbf", json!("now")))), ["claim_not_before"]);
}

#[test]
fn a_lifetime_of_more_than_a_day_is_worth_a_word() {
    let judgement = judge(&with("exp", json!(NOW + 86_400)));
    assert!(judgement.is_valid());
    assert_eq!(judgement.notices[0].code, "claim_lifetime_long");
}

#[test]
fn the_nonce_has_to_come_back_and_none_that_was_not_sent() {
    assert_eq!(codes(&judge(&with("nonce", json!(null)))), ["claim_nonce"]);
    let longer = format!("{}1", nonce().value().expose());
    let judgement = judge(&with("nonce", json!(longer)));
    assert_eq!(codes(&judgement), ["claim_nonce"]);
    assert!(!format!("{:?}", judgement.claim_defects).contains(&longer[..20]));
    let unasked = judge_by(&good(), |rules| rules.nonce = NonceRule::NotSent);
    assert_eq!(codes(&unasked), ["claim_nonce"]);
    assert!(judge_by(&with("nonce", json!(null)), |rules| rules.nonce = NonceRule::NotSent).is_valid());
    assert!(judge_by(&good(), |rules| rules.nonce = NonceRule::Refreshed).is_valid());
}

#[test]
fn a_member_that_is_there_twice_leaves_nothing_to_judge() {
    let payload = good().to_string().replacen('{', r#"{"nonce":"other","#, 1);
    let nonce = nonce();
    let judgement = judge_token(&with_header(&json!({ "alg": "ES256", "kid": "k1" }), &payload), &rules(&nonce));
    assert!(judgement.signature.is_valid());
    assert_eq!(codes(&judgement), ["jws_payload_twice"]);
    assert!(judgement.claims.is_none());
}

#[test]
fn the_access_token_s_hash_is_compared_whenever_it_is_there() {
    let token = Secret::new("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
    let judge = |hash: Value| {
        let nonce = nonce();
        let rules = IdTokenRules { access_token: Some(&token), code: Some(&token), ..rules(&nonce) };
        judge_token(&signed(SigningAlgorithm::Es256, &with("at_hash", hash)), &rules)
    };
    assert!(judge(json!("77QmUPtjPfzWtF2AnpK9RQ")).is_valid());
    assert!(judge(json!(null)).is_valid());
    assert_eq!(codes(&judge(json!("77QmUPtjPfzWtF2AnpK9RQ1"))), ["claim_access_token_hash"]);
    assert_eq!(codes(&judge(json!(7))), ["claim_access_token_hash"]);
    let by_sha512 = crate::jose::HashAlgorithm::Sha512.left_half(token.expose());
    assert_eq!(judge(json!(by_sha512)).claim_defects[0].received, "the hash by SHA-512");
}

#[test]
fn the_hashes_of_code_and_state_are_compared_whenever_they_are_there() {
    let (code, state) = (Secret::new("a-code"), State::from_random([1; 32]));
    let mut claims = good();
    claims["c_hash"] = json!(SigningAlgorithm::Es256.hash().left_half("a-code"));
    claims["s_hash"] = json!(SigningAlgorithm::Es256.hash().left_half(&state.value().expose()));
    let nonce = nonce();
    let rules = IdTokenRules { code: Some(&code), state: Some(&state), ..rules(&nonce) };
    let judge = |claims: &Value| codes(&judge_token(&signed(SigningAlgorithm::Es256, claims), &rules));
    assert!(judge(&claims).is_empty());
    claims["c_hash"] = json!("x");
    claims["s_hash"] = json!("y");
    assert_eq!(judge(&claims), ["claim_code_hash", "claim_state_hash"]);
}

#[test]
fn max_age_demands_a_login_that_is_recent_enough() {
    let judge = |time: Value| codes(&judge_by(&with("auth_time", time), |rules| rules.max_age = Some(60)));
    assert!(judge(json!(NOW - 90)).is_empty());
    for time in [json!(NOW - 91), json!(null), json!("x"), json!(NOW + 31)] {
        assert_eq!(judge(time.clone()), ["claim_authentication_time"], "{time}");
    }
    assert!(codes(&judge_by(&with("auth_time", json!(1)), |rules| rules.max_age = Some(u64::MAX))).is_empty());
}

#[test]
fn an_essential_acr_has_to_be_one_of_those_demanded() {
    let essential = ["gold".to_owned(), "silver".to_owned()];
    let nonce = nonce();
    let rules = IdTokenRules { essential_acr: &essential, ..rules(&nonce) };
    let judge = |acr| codes(&judge_token(&signed(SigningAlgorithm::Es256, &with("acr", acr)), &rules));
    assert!(judge(json!("silver")).is_empty());
    assert_eq!(judge(json!("bronze")), ["claim_authentication_context"]);
    assert_eq!(judge(json!(null)), ["claim_authentication_context"]);
}

#[test]
fn an_unknown_key_asks_for_fresh_ones_and_a_bad_signature_does_not() {
    let nonce = nonce();
    let rotated = with_header(&json!({ "alg": "ES256", "kid": "k9" }), &good().to_string());
    let judgement = judge_token(&rotated, &rules(&nonce));
    assert!(judgement.wants_fresh_keys());
    assert_eq!(codes(&judgement), ["key_unknown"]);
    assert!(!judge(&with("iss", json!("x"))).wants_fresh_keys());
}

#[test]
fn an_attackers_key_in_the_header_is_told_even_where_the_token_is_good() {
    let header = json!({ "alg": "ES256", "kid": "k1", "jku": "https://evil.example/keys" });
    let nonce = nonce();
    let judgement = judge_token(&with_header(&header, &good().to_string()), &rules(&nonce));
    assert!(judgement.is_valid());
    assert_eq!((judgement.notices[0].code, judgement.notices[0].field.as_str()), ("jws_key_in_header", "jku"));
}

#[test]
fn a_token_that_cannot_be_read_has_one_defect_and_no_claims() {
    let nonce = nonce();
    let judgement = judge_token("a.b.c.d.e", &rules(&nonce));
    assert_eq!(codes(&judgement), ["jwe_unsupported"]);
    assert!(judgement.claims.is_none() && !judgement.is_valid());
    assert_eq!(missing().code, "id_token_missing");
}

#[test]
fn a_refreshed_token_speaks_of_the_same_login() {
    let compare = |original: &Value, refreshed: &Value| {
        let found = compare_refreshed(original.as_object().unwrap(), refreshed.as_object().unwrap());
        found.into_iter().map(|discrepancy| discrepancy.code).collect::<Vec<_>>()
    };
    let original = with("auth_time", json!(NOW - 1000));
    let mut refreshed = original.clone();
    refreshed["iat"] = json!(NOW + 100);
    refreshed["aud"] = json!(["client-1"]);
    refreshed.as_object_mut().unwrap().remove("nonce");
    assert!(compare(&original, &refreshed).is_empty());
    for (name, value, code) in [
        ("iss", json!("https://other.example"), "refreshed_issuer"),
        ("sub", json!("mallory"), "refreshed_subject"),
        ("aud", json!("client-2"), "refreshed_audience"),
        ("aud", json!(["client-1", "api"]), "refreshed_audience"),
        ("azp", json!("client-1"), "refreshed_authorized_party"),
        ("auth_time", json!(NOW), "refreshed_authentication_time"),
        ("nonce", json!("another"), "refreshed_nonce"),
    ] {
        let mut changed = refreshed.clone();
        changed[name] = value;
        assert_eq!(compare(&original, &changed), [code], "{name}");
    }
}

proptest! {
    #[test]
    fn no_claims_make_the_judge_panic_and_only_good_ones_pass(
        name in "iss|sub|aud|azp|exp|iat|nbf|nonce|at_hash|auth_time|acr", text in "\\PC{0,20}", number: f64, kind in 0..6,
    ) {
        let value = match kind {
            0 => json!(text),
            1 => json!(number),
            2 => json!([text]),
            3 => json!({ "a": text }),
            4 => json!(true),
            _ => json!(number.to_bits()),
        };
        let judgement = judge_by(&with(&name, value), |rules| rules.max_age = Some(60));
        // max_age is demanded and the good token has no auth_time.
        prop_assert!(!judgement.is_valid() || name == "auth_time");
    }
}
