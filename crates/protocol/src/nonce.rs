//! `nonce`: the value that binds an ID token to the login that asked for it (OpenID Connect Core §3.1.2.1, §15.5.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::Secret;
use crate::http::{Reference, Value};

/// How many random bytes make a nonce: 256 bits, beyond guessing.
pub const NONCE_BYTES: usize = 32;

/// The `nonce` of one login. An ID token with another one was made for somebody else's login.
#[derive(Clone, Debug)]
pub struct Nonce(Secret);

impl Nonce {
    /// Writes random bytes as base64url without padding, 43 characters that need no encoding in a URL.
    pub fn from_random(random: [u8; NONCE_BYTES]) -> Self {
        Self(Secret::new(URL_SAFE_NO_PAD.encode(random)))
    }

    /// Whether `received` is this nonce, in a time that does not depend on where they differ.
    pub fn matches(&self, received: &str) -> bool {
        self.0.matches(received)
    }

    /// The value for a request; a transcript shows `nonce#1`.
    pub fn value(&self) -> Value {
        Value::Secret(self.0.clone(), Reference::numbered("nonce", 1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Nonce;

    #[test]
    fn a_nonce_has_256_bits_in_43_characters_that_need_no_encoding() {
        let text = Nonce::from_random([0xfb; 32]).value().expose();
        assert_eq!(text.len(), 43);
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{text}");
    }

    proptest! {
        #[test]
        fn a_nonce_with_something_added_or_taken_away_is_another_one(random: [u8; 32], place in 0_usize..43) {
            let nonce = Nonce::from_random(random);
            let text = nonce.value().expose();
            prop_assert!(nonce.matches(&text));
            prop_assert!(!nonce.matches(&text[..place]));
            let longer = format!("{text}1");
            prop_assert!(!nonce.matches(&longer));
        }
    }
}
