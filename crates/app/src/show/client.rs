//! What a client sends and gets, and what Gatewright can do with its redirect URIs.

use gatewright_contract::client::{
    Ownership as WireOwnership, RedirectUriDetail, SecretDetail, SecretPlace as WirePlace,
};
use gatewright_contract::secret_version::{DeploymentDetail, RotationUrgency, SecretProof, SecretStanding};
use gatewright_model::dialect::{ClientAuthentication, IdentitySource};
use gatewright_model::secret_version::{DueStanding, Proof, ProofVerdict, SecretPlace};
use gatewright_model::{Deployment, Ownership, Provider, SecretVersion, SecretVersionState};
use gatewright_protocol::http::BodyEncoding;
use gatewright_protocol::redirect_uri::RedirectUri;
use jiff::Timestamp;

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
        place: place(version),
        last_four: version.last_four.clone(),
        fingerprint: version.fingerprint.chars().take(FINGERPRINT_SHOWN).collect(),
        created_at: version.created_at.to_string(),
        promoted_at: text(version.promoted_at),
        retiring_since: text(version.retiring_since),
        retired_at: text(version.retired_at),
        removed_at: text(version.removed_at),
        due_at: text(version.due_at),
        proof: version.last_proof.map(proof),
        accepted_at: text(version.last_accepted_at),
    }
}

/// Where the value of a secret is, as the window calls it.
pub(crate) fn place(version: &SecretVersion) -> Option<WirePlace> {
    version.has_value().then_some(match version.place {
        SecretPlace::Keyring => WirePlace::Keyring,
        SecretPlace::Session => WirePlace::Session,
        SecretPlace::Moving => WirePlace::Moving,
    })
}

/// How many digits of a fingerprint are enough to tell one person's secrets apart by eye.
const FINGERPRINT_SHOWN: usize = 8;

/// The last time a provider was asked about a secret.
pub(crate) fn proof(proof: Proof) -> SecretProof {
    SecretProof { standing: standing(proof.verdict), at: proof.at.to_string() }
}

pub(crate) fn standing(verdict: ProofVerdict) -> SecretStanding {
    match verdict {
        ProofVerdict::Accepted => SecretStanding::Accepted,
        ProofVerdict::Refused => SecretStanding::Refused,
        ProofVerdict::CannotTell => SecretStanding::CannotTell,
    }
}

/// How a secret stands against the day on which it is due.
pub(crate) fn urgency(due_at: Option<Timestamp>, now: Timestamp) -> RotationUrgency {
    match DueStanding::of(due_at, now) {
        DueStanding::Due => RotationUrgency::Due,
        DueStanding::Soon => RotationUrgency::Soon,
        DueStanding::Later => RotationUrgency::Fine,
        DueStanding::Never => RotationUrgency::Never,
    }
}

pub(crate) fn deployment(deployment: &Deployment) -> DeploymentDetail {
    DeploymentDetail {
        id: deployment.id.to_string(),
        name: deployment.name.clone(),
        place: deployment.place.clone(),
        version: deployment.uses.map(|uses| uses.version),
        ticked_at: deployment.uses.map(|uses| uses.ticked_at.to_string()),
    }
}

fn text(time: Option<Timestamp>) -> Option<String> {
    time.map(|time| time.to_string())
}
