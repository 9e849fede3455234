//! What a provider says of OpenID Connect beyond its endpoints.

use gatewright_protocol::jose::SigningAlgorithm;
use serde::{Deserialize, Serialize};

use crate::{Statement, dialect::Presence};

/// What a provider says of its ID tokens and of OpenID Connect in general. The endpoints stand with the others, the issuer is that of
/// [`super::Bases::issuer`], and the scopes are those of the authorization request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenIdConnect {
    /// The algorithms it says it signs ID tokens with: `id_token_signing_alg_values_supported`. By name, for servers list more than we can
    /// verify.
    pub id_token_signing_algorithms: Statement<Vec<String>>,
    /// The one algorithm its clients are registered for: `id_token_signed_response_alg`. Absent when nobody knows; a client may say
    /// otherwise for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token_signed_response_alg: Option<Statement<SigningAlgorithm>>,
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
