use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::answer::AnswerDefect;
use crate::http::HttpResponse;
use crate::jose::test_keys::{private, public, signed, with_header};
use crate::jose::{AlgorithmPolicy, SigningAlgorithm, VerificationKeys};
use crate::jwks::JwkSet;

const ISSUER: &str = "https://id.example";

fn answer(status: u16, label: &str, body: &str) -> HttpResponse {
    let headers = vec![("content-type".to_owned(), label.to_owned())];
    HttpResponse { status, headers, body: body.into(), cut: false }
}

fn judged(response: &HttpResponse, must_be_signed: bool) -> UserinfoResponse {
    UserinfoResponse::read(response, &UserinfoRules { subject: Some("ada"), must_be_signed })
}

fn plain(body: &str) -> UserinfoResponse {
    judged(&answer(200, "application/json", body), false)
}

fn claims(body: &str) -> UserinfoClaims {
    match plain(body) {
        UserinfoResponse::Claims(claims, _) => claims,
        other => panic!("{body} was taken for {other:?}"),
    }
}

fn defect(response: UserinfoResponse) -> UserinfoDefect {
    match response {
        UserinfoResponse::Rejected(defect) => defect,
        other => panic!("taken for {other:?}"),
    }
}

fn endpoint() -> Url {
    Url::parse("https://id.example/userinfo").unwrap()
}

#[test]
fn the_token_stands_in_the_header_or_in_the_form_and_never_in_the_address() {
    let token = Secret::new("canary");
    let header = request(&endpoint(), &token, Reference::numbered("token", 1), TokenPlacement::Header);
    assert_eq!((header.method, header.headers[1].1.expose().as_str()), (Method::Get, "Bearer canary"));
    assert!(header.body.is_none());
    let form = request(&endpoint(), &token, Reference::numbered("token", 1), TokenPlacement::Body);
    assert_eq!((form.method, form.headers.len()), (Method::Post, 1));
    let written = form.body.as_ref().unwrap().write();
    assert_eq!(std::str::from_utf8(&written.bytes).unwrap(), "access_token=canary");
    for request in [header, form] {
        assert_eq!(request.url, endpoint());
        assert!(!format!("{request:?}").contains("canary"));
    }
}

#[test]
fn claims_about_the_right_person_are_kept_in_order_with_numbers_as_written() {
    let found = claims(r#"{"z":1.0,"sub":"ada","id":123456789012345678901,"other":"42","address":{"a":1}}"#);
    let shown: Vec<_> = found.members.iter().map(|(name, text)| format!("{name}={text}")).collect();
    assert_eq!(shown, ["z=1.0", "sub=ada", "id=123456789012345678901", "other=42", r#"address={"a":1}"#]);
}

#[test]
fn another_person_or_nobody_is_shown_nothing_of() {
    let other = defect(plain(r#"{"sub":"adainvalid","name":"Eve"}"#));
    assert_eq!(other, UserinfoDefect::OtherSubject { expected: "ada".into(), received: "adainvalid".into() });
    assert_eq!((other.code(), other.discrepancy().field.as_str()), ("userinfo_subject_mismatch", "sub"));
    assert_eq!(defect(plain(r#"{"name":"Eve"}"#)), UserinfoDefect::SubjectMissing);
    for odd in ["7", r#""""#, r#"["ada"]"#] {
        let found = defect(plain(&format!(r#"{{"sub":{odd}}}"#)));
        assert_eq!(found, UserinfoDefect::SubjectMalformed(odd.into()));
    }
    assert_eq!(defect(plain(r#"{"sub":"ada","sub":"eve"}"#)), AnswerDefect::Twice("sub".into()).into());
}

#[test]
fn without_an_id_token_any_subject_is_taken() {
    let rules = UserinfoRules { subject: None, must_be_signed: false };
    let response = answer(200, "application/json", r#"{"sub":"somebody"}"#);
    let UserinfoResponse::Claims(claims, _) = UserinfoResponse::read(&response, &rules) else { panic!() };
    assert_eq!(claims.subject, "somebody");
}

#[test]
fn what_is_no_answer_of_a_userinfo_endpoint_is_told_apart() {
    let page = judged(&answer(200, "text/html", "<html>log in"), false);
    assert_eq!(defect(page), AnswerDefect::Html { status: 200 }.into());
    let mut redirect = answer(302, "text/html", "");
    redirect.headers.push(("location".into(), "https://id.example/login?access_token=canary".into()));
    let target = "https://id.example/login".to_owned();
    assert_eq!(defect(judged(&redirect, false)), AnswerDefect::Redirected { status: 302, target }.into());
    let mut refused = answer(403, "application/json", "");
    refused.headers.push(("www-authenticate".into(), r#"Bearer error="insufficient_scope""#.into()));
    let UserinfoResponse::Refused(refusal) = judged(&refused, false) else { panic!() };
    assert_eq!(refusal.error.error.as_deref(), Some("insufficient_scope"));
    assert!(matches!(plain(r#"{"error":"invalid_token"}"#), UserinfoResponse::Refused(_)));
    assert_eq!(defect(plain("[]")), AnswerDefect::NotAnObject.into());
}

#[test]
fn hostile_values_become_inert_text() {
    let found = claims(r#"{"sub":"ada","name":"\u202e=HYPERLINK(1)\u001b[1m","picture":"javascript:alert(1)"}"#);
    assert_eq!(found.members[1].1, "\\u{202e}=HYPERLINK(1)\\u{1b}[1m");
    let long = claims(&json!({"sub": "ada", "bio": "x".repeat(900_000)}).to_string());
    assert_eq!(long.members[1].1.chars().count(), 2_000);
}

#[test]
fn claims_elsewhere_are_listed_without_their_tokens() {
    let found = claims(
        r#"{"sub":"ada",
            "_claim_names":{"address":"s1","phone":"s1","credit":"s2","x":"gone"},
            "_claim_sources":{"s1":{"JWT":"eyJ.canary.x"},"s2":{"endpoint":"http://127.0.0.1/c","access_token":"canary"}}}"#,
    );
    assert!(!format!("{found:?}").contains("canary"));
    let aggregated = ClaimsElsewhere {
        name: "s1".into(),
        source: ClaimSource::Aggregated,
        claims: vec!["address".into(), "phone".into()],
    };
    let distributed = ClaimsElsewhere {
        name: "s2".into(),
        source: ClaimSource::Distributed("http://127.0.0.1/c".into()),
        claims: vec!["credit".into()],
    };
    assert_eq!(found.elsewhere, [aggregated, distributed]);
}

#[test]
fn a_plain_answer_where_a_signed_one_is_registered_is_not_believed() {
    let response = answer(200, "application/json", r#"{"sub":"ada"}"#);
    assert_eq!(defect(judged(&response, true)), UserinfoDefect::NotSigned);
    let jwt = signed(SigningAlgorithm::Es256, &json!({"sub": "ada"}));
    for label in ["application/jwt", "application/json"] {
        assert!(matches!(judged(&answer(200, label, &jwt), true), UserinfoResponse::Signed(_)), "{label}");
    }
}

fn verified(jwt: &str) -> Result<UserinfoClaims, UserinfoDefect> {
    let key = public(&private(SigningAlgorithm::Es256), "k1");
    let jwks = JwkSet::parse(json!({"keys": [key]}).to_string().as_bytes()).unwrap();
    let algorithms = AlgorithmPolicy { registered: Some(SigningAlgorithm::Es256), advertised: None };
    let rules = SignedUserinfoRules { issuer: ISSUER, client_id: "app", subject: Some("ada"), algorithms };
    verify(&Secret::new(jwt), &rules, &VerificationKeys { jwks: Some(&jwks), client_secret: None })
}

fn verified_claims(claims: &Json) -> Result<UserinfoClaims, UserinfoDefect> {
    verified(&signed(SigningAlgorithm::Es256, claims))
}

#[test]
fn a_well_signed_answer_is_taken_with_and_without_issuer_and_audience() {
    assert_eq!(verified_claims(&json!({"sub": "ada"})).unwrap().subject, "ada");
    let whole = json!({"sub": "ada", "iss": ISSUER, "aud": ["other", "app"], "name": "Ada"});
    assert_eq!(verified_claims(&whole).unwrap().members.len(), 4);
}

#[test]
fn a_signed_answer_with_a_wrong_claim_is_refused() {
    let code = |claims: Json| verified_claims(&claims).unwrap_err().code();
    assert_eq!(code(json!({"sub": "eve"})), "userinfo_subject_mismatch");
    assert_eq!(code(json!({"sub": "ada", "iss": "https://id.example/"})), "claim_issuer");
    assert_eq!(code(json!({"sub": "ada", "aud": "other"})), "claim_audience");
    assert_eq!(code(json!({"sub": "ada", "aud": 7})), "claim_audience");
    assert_eq!(code(json!({"name": "Ada"})), "userinfo_subject_missing");
}

#[test]
fn a_signed_answer_with_a_wrong_signature_is_refused_before_its_claims_are_looked_at() {
    let other = signed(SigningAlgorithm::Rs256, &json!({"sub": "eve"}));
    assert_eq!(verified(&other).unwrap_err().code(), "jws_alg");
    let unsigned = with_header(&json!({"alg": "none"}), r#"{"sub":"ada"}"#);
    assert_eq!(verified(&unsigned).unwrap_err().code(), "jws_alg");
    let mut broken = signed(SigningAlgorithm::Es256, &json!({"sub": "ada"}));
    let place = broken.rfind('.').unwrap() + 1;
    let flipped = if &broken[place..=place] == "A" { "B" } else { "A" };
    broken.replace_range(place..=place, flipped);
    assert_eq!(verified(&broken).unwrap_err().code(), "jws_signature");
    assert_eq!(verified("a.b.c.d.e").unwrap_err().code(), "jwe_unsupported");
}

proptest! {
    #[test]
    fn no_answer_about_another_person_is_shown(subject in "\\PC{0,20}") {
        prop_assume!(subject != "ada");
        let body = json!({"sub": subject, "name": "x"}).to_string();
        prop_assert!(!matches!(plain(&body), UserinfoResponse::Claims(..)));
    }

    #[test]
    fn every_answer_has_a_judgement(status in 100_u16..600, label in "[ -~]{0,20}", body in "\\PC{0,60}") {
        if let UserinfoResponse::Signed(jwt) = judged(&answer(status, &label, &body), true) {
            prop_assert!(verified(jwt.expose()).is_err());
        }
    }
}
