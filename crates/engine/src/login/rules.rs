//! From a provider's dialect to the rules by which `protocol` builds and judges.

use gatewright_model::Dialect;
use gatewright_model::dialect::{ErrorShape, StateReturn, SuccessRule as DialectSuccess};
use gatewright_protocol::Secret;
use gatewright_protocol::answer::ErrorStyle;
use gatewright_protocol::authorization::{AuthorizationRequest, Expected, StateRule};
use gatewright_protocol::client_authentication::ClientAuthentication;
use gatewright_protocol::custom_parameter::RequestKind;
use gatewright_protocol::http::HttpRequest;
use gatewright_protocol::identity::IdentityRules;
use gatewright_protocol::metadata::Metadata;
use gatewright_protocol::pkce::CodeVerifier;
use gatewright_protocol::state::State;
use gatewright_protocol::token::{SuccessRule, TokenRequest, TokenRules};
use url::Url;

use super::code::Bindings;
use super::plan::{Addresses, LoginPlan};
use crate::registered::PlanError;

/// The authorization request as the dialect wants it, with what the client's settings add.
pub(super) fn authorization_request(
    plan: &LoginPlan,
    endpoint: &Url,
    bindings: &Bindings,
) -> Result<AuthorizationRequest, PlanError> {
    let dialect = &plan.provider.dialect.authorization;
    let mut request = AuthorizationRequest::new(endpoint.clone(), &plan.client_id);
    if dialect.response_type.value.is_sent() {
        request = request.response_type_code();
    }
    if dialect.redirect_uri.value.is_sent() {
        request = request.redirect_uri(&plan.redirect_uri);
    }
    if !plan.scopes.is_empty() {
        request = request.scope(&plan.scopes);
    }
    if let Some(state) = &bindings.state {
        request = request.state(state);
    }
    if let Some(verifier) = &bindings.verifier {
        request = request.challenge(&verifier.challenge());
    }
    if let Some(mode) = plan.settings.asked_response_mode(&plan.provider) {
        request = request.response_mode(mode);
    }
    if let Some(hint) = &plan.settings.login_hint {
        request = request.login_hint(hint);
    }
    let prompt = plan.prompt();
    if !prompt.is_empty() {
        request = request.prompt(&prompt);
    }
    Ok(with_openid(request, plan, bindings).custom(&added_parameters(plan))?)
}

fn with_openid(mut request: AuthorizationRequest, plan: &LoginPlan, bindings: &Bindings) -> AuthorizationRequest {
    if let Some(nonce) = &bindings.nonce {
        request = request.nonce(nonce);
    }
    if !plan.asks_for_id_token() {
        return request;
    }
    if let Some(seconds) = plan.settings.max_age {
        request = request.max_age(seconds);
    }
    if !plan.settings.acr_values.is_empty() && !plan.settings.acr_essential {
        request = request.acr_values(&plan.settings.acr_values);
    }
    request
}

/// The person's own parameters, and an essential `acr`, which is a claim and no parameter (OpenID Connect Core §5.5.1.1).
fn added_parameters(plan: &LoginPlan) -> Vec<(String, String)> {
    let mut parameters = plan.settings.parameters(RequestKind::Authorization);
    if plan.asks_for_id_token() && !plan.essential_acr().is_empty() {
        let acr = serde_json::json!({ "essential": true, "values": plan.essential_acr() });
        parameters.push(("claims".to_owned(), serde_json::json!({ "id_token": { "acr": acr } }).to_string()));
    }
    parameters
}

/// What the callback has to live up to.
pub(super) fn expected(
    plan: &LoginPlan,
    state: Option<State>,
    spent_states: Vec<State>,
    metadata: Option<&Metadata>,
) -> Expected {
    let dialect = &plan.provider.dialect.authorization;
    let promised = dialect.issuer_returned.as_ref().is_some_and(|returned| returned.value);
    Expected {
        redirect_uri: plan.redirect_uri.clone(),
        response_mode: plan.settings.asked_response_mode(&plan.provider).unwrap_or_default(),
        state,
        state_rule: state_rule(&plan.provider.dialect),
        spent_states,
        issuer: Some(plan.issuer()),
        issuer_advertised: promised || metadata.is_some_and(Metadata::returns_issuer),
    }
}

/// The token request as the dialect wants it.
pub(super) fn token_request(
    plan: &LoginPlan,
    addresses: &Addresses,
    proof: &ClientAuthentication,
    code: &Secret,
    verifier: Option<&CodeVerifier>,
) -> Result<HttpRequest, PlanError> {
    let dialect = &plan.provider.dialect.token_request;
    let mut request = TokenRequest::new(dialect.encoding.value).accept(accept(&plan.provider.dialect));
    if dialect.grant_type.value.is_sent() {
        request = request.grant_type_authorization_code();
    }
    request = request.authenticate(proof).code(code);
    if dialect.redirect_uri.value.is_sent() {
        request = request.redirect_uri(&plan.redirect_uri);
    }
    if let Some(verifier) = verifier {
        request = request.code_verifier(verifier);
    }
    Ok(request.custom(&plan.settings.parameters(RequestKind::Token))?.into_http(&addresses.token))
}

/// What the dialect says of `Accept`, else JSON where the answers are JSON anyway; a server that chooses is left to choose.
pub(crate) fn accept(dialect: &Dialect) -> &str {
    use gatewright_model::dialect::AnswerEncoding;
    match (&dialect.token_request.accept, dialect.token_response.encoding.value) {
        (Some(accept), _) => &accept.value,
        (None, AnswerEncoding::Json) => "application/json",
        (None, AnswerEncoding::FormOrJson) => "*/*",
    }
}

/// When `state` has to come back.
fn state_rule(dialect: &Dialect) -> StateRule {
    match dialect.authorization.state_returned.value {
        StateReturn::Always => StateRule::Always,
        StateReturn::OnApproval => StateRule::WithCode,
        StateReturn::Unknown => StateRule::Unknown,
    }
}

/// How token answers are read.
pub(crate) fn token_rules(dialect: &Dialect) -> TokenRules {
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
pub(crate) fn identity_rules(dialect: &Dialect) -> IdentityRules {
    let identity = &dialect.identity;
    IdentityRules {
        subject: identity.subject.value.clone(),
        display_name: identity.display_name.as_ref().map(|pointer| pointer.value.clone()),
        signed_in_flag: identity.signed_in_flag.as_ref().map(|pointer| pointer.value.clone()),
    }
}
