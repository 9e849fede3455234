//! What one client's logins do otherwise than those of other clients of the same provider.

use crate::wire;

wire! { "protocol.ts";
    /// What one client's logins do otherwise than its provider's profile says, or beyond it. No field of it is secret: a private key is
    /// kept where the client's secret would be.
    pub struct ProtocolSettings {
        /// Parameters added to the authorization request.
        pub authorization_parameters: Vec<CustomParameter>,
        /// Parameters added to the token request that redeems a code.
        pub token_parameters: Vec<CustomParameter>,
        /// Parameters added to a refresh request.
        pub refresh_parameters: Vec<CustomParameter>,
        /// How the client authenticates, where it was registered for another way than the provider's usual one.
        pub client_authentication: Option<ClientAuthentication>,
        /// The algorithm it signs assertions with.
        pub assertion_signing_alg: Option<SigningAlgorithm>,
        /// The `kid` in the header of its assertions.
        pub assertion_key_id: Option<String>,
        /// The algorithm its ID tokens have to be signed with.
        pub id_token_signed_response_alg: Option<SigningAlgorithm>,
        /// The algorithm its UserInfo answers have to be signed with; plain JSON is then refused.
        pub userinfo_signed_response_alg: Option<SigningAlgorithm>,
        /// ID tokens signed with the client secret are allowed.
        pub hmac_allowed: bool,
        /// Audiences beside its own client ID that an ID token may name.
        pub trusted_audiences: Vec<String>,
        /// How the answer is asked to come back, where this client's is to come otherwise than the provider's usually does: `response_mode`.
        pub response_mode: Option<ResponseMode>,
        /// Whom the provider should expect: `login_hint`.
        pub login_hint: Option<String>,
        /// What the provider shall ask of the person: `prompt`.
        pub prompt: Vec<Prompt>,
        /// The most seconds that may have passed since the person last signed in: `max_age`.
        pub max_age: Option<u32>,
        /// Authentication contexts asked for, the best first: `acr_values`.
        pub acr_values: Vec<String>,
        /// A login that met none of `acrValues` is refused.
        pub acr_essential: bool,
        /// Where the provider sends the person after a logout, as registered.
        pub post_logout_redirect_uri: Option<String>,
    }

    /// A parameter of the user's own.
    pub struct CustomParameter {
        /// Its name on the wire.
        pub name: String,
        /// Its value; may be empty.
        pub value: String,
    }
}

/// How a client authenticates, by the names of RFC 7591 §2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "protocol.ts"))]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// The secret in the `Authorization` header.
    ClientSecretBasic,
    /// The secret in the body.
    ClientSecretPost,
    /// An assertion signed with the secret.
    ClientSecretJwt,
    /// An assertion signed with a private key.
    PrivateKeyJwt,
    /// Nothing but the client ID.
    None,
}

/// How the authorization server sends its answer, by the value of `response_mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "protocol.ts"))]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of the redirect URI.
    Query,
    /// After the `#` of the redirect URI.
    Fragment,
    /// As a form that the browser posts to the redirect URI.
    FormPost,
}

/// What the server shall ask of the person, by the values of `prompt` (OpenID Connect Core §3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "protocol.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Nothing; stands alone.
    None,
    /// To sign in again.
    Login,
    /// To consent again.
    Consent,
    /// Which account to use.
    SelectAccount,
}

/// An algorithm of a signature, by the value of `alg` (RFC 7518 §3.1, RFC 8037 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "protocol.ts"))]
#[serde(rename_all = "UPPERCASE")]
pub enum SigningAlgorithm {
    /// RSA (PKCS #1 v1.5) with SHA-256.
    Rs256,
    /// RSA (PKCS #1 v1.5) with SHA-384.
    Rs384,
    /// RSA (PKCS #1 v1.5) with SHA-512.
    Rs512,
    /// RSA (PSS) with SHA-256.
    Ps256,
    /// RSA (PSS) with SHA-384.
    Ps384,
    /// RSA (PSS) with SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// HMAC with SHA-256, keyed with the client secret.
    Hs256,
    /// HMAC with SHA-384, keyed with the client secret.
    Hs384,
    /// HMAC with SHA-512, keyed with the client secret.
    Hs512,
}
