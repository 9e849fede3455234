//! A scripted OpenID provider: Chaster's profile, keys made on the spot, and answers that a test can change.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatewright_engine::ports::Arrival;
use gatewright_protocol::jose::{SigningAlgorithm, SigningKey, sign};
use gatewright_testkit::{Answer, ReceivedRequest};
use rcgen::KeyPair;
use serde_json::{Value, json};
use url::Url;

use crate::stage::*;

/// The path of the issuer below the server's origin.
const ISSUER: &str = "/chaster/auth/realms/app";

/// 2 January 2026, when the clock of these tests starts.
pub(crate) const NOW: i64 = 1_767_312_000;

/// A key of the provider.
pub(crate) struct Key {
    pair: KeyPair,
    name: Option<&'static str>,
}

impl Key {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { pair: KeyPair::generate().unwrap(), name: Some(name) }
    }

    pub(crate) fn unnamed() -> Self {
        Self { pair: KeyPair::generate().unwrap(), name: None }
    }

    /// The key as it is published.
    pub(crate) fn published(&self) -> Value {
        let point = self.pair.public_key_raw();
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let mut jwk =
            json!({ "kty": "EC", "crv": "P-256", "use": "sig", "x": number(&point[1..33]), "y": number(&point[33..]) });
        if let Some(name) = self.name {
            jwk["kid"] = name.into();
        }
        jwk
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        let key = SigningKey::of_pkcs8(&self.pair.serialize_der()).unwrap();
        sign(SigningAlgorithm::Es256, &key, self.name, claims).unwrap()
    }
}

/// What the provider says, and what it has seen.
pub(crate) struct Script {
    pub(crate) key: Key,
    /// Published keys; those of `key` when empty.
    pub(crate) keys: Vec<Value>,
    /// Changes to the claims of the ID token.
    pub(crate) claims: Value,
    /// Changes to the metadata; a null takes a member away.
    pub(crate) metadata: Value,
    /// The userinfo answer.
    pub(crate) userinfo: Answer,
    /// The ID token, where it is not made from the claims.
    pub(crate) id_token: Option<Value>,
    /// Members of the token response besides.
    pub(crate) tokens: Value,
    /// `Cache-Control` of metadata and keys.
    pub(crate) cache: &'static str,
    /// The status of the metadata.
    pub(crate) metadata_status: u16,
    nonce: Option<String>,
    origin: String,
}

/// A provider that a test can change while it runs. Clones are the same provider.
#[derive(Clone)]
pub(crate) struct OpenIdProvider(Arc<Mutex<Script>>);

impl OpenIdProvider {
    /// A provider that does everything right.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Script {
            key: Key::new("k1"),
            keys: Vec::new(),
            claims: json!({}),
            metadata: json!({}),
            userinfo: Answer::json(200, r#"{"sub":"5f0c","preferred_username":"ada"}"#),
            id_token: None,
            tokens: json!({}),
            cache: "no-store",
            metadata_status: 200,
            nonce: None,
            origin: String::new(),
        })))
    }

    /// The same with one thing changed.
    pub(crate) fn with(change: impl FnOnce(&mut Script)) -> Self {
        let provider = Self::new();
        provider.change(change);
        provider
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.0.lock().unwrap());
    }

    /// A stage for a login at this provider, by a client registered for ES256.
    pub(crate) async fn stage(&self) -> Stage {
        let provider = self.clone();
        let mut stage = Stage::at("chaster", move |request| provider.answer(request)).await;
        self.change(|script| script.origin = stage.server.origin());
        stage.plan.settings.id_token_signed_response_alg = Some(SigningAlgorithm::Es256);
        stage
    }

    /// A browser that approves and takes note of the nonce.
    pub(crate) fn person(&self) -> ScriptedBrowser {
        let provider = self.clone();
        browser(move |visit| {
            let mut callback = Url::parse(REDIRECT_URI).unwrap();
            callback
                .query_pairs_mut()
                .append_pair("code", "splendid")
                .append_pair("state", &sent(&visit, "state").unwrap())
                .append_pair("iss", &provider.issuer());
            provider.change(|script| script.nonce = sent(&visit, "nonce"));
            async move { Ok(Arrival::at(callback)) }
        })
    }

    /// One login from beginning to end.
    pub(crate) async fn log_in(&self) -> (Stage, Walked) {
        let stage = self.stage().await;
        let walked = stage.walk(self.person()).await;
        (stage, walked)
    }

    pub(crate) fn issuer(&self) -> String {
        format!("{}{ISSUER}", self.0.lock().unwrap().origin)
    }

    /// A JWT by the provider's present key.
    pub(crate) fn signed(&self, claims: &Value) -> String {
        self.0.lock().unwrap().key.sign(claims)
    }

    /// The claims of an ID token with nothing wrong.
    pub(crate) fn good_claims(&self) -> Value {
        let nonce = self.0.lock().unwrap().nonce.clone();
        let mut claims = json!({
            "iss": self.issuer(), "sub": "5f0c", "aud": "7", "exp": NOW + 300, "iat": NOW, "preferred_username": "ada"
        });
        if let Some(nonce) = nonce {
            claims["nonce"] = nonce.into();
        }
        claims
    }

    fn answer(&self, request: &ReceivedRequest) -> Answer {
        let path = request.target.split('?').next().unwrap_or_default();
        match path.strip_prefix(ISSUER).unwrap_or(path) {
            "/.well-known/openid-configuration" => self.metadata(),
            "/protocol/openid-connect/token" => self.tokens(),
            "/protocol/openid-connect/userinfo" => self.0.lock().unwrap().userinfo.clone(),
            "/protocol/openid-connect/certs" | "/keys" => self.keys(),
            other => Answer::labelled(404, "text/html", format!("<h1>No {other}</h1>")),
        }
    }

    fn metadata(&self) -> Answer {
        let issuer = self.issuer();
        let at = |path: &str| format!("{issuer}/protocol/openid-connect/{path}");
        let mut metadata = json!({
            "issuer": issuer, "authorization_endpoint": at("auth"), "token_endpoint": at("token"),
            "userinfo_endpoint": at("userinfo"), "jwks_uri": at("certs"), "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["ES256", "RS256"],
            "authorization_response_iss_parameter_supported": true,
        });
        let script = self.0.lock().unwrap();
        merge(&mut metadata, &script.metadata);
        Answer::labelled(script.metadata_status, "application/json", metadata.to_string())
            .with("cache-control", script.cache)
    }

    fn keys(&self) -> Answer {
        let script = self.0.lock().unwrap();
        let keys = if script.keys.is_empty() { vec![script.key.published()] } else { script.keys.clone() };
        Answer::labelled(200, "application/json", json!({ "keys": keys }).to_string())
            .with("cache-control", script.cache)
    }

    fn tokens(&self) -> Answer {
        let mut claims = self.good_claims();
        let script = self.0.lock().unwrap();
        merge(&mut claims, &script.claims);
        let id_token = script.id_token.clone().unwrap_or_else(|| script.key.sign(&claims).into());
        let mut tokens = json!({
            "access_token": token().as_str(), "token_type": "Bearer", "expires_in": 300, "refresh_token": "rt-12345",
            "id_token": id_token, "scope": "openid profile email"
        });
        merge(&mut tokens, &script.tokens);
        Answer::json(200, tokens.to_string())
    }
}

/// Puts members in, and takes those away that are null.
fn merge(object: &mut Value, changes: &Value) {
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(object.as_object_mut().unwrap().remove(name)),
            value => object[name] = value.clone(),
        }
    }
}

/// The paths that were asked, in order, without the issuer's own.
pub(crate) fn asked(stage: &Stage) -> Vec<String> {
    let short = |target: &str| target.rsplit('/').next().unwrap_or_default().to_owned();
    stage.server.requests().iter().map(|request| short(&request.target)).collect()
}
