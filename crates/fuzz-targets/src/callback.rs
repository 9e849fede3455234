//! Callbacks: an address, or a form that a browser posted.

use gatewright_protocol::RedirectUri;
use gatewright_protocol::authorization::{
    AuthorizationResponse, Defect, Expected, Granted, PostedForm, ResponseMode, StateCheck, StateRule,
};
use gatewright_protocol::state::State;
use url::Url;

use crate::input::Input;
use crate::shown::{assert_hidden, assert_inert, assert_words_inert};

/// Redirect URIs, one with a query of its own.
const REDIRECT_URIS: [&str; 4] = [
    "https://app.example/callback",
    "http://127.0.0.1:8914/cb",
    "https://app.example/callback?tenant=a%20b&empty=",
    "com.example.app:/callback",
];

const ISSUER: &str = "https://op.example";

/// A callback is the answer that was waited for, or nothing of it is used.
///
/// Choices: response mode, state rule, state sent, issuer, redirect URI. The rest is an address, which may be relative.
pub fn callback_url(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let expected = expected(&mut input);
    let base = expected.redirect_uri.url();
    let Some(callback) = input.text().and_then(|text| base.join(text).ok()) else { return };
    let judged = AuthorizationResponse::read(&callback, &expected);
    let answer = match expected.response_mode {
        ResponseMode::Query => callback.query(),
        ResponseMode::Fragment => callback.fragment(),
        ResponseMode::FormPost => None,
    };
    check(&judged, answer.unwrap_or_default(), &callback, &expected);
    if matches!(judged, AuthorizationResponse::Code(_)) {
        one_code_more_is_refused(&callback, &expected);
    }
}

/// A posted form is held to the same rules as an address.
///
/// Choices as for [`callback_url`]. Then a line with the `Content-Type`, a line with the address, and the body.
pub fn posted_form(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let expected = expected(&mut input);
    let content_type = input.line();
    let base = expected.redirect_uri.url();
    let Some(callback) = input.line().and_then(|text| base.join(text).ok()) else { return };
    let form = PostedForm { content_type, body: input.rest() };
    let judged = AuthorizationResponse::read_form(&callback, &form, &expected);
    let is_used = !matches!(judged, AuthorizationResponse::Rejected(_));
    assert!(!is_used || expected.response_mode == ResponseMode::FormPost, "a form that nobody asked for");
    check(&judged, input.text().unwrap_or_default(), &callback, &expected);
}

fn expected(input: &mut Input<'_>) -> Expected {
    let response_mode = input.choose(&[ResponseMode::Query, ResponseMode::Fragment, ResponseMode::FormPost]);
    let state_rule = input.choose(&[StateRule::Always, StateRule::WithCode, StateRule::Unknown]);
    let is_state_sent = input.choose(&[true, false]);
    let (issuer, issuer_advertised) = input.choose(&[(None, false), (Some(ISSUER), false), (Some(ISSUER), true)]);
    let redirect_uri = input.choose(&REDIRECT_URIS);
    Expected {
        redirect_uri: RedirectUri::parse(redirect_uri).unwrap(),
        response_mode,
        state: is_state_sent.then(|| State::from_random([7; 32])),
        state_rule,
        spent_states: vec![State::from_random([8; 32])],
        issuer: issuer.map(str::to_owned),
        issuer_advertised,
    }
}

fn check(judged: &AuthorizationResponse, answer: &str, callback: &Url, expected: &Expected) {
    let found = Found::of(answer);
    match judged {
        AuthorizationResponse::Code(granted) => {
            found.is_where_it_belongs(callback, expected);
            found.carries(granted);
            found.has_the_state(granted.state, expected, true);
            granted.unknown.iter().for_each(|name| assert_inert(name));
            assert_hidden(granted.code.expose(), &found.decoded(), &format!("{judged:?}"));
        }
        AuthorizationResponse::Refused(error, state) => {
            found.is_where_it_belongs(callback, expected);
            assert!(found.only("error").is_some_and(|error| !error.is_empty()) && found.only("code").is_none());
            assert!(error.error.is_some());
            found.has_the_state(*state, expected, false);
            assert_words_inert(error);
        }
        AuthorizationResponse::Bare => {
            for name in ["code", "error", "state", "iss", "response", "id_token", "access_token"] {
                assert!(found.only(name).is_none());
            }
        }
        AuthorizationResponse::Rejected(defect) => {
            assert!(!defect.code().is_empty() && (400..500).contains(&defect.status()));
            assert_inert(defect.field());
            assert_inert(&defect.to_string());
        }
    }
}

/// The parameters of the answer, read as simply as can be.
struct Found(Vec<(String, String)>);

impl Found {
    fn of(answer: &str) -> Self {
        Self(form_urlencoded::parse(answer.as_bytes()).into_owned().collect())
    }

    /// The value of a parameter that is there once at most.
    fn only(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let value = values.next();
        assert_eq!(values.next(), None, "{name} is there twice");
        value
    }

    fn decoded(&self) -> String {
        self.0.iter().flat_map(|(name, value)| [name, "\n", value, "\n"]).collect()
    }

    fn is_where_it_belongs(&self, callback: &Url, expected: &Expected) {
        let registered = expected.redirect_uri.url();
        assert_eq!((callback.scheme(), callback.path()), (registered.scheme(), registered.path()));
        assert_eq!(callback.host_str(), registered.host_str());
        assert_eq!(callback.port_or_known_default(), registered.port_or_known_default());
        assert!(callback.username().is_empty() && callback.password().is_none());
        for foreign in ["response", "id_token", "access_token"] {
            assert_eq!(self.only(foreign), None);
        }
        let issuer = self.only("iss");
        if let Some(bound) = &expected.issuer {
            assert!(issuer == Some(bound) || (issuer.is_none() && !expected.issuer_advertised), "{issuer:?}");
        }
    }

    fn carries(&self, granted: &Granted) {
        assert_eq!(self.only("code"), Some(granted.code.expose()));
        assert_eq!(self.only("error"), None);
        let code = granted.code.expose();
        assert!((1..=8_192).contains(&code.len()) && code.bytes().all(|byte| (0x20..=0x7e).contains(&byte)));
    }

    fn has_the_state(&self, check: StateCheck, expected: &Expected, with_code: bool) {
        let right = match (&expected.state, self.only("state")) {
            (Some(sent), Some(received)) => {
                assert!(sent.matches(received));
                StateCheck::Matched
            }
            (Some(_), None) => {
                assert!(expected.state_rule != StateRule::Always);
                assert!(!with_code || expected.state_rule == StateRule::Unknown);
                StateCheck::NotReturned
            }
            (None, Some(_)) => StateCheck::Unasked,
            (None, None) => StateCheck::NotSent,
        };
        assert_eq!(check, right);
    }
}

fn one_code_more_is_refused(callback: &Url, expected: &Expected) {
    let mut longer = callback.clone();
    let with_another = |answer: Option<&str>| format!("{}&code=another", answer.unwrap_or_default());
    match expected.response_mode {
        ResponseMode::Fragment => longer.set_fragment(Some(&with_another(callback.fragment()))),
        _ => longer.set_query(Some(&with_another(callback.query()))),
    }
    let judged = AuthorizationResponse::read(&longer, expected);
    assert!(matches!(judged, AuthorizationResponse::Rejected(Defect::Twice(_))), "{judged:?}");
}
