//! Logins and what follows them, put together from the pure functions of `protocol`, so that any one part can be wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use gatewright_engine::ports::Clock as _;
use gatewright_engine::system::SystemClock;
use gatewright_protocol::answer::ErrorStyle;
use gatewright_protocol::authorization::{
    AuthorizationRequest, AuthorizationResponse, Expected, PostedForm, Prompt, ResponseMode, StateRule,
};
use gatewright_protocol::client_authentication::{ClientAssertion, ClientAuthentication, JTI_BYTES};
use gatewright_protocol::http::{BodyEncoding, HttpResponse, Reference};
use gatewright_protocol::id_token::{IdTokenJudgement, IdTokenRules, NonceRule};
use gatewright_protocol::introspection::{self, IntrospectionResponse};
use gatewright_protocol::jose::{AlgorithmPolicy, SigningAlgorithm, SigningKey, VerificationKeys};
use gatewright_protocol::logout::{LogoutCallback, LogoutRequest};
use gatewright_protocol::metadata::Endpoint;
use gatewright_protocol::nonce::Nonce;
use gatewright_protocol::pkce::CodeVerifier;
use gatewright_protocol::revocation::{self, RevocationMethod, RevocationResponse};
use gatewright_protocol::state::State;
use gatewright_protocol::token::{
    Before, IssuedTokens, RefreshRequest, RefreshResponse, SuccessRule, TokenRequest, TokenResponse, TokenRules,
};
use gatewright_protocol::userinfo::{self, TokenPlacement};
use gatewright_protocol::{ClientId, ClientIdKind, RedirectUri, Secret};
use url::Url;

use crate::answers::{granted, issued, known};
use crate::discovered::Discovered;
use crate::person::{Decision, FORM, Page, Person, Way};
use crate::stage::{POST_LOGOUT_REDIRECT_URI, REDIRECT_URI, Stage};

/// How the client proves itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    Nothing,
    Basic,
    Body,
    /// `client_secret_jwt`.
    SecretAssertion,
    /// `private_key_jwt`.
    KeyAssertion,
}

/// A client at a peer, and a person with a browser.
pub(crate) struct ByHand<'stage> {
    pub(crate) stage: &'stage Stage,
    pub(crate) discovered: Discovered,
    pub(crate) id: ClientId,
    pub(crate) secret: Option<Secret>,
    pub(crate) proof: Proof,
    pub(crate) redirect_uri: RedirectUri,
    pub(crate) response_mode: ResponseMode,
    pub(crate) verifier: CodeVerifier,
    pub(crate) person: Arc<Person>,
}

impl<'stage> ByHand<'stage> {
    /// A client by the name the peer has for it; one with a secret proves itself by HTTP Basic, and the person approves.
    pub(crate) async fn client(stage: &'stage Stage, name: &str) -> Self {
        let client = stage.peer.client(name);
        let secret = client.secret.as_deref().map(Secret::new);
        Self {
            stage,
            discovered: Discovered::of(stage).await,
            id: ClientId::parse(&client.id, ClientIdKind::Text).unwrap(),
            proof: if secret.is_some() { Proof::Basic } else { Proof::Nothing },
            secret,
            redirect_uri: RedirectUri::parse(REDIRECT_URI).unwrap(),
            response_mode: ResponseMode::Query,
            verifier: verifier(1),
            person: stage.person(Decision::Approve),
        }
    }

    /// The same client with another proof.
    pub(crate) const fn proving_by(mut self, proof: Proof) -> Self {
        self.proof = proof;
        self
    }

    fn at(&self, endpoint: Endpoint) -> Url {
        self.discovered.endpoint(endpoint)
    }

    /// The proof of one request: an assertion is good for one only.
    pub(crate) fn authentication(&self) -> ClientAuthentication {
        let (id, reference) = (self.id.clone(), Reference::client_secret(1));
        let secret = || self.secret.clone().expect("this client has no secret");
        match self.proof {
            Proof::Nothing => ClientAuthentication::none(id),
            Proof::Basic => ClientAuthentication::basic(id, secret(), reference),
            Proof::Body => ClientAuthentication::body(id, secret(), reference),
            Proof::SecretAssertion => self.assertion(SigningAlgorithm::Hs256, &SigningKey::secret(secret())),
            Proof::KeyAssertion => {
                let key = Secret::new(self.stage.peer.assertion_key().unwrap());
                self.assertion(SigningAlgorithm::Es256, &SigningKey::parse(&key).unwrap())
            }
        }
    }

    fn assertion(&self, algorithm: SigningAlgorithm, key: &SigningKey) -> ClientAuthentication {
        static SIGNED: AtomicU8 = AtomicU8::new(0);
        let jti = [SIGNED.fetch_add(1, Ordering::Relaxed); JTI_BYTES];
        let audience = self.at(Endpoint::Token);
        let signed = ClientAssertion::sign(&self.id, audience.as_str(), jti, now(), algorithm, key).unwrap();
        ClientAuthentication::assertion(self.id.clone(), signed)
    }

    /// An authorization request without a challenge.
    pub(crate) fn request(&self, scopes: &[&str]) -> AuthorizationRequest {
        let request = AuthorizationRequest::new(self.at(Endpoint::Authorization), &self.id)
            .response_type_code()
            .redirect_uri(&self.redirect_uri)
            .scope(&owned(scopes))
            .state(&state())
            .nonce(&nonce());
        let request = match self.response_mode {
            ResponseMode::Query => request,
            asked => request.response_mode(asked),
        };
        // Without consent there is no offline access (OpenID Connect Core §11).
        if scopes.contains(&"offline_access") { request.prompt(&[Prompt::Consent]) } else { request }
    }

    /// An authorization request as it should be.
    pub(crate) fn challenged(&self, scopes: &[&str]) -> AuthorizationRequest {
        self.request(scopes).challenge(&self.verifier.challenge())
    }

    /// Lets the person walk from an address to the redirect URI, and judges what arrives there.
    pub(crate) async fn visit(&self, address: &Url) -> AuthorizationResponse {
        match self.person.walk(address, &self.redirect_uri).await {
            Way::Arrived(callback) => AuthorizationResponse::read(&callback, &self.expected()),
            Way::Posted(callback, body) => {
                let form = PostedForm { content_type: Some(FORM), body: body.as_bytes() };
                AuthorizationResponse::read_form(&callback, &form, &self.expected())
            }
            Way::Stuck(page) => panic!("stuck at {page:?}"),
        }
    }

    fn expected(&self) -> Expected {
        let metadata = &self.discovered.merged.metadata;
        Expected {
            redirect_uri: self.redirect_uri.clone(),
            response_mode: self.response_mode,
            state: Some(state()),
            state_rule: StateRule::Always,
            spent_states: Vec::new(),
            issuer: Some(metadata.issuer().to_owned()),
            issuer_advertised: metadata.returns_issuer(),
        }
    }

    /// The code of a whole, well-behaved authorization.
    pub(crate) async fn code(&self, scopes: &[&str]) -> Secret {
        granted(self.visit(&self.challenged(scopes).url()).await)
    }

    /// A token request for a code, without a verifier.
    pub(crate) fn token_request(&self, code: &Secret) -> TokenRequest {
        TokenRequest::new(BodyEncoding::Form)
            .accept("application/json")
            .grant_type_authorization_code()
            .authenticate(&self.authentication())
            .code(code)
            .redirect_uri(&self.redirect_uri)
    }

    /// Sends a token request and judges the answer.
    pub(crate) async fn ask(&self, request: TokenRequest) -> TokenResponse {
        let request = request.into_http(&self.at(Endpoint::Token));
        TokenResponse::read(&self.stage.send(&request).await, &RULES)
    }

    /// Exchanges a code as it should be done.
    pub(crate) async fn exchange(&self, code: &Secret) -> TokenResponse {
        self.ask(self.token_request(code).code_verifier(&self.verifier)).await
    }

    /// The tokens of a whole, well-behaved login.
    pub(crate) async fn log_in(&self, scopes: &[&str]) -> IssuedTokens {
        issued(self.exchange(&self.code(scopes).await).await)
    }

    /// Refreshes; `scopes` are those of the grant.
    pub(crate) async fn refresh(&self, token: &Secret, scopes: &[&str]) -> RefreshResponse {
        self.ask_for_refresh(self.refresh_request(token), token, scopes).await
    }

    /// A refresh request that keeps all scopes.
    pub(crate) fn refresh_request(&self, token: &Secret) -> RefreshRequest {
        let reference = Reference::numbered("refresh", 1);
        RefreshRequest::new(BodyEncoding::Form, &self.authentication(), token, reference)
    }

    /// Sends a refresh request for a grant of these scopes and judges the answer.
    pub(crate) async fn ask_for_refresh(
        &self,
        request: RefreshRequest,
        token: &Secret,
        scopes: &[&str],
    ) -> RefreshResponse {
        let before = Before { refresh_token: token.clone(), scopes: owned(scopes), scope_separator: ' ' };
        let response = self.stage.send(&request.into_http(&self.at(Endpoint::Token))).await;
        RefreshResponse::read(&response, &RULES, &before)
    }

    /// Revokes a token.
    pub(crate) async fn revoke(&self, token: &Secret) -> RevocationResponse {
        let reference = Reference::numbered("token", 1);
        let request = revocation::post(&self.at(Endpoint::Revocation), &self.authentication(), token, reference, None);
        RevocationResponse::read(&self.stage.send(&request).await, RevocationMethod::Post)
    }

    /// Asks the server what it knows of a token.
    pub(crate) async fn introspect(&self, token: &Secret) -> (HttpResponse, IntrospectionResponse) {
        let reference = Reference::numbered("token", 1);
        let endpoint = self.at(Endpoint::Introspection);
        let request = introspection::request(&endpoint, &self.authentication(), token, reference, None);
        let response = self.stage.send(&request).await;
        (response.clone(), IntrospectionResponse::read(&response))
    }

    /// Whether the server says that a token is good.
    pub(crate) async fn is_active(&self, token: &Secret) -> bool {
        known(self.introspect(token).await.1).active
    }

    /// Asks who an access token is for.
    pub(crate) async fn userinfo(&self, token: &Secret, placement: TokenPlacement) -> HttpResponse {
        let reference = Reference::numbered("token", 1);
        self.stage.send(&userinfo::request(&self.at(Endpoint::UserInfo), token, reference, placement)).await
    }

    /// Whether the server takes an access token.
    pub(crate) async fn takes(&self, token: &Secret) -> bool {
        self.userinfo(token, TokenPlacement::Header).await.status == 200
    }

    /// Lets the person log out at the server; a page without a way on is the error.
    pub(crate) async fn log_out(&self, id_token: &Secret) -> Result<LogoutCallback, Page> {
        let redirect_uri = RedirectUri::parse(POST_LOGOUT_REDIRECT_URI).unwrap();
        let request = LogoutRequest::new(self.at(Endpoint::EndSession))
            .id_token_hint(id_token, Reference::numbered("id_token", 1))
            .client_id(&self.id)
            .post_logout_redirect_uri(&redirect_uri)
            .state(&state());
        match self.person.walk(&request.url(), &redirect_uri).await {
            Way::Arrived(callback) => Ok(LogoutCallback::read(&callback, &redirect_uri, &state())),
            Way::Posted(callback, _) => panic!("a logout was posted to {callback}"),
            Way::Stuck(page) => Err(page),
        }
    }

    /// Judges the ID token of a login whose nonce was sent, or of a refresh.
    pub(crate) fn judge(&self, tokens: &IssuedTokens, policy: AlgorithmPolicy, is_refresh: bool) -> IdTokenJudgement {
        let nonce = nonce();
        let nonce = if is_refresh { NonceRule::Refreshed } else { NonceRule::Sent(&nonce) };
        self.judge_by(tokens, policy, nonce, None)
    }

    /// Judges an ID token; `max_age` is what was sent.
    pub(crate) fn judge_by(
        &self,
        tokens: &IssuedTokens,
        algorithms: AlgorithmPolicy,
        nonce: NonceRule<'_>,
        max_age: Option<u64>,
    ) -> IdTokenJudgement {
        let client_id = self.id.to_string();
        let rules = IdTokenRules {
            issuer: self.stage.peer.issuer(),
            client_id: &client_id,
            trusted_audiences: &[],
            nonce,
            algorithms,
            max_age,
            essential_acr: &[],
            access_token: Some(&tokens.access_token),
            code: None,
            state: None,
        };
        IdTokenJudgement::of(tokens.id_token.as_ref().expect("no ID token"), &rules, &self.keys(), now())
    }

    /// What signatures are checked with.
    pub(crate) fn keys(&self) -> VerificationKeys<'_> {
        VerificationKeys { jwks: Some(&self.discovered.keys), client_secret: self.secret.as_ref() }
    }

    /// The algorithms the metadata list, for a client that is registered for none in particular.
    pub(crate) fn advertised(&self) -> AlgorithmPolicy {
        AlgorithmPolicy { registered: None, advertised: self.discovered.merged.metadata.id_token_algorithms() }
    }
}

const RULES: TokenRules = TokenRules { success: SuccessRule::AccessToken, errors: ErrorStyle::Code };

/// The moment in seconds since 1970.
pub(crate) fn now() -> i64 {
    SystemClock::default().now().as_second()
}

/// A code verifier; another number is another verifier.
pub(crate) fn verifier(number: u8) -> CodeVerifier {
    CodeVerifier::from_random([number; 32])
}

/// The state of every request by hand.
pub(crate) fn state() -> State {
    State::from_random([5; 32])
}

/// The nonce of every request by hand.
pub(crate) fn nonce() -> Nonce {
    Nonce::from_random([6; 32])
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().copied().map(str::to_owned).collect()
}
