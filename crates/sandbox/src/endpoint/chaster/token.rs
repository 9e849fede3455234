//! Chaster's token endpoint: codes, refresh tokens, and clients that act for themselves.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::super::answer::{self, Noted as _};
use super::super::inbound::{Fields, Inbound};
use super::{DEFAULT_SCOPE, claims, client};
use crate::Twin;
use crate::app::App;
use crate::app::client_metadata::GrantType;
use crate::grants::{Challenge, CodeState, Grant, RefreshState};
use crate::server::{Server, limited};
use crate::signing::SigningError;

/// Lifetimes as the document gives them.
const ACCESS_SECONDS: u32 = 300;
const REFRESH_SECONDS: u32 = 1800;

/// What is wrong with a grant, as Keycloak words it.
type Refusal = (&'static str, &'static str);

#[derive(Serialize)]
struct TokenBody<'a> {
    access_token: &'a str,
    expires_in: u32,
    /// 0 means never, as for every `offline_access` token, and "there is none" for a client that acts for itself.
    refresh_expires_in: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(rename = "not-before-policy")]
    not_before_policy: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_state: Option<&'a str>,
    scope: &'a str,
}

/// `POST …/token`
pub(crate) async fn token(server: &Server, inbound: Inbound) -> Response {
    let invalid = |description| answer::oauth_error(StatusCode::BAD_REQUEST, "invalid_request", description);
    let form = inbound.form();
    if form.has_duplicate() {
        return invalid("duplicated parameter");
    }
    let grant_type = match form.filled("grant_type") {
        Some("authorization_code") => GrantType::AuthorizationCode,
        Some("refresh_token") => GrantType::RefreshToken,
        Some("client_credentials") => GrantType::ClientCredentials,
        Some(_) => {
            return answer::oauth_error(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Unsupported grant_type");
        }
        None => return invalid("Missing form parameter: grant_type"),
    };
    let app = match client::authenticated(server, &inbound, &form) {
        Ok(app) => app,
        Err(refusal) => return refusal.into_response(),
    };
    if !app.may_use(grant_type) {
        let sentence = "Client not allowed for this grant type";
        return answer::oauth_error(StatusCode::BAD_REQUEST, "unauthorized_client", sentence);
    }
    let granted = match grant_type {
        GrantType::ClientCredentials => return client_token(server, &app, &form),
        GrantType::RefreshToken => take_refresh_token(server, &app, &form),
        GrantType::AuthorizationCode => take_code(server, &app, &form),
    };
    match granted {
        Ok(grant) => user_tokens(server, &app, &grant).await,
        Err((error, description)) => answer::oauth_error(StatusCode::BAD_REQUEST, error, description),
    }
}

/// A code is spent by the first try, whatever comes of it; a second try ends the session, and the tokens of the first die.
fn take_code(server: &Server, app: &App, form: &Fields) -> Result<Arc<Grant>, Refusal> {
    let code = form.filled("code").ok_or(("invalid_request", "Missing parameter: code"))?;
    let grant = {
        let mut grants = server.grants(Twin::Chaster);
        match grants.code(code, server.now()) {
            CodeState::Unknown => return Err(("invalid_grant", "Code not valid")),
            CodeState::Redeemed(grant) => {
                grant.end();
                return Err(("invalid_grant", "Code not valid"));
            }
            CodeState::Expired => return Err(("invalid_grant", "Code is expired")),
            CodeState::Good(grant) => {
                grants.redeem_code(code);
                grant
            }
        }
    };
    if grant.client != app.key {
        return Err(("invalid_grant", "Auth error"));
    }
    if form.filled("redirect_uri") != Some(&*grant.redirect_uri) {
        return Err(("invalid_grant", "Incorrect redirect_uri"));
    }
    check_verifier(grant.challenge.as_ref(), form.filled("code_verifier"))?;
    Ok(grant)
}

/// RFC 7636 §4.6.
fn check_verifier(challenge: Option<&Challenge>, verifier: Option<&str>) -> Result<(), Refusal> {
    let (expected, presented) = match (challenge, verifier) {
        (None, None) => return Ok(()),
        (None, Some(_)) => {
            return Err(("invalid_grant", "PKCE code verifier specified but challenge not present in authorization"));
        }
        (Some(_), None) => return Err(("invalid_grant", "PKCE code verifier not specified")),
        (Some(Challenge::Plain(expected)), Some(verifier)) => (expected, verifier.to_owned()),
        (Some(Challenge::S256(expected)), Some(verifier)) => {
            (expected, URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)))
        }
    };
    if *expected == presented { Ok(()) } else { Err(("invalid_grant", "PKCE verification failed: Code mismatch")) }
}

/// Keycloak's default: a refresh token can be used again until it expires, and every answer has a new one. Where the app is one whose
/// refresh tokens can be used once, a second use ends everything the first has brought.
fn take_refresh_token(server: &Server, app: &App, form: &Fields) -> Result<Arc<Grant>, Refusal> {
    let token = form.filled("refresh_token").ok_or(("invalid_request", "No refresh token"))?;
    let mut grants = server.grants(Twin::Chaster);
    let grant = match grants.refresh(token, server.now()) {
        RefreshState::Unknown => return Err(("invalid_grant", "Invalid refresh token")),
        RefreshState::Expired(grant) | RefreshState::Used(grant) | RefreshState::Good(grant)
            if grant.client != app.key =>
        {
            return Err(("invalid_grant", "Invalid refresh token. Token client and authorized client don't match"));
        }
        RefreshState::Expired(_) => return Err(("invalid_grant", "Token is not active")),
        RefreshState::Used(grant) => {
            grant.end();
            return Err(("invalid_grant", "Maximum allowed refresh token reuse exceeded"));
        }
        RefreshState::Good(grant) if !grant.is_live() => return Err(("invalid_grant", "Session not active")),
        RefreshState::Good(grant) => grant,
    };
    if app.openid.revoke_refresh_token {
        grants.use_refresh(token);
    }
    Ok(grant)
}

/// Access and refresh token, and an ID token when `openid` was granted.
async fn user_tokens(server: &Server, app: &App, grant: &Arc<Grant>) -> Response {
    let now = server.now();
    let access_token = server.entropy.hex40();
    let refresh_token = app.may_use(GrantType::RefreshToken).then(|| server.entropy.hex40());
    let access_seconds = access_seconds(server);
    let own_refresh = (!grant.has_scope("offline_access")).then_some(REFRESH_SECONDS);
    let refresh_seconds = limited(own_refresh, server.limits.refresh_token);
    let mut id_token = None;
    if grant.has_scope("openid") {
        match id_token_for(server, app, grant, &access_token, now, access_seconds).await {
            Ok(token) => id_token = Some(token),
            Err(error) => return not_signed(error),
        }
    }
    {
        let mut grants = server.grants(Twin::Chaster);
        grants.add_access(&access_token, Arc::clone(grant), now, Some(access_seconds));
        if let Some(refresh_token) = &refresh_token {
            grants.add_refresh(refresh_token, Arc::clone(grant), now, refresh_seconds);
        }
    }
    let body = TokenBody {
        access_token: &access_token,
        expires_in: access_seconds,
        refresh_expires_in: refresh_token.as_ref().and(refresh_seconds).unwrap_or(0),
        refresh_token: refresh_token.as_deref(),
        token_type: "bearer",
        id_token,
        not_before_policy: 0,
        session_state: Some(&grant.session_state),
        scope: &grant.scope,
    };
    answer::no_store(answer::json(StatusCode::OK, &body)).noted("tokens issued")
}

async fn id_token_for(
    server: &Server,
    app: &App,
    grant: &Grant,
    access_token: &str,
    now: Timestamp,
    seconds: u32,
) -> Result<String, SigningError> {
    let algorithm = app.openid.id_token_signed_response_alg;
    let claims = claims::of_id_token(server, grant, access_token, algorithm, now, seconds);
    server.keys.signer(algorithm, app.secrets.text()).await?.sign(&claims)
}

/// The ID token that `openid` would have brought along with an access token; none when the token stands for no person.
pub(crate) async fn unasked_id_token(server: &Server, access_token: &str) -> Option<String> {
    let now = server.now();
    let grant = server.grants(Twin::Chaster).access(access_token, now).filter(|grant| grant.user.is_some())?;
    let app = server.apps.find(Twin::Chaster, &grant.client)?;
    id_token_for(server, &app, &grant, access_token, now, access_seconds(server)).await.ok()
}

/// What an app gets when the sandbox itself has failed.
pub(super) fn not_signed(error: SigningError) -> Response {
    tracing::error!(%error, "sandbox");
    answer::oauth_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error", &format!("The sandbox failed: {error}."))
}

/// A client that acts for itself (RFC 6749 §4.4): an opaque access token, and nothing to refresh. Every app of the twin may do this.
fn client_token(server: &Server, app: &App, form: &Fields) -> Response {
    let scope = form.filled("scope").unwrap_or(DEFAULT_SCOPE);
    if scope.split(' ').any(|scope| !super::SCOPES.contains(&scope)) {
        return answer::oauth_error(StatusCode::BAD_REQUEST, "invalid_scope", "Invalid scopes");
    }
    let now = server.now();
    let access_token = server.entropy.hex40();
    let access_seconds = access_seconds(server);
    let mut grant = Grant::new(Arc::clone(&app.key), None, "", now);
    scope.clone_into(&mut grant.scope);
    server.grants(Twin::Chaster).add_access(&access_token, Arc::new(grant), now, Some(access_seconds));
    let body = TokenBody {
        access_token: &access_token,
        expires_in: access_seconds,
        refresh_expires_in: 0,
        refresh_token: None,
        token_type: "bearer",
        id_token: None,
        not_before_policy: 0,
        session_state: None,
        scope,
    };
    answer::no_store(answer::json(StatusCode::OK, &body)).noted("access token issued to the client itself")
}

fn access_seconds(server: &Server) -> u32 {
    limited(Some(ACCESS_SECONDS), server.limits.access_token).unwrap_or(ACCESS_SECONDS)
}
