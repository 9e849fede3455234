//! The authorization request (RFC 6749 §4.1.1) and its response (§4.1.2).

mod response;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

pub use response::{AuthorizationResponse, Defect, ErrorResponse, Expected, Granted, StateCheck, StateRule};

use crate::ClientId;
use crate::http::Value;
use crate::pkce::{CHALLENGE_METHOD, CodeChallenge};
use crate::redirect_uri::RedirectUri;
use crate::state::State;

/// Everything but RFC 3986's unreserved characters is percent-encoded. A space becomes `%20`, which a server reads rightly whether
/// or not it takes `+` for a space.
const QUERY_VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// An authorization request (RFC 6749 §4.1.1): the address a browser is sent to.
#[derive(Clone, Debug)]
pub struct AuthorizationRequest {
    endpoint: Url,
    parameters: Vec<(&'static str, Value)>,
}

impl AuthorizationRequest {
    /// A request at `endpoint` by the client. Parameters are sent in the order in which they are added.
    pub fn new(endpoint: Url, client_id: &ClientId) -> Self {
        Self { endpoint, parameters: vec![("client_id", Value::ClientId(client_id.clone()))] }
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

    /// The endpoint without our parameters.
    pub fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    /// The parameters in the order they are sent, secrets marked by type: what a record is made of.
    pub fn parameters(&self) -> &[(&'static str, Value)] {
        &self.parameters
    }

    /// The address for the browser. It holds the state: never logged, never recorded.
    pub fn url(&self) -> Url {
        // A query of the endpoint itself stays (RFC 6749 §3.1).
        let mut query = self.endpoint.query().unwrap_or_default().to_owned();
        for (name, value) in &self.parameters {
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(name);
            query.push('=');
            query.extend(utf8_percent_encode(&value.expose(), QUERY_VALUE));
        }
        let mut url = self.endpoint.clone();
        url.set_query(Some(&query));
        url
    }

    fn with(mut self, name: &'static str, value: Value) -> Self {
        self.parameters.push((name, value));
        self
    }
}

#[cfg(test)]
mod tests;
