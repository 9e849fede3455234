//! What the tests of OpenID faults share: a login without pages, and an ID token looked at from the outside.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatewright_sandbox::{Clock as _, FaultRule, Injection, Sandbox, SandboxOptions, SystemClock, Twin};
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

use crate::browser::{CALLBACK, Login, wire};

pub(crate) const REALM: &str = "/chaster/auth/realms/app";
pub(crate) const PROTOCOL: &str = "/chaster/auth/realms/app/protocol/openid-connect";

/// An answer as it came.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    /// The body as JSON; null when it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// A header's text; empty when it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// A twin where Theo is always signed in and approves everything.
pub(crate) struct Rig {
    pub(crate) login: Login,
}

impl Rig {
    pub(crate) async fn at(twin: Twin) -> Self {
        let options = SandboxOptions { auto_approve: Some("theo".into()), ..SandboxOptions::default() };
        Self { login: Login::at_sandbox(Sandbox::start(options).await.unwrap(), twin).await }
    }

    /// Lets one fault happen from now on; an empty variant means that there is only one.
    pub(crate) fn inject(&self, fault: &str, variant: &str) {
        let rule = FaultRule::always(fault, self.login.twin);
        let rule = if variant.is_empty() { rule } else { rule.with_variant(variant) };
        self.login.sandbox.set_faults(vec![rule]).unwrap();
    }

    /// Asserts that the fault happened to this very answer.
    pub(crate) fn assert_injected(&self, fault: &str, variant: &str, answer: &Answer) {
        let injection = self.last_injection();
        assert_eq!((injection.fault, injection.variant.unwrap_or_default()), (fault, variant));
        assert_eq!(injection.request_id, answer.header("x-request-id"), "{fault} {variant}");
    }

    pub(crate) fn last_injection(&self) -> Injection {
        self.login.sandbox.injections().pop().expect("a fault has happened")
    }

    /// A new login; gives its code.
    pub(crate) async fn code(&self, more: &[(&str, &str)]) -> String {
        let answer = wire().get(self.login.authorize(more)).send().await.unwrap();
        let location = reqwest::Url::parse(answer.headers()[LOCATION].to_str().unwrap()).unwrap();
        location.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
    }

    /// The token endpoint's answer to a new login with `openid`.
    pub(crate) async fn tokens(&self, more: &[(&str, &str)]) -> Answer {
        let code = self.code(&[&[("scope", "openid profile")], more].concat()).await;
        let fields = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", CALLBACK)];
        self.post("token", &fields).await
    }

    pub(crate) async fn refresh(&self, tokens: &Value) -> Answer {
        let refresh_token = tokens["refresh_token"].as_str().unwrap();
        self.post("token", &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    }

    /// A request to the realm with the app's credentials.
    pub(crate) fn request(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let request = wire().post(self.login.at(&format!("{PROTOCOL}/{path}"))).form(fields);
        request.basic_auth(self.login.id(), Some(self.login.app.secret.expose()))
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        Answer::of(self.request(path, fields).send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(wire().get(self.login.at(path)).send().await.unwrap()).await
    }

    /// The published keys.
    pub(crate) async fn keys(&self) -> Vec<Value> {
        let answer = self.get(&format!("{PROTOCOL}/certs")).await.json();
        answer["keys"].as_array().cloned().unwrap_or_default()
    }

    /// The identity, asked with a token of a new login.
    pub(crate) async fn identity(&self, access_token: &str) -> Answer {
        let url = self.login.at(self.login.twin.identity_path().unwrap());
        Answer::of(wire().get(url).bearer_auth(access_token).send().await.unwrap()).await
    }
}

/// An ID token as anybody can see it.
pub(crate) struct Seen {
    pub(crate) token: String,
    /// The header; null when it cannot be read.
    pub(crate) header: Value,
    /// The header as text; empty when it cannot be read.
    pub(crate) header_text: String,
    /// The claims as text; empty when they cannot be read.
    pub(crate) payload: String,
    pub(crate) claims: Value,
    pub(crate) signature: Vec<u8>,
    /// The published keys, fetched after the token.
    pub(crate) keys: Vec<Value>,
    pub(crate) access_token: String,
    pub(crate) issuer: String,
    pub(crate) client: String,
}

impl Seen {
    pub(crate) async fn of(rig: &Rig, answer: &Answer) -> Self {
        let body = answer.json();
        let token = body["id_token"].as_str().unwrap().to_owned();
        let part = |number| token.split('.').nth(number).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
        let text = |number| part(number).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        let json = |text: &str| serde_json::from_str(text).unwrap_or_default();
        Self {
            header: json(&text(0)),
            header_text: text(0),
            payload: text(1),
            claims: json(&text(1)),
            signature: part(2).unwrap_or_default(),
            keys: rig.keys().await,
            access_token: body["access_token"].as_str().unwrap().to_owned(),
            issuer: rig.login.at(REALM),
            client: rig.login.id(),
            token,
        }
    }

    /// Whether the published key that the header names has signed this.
    pub(crate) fn holds(&self) -> bool {
        self.keys.iter().any(|key| key["kid"] == self.header["kid"] && self.is_signed_by(key))
    }

    /// Whether this key has signed this, by the key's own algorithm.
    pub(crate) fn is_signed_by(&self, key: &Value) -> bool {
        let member = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap_or_default()).unwrap_or_default();
        let message = self.token.rsplit_once('.').unwrap().0.as_bytes();
        let rsa = |parameters| {
            let key = RsaPublicKeyComponents { n: member("n"), e: member("e") };
            key.verify(parameters, message, &self.signature).is_ok()
        };
        let ecdsa = |algorithm| {
            let point = [vec![4], member("x"), member("y")].concat();
            UnparsedPublicKey::new(algorithm, point).verify(message, &self.signature).is_ok()
        };
        match key["alg"].as_str() {
            Some("RS256") => rsa(&RSA_PKCS1_2048_8192_SHA256),
            Some("RS384") => rsa(&RSA_PKCS1_2048_8192_SHA384),
            Some("PS256") => rsa(&RSA_PSS_2048_8192_SHA256),
            Some("ES256") => ecdsa(&ECDSA_P256_SHA256_FIXED),
            Some("ES384") => ecdsa(&ECDSA_P384_SHA384_FIXED),
            _ => false,
        }
    }

    /// How many seconds a time lies in the future.
    pub(crate) fn ahead(&self, claim: &str) -> i64 {
        let time = self.claims[claim].as_i64().unwrap_or(i64::MIN / 2);
        time.saturating_sub(SystemClock.now().as_second())
    }
}
