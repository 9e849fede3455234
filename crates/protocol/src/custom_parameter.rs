//! Parameters that a person adds to a request: what a provider wants beyond the RFCs, or what a tester wants to try.

/// The request that custom parameters are added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// The authorization request (RFC 6749 §4.1.1).
    Authorization,
    /// The token request (RFC 6749 §4.1.3).
    Token,
    /// The refresh request (RFC 6749 §6).
    Refresh,
}

/// Why a custom parameter is not sent. The name tells which one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CustomParameterError {
    /// The name is empty.
    #[error("a custom parameter has no name")]
    NameEmpty,
    /// RFC 6749 §8.2 allows letters, digits, `-`, `.` and `_`. Anything else could break out of the body it is written into.
    #[error("the custom parameter {0:?} has a character in its name that RFC 6749 §8.2 does not allow")]
    NameMalformed(String),
    /// Gatewright sends this parameter itself; a second one would make the request ambiguous.
    #[error("Gatewright sends {0} itself, so it cannot be a custom parameter")]
    SentByGatewright(String),
    /// Given twice, which RFC 6749 §3.1 forbids.
    #[error("the custom parameter {0} is given twice")]
    Twice(String),
}

impl CustomParameterError {
    /// The name of the parameter that is wrong; empty when that is what is wrong.
    pub fn name(&self) -> &str {
        match self {
            Self::NameEmpty => "",
            Self::NameMalformed(name) | Self::SentByGatewright(name) | Self::Twice(name) => name,
        }
    }
}

/// What [`crate::authorization::AuthorizationRequest`] can send.
const IN_AUTHORIZATION: [&str; 13] = [
    "acr_values",
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "login_hint",
    "max_age",
    "nonce",
    "prompt",
    "redirect_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
];

/// How a client authenticates, in every request that has a body.
const AUTHENTICATION: [&str; 4] = ["client_assertion", "client_assertion_type", "client_id", "client_secret"];

/// What [`crate::token::TokenRequest`] can send besides.
const IN_TOKEN_REQUEST: [&str; 4] = ["code", "code_verifier", "grant_type", "redirect_uri"];

/// What [`crate::token::RefreshRequest`] can send besides.
const IN_REFRESH: [&str; 3] = ["grant_type", "refresh_token", "scope"];

/// May be there more than once (RFC 8707 §2, RFC 8693 §2.1).
const REPEATABLE: [&str; 2] = ["audience", "resource"];

/// Checks parameters before they are kept or sent.
///
/// # Errors
/// The first parameter that is wrong; see [`CustomParameterError`].
pub fn check(request: RequestKind, parameters: &[(String, String)]) -> Result<(), CustomParameterError> {
    parameters.iter().enumerate().try_for_each(|(place, (name, _))| {
        check_name(request, name)?;
        let seen = parameters[..place].iter().any(|(earlier, _)| earlier == name);
        if seen && !REPEATABLE.contains(&name.as_str()) {
            return Err(CustomParameterError::Twice(name.clone()));
        }
        Ok(())
    })
}

fn check_name(request: RequestKind, name: &str) -> Result<(), CustomParameterError> {
    if name.is_empty() {
        return Err(CustomParameterError::NameEmpty);
    }
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)) {
        return Err(CustomParameterError::NameMalformed(name.to_owned()));
    }
    let ours = match request {
        RequestKind::Authorization => IN_AUTHORIZATION.contains(&name),
        RequestKind::Token => AUTHENTICATION.contains(&name) || IN_TOKEN_REQUEST.contains(&name),
        RequestKind::Refresh => AUTHENTICATION.contains(&name) || IN_REFRESH.contains(&name),
    };
    if ours { Err(CustomParameterError::SentByGatewright(name.to_owned())) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(request: RequestKind, names: &[&str]) -> Result<(), CustomParameterError> {
        let parameters: Vec<_> = names.iter().map(|name| ((*name).to_owned(), "value".to_owned())).collect();
        check(request, &parameters)
    }

    #[test]
    fn a_parameter_that_gatewright_sends_itself_is_refused_by_name() {
        for (request, name) in [
            (RequestKind::Authorization, "state"),
            (RequestKind::Authorization, "code_challenge"),
            (RequestKind::Token, "code_verifier"),
            (RequestKind::Token, "client_secret"),
            (RequestKind::Refresh, "refresh_token"),
            (RequestKind::Refresh, "client_assertion"),
        ] {
            let error = checked(request, &["audience", name]).unwrap_err();
            assert_eq!(error, CustomParameterError::SentByGatewright(name.into()));
            assert_eq!(error.name(), name);
        }
        assert_eq!(checked(RequestKind::Authorization, &["kc_idp_hint", "ui_locales", "request"]), Ok(()));
        assert_eq!(checked(RequestKind::Token, &["scope"]), Ok(()));
    }

    #[test]
    fn a_name_that_could_break_out_of_a_body_is_refused() {
        assert_eq!(checked(RequestKind::Token, &[""]), Err(CustomParameterError::NameEmpty));
        for name in ["a\"\r\nb", "a&b", "a=b", "ä", "a b"] {
            assert_eq!(checked(RequestKind::Token, &[name]), Err(CustomParameterError::NameMalformed(name.into())));
        }
    }

    #[test]
    fn only_resource_and_audience_may_be_given_twice() {
        let twice = CustomParameterError::Twice("tenant".into());
        assert_eq!(checked(RequestKind::Refresh, &["tenant", "x", "tenant"]), Err(twice));
        assert_eq!(checked(RequestKind::Refresh, &["resource", "audience", "resource", "audience"]), Ok(()));
    }
}
