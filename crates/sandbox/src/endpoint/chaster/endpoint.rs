//! Where each endpoint of Chaster's realm stands.

use crate::server::Server;

/// Where the realm stands below the sandbox's origin.
pub(crate) const REALM: &str = "/chaster/auth/realms/app";

/// Where the realm's administration stands: Keycloak's admin REST.
pub(super) const ADMIN: &str = "/chaster/auth/admin/realms/{realm}";

/// An endpoint of the realm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Authorization,
    Token,
    Userinfo,
    Certificates,
    Introspection,
    Revocation,
    Logout,
    /// RFC 7591 §3; each client is managed at its own address below (RFC 7592).
    Registration,
    /// The metadata where OpenID Connect Discovery §4 puts it: behind the issuer.
    OpenIdMetadata,
    /// The metadata where RFC 8414 §3.1 puts it: between host and path.
    OAuthMetadata,
}

impl Endpoint {
    /// The path on the sandbox's origin.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Authorization => "/chaster/auth/realms/app/protocol/openid-connect/auth",
            Self::Token => "/chaster/auth/realms/app/protocol/openid-connect/token",
            Self::Userinfo => "/chaster/auth/realms/app/protocol/openid-connect/userinfo",
            Self::Certificates => "/chaster/auth/realms/app/protocol/openid-connect/certs",
            Self::Introspection => "/chaster/auth/realms/app/protocol/openid-connect/token/introspect",
            Self::Revocation => "/chaster/auth/realms/app/protocol/openid-connect/revoke",
            Self::Logout => "/chaster/auth/realms/app/protocol/openid-connect/logout",
            Self::Registration => "/chaster/auth/realms/app/clients-registrations/openid-connect",
            Self::OpenIdMetadata => "/chaster/auth/realms/app/.well-known/openid-configuration",
            Self::OAuthMetadata => "/.well-known/oauth-authorization-server/chaster/auth/realms/app",
        }
    }

    /// The whole address.
    pub(crate) fn address(self, server: &Server) -> String {
        format!("{}{}", server.origin, self.path())
    }
}
