//! What a client sends and gets, and what Gatewright can do with its redirect URIs.

use gatewright_contract::client::{Ownership as WireOwnership, RedirectUriDetail, SecretDetail};
use gatewright_model::dialect::{ClientAuthentication, IdentitySource};
use gatewright_model::secret_version::SecretPlace;
use gatewright_model::{Ownership, Provider, SecretVersion, SecretVersionState};
use gatewright_protocol::http::BodyEncoding;
use gatewright_protocol::redirect_uri::RedirectUri;

pub(crate) fn ownership(ownership: Ownership) -> WireOwnership {
    match ownership {
        Ownership::Owned => WireOwnership::Owned,
        Ownership::Shared => WireOwnership::Shared,
    }
}

/// What goes to the token endpoint: "form body · grant_type · redirect_uri · secret in body".
pub(crate) fn sends(provider: &Provider) -> String {
    let dialect = &provider.dialect.token_request;
    let body = match dialect.encoding.value {
        BodyEncoding::Form => "form body",
        BodyEncoding::Json => "JSON body",
        BodyEncoding::Multipart => "multipart body",
    };
    let mut parts = vec![body];
    parts.push(if dialect.grant_type.value.is_sent() { "grant_type" } else { "no grant_type" });
    parts.push(if dialect.redirect_uri.value.is_sent() { "redirect_uri" } else { "no redirect_uri" });
    parts.push(match dialect.client_authentication.value {
        ClientAuthentication::Body => "secret in body",
        ClientAuthentication::Basic => "secret in the Authorization header",
        ClientAuthentication::ClientSecretJwt => "assertion signed with the secret",
        ClientAuthentication::PrivateKeyJwt => "assertion signed with a private key",
        ClientAuthentication::None => "no secret",
    });
    parts.join(" · ")
}

/// What comes back: "Bearer token, 3600 s, no refresh: after expiry only a new login works".
pub(crate) fn gets(provider: &Provider) -> String {
    if provider.dialect.identity.source.value == IdentitySource::TokenResponse {
        return "The identity itself; there is no access token".to_owned();
    }
    let tokens = &provider.dialect.tokens;
    let life = match &tokens.access_token_seconds {
        Some(seconds) => format!("Bearer token, {} s", seconds.value),
        None => "Bearer token without a stated lifetime".to_owned(),
    };
    match (tokens.refresh.value, &tokens.access_token_seconds) {
        (true, _) => format!("{life}, with a refresh token"),
        (false, Some(_)) => format!("{life}, no refresh: after expiry only a new login works"),
        (false, None) => format!("{life}, no refresh"),
    }
}

/// What Gatewright can do with a redirect URI.
pub(crate) fn redirect_uri(text: &str) -> RedirectUriDetail {
    match RedirectUri::parse(text) {
        Ok(uri) => RedirectUriDetail {
            uri: text.to_owned(),
            embedded: true,
            loopback: uri.is_loopback(),
            note: (!uri.is_loopback()).then(|| {
                "Caught by the login view before any request leaves. The system browser cannot bring it back here: paste the address it ends on.".to_owned()
            }),
        },
        Err(cause) => RedirectUriDetail { uri: text.to_owned(), embedded: false, loopback: false, note: Some(cause.to_string()) },
    }
}

pub(crate) fn state(state: SecretVersionState) -> &'static str {
    match state {
        SecretVersionState::Staged => "staged",
        SecretVersionState::Active => "active",
        SecretVersionState::Retiring => "retiring",
        SecretVersionState::Retired => "retired",
        SecretVersionState::Lost => "lost",
    }
}

pub(crate) fn secret(version: &SecretVersion) -> SecretDetail {
    SecretDetail {
        version: version.version,
        state: state(version.state).to_owned(),
        session_only: version.place == SecretPlace::Session,
        last_four: version.last_four.clone(),
        created_at: version.created_at.to_string(),
    }
}
