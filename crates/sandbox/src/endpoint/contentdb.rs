//! ContentDB: slashes, sentences as errors, a bare redirect for cancel, and a token that a second authorization replaces.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use super::answer::{self, Noted as _, Refused};
use super::authorization::{Asked, AuthorizationRules, Person, Prompt};
use super::callback;
use super::inbound::{Fields, Inbound};
use crate::Twin;
use crate::grants::{CodeState, Grant};
use crate::page::Decision;
use crate::server::{Server, limited};
use crate::user::SandboxUser;

pub(crate) struct ContentDb;

impl AuthorizationRules for ContentDb {
    fn twin(&self) -> Twin {
        Twin::ContentDb
    }

    fn signs_in_first(&self) -> bool {
        true
    }

    /// The order is the server's own. Nothing is ever redirected with `error=`.
    fn check(&self, server: &Server, query: &Fields, user: Option<&SandboxUser>) -> Result<Asked, Refused> {
        if query.text("response_type").unwrap_or("code") != "code" {
            return Err(bare_sentence("Unsupported response_type, only code is supported"));
        }
        let client_id = query.filled("client_id").ok_or_else(|| bare_sentence("Missing client_id"))?;
        let redirect_uri = query.filled("redirect_uri").ok_or_else(|| bare_sentence("Missing redirect_uri"))?;
        let app = server.apps.find(Twin::ContentDb, client_id).ok_or_else(not_found)?;
        if !app.has_redirect_uri(redirect_uri) {
            return Err(bare_sentence("redirect_uri does not match client"));
        }
        if !app.approved && user.is_none_or(|user| user.username != app.owner) {
            return Err(not_found().noted("refused: app not approved, and not its owner").into());
        }
        if query.text("scope").unwrap_or("public") != "public" {
            return Err(bare_sentence("Unsupported scope, only public is supported"));
        }
        Ok(Asked {
            redirect_uri: redirect_uri.to_owned(),
            state: query.text("state").map(str::to_owned),
            scope: "public".to_owned(),
            nonce: None,
            challenge: None,
            prompt: Prompt::AsNeeded,
            max_age: None,
            app,
        })
    }

    /// Somebody who has a token for this app is not asked again.
    fn remembers(&self, server: &Server, asked: &Asked, user: &SandboxUser) -> bool {
        server.grants(Twin::ContentDb).standing(&asked.app.key, user).is_some_and(|standing| standing.token.is_some())
    }

    fn decisions(&self) -> &'static [Decision] {
        &[Decision::Approve, Decision::Cancel]
    }

    fn shared(&self, _asked: &Asked) -> Vec<&'static str> {
        vec!["Your public profile: your username"]
    }

    /// Replaces access token and code right here, long before anybody exchanges anything.
    fn approve(&self, server: &Server, asked: &Asked, person: &Person) -> String {
        let now = server.now();
        let (token, code) = (server.entropy.hex32(), server.entropy.hex32());
        let grant = Arc::new(Grant::new(Arc::clone(&asked.app.key), Some(person.user), &asked.redirect_uri, now));
        let mut grants = server.grants(Twin::ContentDb);
        if let Some(standing) = grants.standing_mut(&asked.app.key, person.user) {
            let earlier = (standing.token.replace(token.clone()), standing.code.replace(code.clone()));
            if let (Some(token), _) = &earlier {
                grants.forget_access(token);
            }
            if let (_, Some(code)) = &earlier {
                grants.forget_code(code);
            }
        }
        grants.add_access(&token, Arc::clone(&grant), now, limited(None, server.limits.access_token));
        grants.add_code(&code, grant, now, server.code_seconds(Twin::ContentDb, &asked.app.key, None));
        let mut parameters = vec![("code", code.as_str())];
        parameters.extend(asked.state.as_deref().map(|state| ("state", state)));
        callback::rewritten(&asked.redirect_uri, &parameters)
    }

    /// The registered address as it is: no error, no state.
    fn refuse(&self, _server: &Server, asked: &Asked, _decision: Decision) -> String {
        asked.redirect_uri.clone()
    }
}

/// A mistake in the authorization request: a bare sentence that calls itself HTML.
fn bare_sentence(sentence: &'static str) -> Refused {
    answer::raw_html(StatusCode::BAD_REQUEST, sentence).noted(sentence).into()
}

/// The page for whatever is not there, or is not for you.
pub(crate) fn not_found() -> Response {
    let sentence = "The page does not exist, or it is not for you.";
    answer::notice(Twin::ContentDb, StatusCode::NOT_FOUND, "Page not found", sentence, None)
}

#[derive(Serialize)]
struct ErrorBody {
    error: &'static str,
    success: bool,
}

fn error(status: StatusCode, sentence: &'static str) -> Response {
    answer::json(status, &ErrorBody { error: sentence, success: false }).noted(sentence)
}

#[derive(Serialize)]
struct TokenBody<'a> {
    access_token: &'a str,
    success: bool,
    token_type: &'static str,
}

/// `POST /oauth/token/`: form or multipart. `grant_type` is read from the query only; `redirect_uri` and `code_verifier` are never read.
pub(crate) async fn token(server: &Server, inbound: Inbound) -> Response {
    let refuse = |sentence| error(StatusCode::BAD_REQUEST, sentence);
    if inbound.query().text("grant_type").is_some_and(|grant_type| grant_type != "authorization_code") {
        return refuse("Unsupported grant_type, only authorization_code is supported");
    }
    let form = inbound.form_or_multipart().await;
    let Some(client_id) = form.filled("client_id") else { return refuse("Missing client_id") };
    let Some(client_secret) = form.filled("client_secret") else { return refuse("Missing client_secret") };
    let Some(code) = form.filled("code") else { return refuse("Missing code") };
    let app =
        server.apps.find(Twin::ContentDb, client_id).filter(|app| app.secrets.accept(client_secret, server.now()));
    let Some(app) = app else { return refuse("client_id and/or client_secret is incorrect") };
    let Some(access_token) = redeem(server, &app.key, code) else {
        return refuse("Incorrect code. It may have already been redeemed");
    };
    let body = TokenBody { access_token: &access_token, success: true, token_type: "Bearer" };
    answer::json(StatusCode::OK, &body).noted("access token given")
}

/// Exchanges a code for the token that exists since the person approved.
fn redeem(server: &Server, client: &Arc<str>, code: &str) -> Option<String> {
    let mut grants = server.grants(Twin::ContentDb);
    let CodeState::Good(grant) = grants.code(code, server.now()) else { return None };
    if grant.client != *client {
        return None;
    }
    grants.forget_code(code);
    let standing = grants.standing_mut(client, grant.user?)?;
    standing.code = None;
    standing.token.clone()
}

#[derive(Serialize)]
struct Identity {
    is_authenticated: bool,
    username: Option<&'static str>,
}

/// `GET /api/whoami/`: without a token 200 and nobody. A token in the query is ignored.
pub(crate) fn whoami(server: &Server, inbound: &Inbound) -> Response {
    let token = match presented(inbound) {
        Ok(Some(token)) => token,
        Ok(None) => {
            let nobody = Identity { is_authenticated: false, username: None };
            return answer::json(StatusCode::OK, &nobody).noted("no token: nobody, with status 200");
        }
        Err(refusal) => return refusal.into_response(),
    };
    let grant = server.grants(Twin::ContentDb).access(token, server.now());
    match grant.and_then(|grant| grant.user) {
        Some(user) => {
            let identity = Identity { is_authenticated: true, username: Some(user.username) };
            answer::json(StatusCode::OK, &identity).noted("identity given")
        }
        None => error(StatusCode::FORBIDDEN, "Unknown API token"),
    }
}

#[derive(Serialize)]
struct Done {
    success: bool,
}

/// `DELETE /api/delete-token/`: a token ends itself; the next authorization asks for consent again.
pub(crate) fn delete_token(server: &Server, inbound: &Inbound) -> Response {
    let token = match presented(inbound) {
        Ok(Some(token)) => token,
        Ok(None) => return error(StatusCode::NOT_FOUND, "Token not found"),
        Err(refusal) => return refusal.into_response(),
    };
    let mut grants = server.grants(Twin::ContentDb);
    if grants.access(token, server.now()).is_none() {
        return error(StatusCode::FORBIDDEN, "Unknown API token");
    }
    if let Some(grant) = grants.forget_access(token)
        && let Some(user) = grant.user
    {
        if let Some(code) = grants.standing(&grant.client, user).and_then(|standing| standing.code.clone()) {
            grants.forget_code(&code);
        }
        grants.forget_standing(&grant.client, user);
    }
    answer::json(StatusCode::OK, &Done { success: true }).noted("token deleted")
}

/// The bearer token of a request, none, or the server's refusal of what stands there instead.
fn presented(inbound: &Inbound) -> Result<Option<&str>, Refused> {
    let Some(header) = inbound.headers().get(axum::http::header::AUTHORIZATION) else { return Ok(None) };
    if header.is_empty() {
        return Ok(None);
    }
    match inbound.bearer() {
        None => Err(error(StatusCode::FORBIDDEN, "Unsupported authentication method").into()),
        Some(token) if token.len() < 10 => Err(error(StatusCode::BAD_REQUEST, "API token is too short").into()),
        Some(token) => Ok(Some(token)),
    }
}

/// A path without its slash: 308 to the one that has it, query and method kept.
pub(crate) fn add_slash(inbound: &Inbound) -> Response {
    let query = inbound.parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let location = format!("{}/{query}", inbound.parts.uri.path());
    answer::moved(StatusCode::PERMANENT_REDIRECT, &location).noted("redirected to the path with a slash")
}
