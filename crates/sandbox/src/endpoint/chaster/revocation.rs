//! Chaster's revocation endpoint (RFC 7009).

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::super::answer::{self, Noted as _};
use super::super::inbound::Inbound;
use super::client;
use crate::Twin;
use crate::grants::RefreshState;
use crate::server::Server;

/// `POST …/revoke`. A token nobody knows gets 200 with an error in the body.
pub(crate) fn revoke(server: &Server, inbound: &Inbound) -> Response {
    let form = inbound.form();
    let app = match client::authenticated(server, inbound, &form) {
        Ok(app) => app,
        Err(refusal) => return refusal.into_response(),
    };
    let Some(token) = form.filled("token") else {
        return answer::oauth_error(StatusCode::BAD_REQUEST, "invalid_request", "Token not provided");
    };
    let now = server.now();
    let mut grants = server.grants(Twin::Chaster);
    let access = grants.access(token, now);
    let refresh = match grants.refresh(token, now) {
        RefreshState::Unknown => None,
        RefreshState::Expired(grant) | RefreshState::Used(grant) | RefreshState::Good(grant) => Some(grant),
    };
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
            // As Keycloak does: with the refresh token the person's consent goes, too.
            if let Some(user) = grant.user {
                grants.forget_standing(&grant.client, user);
            }
            answer::text(StatusCode::OK, Body::empty()).noted("refresh token revoked, session and consent ended")
        }
        (None, None) => answer::oauth_error(StatusCode::OK, "invalid_token", "Invalid token"),
    }
}
