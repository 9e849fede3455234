use proptest::prelude::*;
use url::Url;

use super::*;

mod form_post;
mod request;

const CALLBACK: &str = "https://app.example/callback";

fn redirect_uri(text: &str) -> RedirectUri {
    RedirectUri::parse(text).unwrap()
}

fn state() -> State {
    State::from_random([7; 32])
}

fn expected(state_rule: StateRule) -> Expected {
    Expected {
        redirect_uri: redirect_uri(CALLBACK),
        response_mode: ResponseMode::Query,
        state: Some(state()),
        state_rule,
        spent_states: vec![State::from_random([6; 32])],
        issuer: Some("https://id.example".to_owned()),
        issuer_advertised: false,
    }
}

/// Judges a callback with this query; `{state}` stands for the right state.
fn judged(query: &str, rule: StateRule) -> AuthorizationResponse {
    let query = query.replace("{state}", &state().value().expose());
    AuthorizationResponse::read(&Url::parse(&format!("{CALLBACK}{query}")).unwrap(), &expected(rule))
}

fn defect(query: &str, rule: StateRule) -> Defect {
    match judged(query, rule) {
        AuthorizationResponse::Rejected(defect) => defect,
        other => panic!("{query} was taken for {other:?}"),
    }
}

#[test]
fn a_code_with_the_right_state_is_taken() {
    let AuthorizationResponse::Code(granted) = judged("?code=abc&state={state}", StateRule::Always) else { panic!() };
    assert_eq!(granted.code.expose(), "abc");
    assert_eq!(granted.state, StateCheck::Matched);
}

#[test]
fn parameters_we_do_not_know_are_tolerated_and_named() {
    let callback = "?state={state}&session_state=1&iss=https%3A%2F%2Fid.example&code=abc";
    let AuthorizationResponse::Code(granted) = judged(callback, StateRule::Always) else { panic!() };
    assert_eq!(granted.unknown, ["session_state"]);
}

#[test]
fn the_state_is_compared_before_a_code_or_an_error_is_believed() {
    assert_eq!(defect("?code=abc&state=other", StateRule::Always), Defect::StateMismatch);
    assert_eq!(defect("?error=access_denied&state=other", StateRule::Unknown), Defect::StateMismatch);
    assert_eq!(defect("?code=abc&error=x&state=other", StateRule::Always), Defect::StateMismatch);
    assert_eq!(defect("?code=abc", StateRule::Always), Defect::StateMissing);
    assert_eq!(defect("?error=access_denied", StateRule::Always), Defect::StateMissing);
}

#[test]
fn a_state_that_differs_in_case_length_or_spaces_is_another_state() {
    let right = state().value().expose();
    for wrong in [right.to_lowercase(), right[..42].to_owned(), format!("{right}%20"), format!("{right}A")] {
        assert_eq!(defect(&format!("?code=abc&state={wrong}"), StateRule::Always), Defect::StateMismatch);
    }
}

#[test]
fn an_error_may_come_without_state_where_the_provider_returns_it_with_a_code_only() {
    let AuthorizationResponse::Refused(error, check) = judged("?error=access_denied", StateRule::WithCode) else {
        panic!()
    };
    assert!(error.is_access_denied());
    assert_eq!(check, StateCheck::NotReturned);
    assert_eq!(defect("?code=abc", StateRule::WithCode), Defect::StateMissing);
}

#[test]
fn a_parameter_that_is_there_twice_is_refused_even_with_equal_values() {
    assert_eq!(defect("?code=a&state={state}&state={state}", StateRule::Always), Defect::Twice("state".into()));
    assert_eq!(defect("?code=a&state={state}&state=x", StateRule::Always), Defect::Twice("state".into()));
    assert_eq!(defect("?code=a&code=a&state={state}", StateRule::Always), Defect::Twice("code".into()));
    assert_eq!(defect("?code=a&iss=a&iss=b&state={state}", StateRule::Always), Defect::Twice("iss".into()));
    for name in ["error", "error_description", "error_uri"] {
        let query = format!("?error=a&state={{state}}&{name}=x&{name}=x");
        assert_eq!(defect(&query, StateRule::Always), Defect::Twice(name.into()));
    }
}

#[test]
fn the_state_of_an_earlier_login_is_told_from_a_merely_wrong_one() {
    let spent = State::from_random([6; 32]).value().expose();
    assert_eq!(defect(&format!("?code=abc&state={spent}"), StateRule::Always), Defect::StateSpent);
}

#[test]
fn a_code_and_an_error_together_are_refused() {
    assert_eq!(defect("?code=a&error=b&state={state}", StateRule::Always), Defect::CodeAndError);
    assert_eq!(defect("?state={state}", StateRule::Always), Defect::NeitherCodeNorError);
}

#[test]
fn tokens_and_signed_responses_have_no_place_in_a_callback() {
    for name in ["access_token", "id_token"] {
        assert_eq!(
            defect(&format!("?code=a&state={{state}}&{name}=x"), StateRule::Always),
            Defect::Foreign(name.into())
        );
    }
    assert_eq!(defect("?response=a.b.c", StateRule::Always), Defect::SignedResponse);
}

#[test]
fn an_answer_after_the_hash_is_read_only_where_it_was_asked_for() {
    assert_eq!(defect("#code=a&state={state}", StateRule::Always), Defect::InFragment);
    let asked = Expected { response_mode: ResponseMode::Fragment, ..expected(StateRule::Always) };
    let state = state().value().expose();
    let read = |part: &str| AuthorizationResponse::read(&Url::parse(&format!("{CALLBACK}{part}")).unwrap(), &asked);
    assert!(matches!(read(&format!("#code=a&state={state}")), AuthorizationResponse::Code(_)));
    let AuthorizationResponse::Rejected(defect) = read(&format!("?code=a&state={state}")) else { panic!() };
    assert_eq!(defect, Defect::InQuery);
}

#[test]
fn another_issuer_is_refused_and_a_slash_more_makes_another() {
    for other in ["https://evil.example", "https://id.example/", "https://ID.example", "https://id.example1", ""] {
        let query = format!("?code=a&state={{state}}&iss={other}");
        let Defect::OtherIssuer { received, .. } = defect(&query, StateRule::Always) else { panic!("{other}") };
        assert_eq!(received, other);
    }
}

#[test]
fn an_issuer_that_the_metadata_promise_may_not_be_missing() {
    let promised = Expected { issuer_advertised: true, ..expected(StateRule::Always) };
    let state = state().value().expose();
    let read =
        |query: String| AuthorizationResponse::read(&Url::parse(&format!("{CALLBACK}{query}")).unwrap(), &promised);
    for without in [format!("?code=a&state={state}"), format!("?error=access_denied&state={state}")] {
        let AuthorizationResponse::Rejected(defect) = read(without) else { panic!() };
        assert_eq!(defect, Defect::IssuerMissing { expected: "https://id.example".into() });
    }
    let with = read(format!("?code=a&state={state}&iss=https://id.example"));
    assert!(matches!(with, AuthorizationResponse::Code(_)));
}

#[test]
fn an_issuer_that_cannot_be_compared_is_one_more_unknown_parameter() {
    let unknown = Expected { issuer: None, ..expected(StateRule::Always) };
    let callback = format!("{CALLBACK}?code=a&state={}&iss=https://id.example", state().value().expose());
    let AuthorizationResponse::Code(granted) = AuthorizationResponse::read(&Url::parse(&callback).unwrap(), &unknown)
    else {
        panic!()
    };
    assert_eq!(granted.unknown, ["iss"]);
}

#[test]
fn a_code_that_is_empty_too_long_or_undecodable_is_refused() {
    assert_eq!(defect("?code=&state={state}", StateRule::Always), Defect::CodeEmpty);
    assert_eq!(defect("?code=+&state={state}", StateRule::Always), Defect::CodeEmpty);
    for undecodable in ["%ff", "%zz", "abc%", "%c3%a4", "abc%0d"] {
        let query = format!("?code={undecodable}&state={{state}}");
        assert_eq!(defect(&query, StateRule::Always), Defect::CodeMalformed, "{undecodable}");
    }
    assert_eq!(defect("?code=%0a&state={state}", StateRule::Always), Defect::CodeMalformed);
    assert_eq!(
        defect(&format!("?code={}&state={{state}}", "x".repeat(8_193)), StateRule::Always),
        Defect::CodeMalformed
    );
    let longest = judged(&format!("?code={}&state={{state}}", "x".repeat(8_192)), StateRule::Always);
    assert!(matches!(longest, AuthorizationResponse::Code(_)));
}

#[test]
fn a_callback_without_parameters_is_bare_and_never_a_code() {
    assert!(matches!(judged("", StateRule::Always), AuthorizationResponse::Bare));
    assert!(matches!(judged("?", StateRule::Unknown), AuthorizationResponse::Bare));
}

#[test]
fn the_redirect_uris_own_query_is_not_an_answer() {
    let mut expected = expected(StateRule::Always);
    expected.redirect_uri = redirect_uri("https://app.example/callback?tenant=7");
    let bare = Url::parse("https://app.example/callback?tenant=7").unwrap();
    assert!(matches!(AuthorizationResponse::read(&bare, &expected), AuthorizationResponse::Bare));
}

#[test]
fn a_code_on_another_address_is_not_a_callback() {
    for elsewhere in
        ["https://app.example/callback/", "https://app.example:444/callback", "http://app.example/callback"]
    {
        let url = Url::parse(&format!("{elsewhere}?code=abc&state={}", state().value().expose())).unwrap();
        let AuthorizationResponse::Rejected(defect) = AuthorizationResponse::read(&url, &expected(StateRule::Always))
        else {
            panic!("{elsewhere} was taken for the redirect URI")
        };
        assert_eq!(defect, Defect::NotTheRedirectUri);
    }
}

#[test]
fn a_servers_words_come_through_inert() {
    let query = "?error=access_denied&error_description=a%1b%5b31mb%E2%80%AEc&state={state}";
    let AuthorizationResponse::Refused(error, _) = judged(query, StateRule::Always) else { panic!() };
    assert_eq!(error.description.as_deref(), Some("a\\u{1b}[31mb\\u{202e}c"));
}

#[test]
fn a_hostile_error_page_address_is_text_like_any_other() {
    let long = "x".repeat(64 << 10);
    let query = format!("?error=..%2F..%2Fx&error_uri=javascript:alert(1)%00&error_description={long}&state={{state}}");
    let AuthorizationResponse::Refused(error, _) = judged(&query, StateRule::Always) else { panic!() };
    assert_eq!(error.error.as_deref(), Some("../../x"));
    assert_eq!(error.uri.as_deref(), Some("javascript:alert(1)\\u{0}"));
    assert_eq!(error.description.map(|text| text.chars().count()), Some(2_000));
}

#[test]
fn an_empty_error_is_no_error() {
    assert_eq!(defect("?error=&state={state}", StateRule::Always), Defect::ErrorEmpty);
}

proptest! {
    #[test]
    fn any_code_a_server_may_issue_survives_the_way_through_the_callback(code in "[ -~]{1,200}") {
        prop_assume!(!code.trim().is_empty());
        let mut url = Url::parse(CALLBACK).unwrap();
        url.query_pairs_mut().append_pair("code", &code).append_pair("state", &state().value().expose());
        let AuthorizationResponse::Code(granted) = AuthorizationResponse::read(&url, &expected(StateRule::Always)) else {
            return Err(TestCaseError::fail("not taken for a code"));
        };
        prop_assert_eq!(granted.code.expose(), code);
    }

    #[test]
    fn no_callback_without_the_right_state_gives_a_code(query in "\\PC{0,200}") {
        let mut url = Url::parse(CALLBACK).unwrap();
        url.set_query(Some(&query));
        let judged = AuthorizationResponse::read(&url, &expected(StateRule::Always));
        prop_assert!(!matches!(judged, AuthorizationResponse::Code(_) | AuthorizationResponse::Refused(..)));
    }
}
