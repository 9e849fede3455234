//! The members we know (RFC 8414 §2, OpenID Connect Discovery §3 and its kin).

/// An address in a provider's metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// Where the person goes.
    Authorization,
    /// Gets the client secret, the code and the refresh token.
    Token,
    /// Gets the access token.
    UserInfo,
    /// The keys that signatures are checked with.
    Keys,
    /// Gets tokens (RFC 7662).
    Introspection,
    /// Gets tokens (RFC 7009).
    Revocation,
    /// Gets the ID token (OpenID Connect RP-Initiated Logout).
    EndSession,
    /// Gets what a new client is (RFC 7591).
    Registration,
    /// Gets the client secret (RFC 8628).
    DeviceAuthorization,
    /// Gets the client secret (RFC 9126).
    PushedAuthorizationRequest,
}

/// What hangs on a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Secrets or tokens go to this address.
    Secret,
    /// It decides whom we believe: who the issuer is, where the person signs in, which keys count.
    Trust,
    /// Neither.
    Other,
}

impl Endpoint {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Authorization,
        Self::Token,
        Self::UserInfo,
        Self::Keys,
        Self::Introspection,
        Self::Revocation,
        Self::EndSession,
        Self::Registration,
        Self::DeviceAuthorization,
        Self::PushedAuthorizationRequest,
    ];

    /// Its name in the document.
    pub const fn member(self) -> &'static str {
        match self {
            Self::Authorization => "authorization_endpoint",
            Self::Token => "token_endpoint",
            Self::UserInfo => "userinfo_endpoint",
            Self::Keys => "jwks_uri",
            Self::Introspection => "introspection_endpoint",
            Self::Revocation => "revocation_endpoint",
            Self::EndSession => "end_session_endpoint",
            Self::Registration => "registration_endpoint",
            Self::DeviceAuthorization => "device_authorization_endpoint",
            Self::PushedAuthorizationRequest => "pushed_authorization_request_endpoint",
        }
    }

    /// What hangs on it.
    pub const fn weight(self) -> Weight {
        match self {
            Self::Authorization | Self::Keys => Weight::Trust,
            _ => Weight::Secret,
        }
    }
}

impl Weight {
    /// What hangs on the member of this name.
    pub(super) fn of(member: &str) -> Self {
        match member {
            "issuer" | "authorization_response_iss_parameter_supported" => Self::Trust,
            name => {
                Endpoint::ALL.into_iter().find(|known| known.member() == name).map_or(Self::Other, Endpoint::weight)
            }
        }
    }
}

/// Members that are lists of texts.
pub(super) const LISTS: [&str; 18] = [
    "scopes_supported",
    "response_types_supported",
    "response_modes_supported",
    "grant_types_supported",
    "code_challenge_methods_supported",
    "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported",
    "revocation_endpoint_auth_methods_supported",
    "introspection_endpoint_auth_methods_supported",
    "id_token_signing_alg_values_supported",
    "userinfo_signing_alg_values_supported",
    "subject_types_supported",
    "prompt_values_supported",
    "acr_values_supported",
    "claims_supported",
    "claim_types_supported",
    "display_values_supported",
    "ui_locales_supported",
];

/// Members that are true or false.
pub(super) const FLAGS: [&str; 5] = [
    "authorization_response_iss_parameter_supported",
    "require_pushed_authorization_requests",
    "claims_parameter_supported",
    "request_parameter_supported",
    "request_uri_parameter_supported",
];
