//! Text that must not be read by accident.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

/// Text that must not be read by accident: a client secret, a code, a token, a code verifier.
///
/// It has no `Serialize`, `Display`, `PartialEq` or `Deref`, so that misuse does not compile. Its memory is wiped when it goes.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes the text in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text itself. Every call is a place to review.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether both hold the same text, in a time that does not depend on where they differ.
    pub fn matches(&self, other: &str) -> bool {
        self.expose().as_bytes().ct_eq(other.as_bytes()).into()
    }

    /// The last four characters, by which a person recognises a secret; none of a text shorter than twelve,
    /// where four would give too much away.
    pub fn last_four(&self) -> Option<String> {
        let characters: Vec<char> = self.expose().chars().collect();
        (characters.len() >= 12).then(|| characters[characters.len() - 4..].iter().collect())
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Secret;

    #[test]
    fn debug_shows_nothing_of_a_secret() {
        assert_eq!(format!("{:?}", Secret::new("hunter2hunter2")), "[redacted]");
    }

    #[test]
    fn a_short_secret_shows_no_last_four_characters() {
        assert_eq!(Secret::new("elevenchars").last_four(), None);
        assert_eq!(Secret::new("twelve-chars").last_four().as_deref(), Some("hars"));
    }

    proptest! {
        #[test]
        fn a_secret_comes_back_as_it_went_in(text in ".*") {
            let secret = Secret::new(text.clone());
            prop_assert_eq!(secret.expose(), text.as_str());
            prop_assert!(secret.matches(&text));
        }
    }
}
