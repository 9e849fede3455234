//! Where a provider's endpoints are.

use serde::{Deserialize, Serialize};

use super::{Bases, Provider};
use crate::Statement;

/// The endpoints. Each is written as a path below its base, or as an absolute address, as a discovery document gives it. An absolute
/// address belongs to the real server: the sandbox has no such endpoint. Of the paths `identity` hangs below [`Bases::api`], the others
/// below [`Bases::authorization`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoints {
    /// Authorization endpoint (RFC 6749 §3.1).
    pub authorization: Statement<String>,
    /// Token endpoint (RFC 6749 §3.2).
    pub token: Statement<String>,
    /// Where an access token is turned into an identity; in OpenID Connect the UserInfo endpoint (Core §5.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Statement<String>>,
    /// Where a token is revoked (RFC 7009 §2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<Statement<String>>,
    /// Where the server says what a token is worth (RFC 7662 §2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introspection: Option<Statement<String>>,
    /// The keys that tokens are signed with, a JWK Set (RFC 7517 §5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Statement<String>>,
    /// Where a person is logged out at the provider (OpenID Connect RP-Initiated Logout §2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_session: Option<Statement<String>>,
    /// Where a client registers itself (RFC 7591 §3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Statement<String>>,
    /// OpenID Connect discovery document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discovery: Option<Statement<String>>,
    /// Whether `path` and `path/` are the same to this server.
    pub trailing_slash: Statement<SlashPolicy>,
}

/// What the server does about a trailing slash that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlashPolicy {
    /// Paths are written without one.
    None,
    /// Paths end in a slash; without it the server answers 308 Permanent Redirect.
    Required,
}

/// Which endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the field of `Endpoints` with its name")]
pub enum Endpoint {
    Authorization,
    Token,
    Identity,
    Revocation,
    Introspection,
    Jwks,
    EndSession,
    Registration,
    Discovery,
}

impl Endpoint {
    /// All of them, in the order of a profile.
    pub const ALL: [Self; 9] = [
        Self::Authorization,
        Self::Token,
        Self::Identity,
        Self::Revocation,
        Self::Introspection,
        Self::Jwks,
        Self::EndSession,
        Self::Registration,
        Self::Discovery,
    ];

    /// The name of its field in a profile.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authorization => "authorization",
            Self::Token => "token",
            Self::Identity => "identity",
            Self::Revocation => "revocation",
            Self::Introspection => "introspection",
            Self::Jwks => "jwks",
            Self::EndSession => "end_session",
            Self::Registration => "registration",
            Self::Discovery => "discovery",
        }
    }
}

/// Whether an endpoint is written as an absolute address and not as a path below a base.
pub fn is_absolute(written: &str) -> bool {
    written.contains("://")
}

impl Endpoints {
    /// What a profile says of one endpoint.
    pub const fn get(&self, endpoint: Endpoint) -> Option<&Statement<String>> {
        match endpoint {
            Endpoint::Authorization => Some(&self.authorization),
            Endpoint::Token => Some(&self.token),
            Endpoint::Identity => self.identity.as_ref(),
            Endpoint::Revocation => self.revocation.as_ref(),
            Endpoint::Introspection => self.introspection.as_ref(),
            Endpoint::Jwks => self.jwks.as_ref(),
            Endpoint::EndSession => self.end_session.as_ref(),
            Endpoint::Registration => self.registration.as_ref(),
            Endpoint::Discovery => self.discovery.as_ref(),
        }
    }
}

impl Bases {
    /// The issuer identifier (RFC 8414 §2), letter by letter: what metadata, callbacks and ID tokens have to name.
    pub fn issuer(&self) -> &str {
        self.issuer.as_deref().unwrap_or(&self.authorization)
    }

    /// The address of an endpoint that is written as `written`: below its base, or as it is when it is absolute. None for an absolute
    /// one in the sandbox, from where nothing may go to the real server.
    pub fn address(&self, endpoint: Endpoint, written: &str) -> Option<String> {
        if is_absolute(written) {
            return (!self.is_sandbox).then(|| written.to_owned());
        }
        let base = match endpoint {
            Endpoint::Identity => self.api.as_ref().unwrap_or(&self.authorization),
            Endpoint::Token => self.token.as_ref().unwrap_or(&self.authorization),
            _ => &self.authorization,
        };
        Some(format!("{}{written}", base.trim_end_matches('/')))
    }
}

impl Provider {
    /// The whole address of an endpoint; none where there is no such endpoint below `bases`. It is text and was not judged: what may be
    /// sent there is for the one who sends it.
    pub fn address(&self, endpoint: Endpoint, bases: &Bases) -> Option<String> {
        bases.address(endpoint, &self.endpoints.get(endpoint)?.value)
    }
}
