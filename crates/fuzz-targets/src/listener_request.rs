//! Requests to the redirect listener.

use gatewright_loopback::request::{Reading, Request, read};
use gatewright_protocol::authorization::LONGEST_FORM;

use crate::input::Input;

const AUTHORITY: &str = "127.0.0.1:8914";

/// Prefixes are tried one by one up to this length, because each costs a reading.
const SHORT: usize = 512;

/// A request that is taken has one reading: one host, one length, no chunks, one end; and it is taken at that end, not before.
///
/// The choice: whether forms are taken. The rest is what arrives.
pub fn listener_request(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let takes_forms = input.choose(&[false, true]);
    let bytes = input.rest();
    match read(bytes, AUTHORITY, takes_forms) {
        Reading::Whole(request) => {
            let head = head(bytes);
            has_one_reading(&request, head, takes_forms);
            is_whole_at_its_end(&request, bytes, head.len(), takes_forms);
        }
        // Empty lines before a request are no request yet.
        Reading::Partial if bytes.iter().all(|byte| matches!(byte, b'\r' | b'\n')) => {}
        Reading::Partial => {
            let more = [bytes, b"\r\n\r\n"].concat();
            assert_ne!(read(&more, AUTHORITY, takes_forms), Reading::Partial, "no end is an end");
        }
        Reading::Refused(_) => {
            let more = [bytes, b"\r\nHost: 127.0.0.1:8914\r\n\r\n"].concat();
            let again = read(&more, AUTHORITY, takes_forms);
            assert!(matches!(again, Reading::Refused(_)), "what was refused is taken: {again:?}");
        }
    }
}

/// Up to the first empty line that is not the very first.
fn head(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap();
    let end = (start..bytes.len()).find(|end| {
        let so_far = &bytes[start..*end];
        so_far.ends_with(b"\n\n") || so_far.ends_with(b"\n\r\n")
    });
    &bytes[..end.unwrap_or(bytes.len())]
}

fn has_one_reading(request: &Request, head: &[u8], takes_forms: bool) {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let line = lines.next().unwrap();
    let fields: Vec<(String, &str)> = lines
        .map(|line| line.split_once(':').unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim_matches([' ', '\t'])))
        .collect();
    let values = |name: &str| fields.iter().filter(|(key, _)| key == name).map(|(_, value)| *value).collect::<Vec<_>>();
    assert_eq!(values("host"), [AUTHORITY]);
    assert!(values("transfer-encoding").is_empty());
    let length = values("content-length");
    assert!(request.target.starts_with('/') && request.target.bytes().all(|byte| byte > b' ' && byte != 0x7f));
    assert!(line.contains(&format!(" {} HTTP/1.", request.target)), "{line}");
    match &request.form_at {
        None => assert!(line.starts_with("GET ") && (length.is_empty() || length[0].bytes().all(|byte| byte == b'0'))),
        Some(place) => {
            assert!(takes_forms && line.starts_with("POST "));
            assert_eq!((place.start, length.len()), (head.len(), 1));
            assert!(place.len() <= LONGEST_FORM && length[0].parse() == Ok(place.len()));
        }
    }
    assert_eq!(request.form, None);
    if request.is_navigation {
        assert!(values("sec-fetch-mode").iter().all(|mode| mode.eq_ignore_ascii_case("navigate")));
        assert!(values("sec-fetch-dest").iter().all(|place| place.eq_ignore_ascii_case("document")));
    }
}

fn is_whole_at_its_end(request: &Request, bytes: &[u8], end: usize, takes_forms: bool) {
    for cut in end.saturating_sub(SHORT)..end {
        assert_eq!(read(&bytes[..cut], AUTHORITY, takes_forms), Reading::Partial, "after {cut} bytes");
    }
    let with_more = [bytes, b"GET / HTTP/1.1\r\n"].concat();
    for bytes in [&bytes[..end], &with_more] {
        let Reading::Whole(again) = read(bytes, AUTHORITY, takes_forms) else { panic!("it is whole no more") };
        assert_eq!(&again, request);
    }
}
