use super::*;

const LABEL: &str = "application/x-www-form-urlencoded";

fn posted(query: &str, content_type: Option<&str>, body: &[u8], response_mode: ResponseMode) -> AuthorizationResponse {
    let callback = Url::parse(&format!("{CALLBACK}{query}")).unwrap();
    let expected = Expected { response_mode, ..expected(StateRule::Always) };
    AuthorizationResponse::read_form(&callback, &PostedForm { content_type, body }, &expected)
}

fn answer(fields: &str) -> Vec<u8> {
    format!("{fields}&state={}", state().value().expose()).into_bytes()
}

fn defect(response: AuthorizationResponse) -> Defect {
    match response {
        AuthorizationResponse::Rejected(defect) => defect,
        other => panic!("taken for {other:?}"),
    }
}

#[test]
fn a_posted_code_and_a_posted_error_are_taken() {
    let label = Some("Application/X-WWW-Form-Urlencoded; charset=utf-8");
    let AuthorizationResponse::Code(granted) = posted("", label, &answer("code=abc"), ResponseMode::FormPost) else {
        panic!()
    };
    assert_eq!(granted.code.expose(), "abc");
    let refused = posted("", label, &answer("error=login_required"), ResponseMode::FormPost);
    let AuthorizationResponse::Refused(error, StateCheck::Matched) = refused else { panic!() };
    assert_eq!(error.error.as_deref(), Some("login_required"));
}

#[test]
fn a_form_that_breaks_a_rule_is_refused_and_the_listener_knows_with_which_status() {
    let refused = |query: &str, label: Option<&str>, body: &[u8]| {
        let defect = defect(posted(query, label, body, ResponseMode::FormPost));
        (defect.status(), defect)
    };
    let good = answer("code=abc");
    assert_eq!(refused("?code=abc", Some(LABEL), &good), (400, Defect::InQuery));
    assert_eq!(refused("", Some("application/json"), &good), (415, Defect::FormMislabelled("application/json".into())));
    assert_eq!(refused("", None, &good), (415, Defect::FormMislabelled(String::new())));
    assert_eq!(refused("", Some(LABEL), &vec![b'a'; 1 << 20]), (413, Defect::FormTooLong));
    assert_eq!(refused("", Some(LABEL), &answer("code=a&code=a")), (400, Defect::Twice("code".into())));
    assert_eq!(refused("", Some(LABEL), &[b'a', 0xff]), (400, Defect::FormNotUtf8));
    assert_eq!(refused("", Some(LABEL), b"code=abc&state=other"), (400, Defect::StateMismatch));
}

#[test]
fn a_form_nobody_asked_for_and_an_address_in_its_place_are_refused() {
    let unasked = defect(posted("", Some(LABEL), &answer("code=abc"), ResponseMode::Query));
    assert_eq!((unasked.status(), unasked), (405, Defect::FormUnasked));
    let callback = Url::parse(&format!("{CALLBACK}?code=a&state={}", state().value().expose())).unwrap();
    let asked = Expected { response_mode: ResponseMode::FormPost, ..expected(StateRule::Always) };
    assert_eq!(defect(AuthorizationResponse::read(&callback, &asked)), Defect::InQuery);
}

proptest! {
    #[test]
    fn no_posted_bytes_without_the_right_state_give_a_code(body: Vec<u8>) {
        let judged = posted("", Some(LABEL), &body, ResponseMode::FormPost);
        prop_assert!(!matches!(judged, AuthorizationResponse::Code(_) | AuthorizationResponse::Refused(..)));
    }
}
