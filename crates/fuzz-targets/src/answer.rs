//! Answers over HTTP.

use gatewright_protocol::http::HttpResponse;

use crate::input::Input;

/// The statuses an answer may have, the usual one first.
const STATUSES: [u16; 10] = [200, 400, 401, 403, 429, 500, 302, 204, 101, 201];

/// An answer: its status by choice, then header fields, an empty line and the body.
pub(crate) fn answer(input: &mut Input<'_>) -> HttpResponse {
    let (status, cut) = (input.choose(&STATUSES), input.choose(&[false, true]));
    let (headers, body) = head_and_body(input.rest());
    HttpResponse { status, headers, body: body.to_vec(), cut }
}

fn head_and_body(bytes: &[u8]) -> (Vec<(String, String)>, &[u8]) {
    let mut headers = Vec::new();
    let mut rest = bytes;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let line = String::from_utf8_lossy(&rest[..end]).into_owned();
        rest = &rest[end + 1..];
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
    }
    (headers, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_written_as_it_looks_on_the_wire() {
        let read = answer(&mut Input::new(b"1\nContent-Type: a/b\nX: y\n\n{}\n"));
        assert_eq!((read.status, read.header("content-type"), &*read.body), (400, Some("a/b"), &b"{}\n"[..]));
    }
}
