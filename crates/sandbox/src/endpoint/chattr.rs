//! Chattr: no `response_type`, no `grant_type`, integer client ids, JSON bodies, and an identity where others give a token.

use axum::http::StatusCode;
use axum::response::Response;
use gatewright_protocol::http::BodyEncoding;
use serde::Serialize;
use serde_json::Value;

use super::answer::{self, Noted as _, Refused};
use super::authorization::{self, Asked, AuthorizationRules, Person};
use super::chattz::{check_plain, issue_code, take_code};
use super::inbound::{Fields, Inbound};
use crate::Twin;
use crate::page::Decision;
use crate::server::Server;
use crate::user::SandboxUser;

pub(crate) struct Chattr;

impl AuthorizationRules for Chattr {
    fn twin(&self) -> Twin {
        Twin::Chattr
    }

    fn check(&self, server: &Server, query: &Fields, _user: Option<&SandboxUser>) -> Result<Asked, Refused> {
        check_plain(server, Twin::Chattr, query, false)
    }

    fn shared(&self, _asked: &Asked) -> Vec<&'static str> {
        vec!["Your Chattr user ID", "Your nickname and name", "Your avatar"]
    }

    fn approve(&self, server: &Server, asked: &Asked, person: &Person) -> String {
        issue_code(server, Twin::Chattr, asked, person)
    }

    fn refuse(&self, _server: &Server, asked: &Asked, decision: Decision) -> String {
        authorization::access_denied(asked, decision)
    }
}

#[derive(Serialize)]
struct Identity<'a> {
    chattr_user_id: u32,
    nickname: &'a str,
    name: String,
    avatar_url: String,
}

/// `POST /oauth/token`: the answer is the person. The document shows no error, so errors are RFC 6749's.
pub(crate) fn token(server: &Server, inbound: &Inbound) -> Response {
    let invalid = |sentence| answer::oauth_error(StatusCode::BAD_REQUEST, "invalid_request", sentence);
    if inbound.encoding() != Some(BodyEncoding::Json) {
        return invalid("Send the parameters as a JSON object with Content-Type application/json.");
    }
    let Some(fields) = inbound.json() else {
        return invalid("The body is not a JSON object.");
    };
    let client_id = match fields.value("client_id") {
        Some(Value::Number(number)) => number.to_string(),
        Some(_) => return invalid("client_id must be a JSON number, without quotes."),
        None => return invalid("The client_id is missing."),
    };
    let secret = fields.text("client_secret").unwrap_or_default();
    let app = server.apps.find(Twin::Chattr, &client_id).filter(|app| app.secrets.accept(secret, server.now()));
    let Some(app) = app else {
        let sentence = "The client_id or the client_secret is wrong.";
        return answer::oauth_error(StatusCode::UNAUTHORIZED, "invalid_client", sentence);
    };
    let Some(code) = fields.filled("code") else {
        return invalid("The code is missing.");
    };
    let user = match take_code(server, Twin::Chattr, &app.key, code, fields.filled("redirect_uri")) {
        Ok(grant) => grant.user,
        Err(sentence) => return answer::oauth_error(StatusCode::BAD_REQUEST, "invalid_grant", sentence),
    };
    let Some(user) = user else {
        return answer::oauth_error(StatusCode::BAD_REQUEST, "invalid_grant", "The code belongs to nobody.");
    };
    let identity = Identity {
        chattr_user_id: user.number,
        nickname: user.username,
        name: user.display_name(),
        avatar_url: format!("{}/chattr/avatars/{}.svg", server.origin, user.number),
    };
    answer::no_store(answer::json(StatusCode::OK, &identity)).noted("identity given, there is no token")
}
