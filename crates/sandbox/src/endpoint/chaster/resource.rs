//! What can be done with Chaster's tokens: ask who it is, and revoke.

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::{IntoResponse as _, Response};

use super::super::answer::{self, Noted as _};
use super::super::inbound::Inbound;
use super::{claims, token};
use crate::Twin;
use crate::server::Server;

/// `GET` or `POST …/userinfo` (OpenID Connect Core §5.3). Refusals have an empty body; what is wrong stands in the header only.
pub(crate) fn userinfo(server: &Server, inbound: &Inbound) -> Response {
    let challenge = |status, note: &'static str, parameters: &str| {
        let response = answer::text(status, Body::empty());
        answer::with_header(response, WWW_AUTHENTICATE, &format!("Bearer realm=\"app\"{parameters}")).noted(note)
    };
    let Some(token) = inbound.bearer() else {
        return challenge(StatusCode::UNAUTHORIZED, "refused: no token", "");
    };
    let Some(grant) = server.grants(Twin::Chaster).access(token, server.now()) else {
        let parameters = ", error=\"invalid_token\", error_description=\"Token verification failed\"";
        return challenge(StatusCode::UNAUTHORIZED, "refused: no valid token", parameters);
    };
    if !grant.has_scope("openid") {
        let parameters = ", error=\"insufficient_scope\", error_description=\"Missing openid scope\"";
        return challenge(StatusCode::FORBIDDEN, "refused: openid was not granted", parameters);
    }
    answer::no_store(answer::json(StatusCode::OK, &claims::of_person(&grant))).noted("identity given")
}

/// `POST …/revoke` (RFC 7009). A token nobody knows gets 200 with an error in the body.
pub(crate) fn revoke(server: &Server, inbound: &Inbound) -> Response {
    let form = inbound.form();
    let app = match token::authenticated(server, inbound, &form) {
        Ok(app) => app,
        Err(refusal) => return refusal.into_response(),
    };
    let Some(token) = form.filled("token") else {
        return answer::oauth_error(StatusCode::BAD_REQUEST, "invalid_request", "Token not provided");
    };
    let now = server.now();
    let mut grants = server.grants(Twin::Chaster);
    let (access, refresh) = (grants.access(token, now), grants.refresh(token, now).map(|(grant, _)| grant));
    match (access, refresh) {
        (Some(grant), _) | (_, Some(grant)) if grant.client != app.key => {
            answer::oauth_error(StatusCode::BAD_REQUEST, "invalid_token", "Unmatching clients")
        }
        (Some(_), _) => {
            grants.forget_access(token);
            answer::text(StatusCode::OK, Body::empty()).noted("access token revoked")
        }
        (None, Some(grant)) => {
            grant.end();
            answer::text(StatusCode::OK, Body::empty()).noted("refresh token revoked, session ended")
        }
        (None, None) => answer::oauth_error(StatusCode::OK, "invalid_token", "Invalid token"),
    }
}
