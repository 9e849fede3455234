//! What to think of a callback that anybody on this computer could have sent.

use std::sync::Arc;

use gatewright_protocol::authorization::{AuthorizationResponse, Expected, ResponseMode, StateCheck};
use url::{Url, form_urlencoded};

use crate::ports::{Judge, JudgeForm, Judgement};

/// The judge of one login, for the user agent.
pub(super) fn judge_for(expected: &Arc<Expected>) -> Judge {
    let expected = Arc::clone(expected);
    Arc::new(move |callback| judge(callback, &expected))
}

/// The judge of the forms of one login; none where no form was asked for.
pub(super) fn form_judge_for(expected: &Arc<Expected>) -> Option<JudgeForm> {
    let expected = Arc::clone(expected);
    (expected.response_mode == ResponseMode::FormPost).then(|| -> JudgeForm {
        Arc::new(move |callback, form| {
            let holds_ours = holds_our_state(form_urlencoded::parse(&form.body), &expected);
            judgement(&AuthorizationResponse::read_form(callback, &form.as_form(), &expected), holds_ours)
        })
    })
}

fn judge(callback: &Url, expected: &Expected) -> Judgement {
    let is_ours = expected.redirect_uri.caught_by(callback) && holds_our_state(callback.query_pairs(), expected);
    judgement(&AuthorizationResponse::read(callback, expected), is_ours)
}

/// A callback belongs to this login when it holds this login's state. Where the provider returns none, nothing better can be had than
/// the word of the callback itself.
fn judgement(response: &AuthorizationResponse, holds_our_state: bool) -> Judgement {
    match response {
        AuthorizationResponse::Refused(_, StateCheck::NotReturned) | AuthorizationResponse::Bare => Judgement::Doubtful,
        AuthorizationResponse::Code(_) | AuthorizationResponse::Refused(..) => Judgement::Accept,
        // With the right state the provider itself sent something wrong, and that is worth reporting.
        AuthorizationResponse::Rejected(_) if holds_our_state => Judgement::Accept,
        AuthorizationResponse::Rejected(_) => Judgement::Ignore,
    }
}

fn holds_our_state(mut parameters: form_urlencoded::Parse<'_>, expected: &Expected) -> bool {
    let Some(state) = &expected.state else { return false };
    parameters.any(|(name, value)| name == "state" && state.matches(&value))
}

#[cfg(test)]
mod tests {
    use gatewright_protocol::RedirectUri;
    use gatewright_protocol::authorization::StateRule;
    use gatewright_protocol::state::State;

    use super::*;

    fn judged(query: &str, state_rule: StateRule) -> Judgement {
        let state = State::from_random([7; 32]);
        let query = query.replace("{state}", &state.value().expose());
        let redirect_uri = RedirectUri::parse("http://127.0.0.1:8914/callback").unwrap();
        let callback = Url::parse(&format!("{redirect_uri}{query}")).unwrap();
        let expected = Expected {
            redirect_uri,
            response_mode: ResponseMode::Query,
            state: Some(state),
            state_rule,
            spent_states: Vec::new(),
            issuer: None,
            issuer_advertised: false,
        };
        judge(&callback, &expected)
    }

    #[test]
    fn only_a_callback_with_our_state_ends_a_login() {
        assert_eq!(judged("?code=a&state={state}", StateRule::Always), Judgement::Accept);
        assert_eq!(judged("?error=access_denied&state={state}", StateRule::WithCode), Judgement::Accept);
        assert_eq!(judged("?code=a&state=other", StateRule::Always), Judgement::Ignore);
        assert_eq!(judged("?code=a&state=other", StateRule::Unknown), Judgement::Ignore);
        assert_eq!(judged("?code=a", StateRule::WithCode), Judgement::Ignore);
    }

    #[test]
    fn a_broken_callback_with_our_state_is_reported_and_without_it_ignored() {
        assert_eq!(judged("?code=a&code=b&state={state}", StateRule::Always), Judgement::Accept);
        assert_eq!(judged("?code=a&code=b", StateRule::Always), Judgement::Ignore);
    }

    #[test]
    fn a_callback_that_could_be_a_cancel_or_a_stranger_is_doubtful() {
        assert_eq!(judged("", StateRule::WithCode), Judgement::Doubtful);
        assert_eq!(judged("?error=access_denied", StateRule::WithCode), Judgement::Doubtful);
    }
}
