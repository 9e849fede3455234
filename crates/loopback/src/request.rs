//! Reading one request, strictly: whatever is unusual is refused before anybody looks at a callback.

use crate::answer::Answer;

/// Bytes of the request line, at most.
const LONGEST_LINE: usize = 16 << 10;
/// Bytes of all header fields together, at most.
const LONGEST_HEADERS: usize = 16 << 10;
/// Number of header fields, at most.
const MOST_HEADERS: usize = 64;

/// What the bytes so far amount to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Not yet a whole head.
    Partial,
    /// A whole head.
    Whole(Request),
    /// To be refused.
    Refused(Answer),
}

/// The head of a request that may be answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// Path and query as sent: origin form, it begins with `/`.
    pub(crate) target: String,
    /// Whether a person's browser goes there, as far as the browser tells: no image, script, fetch, frame or prefetch.
    pub(crate) is_navigation: bool,
}

/// Reads what has arrived so far; `authority` is the only `Host` that is answered.
pub(crate) fn read(bytes: &[u8], authority: &str) -> Reading {
    let line_end = bytes.iter().position(|byte| *byte == b'\n');
    if line_end.unwrap_or(bytes.len()) > LONGEST_LINE {
        return Reading::Refused(Answer::LineTooLong);
    }
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(bytes) {
        Ok(httparse::Status::Complete(length)) if length - line_end.unwrap_or(0) > LONGEST_HEADERS => {
            Reading::Refused(Answer::HeadersTooLarge)
        }
        Ok(httparse::Status::Complete(_)) => match check(&request, authority) {
            Ok(request) => Reading::Whole(request),
            Err(answer) => Reading::Refused(answer),
        },
        Ok(httparse::Status::Partial) if bytes.len() - line_end.unwrap_or(bytes.len()) > LONGEST_HEADERS => {
            Reading::Refused(Answer::HeadersTooLarge)
        }
        Ok(httparse::Status::Partial) => Reading::Partial,
        Err(httparse::Error::TooManyHeaders) => Reading::Refused(Answer::HeadersTooLarge),
        Err(_) => Reading::Refused(Answer::BadRequest),
    }
}

fn check(request: &httparse::Request<'_, '_>, authority: &str) -> Result<Request, Answer> {
    let value = |name: &str| {
        let mut values = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
        (values.next().map(|header| header.value), values.next().is_some())
    };
    match value("host") {
        (Some(host), false) if host.eq_ignore_ascii_case(authority.as_bytes()) => {}
        // A name that was pointed at this computer (DNS rebinding), or a request meant for somebody else.
        (Some(_), false) => return Err(Answer::Misdirected),
        _ => return Err(Answer::BadRequest),
    }
    match request.method {
        Some("GET") => {}
        Some("OPTIONS") => return Err(Answer::Forbidden),
        _ => return Err(Answer::MethodNotAllowed),
    }
    // A GET has no body; one that claims to have one wants to be read in two ways.
    let (length, _) = value("content-length");
    if value("transfer-encoding").0.is_some() || length.is_some_and(|length| length != b"0") {
        return Err(Answer::BadRequest);
    }
    let target = request.path.filter(|path| path.starts_with('/')).ok_or(Answer::BadRequest)?;
    let says = |name: &str, word: &str| value(name).0.is_none_or(|found| found.eq_ignore_ascii_case(word.as_bytes()));
    let prefetched =
        value("sec-purpose").0.or(value("purpose").0).is_some_and(|purpose| purpose.starts_with(b"prefetch"));
    let is_navigation = says("sec-fetch-mode", "navigate") && says("sec-fetch-dest", "document") && !prefetched;
    Ok(Request { target: target.to_owned(), is_navigation })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOST: &str = "127.0.0.1:8914";

    fn request(line: &str, headers: &str) -> Reading {
        read(format!("{line} HTTP/1.1\r\n{headers}\r\n").as_bytes(), HOST)
    }

    #[test]
    fn a_navigation_to_the_exact_host_is_read() {
        let read = request(
            "GET /cb?code=a",
            "Host: 127.0.0.1:8914\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n",
        );
        assert_eq!(read, Reading::Whole(Request { target: "/cb?code=a".into(), is_navigation: true }));
    }

    #[test]
    fn what_a_page_does_by_itself_is_no_navigation() {
        for header in [
            "Sec-Fetch-Mode: no-cors",
            "Sec-Fetch-Mode: cors",
            "Sec-Fetch-Dest: iframe",
            "Sec-Purpose: prefetch;prerender",
        ] {
            let Reading::Whole(request) = request("GET /cb", &format!("Host: {HOST}\r\n{header}\r\n")) else {
                panic!("{header}")
            };
            assert!(!request.is_navigation, "{header}");
        }
    }

    #[test]
    fn another_host_is_misdirected_and_two_hosts_are_wrong() {
        for host in ["evil.test", "evil.test:8914", "127.0.0.1", "127.0.0.1:8915", "localhost:8914"] {
            assert_eq!(
                request("GET /cb", &format!("Host: {host}\r\n")),
                Reading::Refused(Answer::Misdirected),
                "{host}"
            );
        }
        assert_eq!(request("GET /cb", ""), Reading::Refused(Answer::BadRequest));
        assert_eq!(
            request("GET /cb", &format!("Host: {HOST}\r\nHost: {HOST}\r\n")),
            Reading::Refused(Answer::BadRequest)
        );
    }

    #[test]
    fn only_a_plain_get_is_taken() {
        let host = format!("Host: {HOST}\r\n");
        assert_eq!(request("POST /cb", &host), Reading::Refused(Answer::MethodNotAllowed));
        assert_eq!(request("HEAD /cb", &host), Reading::Refused(Answer::MethodNotAllowed));
        assert_eq!(request("OPTIONS /cb", &host), Reading::Refused(Answer::Forbidden));
        assert_eq!(request("GET http://127.0.0.1:8914/cb", &host), Reading::Refused(Answer::BadRequest));
        let smuggled = format!("{host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n");
        assert_eq!(request("GET /cb", &smuggled), Reading::Refused(Answer::BadRequest));
        assert_eq!(request("GET /cb", &format!("{host}X: a\r\n folded\r\n")), Reading::Refused(Answer::BadRequest));
    }

    #[test]
    fn what_is_too_long_is_refused_before_it_is_whole() {
        assert_eq!(read(&b"G".repeat(LONGEST_LINE + 1), HOST), Reading::Refused(Answer::LineTooLong));
        let endless = format!("GET / HTTP/1.1\r\nX: {}", "a".repeat(LONGEST_HEADERS));
        assert_eq!(read(endless.as_bytes(), HOST), Reading::Refused(Answer::HeadersTooLarge));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X: a\r\n".repeat(MOST_HEADERS + 1));
        assert_eq!(read(many.as_bytes(), HOST), Reading::Refused(Answer::HeadersTooLarge));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let _ = read(&bytes, HOST);
        }

        #[test]
        fn a_request_is_partial_until_its_last_byte(cut in 0_usize..48) {
            let whole = format!("GET /cb?code=a HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
            prop_assert_eq!(read(&whole.as_bytes()[..cut], HOST), Reading::Partial);
        }
    }
}
