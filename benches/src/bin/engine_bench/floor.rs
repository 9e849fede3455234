//! The floor of an OpenID login: three HTTP requests and one RS256 signature verified, believing everything else.
//!
//! As in the login measured elsewhere, the browser opens a connection and whoever exchanges the code opens another.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use form_urlencoded::Serializer;
use gatewright_benches::load::Connection;
use gatewright_benches::visit::ask;
use gatewright_engine::login::LoginPlan;
use gatewright_sandbox::{SandboxHandle, Twin};
use serde::Deserialize;
use url::Url;

const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more";
/// The S256 challenge of that verifier (RFC 7636 §4.2).
fn challenge() -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, VERIFIER.as_bytes());
    URL_SAFE_NO_PAD.encode(digest)
}

/// Somebody who logs in and verifies one signature.
pub(crate) struct Floor {
    address: SocketAddr,
    authorize: Url,
    /// Everything of the token request but the code.
    form: String,
    key: RsaPublicKeyComponents<Vec<u8>>,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    id_token: String,
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<Key>,
}

#[derive(Deserialize)]
struct Key {
    n: String,
    e: String,
}

impl Floor {
    /// The client of that plan, and the key of the twin.
    pub(crate) async fn new(sandbox: &SandboxHandle, plan: &LoginPlan) -> Result<Self> {
        let mut authorize = Url::parse(&format!("{}{}", sandbox.origin(), Twin::Chaster.authorization_path()))?;
        let (id, secret) = (plan.client_id.to_string(), plan.client_secret.as_ref().context("no secret")?);
        authorize.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &id),
            ("redirect_uri", plan.redirect_uri.as_str()),
            ("scope", "openid profile"),
            ("state", "a-state-that-nobody-has-to-guess"),
            ("nonce", "a-nonce-that-nobody-has-to-guess"),
            ("code_challenge", &challenge()),
            ("code_challenge_method", "S256"),
        ]);
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &id),
            ("client_secret", secret.value.expose()),
            ("redirect_uri", plan.redirect_uri.as_str()),
            ("code_verifier", VERIFIER),
        ];
        let address = authorize.socket_addrs(|| None)?.first().copied().context("the sandbox has no address")?;
        let path = "/chaster/auth/realms/app/protocol/openid-connect/certs";
        // The first login makes the key.
        ask(&authorize).await?;
        let keys = Connection::open(address).await?.get(path, None).await?.expect(200)?;
        let keys: Keys = serde_json::from_slice(&keys.body)?;
        let key = keys.keys.first().context("the twin has no key")?;
        Ok(Self {
            address,
            authorize,
            form: Serializer::new(String::new()).extend_pairs(form).finish(),
            key: RsaPublicKeyComponents { n: URL_SAFE_NO_PAD.decode(&key.n)?, e: URL_SAFE_NO_PAD.decode(&key.e)? },
        })
    }

    /// Authorization request, token request, one verification, userinfo.
    pub(crate) async fn log_in(&self) -> Result<()> {
        let callback = ask(&self.authorize).await?;
        let code = callback.query_pairs().find(|(name, _)| name == "code").context("no code came")?.1.into_owned();
        let mut connection = Connection::open(self.address).await?;
        let form = format!("{}&code={code}", self.form);
        let answer = connection.post(Twin::Chaster.token_path(), &form).await?.expect(200)?;
        let tokens: Tokens = serde_json::from_slice(&answer.body)?;
        let (signed, signature) = tokens.id_token.rsplit_once('.').context("the ID token has no signature")?;
        let signature = URL_SAFE_NO_PAD.decode(signature)?;
        let verified = self.key.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature);
        ensure!(verified.is_ok(), "the signature is not the twin's");
        let userinfo = Twin::Chaster.identity_path().context("Chaster has userinfo")?;
        connection.get(userinfo, Some(&tokens.access_token)).await?.expect(200)?;
        Ok(())
    }
}
