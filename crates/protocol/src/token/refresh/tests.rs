use proptest::prelude::*;

use super::*;
use crate::ClientId;
use crate::answer::{AnswerDefect, ErrorStyle};
use crate::http::HttpResponse;
use crate::token::{SuccessRule, TokenRules};

fn judged(status: u16, body: &str) -> RefreshResponse {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let response = HttpResponse { status, headers, body: body.into(), cut: false };
    let rules = TokenRules { success: SuccessRule::AccessToken, errors: ErrorStyle::Code };
    let before = Before {
        refresh_token: Secret::new("old"),
        scopes: vec!["openid".into(), "email".into()],
        scope_separator: ' ',
    };
    RefreshResponse::read(&response, &rules, &before)
}

fn renewed(more: &str) -> Renewed {
    match judged(200, &format!(r#"{{"access_token":"a","token_type":"Bearer"{more}}}"#)) {
        RefreshResponse::Renewed(renewed) => renewed,
        other => panic!("taken for {other:?}"),
    }
}

#[test]
fn a_refresh_request_holds_the_client_the_token_and_a_narrower_scope() {
    let client = ClientAuthentication::none(ClientId::Text("app".into()));
    let request =
        RefreshRequest::new(BodyEncoding::Form, &client, &Secret::new("old"), Reference::numbered("refresh", 1))
            .scope(&["openid".into(), "email".into()])
            .custom(&[("resource".into(), "urn:x".into())])
            .unwrap()
            .accept("application/json")
            .into_http(&Url::parse("https://id.example/token").unwrap());
    let shown = format!("{request:?}");
    assert!(!shown.contains("old"), "{shown}");
    let written = request.body.unwrap().write();
    let body = std::str::from_utf8(&written.bytes).unwrap();
    let expected = "grant_type=refresh_token&client_id=app&refresh_token=old&scope=openid+email&resource=urn%3Ax";
    assert_eq!(body, expected);
}

#[test]
fn the_old_refresh_token_is_kept_when_none_comes_back() {
    for none in ["", r#","refresh_token":"""#, r#","refresh_token":7"#] {
        let renewed = renewed(none);
        assert_eq!((renewed.refresh_token.expose(), renewed.rotation), ("old", Rotation::NotReturned), "{none}");
    }
}

#[test]
fn a_rotated_refresh_token_is_told_from_the_same_one() {
    let rotated = renewed(r#","refresh_token":"new""#);
    assert_eq!((rotated.refresh_token.expose(), rotated.rotation), ("new", Rotation::Rotated));
    let same = renewed(r#","refresh_token":"old""#);
    assert_eq!((same.refresh_token.expose(), same.rotation), ("old", Rotation::Same));
}

#[test]
fn a_scope_wider_than_the_grant_is_noticed_and_a_narrower_one_is_not() {
    let wider = renewed(r#","scope":"email admin""#);
    assert_eq!((wider.scopes, wider.wider), (vec!["email".into(), "admin".into()], vec!["admin".to_owned()]));
    assert_eq!(renewed(r#","scope":"email""#).wider, [""; 0]);
    assert_eq!(renewed("").scopes, ["openid", "email"]);
}

#[test]
fn only_invalid_grant_says_for_certain_that_the_grant_is_over() {
    assert!(judged(400, r#"{"error":"invalid_grant"}"#).ends_the_grant());
    assert!(!judged(401, r#"{"error":"invalid_client"}"#).ends_the_grant());
    let failed = judged(500, r#"{"error":"invalid_grant"}"#);
    assert!(!failed.ends_the_grant());
    assert!(matches!(failed, RefreshResponse::Malformed(AnswerDefect::ServerFailed { status: 500, .. })));
}

proptest! {
    #[test]
    fn every_answer_leaves_a_refresh_token_or_says_why_not(status in 100_u16..600, body in "\\PC{0,80}") {
        if let RefreshResponse::Renewed(renewed) = judged(status, &body) {
            prop_assert!(!renewed.refresh_token.is_empty());
        }
    }

    #[test]
    fn any_issued_refresh_token_is_the_one_to_keep(token in "[!-~]{1,60}") {
        let member = serde_json::json!(token);
        let kept = renewed(&format!(r#","refresh_token":{member}"#));
        prop_assert_eq!(kept.refresh_token.expose(), token.as_str());
    }
}
