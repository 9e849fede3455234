//! The right members in a wrong wrapping: type, encoding, size, depth.

use std::io::Write as _;
use std::sync::LazyLock;

use axum::http::StatusCode;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::members::Members;
use crate::fault::answer::Finished;
use crate::fault::wire::repeating;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
/// The size of a piece of an overlong body, in bytes.
const PIECE: usize = 64 * 1024;
/// How deep TK-13 goes.
const DEPTH: usize = 100_000;

/// 1 MiB of spaces, packed by gzip. Packed pieces may follow each other (RFC 1952 §2.2).
static PACKED_SPACES: LazyLock<Vec<u8>> = LazyLock::new(|| gzip(&vec![b' '; 1 << 20]));

/// 64 MiB of spaces, packed by Brotli (RFC 7932) at its highest level.
const BROTLI_SPACES: &[u8] = &[
    0xcb, 0xff, 0xff, 0x3f, 0xf8, 0x25, 0x40, 0xe2, 0xb1, 0x40, 0x20, 0xf7, 0xfe, 0x8f, 0xff, 0xff, 0x7f, 0xf0, 0x4b,
    0x00, 0xc4, 0x61, 0x11, 0x80, 0xee, 0xfd, 0x1f, 0xff, 0xff, 0xff, 0xe0, 0x97, 0x00, 0x88, 0xc3, 0x02, 0x00, 0xdd,
    0xfb, 0x3f, 0xfe, 0xff, 0xff, 0xc1, 0x2f, 0x01, 0x10, 0x87, 0x05, 0x00, 0xba, 0xf7, 0x7f, 0xfc, 0xff, 0xff, 0x83,
    0x5f, 0x02, 0x20, 0x0e, 0x0b, 0x00, 0x74, 0xef, 0xff, 0xf8, 0xff, 0xff, 0x07, 0xbf, 0x04, 0x40, 0x1c, 0x16, 0x00,
    0xe8, 0xde, 0xff, 0xf1, 0xff, 0xff, 0x0f, 0x7e, 0x09, 0x80, 0x38, 0x2c, 0x00, 0xd0, 0xbd, 0xff, 0xcb, 0xff, 0xff,
    0x3f, 0xfc, 0x12, 0x00, 0x71, 0x58, 0x00, 0xa0, 0x7b, 0xff, 0x07,
];

/// The frame header of Zstandard (RFC 8878 §3.1.1): a window of 128 KiB, nothing else said.
const ZSTD_HEADER: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38];
/// A block of 128 KiB that is one space repeated (§3.1.1.2), and the last, which is empty.
const ZSTD_BLOCK: &[u8] = &[0x02, 0x00, 0x10, b' '];
const ZSTD_END: &[u8] = &[0x01, 0x00, 0x00];

/// Bends the answer; says whether the fault really happened.
pub(super) fn bend(fault: &str, variant: &str, answer: &mut Finished) -> bool {
    match fault {
        "TK-07" => label(variant, answer),
        "TK-12" => bomb(variant, answer),
        "TK-11" => {
            let times = if variant == "endless" { usize::MAX } else { 100 * (1 << 20) / PIECE };
            answer.stream(repeating("{\"access_token\":\"", "x".repeat(PIECE), times, "\"}"));
        }
        "TK-13" => json(answer, format!("{{\"deep\":{}{}}}", "[".repeat(DEPTH), "]".repeat(DEPTH))),
        "TK-14" => json(
            answer,
            match variant {
                "array" => "[{\"access_token\":\"x\",\"token_type\":\"Bearer\"}]",
                "string" => "\"access_token\"",
                "null" => "null",
                "nothing" => "",
                _ => "42",
            },
        ),
        "TK-39" => packed(variant, answer),
        _ => return rewritten(fault, variant, answer),
    }
    true
}

/// Faults that write the same members anew.
fn rewritten(fault: &str, variant: &str, answer: &mut Finished) -> bool {
    let Some(members) = Members::read(answer) else { return false };
    let text = members.to_json();
    match fault {
        "TK-05" => answer.replace(StatusCode::OK, FORM, members.to_form()),
        "TK-06" => answer.replace(StatusCode::OK, JSON, members.to_form()),
        "TK-08" => json(answer, text[..text.floor_char_boundary(text.len() * 2 / 3)].to_owned()),
        _ => match variant {
            "bom" => json(answer, format!("\u{feff}{text}")),
            "utf_16" => json(answer, utf_16(&text)),
            _ => {
                let mut bytes = text.into_bytes();
                bytes.splice(bytes.len() - 1.., *b",\"sandbox\":\"\xff\xfe\"}");
                json(answer, bytes);
            }
        },
    }
    true
}

fn json(answer: &mut Finished, body: impl Into<axum::body::Bytes>) {
    answer.replace(StatusCode::OK, JSON, body);
}

/// Big-endian with a byte order mark (RFC 2781 §3.2).
fn utf_16(text: &str) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect()
}

/// TK-07.
fn label(variant: &str, answer: &mut Finished) {
    match variant {
        "text_html" => answer.set_header(CONTENT_TYPE, "text/html; charset=utf-8"),
        "text_plain" => answer.set_header(CONTENT_TYPE, "text/plain"),
        "no_type" => answer.remove_header(CONTENT_TYPE),
        _ => answer.set_header(CONTENT_TYPE, "application/json; charset=utf-16"),
    }
}

/// TK-12: 1 GiB of spaces by gzip and Zstandard, 64 MiB by Brotli, whose pieces cannot follow each other.
fn bomb(variant: &str, answer: &mut Finished) {
    answer.set_header(CONTENT_TYPE, JSON);
    answer.set_header(CONTENT_ENCODING, variant);
    match variant {
        "gzip" => answer.set_body(PACKED_SPACES.repeat(1024)),
        "br" => answer.set_body(BROTLI_SPACES),
        _ => answer.set_body([ZSTD_HEADER, &ZSTD_BLOCK.repeat(8192), ZSTD_END].concat()),
    }
}

/// TK-39.
fn packed(variant: &str, answer: &mut Finished) {
    match variant {
        "unrequested" => {
            answer.set_body(gzip(&answer.body));
            answer.set_header(CONTENT_ENCODING, "gzip");
        }
        "not_packed" => answer.set_header(CONTENT_ENCODING, "gzip"),
        _ => answer.set_header(CONTENT_ENCODING, "sandbox"),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Neither writing to a Vec nor ending there can fail.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}
