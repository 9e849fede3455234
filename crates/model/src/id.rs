//! Ids of our own records. They are ours; the RFC's identifiers live in `protocol`.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes an id as it is stored.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as it is stored.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// A provider's short name: `chattr`, `contentdb`, or the user's own; lower-case letters, digits and hyphens.
    ProviderId
}
text_id! {
    /// Our record of a client; not the RFC's client identifier.
    ClientRecordId
}
text_id! {
    /// Our record of a place that uses a client's secret.
    DeploymentId
}
text_id! {
    /// One execution of a login.
    RunId
}
text_id! {
    /// Our record of what a person granted in one login.
    GrantId
}
text_id! {
    /// Our record of a persona in whose name a tester logs in.
    TestUserId
}
text_id! {
    /// The rotation of one client's secret.
    RotationId
}
text_id! {
    /// One execution of a plan of consent scenarios.
    WalkId
}
text_id! {
    /// One attempt to refresh a grant's tokens.
    AttemptId
}

/// How many random bytes are behind a new record id.
pub const ID_BYTES: usize = 10;

/// Writes random bytes as an id: lower-case base 32 without padding (RFC 4648 §6), easy to read aloud.
pub fn encode_id(random: [u8; ID_BYTES]) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut bits = 0_u32;
    let mut held = 0;
    let mut text = String::with_capacity(ID_BYTES * 8 / 5);
    for byte in random {
        bits = (bits << 8) | u32::from(byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            text.push(char::from(ALPHABET[(bits >> held) as usize & 31]));
        }
        bits &= (1 << held) - 1;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::encode_id;

    #[test]
    fn an_id_is_sixteen_lower_case_letters_and_digits() {
        assert_eq!(encode_id([0; 10]), "aaaaaaaaaaaaaaaa");
        assert_eq!(encode_id([255; 10]), "7777777777777777");
    }
}
