//! Secrets and codes that are certainly wrong.

use std::fmt::Write as _;

use gatewright_protocol::Secret;

/// Random bytes behind a made-up secret. A longer secret is made of them over and over.
const RANDOM_BYTES: usize = 32;

/// The fewest letters and digits that make a form worth imitating.
const FEWEST: usize = 12;

/// A wrong secret in the form of the right one, so that a server that looks at the form first finds nothing to say: a digit for a digit,
/// a letter for a letter of its case, and only letters that hexadecimal digits have where there are no others.
pub(super) fn like(secret: &Secret, random: [u8; RANDOM_BYTES]) -> Secret {
    let text = secret.expose();
    let replaceable = text.bytes().filter(u8::is_ascii_alphanumeric).count();
    if replaceable < FEWEST {
        return Secret::new(hexadecimal(&random));
    }
    let is_hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let letters = if is_hexadecimal { 6 } else { 26 };
    let mut bytes = random.iter().cycle();
    let mut another = |first: u8, count: u8| char::from(first + bytes.next().copied().unwrap_or_default() % count);
    let imitated: String = text
        .chars()
        .map(|character| match character {
            '0'..='9' => another(b'0', 10),
            'a'..='z' => another(b'a', letters),
            'A'..='Z' => another(b'A', letters),
            other => other,
        })
        .collect();
    // One in 10^12 at the most, and a wrong secret has to be wrong.
    if secret.matches(&imitated) { Secret::new(hexadecimal(&random)) } else { Secret::new(imitated) }
}

/// A code that nobody has issued.
pub(super) fn code(random: [u8; 16]) -> String {
    hexadecimal(&random)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_wrong_secret_has_the_form_of_the_right_one() {
        let wrong = like(&Secret::new("0123456789abcdef-XYZ_q"), [7; 32]);
        assert_eq!(wrong.expose(), "7777777777hhhhhh-HHH_h");
        assert_eq!(like(&Secret::new("0123456789abcdef"), [8; 32]).expose(), "8888888888cccccc");
        assert_eq!(like(&Secret::new("short"), [0; 32]).expose().len(), 64);
    }

    proptest! {
        #[test]
        fn a_wrong_secret_is_never_the_right_one(text in "[0-9a-f]{12,40}|\\PC{0,20}", random: [u8; 32]) {
            let secret = Secret::new(text.clone());
            let wrong = like(&secret, random);
            prop_assert!(!secret.matches(wrong.expose()) && !wrong.is_empty());
            if secret.expose().bytes().filter(u8::is_ascii_alphanumeric).count() >= 12 && wrong.expose().len() != 64 {
                prop_assert_eq!(wrong.expose().len(), text.len());
            }
        }
    }
}
