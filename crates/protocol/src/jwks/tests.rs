//! Tests of reading a JWK Set and of choosing a key.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::jose::test_keys::{ed25519, p256, public, rsa};

fn parse(keys: &Value) -> Result<JwkSet, JwksDefect> {
    JwkSet::parse(json!({ "keys": keys }).to_string().as_bytes())
}

/// A public key with more members.
fn with(private: &Value, key_id: &str, more: &Value) -> Value {
    let mut key = public(private, key_id);
    key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    key
}

fn without_name(private: &Value) -> Value {
    let mut key = public(private, "x");
    key.as_object_mut().unwrap().remove("kid");
    key
}

#[test]
fn a_document_without_keys_is_no_jwk_set() {
    assert_eq!(parse(&json!([])), Err(JwksDefect::Empty));
    assert_eq!(parse(&json!({})), Err(JwksDefect::NoKeys));
    assert_eq!(JwkSet::parse(b"<html>"), Err(JwksDefect::NotJson));
    assert_eq!(JwkSet::parse(b"[]"), Err(JwksDefect::NoKeys));
    assert_eq!(JwkSet::parse(br#"{"keys":[{"kty":"RSA","kty":"EC"}]}"#), Err(JwksDefect::Twice("kty".into())));
    assert_eq!(JwksDefect::Empty.discrepancy().code, "jwks_unusable");
}

#[test]
fn a_document_that_is_too_large_is_not_read() {
    let keys: Vec<Value> = (0..101).map(|number| public(&p256(), &number.to_string())).collect();
    assert_eq!(parse(&json!(keys)), Err(JwksDefect::TooLarge));
    assert_eq!(parse(&json!(keys[1..])).unwrap().len(), 100);
    assert_eq!(JwkSet::parse(&vec![b' '; 1024 * 1024 + 1]), Err(JwksDefect::TooLarge));
    let mut response = HttpResponse { status: 200, headers: Vec::new(), body: b"{}".to_vec(), cut: true };
    assert_eq!(JwkSet::read(&response), Err(JwksDefect::TooLarge));
    response.status = 302;
    assert_eq!(JwkSet::read(&response), Err(JwksDefect::Status(302)));
}

#[test]
fn entries_that_cannot_be_used_are_skipped_with_a_reason_and_the_good_ones_kept() {
    let good = public(&p256(), "good");
    let off_the_curve = with(&p256(), "off", &json!({ "y": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU" }));
    let short = with(&rsa(), "short", &json!({ "n": "AQAB".repeat(32) }));
    let padded = with(&p256(), "padded", &json!({ "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU=" }));
    let even = with(&rsa(), "even", &json!({ "e": "AQAA" }));
    let set = parse(&json!([
        good, 7, {}, { "kty": "future" }, { "kty": "oct", "k": "c2VjcmV0" }, off_the_curve, short, padded, even,
        { "kty": "EC", "crv": "P-192", "x": "", "y": "" }, { "kty": "OKP", "crv": "X25519", "x": "" },
        with(&p256(), "ops", &json!({ "key_ops": "verify" })),
    ]));
    let set = set.unwrap();
    assert_eq!(set.len(), 1);
    let reasons: Vec<_> = set.skipped().iter().map(|skipped| skipped.reason.clone()).collect();
    assert_eq!(
        reasons,
        [
            SkipReason::NotAKey,
            SkipReason::NotAKey,
            SkipReason::UnknownType("future".into()),
            SkipReason::Symmetric,
            SkipReason::Unsound,
            SkipReason::Weak("761 bits of RSA".into()),
            SkipReason::Member("x"),
            SkipReason::Unsound,
            SkipReason::Weak("P-192".into()),
            SkipReason::UnknownCurve("X25519".into()),
            SkipReason::Member("key_ops"),
        ]
    );
}

#[test]
fn a_private_member_is_noticed_and_not_kept() {
    let mut leaked = p256();
    leaked["kid"] = json!("k\u{202e}1");
    let set = parse(&json!([leaked, public(&ed25519(), "fine")])).unwrap();
    assert_eq!(set.private_members().len(), 1);
    assert_eq!(set.private_members()[0].members, ["d"]);
    assert_eq!(set.private_members()[0].key_id.as_deref(), Some("k\\u{202e}1"));
    assert!(!format!("{set:?}").contains("jpsQnnGQmL"));
    let told = set.private_members()[0].discrepancy();
    assert_eq!((told.code, told.field.as_str(), told.received.as_str()), ("jwks_private_members", "keys/0", "d"));
}

#[test]
fn a_zero_before_the_modulus_changes_nothing() {
    let plain = parse(&json!([public(&rsa(), "k1")])).unwrap();
    let modulus = decode_modulus();
    let zero = with(&rsa(), "k1", &json!({ "n": modulus }));
    assert_eq!(parse(&json!([zero])).unwrap(), plain);
}

/// The modulus of the test key with a zero byte before it.
fn decode_modulus() -> String {
    use base64::Engine as _;
    let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let bytes = engine.decode(rsa()["n"].as_str().unwrap()).unwrap();
    engine.encode([vec![0], bytes].concat())
}

#[test]
fn a_name_picks_exactly_one_key() {
    let set = parse(&json!([public(&p256(), "a"), public(&p256(), "b"), public(&rsa(), "c")])).unwrap();
    assert!(set.select(SigningAlgorithm::Es256, Some("b")).is_ok());
    assert!(set.select(SigningAlgorithm::Ps384, Some("c")).is_ok());
    assert_eq!(set.select(SigningAlgorithm::Es256, Some("d")), Err(KeyDefect::UnknownKid("d".into())));
    assert_eq!(set.select(SigningAlgorithm::Es256, None), Err(KeyDefect::Ambiguous(2)));
    let other_kind = KeyDefect::NotForThis { key_id: "c".into(), algorithm: SigningAlgorithm::Es256 };
    assert_eq!(set.select(SigningAlgorithm::Es256, Some("c")), Err(other_kind));
}

#[test]
fn a_token_without_a_name_is_checked_with_the_only_key_that_fits() {
    let one = parse(&json!([without_name(&rsa())])).unwrap();
    assert!(one.select(SigningAlgorithm::Rs256, None).is_ok());
    assert_eq!(one.select(SigningAlgorithm::Es256, None), Err(KeyDefect::NoKeyFor(SigningAlgorithm::Es256)));
    assert_eq!(one.select(SigningAlgorithm::Rs256, Some("k1")), Err(KeyDefect::UnknownKid("k1".into())));
    let one_of_each = parse(&json!([without_name(&rsa()), without_name(&p256())])).unwrap();
    assert!(one_of_each.select(SigningAlgorithm::Rs256, None).is_ok());
    let several = parse(&json!([without_name(&rsa()), without_name(&rsa())])).unwrap();
    assert_eq!(several.select(SigningAlgorithm::Rs256, None), Err(KeyDefect::Ambiguous(2)));
}

#[test]
fn a_name_that_is_there_twice_is_ambiguous_unless_only_one_is_for_this() {
    let same = parse(&json!([public(&p256(), "k"), public(&p256(), "k")])).unwrap();
    assert_eq!(same.select(SigningAlgorithm::Es256, Some("k")), Err(KeyDefect::Ambiguous(2)));
    let told_apart = parse(&json!([
        with(&p256(), "k", &json!({ "use": "enc" })),
        with(&p256(), "k", &json!({ "use": "sig", "alg": "ES256", "key_ops": ["verify"] })),
        public(&rsa(), "k"),
    ]));
    assert!(told_apart.unwrap().select(SigningAlgorithm::Es256, Some("k")).is_ok());
}

#[test]
fn a_key_for_something_else_is_not_taken() {
    for more in [json!({ "use": "enc" }), json!({ "alg": "RS512" }), json!({ "key_ops": ["sign"] })] {
        let set = parse(&json!([with(&rsa(), "k", &more)])).unwrap();
        let defect = set.select(SigningAlgorithm::Rs256, Some("k")).unwrap_err();
        assert_eq!((defect.discrepancy().code, defect.may_be_stale()), ("key_not_for_this", false), "{more}");
        let unnamed = set.select(SigningAlgorithm::Rs256, None).unwrap_err();
        assert!(unnamed.may_be_stale());
    }
}

#[test]
fn a_name_of_a_key_that_cannot_be_used_says_so_and_fetching_anew_is_no_help() {
    let weak = with(&rsa(), "weak", &json!({ "n": "AQAB".repeat(32) }));
    let set = parse(&json!([weak, { "kty": "oct", "kid": "o", "k": "x" }])).unwrap();
    let defect = set.select(SigningAlgorithm::Rs256, Some("weak")).unwrap_err();
    assert_eq!((defect.discrepancy().code, defect.may_be_stale()), ("key_weak", false));
    let defect = set.select(SigningAlgorithm::Rs256, Some("o")).unwrap_err();
    assert_eq!(defect.discrepancy().code, "key_unusable");
    assert!(set.is_empty());
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
        let _ = JwkSet::parse(&bytes);
    }

    #[test]
    fn no_members_make_the_reader_panic(
        kty in "RSA|EC|OKP|oct", crv in "P-256|P-384|P-521|Ed25519", n in "[A-Za-z0-9_-]{0,400}", x in "[A-Za-z0-9_-]{0,90}",
    ) {
        let set = parse(&json!([{ "kty": kty, "crv": crv, "n": n, "e": x, "x": x, "y": x }])).unwrap();
        prop_assert_eq!(set.len() + set.skipped().len(), 1);
    }
}
