//! Chattz: the plain code flow, form bodies, and a userinfo endpoint of its own shape. Where its document is silent, RFC 6749 speaks.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::Response;
use gatewright_protocol::http::BodyEncoding;
use serde::Serialize;

use super::answer::{self, Noted as _, Refused};
use super::authorization::{self, Asked, AuthorizationRules, Person, Prompt};
use super::inbound::{Fields, Inbound};
use crate::Twin;
use crate::grants::{CodeState, Grant};
use crate::page::Decision;
use crate::server::{Server, limited};
use crate::user::SandboxUser;

/// The document gives an access token one hour, and a code no lifetime; ours is RFC 6749's recommended maximum.
const TOKEN_SECONDS: u32 = 3600;
const CODE_SECONDS: u32 = 600;

pub(crate) struct Chattz;

impl AuthorizationRules for Chattz {
    fn twin(&self) -> Twin {
        Twin::Chattz
    }

    fn check(&self, server: &Server, query: &Fields, _user: Option<&SandboxUser>) -> Result<Asked, Refused> {
        check_plain(server, Twin::Chattz, query, true)
    }

    fn shared(&self, _asked: &Asked) -> Vec<&'static str> {
        vec!["Your user ID and username", "Your first and last name", "Your e-mail address", "Your avatar"]
    }

    fn approve(&self, server: &Server, asked: &Asked, person: &Person) -> String {
        issue_code(server, Twin::Chattz, asked, person)
    }

    fn refuse(&self, _server: &Server, asked: &Asked, decision: Decision) -> String {
        authorization::access_denied(asked, decision)
    }
}

/// The checks of the two providers that say little: client, redirect URI and, where it is asked, `response_type`.
pub(super) fn check_plain(server: &Server, twin: Twin, query: &Fields, response_type: bool) -> Result<Asked, Refused> {
    let refuse = |note: &'static str, sentence: &str, hint: &str| {
        let page = answer::notice(twin, StatusCode::BAD_REQUEST, "This login cannot start", sentence, Some(hint));
        Err(page.noted(note).into())
    };
    let Some(app) = query.filled("client_id").and_then(|id| server.apps.find(twin, id)) else {
        let sentence = format!("{} knows no app with this client ID.", twin.name());
        return refuse(
            "refused: unknown client",
            &sentence,
            "Compare client_id with the ID the app was given when it was registered.",
        );
    };
    let Some(redirect_uri) = query.filled("redirect_uri").filter(|uri| app.has_redirect_uri(uri)) else {
        let sentence = format!("The redirect_uri is missing or is not the one registered for {}.", app.name);
        return refuse(
            "refused: redirect URI not registered",
            &sentence,
            "It is compared character by character: check slashes, letter case and port.",
        );
    };
    if response_type && query.text("response_type") != Some("code") {
        return refuse(
            "refused: response_type",
            "The response_type is missing or is not “code”.",
            "Send response_type=code.",
        );
    }
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

/// Issues a code for ten minutes; gives the address with code and state.
pub(super) fn issue_code(server: &Server, twin: Twin, asked: &Asked, person: &Person) -> String {
    let now = server.now();
    let code = server.entropy.hex40();
    let grant = Arc::new(Grant::new(Arc::clone(&asked.app.key), Some(person.user), &asked.redirect_uri, now));
    let seconds = server.code_seconds(twin, &asked.app.key, Some(CODE_SECONDS));
    server.grants(twin).add_code(&code, grant, now, seconds);
    authorization::code_and_state(asked, &code)
}

/// Exchanges a code once, for the client and redirect URI it was issued to; the refusal's text says what was wrong.
pub(super) fn take_code(
    server: &Server,
    twin: Twin,
    client: &str,
    code: &str,
    redirect_uri: Option<&str>,
) -> Result<Arc<Grant>, &'static str> {
    let mut grants = server.grants(twin);
    match grants.code(code, server.now()) {
        CodeState::Good(grant) if &*grant.client != client => Err("The code was issued to another client."),
        CodeState::Good(grant) if redirect_uri != Some(&*grant.redirect_uri) => {
            Err("The redirect_uri differs from the one of the authorization request.")
        }
        CodeState::Good(grant) => {
            grants.redeem_code(code);
            Ok(grant)
        }
        CodeState::Redeemed(_) => Err("The code has already been exchanged."),
        CodeState::Expired => Err("The code has expired."),
        CodeState::Unknown => Err("The code is unknown."),
    }
}

#[derive(Serialize)]
struct TokenBody<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: u32,
}

/// `POST /oauth/token`
pub(crate) fn token(server: &Server, inbound: &Inbound) -> Response {
    let refuse = answer::oauth_error;
    if inbound.encoding() != Some(BodyEncoding::Form) {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request", "Send the parameters form-encoded.");
    }
    let form = inbound.form();
    if form.has_duplicate() {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request", "A parameter is given twice.");
    }
    let app = form.filled("client_id").and_then(|id| server.apps.find(Twin::Chattz, id));
    let secret = form.text("client_secret").unwrap_or_default();
    let Some(app) = app.filter(|app| app.secrets.accept(secret, server.now())) else {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client", "The client_id or the client_secret is wrong.");
    };
    match form.filled("grant_type") {
        Some("authorization_code") => {}
        Some(_) => {
            return refuse(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Only authorization_code is supported.");
        }
        None => return refuse(StatusCode::BAD_REQUEST, "invalid_request", "The grant_type is missing."),
    }
    let Some(code) = form.filled("code") else {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request", "The code is missing.");
    };
    let grant = match take_code(server, Twin::Chattz, &app.key, code, form.filled("redirect_uri")) {
        Ok(grant) => grant,
        Err(sentence) => return refuse(StatusCode::BAD_REQUEST, "invalid_grant", sentence),
    };
    let access_token = server.entropy.hex40();
    let seconds = limited(Some(TOKEN_SECONDS), server.limits.access_token);
    server.grants(Twin::Chattz).add_access(&access_token, grant, server.now(), seconds);
    let body =
        TokenBody { access_token: &access_token, token_type: "Bearer", expires_in: seconds.unwrap_or(TOKEN_SECONDS) };
    answer::no_store(answer::json(StatusCode::OK, &body)).noted("access token issued")
}

#[derive(Serialize)]
struct Identity<'a> {
    id: u32,
    username: &'a str,
    email: String,
    first_name: &'a str,
    last_name: &'a str,
    avatar: String,
}

/// `GET /oauth/userinfo`
pub(crate) fn userinfo(server: &Server, inbound: &Inbound) -> Response {
    let grant = inbound.bearer().and_then(|token| server.grants(Twin::Chattz).access(token, server.now()));
    let Some(user) = grant.and_then(|grant| grant.user) else {
        let refusal = answer::oauth_error(
            StatusCode::UNAUTHORIZED,
            "invalid_token",
            "The access token is missing, unknown or expired.",
        );
        return answer::with_header(refusal, WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
    };
    let id = user.chattz_number();
    let identity = Identity {
        id,
        username: user.username,
        email: user.email(),
        first_name: user.given_name,
        last_name: user.family_name,
        avatar: format!("{}/chattz/avatars/{id}.svg", server.origin),
    };
    answer::no_store(answer::json(StatusCode::OK, &identity)).noted("identity given")
}
