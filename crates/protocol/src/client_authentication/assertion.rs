//! The assertion of `client_secret_jwt` and `private_key_jwt` (RFC 7523 §3, OpenID Connect Core §9).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::http::{Reference, Value};
use crate::jose::{SignError, SigningAlgorithm, SigningKey, sign};
use crate::{ClientId, Secret};

/// How many random bytes make the identifier of an assertion.
pub const JTI_BYTES: usize = 16;

/// Seconds an assertion is good for: long enough for one request, too short to be of use to whoever finds it later.
pub const ASSERTION_SECONDS: i64 = 60;

/// A signed statement "I am this client", good for one request at one server.
#[derive(Clone, Debug)]
pub struct ClientAssertion(Secret);

impl ClientAssertion {
    /// Signs an assertion. `audience` is the token endpoint's address or the issuer, whichever the server wants; `jti` is random and
    /// new for every request, for a good server refuses to see one twice; `now` is in seconds since 1970.
    ///
    /// # Errors
    /// [`SignError`] when the key does not fit the algorithm.
    pub fn sign(
        id: &ClientId,
        audience: &str,
        jti: [u8; JTI_BYTES],
        now: i64,
        algorithm: SigningAlgorithm,
        key: &SigningKey,
    ) -> Result<Self, SignError> {
        let claims = json!({
            "iss": id.to_string(),
            "sub": id.to_string(),
            "aud": audience,
            "jti": URL_SAFE_NO_PAD.encode(jti),
            "iat": now,
            "exp": now.saturating_add(ASSERTION_SECONDS),
        });
        sign(algorithm, key, key.key_id(), &claims).map(|jwt| Self(Secret::new(jwt)))
    }

    /// The value for a request; a transcript shows `assertion#1`.
    pub(super) fn value(&self) -> Value {
        Value::Secret(self.0.clone(), Reference::numbered("assertion", 1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::ClientAuthentication;
    use super::*;
    use crate::jose::{AlgorithmPolicy, Jws, SignatureJudgement, VerificationKeys};

    const ENDPOINT: &str = "https://id.example/token";

    fn secret() -> Secret {
        Secret::new("a client secret of thirty-two bytes or more")
    }

    fn signed(id: &ClientId, now: i64) -> ClientAssertion {
        let key = SigningKey::secret(secret());
        ClientAssertion::sign(id, ENDPOINT, [7; JTI_BYTES], now, SigningAlgorithm::Hs256, &key).unwrap()
    }

    #[test]
    fn an_assertion_names_the_client_twice_the_audience_and_lives_a_minute() {
        let assertion = signed(&ClientId::Integer(7), 1_000);
        let jwt = assertion.value().expose();
        let claims = Jws::parse(&jwt).unwrap().claims().unwrap();
        let expected = json!({
            "iss": "7", "sub": "7", "aud": ENDPOINT, "jti": "BwcHBwcHBwcHBwcHBwcHBw", "iat": 1_000, "exp": 1_060
        });
        assert_eq!(serde_json::Value::Object(claims), expected);
    }

    #[test]
    fn the_secret_that_signs_an_assertion_is_what_verifies_it_and_is_not_sent() {
        let id = ClientId::Text("app".into());
        let assertion = signed(&id, 0);
        let jwt = assertion.value().expose();
        let policy = AlgorithmPolicy { registered: Some(SigningAlgorithm::Hs256), advertised: None };
        let judged = |secret: &Secret| {
            let keys = VerificationKeys { jwks: None, client_secret: Some(secret) };
            SignatureJudgement::of(&Jws::parse(&jwt).unwrap(), &policy, &keys).is_valid()
        };
        assert!(judged(&secret()));
        assert!(!judged(&Secret::new("another client secret of 32 bytes or more")));
        let fields = ClientAuthentication::assertion(id, assertion).fields();
        let names: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["client_id", "client_assertion_type", "client_assertion"]);
        assert!(fields.iter().all(|(_, value)| !value.expose().contains(secret().expose())));
        assert!(!format!("{fields:?}").contains("eyJ"), "an assertion is a secret");
    }

    #[test]
    fn a_key_of_another_kind_signs_nothing() {
        let key = SigningKey::secret(secret());
        let refused =
            ClientAssertion::sign(&ClientId::Integer(7), ENDPOINT, [0; JTI_BYTES], 0, SigningAlgorithm::Rs256, &key);
        assert_eq!(refused.unwrap_err(), SignError::KeyOfAnotherKind(SigningAlgorithm::Rs256));
    }

    proptest! {
        #[test]
        fn no_moment_makes_the_end_of_an_assertion_overflow(now: i64) {
            let _ = signed(&ClientId::Integer(7), now);
        }
    }
}
