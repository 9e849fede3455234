use proptest::prelude::*;
use url::Url;

use super::*;

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
        state: Some(state()),
        state_rule,
        issuer: Some("https://id.example".to_owned()),
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
}

#[test]
fn a_code_and_an_error_together_are_refused() {
    assert_eq!(defect("?code=a&error=b&state={state}", StateRule::Always), Defect::CodeAndError);
    assert_eq!(defect("?state={state}", StateRule::Always), Defect::NeitherCodeNorError);
}

#[test]
fn tokens_and_signed_responses_have_no_place_in_a_callback() {
    for name in ["access_token", "id_token", "response"] {
        assert_eq!(
            defect(&format!("?code=a&state={{state}}&{name}=x"), StateRule::Always),
            Defect::Foreign(name.into())
        );
    }
    assert_eq!(defect("#code=a&state={state}", StateRule::Always), Defect::InFragment);
}

#[test]
fn another_issuer_is_refused() {
    let Defect::OtherIssuer { received, .. } =
        defect("?code=a&state={state}&iss=https://evil.example", StateRule::Always)
    else {
        panic!()
    };
    assert_eq!(received, "https://evil.example");
}

#[test]
fn a_code_that_is_empty_too_long_or_undecodable_is_refused() {
    assert_eq!(defect("?code=&state={state}", StateRule::Always), Defect::CodeEmpty);
    assert_eq!(defect("?code=+&state={state}", StateRule::Always), Defect::CodeEmpty);
    assert_eq!(defect("?code=%ff&state={state}", StateRule::Always), Defect::CodeMalformed);
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
fn a_request_keeps_the_endpoints_query_and_writes_a_space_as_percent_20() {
    let request =
        AuthorizationRequest::new(Url::parse("https://id.example/authorize?tenant=7").unwrap(), &ClientId::Integer(7))
            .redirect_uri(&redirect_uri("https://app.example/cb?a=b&c=d%20e"))
            .scope(&["openid".into(), "profile".into()]);
    assert_eq!(
        request.url().as_str(),
        "https://id.example/authorize?tenant=7&client_id=7\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fa%3Db%26c%3Dd%2520e&scope=openid%20profile"
    );
}

#[test]
fn a_debug_print_of_a_request_does_not_show_the_state() {
    let request =
        AuthorizationRequest::new(Url::parse("https://id.example/").unwrap(), &ClientId::Integer(7)).state(&state());
    assert!(!format!("{request:?}").contains(&state().value().expose()));
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

    #[test]
    fn what_goes_into_a_request_comes_out_of_its_query(scope in "\\PC{1,40}") {
        let request = AuthorizationRequest::new(Url::parse("https://id.example/a").unwrap(), &ClientId::Integer(7))
            .scope(std::slice::from_ref(&scope));
        let url = request.url();
        let found = url.query_pairs().find(|(name, _)| name == "scope").map(|(_, value)| value.into_owned());
        prop_assert_eq!(found, Some(scope));
    }
}
