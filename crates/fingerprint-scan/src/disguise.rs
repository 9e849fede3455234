//! What a text says once an encoding is taken off: URL encoding, escapes of JSON and of quoted strings, base64.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Base64 as people leave it lying about: with and without padding.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// The shortest run of base64 that is looked into: it holds twelve bytes, and shorter secrets are rarely encoded alone.
const SHORTEST_RUN: usize = 16;
/// The longest: a header or a value, not an image.
const LONGEST_RUN: usize = 16 << 10;

/// The line without its URL encoding (RFC 3986 §2.1); `None` when it has none.
pub(crate) fn without_percent(line: &[u8]) -> Option<Vec<u8>> {
    let encoded = line.windows(3).any(|three| {
        let [mark, high, low] = three else { return false };
        *mark == b'%' && high.is_ascii_hexdigit() && low.is_ascii_hexdigit()
    });
    encoded.then(|| percent_encoding::percent_decode(line).collect())
}

/// The line without backslash escapes, read as JSON (RFC 8259 §7) and close enough to what source code and .env files do. `None` when it
/// has none.
pub(crate) fn without_backslashes(line: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr(b'\\', line)?;
    let mut text = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some((first, after)) = rest.split_first() {
        let (written, left) = match (first, after) {
            (b'\\', [b'u', a, b, c, d, left @ ..]) => match code_unit([*a, *b, *c, *d]) {
                Some(letter) => (letter, left),
                None => (char::from(b'u'), &after[1..]),
            },
            (b'\\', [letter, left @ ..]) => (char::from(escaped(*letter)), left),
            _ => {
                text.push(*first);
                rest = after;
                continue;
            }
        };
        let mut buffer = [0; 4];
        text.extend_from_slice(written.encode_utf8(&mut buffer).as_bytes());
        rest = left;
    }
    Some(text)
}

fn escaped(letter: u8) -> u8 {
    match letter {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        other => other,
    }
}

fn code_unit(digits: [u8; 4]) -> Option<char> {
    let digits = std::str::from_utf8(&digits).ok()?;
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

/// The runs of base64 in a text that hold printable text: where each begins, and what it holds. The credentials of a Basic header
/// (RFC 7617) are such a run, and so is a value of a Kubernetes secret.
pub(crate) fn base64_runs(text: &[u8]) -> impl Iterator<Item = (usize, Vec<u8>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() {
            let begin = at + text[at..].iter().position(|byte| is_base64(*byte))?;
            let length = text[begin..].iter().position(|byte| !is_base64(*byte)).unwrap_or(text.len() - begin);
            at = begin + length;
            if let Some(held) = decoded(&text[begin..at]) {
                return Some((begin, held));
            }
        }
        None
    })
}

fn decoded(run: &[u8]) -> Option<Vec<u8>> {
    if !(SHORTEST_RUN..=LONGEST_RUN).contains(&run.len()) {
        return None;
    }
    let engine = if run.iter().any(|byte| matches!(byte, b'-' | b'_')) { &URL_SAFE } else { &STANDARD };
    // Twelve bytes tell text from chance: most runs are words of a program and end here.
    let mut start = [0; SHORTEST_RUN];
    let decoded = engine.decode_slice(&run[..SHORTEST_RUN], &mut start).ok()?;
    if !start[..decoded].iter().copied().all(is_printable) {
        return None;
    }
    let held = engine.decode(run).ok()?;
    held.iter().copied().all(is_printable).then_some(held)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t' | 0x80..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_encoding_is_taken_off_where_there_is_any() {
        assert_eq!(without_percent(b"secret=a%2Bb%2f").as_deref(), Some(&b"secret=a+b/"[..]));
        assert_eq!(without_percent(b"100% of it, 50%zz"), None);
    }

    #[test]
    fn escapes_of_json_are_taken_off() {
        assert_eq!(
            without_backslashes(br#"{"s":"a\/b\u002bc\n\"d\ue9"}"#).as_deref(),
            Some("{\"s\":\"a/b+c\n\"due9\"}".as_bytes())
        );
        assert_eq!(without_backslashes(b"plain"), None);
        assert_eq!(without_backslashes(b"ends with \\").as_deref(), Some(&b"ends with \\"[..]));
    }

    #[test]
    fn a_basic_header_is_read_and_a_long_word_is_not() {
        let found: Vec<_> =
            base64_runs(b"Authorization: Basic YWJjOnMzY3JldC12YWx1ZQ== and internationalization2").collect();
        assert_eq!(found, [(21, b"abc:s3cret-value".to_vec())]);
    }
}
