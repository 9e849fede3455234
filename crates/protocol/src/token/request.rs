//! Building a token request.

use url::Url;

use crate::Secret;
use crate::client_authentication::ClientAuthentication;
use crate::custom_parameter::{CustomParameterError, RequestKind};
use crate::http::{BodyEncoding, HttpRequest, Reference, Value};
use crate::pkce::CodeVerifier;
use crate::post::Post;
use crate::redirect_uri::RedirectUri;

/// A token request (RFC 6749 §4.1.3), part by part: providers differ in which parts they want. Fields are sent in the order in which
/// they are added.
#[derive(Clone, Debug)]
pub struct TokenRequest(Post);

impl TokenRequest {
    /// An empty request whose body will be written in this encoding.
    pub const fn new(encoding: BodyEncoding) -> Self {
        Self(Post::new(encoding))
    }

    /// Adds `grant_type=authorization_code`.
    #[must_use]
    pub fn grant_type_authorization_code(self) -> Self {
        self.field("grant_type", Value::from("authorization_code"))
    }

    /// Adds the proof of who the client is.
    #[must_use]
    pub fn authenticate(self, client: &ClientAuthentication) -> Self {
        Self(self.0.authenticate(client))
    }

    /// Adds `code`; a transcript shows `code#1`.
    #[must_use]
    pub fn code(self, code: &Secret) -> Self {
        self.field("code", Value::Secret(code.clone(), Reference::numbered("code", 1)))
    }

    /// Adds `redirect_uri`, the same characters as in the authorization request.
    #[must_use]
    pub fn redirect_uri(self, uri: &RedirectUri) -> Self {
        self.field("redirect_uri", Value::from(uri.as_str()))
    }

    /// Adds `code_verifier` (RFC 7636 §4.5): only where a challenge was sent, for a good server refuses it otherwise.
    #[must_use]
    pub fn code_verifier(self, verifier: &CodeVerifier) -> Self {
        self.field("code_verifier", verifier.value())
    }

    /// Says which form of answer we want.
    #[must_use]
    pub fn accept(self, media_type: &str) -> Self {
        Self(self.0.header("accept", Value::from(media_type)))
    }

    /// Adds parameters of the person's own.
    ///
    /// # Errors
    /// The first parameter that is not allowed; see [`CustomParameterError`].
    pub fn custom(self, parameters: &[(String, String)]) -> Result<Self, CustomParameterError> {
        self.0.custom(RequestKind::Token, parameters).map(Self)
    }

    /// The request as it goes to the token endpoint.
    pub fn into_http(self, endpoint: &Url) -> HttpRequest {
        self.0.into_http(endpoint)
    }

    fn field(self, name: &str, value: Value) -> Self {
        Self(self.0.field(name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ClientId;

    #[test]
    fn fields_are_sent_in_the_order_in_which_they_are_added() {
        let client = ClientAuthentication::body(ClientId::Integer(7), Secret::new("s"), Reference::client_secret(1));
        let request = TokenRequest::new(BodyEncoding::Form)
            .grant_type_authorization_code()
            .authenticate(&client)
            .code(&Secret::new("c"))
            .custom(&[("audience".into(), "a b".into())])
            .unwrap()
            .into_http(&Url::parse("https://id.example/token").unwrap());
        let written = request.body.unwrap().write();
        let body = std::str::from_utf8(&written.bytes).unwrap();
        assert_eq!(body, "grant_type=authorization_code&client_id=7&client_secret=s&code=c&audience=a+b");
    }

    #[test]
    fn a_custom_parameter_cannot_take_the_place_of_the_verifier() {
        let refused = TokenRequest::new(BodyEncoding::Form).custom(&[("code_verifier".into(), "x".into())]);
        assert_eq!(refused.unwrap_err(), CustomParameterError::SentByGatewright("code_verifier".into()));
    }

    #[test]
    fn a_debug_print_of_a_token_request_shows_no_secret() {
        let request = TokenRequest::new(BodyEncoding::Json)
            .authenticate(&ClientAuthentication::body(
                ClientId::Integer(7),
                Secret::new("canary-secret"),
                Reference::client_secret(1),
            ))
            .code(&Secret::new("canary-code"))
            .code_verifier(&CodeVerifier::from_random([1; 32]));
        let shown = format!("{request:?}");
        assert!(!shown.contains("canary") && !shown.contains("AQEB"), "{shown}");
    }
}
