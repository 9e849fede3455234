//! Tests of signing and of judging signatures.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::encoding::encode;
use super::test_keys::{ed25519, p256, private, public, rsa, signed, signing, with_header};
use super::*;
use crate::Secret;
use crate::jwks::{JwkSet, KeyDefect};

const SECRET: &str = "a client secret that is long enough for HMAC with SHA-512: 64 bytes and more";

fn key_set(keys: &[Value]) -> JwkSet {
    JwkSet::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

fn registered(algorithm: SigningAlgorithm) -> AlgorithmPolicy {
    AlgorithmPolicy { registered: Some(algorithm), advertised: None }
}

/// Judges with the public half of every test key, all under the name `k1`, and with the client secret.
fn judge(token: &str, policy: &AlgorithmPolicy) -> SignatureJudgement {
    let all = [rsa(), p256(), test_keys::p384(), test_keys::p521(), ed25519()];
    let jwks = key_set(&all.map(|key| public(&key, "k1")));
    let secret = Secret::new(SECRET);
    let keys = VerificationKeys { jwks: Some(&jwks), client_secret: Some(&secret) };
    SignatureJudgement::of(&Jws::parse(token).unwrap(), policy, &keys)
}

fn codes(judgement: &SignatureJudgement) -> Vec<&'static str> {
    judgement.defects.iter().map(JwsDefect::code).collect()
}

fn code_of(parsed: Result<Jws<'_>, JwsDefect>) -> &'static str {
    parsed.unwrap_err().code()
}

#[test]
fn the_examples_of_the_rfcs_are_valid() {
    let payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let examples = [
        // RFC 7515 Appendix A.2
        (
            "eyJhbGciOiJSUzI1NiJ9",
            payload,
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
            SigningAlgorithm::Rs256,
        ),
        // RFC 7515 Appendix A.3
        (
            "eyJhbGciOiJFUzI1NiJ9",
            payload,
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
            SigningAlgorithm::Es256,
        ),
        // RFC 8037 Appendix A.4
        (
            "eyJhbGciOiJFZERTQSJ9",
            "RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
            SigningAlgorithm::EdDsa,
        ),
    ];
    for (header, payload, signature, algorithm) in examples {
        let judgement = judge(&format!("{header}.{payload}.{signature}"), &registered(algorithm));
        assert!(judgement.is_valid(), "{algorithm}: {:?}", judgement.defects);
    }
}

#[test]
fn hmac_gives_the_signature_that_everybody_knows() {
    let claims = json!({ "sub": "1234567890", "name": "John Doe", "iat": 1_516_239_022 });
    let key = SigningKey::secret(Secret::new("your-256-bit-secret"));
    let token = sign(SigningAlgorithm::Hs256, &key, None, &claims).unwrap();
    let known = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
    assert_eq!(token, known);
}

#[test]
fn what_is_signed_with_any_algorithm_is_valid_and_no_longer_so_after_one_bit() {
    for algorithm in SigningAlgorithm::ALL {
        let key = if algorithm.is_symmetric() {
            SigningKey::secret(Secret::new(SECRET))
        } else {
            signing(&private(algorithm))
        };
        let token = sign(algorithm, &key, Some("k1"), &json!({ "sub": "alice" })).unwrap();
        let judgement = judge(&token, &registered(algorithm));
        assert!(judgement.is_valid(), "{algorithm}: {:?}", judgement.defects);
        assert_eq!((judgement.algorithm, judgement.key_id.as_deref()), (Some(algorithm), Some("k1")));

        let (input, signature) = token.rsplit_once('.').unwrap();
        let mut bytes = decode(signature).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        assert_eq!(codes(&judge(&format!("{input}.{}", encode(bytes)), &registered(algorithm))), ["jws_signature"]);
    }
}

#[test]
fn a_token_has_three_parts_in_strict_base64url() {
    let token = signed(SigningAlgorithm::Es256, &json!({}));
    assert_eq!(code_of(Jws::parse("a.b")), "jws_parts");
    assert_eq!(code_of(Jws::parse("")), "jws_parts");
    assert_eq!(code_of(Jws::parse(&format!("{token}.x"))), "jws_parts");
    assert_eq!(code_of(Jws::parse(&format!("{token}.x.y"))), "jwe_unsupported");
    assert_eq!(code_of(Jws::parse(&format!("{token}="))), "jws_encoding");
    assert_eq!(code_of(Jws::parse(&format!("{token}\n"))), "jws_encoding");
    assert_eq!(code_of(Jws::parse(&format!(" {token}"))), "jws_encoding");
    assert_eq!(code_of(Jws::parse(&"a".repeat(1024 * 1024 + 1))), "jws_too_large");
    assert_eq!(code_of(Jws::parse(&format!("{}..", encode("[]")))), "jws_header");
    assert_eq!(code_of(Jws::parse(&format!("{}..", encode(r#"{"alg":"RS256","alg":"none"}"#)))), "jws_header_twice");
}

#[test]
fn claims_that_are_no_object_or_hold_a_member_twice_are_not_read() {
    let claims = |payload| Jws::parse(&with_header(&json!({ "alg": "ES256" }), payload)).unwrap().claims();
    assert_eq!(claims("[]").unwrap_err().code(), "jws_payload");
    assert_eq!(claims("not JSON").unwrap_err().code(), "jws_payload");
    let twice = claims(r#"{"nonce":"a","nonce":"b"}"#).unwrap_err().discrepancy();
    assert_eq!((twice.code, twice.field.as_str()), ("jws_payload_twice", "nonce"));
}

#[test]
fn none_in_any_spelling_is_no_algorithm() {
    for alg in [json!("none"), json!("nOnE"), json!(""), json!(null), json!(["ES256"]), json!("es256"), json!(256)] {
        let token = with_header(&json!({ "alg": alg, "kid": "k1" }), "{}");
        assert_eq!(codes(&judge(&token, &registered(SigningAlgorithm::Es256))), ["jws_alg"], "{alg}");
    }
    let without = with_header(&json!({ "kid": "k1" }), "{}");
    let judgement = judge(&without, &registered(SigningAlgorithm::Es256));
    assert_eq!(judgement.defects[0].discrepancy().received, "nothing");
    let unsigned = format!("{}.{}.", encode(r#"{"alg":"none"}"#), encode("{}"));
    assert_eq!(codes(&judge(&unsigned, &AlgorithmPolicy::default())), ["jws_alg"]);
}

#[test]
fn a_valid_signature_by_an_algorithm_that_is_not_registered_is_refused() {
    let token = signed(SigningAlgorithm::Es384, &json!({}));
    let judgement = judge(&token, &registered(SigningAlgorithm::Es256));
    assert_eq!(codes(&judgement), ["jws_alg"]);
    let discrepancy = judgement.defects[0].discrepancy();
    assert_eq!((discrepancy.expected.as_str(), discrepancy.received.as_str()), ("ES256", "ES384"));
}

#[test]
fn a_public_key_is_no_hmac_secret() {
    let public = public(&rsa(), "k1").to_string();
    let key = SigningKey::secret(Secret::new(public));
    let token = sign(SigningAlgorithm::Hs256, &key, Some("k1"), &json!({})).unwrap();
    assert_eq!(codes(&judge(&token, &AlgorithmPolicy::default())), ["jws_alg"]);
    let advertised = AlgorithmPolicy { registered: None, advertised: Some(vec!["HS256".into(), "RS256".into()]) };
    assert_eq!(codes(&judge(&token, &advertised)), ["jws_alg"]);
    assert_eq!(codes(&judge(&token, &registered(SigningAlgorithm::Hs256))), ["jws_signature"]);
}

#[test]
fn hmac_needs_a_confidential_client_and_a_secret_as_long_as_the_hash() {
    let secret = Secret::new("x".repeat(40));
    let with = |algorithm, client_secret| {
        let token = sign(algorithm, &SigningKey::secret(secret.clone()), None, &json!({})).unwrap();
        let keys = VerificationKeys { jwks: None, client_secret };
        codes(&SignatureJudgement::of(&Jws::parse(&token).unwrap(), &registered(algorithm), &keys))
    };
    assert!(with(SigningAlgorithm::Hs256, Some(&secret)).is_empty());
    assert_eq!(with(SigningAlgorithm::Hs384, Some(&secret)), ["jws_secret_short"]);
    assert_eq!(with(SigningAlgorithm::Hs256, None), ["jws_secret_missing"]);
}

#[test]
fn extensions_other_types_and_unencoded_payloads_are_refused_together() {
    let header = json!({ "alg": "ES256", "kid": "k1", "typ": "at+jwt", "crit": ["b64"], "b64": false });
    let judgement = judge(&with_header(&header, "{}"), &registered(SigningAlgorithm::Es256));
    assert_eq!(codes(&judgement), ["jws_crit", "jws_b64", "jws_typ"]);
}

#[test]
fn the_type_is_jwt_in_any_letter_case_or_not_there() {
    let codes = |typ: &str| {
        let token = with_header(&json!({ "alg": "ES256", "kid": "k1", "typ": typ }), "{}");
        codes(&judge(&token, &registered(SigningAlgorithm::Es256)))
    };
    for typ in ["JWT", "jwt", "application/JWT"] {
        assert!(codes(typ).is_empty(), "{typ}");
    }
    for typ in ["at+jwt", "logout+jwt", "dpop+jwt", "JOSE", ""] {
        assert_eq!(codes(typ), ["jws_typ"], "{typ}");
    }
}

#[test]
fn a_key_that_the_token_brings_along_is_told_and_not_used() {
    let key = public(&p256(), "own");
    let header = json!({ "alg": "ES256", "kid": "own", "jwk": key, "jku": "http://127.0.0.1/keys", "x5u": "x" });
    let judgement = judge(&with_header(&header, "{}"), &registered(SigningAlgorithm::Es256));
    assert_eq!(judgement.keys_of_its_own, ["jwk", "jku", "x5u"]);
    assert_eq!(codes(&judgement), ["key_unknown"]);
    assert!(judgement.wants_fresh_keys());
}

#[test]
fn without_the_provider_s_keys_no_signature_is_valid() {
    let token = signed(SigningAlgorithm::Rs256, &json!({}));
    let jws = Jws::parse(&token).unwrap();
    let judgement = SignatureJudgement::of(&jws, &AlgorithmPolicy::default(), &VerificationKeys::default());
    assert_eq!(judgement.defects, [JwsDefect::Key(KeyDefect::NoKeySet)]);
}

#[test]
fn an_ecdsa_signature_in_der_or_of_zeros_is_refused() {
    let header = json!({ "alg": "ES256", "kid": "k1" });
    let token = with_header(&header, "{}");
    let (input, _) = token.rsplit_once('.').unwrap();
    let jwk = p256();
    let number = |name: &str| decode(jwk[name].as_str().unwrap()).unwrap();
    let point = [vec![4], number("x"), number("y")].concat();
    let pair = EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_ASN1_SIGNING, &number("d"), &point);
    let der = pair.unwrap().sign(&aws_lc_rs::rand::SystemRandom::new(), input.as_bytes()).unwrap();
    for signature in [der.as_ref(), &[0; 64], &[], &[0; 65]] {
        let token = format!("{input}.{}", encode(signature));
        assert_eq!(codes(&judge(&token, &registered(SigningAlgorithm::Es256))), ["jws_signature"]);
    }
}

#[test]
fn a_private_key_is_read_from_a_jwk_and_from_pem() {
    let pem = |body: &str| Secret::new(format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"));
    // The key of RFC 8410 §10.3, in two lines.
    let key = SigningKey::parse(&pem("MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06\n/nwoy/HU++CXqI9EdVhC")).unwrap();
    assert_eq!(key.algorithms(), [SigningAlgorithm::EdDsa]);
    let mut jwk = p256();
    jwk["kid"] = json!("mine");
    assert_eq!(signing(&jwk).key_id(), Some("mine"));
    assert_eq!(signing(&jwk).algorithms(), [SigningAlgorithm::Es256]);
    assert_eq!(signing(&rsa()).algorithms().len(), 6);
    assert_eq!(format!("{:?}", signing(&rsa())), "[redacted]");
}

#[test]
fn a_text_that_is_no_private_key_says_what_it_is_instead() {
    let error = |text: &str| SigningKey::parse(&Secret::new(text)).unwrap_err();
    assert_eq!(error("hello"), SigningKeyError::NotAKey);
    assert_eq!(error("-----BEGIN ENCRYPTED PRIVATE KEY-----"), SigningKeyError::Encrypted);
    assert_eq!(error("-----BEGIN RSA PRIVATE KEY-----"), SigningKeyError::NotPkcs8);
    assert_eq!(error("-----BEGIN CERTIFICATE-----"), SigningKeyError::OnlyPublic);
    assert_eq!(error(&public(&rsa(), "k1").to_string()), SigningKeyError::OnlyPublic);
    let mut other_half = p256();
    other_half["d"] = json!("AQAB");
    assert_eq!(error(&other_half.to_string()), SigningKeyError::Unusable);
}

#[test]
fn a_key_signs_only_with_algorithms_of_its_own_kind() {
    let refused = sign(SigningAlgorithm::Hs256, &signing(&rsa()), None, &json!({}));
    assert_eq!(refused, Err(SignError::KeyOfAnotherKind(SigningAlgorithm::Hs256)));
    let refused = sign(SigningAlgorithm::Es384, &signing(&p256()), None, &json!({}));
    assert_eq!(refused, Err(SignError::KeyOfAnotherKind(SigningAlgorithm::Es384)));
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(token in "\\PC{0,200}|[A-Za-z0-9_-]{0,40}(\\.[A-Za-z0-9_-]{0,40}){0,6}") {
        if let Ok(jws) = Jws::parse(&token) {
            let _ = jws.claims();
            let judged = SignatureJudgement::of(&jws, &AlgorithmPolicy::default(), &VerificationKeys::default());
            prop_assert!(!judged.is_valid());
        }
    }

    #[test]
    fn no_changed_byte_leaves_a_signature_valid(position in 0usize..150, byte in 0u8..=127) {
        let token = signed(SigningAlgorithm::Es256, &json!({ "iss": "https://op.example", "sub": "alice" }));
        let mut bytes = token.clone().into_bytes();
        let position = position % bytes.len();
        prop_assume!(bytes[position] != byte);
        bytes[position] = byte;
        let changed = String::from_utf8(bytes).unwrap();
        if let Ok(jws) = Jws::parse(&changed) {
            let jwks = key_set(&[public(&p256(), "k1")]);
            let keys = VerificationKeys { jwks: Some(&jwks), client_secret: None };
            let judged = SignatureJudgement::of(&jws, &registered(SigningAlgorithm::Es256), &keys);
            prop_assert!(!judged.is_valid());
        }
    }
}
