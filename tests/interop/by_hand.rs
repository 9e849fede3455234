//! A code login put together from the pure functions of `protocol`, so that any one part of it can be wrong.

use std::sync::Arc;

use gatewright_protocol::answer::{ErrorStyle, Refusal};
use gatewright_protocol::authorization::AuthorizationRequest;
use gatewright_protocol::http::{BodyEncoding, HttpRequest, HttpResponse, Method, Reference, Value};
use gatewright_protocol::pkce::CodeVerifier;
use gatewright_protocol::state::State;
use gatewright_protocol::token::{IssuedTokens, SuccessRule, TokenRequest, TokenResponse, TokenRules};
use gatewright_protocol::{ClientId, ClientIdKind, RedirectUri, Secret};
use url::Url;

use crate::person::{Decision, Person, Way};
use crate::stage::{REDIRECT_URI, Stage};

/// A client at a peer, and a person who approves.
pub(crate) struct ByHand<'stage> {
    pub(crate) stage: &'stage Stage,
    pub(crate) id: ClientId,
    pub(crate) secret: Option<Secret>,
    pub(crate) redirect_uri: RedirectUri,
    pub(crate) verifier: CodeVerifier,
    person: Arc<Person>,
}

impl<'stage> ByHand<'stage> {
    /// A client by the name the peer has for it.
    pub(crate) fn client(stage: &'stage Stage, name: &str) -> Self {
        let client = stage.peer.client(name);
        Self {
            stage,
            id: ClientId::parse(&client.id, ClientIdKind::Text).unwrap(),
            secret: client.secret.as_deref().map(Secret::new),
            redirect_uri: RedirectUri::parse(REDIRECT_URI).unwrap(),
            verifier: verifier(1),
            person: stage.person(Decision::Approve),
        }
    }

    /// An authorization request without a challenge.
    pub(crate) fn request(&self, scopes: &[&str]) -> AuthorizationRequest {
        let scopes: Vec<String> = scopes.iter().copied().map(str::to_owned).collect();
        AuthorizationRequest::new(self.stage.authorization(), &self.id)
            .response_type_code()
            .redirect_uri(&self.redirect_uri)
            .scope(&scopes)
            .state(&State::from_random([5; 32]))
    }

    /// Lets the person walk from an address to the callback.
    pub(crate) async fn visit(&self, address: &Url) -> Url {
        match self.person.walk(address, &self.redirect_uri).await {
            Way::Arrived(callback) => callback,
            Way::Stuck(page) => panic!("stuck at {page:?}"),
        }
    }

    /// The code of a whole, well-behaved authorization.
    pub(crate) async fn code(&self, scopes: &[&str]) -> Secret {
        let address = self.request(scopes).challenge(&self.verifier.challenge()).url();
        Secret::new(parameter(&self.visit(&address).await, "code").expect("no code came back"))
    }

    /// A token request for a code, by a client that proves itself as it is registered.
    pub(crate) fn token_request(&self, code: &Secret) -> TokenRequest {
        let request = TokenRequest::new(BodyEncoding::Form).accept("application/json").grant_type_authorization_code();
        let request = match &self.secret {
            Some(secret) => request.basic_authentication(&self.id, secret, Reference::client_secret(1)),
            None => request.client_id(&self.id),
        };
        request.code(code).redirect_uri(&self.redirect_uri)
    }

    /// Exchanges a code as it should be done.
    pub(crate) async fn exchange(&self, code: &Secret) -> TokenResponse {
        self.ask(self.token_request(code).code_verifier(&self.verifier)).await
    }

    /// Sends a token request and judges the answer.
    pub(crate) async fn ask(&self, request: TokenRequest) -> TokenResponse {
        let rules = TokenRules { success: SuccessRule::AccessToken, errors: ErrorStyle::Code };
        TokenResponse::read(&self.stage.send(&request.into_http(&self.stage.token())).await, &rules)
    }

    /// Asks who an access token is for.
    pub(crate) async fn userinfo(&self, access_token: &Secret) -> HttpResponse {
        let bearer = Value::Scheme("Bearer", access_token.clone(), Reference::numbered("token", 1));
        let headers = vec![("authorization".to_owned(), bearer)];
        let request = HttpRequest { method: Method::Get, url: self.stage.userinfo(), headers, body: None };
        self.stage.send(&request).await
    }
}

/// A code verifier; another number is another verifier.
pub(crate) fn verifier(number: u8) -> CodeVerifier {
    CodeVerifier::from_random([number; 32])
}

/// A parameter of a callback.
pub(crate) fn parameter(callback: &Url, name: &str) -> Option<String> {
    callback.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The tokens of an answer that has some.
#[track_caller]
pub(crate) fn issued(response: TokenResponse) -> IssuedTokens {
    match response {
        TokenResponse::Issued(tokens) => tokens,
        other => panic!("no tokens but {other:?}"),
    }
}

/// Status and error code of an answer that says no.
#[track_caller]
pub(crate) fn refused(response: TokenResponse) -> (u16, String) {
    match response {
        TokenResponse::Refused(Refusal { status, error, .. }) => (status, error.error.unwrap_or_default()),
        other => panic!("not refused but {other:?}"),
    }
}
