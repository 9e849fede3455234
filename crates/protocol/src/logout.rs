//! Logging out at the provider: the request that the client sends the browser to (OpenID Connect RP-Initiated Logout 1.0), the way
//! back, and the notice that a provider sends by itself (Back-Channel Logout 1.0).

mod callback;
mod token;

use std::borrow::Cow;

use url::Url;

pub use callback::{LogoutCallback, LogoutDoubt};
pub use token::{LogoutToken, LogoutTokenJudgement, LogoutTokenRules};

use crate::http::{Reference, Value};
use crate::query;
use crate::redirect_uri::RedirectUri;
use crate::state::State;
use crate::{ClientId, Secret};

/// A logout request (RP-Initiated Logout §2): the address a browser is sent to.
#[derive(Clone, Debug)]
pub struct LogoutRequest {
    endpoint: Url,
    parameters: Vec<query::Parameter>,
}

impl LogoutRequest {
    /// A request at the end session endpoint. Parameters are sent in the order in which they are added.
    pub const fn new(endpoint: Url) -> Self {
        Self { endpoint, parameters: Vec::new() }
    }

    /// Adds `id_token_hint`: whose session shall end. It makes the address a secret, which browsers keep in their history; most servers
    /// ask the person without it. `reference` is what a transcript shows.
    #[must_use]
    pub fn id_token_hint(self, id_token: &Secret, reference: Reference) -> Self {
        self.with("id_token_hint", Value::Secret(id_token.clone(), reference))
    }

    /// Adds `client_id`, by which a server finds the client when there is no ID token or when it is encrypted.
    #[must_use]
    pub fn client_id(self, id: &ClientId) -> Self {
        self.with("client_id", Value::ClientId(id.clone()))
    }

    /// Adds `post_logout_redirect_uri`, character by character as it is registered.
    #[must_use]
    pub fn post_logout_redirect_uri(self, uri: &RedirectUri) -> Self {
        self.with("post_logout_redirect_uri", Value::from(uri.as_str()))
    }

    /// Adds `state`, which comes back with the callback.
    #[must_use]
    pub fn state(self, state: &State) -> Self {
        self.with("state", state.value())
    }

    /// The endpoint without our parameters.
    pub fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    /// The parameters in the order they are sent, secrets marked by type: what a record is made of.
    pub fn parameters(&self) -> &[(Cow<'static, str>, Value)] {
        &self.parameters
    }

    /// The address for the browser. It may hold an ID token: never logged, never recorded.
    pub fn url(&self) -> Url {
        query::address(&self.endpoint, &self.parameters)
    }

    fn with(mut self, name: &'static str, value: Value) -> Self {
        self.parameters.push((name.into(), value));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logout_request_names_the_session_the_client_and_the_way_back() {
        let state = State::from_random([7; 32]);
        let request = LogoutRequest::new(Url::parse("https://id.example/logout?tenant=7").unwrap())
            .id_token_hint(&Secret::new("eyJ.canary.x"), Reference::numbered("id_token", 1))
            .client_id(&ClientId::Text("app".into()))
            .post_logout_redirect_uri(&RedirectUri::parse("http://127.0.0.1:8914/bye").unwrap())
            .state(&state);
        let expected = format!(
            "https://id.example/logout?tenant=7&id_token_hint=eyJ.canary.x&client_id=app\
             &post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A8914%2Fbye&state={}",
            state.value().expose()
        );
        assert_eq!(request.url().as_str(), expected);
        assert!(!format!("{request:?}").contains("canary"));
    }
}
