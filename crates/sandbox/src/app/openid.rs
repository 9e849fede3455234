//! How an app is registered for OpenID Connect: what OpenID Connect Registration §2 calls client metadata.

use serde::{Deserialize, Serialize};
use url::Url;

use super::AppRefusalCode::Invalid;
use super::{App, AppRefusal};
use crate::signing::{JwkSet, SignatureAlgorithm};

/// How an app is registered for OpenID Connect. Only Chaster's twin looks at it; the default is what Keycloak gives a new confidential
/// client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OpenIdSettings {
    /// How the app authenticates. Left out: by its secret, in the body or by Basic, as it likes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_method: Option<ClientAuthMethod>,
    /// The public keys with which `private_key_jwt` assertions are checked (RFC 7523).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks: Option<JwkSet>,
    /// How ID tokens are signed.
    pub id_token_signed_response_alg: SignatureAlgorithm,
    /// How userinfo answers are signed; left out, they are plain JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_signed_response_alg: Option<SignatureAlgorithm>,
    /// Where people may be sent after a logout. Left empty, the redirect URIs serve for that, too (Keycloak's `+`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub post_logout_redirect_uris: Vec<String>,
    /// Whether a refresh token can be used once only (Keycloak's "Revoke Refresh Token").
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub revoke_refresh_token: bool,
}

/// How a client authenticates at the token endpoint (OpenID Connect Core §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthMethod {
    /// By HTTP Basic (RFC 6749 §2.3.1).
    ClientSecretBasic,
    /// By the secret in the form.
    ClientSecretPost,
    /// By an assertion keyed by the secret.
    ClientSecretJwt,
    /// By an assertion signed with a key of the app's own.
    PrivateKeyJwt,
    /// Not at all: a public client, which has no secret to keep.
    None,
}

impl OpenIdSettings {
    /// Whether nothing differs from a new app.
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The algorithms this app needs keys for.
    pub(crate) fn algorithms(&self) -> impl Iterator<Item = SignatureAlgorithm> {
        [Some(self.id_token_signed_response_alg), self.userinfo_signed_response_alg].into_iter().flatten()
    }

    /// The settings, or the first member that is wrong.
    pub(super) fn checked(self) -> Result<Self, AppRefusal> {
        let refuse = |field, sentence: String| Err(AppRefusal::of_field(Invalid, field, sentence));
        let is_public = self.token_endpoint_auth_method == Some(ClientAuthMethod::None);
        if is_public && self.algorithms().any(SignatureAlgorithm::is_keyed_by_secret) {
            let sentence = "A public client has no secret, and the HS algorithms are keyed by one. Choose another.";
            return refuse("id_token_signed_response_alg", sentence.to_owned());
        }
        let signs_itself = self.token_endpoint_auth_method == Some(ClientAuthMethod::PrivateKeyJwt);
        if signs_itself && self.jwks.as_ref().is_none_or(|jwks| jwks.keys.is_empty()) {
            return refuse("jwks", "An app that authenticates by private_key_jwt needs a public key.".to_owned());
        }
        match self.post_logout_redirect_uris.iter().find(|uri| Url::parse(uri).is_err()) {
            Some(uri) => refuse("post_logout_redirect_uris", format!("“{uri}” is not an absolute URI.")),
            None => Ok(self),
        }
    }
}

impl App {
    /// Whether people may be sent to `uri` after a logout: to a registered address, character for character.
    pub(crate) fn has_post_logout_redirect_uri(&self, uri: &str) -> bool {
        match self.openid.post_logout_redirect_uris.as_slice() {
            [] => self.has_redirect_uri(uri),
            registered => registered.iter().any(|registered| registered == uri),
        }
    }

    /// Whether the app keeps no secret.
    pub(crate) fn is_public(&self) -> bool {
        self.openid.token_endpoint_auth_method == Some(ClientAuthMethod::None)
    }
}
