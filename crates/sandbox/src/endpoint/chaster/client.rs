//! Which app is calling: client authentication (RFC 6749 §2.3, RFC 7523 §2.2, OpenID Connect Core §9).

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::super::answer;
use super::super::inbound::{Fields, Inbound};
use super::Endpoint;
use crate::Twin;
use crate::app::{App, ClientAuthMethod};
use crate::server::Server;
use crate::signing::Jwt;

/// The only kind of assertion there is (RFC 7523 §2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Why a client is not let in, as the token endpoint words it.
pub(super) enum ClientRefusal {
    /// There is no such app.
    Unknown,
    /// The secret is wrong, or the app is registered for another way to authenticate.
    WrongCredentials,
    /// Something is wrong with the assertion.
    Assertion(&'static str),
}

impl IntoResponse for ClientRefusal {
    /// Keycloak tells a wrong secret from an unknown client by the error code only.
    fn into_response(self) -> Response {
        let credentials = "Invalid client or Invalid client credentials";
        match self {
            Self::Unknown => answer::oauth_error(StatusCode::UNAUTHORIZED, "invalid_client", credentials),
            Self::WrongCredentials => answer::oauth_error(StatusCode::UNAUTHORIZED, "unauthorized_client", credentials),
            Self::Assertion(reason) => {
                let sentence = format!("Client authentication with signed JWT failed: {reason}");
                answer::oauth_error(StatusCode::BAD_REQUEST, "invalid_client", &sentence)
            }
        }
    }
}

/// The app, authenticated in the way it is registered for.
pub(super) fn authenticated(server: &Server, inbound: &Inbound, form: &Fields) -> Result<Arc<App>, ClientRefusal> {
    if let Some(assertion) = form.filled("client_assertion") {
        return by_assertion(server, inbound, form, assertion);
    }
    let basic = inbound.basic();
    let (id, secret, method) = if let Some((id, secret)) = &basic {
        (id.as_str(), secret.as_str(), ClientAuthMethod::ClientSecretBasic)
    } else {
        let field = |name| form.text(name).unwrap_or_default();
        (field("client_id"), field("client_secret"), ClientAuthMethod::ClientSecretPost)
    };
    let app = server.apps.find(Twin::Chaster, id).ok_or(ClientRefusal::Unknown)?;
    let let_in = match app.openid.token_endpoint_auth_method {
        // Whatever secret a public client sends is not looked at.
        Some(ClientAuthMethod::None) => true,
        Some(registered) if registered != method => false,
        _ => app.secrets.accept(secret, server.now()),
    };
    if let_in { Ok(app) } else { Err(ClientRefusal::WrongCredentials) }
}

/// `client_secret_jwt` and `private_key_jwt` (RFC 7523 §3).
fn by_assertion(server: &Server, inbound: &Inbound, form: &Fields, assertion: &str) -> Result<Arc<App>, ClientRefusal> {
    let refuse = |reason| Err(ClientRefusal::Assertion(reason));
    if form.text("client_assertion_type") != Some(JWT_BEARER) {
        return refuse("Parameter client_assertion_type is missing or has an unknown value");
    }
    let Some(token) = Jwt::parse(assertion) else { return refuse("The assertion is no JWT") };
    let client = token.text("sub").unwrap_or_default();
    if token.text("iss") != Some(client) || form.filled("client_id").is_some_and(|id| id != client) {
        return refuse("Issuer, subject and client_id must all be the client");
    }
    let app = server.apps.find(Twin::Chaster, client).ok_or(ClientRefusal::Unknown)?;
    if !is_signed(&app, &token, server.now())? {
        return refuse("Signature on JWT token failed validation");
    }
    let issuer = super::issuer(server);
    let asked = format!("{}{}", server.origin, inbound.parts.uri.path());
    if ![issuer, Endpoint::Token.address(server), asked].iter().any(|audience| token.is_for(audience)) {
        return refuse("Invalid token audience");
    }
    let now = server.now().as_second();
    if token.seconds("exp").is_none_or(|expires| expires <= now) || token.seconds("nbf").is_some_and(|from| from > now)
    {
        return refuse("Token is not active");
    }
    let Some(jti) = token.text("jti") else { return refuse("Missing jti claim") };
    if !server.grants(Twin::Chaster).note_assertion(client, jti) {
        return refuse("Token reuse detected");
    }
    Ok(app)
}

/// Whether the signature is the app's own, made in the way it is registered for.
fn is_signed(app: &App, token: &Jwt<'_>, now: Timestamp) -> Result<bool, ClientRefusal> {
    match app.openid.token_endpoint_auth_method {
        Some(ClientAuthMethod::ClientSecretJwt) => {
            let unknown = "The sandbox knows only a digest of the secret since it was restarted; \
                           let the app send the secret itself once";
            let mut secrets = app.secrets.texts(now).peekable();
            if secrets.peek().is_none() {
                return Err(ClientRefusal::Assertion(unknown));
            }
            Ok(secrets.any(|secret| token.is_keyed_by(secret.expose())))
        }
        Some(ClientAuthMethod::PrivateKeyJwt) => {
            let mut keys = app.openid.jwks.iter().flat_map(|jwks| &jwks.keys);
            Ok(keys.any(|key| {
                let is_named = token.kid().is_none_or(|kid| key.kid.as_deref().is_none_or(|own| own == kid));
                is_named && token.is_signed_by(key)
            }))
        }
        _ => Err(ClientRefusal::WrongCredentials),
    }
}
