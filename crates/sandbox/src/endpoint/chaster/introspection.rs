//! Chaster's introspection endpoint (RFC 7662): what a token is worth.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;

use super::super::answer::{self, Noted as _};
use super::super::inbound::Inbound;
use super::client;
use crate::Twin;
use crate::grants::Working;
use crate::server::Server;

/// What is told of a working token (RFC 7662 §2.2).
#[derive(Serialize)]
struct Introspection<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    iss: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
    typ: &'static str,
    azp: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    sid: &'a str,
    scope: &'a str,
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
    token_type: &'static str,
    active: bool,
}

/// `POST …/token/introspect`. Every confidential client of the realm may ask about every token of it.
pub(crate) fn introspect(server: &Server, inbound: &Inbound) -> Response {
    let refuse = |status, description| answer::oauth_error(status, "invalid_request", description);
    let form = inbound.form();
    let Ok(app) = client::authenticated(server, inbound, &form) else {
        return refuse(StatusCode::UNAUTHORIZED, "Authentication failed.");
    };
    if app.is_public() {
        return refuse(StatusCode::FORBIDDEN, "Client not allowed.");
    }
    let Some(token) = form.filled("token") else {
        return refuse(StatusCode::BAD_REQUEST, "Token not provided.");
    };
    let now = server.now();
    let (access, refresh) = {
        let grants = server.grants(Twin::Chaster);
        (grants.working_access(token, now), grants.working_refresh(token, now))
    };
    match (access, refresh) {
        (Some(token), _) => active(server, &token, "Bearer"),
        (None, Some(token)) => active(server, &token, "Refresh"),
        // Unknown, expired and revoked all look the same (RFC 7662 §2.2).
        (None, None) => {
            let body = serde_json::json!({"active": false});
            answer::no_store(answer::json(StatusCode::OK, &body)).noted("token is not active")
        }
    }
}

fn active(server: &Server, token: &Working, typ: &'static str) -> Response {
    let grant = &*token.grant;
    let body = Introspection {
        exp: token.expires.map(Timestamp::as_second),
        iat: token.issued.as_second(),
        auth_time: grant.user.map(|_| grant.authenticated_at.as_second()),
        iss: super::issuer(server),
        sub: grant.user.map(|user| user.subject),
        typ,
        azp: &grant.client,
        sid: &grant.session_state,
        scope: &grant.scope,
        client_id: &grant.client,
        username: grant.user.map(|user| user.username),
        token_type: "Bearer",
        active: true,
    };
    answer::no_store(answer::json(StatusCode::OK, &body)).noted("token is active")
}
