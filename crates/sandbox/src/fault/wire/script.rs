//! What is written for each wire fault.

use std::fmt::Write as _;
use std::time::Duration;

use axum::body::{Bytes, to_bytes};
use axum::http::header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING};
use axum::http::response::Parts;
use axum::response::Response;

use super::{Repeated, Step, WireAnswer};

/// Far more than any endpoint answers.
const LARGEST_ANSWER: usize = 16 << 20;

/// What is done with the socket, in order.
pub(crate) struct Script(pub(super) Vec<Step>);

impl Script {
    /// The script for an answer that is finished, with all its headers.
    pub(crate) async fn of(wire: WireAnswer, response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, LARGEST_ANSWER).await.unwrap_or_default();
        let answer = Written { head: head(&parts), length: format!("content-length: {}\r\n", body.len()), body };
        Self(match wire {
            WireAnswer::Fault(wire) => answer.steps(wire.fault, wire.variant, wire.pause),
            WireAnswer::Large(body) => answer.large(&body),
        })
    }
}

/// The answer as it would have been written, in parts.
struct Written {
    /// Status line and headers, without those that say where the body ends and without the empty line.
    head: String,
    /// The header that says it rightly.
    length: String,
    body: Bytes,
}

fn head(parts: &Parts) -> String {
    let reason = parts.status.canonical_reason().unwrap_or_default();
    let mut head = format!("HTTP/1.1 {} {reason}\r\n", parts.status.as_str());
    for (name, value) in &parts.headers {
        if *name != CONTENT_LENGTH && *name != TRANSFER_ENCODING && *name != CONNECTION {
            // Writing to a String cannot fail.
            let _ = write!(head, "{name}: {}\r\n", String::from_utf8_lossy(value.as_bytes()));
        }
    }
    head
}

/// A chunk with its size (RFC 9112 §7.1).
fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

impl Written {
    /// The whole answer, its body preceded by these headers.
    fn framed(&self, framing: &str) -> Vec<u8> {
        let mut bytes = format!("{}connection: close\r\n{framing}\r\n", self.head).into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// The same answer with so many bytes promised.
    fn promising(&self, length: impl std::fmt::Display) -> Vec<Step> {
        vec![Step::Write(self.framed(&format!("content-length: {length}\r\n")))]
    }

    /// A correct answer behind something else.
    fn behind(&self, first: &str) -> Vec<Step> {
        vec![Step::Write([first.as_bytes(), &self.framed(&self.length)].concat())]
    }

    /// The body in one chunk of this size line (RFC 9112 §7.1), then whatever follows the last chunk.
    fn chunked(&self, framing: &str, size: &str, trailer: &str) -> Vec<Step> {
        let head = format!("{}connection: close\r\n{framing}transfer-encoding: chunked\r\n\r\n{size}\r\n", self.head);
        let end = format!("\r\n0\r\n{trailer}\r\n");
        vec![Step::Write([head.as_bytes(), &self.body, end.as_bytes()].concat())]
    }

    fn size(&self) -> String {
        format!("{:x}", self.body.len())
    }

    fn steps(&self, fault: &str, variant: &str, pause: Duration) -> Vec<Step> {
        match fault {
            "TK-25" => self.informational(variant),
            "TK-27" => self.cut(variant),
            "TK-28" => self.miscounted(variant),
            "TK-29" => self.until_closed(variant),
            "TK-30" => match variant {
                "bad_chunk_size" => self.chunked("", "zz", ""),
                _ => self.chunked("trailer: x-sandbox-trailer\r\n", &self.size(), "x-sandbox-trailer: 1\r\n"),
            },
            "TK-31" => self.slow(variant, pause),
            "TK-32" => self.overfull(variant),
            // TK-37: the endpoint has done its work, and nobody learns of it.
            _ => match variant {
                "reset" => vec![Step::Reset],
                _ => Vec::new(),
            },
        }
    }

    /// The same head with another body, in chunks.
    fn large(&self, body: &Repeated) -> Vec<Step> {
        let head = format!("{}connection: close\r\ntransfer-encoding: chunked\r\n\r\n", self.head);
        vec![
            Step::Write([head.into_bytes(), chunk(&body.first)].concat()),
            Step::Repeat(chunk(&body.piece), body.times),
            Step::Write([chunk(&body.last).as_slice(), b"0\r\n\r\n"].concat()),
        ]
    }

    /// TK-25: something with a status below 200 first (RFC 9110 §15.2).
    fn informational(&self, variant: &str) -> Vec<Step> {
        match variant {
            "continue" => self.behind("HTTP/1.1 100 Continue\r\n\r\n"),
            "early_hints" => self.behind("HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n"),
            _ => self.behind("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: sandbox\r\n\r\n"),
        }
    }

    /// TK-27: the connection ends early.
    fn cut(&self, variant: &str) -> Vec<Step> {
        let whole = self.framed(&self.length);
        let head = whole.len() - self.body.len();
        let upto = |end: usize| Step::Write(whole[..end].to_vec());
        match variant {
            "before_headers" => Vec::new(),
            "after_headers" => vec![upto(head)],
            "mid_body" => vec![upto(head + self.body.len() / 2)],
            _ => vec![Step::Reset],
        }
    }

    /// TK-28: the length is wrong (RFC 9112 §6.3).
    fn miscounted(&self, variant: &str) -> Vec<Step> {
        let length = self.body.len();
        match variant {
            "too_long" => self.promising(length + 10),
            "too_short" => self.promising(length.saturating_sub(10)),
            "negative" => self.promising("-1"),
            "two_values" => self.promising(format!("{length}\r\ncontent-length: {}", length + 1)),
            _ => self.chunked(&self.length, &self.size(), ""),
        }
    }

    /// TK-29: the body ends where the connection does (RFC 9112 §6.3).
    fn until_closed(&self, variant: &str) -> Vec<Step> {
        match variant {
            "http_1_0" => {
                let old = self.head.replacen("HTTP/1.1", "HTTP/1.0", 1);
                vec![Step::Write([old.as_bytes(), b"\r\n", &*self.body].concat())]
            }
            "connection_close" => vec![Step::Write(self.framed(""))],
            _ => vec![Step::Write([self.head.as_bytes(), b"\r\n", &*self.body].concat())],
        }
    }

    /// TK-31: too slow for anybody.
    fn slow(&self, variant: &str, pause: Duration) -> Vec<Step> {
        let whole = self.framed(&self.length);
        let head = whole.len() - self.body.len();
        match variant {
            "slow_headers" => vec![Step::Trickle(whole, pause)],
            "slow_body" => vec![Step::Write(whole[..head].to_vec()), Step::Trickle(whole[head..].to_vec(), pause)],
            _ => vec![Step::Hang],
        }
    }

    /// TK-32: more head than anybody reads.
    fn overfull(&self, variant: &str) -> Vec<Step> {
        let begin = |more: &str| Step::Write(format!("{}{more}", self.head).into_bytes());
        let end = |more: &str| {
            let mut bytes = format!("{more}connection: close\r\n{}\r\n", self.length).into_bytes();
            bytes.extend_from_slice(&self.body);
            Step::Write(bytes)
        };
        match variant {
            "huge_header" => vec![begin("x-sandbox-filler: "), Step::Repeat(vec![b'x'; 1024], 1024), end("\r\n")],
            "many_headers" => vec![begin(""), Step::Repeat(b"x-sandbox-filler: x\r\n".to_vec(), 10_000), end("")],
            _ => vec![begin("x-sandbox-folded: first\r\n second\r\n"), end("")],
        }
    }
}
