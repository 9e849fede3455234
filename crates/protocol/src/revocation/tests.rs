use proptest::prelude::*;

use super::*;
use crate::ClientId;
use crate::answer::{AnswerDefect, RetryAfter};
use crate::http::HttpResponse;

fn judged(status: u16, body: &str, method: RevocationMethod) -> RevocationResponse {
    let response = HttpResponse { status, headers: Vec::new(), body: body.into(), cut: false };
    RevocationResponse::read(&response, method)
}

fn endpoint() -> Url {
    Url::parse("https://id.example/revoke").unwrap()
}

#[test]
fn a_revocation_posts_the_token_its_hint_and_the_proof_of_the_client() {
    let client = ClientAuthentication::body(
        ClientId::Text("app".into()),
        Secret::new("canary-secret"),
        Reference::client_secret(1),
    );
    let reference = Reference::numbered("refresh", 1);
    let request =
        post(&endpoint(), &client, &Secret::new("canary-token"), reference, Some(TokenTypeHint::RefreshToken));
    assert!(!format!("{request:?}").contains("canary"));
    let written = request.body.unwrap().write();
    let body = std::str::from_utf8(&written.bytes).unwrap();
    assert_eq!(body, "client_id=app&client_secret=canary-secret&token=canary-token&token_type_hint=refresh_token");
}

#[test]
fn a_token_that_revokes_itself_goes_into_the_header_alone() {
    let request = delete(&endpoint(), &Secret::new("t"), Reference::numbered("token", 1));
    assert_eq!(request.method, Method::Delete);
    assert_eq!(request.headers[1].1.expose(), "Bearer t");
    assert!(request.body.is_none());
    assert_eq!(request.url, endpoint());
}

#[test]
fn a_success_is_one_whatever_its_body_holds() {
    for body in ["", "<html>gone</html>", "{", "ok"] {
        let response = judged(200, body, RevocationMethod::Post);
        assert!(matches!(response, RevocationResponse::Revoked { said: None }), "{body}: {response:?}");
    }
}

#[test]
fn an_error_in_the_body_of_a_success_is_noticed() {
    let body = r#"{"error":"invalid_token","error_description":"Invalid token"}"#;
    let RevocationResponse::Revoked { said: Some(error) } = judged(200, body, RevocationMethod::Post) else { panic!() };
    assert_eq!(error.error.as_deref(), Some("invalid_token"));
}

#[test]
fn a_server_that_cannot_now_may_be_asked_once_more() {
    let headers = vec![("retry-after".to_owned(), "2".to_owned())];
    let response = HttpResponse { status: 503, headers, body: Vec::new(), cut: false };
    let RevocationResponse::TryAgain(wait) = RevocationResponse::read(&response, RevocationMethod::Post) else {
        panic!()
    };
    assert_eq!(wait, Some(RetryAfter::Seconds(2)));
    let failed = judged(500, "", RevocationMethod::Post);
    assert!(matches!(failed, RevocationResponse::Malformed(AnswerDefect::ServerFailed { status: 500, .. })));
}

#[test]
fn a_type_of_token_that_the_server_does_not_revoke_is_told_from_other_refusals() {
    let unsupported = judged(400, r#"{"error":"unsupported_token_type"}"#, RevocationMethod::Post);
    assert!(matches!(unsupported, RevocationResponse::UnsupportedTokenType(_)));
    let refused = judged(401, r#"{"error":"invalid_client"}"#, RevocationMethod::Post);
    assert!(matches!(refused, RevocationResponse::Refused(_)));
}

#[test]
fn deleting_a_token_may_answer_without_a_body_and_may_find_it_gone() {
    assert!(matches!(judged(204, "", RevocationMethod::Delete), RevocationResponse::Revoked { said: None }));
    assert!(matches!(judged(404, "", RevocationMethod::Delete), RevocationResponse::NotKnown));
    assert!(matches!(judged(404, "", RevocationMethod::Post), RevocationResponse::Refused(_)));
    let accepted = judged(202, "", RevocationMethod::Post);
    assert!(matches!(accepted, RevocationResponse::Malformed(AnswerDefect::UnexpectedStatus { status: 202 })));
}

proptest! {
    #[test]
    fn nothing_but_success_counts_as_revoked(status in 100_u16..600, body in "\\PC{0,60}") {
        let response = judged(status, &body, RevocationMethod::Post);
        prop_assert_eq!(matches!(response, RevocationResponse::Revoked { .. }), status == 200);
    }
}
