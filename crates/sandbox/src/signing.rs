//! The RSA key with which Chaster's twin signs ID tokens (RS256, RFC 7518 §3.3).

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

/// Making a key takes longer than starting the whole sandbox, so one is made when OpenID Connect is first asked for, and kept for as long
/// as the process runs: restarting the sandbox inside the app does not change it.
static KEY: OnceCell<SigningKey> = OnceCell::const_new();

/// Why nothing could be signed.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(crate) enum SigningError {
    /// The cryptographic library made no key.
    #[error("no signing key could be made")]
    NoKey,
    /// The cryptographic library did not sign.
    #[error("the ID token could not be signed")]
    NotSigned,
}

/// A 2048-bit RSA key with its public half ready for a JWK set.
pub(crate) struct SigningKey {
    pair: RsaKeyPair,
    public: Jwk,
    /// The encoded JWS header, the same for every token.
    header: String,
}

/// A public key as RFC 7517 writes it.
#[derive(Serialize)]
pub(crate) struct Jwk {
    kid: String,
    kty: &'static str,
    alg: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    n: String,
    e: String,
}

/// Begins to make the key in the background, so that the exchange that needs it finds it ready.
pub(crate) fn prepare() {
    if !KEY.initialized() {
        tokio::spawn(async {
            // Whoever needs the key asks again and is told what went wrong.
            let _ = key().await;
        });
    }
}

/// The key; made first when there is none yet.
pub(crate) async fn key() -> Result<&'static SigningKey, SigningError> {
    KEY.get_or_try_init(|| async {
        tokio::task::spawn_blocking(SigningKey::generate).await.map_err(|_| SigningError::NoKey)?
    })
    .await
}

impl SigningKey {
    fn generate() -> Result<Self, SigningError> {
        #[derive(Serialize)]
        struct Header<'a> {
            alg: &'static str,
            typ: &'static str,
            kid: &'a str,
        }
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| SigningError::NoKey)?;
        let der = pair.public_key().as_der().map_err(|_| SigningError::NoKey)?;
        let kid = URL_SAFE_NO_PAD.encode(Sha256::digest(der.as_ref()));
        let parts = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        let header = Header { alg: "RS256", typ: "JWT", kid: &kid };
        let header = serde_json::to_vec(&header).map_err(|_| SigningError::NoKey)?;
        let public = Jwk {
            kty: "RSA",
            alg: "RS256",
            usage: "sig",
            n: URL_SAFE_NO_PAD.encode(&parts.n),
            e: URL_SAFE_NO_PAD.encode(&parts.e),
            kid,
        };
        Ok(Self { header: URL_SAFE_NO_PAD.encode(header), public, pair })
    }

    /// The public half.
    pub(crate) const fn public(&self) -> &Jwk {
        &self.public
    }

    /// Signs claims as a JWT in compact form (RFC 7515 §7.1).
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<String, SigningError> {
        let claims = serde_json::to_vec(claims).map_err(|_| SigningError::NotSigned)?;
        let mut token = format!("{}.{}", self.header, URL_SAFE_NO_PAD.encode(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let sign = self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), token.as_bytes(), &mut signature);
        sign.map_err(|_| SigningError::NotSigned)?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(&signature, &mut token);
        Ok(token)
    }
}
