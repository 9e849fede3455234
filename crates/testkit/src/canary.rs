//! Secrets that are made to be looked for.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use gatewright_protocol::Secret;

/// A secret that a test puts in at one end, to prove that it comes out nowhere else.
#[derive(Clone, Debug)]
pub struct Canary(String);

impl Canary {
    /// A canary with a name, which shows where it came from when it is found: `canary-code-+/~9f3a71c4`.
    ///
    /// It holds characters that URLs, forms and JSON write in another way.
    pub fn new(name: &str) -> Self {
        Self(format!("canary-{name}-+/~9f3a71c4"))
    }

    /// Somebody else's secret, to be looked for likewise.
    pub fn of(secret: &str) -> Self {
        Self(secret.to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text as a secret.
    pub fn secret(&self) -> Secret {
        Secret::new(&*self.0)
    }

    /// In which forms the canary stands in `haystack`: raw, URL-encoded, hex or base64. Empty is what a test wants.
    pub fn traces_in(&self, haystack: &[u8]) -> Vec<&'static str> {
        let haystack = String::from_utf8_lossy(haystack).to_ascii_lowercase();
        let holds = |needle: &str| !needle.is_empty() && haystack.contains(&needle.to_ascii_lowercase());
        let mut traces = Vec::new();
        if holds(&self.0) {
            traces.push("raw");
        }
        if holds(&self.percent_encoded()) {
            traces.push("URL-encoded");
        }
        if holds(&self.in_hex()) {
            traces.push("hex");
        }
        if self.in_base64().iter().any(|form| holds(form)) {
            traces.push("base64");
        }
        traces
    }

    fn in_hex(&self) -> String {
        self.0
            .bytes()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .filter_map(|digit| char::from_digit(digit.into(), 16))
            .collect()
    }

    fn percent_encoded(&self) -> String {
        let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let encode = |byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        self.0.bytes().map(encode).collect()
    }

    /// The characters that base64 gives for the canary's middle, whatever stands before and after it, in both alphabets.
    fn in_base64(&self) -> Vec<String> {
        let inner = |offset: usize| &self.0.as_bytes()[offset..offset + (self.0.len() - offset) / 3 * 3];
        (0..3)
            .flat_map(|offset| [STANDARD_NO_PAD.encode(inner(offset)), URL_SAFE_NO_PAD.encode(inner(offset))])
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_is_found_in_every_disguise_and_nowhere_else() {
        let canary = Canary::new("code");
        let text = canary.as_str();
        assert_eq!(canary.traces_in(format!("x{text}y").as_bytes()), ["raw"]);
        assert_eq!(canary.traces_in(b"code=canary-code-%2B%2F~9f3a71c4&"), ["URL-encoded"]);
        for padding in ["", "a", "ab", "abc:"] {
            let packed = STANDARD_NO_PAD.encode(format!("{padding}{text}zz"));
            assert_eq!(canary.traces_in(packed.as_bytes()), ["base64"], "after {padding:?}");
        }
        let hex: Vec<String> = text.bytes().map(|byte| format!("{byte:02X}")).collect();
        assert_eq!(canary.traces_in(hex.concat().as_bytes()), ["hex"]);
        assert_eq!(canary.traces_in(b"nothing of the kind"), [] as [&str; 0]);
    }
}
