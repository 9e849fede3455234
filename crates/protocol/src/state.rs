//! `state`: the value that binds a callback to the login that asked for it (RFC 6749 §10.12, RFC 9700 §4.7).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::Secret;
use crate::http::{Reference, Value};

/// How many random bytes make a state: 256 bits, beyond guessing.
pub const STATE_BYTES: usize = 32;

/// The `state` of one login: good once, for this login only.
#[derive(Clone, Debug)]
pub struct State(Secret);

impl State {
    /// Writes random bytes as base64url without padding, 43 characters that need no encoding in a URL.
    pub fn from_random(random: [u8; STATE_BYTES]) -> Self {
        Self(Secret::new(URL_SAFE_NO_PAD.encode(random)))
    }

    /// Whether `received` is this state, in a time that does not depend on where they differ.
    pub fn matches(&self, received: &str) -> bool {
        self.0.matches(received)
    }

    /// The value for a request; a transcript shows `state#1`.
    pub fn value(&self) -> Value {
        Value::Secret(self.0.clone(), Reference::numbered("state", 1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::State;

    #[test]
    fn a_state_has_256_bits_in_43_characters_that_need_no_encoding() {
        let text = State::from_random([0xfb; 32]).value().expose();
        assert_eq!(text.len(), 43);
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{text}");
    }

    proptest! {
        #[test]
        fn only_the_very_same_text_matches(random: [u8; 32], place in 0_usize..43) {
            let state = State::from_random(random);
            let text = state.value().expose();
            prop_assert!(state.matches(&text));
            prop_assert!(!state.matches(&text[..place]));
            let longer = format!("{text} ");
            prop_assert!(!state.matches(&longer));
            let mut other = text.clone().into_bytes();
            other[place] ^= 1;
            prop_assert!(!state.matches(&String::from_utf8_lossy(&other)));
        }
    }
}
