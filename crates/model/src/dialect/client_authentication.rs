//! How a client proves who it is.

use serde::{Deserialize, Serialize};

/// How a client authenticates at the token endpoint and its neighbours (RFC 6749 §2.3, OpenID Connect Core §9). Profiles may also use
/// the names of RFC 7591 §2 (`token_endpoint_auth_method`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// `client_id` and `client_secret` as fields of the body.
    #[serde(alias = "client_secret_post")]
    Body,
    /// HTTP Basic with form-encoded id and secret (RFC 6749 §2.3.1).
    #[serde(alias = "client_secret_basic")]
    Basic,
    /// An assertion signed with the client secret (RFC 7523 §2.2); the secret itself is not sent.
    ClientSecretJwt,
    /// An assertion signed with the client's private key (RFC 7523 §2.2). The key is kept where the secret would be.
    PrivateKeyJwt,
    /// `client_id` in the body and no secret: a public client.
    None,
}

impl ClientAuthentication {
    /// Every way, in the order in which one is chosen for a provider that takes several: what most servers are tested with comes first.
    pub const PREFERENCE: [Self; 5] = [Self::Basic, Self::Body, Self::ClientSecretJwt, Self::PrivateKeyJwt, Self::None];

    /// The name in RFC 7591 §2.
    pub const fn registered_name(self) -> &'static str {
        match self {
            Self::Body => "client_secret_post",
            Self::Basic => "client_secret_basic",
            Self::ClientSecretJwt => "client_secret_jwt",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::None => "none",
        }
    }

    /// The way with that name in RFC 7591 §2; none for one we do not know, as `tls_client_auth`.
    pub fn from_registered_name(name: &str) -> Option<Self> {
        Self::PREFERENCE.into_iter().find(|way| way.registered_name() == name)
    }

    /// Whether the client needs something secret of its own: a secret or a private key.
    pub const fn needs_secret(self) -> bool {
        !matches!(self, Self::None)
    }

    /// Whether a signed assertion takes the place of the secret.
    pub const fn is_assertion(self) -> bool {
        matches!(self, Self::ClientSecretJwt | Self::PrivateKeyJwt)
    }
}

#[cfg(test)]
mod tests {
    use super::ClientAuthentication;

    #[test]
    fn a_profile_may_use_our_words_or_those_of_rfc_7591() {
        let read = |text: &str| serde_json::from_str::<ClientAuthentication>(&format!("\"{text}\"")).ok();
        for way in ClientAuthentication::PREFERENCE {
            assert_eq!(read(way.registered_name()), Some(way));
            assert_eq!(ClientAuthentication::from_registered_name(way.registered_name()), Some(way));
        }
        assert_eq!(read("body"), Some(ClientAuthentication::Body));
        assert_eq!(read("basic"), Some(ClientAuthentication::Basic));
        assert_eq!(ClientAuthentication::from_registered_name("tls_client_auth"), None);
    }
}
