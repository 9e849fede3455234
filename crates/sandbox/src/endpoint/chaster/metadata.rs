//! What Chaster says about itself: discovery (OpenID Connect Discovery §4) and its public key (RFC 7517).

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use super::super::answer::{self, Noted as _};
use super::SCOPES;
use crate::Twin;
use crate::server::Server;
use crate::signing::{self, Jwk};

#[derive(Serialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    jwks_uri: String,
    revocation_endpoint: String,
    grant_types_supported: [&'static str; 3],
    response_types_supported: [&'static str; 1],
    response_modes_supported: [&'static str; 1],
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: [&'static str; 1],
    token_endpoint_auth_methods_supported: [&'static str; 2],
    revocation_endpoint_auth_methods_supported: [&'static str; 2],
    scopes_supported: [&'static str; 8],
    claims_supported: [&'static str; 11],
    code_challenge_methods_supported: [&'static str; 2],
    prompt_values_supported: [&'static str; 3],
    authorization_response_iss_parameter_supported: bool,
}

/// `GET …/.well-known/openid-configuration`
pub(crate) fn discovery(server: &Server) -> Response {
    signing::prepare();
    let issuer = super::issuer(server);
    let at = |path: &str| format!("{issuer}/protocol/openid-connect/{path}");
    let metadata = Metadata {
        authorization_endpoint: format!("{}{}", server.origin, Twin::Chaster.authorization_path()),
        token_endpoint: at("token"),
        userinfo_endpoint: at("userinfo"),
        jwks_uri: at("certs"),
        revocation_endpoint: at("revoke"),
        grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
        response_types_supported: ["code"],
        response_modes_supported: ["query"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
        token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
        revocation_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
        scopes_supported: SCOPES,
        claims_supported: [
            "iss",
            "sub",
            "aud",
            "exp",
            "iat",
            "auth_time",
            "name",
            "given_name",
            "family_name",
            "preferred_username",
            "email",
        ],
        code_challenge_methods_supported: ["plain", "S256"],
        prompt_values_supported: ["none", "login", "consent"],
        authorization_response_iss_parameter_supported: true,
        issuer,
    };
    answer::json(StatusCode::OK, &metadata).noted("metadata given")
}

/// `GET …/certs`
pub(crate) async fn certificates() -> Response {
    #[derive(Serialize)]
    struct JwkSet<'a> {
        keys: [&'a Jwk; 1],
    }
    match signing::key().await {
        Ok(key) => answer::json(StatusCode::OK, &JwkSet { keys: [key.public()] }).noted("public key given"),
        Err(error) => {
            tracing::error!(%error, "sandbox");
            answer::oauth_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "The sandbox has no signing key.")
        }
    }
}
