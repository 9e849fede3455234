use gatewright_protocol::Secret;
use gatewright_protocol::http::{Body, BodyEncoding, Method, Reference, Value};
use proptest::prelude::*;

use super::*;

fn response(content_type: &str, body: impl Into<Vec<u8>>) -> HttpResponse {
    let headers = vec![("content-type".to_owned(), content_type.to_owned())];
    HttpResponse { status: 200, headers, body: body.into(), cut: false }
}

fn shown(content_type: &str, body: &str, secrets: &mut KnownSecrets) -> String {
    record_response(&response(content_type, body), secrets).body.to_plain()
}

#[test]
fn a_json_answer_is_laid_out_with_references_for_its_tokens() {
    let body = r#"{"access_token":"abc","nested":{"refresh_token":"def","list":[1,"x\"y"]},"empty":{}}"#;
    let expected = "{\n  \"access_token\": ‹token#1›,\n  \"nested\": {\n    \"refresh_token\": ‹refresh#1›,\n    \
                    \"list\": [\n      1,\n      \"x\\\"y\"\n    ]\n  },\n  \"empty\": {}\n}";
    assert_eq!(shown("application/json", body, &mut KnownSecrets::default()), expected);
}

#[test]
fn the_same_token_keeps_its_reference_and_another_gets_the_next() {
    let mut secrets = KnownSecrets::default();
    let answer = |token: &str| format!("access_token={token}&token_type=bearer");
    let form = "application/x-www-form-urlencoded";
    assert_eq!(shown(form, &answer("first"), &mut secrets), "access_token=‹token#1›&token_type=bearer");
    assert_eq!(shown(form, &answer("second"), &mut secrets), "access_token=‹token#2›&token_type=bearer");
    assert_eq!(shown(form, &answer("first"), &mut secrets), "access_token=‹token#1›&token_type=bearer");
}

#[test]
fn a_state_and_a_code_in_an_identity_are_an_address_and_no_secret() {
    let body = shown("application/json", r#"{"state":"CA","code":"94105"}"#, &mut KnownSecrets::default());
    assert_eq!(body, "{\n  \"state\": \"CA\",\n  \"code\": \"94105\"\n}");
}

#[test]
fn a_long_page_is_cut_in_the_record_at_a_whole_character() {
    let page = "ä".repeat(BODY_KEPT);
    let recorded = record_response(&response("text/html", page.clone()), &mut KnownSecrets::default());
    assert!(recorded.cut && recorded.bytes == page.len() as u64);
    assert_eq!(recorded.body.to_plain().len(), BODY_KEPT);
}

#[test]
fn cookies_and_the_query_of_a_redirect_are_not_recorded() {
    let mut answer = response("text/html", "");
    answer.headers.push(("set-cookie".into(), "session=1234567".into()));
    answer.headers.push(("location".into(), "https://id.example/next?code=1234567".into()));
    let recorded = record_response(&answer, &mut KnownSecrets::default());
    let headers: Vec<_> = recorded.headers.iter().map(|header| header.value.to_plain()).collect();
    assert_eq!(headers, ["text/html", "‹cookie#1›", "https://id.example/next?…"]);
}

fn post(secret: &str) -> HttpRequest {
    HttpRequest {
        method: Method::Post,
        url: Url::parse("https://id.example/token").unwrap(),
        headers: vec![(
            "authorization".into(),
            Value::Scheme("Basic", Secret::new(secret), Reference::client_secret(1)),
        )],
        body: Some(Body {
            encoding: BodyEncoding::Form,
            fields: vec![("client_secret".into(), Value::Secret(Secret::new(secret), Reference::client_secret(1)))],
        }),
    }
}

proptest! {
    #[test]
    fn no_secret_that_was_sent_is_recorded_wherever_the_server_repeats_it(
        secret in "[ -~]{12,40}", before in "\\PC{0,20}", after in "\\PC{0,20}", name in "[a-z]{1,8}"
    ) {
        prop_assume!(!before.contains(&secret) && !after.contains(&secret));
        let mut secrets = KnownSecrets::default();
        let echo = serde_json::json!({ name: [format!("{before}{secret}{after}")], secret.clone(): 1 }).to_string();
        let answer = Ok(response("application/json", echo));
        let asked = record_request(&post(&secret), &mut secrets);
        let exchange = record(ExchangePurpose::Token, asked, &answer, Duration::ZERO, &mut secrets);
        let texts = texts_of(&exchange);
        prop_assert!(!texts.iter().any(|text| text.contains(&secret)), "{texts:?}");
        // The same for a page, where nothing is escaped.
        let page = secrets.redact(&format!("<p>{before}{secret}{after}")).to_plain();
        prop_assert!(!page.contains(&secret), "{page}");
    }

    #[test]
    fn text_without_secrets_is_recorded_as_it_is(text in "\\PC{0,60}") {
        let mut secrets = KnownSecrets::default();
        secrets.learn(&Secret::new("a-secret-that-is-not-there"), &Reference::client_secret(1));
        prop_assert_eq!(secrets.redact(&text).to_plain(), text);
    }
}

/// Every text a record holds, unescaped.
fn texts_of(exchange: &Exchange) -> Vec<String> {
    let response = exchange.response.as_ref().unwrap();
    let fields = exchange.request.headers.iter().chain(&exchange.request.fields).chain(&response.headers);
    let mut texts: Vec<String> = fields.map(|field| field.value.to_plain()).collect();
    texts.push(response.body.to_plain());
    texts
}
