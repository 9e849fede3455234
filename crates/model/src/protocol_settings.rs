//! What one client's logins do otherwise than those of other clients of the same provider.

use gatewright_protocol::authorization::{Prompt, ResponseMode};
use gatewright_protocol::custom_parameter::RequestKind;
use gatewright_protocol::jose::SigningAlgorithm;
use serde::{Deserialize, Serialize};

use crate::Provider;
use crate::dialect::ClientAuthentication;

/// What one client's logins do otherwise than its provider's dialect says, or beyond it. The default is: nothing. It holds no secret: a
/// private key is kept where the client's secret would be, as PEM (RFC 7468 §10) or as a JWK (RFC 7517).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProtocolSettings {
    /// Parameters added to the authorization request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authorization_parameters: Vec<CustomParameter>,
    /// Parameters added to the token request that redeems a code.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub token_parameters: Vec<CustomParameter>,
    /// Parameters added to a refresh request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refresh_parameters: Vec<CustomParameter>,
    /// How it authenticates, where it was registered for another way than the provider's usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_authentication: Option<ClientAuthentication>,
    /// The algorithm it signs assertions with: `token_endpoint_auth_signing_alg` (OpenID Connect Registration §2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assertion_signing_alg: Option<SigningAlgorithm>,
    /// The `kid` of its private key, for a server that wants it in the header of an assertion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assertion_key_id: Option<String>,
    /// The algorithm its ID tokens have to be signed with: `id_token_signed_response_alg`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_signed_response_alg: Option<SigningAlgorithm>,
    /// The algorithm its UserInfo answers have to be signed with: `userinfo_signed_response_alg`. Plain JSON is then refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_signed_response_alg: Option<SigningAlgorithm>,
    /// ID tokens signed with the client secret (HS256 …) are allowed. Otherwise they are refused, because whoever has the secret could
    /// have made them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hmac_allowed: bool,
    /// Audiences beside its own client ID that an ID token may name (OpenID Connect Core §3.1.3.7).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trusted_audiences: Vec<String>,
    /// How the answer is asked to come back, where this client's is to come otherwise than the provider's usually does: `response_mode`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_mode: Option<ResponseMode>,
    /// Whom the provider should expect: `login_hint` (OpenID Connect Core §3.1.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login_hint: Option<String>,
    /// What the provider shall ask of the person: `prompt` (Core §3.1.2.1).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prompt: Vec<Prompt>,
    /// The most seconds that may have passed since the person last signed in: `max_age` (Core §3.1.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
    /// Authentication contexts asked for, the best first: `acr_values`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub acr_values: Vec<String>,
    /// A login that met none of `acr_values` is refused; it is then asked for as an essential claim (Core §5.5.1.1).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub acr_essential: bool,
    /// Where the provider sends the person after a logout, as registered: `post_logout_redirect_uri`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_logout_redirect_uri: Option<String>,
}

/// A parameter of the user's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomParameter {
    /// Its name on the wire.
    pub name: String,
    /// Its value; may be empty.
    pub value: String,
}

impl ProtocolSettings {
    /// Whether nothing differs.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// How this client authenticates at a provider: its own way, else the provider's usual one.
    pub fn authentication(&self, provider: &Provider) -> ClientAuthentication {
        self.client_authentication.unwrap_or(provider.dialect.token_request.client_authentication.value)
    }

    /// The `response_mode` that this client's authorization requests name at a provider: its own, else the provider's usual one. None
    /// where nothing has to be said, and the answer comes in the query.
    pub fn asked_response_mode(&self, provider: &Provider) -> Option<ResponseMode> {
        let usual = provider.dialect.authorization.response_mode.as_ref();
        self.response_mode.or_else(|| usual.map(|mode| mode.value))
    }

    /// The parameters added to one request, as [`gatewright_protocol`] takes them.
    pub fn parameters(&self, request: RequestKind) -> Vec<(String, String)> {
        let parameters = match request {
            RequestKind::Authorization => &self.authorization_parameters,
            RequestKind::Token => &self.token_parameters,
            RequestKind::Refresh => &self.refresh_parameters,
        };
        parameters.iter().map(|parameter| (parameter.name.clone(), parameter.value.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use gatewright_protocol::authorization::{Prompt, ResponseMode};

    use super::{CustomParameter, ProtocolSettings};
    use crate::dialect::ClientAuthentication;

    #[test]
    fn settings_that_change_nothing_are_an_empty_object() {
        assert_eq!(serde_json::to_string(&ProtocolSettings::default()).unwrap(), "{}");
        assert_eq!(serde_json::from_str::<ProtocolSettings>("{}").unwrap(), ProtocolSettings::default());
    }

    #[test]
    fn settings_come_back_as_they_were_written() {
        let settings = ProtocolSettings {
            refresh_parameters: vec![CustomParameter { name: "audience".to_owned(), value: String::new() }],
            client_authentication: Some(ClientAuthentication::PrivateKeyJwt),
            hmac_allowed: true,
            max_age: Some(0),
            response_mode: Some(ResponseMode::FormPost),
            prompt: vec![Prompt::Login, Prompt::SelectAccount],
            ..ProtocolSettings::default()
        };
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<ProtocolSettings>(&text).unwrap(), settings);
        assert!(text.contains("\"form_post\"") && text.contains("\"select_account\""), "{text}");
        assert!(text.contains("\"private_key_jwt\"") && !text.contains("acr_values"), "{text}");
    }
}
