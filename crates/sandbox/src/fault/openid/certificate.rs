//! A certificate that says a key is trusted because it says so (X.509, RFC 5280 §4.1), as the attacker puts it into `x5c`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::signing::SigningKey;

/// `sha256WithRSAEncryption` with its empty parameters (RFC 8017 appendix A.2).
const SHA256_WITH_RSA: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00];
/// The attribute `commonName`.
const COMMON_NAME: [u8; 5] = [0x06, 0x03, 0x55, 0x04, 0x03];

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const UTF8_STRING: u8 = 0x0c;
const UTC_TIME: u8 = 0x17;

/// A certificate for an RS256 key, signed with the key itself, in DER.
pub(super) fn of(key: &SigningKey) -> Option<Vec<u8>> {
    let name = der(SEQUENCE, &der(SET, &der(SEQUENCE, &[&COMMON_NAME[..], &der(UTF8_STRING, b"attacker")].concat())));
    let validity = der(SEQUENCE, &[der(UTC_TIME, b"260101000000Z"), der(UTC_TIME, b"491231235959Z")].concat());
    let public = key.public().rsa_der()?;
    let serial = der(INTEGER, &[1]);
    let body = der(SEQUENCE, &[&serial, &SHA256_WITH_RSA[..], &name, &validity, &name, &public].concat());
    let signature = der(BIT_STRING, &[&[0], &*key.signature(&body).ok()?].concat());
    Some(der(SEQUENCE, &[&body, &SHA256_WITH_RSA[..], &signature].concat()))
}

/// The same as text (RFC 7468).
pub(in crate::fault) fn pem(label: &str, der: &[u8]) -> String {
    let encoded = STANDARD.encode(der);
    let lines: Vec<_> = encoded.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// One element of DER: its kind, its length, its content (X.690 §8.1).
pub(super) fn der(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut element = vec![kind];
    match significant {
        [] => element.push(0),
        [short @ 0..=0x7f] => element.push(*short),
        // At most eight bytes: the count fits into the low bits.
        long => {
            element.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            element.extend_from_slice(long);
        }
    }
    element.extend_from_slice(content);
    element
}

/// A positive integer as DER writes it: no leading zeros but the one that keeps it positive.
pub(super) fn der_integer(bytes: &[u8]) -> Vec<u8> {
    let digits = &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..];
    let positive = if digits.first().is_none_or(|first| *first >= 0x80) { &[0][..] } else { &[] };
    der(INTEGER, &[positive, digits].concat())
}
