use std::process::Command as Process;

use super::*;
use crate::samples::{field, hostile, pieces, token_exchange};

/// What curl would be called with, by a real shell in which the variables are set.
fn arguments(command: &str) -> Vec<String> {
    let script = format!("curl() {{ for argument in \"$@\"; do printf '%s\\0' \"$argument\"; done; }}\n{command}");
    let shell = Process::new("bash")
        .args(["-eu", "-c", &script])
        .env("SECRET", "s3\"c'r$et")
        .env("CODE", "the code")
        .env("TOKEN", "t0ken")
        .env("TOKEN_2", "another")
        .env("CLIENT_ID", "abc")
        .output()
        .unwrap();
    assert!(shell.status.success(), "{}\n{command}", String::from_utf8_lossy(&shell.stderr));
    let text = String::from_utf8(shell.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn a_token_request_is_a_command_with_placeholders() {
    insta::assert_snapshot!(curl(&token_exchange()), @r#"
    # CODE: an authorization code that has not been used
    # SECRET: the client secret, version 3
    curl https://chattz.net/api/oauth/token \
      --header 'accept: application/json' \
      --data-urlencode grant_type=authorization_code \
      --data-urlencode "code=$CODE" \
      --data-urlencode 'redirect_uri=https://app.example.org/callback?a=b&c=d' \
      --data-urlencode "client_secret=$SECRET"
    "#);
}

#[test]
fn a_multipart_form_takes_every_value_as_it_is() {
    let mut exchange = token_exchange();
    exchange.request.encoding = "multipart".to_owned();
    exchange.request.fields =
        vec![field("note", Redacted::text("@/etc/passwd;type=x")), field("code", pieces("", "code#1"))];
    let arguments = arguments(&curl(&exchange));
    assert!(arguments.ends_with(
        &["--form-string", "note=@/etc/passwd;type=x", "--form-string", "code=the code"].map(str::to_owned)
    ));
    assert!(!arguments.iter().any(|argument| argument.starts_with("content-type")), "curl makes the boundary itself");
}

#[test]
fn json_keeps_numbers_and_lists() {
    let mut exchange = token_exchange();
    exchange.request.encoding = "json".to_owned();
    exchange.request.fields = vec![
        field("client_id", Redacted::text("17")),
        field("redirect_uris", Redacted::text("[\"https://a.example\"]")),
        field("name", Redacted::text("O'Brien \"x\"")),
        field("code", pieces("", "code#1")),
    ];
    let arguments = arguments(&curl(&exchange));
    let body: serde_json::Value = serde_json::from_str(arguments.last().unwrap()).unwrap();
    let expected = serde_json::json!({
        "client_id": 17, "redirect_uris": ["https://a.example"], "name": "O'Brien \"x\"", "code": "the code",
    });
    assert_eq!(body, expected);
}

#[test]
fn http_basic_becomes_user_and_password_for_curl_to_encode() {
    let mut exchange = token_exchange();
    exchange.request.headers = vec![field("authorization", pieces("Basic ", "secret:v3"))];
    let arguments = arguments(&curl(&exchange));
    assert!(arguments.windows(2).any(|pair| pair == ["--user", "abc:s3\"c'r$et"]), "{arguments:?}");
}

#[test]
fn two_tokens_are_two_variables_and_one_token_is_one() {
    let mut exchange = token_exchange();
    exchange.request.headers = vec![
        field("authorization", pieces("Bearer ", "token#1")),
        field("x-old", pieces("", "token#2")),
        field("x-new", pieces("", "token#1")),
    ];
    let command = curl(&exchange);
    let arguments = arguments(&command);
    let sent: Vec<&String> = arguments.iter().skip_while(|argument| *argument != "--header").take(6).collect();
    assert_eq!(
        sent,
        ["--header", "authorization: Bearer t0ken", "--header", "x-old: another", "--header", "x-new: t0ken"]
    );
    assert_eq!(command.matches("# TOKEN").count(), 2);
}

#[test]
fn a_secret_in_a_query_is_encoded_by_curl() {
    let mut exchange = token_exchange();
    exchange.request = RecordedRequest {
        method: "GET".to_owned(),
        query: vec![field("a b", Redacted::text("c&d")), field("code", pieces("", "code#1"))],
        headers: Vec::new(),
        encoding: String::new(),
        fields: Vec::new(),
        ..exchange.request
    };
    let url = "https://chattz.net/api/oauth/token";
    assert_eq!(
        arguments(&curl(&exchange)),
        [url, "--get", "--data-urlencode", "a+b=c&d", "--data-urlencode", "code=the code"]
    );
    exchange.request.query.pop();
    assert_eq!(arguments(&curl(&exchange)), [format!("{url}?a+b=c%26d")]);
}

#[test]
fn what_a_server_wrote_reaches_curl_and_no_other_program() {
    for text in hostile().into_iter().filter(|text| text.len() < 1000) {
        for encoding in ["form", "multipart"] {
            let mut exchange = token_exchange();
            exchange.request.encoding = encoding.to_owned();
            exchange.request.fields = vec![field("x", Redacted::text(&text)), field("y", pieces(&text, "code#1"))];
            let command = curl(&exchange);
            assert_eq!(
                command.chars().find(|one| crate::inert::is_treacherous(*one) || *one == '\r'),
                None,
                "{command:?}"
            );
            let arguments = arguments(&command);
            // No argument of a program can hold this one character.
            let text = text.replace('\0', "⟨U+0000⟩");
            assert!(arguments.contains(&format!("x={text}")), "{arguments:?}");
            assert!(arguments.contains(&format!("y={text}the code")), "{arguments:?}");
        }
    }
}
