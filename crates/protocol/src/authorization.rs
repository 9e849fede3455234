//! The authorization request (RFC 6749 §4.1.1) and its response (§4.1.2).

mod defect;
mod form_post;
mod response;

use std::borrow::Cow;

use url::Url;

pub use defect::Defect;
pub use form_post::{LONGEST_FORM, PostedForm};
pub use response::{AuthorizationResponse, ErrorResponse, Expected, Granted, StateCheck, StateRule};

use crate::ClientId;
use crate::custom_parameter::{self, CustomParameterError, RequestKind};
use crate::http::Value;
use crate::nonce::Nonce;
use crate::pkce::{CHALLENGE_METHOD, CodeChallenge};
use crate::query;
use crate::redirect_uri::RedirectUri;
use crate::state::State;

/// How the authorization server sends its answer (OAuth 2.0 Multiple Response Type Encoding Practices §2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of the redirect URI: what a code request gets unless it asks otherwise.
    #[default]
    Query,
    /// After the `#` of the redirect URI, where a server never sees it.
    Fragment,
    /// As a form that the browser posts to the redirect URI (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

impl ResponseMode {
    /// The mode's word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
        }
    }
}

/// What the server shall ask of the person (OpenID Connect Core §3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Nothing: whoever is not signed in gets an error. Stands alone.
    None,
    /// To sign in again.
    Login,
    /// To consent again.
    Consent,
    /// Which account to use.
    SelectAccount,
}

impl Prompt {
    /// The value's word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
        }
    }
}

/// An authorization request (RFC 6749 §4.1.1): the address a browser is sent to.
#[derive(Clone, Debug)]
pub struct AuthorizationRequest {
    endpoint: Url,
    parameters: Vec<query::Parameter>,
}

impl AuthorizationRequest {
    /// A request at `endpoint` by the client. Parameters are sent in the order in which they are added.
    pub fn new(endpoint: Url, client_id: &ClientId) -> Self {
        Self { endpoint, parameters: vec![("client_id".into(), Value::ClientId(client_id.clone()))] }
    }

    /// Adds `response_type=code`.
    #[must_use]
    pub fn response_type_code(self) -> Self {
        self.with("response_type", Value::from("code"))
    }

    /// Adds `redirect_uri`, character by character as it is registered.
    #[must_use]
    pub fn redirect_uri(self, uri: &RedirectUri) -> Self {
        self.with("redirect_uri", Value::from(uri.as_str()))
    }

    /// Adds `scope`, the names separated by a space (RFC 6749 §3.3).
    #[must_use]
    pub fn scope(self, names: &[String]) -> Self {
        self.with("scope", Value::Plain(names.join(" ")))
    }

    /// Adds `state`.
    #[must_use]
    pub fn state(self, state: &State) -> Self {
        self.with("state", state.value())
    }

    /// Adds `code_challenge` and `code_challenge_method=S256` (RFC 7636 §4.3).
    #[must_use]
    pub fn challenge(self, challenge: &CodeChallenge) -> Self {
        self.with("code_challenge", challenge.value()).with("code_challenge_method", Value::from(CHALLENGE_METHOD))
    }

    /// Adds `nonce` (OpenID Connect Core §3.1.2.1).
    #[must_use]
    pub fn nonce(self, nonce: &Nonce) -> Self {
        self.with("nonce", nonce.value())
    }

    /// Adds `prompt`, the values separated by a space.
    #[must_use]
    pub fn prompt(self, values: &[Prompt]) -> Self {
        let words: Vec<_> = values.iter().map(|value| value.as_str()).collect();
        self.with("prompt", Value::Plain(words.join(" ")))
    }

    /// Adds `max_age`: seconds since the person last signed in, after which they have to do so again.
    #[must_use]
    pub fn max_age(self, seconds: u32) -> Self {
        self.with("max_age", Value::Plain(seconds.to_string()))
    }

    /// Adds `acr_values`, the wanted authentication context classes, best first.
    #[must_use]
    pub fn acr_values(self, values: &[String]) -> Self {
        self.with("acr_values", Value::Plain(values.join(" ")))
    }

    /// Adds `login_hint`: whom the server should expect.
    #[must_use]
    pub fn login_hint(self, hint: &str) -> Self {
        self.with("login_hint", Value::from(hint))
    }

    /// Adds `response_mode`.
    #[must_use]
    pub fn response_mode(self, mode: ResponseMode) -> Self {
        self.with("response_mode", Value::from(mode.as_str()))
    }

    /// Adds parameters of the person's own.
    ///
    /// # Errors
    /// The first parameter that is not allowed; nothing is added then.
    pub fn custom(mut self, parameters: &[(String, String)]) -> Result<Self, CustomParameterError> {
        custom_parameter::check(RequestKind::Authorization, parameters)?;
        let added = parameters.iter().map(|(name, value)| (Cow::Owned(name.clone()), Value::Plain(value.clone())));
        self.parameters.extend(added);
        Ok(self)
    }

    /// The endpoint without our parameters.
    pub fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    /// The parameters in the order they are sent, secrets marked by type: what a record is made of.
    pub fn parameters(&self) -> &[(Cow<'static, str>, Value)] {
        &self.parameters
    }

    /// The address for the browser. It holds the state: never logged, never recorded.
    pub fn url(&self) -> Url {
        query::address(&self.endpoint, &self.parameters)
    }

    fn with(mut self, name: &'static str, value: Value) -> Self {
        self.parameters.push((name.into(), value));
        self
    }
}

#[cfg(test)]
mod tests;
