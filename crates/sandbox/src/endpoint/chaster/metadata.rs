//! What Chaster says about itself: its metadata (OpenID Connect Discovery §3, RFC 8414 §2) and its public keys (RFC 7517).

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};

use super::super::answer::{self, Noted as _};
use super::{Endpoint, SCOPES, token};
use crate::server::Server;
use crate::signing::{Jwk, KeyRing, SignatureAlgorithm, SigningError};
use crate::{RegistrationMode, Twin};

/// How a client may authenticate. Public clients (`none`) are there, too; as Keycloak the document does not advertise them.
const METHODS: [&str; 4] = ["private_key_jwt", "client_secret_basic", "client_secret_post", "client_secret_jwt"];

/// `GET …/.well-known/openid-configuration`, and the same document where RFC 8414 puts it.
pub(crate) fn metadata(server: &Server) -> Response {
    KeyRing::prepare(SignatureAlgorithm::Rs256);
    let mut document = document(server);
    if server.registration != RegistrationMode::Off {
        document["registration_endpoint"] = Endpoint::Registration.address(server).into();
    }
    answer::json(StatusCode::OK, &document).noted("metadata given")
}

fn document(server: &Server) -> Value {
    let at = |endpoint: Endpoint| endpoint.address(server);
    let algorithms = SignatureAlgorithm::ALL;
    json!({
        "issuer": super::issuer(server),
        "authorization_endpoint": at(Endpoint::Authorization),
        "token_endpoint": at(Endpoint::Token),
        "introspection_endpoint": at(Endpoint::Introspection),
        "userinfo_endpoint": at(Endpoint::Userinfo),
        "end_session_endpoint": at(Endpoint::Logout),
        "jwks_uri": at(Endpoint::Certificates),
        "revocation_endpoint": at(Endpoint::Revocation),
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
        "userinfo_signing_alg_values_supported": algorithms,
        "token_endpoint_auth_methods_supported": METHODS,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "introspection_endpoint_auth_methods_supported": METHODS,
        "introspection_endpoint_auth_signing_alg_values_supported": algorithms,
        "revocation_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
        "scopes_supported": SCOPES,
        "claim_types_supported": ["normal"],
        "claims_supported": [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "acr", "azp", "nonce", "at_hash", "sid", "name", "given_name",
            "family_name", "preferred_username", "email", "email_verified", "phone_number", "phone_number_verified",
            "address",
        ],
        "acr_values_supported": ["1"],
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "code_challenge_methods_supported": ["plain", "S256"],
        "prompt_values_supported": ["none", "login", "consent"],
        "authorization_response_iss_parameter_supported": true,
    })
}

/// `GET …/certs`
pub(crate) async fn certificates(server: &Server) -> Response {
    #[derive(Serialize)]
    struct Keys {
        keys: Vec<Jwk>,
    }
    match keys(server).await {
        Ok(keys) => answer::json(StatusCode::OK, &Keys { keys }).noted("public keys given"),
        Err(error) => token::not_signed(error),
    }
}

/// Every public key: those made so far, that for RS256, and those the registered apps will need, so that an app that reads the set once
/// finds its key in it.
async fn keys(server: &Server) -> Result<Vec<Jwk>, SigningError> {
    server.keys.key(SignatureAlgorithm::Rs256).await?;
    for app in server.apps.list(Twin::Chaster) {
        for algorithm in app.openid.algorithms().filter(|algorithm| !algorithm.is_keyed_by_secret()) {
            server.keys.key(algorithm).await?;
        }
    }
    Ok(server.keys.published().iter().map(|key| key.public().clone()).collect())
}
