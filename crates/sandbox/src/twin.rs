//! The five twins: their names, where each one stands on the sandbox's origin, and what its form for apps asks.

use serde::{Deserialize, Serialize};

/// A sandbox twin: a real authorization server on loopback that speaks one provider's dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Twin {
    /// Identity without a token, integer ids, JSON token requests.
    Chattr,
    /// The plain code flow with a userinfo endpoint of its own shape.
    Chattz,
    /// OpenID Connect as Keycloak speaks it.
    Chaster,
    /// Form-encoded answers as documented, JSON as the engine behaves; the same token at every login.
    Gitter,
    /// Slashes, sentences as errors, a bare redirect for cancel.
    ContentDb,
}

impl Twin {
    /// All five, in the order people list them.
    pub const ALL: [Self; 5] = [Self::Chattr, Self::Chattz, Self::Chaster, Self::Gitter, Self::ContentDb];

    /// The short name, the same as the profile's id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Chattr => "chattr",
            Self::Chattz => "chattz",
            Self::Chaster => "chaster",
            Self::Gitter => "gitter",
            Self::ContentDb => "contentdb",
        }
    }

    /// The name people use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chattr => "Chattr",
            Self::Chattz => "Chattz",
            Self::Chaster => "Chaster",
            Self::Gitter => "Gitter",
            Self::ContentDb => "ContentDB",
        }
    }

    /// The twin with this short name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|twin| twin.id() == id)
    }

    /// The twin below whose prefix a path stands.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        // RFC 8414 §3.1 puts metadata before the issuer's own path.
        let path = path.strip_prefix("/.well-known/oauth-authorization-server").unwrap_or(path);
        Self::from_id(path.split('/').nth(1)?)
    }

    /// The path below which everything of this twin stands; also the path its cookie is limited to.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Chattr => "/chattr",
            Self::Chattz => "/chattz",
            Self::Chaster => "/chaster",
            Self::Gitter => "/gitter",
            Self::ContentDb => "/contentdb",
        }
    }

    /// The path of the authorization endpoint (RFC 6749 §3.1).
    pub const fn authorization_path(self) -> &'static str {
        match self {
            Self::Chattr => "/chattr/oauth/authorize",
            Self::Chattz => "/chattz/oauth/authorize",
            Self::Chaster => "/chaster/auth/realms/app/protocol/openid-connect/auth",
            Self::Gitter => "/gitter/login/oauth/authorize",
            Self::ContentDb => "/contentdb/oauth/authorize/",
        }
    }

    /// The path of the token endpoint (RFC 6749 §3.2).
    pub const fn token_path(self) -> &'static str {
        match self {
            Self::Chattr => "/chattr/oauth/token",
            Self::Chattz => "/chattz/oauth/token",
            Self::Chaster => "/chaster/auth/realms/app/protocol/openid-connect/token",
            Self::Gitter => "/gitter/login/oauth/token",
            Self::ContentDb => "/contentdb/oauth/token/",
        }
    }

    /// The path that turns an access token into an identity; Chattr has none, its token answer is the identity.
    pub const fn identity_path(self) -> Option<&'static str> {
        match self {
            Self::Chattr => None,
            Self::Chattz => Some("/chattz/oauth/userinfo"),
            Self::Chaster => Some("/chaster/auth/realms/app/protocol/openid-connect/userinfo"),
            Self::Gitter => Some("/gitter/api/v1/user/me"),
            Self::ContentDb => Some("/contentdb/api/whoami/"),
        }
    }

    /// The page on which people keep the apps they own.
    pub const fn apps_path(self) -> &'static str {
        match self {
            Self::Chattr => "/chattr/settings/oauth-apps",
            Self::Chattz => "/chattz/oauth/clients",
            Self::Chaster => "/chaster/developers/applications",
            Self::Gitter => "/gitter/apps",
            Self::ContentDb => "/contentdb/user/apps/",
        }
    }

    /// Where the sign-in form is shown and sent to.
    pub(crate) const fn sign_in_path(self) -> &'static str {
        match self {
            Self::Chattr => "/chattr/login",
            Self::Chattz => "/chattz/login",
            Self::Chaster => "/chaster/auth/realms/app/login-actions/authenticate",
            Self::Gitter => "/gitter/login",
            Self::ContentDb => "/contentdb/user/sign-in/",
        }
    }

    /// Where the "somebody else" form is sent to.
    pub(crate) const fn sign_out_path(self) -> &'static str {
        match self {
            Self::Chattr => "/chattr/logout",
            Self::Chattz => "/chattz/logout",
            Self::Chaster => "/chaster/auth/realms/app/login-actions/logout",
            Self::Gitter => "/gitter/logout",
            Self::ContentDb => "/contentdb/user/sign-out/",
        }
    }

    /// Whether an app can have a second secret while the first still works. ContentDB and Gitter never change a secret; Chattr and Chattz are
    /// silent on it; Chaster's engine has a policy for it.
    pub const fn keeps_two_secrets(self) -> bool {
        match self {
            Self::Chattr | Self::Chattz | Self::Chaster => true,
            Self::Gitter | Self::ContentDb => false,
        }
    }

    /// What the provider's own form for an app asks.
    pub const fn form_rules(self) -> FormRules {
        const OPEN: FormRules = FormRules {
            name: (1, 100),
            name_unique: false,
            redirect_uris_max: 1,
            redirect_uri: (1, 2000),
            redirect_uri_checked: true,
        };
        match self {
            Self::Chattr | Self::Chattz | Self::Gitter => OPEN,
            Self::Chaster => FormRules { redirect_uris_max: 10, ..OPEN },
            Self::ContentDb => FormRules {
                name: (5, 30),
                name_unique: true,
                redirect_uri: (5, 123),
                redirect_uri_checked: false,
                ..OPEN
            },
        }
    }
}

/// What a provider's form for an app asks. Lengths are inclusive and count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormRules {
    /// Shortest and longest name.
    pub name: (usize, usize),
    /// Whether two apps may not share a name, letter case aside.
    pub name_unique: bool,
    /// How many redirect URIs an app has at most; at least one is always asked.
    pub redirect_uris_max: usize,
    /// Shortest and longest redirect URI.
    pub redirect_uri: (usize, usize),
    /// Whether the form looks at the redirect URI at all; ContentDB takes any text of the right length.
    pub redirect_uri_checked: bool,
}
