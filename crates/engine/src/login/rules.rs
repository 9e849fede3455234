//! From a provider's dialect to the rules by which `protocol` builds and judges.

use gatewright_model::Dialect;
use gatewright_model::dialect::{ClientAuthentication, ErrorShape, StateReturn, SuccessRule as DialectSuccess};
use gatewright_protocol::Secret;
use gatewright_protocol::answer::ErrorStyle;
use gatewright_protocol::authorization::{AuthorizationRequest, StateRule};
use gatewright_protocol::client_authentication::ClientAuthentication as ClientProof;
use gatewright_protocol::http::{HttpRequest, Method, Reference, Value};
use gatewright_protocol::identity::IdentityRules;
use gatewright_protocol::pkce::CodeVerifier;
use gatewright_protocol::state::State;
use gatewright_protocol::token::{SuccessRule, TokenRequest, TokenRules};
use url::Url;

use super::plan::{Addresses, LoginPlan};

/// The authorization request as the dialect wants it.
pub(super) fn authorization_request(
    plan: &LoginPlan,
    addresses: &Addresses,
    state: Option<&State>,
    verifier: Option<&CodeVerifier>,
) -> AuthorizationRequest {
    let dialect = &plan.provider.dialect.authorization;
    let mut request = AuthorizationRequest::new(addresses.authorization.clone(), &plan.client_id);
    if dialect.response_type.value.is_sent() {
        request = request.response_type_code();
    }
    if dialect.redirect_uri.value.is_sent() {
        request = request.redirect_uri(&plan.redirect_uri);
    }
    if !plan.scopes.is_empty() {
        request = request.scope(&plan.scopes);
    }
    if let Some(state) = state {
        request = request.state(state);
    }
    if let Some(verifier) = verifier {
        request = request.challenge(&verifier.challenge());
    }
    request
}

/// The token request as the dialect wants it.
pub(super) fn token_request(
    plan: &LoginPlan,
    addresses: &Addresses,
    code: &Secret,
    verifier: Option<&CodeVerifier>,
) -> HttpRequest {
    let dialect = &plan.provider.dialect.token_request;
    let mut request = TokenRequest::new(dialect.encoding.value).accept(accept(&plan.provider.dialect));
    if dialect.grant_type.value.is_sent() {
        request = request.grant_type_authorization_code();
    }
    request = request.authenticate(&client_authentication(plan)).code(code);
    if dialect.redirect_uri.value.is_sent() {
        request = request.redirect_uri(&plan.redirect_uri);
    }
    if let Some(verifier) = verifier {
        request = request.code_verifier(verifier);
    }
    request.into_http(&addresses.token)
}

/// How the client proves who it is.
fn client_authentication(plan: &LoginPlan) -> ClientProof {
    let id = plan.client_id.clone();
    match (plan.provider.dialect.token_request.client_authentication.value, &plan.client_secret) {
        (ClientAuthentication::Body, Some(secret)) => ClientProof::body(id, secret.value.clone(), secret.reference()),
        (ClientAuthentication::Basic, Some(secret)) => ClientProof::basic(id, secret.value.clone(), secret.reference()),
        // What an assertion is signed with is never sent.
        (
            ClientAuthentication::ClientSecretJwt | ClientAuthentication::PrivateKeyJwt | ClientAuthentication::None,
            _,
        )
        | (_, None) => ClientProof::none(id),
    }
}

/// The identity request: the access token as a bearer token in the header (RFC 6750 §2.1), never in the address.
pub(super) fn identity_request(url: &Url, access_token: &Secret, reference: Reference) -> HttpRequest {
    HttpRequest {
        method: Method::Get,
        url: url.clone(),
        headers: vec![
            ("accept".to_owned(), Value::from("application/json")),
            ("authorization".to_owned(), Value::Scheme("Bearer", access_token.clone(), reference)),
        ],
        body: None,
    }
}

/// What the dialect says of `Accept`, else JSON where the answers are JSON anyway; a server that chooses is left to choose.
fn accept(dialect: &Dialect) -> &str {
    use gatewright_model::dialect::AnswerEncoding;
    match (&dialect.token_request.accept, dialect.token_response.encoding.value) {
        (Some(accept), _) => &accept.value,
        (None, AnswerEncoding::Json) => "application/json",
        (None, AnswerEncoding::FormOrJson) => "*/*",
    }
}

/// When `state` has to come back.
pub(super) fn state_rule(dialect: &Dialect) -> StateRule {
    match dialect.authorization.state_returned.value {
        StateReturn::Always => StateRule::Always,
        StateReturn::OnApproval => StateRule::WithCode,
        StateReturn::Unknown => StateRule::Unknown,
    }
}

/// How token answers are read.
pub(super) fn token_rules(dialect: &Dialect) -> TokenRules {
    let success = match &dialect.token_response.success.value {
        DialectSuccess::AccessToken => SuccessRule::AccessToken,
        DialectSuccess::FlagAndAccessToken(pointer) => SuccessRule::FlagAndAccessToken(pointer.clone()),
        DialectSuccess::Present(pointer) => SuccessRule::Present(pointer.clone()),
    };
    let errors = match dialect.token_response.error.value {
        ErrorShape::Rfc6749 => ErrorStyle::Code,
        ErrorShape::Sentence => ErrorStyle::Sentence,
        ErrorShape::Unknown => ErrorStyle::Either,
    };
    TokenRules { success, errors }
}

/// How identity answers are read.
pub(super) fn identity_rules(dialect: &Dialect) -> IdentityRules {
    let identity = &dialect.identity;
    IdentityRules {
        subject: identity.subject.value.clone(),
        display_name: identity.display_name.as_ref().map(|pointer| pointer.value.clone()),
        signed_in_flag: identity.signed_in_flag.as_ref().map(|pointer| pointer.value.clone()),
    }
}
