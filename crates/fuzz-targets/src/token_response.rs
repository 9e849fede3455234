//! Answers of a token endpoint.

use gatewright_protocol::Secret;
use gatewright_protocol::answer::{ErrorStyle, Oddity, Refusal};
use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::token::{
    Before, IssuedTokens, RefreshResponse, Renewed, Rotation, SuccessRule, TokenResponse, TokenRules,
};
use serde_json::{Map, Value};

use crate::answer::answer;
use crate::input::Input;
use crate::shown::{assert_defect_inert, assert_hidden, assert_inert, assert_oddities_inert, assert_words_inert};

/// The longest lifetime that is believed, in seconds.
const LONGEST_LIFETIME: u64 = 50 * 365 * 86_400;

const OLD_REFRESH_TOKEN: &str = "old-refresh-token";

/// Tokens are those that the answer names, and fit to be sent; a refusal is inert.
///
/// Choices: how success is told, how errors are named; then an answer, see [`answer`].
pub fn token_response(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let success = input.choose(&[
        SuccessRule::AccessToken,
        SuccessRule::FlagAndAccessToken("/success".to_owned()),
        SuccessRule::Present("/user/id".to_owned()),
    ]);
    let errors = input.choose(&[ErrorStyle::Code, ErrorStyle::Sentence, ErrorStyle::Either]);
    let response = answer(&mut input);
    let rules = TokenRules { success, errors };
    let judged = TokenResponse::read(&response, &rules);
    match &judged {
        TokenResponse::Issued(tokens) => {
            assert_eq!((response.status, response.cut), (200, false));
            are_fit_to_be_sent(tokens);
            if let Some(plain) = read_plainly(tokens, &response) {
                are_those_of_the_answer(tokens, &plain);
                assert_hidden(tokens.access_token.expose(), &said(&plain, &response), &format!("{judged:?}"));
            }
        }
        TokenResponse::Identity(value, oddities) => {
            assert!(value.pointer("/user/id").is_some_and(|subject| !subject.is_null()));
            assert_oddities_inert(oddities);
        }
        TokenResponse::Refused(refusal) => is_a_refusal(refusal, &response),
        TokenResponse::Malformed(defect) => assert_defect_inert(defect),
    }
    refreshed(&response, &rules);
}

fn are_fit_to_be_sent(tokens: &IssuedTokens) {
    let access_token = tokens.access_token.expose();
    assert!(!access_token.is_empty() && access_token.bytes().all(|byte| byte.is_ascii_graphic()));
    for token in [&tokens.refresh_token, &tokens.id_token].into_iter().flatten() {
        let text = token.expose();
        assert!(!text.trim_matches(' ').is_empty() && text.bytes().all(|byte| (0x20..=0x7e).contains(&byte)));
    }
    assert!(tokens.token_type.as_ref().is_none_or(|name| name.eq_ignore_ascii_case("bearer")));
    assert!(tokens.expires_in.is_none_or(|seconds| (1..=LONGEST_LIFETIME).contains(&seconds)));
    assert!(tokens.refresh_expires_in.is_none_or(|seconds| seconds <= LONGEST_LIFETIME));
    tokens.scope.iter().for_each(|scope| assert_inert(scope));
    assert_oddities_inert(&tokens.oddities);
}

/// What a plain reader of JSON or forms finds in the body; nothing where a number is beyond all bounds.
fn read_plainly(tokens: &IssuedTokens, response: &HttpResponse) -> Option<Map<String, Value>> {
    let text = std::str::from_utf8(&response.body).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    if !tokens.oddities.contains(&Oddity::FormEncoded) {
        return serde_json::from_str(text).ok();
    }
    let pairs: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
    assert_eq!(pairs.iter().filter(|(name, _)| name == "access_token").count(), 1);
    Some(pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect())
}

fn are_those_of_the_answer(tokens: &IssuedTokens, plain: &Map<String, Value>) {
    let named = |name: &str| plain.get(name).and_then(Value::as_str);
    assert_eq!(named("access_token"), Some(tokens.access_token.expose()));
    for (name, token) in [("refresh_token", &tokens.refresh_token), ("id_token", &tokens.id_token)] {
        if let Some(token) = token {
            assert_eq!(named(name), Some(token.expose()));
        }
    }
    assert!(named("error").is_none_or(str::is_empty) && !plain.get("error").is_some_and(Value::is_object));
}

/// Every text of an answer, decoded.
fn said(plain: &Map<String, Value>, response: &HttpResponse) -> String {
    let of_body =
        plain.iter().flat_map(|(name, value)| [name.clone(), value.as_str().map_or(value.to_string(), str::to_owned)]);
    let of_head = response.headers.iter().map(|(_, value)| value.clone());
    of_body.chain(of_head).collect::<Vec<_>>().join("\n")
}

fn is_a_refusal(refusal: &Refusal, response: &HttpResponse) {
    assert_eq!(refusal.status, response.status);
    assert!(matches!(response.status, 200 | 400..=499));
    assert_words_inert(&refusal.error);
    if let Some(wait) = refusal.retry_after.as_ref().and_then(|after| after.wait(1_767_312_000)) {
        assert!(wait.as_secs() <= 60);
    }
}

/// After a refresh there is exactly one refresh token to keep: the new one, or the old one where none came.
fn refreshed(response: &HttpResponse, rules: &TokenRules) {
    let before = Before {
        refresh_token: Secret::new(OLD_REFRESH_TOKEN),
        scopes: vec!["openid".to_owned(), "profile".to_owned()],
        scope_separator: ' ',
    };
    let RefreshResponse::Renewed(Renewed { tokens, refresh_token, rotation, scopes, wider }) =
        RefreshResponse::read(response, rules, &before)
    else {
        return;
    };
    let kept = refresh_token.expose();
    match (&tokens.refresh_token, rotation) {
        (None, Rotation::NotReturned) => assert_eq!(kept, OLD_REFRESH_TOKEN),
        (Some(new), Rotation::Same) => assert!(new.expose() == kept && kept == OLD_REFRESH_TOKEN),
        (Some(new), Rotation::Rotated) => assert!(new.expose() == kept && kept != OLD_REFRESH_TOKEN),
        other => panic!("{other:?}"),
    }
    assert!(wider.iter().all(|scope| scopes.contains(scope) && !before.scopes.contains(scope)));
}
