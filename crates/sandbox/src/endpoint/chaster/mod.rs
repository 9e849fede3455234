//! Chaster: OpenID Connect as Keycloak speaks it. This file holds its authorization rules; the other endpoints stand beside it.

mod admin;
mod claims;
mod client;
mod control;
mod endpoint;
mod introspection;
mod logout;
mod metadata;
mod registration;
mod revocation;
mod token;
mod userinfo;

use std::future::ready;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};

use super::answer::{self, Noted as _, Refused};
use super::authorization::{Asked, AuthorizationRules, Person, Prompt};
use super::inbound::{Fields, Inbound};
use super::{authorization_route, callback, plainly};
use crate::Twin;
use crate::app::App;
use crate::app::client_metadata::GrantType;
use crate::fault::attacker_routes;
use crate::grants::{Challenge, Grant};
use crate::page::Decision;
use crate::server::Server;
use crate::signing::KeyRing;
use crate::user::SandboxUser;
pub(crate) use endpoint::Endpoint;
use endpoint::REALM;
pub(crate) use token::unasked_id_token;

/// Every path of the realm, and what its administrator does.
pub(super) fn routes() -> Router<Arc<Server>> {
    let token =
        |State(server): State<Arc<Server>>, inbound: Inbound| async move { token::token(&server, inbound).await };
    let userinfo =
        |State(server): State<Arc<Server>>, inbound: Inbound| async move { userinfo::userinfo(&server, inbound).await };
    let metadata = |State(server): State<Arc<Server>>| ready(metadata::metadata(&server));
    let certificates = |State(server): State<Arc<Server>>| async move { metadata::certificates(&server).await };
    let logout = plainly(logout::log_out);
    Router::new()
        .route(Endpoint::Authorization.path(), authorization_route(&Chaster))
        .route(Endpoint::Token.path(), post(token))
        .route(Endpoint::Userinfo.path(), get(userinfo).post(userinfo))
        .route(Endpoint::Certificates.path(), get(certificates))
        .route(Endpoint::Introspection.path(), post(plainly(introspection::introspect)))
        .route(Endpoint::Revocation.path(), post(plainly(revocation::revoke)))
        .route(Endpoint::Logout.path(), get(logout.clone()).post(logout))
        .route(Endpoint::OpenIdMetadata.path(), get(metadata))
        .route(Endpoint::OAuthMetadata.path(), get(metadata))
        .merge(admin::routes())
        .merge(registration::routes())
        .merge(control::routes())
        .merge(attacker_routes())
}

/// What may be asked: OpenID Connect's own, and those seen in programs that use Chaster.
const SCOPES: [&str; 10] = [
    "openid",
    "profile",
    "email",
    "address",
    "phone",
    "offline_access",
    "locks",
    "keyholder",
    "shared_locks",
    "messaging",
];
/// What is granted when nothing is asked.
const DEFAULT_SCOPE: &str = "profile";
/// "exchanged once and expire 10 minutes after issuance"; Keycloak's own default would be one minute.
const CODE_SECONDS: u32 = 600;
/// The issuer identifier.
pub(crate) fn issuer(server: &Server) -> String {
    format!("{}{REALM}", server.origin)
}

pub(crate) struct Chaster;

impl AuthorizationRules for Chaster {
    fn twin(&self) -> Twin {
        Twin::Chaster
    }

    /// A wrong client or redirect URI is a page; everything after that goes back to the app (RFC 6749 §4.1.2.1).
    fn check(&self, server: &Server, query: &Fields, _user: Option<&SandboxUser>) -> Result<Asked, Refused> {
        let app = query.filled("client_id").and_then(|id| server.apps.find(Twin::Chaster, id));
        let app = app.ok_or_else(|| page("refused: unknown client", "Client not found."))?;
        let redirect_uri = query.filled("redirect_uri").filter(|uri| is_registered(&app, uri));
        let redirect_uri = redirect_uri
            .ok_or_else(|| page("refused: redirect URI not registered", "Invalid parameter: redirect_uri"))?
            .to_owned();
        let asked = Asked {
            redirect_uri,
            state: query.filled("state").map(str::to_owned),
            scope: query.filled("scope").unwrap_or(DEFAULT_SCOPE).to_owned(),
            nonce: query.filled("nonce").map(str::to_owned),
            challenge: None,
            prompt: prompt(query),
            max_age: query.filled("max_age").and_then(|seconds| seconds.parse().ok()),
            app,
        };
        match check_parameters(query, &asked) {
            Ok(challenge) => {
                if asked.scope.split(' ').any(|scope| scope == "openid") {
                    KeyRing::prepare(asked.app.openid.id_token_signed_response_alg);
                }
                Ok(Asked { challenge, ..asked })
            }
            Err((error, description)) => {
                let location = error_location(server, &asked, error, Some(description));
                Err(answer::redirect(&location).noted(error).into())
            }
        }
    }

    /// Keycloak remembers which scopes a person has agreed to.
    fn remembers(&self, server: &Server, asked: &Asked, user: &SandboxUser) -> bool {
        let grants = server.grants(Twin::Chaster);
        let Some(standing) = grants.standing(&asked.app.key, user) else { return false };
        asked.scope.split(' ').all(|scope| standing.scopes.iter().any(|agreed| agreed == scope))
    }

    fn shared(&self, asked: &Asked) -> Vec<&'static str> {
        let line = |scope| match scope {
            "openid" => "Who you are (openid)",
            "profile" => "Your username and name (profile)",
            "email" => "Your e-mail address (email)",
            "address" => "Your postal address (address)",
            "phone" => "Your phone number (phone)",
            "offline_access" => "Access while you are away (offline_access)",
            "locks" => "Your locks (locks)",
            "keyholder" => "The locks you hold (keyholder)",
            "shared_locks" => "Your shared locks (shared_locks)",
            _ => "Your messages (messaging)",
        };
        asked.scope.split(' ').filter(|scope| !scope.is_empty()).map(line).collect()
    }

    fn approve(&self, server: &Server, asked: &Asked, person: &Person) -> String {
        let now = server.now();
        let code = format!("{}.{}.{}", server.entropy.uuid(), person.session_state, server.entropy.uuid());
        let mut grant = Grant::new(Arc::clone(&asked.app.key), Some(person.user), &asked.redirect_uri, now);
        grant.scope.clone_from(&asked.scope);
        grant.nonce.clone_from(&asked.nonce);
        grant.challenge.clone_from(&asked.challenge);
        grant.session_state = person.session_state.to_string();
        grant.authenticated_at = person.authenticated_at;
        let mut grants = server.grants(Twin::Chaster);
        if let Some(standing) = grants.standing_mut(&asked.app.key, person.user) {
            for scope in asked.scope.split(' ').filter(|scope| !scope.is_empty()) {
                if !standing.scopes.iter().any(|agreed| agreed == scope) {
                    standing.scopes.push(scope.to_owned());
                }
            }
        }
        let seconds = server.code_seconds(Twin::Chaster, &asked.app.key, Some(CODE_SECONDS));
        grants.add_code(&code, Arc::new(grant), now, seconds);
        let issuer = issuer(server);
        let mut parameters = Vec::with_capacity(4);
        parameters.extend(asked.state.as_deref().map(|state| ("state", state)));
        parameters.extend([("session_state", &*person.session_state), ("iss", &issuer), ("code", &code)]);
        callback::with_parameters(&asked.redirect_uri, &parameters)
    }

    /// One way to say no: a deny and a cancel look the same.
    fn refuse(&self, server: &Server, asked: &Asked, _decision: Decision) -> String {
        error_location(server, asked, "access_denied", Some("User denied consent"))
    }

    fn cannot_ask(&self, server: &Server, asked: &Asked, error: &'static str) -> String {
        error_location(server, asked, error, None)
    }
}

fn page(note: &'static str, sentence: &str) -> Refused {
    answer::notice(Twin::Chaster, StatusCode::BAD_REQUEST, "We are sorry…", sentence, None).noted(note).into()
}

fn error_location(server: &Server, asked: &Asked, error: &str, description: Option<&str>) -> String {
    let issuer = issuer(server);
    let mut parameters = vec![("error", error)];
    parameters.extend(description.map(|description| ("error_description", description)));
    parameters.extend(asked.state.as_deref().map(|state| ("state", state)));
    parameters.push(("iss", &issuer));
    callback::with_parameters(&asked.redirect_uri, &parameters)
}

/// What can be wrong once the redirect URI is trusted; gives the PKCE challenge.
fn check_parameters(query: &Fields, asked: &Asked) -> Result<Option<Challenge>, (&'static str, &'static str)> {
    if query.has_duplicate() {
        return Err(("invalid_request", "duplicated parameter"));
    }
    if !asked.app.may_use(GrantType::AuthorizationCode) {
        return Err(("unauthorized_client", "Client is not allowed to initiate browser login"));
    }
    match query.filled("response_type") {
        Some("code") => {}
        Some(_) => return Err(("unsupported_response_type", "Only the code flow is enabled for this client")),
        None => return Err(("invalid_request", "Missing parameter: response_type")),
    }
    if asked.scope.split(' ').any(|scope| !scope.is_empty() && !SCOPES.contains(&scope)) {
        return Err(("invalid_scope", "Invalid scopes"));
    }
    if query.filled("max_age").is_some() && asked.max_age.is_none() {
        return Err(("invalid_request", "Invalid parameter: max_age"));
    }
    let challenge = match (query.filled("code_challenge"), query.filled("code_challenge_method")) {
        (None, None) => return Ok(None),
        (None, Some(_)) => return Err(("invalid_request", "Missing parameter: code_challenge")),
        (Some(challenge), method) => {
            if !is_challenge(challenge) {
                return Err(("invalid_request", "Invalid parameter: code_challenge"));
            }
            match method {
                Some("S256") => Challenge::S256(challenge.to_owned()),
                None | Some("plain") => Challenge::Plain(challenge.to_owned()),
                Some(_) => return Err(("invalid_request", "Invalid parameter: code_challenge_method")),
            }
        }
    };
    Ok(Some(challenge))
}

/// RFC 7636 §4.2: 43 to 128 unreserved characters.
fn is_challenge(text: &str) -> bool {
    (43..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

fn prompt(query: &Fields) -> Prompt {
    let words = query.text("prompt").unwrap_or_default();
    let has = |word| words.split(' ').any(|given| given == word);
    match () {
        () if has("none") => Prompt::None,
        () if has("login") => Prompt::Login,
        () if has("consent") => Prompt::Consent,
        () => Prompt::AsNeeded,
    }
}

/// Compared as a string, with one exception of Keycloak's: an address of this computer may have any port where the registered one has none
/// (RFC 8252 §7.3).
fn is_registered(app: &App, uri: &str) -> bool {
    if app.has_redirect_uri(uri) {
        return true;
    }
    ["http://127.0.0.1", "http://localhost"].into_iter().any(|host| {
        let Some(rest) = uri.strip_prefix(host).and_then(|rest| rest.strip_prefix(':')) else { return false };
        let path = rest.trim_start_matches(|character: char| character.is_ascii_digit());
        let has_port = (1..=5).contains(&(rest.len() - path.len()));
        has_port && (path.is_empty() || path.starts_with('/')) && app.has_redirect_uri(&format!("{host}{path}"))
    })
}
