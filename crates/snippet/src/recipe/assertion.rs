//! The assertion that proves who the client is, and sends neither its secret nor its key (RFC 7523 §2.2, OpenID Connect Core §9).

use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::provider::Endpoint;
use gatewright_protocol::jose::{Curve, SigningAlgorithm, SigningKey};

use super::RecipeError;
use super::build::Ingredients;
use crate::comment::Remark;

/// What a program signs, and how.
#[derive(Clone, Debug)]
pub(crate) struct Assertion {
    /// Whom it is for: the token endpoint.
    pub(crate) audience: String,
    pub(crate) algorithm: SigningAlgorithm,
    /// What the provider calls the key: `kid` (RFC 7515 §4.1.4).
    pub(crate) key_id: Option<String>,
}

/// What an algorithm does with its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// HMAC (RFC 7518 §3.2); the key is the client's secret.
    Hmac,
    /// RSA with PKCS #1 v1.5 (RFC 7518 §3.3).
    Pkcs1,
    /// RSA with PSS (RFC 7518 §3.5); the salt is as long as the hash.
    Pss,
    /// ECDSA (RFC 7518 §3.4).
    Ecdsa(Curve),
    /// Ed25519 (RFC 8037 §3.1), which does its own hashing.
    Ed25519,
}

impl Assertion {
    /// What is done to sign it.
    pub(crate) const fn scheme(&self) -> Scheme {
        match self.algorithm {
            SigningAlgorithm::Hs256 | SigningAlgorithm::Hs384 | SigningAlgorithm::Hs512 => Scheme::Hmac,
            SigningAlgorithm::Rs256 | SigningAlgorithm::Rs384 | SigningAlgorithm::Rs512 => Scheme::Pkcs1,
            SigningAlgorithm::Ps256 | SigningAlgorithm::Ps384 | SigningAlgorithm::Ps512 => Scheme::Pss,
            SigningAlgorithm::Es256 => Scheme::Ecdsa(Curve::P256),
            SigningAlgorithm::Es384 => Scheme::Ecdsa(Curve::P384),
            SigningAlgorithm::Es512 => Scheme::Ecdsa(Curve::P521),
            SigningAlgorithm::EdDsa => Scheme::Ed25519,
        }
    }

    /// The length of its hash in bits: 256, 384 or 512.
    pub(crate) const fn bits(&self) -> usize {
        self.algorithm.hash().length() * 8
    }

    /// The members of its header, each as a language writes a name and a text, with commas between them.
    pub(crate) fn header(&self, member: impl Fn(&str, &str) -> String) -> String {
        let mut members = vec![member("alg", self.algorithm.name()), member("typ", "JWT")];
        members.extend(self.key_id.as_deref().map(|key_id| member("kid", key_id)));
        members.join(", ")
    }

    /// What somebody has to know of the private key before the program runs.
    pub(crate) fn key_remark(&self) -> Remark {
        Remark::new(format!(
            "CLIENT_KEY_FILE is the path of this client's private key: {} as PEM of PKCS #8, which begins with BEGIN PRIVATE KEY.",
            self.key_kind()
        ))
    }

    /// What a program says of a key that the algorithm cannot be done with.
    pub(crate) fn key_complaint(&self) -> String {
        let name = self.algorithm.name();
        format!("{name} takes {} as PEM of PKCS #8, and there is none in CLIENT_KEY_FILE.", self.key_kind())
    }

    /// What openssl writes about a key of the right kind, and about no other.
    pub(crate) const fn openssl_mark(&self) -> &'static str {
        match self.scheme() {
            Scheme::Hmac | Scheme::Pkcs1 | Scheme::Pss => "Modulus:",
            Scheme::Ecdsa(curve) => openssl_name(curve),
            Scheme::Ed25519 => "ED25519",
        }
    }

    const fn key_kind(&self) -> &'static str {
        match self.scheme() {
            Scheme::Hmac => "a secret",
            Scheme::Pkcs1 | Scheme::Pss => "an RSA key",
            Scheme::Ecdsa(Curve::P256) => "a key on the curve P-256",
            Scheme::Ecdsa(Curve::P384) => "a key on the curve P-384",
            Scheme::Ecdsa(Curve::P521) => "a key on the curve P-521",
            Scheme::Ed25519 => "an Ed25519 key",
        }
    }
}

/// The bytes of one of both numbers of a signature on this curve (RFC 7518 §3.4).
pub(crate) const fn coordinate_length(curve: Curve) -> usize {
    match curve {
        Curve::P256 => 32,
        Curve::P384 => 48,
        Curve::P521 => 66,
    }
}

/// What OpenSSL, and with it Node.js and PHP, calls a curve.
pub(crate) const fn openssl_name(curve: Curve) -> &'static str {
    match curve {
        Curve::P256 => "prime256v1",
        Curve::P384 => "secp384r1",
        Curve::P521 => "secp521r1",
    }
}

impl Ingredients<'_> {
    /// What proves who the client is, where that is an assertion.
    pub(super) fn assertion(&self, authentication: ClientAuthentication) -> Result<Option<Assertion>, RecipeError> {
        let (symmetric, usual) = match authentication {
            ClientAuthentication::ClientSecretJwt => (true, SigningAlgorithm::Hs256),
            ClientAuthentication::PrivateKeyJwt => (false, SigningAlgorithm::Rs256),
            ClientAuthentication::Body | ClientAuthentication::Basic | ClientAuthentication::None => return Ok(None),
        };
        let key = self.key.filter(|_| !symmetric);
        Ok(Some(Assertion {
            audience: self.address(Endpoint::Token)?,
            algorithm: self.algorithm(key, symmetric).unwrap_or(usual),
            key_id: self.key_id(key),
        }))
    }

    /// The algorithm, chosen as the engine does it: the one the client is registered for, else the first that the provider takes and the
    /// key can do. Where nobody knows the key, it is taken for one that can do everything.
    fn algorithm(&self, key: Option<&SigningKey>, symmetric: bool) -> Option<SigningAlgorithm> {
        let registered = self.client.protocol_settings.assertion_signing_alg;
        let able = key.map_or_else(|| SigningAlgorithm::ALL.to_vec(), SigningKey::algorithms);
        let able: Vec<_> = able.into_iter().filter(|algorithm| algorithm.is_symmetric() == symmetric).collect();
        let taken = self.provider.dialect.token_request.assertion_signing_algorithms.as_ref();
        let is_taken = |algorithm: &&SigningAlgorithm| {
            taken.is_none_or(|taken| taken.value.iter().any(|name| name == algorithm.name()))
        };
        registered
            .filter(|algorithm| algorithm.is_symmetric() == symmetric)
            .or_else(|| able.iter().find(is_taken).copied())
            .or_else(|| able.first().copied())
    }

    /// The name of the key: the one the client's settings give it, else its own.
    fn key_id(&self, key: Option<&SigningKey>) -> Option<String> {
        let own = || key.and_then(SigningKey::key_id).map(str::to_owned);
        self.client.protocol_settings.assertion_key_id.clone().or_else(own)
    }
}
