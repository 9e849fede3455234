use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::jose::SigningAlgorithm;
use crate::jose::test_keys::{private, public, signed, with_header};
use crate::jwks::JwkSet;

const ISSUER: &str = "https://id.example";
const NOW: i64 = 1_700_000_000;

fn good() -> Value {
    json!({
        "iss": ISSUER, "aud": "app", "iat": NOW, "exp": NOW + 120, "jti": "j1", "sub": "ada", "sid": "s1",
        "events": {EVENT: {}},
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = good();
    claims[name] = value;
    claims
}

fn without(names: &[&str]) -> Value {
    let mut claims = good();
    for name in names {
        claims.as_object_mut().unwrap().remove(*name);
    }
    claims
}

fn judged(token: &str) -> LogoutTokenJudgement {
    let key = public(&private(SigningAlgorithm::Es256), "k1");
    let jwks = JwkSet::parse(json!({"keys": [key]}).to_string().as_bytes()).unwrap();
    let algorithms = AlgorithmPolicy { registered: Some(SigningAlgorithm::Es256), advertised: None };
    let rules = LogoutTokenRules { issuer: ISSUER, client_id: "app", algorithms };
    LogoutTokenJudgement::of(token, &rules, &VerificationKeys { jwks: Some(&jwks), client_secret: None }, NOW)
}

/// The only thing that is wrong with these claims, which are well signed.
fn only_defect(claims: &Value) -> &'static str {
    let judgement = judged(&signed(SigningAlgorithm::Es256, claims));
    assert_eq!(judgement.status(), 400, "{claims}");
    assert!(judgement.verified().is_none());
    let [only] = &judgement.defects[..] else { panic!("{claims}: {:?}", judgement.defects) };
    only.code
}

/// Proves: LO, rp/rp-backchannel-rpinitlogout.
#[test]
fn a_good_logout_token_says_whose_session_is_over() {
    let judgement = judged(&signed(SigningAlgorithm::Es256, &good()));
    assert_eq!((judgement.status(), &judgement.defects[..]), (200, &[][..]));
    let expected = LogoutToken { subject: Some("ada".into()), session_id: Some("s1".into()), token_id: "j1".into() };
    assert_eq!(judgement.verified(), Some(&expected));
}

#[test]
fn a_logout_token_may_have_a_type_of_its_own_and_no_other() {
    let typed = |name: &str| {
        let header = json!({"alg": "ES256", "kid": "k1", "typ": name});
        judged(&with_header(&header, &good().to_string())).status()
    };
    assert_eq!((typed("logout+jwt"), typed("JWT"), typed("at+jwt")), (200, 200, 400));
}

/// Proves: LO, rp/rp-backchannel-rpinitlogout-alg-none by LO-04.
#[test]
fn a_logout_token_without_a_signature_is_refused() {
    let unsigned = with_header(&json!({"alg": "none"}), &good().to_string());
    let judgement = judged(&unsigned);
    assert_eq!((judgement.status(), judgement.defects[0].code), (400, "jws_alg"));
}

/// Proves: LO, rp/rp-backchannel-rpinitlogout-wrong-alg by LO-07.
#[test]
fn a_logout_token_by_another_algorithm_is_refused() {
    let judgement = judged(&signed(SigningAlgorithm::Rs256, &good()));
    assert_eq!((judgement.status(), judgement.defects[0].code), (400, "jws_alg"));
}

/// Proves: LO, rp/rp-backchannel-rpinitlogout-no-event by LO-05.
#[test]
fn a_logout_token_without_its_event_is_refused() {
    assert_eq!(only_defect(&without(&["events"])), "logout_token_events");
}

/// Proves: LO, rp/rp-backchannel-rpinitlogout-wrong-event by LO-09.
#[test]
fn a_logout_token_with_another_event_is_refused() {
    assert_eq!(
        only_defect(&with("events", json!({"http://schemas.openid.net/event/other": {}}))),
        "logout_token_events"
    );
    assert_eq!(only_defect(&with("events", json!({EVENT: true}))), "logout_token_events");
    assert_eq!(only_defect(&with("events", json!([EVENT]))), "logout_token_events");
}

/// Proves: LO, rp/rp-backchannel-rpinitlogout-with-nonce by LO-06.
#[test]
fn a_logout_token_with_a_nonce_is_refused() {
    assert_eq!(only_defect(&with("nonce", json!("n"))), "logout_token_nonce");
    assert_eq!(only_defect(&with("nonce", json!(null))), "logout_token_nonce");
}

/// Proves: LO, rp/rp-backchannel-rpinitlogout-wrong-aud by LO-08.
#[test]
fn a_logout_token_for_another_client_is_refused() {
    assert_eq!(only_defect(&with("aud", json!("app1"))), "claim_audience");
    assert_eq!(only_defect(&without(&["aud"])), "claim_audience");
}

/// Proves: LO, rp/rp-backchannel-rpinitlogout-wrong-iss by LO-10.
#[test]
fn a_logout_token_of_another_issuer_is_refused() {
    assert_eq!(only_defect(&with("iss", json!("https://id.example/"))), "claim_issuer");
}

#[test]
fn a_logout_token_that_names_nobody_or_comes_at_the_wrong_time_is_refused() {
    assert_eq!(only_defect(&without(&["sub", "sid"])), "logout_token_subject");
    assert_eq!(only_defect(&without(&["jti"])), "logout_token_id");
    assert_eq!(only_defect(&with("exp", json!(NOW - 31))), "claim_expiry");
    assert_eq!(only_defect(&without(&["exp"])), "claim_expiry");
    assert_eq!(only_defect(&with("iat", json!(NOW - 601))), "claim_issued_at");
    assert_eq!(only_defect(&with("iat", json!("now"))), "claim_issued_at");
}

proptest! {
    #[test]
    fn no_text_is_a_logout_token_by_chance(text in "[A-Za-z0-9_.-]{0,80}|\\PC{0,40}") {
        prop_assert_eq!(judged(&text).status(), 400);
    }
}
