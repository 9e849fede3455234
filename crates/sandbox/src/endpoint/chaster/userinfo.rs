//! Chaster's userinfo endpoint (OpenID Connect Core §5.3).

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{Method, StatusCode};
use axum::response::Response;

use super::super::answer::{self, Noted as _};
use super::super::inbound::{Fields, Inbound};
use super::{claims, token};
use crate::Twin;
use crate::server::Server;

/// `GET` or `POST …/userinfo`, the token in the header or in a posted form (RFC 6750 §2). Refusals have an empty body; what is wrong stands
/// in the header only.
pub(crate) async fn userinfo(server: &Server, inbound: Inbound) -> Response {
    let challenge = |status, note: &'static str, parameters: &str| {
        let response = answer::text(status, Body::empty());
        answer::with_header(response, WWW_AUTHENTICATE, &format!("Bearer realm=\"app\"{parameters}")).noted(note)
    };
    let form = if inbound.parts.method == Method::POST { inbound.form() } else { Fields::default() };
    let Some(token) = inbound.bearer().or_else(|| form.filled("access_token")) else {
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
    let app = server.apps.find(Twin::Chaster, &grant.client);
    let signed = app.and_then(|app| app.openid.userinfo_signed_response_alg.map(|algorithm| (app, algorithm)));
    let Some((app, algorithm)) = signed else {
        return answer::no_store(answer::json(StatusCode::OK, &claims::of_person(&grant))).noted("identity given");
    };
    let claims = claims::of_signed_userinfo(server, &grant);
    let answer = server.keys.signer(algorithm, app.secrets.text()).await.and_then(|signer| signer.sign(&claims));
    match answer {
        Ok(jwt) => {
            let response = answer::with_header(answer::text(StatusCode::OK, jwt), CONTENT_TYPE, "application/jwt");
            answer::no_store(response).noted("signed identity given")
        }
        Err(error) => token::not_signed(error),
    }
}
