//! Proof Key for Code Exchange (RFC 7636), method S256 only: `plain` protects nobody who can read the authorization request.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::Secret;
use crate::http::{Reference, Value};

/// How many random bytes make a code verifier (RFC 7636 §4.1 recommends 32).
pub const VERIFIER_BYTES: usize = 32;

/// The one challenge method we send (RFC 7636 §4.2).
pub const CHALLENGE_METHOD: &str = "S256";

/// The secret that only the client which asked for a code knows. It never leaves memory but for the token request.
#[derive(Clone, Debug)]
pub struct CodeVerifier(Secret);

impl CodeVerifier {
    /// Writes random bytes as base64url without padding: 43 characters of the set in RFC 7636 §4.1.
    pub fn from_random(random: [u8; VERIFIER_BYTES]) -> Self {
        Self(Secret::new(URL_SAFE_NO_PAD.encode(random)))
    }

    /// The challenge for the authorization request: BASE64URL(SHA256(verifier)) (RFC 7636 §4.2).
    pub fn challenge(&self) -> CodeChallenge {
        CodeChallenge(URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.expose().as_bytes())))
    }

    /// The value for the token request; a transcript shows `verifier#1`.
    pub fn value(&self) -> Value {
        Value::Secret(self.0.clone(), Reference::numbered("verifier", 1))
    }
}

/// The S256 challenge of a [`CodeVerifier`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// The challenge as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value for the authorization request. It is no secret, but long and telling nothing: a transcript shows `challenge#1`.
    pub fn value(&self) -> Value {
        Value::Secret(Secret::new(self.0.clone()), Reference::numbered("challenge", 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_of_rfc_7636_appendix_b_comes_out() {
        let verifier = CodeVerifier::from_random([
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191,
            240, 91, 88, 5, 88, 83, 132, 141, 121,
        ]);
        assert_eq!(verifier.value().expose(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(verifier.challenge().as_str(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
