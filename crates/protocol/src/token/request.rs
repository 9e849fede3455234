//! Building a token request.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use crate::http::{Body, BodyEncoding, HttpRequest, Method, Reference, Value};
use crate::pkce::CodeVerifier;
use crate::redirect_uri::RedirectUri;
use crate::{ClientId, Secret};

/// A token request (RFC 6749 §4.1.3), part by part: providers differ in which parts they want. Fields are sent in the order in which
/// they are added.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    encoding: BodyEncoding,
    headers: Vec<(String, Value)>,
    fields: Vec<(String, Value)>,
}

impl TokenRequest {
    /// An empty request whose body will be written in this encoding.
    pub const fn new(encoding: BodyEncoding) -> Self {
        Self { encoding, headers: Vec::new(), fields: Vec::new() }
    }

    /// Adds `grant_type=authorization_code`.
    #[must_use]
    pub fn grant_type_authorization_code(self) -> Self {
        self.field("grant_type", Value::from("authorization_code"))
    }

    /// Adds `client_id`: with a secret in the body, or alone for a public client (RFC 6749 §3.2.1).
    #[must_use]
    pub fn client_id(self, id: &ClientId) -> Self {
        self.field("client_id", Value::ClientId(id.clone()))
    }

    /// Adds `client_secret` to the body (RFC 6749 §2.3.1, second form); a transcript shows `reference`.
    #[must_use]
    pub fn client_secret(self, secret: &Secret, reference: Reference) -> Self {
        self.field("client_secret", Value::Secret(secret.clone(), reference))
    }

    /// Authenticates the client with HTTP Basic; id and secret are form-encoded first, which many clients forget (RFC 6749 §2.3.1).
    #[must_use]
    pub fn basic_authentication(mut self, id: &ClientId, secret: &Secret, reference: Reference) -> Self {
        let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = Secret::new(format!("{}:{}", encode(&id.to_string()), encode(secret.expose())));
        let credentials = Secret::new(STANDARD.encode(pair.expose()));
        self.headers.push(("authorization".to_owned(), Value::Scheme("Basic", credentials, reference)));
        self
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
    pub fn accept(mut self, media_type: &str) -> Self {
        self.headers.push(("accept".to_owned(), Value::from(media_type)));
        self
    }

    /// The request as it goes to the token endpoint.
    pub fn into_http(self, endpoint: &Url) -> HttpRequest {
        HttpRequest {
            method: Method::Post,
            url: endpoint.clone(),
            headers: self.headers,
            body: Some(Body { encoding: self.encoding, fields: self.fields }),
        }
    }

    fn field(mut self, name: &str, value: Value) -> Self {
        self.fields.push((name.to_owned(), value));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_authentication_form_encodes_id_and_secret_first() {
        let id = ClientId::Text("my app".into());
        let request = TokenRequest::new(BodyEncoding::Form)
            .basic_authentication(&id, &Secret::new("p:ss w+rd"), Reference::client_secret(1))
            .into_http(&Url::parse("https://id.example/token").unwrap());
        let header = request.headers[0].1.expose();
        let decoded = STANDARD.decode(header.strip_prefix("Basic ").unwrap()).unwrap();
        assert_eq!(decoded, b"my+app:p%3Ass+w%2Brd");
    }

    #[test]
    fn a_debug_print_of_a_token_request_shows_no_secret() {
        let request = TokenRequest::new(BodyEncoding::Json)
            .client_secret(&Secret::new("canary-secret"), Reference::client_secret(1))
            .code(&Secret::new("canary-code"))
            .code_verifier(&CodeVerifier::from_random([1; 32]));
        let shown = format!("{request:?}");
        assert!(!shown.contains("canary") && !shown.contains("AQEB"), "{shown}");
    }
}
