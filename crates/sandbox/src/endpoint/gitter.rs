//! Gitter, as its document says or as its engine (oauth2orize) behaves. The same access token at every login, and it never expires.

use std::sync::Arc;

use axum::http::header::ACCEPT;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use gatewright_protocol::http::BodyEncoding;
use serde::Serialize;

use super::answer::{self, Noted as _, Refused};
use super::authorization::{self, Asked, AuthorizationRules, Person, Prompt};
use super::callback;
use super::inbound::{Fields, Inbound};
use crate::grants::{CodeState, Grant};
use crate::page::Decision;
use crate::server::{Server, limited};
use crate::user::SandboxUser;
use crate::{GitterMode, Twin};

pub(crate) struct Gitter;

impl AuthorizationRules for Gitter {
    fn twin(&self) -> Twin {
        Twin::Gitter
    }

    /// Every mistake is a page with 401, and nothing is redirected. `scope` and PKCE parameters are not looked at.
    fn check(&self, server: &Server, query: &Fields, _user: Option<&SandboxUser>) -> Result<Asked, Refused> {
        let refuse = |note: &'static str, sentence: &str| {
            let page = answer::notice(Twin::Gitter, StatusCode::UNAUTHORIZED, "Unauthorized", sentence, None);
            Err(page.noted(note).into())
        };
        if query.text("response_type") != Some("code") {
            return refuse("refused: response_type", "The response_type is missing or is not “code”.");
        }
        let Some(app) = query.filled("client_id").and_then(|id| server.apps.find(Twin::Gitter, id)) else {
            return refuse("refused: unknown client", "The client_id is missing or unknown.");
        };
        let Some(redirect_uri) = query.filled("redirect_uri").filter(|uri| app.has_redirect_uri(uri)) else {
            return refuse(
                "refused: redirect URI not registered",
                "The redirect_uri is missing or is not the registered one.",
            );
        };
        Ok(Asked {
            redirect_uri: redirect_uri.to_owned(),
            state: query.text("state").map(str::to_owned),
            scope: String::new(),
            nonce: None,
            challenge: None,
            prompt: Prompt::AsNeeded,
            max_age: None,
            app,
        })
    }

    fn shared(&self, _asked: &Asked) -> Vec<&'static str> {
        vec!["Who you are on Gitter", "Your rooms and messages, as the API gives them"]
    }

    /// The code has no lifetime; the exchange deletes it.
    fn approve(&self, server: &Server, asked: &Asked, person: &Person) -> String {
        let now = server.now();
        let code = server.entropy.hex40();
        let grant = Arc::new(Grant::new(Arc::clone(&asked.app.key), Some(person.user), &asked.redirect_uri, now));
        let seconds = server.code_seconds(Twin::Gitter, &asked.app.key, None);
        server.grants(Twin::Gitter).add_code(&code, grant, now, seconds);
        authorization::code_and_state(asked, &code)
    }

    /// One way to say no: a deny and a cancel look the same.
    fn refuse(&self, _server: &Server, asked: &Asked, _decision: Decision) -> String {
        let mut parameters = vec![("error", "access_denied")];
        parameters.extend(asked.state.as_deref().map(|state| ("state", state)));
        callback::with_parameters(&asked.redirect_uri, &parameters)
    }
}

/// `POST /login/oauth/token`: form or JSON, credentials in the body only.
pub(crate) fn token(server: &Server, inbound: &Inbound) -> Response {
    let refuse = answer::oauth_error;
    let fields = match inbound.encoding() {
        Some(BodyEncoding::Json) => inbound.json().unwrap_or_default(),
        _ => inbound.form(),
    };
    let app = fields.filled("client_id").and_then(|id| server.apps.find(Twin::Gitter, id));
    let secret = fields.text("client_secret").unwrap_or_default();
    let Some(app) = app.filter(|app| app.secrets.accept(secret, server.now())) else {
        return refuse(StatusCode::UNAUTHORIZED, "server_error", "Unauthorized");
    };
    let grant_type = fields.text("grant_type");
    if grant_type != Some("authorization_code") {
        let sentence = format!("Unsupported grant type: {}", grant_type.unwrap_or("undefined"));
        return refuse(StatusCode::NOT_IMPLEMENTED, "unsupported_grant_type", &sentence);
    }
    let Some(code) = fields.filled("code") else {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request", "Missing required parameter: code");
    };
    match exchange(server, &app.key, code, fields.filled("redirect_uri")) {
        Some(access_token) => token_answer(server, inbound, &access_token),
        None => refuse(StatusCode::FORBIDDEN, "invalid_grant", "Invalid authorization code"),
    }
}

/// Exchanges a code; gives the one token this app has for this person.
fn exchange(server: &Server, client: &Arc<str>, code: &str, redirect_uri: Option<&str>) -> Option<String> {
    let now = server.now();
    let mut grants = server.grants(Twin::Gitter);
    let CodeState::Good(grant) = grants.code(code, now) else { return None };
    if grant.client != *client || redirect_uri != Some(&*grant.redirect_uri) {
        return None;
    }
    grants.forget_code(code);
    let user = grant.user?;
    if let Some(token) = grants.standing(client, user).and_then(|standing| standing.token.clone())
        && grants.access(&token, now).is_some()
    {
        return Some(token);
    }
    let token = server.entropy.hex40();
    grants.add_access(&token, grant, now, limited(None, server.limits.access_token));
    grants.standing_mut(client, user)?.token = Some(token.clone());
    Some(token)
}

#[derive(Serialize)]
struct DocumentedBody<'a> {
    access_token: &'a str,
    scope: &'static str,
    token_type: &'static str,
}

#[derive(Serialize)]
struct EngineBody<'a> {
    access_token: &'a str,
    token_type: &'static str,
}

fn token_answer(server: &Server, inbound: &Inbound, access_token: &str) -> Response {
    /// The scopes of the document's sample. They mean nothing and cannot be asked for.
    const SAMPLE_SCOPE: &str = "flow,private";
    let response = match server.gitter_mode {
        GitterMode::AsEngineBehaves => answer::json(StatusCode::OK, &EngineBody { access_token, token_type: "Bearer" }),
        GitterMode::AsDocumented if wants_json(inbound) => {
            answer::json(StatusCode::OK, &DocumentedBody { access_token, scope: SAMPLE_SCOPE, token_type: "bearer" })
        }
        GitterMode::AsDocumented => answer::form(
            StatusCode::OK,
            &[("access_token", access_token), ("scope", SAMPLE_SCOPE), ("token_type", "bearer")],
        ),
    };
    answer::no_store(response).noted("access token given")
}

fn wants_json(inbound: &Inbound) -> bool {
    let accept = inbound.headers().get(ACCEPT).map(HeaderValue::as_bytes).unwrap_or_default();
    String::from_utf8_lossy(accept).to_ascii_lowercase().contains("application/json")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Identity<'a> {
    id: &'a str,
    username: &'a str,
    display_name: String,
    url: String,
    avatar_url: String,
    staff: bool,
    providers: [&'static str; 1],
    v: u32,
    gv: &'static str,
}

fn identity<'a>(server: &Server, user: &'a SandboxUser) -> Identity<'a> {
    Identity {
        id: user.gitter_id,
        username: user.username,
        display_name: user.display_name(),
        url: format!("/{}", user.username),
        avatar_url: format!("{}/gitter/avatars/{}.svg", server.origin, user.username),
        staff: false,
        providers: ["gitlab"],
        v: 8,
        gv: "3",
    }
}

/// `GET /api/v1/user`: a list with one person in it.
pub(crate) fn user_list(server: &Server, inbound: &Inbound) -> Response {
    match bearer_of(server, inbound) {
        Some(user) => answer::json(StatusCode::OK, &[identity(server, user)]).noted("identity given, in a list"),
        None => unauthorized(),
    }
}

/// `GET /api/v1/user/me`: the person.
pub(crate) fn user_me(server: &Server, inbound: &Inbound) -> Response {
    match bearer_of(server, inbound) {
        Some(user) => answer::json(StatusCode::OK, &identity(server, user)).noted("identity given"),
        None => unauthorized(),
    }
}

/// The API takes a token from the `Authorization` header, from `x-access-token` and from the query.
fn bearer_of(server: &Server, inbound: &Inbound) -> Option<&'static SandboxUser> {
    let query = inbound.query();
    let header = inbound.headers().get("x-access-token").and_then(|value| value.to_str().ok());
    let token = inbound.bearer().or(header).or_else(|| query.filled("access_token"))?;
    server.grants(Twin::Gitter).access(token, server.now())?.user
}

fn unauthorized() -> Response {
    #[derive(Serialize)]
    struct ErrorBody {
        error: &'static str,
    }
    answer::json(StatusCode::UNAUTHORIZED, &ErrorBody { error: "Unauthorized" }).noted("refused: no valid token")
}
