//! The way back from a logout.

use url::Url;

use crate::query;
use crate::redirect_uri::RedirectUri;
use crate::state::State;

/// A callback to the post-logout redirect URI, judged (RP-Initiated Logout §3). In every case the session is over on our side: a logout
/// must not depend on who writes this address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoutCallback {
    /// It brings our state: the provider went through with this logout.
    Confirmed,
    /// It may come from anybody; it says nothing about the session at the provider.
    Unverified(LogoutDoubt),
    /// It arrived somewhere else and is no callback.
    Elsewhere,
}

/// Why a logout callback confirms nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoutDoubt {
    /// No `state`, although one was sent.
    #[error("the state did not come back")]
    StateMissing,
    /// Another `state`.
    #[error("another state came back")]
    StateMismatch,
    /// More than one `state`.
    #[error("the state came back more than once")]
    StateTwice,
}

impl LogoutDoubt {
    /// The stable name of this finding.
    pub const fn code(self) -> &'static str {
        match self {
            Self::StateMissing => "logout_state_missing",
            Self::StateMismatch => "logout_state_mismatch",
            Self::StateTwice => "logout_state_twice",
        }
    }
}

impl LogoutCallback {
    /// Judges a callback. `state` is the one that was sent with this logout.
    pub fn read(callback: &Url, redirect_uri: &RedirectUri, state: &State) -> Self {
        if !redirect_uri.caught_by(callback) {
            return Self::Elsewhere;
        }
        let parameters = query::parameters(callback.query().unwrap_or_default());
        let states: Vec<_> = parameters.iter().filter(|received| received.name == "state").collect();
        match states[..] {
            [only] if state.matches(&only.value) => Self::Confirmed,
            [] => Self::Unverified(LogoutDoubt::StateMissing),
            [_] => Self::Unverified(LogoutDoubt::StateMismatch),
            _ => Self::Unverified(LogoutDoubt::StateTwice),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn state() -> State {
        State::from_random([7; 32])
    }

    fn judged(address: &str) -> LogoutCallback {
        let callback = Url::parse(&address.replace("{state}", &state().value().expose())).unwrap();
        let redirect_uri = RedirectUri::parse("https://app.example/bye").unwrap();
        LogoutCallback::read(&callback, &redirect_uri, &state())
    }

    #[test]
    fn only_our_own_state_confirms_a_logout() {
        assert_eq!(judged("https://app.example/bye?state={state}"), LogoutCallback::Confirmed);
        for (query, doubt) in [
            ("", LogoutDoubt::StateMissing),
            ("?state=other", LogoutDoubt::StateMismatch),
            ("?state={state}&state={state}", LogoutDoubt::StateTwice),
        ] {
            assert_eq!(judged(&format!("https://app.example/bye{query}")), LogoutCallback::Unverified(doubt));
        }
        assert_eq!(judged("https://app.example/hello?state={state}"), LogoutCallback::Elsewhere);
    }

    proptest! {
        #[test]
        fn no_query_without_our_state_confirms_a_logout(query in "\\PC{0,80}") {
            prop_assert_ne!(judged(&format!("https://app.example/bye?{query}")), LogoutCallback::Confirmed);
        }
    }
}
