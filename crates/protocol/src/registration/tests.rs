use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::Secret;
use crate::answer::AnswerDefect;
use crate::http::{HttpResponse, Method, Reference};

mod address;
mod difference;
mod response;

fn answer(status: u16, body: &Value) -> HttpResponse {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    HttpResponse { status, headers, body: body.to_string().into_bytes(), cut: false }
}

fn metadata(value: &Value) -> ClientMetadata {
    ClientMetadata::parse(&value.to_string()).unwrap()
}

fn text(secret: Option<&Secret>) -> Option<&str> {
    secret.map(Secret::expose)
}

fn token() -> BearerToken {
    BearerToken { token: Secret::new("canary-token"), reference: Reference::numbered("registration", 1) }
}

fn address() -> ManagementAddress {
    let endpoint = Url::parse("https://id.example/reg").unwrap();
    ManagementAddress::beside(&endpoint, "https://id.example/reg/7").unwrap()
}

#[test]
fn a_registration_posts_the_metadata_as_they_are_and_an_initial_token_where_there_is_one() {
    let metadata = metadata(&json!({"redirect_uris": ["https://app.example/cb"], "x": {"deep": [1, true]}}));
    let endpoint = Url::parse("https://id.example/reg").unwrap();
    let request = registration_request(&endpoint, &metadata, None);
    assert_eq!((request.method, request.headers.len()), (Method::Post, 1));
    let body = request.body.unwrap().write();
    let expected = r#"{"redirect_uris":["https://app.example/cb"],"x":{"deep":[1,true]}}"#;
    assert_eq!(std::str::from_utf8(&body.bytes).unwrap(), expected);
    let request = registration_request(&endpoint, &metadata, Some(&token()));
    assert_eq!(request.headers[1].1.expose(), "Bearer canary-token");
    assert!(!format!("{request:?}").contains("canary"));
}

#[test]
fn an_update_sends_everything_and_the_current_secret_only_where_it_is_wanted() {
    let metadata = metadata(&json!({"client_name": "Shop"}));
    let secret = Secret::new("canary-secret");
    let request = ClientUpdateRequest::new("7", &metadata).into_http(&address(), &token());
    assert_eq!(request.method, Method::Put);
    let written =
        |request: crate::http::HttpRequest| String::from_utf8(request.body.unwrap().write().bytes.to_vec()).unwrap();
    assert_eq!(written(request), r#"{"client_id":"7","client_name":"Shop"}"#);
    let request = ClientUpdateRequest::new("7", &metadata)
        .client_secret(&secret, Reference::client_secret(1))
        .into_http(&address(), &token());
    assert!(!format!("{request:?}").contains("canary"));
    assert_eq!(written(request), r#"{"client_id":"7","client_secret":"canary-secret","client_name":"Shop"}"#);
}

#[test]
fn reading_and_deleting_send_the_token_and_no_body() {
    for (request, method) in
        [(read_request(&address(), &token()), Method::Get), (delete_request(&address(), &token()), Method::Delete)]
    {
        assert_eq!((request.method, request.body.is_none()), (method, true));
        assert_eq!(request.url.as_str(), "https://id.example/reg/7");
    }
}

#[test]
fn metadata_of_a_wrong_type_twice_or_not_ours_to_give_are_refused() {
    for (text, defect) in [
        ("[]", ClientMetadataDefect::NotAnObject),
        ("{", ClientMetadataDefect::NotAnObject),
        (r#"{"scope":"a","scope":"b"}"#, ClientMetadataDefect::Twice("scope".into())),
        (r#"{"client_secret":"x"}"#, ClientMetadataDefect::GivenByTheServer("client_secret".into())),
        (
            r#"{"redirect_uris":"https://a"}"#,
            ClientMetadataDefect::WrongType { name: "redirect_uris", expected: "a list of texts" },
        ),
        (r#"{"contacts":[1]}"#, ClientMetadataDefect::WrongType { name: "contacts", expected: "a list of texts" }),
        (r#"{"jwks":"{}"}"#, ClientMetadataDefect::WrongType { name: "jwks", expected: "an object" }),
    ] {
        assert_eq!(ClientMetadata::parse(text), Err(defect), "{text}");
    }
}

#[test]
fn members_that_nobody_here_knows_survive_reading_and_writing() {
    let text = r#"{"client_name#de":"Laden","x_plan":{"seats":[1,2.50]},"redirect_uris":[]}"#;
    let read = ClientMetadata::parse(text).unwrap();
    assert_eq!(ClientMetadata::parse(&read.to_text()).unwrap(), read);
    assert!(!read.with("client_id", "sneaked in").members().contains_key("client_id"));
}

#[test]
fn what_a_member_means_that_is_left_out_is_known() {
    let empty = ClientMetadata::default();
    assert_eq!(empty.client_authentication_method(), "client_secret_basic");
    assert_eq!((empty.grant_types(), empty.response_types()), (vec!["authorization_code".into()], vec!["code".into()]));
    let scoped = empty.with("scope", "openid  email").with("redirect_uris", vec!["a"]);
    assert_eq!((scoped.scopes(), scoped.redirect_uris()), (vec!["openid".into(), "email".into()], vec!["a".into()]));
}

#[test]
fn an_update_is_what_the_server_has_with_our_wishes_in_their_places() {
    let there = metadata(&json!({"client_name": "Old", "x": 1, "logo_uri": "https://l"}));
    let wanted = metadata(&json!({"client_name": "New", "scope": "openid"}));
    let sent = there.overlaid_with(&wanted).without("logo_uri");
    assert_eq!(sent.to_text(), r#"{"client_name":"New","x":1,"scope":"openid"}"#);
}
