use proptest::prelude::*;

use super::*;
use crate::answer::ErrorStyle;
use crate::token::SuccessRule;

/// Status and body.
type Said = (u16, &'static str);

/// What real servers say to a good secret and to a wrong one, each with a nonsense code (servers.md).
const SERVERS: [(&str, Said, Said); 7] = [
    (
        "oidc-provider",
        (400, r#"{"error":"invalid_grant","error_description":"grant request is invalid"}"#),
        (401, r#"{"error":"invalid_client","error_description":"client authentication failed"}"#),
    ),
    ("django-oauth-toolkit", (400, r#"{"error":"invalid_grant"}"#), (401, r#"{"error":"invalid_client"}"#)),
    (
        "ContentDB",
        (400, r#"{"error":"Incorrect code. It may have already been redeemed","success":false}"#),
        (400, r#"{"error":"client_id and/or client_secret is incorrect","success":false}"#),
    ),
    (
        "Keycloak",
        (400, r#"{"error":"invalid_grant","error_description":"Code not valid"}"#),
        (401, r#"{"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}"#),
    ),
    (
        "Gitter",
        (403, r#"{"error":"invalid_grant","error_description":"Invalid authorization code"}"#),
        (401, r#"{"error":"server_error","error_description":"Unauthorized"}"#),
    ),
    (
        "only the sentence",
        (400, r#"{"error":"invalid_request","error_description":"No such code"}"#),
        (400, r#"{"error":"invalid_request","error_description":"No such secret"}"#),
    ),
    ("only the status", (400, ""), (403, "")),
];

fn response(status: u16, body: &str) -> HttpResponse {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    HttpResponse { status, headers, body: body.into(), cut: false }
}

fn rules() -> TokenRules {
    TokenRules { success: SuccessRule::AccessToken, errors: ErrorStyle::Either }
}

fn print((status, body): (u16, &str)) -> AnswerFingerprint {
    look_at(&response(status, body), &rules(), &["sent-secret", "sent-code"]).unwrap()
}

#[test]
fn after_calibration_each_server_tells_a_good_secret_from_a_wrong_one() {
    for (name, good, wrong) in SERVERS {
        let calibration = Calibration::of(print(good), print(wrong)).unwrap();
        assert_eq!(calibration.judge(&print(good)), SecretProof::Accepted, "{name}");
        assert_eq!(calibration.judge(&print(wrong)), SecretProof::Refused, "{name}");
        let other = print((418, r#"{"error":"teapot"}"#));
        assert_eq!(calibration.judge(&other), SecretProof::CannotTell(Doubt::Unfamiliar), "{name}");
    }
}

#[test]
fn without_calibration_a_secret_is_good_when_it_is_answered_otherwise_than_wrong_ones() {
    for (name, good, wrong) in SERVERS {
        let (proof, calibration) = judge_first(&print(good), &print(wrong), &print(wrong));
        assert_eq!(proof, SecretProof::Accepted, "{name}");
        assert_eq!(calibration.unwrap().judge(&print(wrong)), SecretProof::Refused, "{name}");
    }
}

#[test]
fn without_calibration_a_secret_is_refused_only_in_words_about_the_client() {
    for (name, good, wrong) in SERVERS {
        let (proof, _) = judge_first(&print(wrong), &print(wrong), &print(wrong));
        let expected = if print(wrong).refuses_the_client() {
            SecretProof::Refused
        } else {
            SecretProof::CannotTell(Doubt::SameAnswer)
        };
        assert_eq!(proof, expected, "{name}");
        let (code_first, calibration) = judge_first(&print(good), &print(good), &print(good));
        assert_eq!((code_first, calibration), (SecretProof::CannotTell(Doubt::SameAnswer), None), "{name}");
    }
}

#[test]
fn a_server_that_looks_at_the_code_first_cannot_be_calibrated() {
    let answer = print((400, r#"{"error":"invalid_grant"}"#));
    assert_eq!(Calibration::of(answer.clone(), answer), Err(Doubt::SameAnswer));
}

#[test]
fn a_number_in_a_sentence_makes_no_difference_where_the_code_tells() {
    let said = |status, error: &str, id: u32| {
        print((status, &format!(r#"{{"error":"{error}","error_description":"trace {id}"}}"#)))
    };
    let calibration = Calibration::of(said(400, "invalid_grant", 1), said(401, "invalid_client", 2)).unwrap();
    assert_eq!(calibration.judge(&said(400, "invalid_grant", 3)), SecretProof::Accepted);
    // Here nothing but the sentence differs, and it differs every time.
    let noise = |id| said(400, "invalid_request", id);
    let (proof, _) = judge_first(&noise(1), &noise(2), &noise(3));
    assert_eq!(proof, SecretProof::CannotTell(Doubt::SameAnswer));
}

#[test]
fn an_answer_that_says_nothing_about_the_secret_is_a_doubt_at_any_server() {
    let doubt = |status, body: &str| look_at(&response(status, body), &rules(), &[]).unwrap_err();
    let mut busy = response(429, "");
    busy.headers.push(("retry-after".into(), "7".into()));
    assert_eq!(look_at(&busy, &rules(), &[]), Err(Doubt::RateLimited(Some(RetryAfter::Seconds(7)))));
    assert_eq!(doubt(503, ""), Doubt::ServerFailed(503));
    assert_eq!(doubt(308, ""), Doubt::Redirected(308));
    assert_eq!(doubt(200, r#"{"access_token":"t","token_type":"Bearer"}"#), Doubt::NonsenseAccepted);
}

#[test]
fn a_server_that_answers_wrong_secrets_in_two_ways_proves_nothing() {
    let (good, wrong) = (SERVERS[0].1, SERVERS[0].2);
    let (proof, calibration) = judge_first(&print(good), &print(wrong), &print(good));
    assert_eq!((proof, calibration), (SecretProof::CannotTell(Doubt::Unsteady), None));
}

#[test]
fn a_calibration_comes_back_as_it_was_written_and_two_equal_answers_are_none() {
    for (_, good, wrong) in SERVERS {
        let calibration = Calibration::of(print(good), print(wrong)).unwrap();
        let text = serde_json::to_string(&calibration).unwrap();
        assert_eq!(serde_json::from_str::<Calibration>(&text).unwrap(), calibration);
    }
    let same = r#"{"accepted":{"status":400,"shape":"empty"},"refused":{"status":400,"shape":"empty"}}"#;
    assert!(serde_json::from_str::<Calibration>(same).is_err());
}

proptest! {
    #[test]
    fn a_fingerprint_holds_nothing_of_what_was_sent(
        secret in "[a-zA-Z0-9~/+._-]{12,40}",
        status in prop::sample::select(vec![200_u16, 400, 401, 403]),
        before in "[a-z ]{0,9}",
    ) {
        let body = serde_json::json!({
            "error": format!("{before}{secret}"), "error_description": format!("{before} {secret}"), secret.clone(): 1
        });
        let print = AnswerFingerprint::of(&response(status, &body.to_string()), &[&secret]);
        prop_assert!(!serde_json::to_string(&print).unwrap().contains(&secret));
        let print = AnswerFingerprint::of(&response(status, &format!("{before} {secret}")), &[&secret]);
        prop_assert!(!serde_json::to_string(&print).unwrap().contains(&secret));
    }

    #[test]
    fn any_answer_has_a_judgement(status in any::<u16>(), body in "\\PC*") {
        let calibration = Calibration::of(print(SERVERS[0].1), print(SERVERS[0].2)).unwrap();
        if let Ok(answer) = look_at(&response(status, &body), &rules(), &[]) {
            let _ = calibration.judge(&answer);
        }
    }
}
