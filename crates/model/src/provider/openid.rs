//! What a provider says of OpenID Connect beyond its endpoints.

use serde::{Deserialize, Serialize};

use crate::{Statement, dialect::Presence};

/// What a provider says of its ID tokens and of OpenID Connect in general. The endpoints stand with the others, the issuer is that of
/// [`super::Bases::issuer`], and the scopes are those of the authorization request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenIdConnect {
    /// The algorithms it says it signs ID tokens with, by their names in RFC 7518 §3.1: `id_token_signing_alg_values_supported`.
    pub id_token_signing_algorithms: Statement<Vec<String>>,
    /// The one algorithm its clients are registered for: `id_token_signed_response_alg`. Absent when nobody knows; a client may say
    /// otherwise for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token_signed_response_alg: Option<Statement<String>>,
    /// The algorithms it can sign UserInfo answers with; absent when they are plain JSON only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub userinfo_signing_algorithms: Option<Statement<Vec<String>>>,
    /// Whether `nonce` is sent (Core §3.1.2.1). Left out only for a server that stumbles over it.
    pub nonce: Statement<Presence>,
    /// Whether its ID tokens carry `at_hash` (Core §3.1.3.6). One that comes is verified in any case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<Statement<bool>>,
    /// The authentication contexts that may be asked for with `acr_values` (Core §3.1.2.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr_values: Option<Statement<Vec<String>>>,
}

/// The algorithms of RFC 7518 §3.1 and RFC 8037 §3.1 that a signature may be made with, and `none`.
pub const SIGNING_ALGORITHMS: [&str; 14] = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "HS256", "HS384",
    "HS512", "none",
];
