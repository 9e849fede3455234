//! Reading one request, strictly: whatever is unusual is refused before anybody looks at a callback.
//!
//! It knows no socket, so that any bytes can be tried on it.

use std::ops::Range;

use gatewright_protocol::authorization::LONGEST_FORM;

use crate::answer::Answer;

/// How a posted form is labelled.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// Bytes of the request line, at most.
const LONGEST_LINE: usize = 16 << 10;
/// Bytes of all header fields together, at most.
const LONGEST_HEADERS: usize = 16 << 10;
/// Number of header fields, at most.
const MOST_HEADERS: usize = 64;

/// What the bytes so far amount to.
#[derive(Debug, PartialEq, Eq)]
pub enum Reading {
    /// Not yet a whole head.
    Partial,
    /// A whole head.
    Whole(Request),
    /// To be refused.
    Refused(Answer),
}

/// The head of a request that may be answered.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    /// Path and query as sent: origin form, it begins with `/`.
    pub target: String,
    /// Whether a person's browser goes there, as far as the browser tells: no image, script, fetch, frame or prefetch.
    pub is_navigation: bool,
    /// Where a posted form stands, counted from the first byte of the request; it may still be on its way.
    pub form_at: Option<Range<usize>>,
    /// The posted form, once all of it is there.
    pub form: Option<Box<[u8]>>,
}

/// Reads what has arrived so far; `authority` is the only `Host` that is answered, and `takes_forms` is whether a POST may be a callback.
pub fn read(bytes: &[u8], authority: &str, takes_forms: bool) -> Reading {
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
        Ok(httparse::Status::Complete(length)) => match check(&request, length, authority, takes_forms) {
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

/// The header fields of a request.
struct Fields<'a>(&'a [httparse::Header<'a>]);

impl<'a> Fields<'a> {
    /// The value of a field that may stand there once at most.
    fn only(&self, name: &str) -> Result<Option<&'a [u8]>, Answer> {
        let mut values = self.0.iter().filter(|field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value);
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            // Two readers could each believe another one.
            _ => Err(Answer::BadRequest),
        }
    }

    /// Whether a field, if it is there, says this.
    fn says(&self, name: &str, word: &str) -> Result<bool, Answer> {
        Ok(self.only(name)?.is_none_or(|value| value.eq_ignore_ascii_case(word.as_bytes())))
    }

    /// Whether a person's browser goes there, as far as it tells.
    fn tell_of_a_navigation(&self) -> Result<bool, Answer> {
        let purpose = self.only("sec-purpose")?.or(self.only("purpose")?);
        let is_prefetched = purpose.is_some_and(|purpose| purpose.starts_with(b"prefetch"));
        Ok(!is_prefetched && self.says("sec-fetch-mode", "navigate")? && self.says("sec-fetch-dest", "document")?)
    }

    /// The length of the body in bytes; none where none is announced.
    fn body_length(&self) -> Result<Option<usize>, Answer> {
        // A body in pieces has no length that can be believed beforehand, and one with both wants to be read in two ways.
        if self.0.iter().any(|field| field.name.eq_ignore_ascii_case("transfer-encoding")) {
            return Err(Answer::BadRequest);
        }
        let Some(text) = self.only("content-length")? else { return Ok(None) };
        if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
            return Err(Answer::BadRequest);
        }
        let length = std::str::from_utf8(text).ok().and_then(|digits| digits.parse().ok());
        length.map(Some).ok_or(Answer::TooMuch)
    }
}

/// Judges a whole head of `head_length` bytes.
fn check(
    request: &httparse::Request<'_, '_>,
    head_length: usize,
    authority: &str,
    takes_forms: bool,
) -> Result<Request, Answer> {
    let fields = Fields(request.headers);
    match fields.only("host")? {
        Some(host) if host.eq_ignore_ascii_case(authority.as_bytes()) => {}
        // A name that was pointed at this computer (DNS rebinding), or a request meant for somebody else.
        Some(_) => return Err(Answer::Misdirected),
        None => return Err(Answer::BadRequest),
    }
    let body_length = fields.body_length()?;
    let form_at = match (request.method, body_length) {
        // A GET has no body.
        (Some("GET"), None | Some(0)) => None,
        (Some("GET"), Some(_)) => return Err(Answer::BadRequest),
        (Some("POST"), length) if takes_forms => Some(head_length..head_length + form_length(&fields, length)?),
        (Some("OPTIONS"), _) => return Err(Answer::Forbidden),
        _ => return Err(Answer::MethodNotAllowed),
    };
    let target = request.path.filter(|path| path.starts_with('/')).ok_or(Answer::BadRequest)?.to_owned();
    Ok(Request { target, is_navigation: fields.tell_of_a_navigation()?, form_at, form: None })
}

/// The length of a form that may be read, in bytes.
fn form_length(fields: &Fields<'_>, announced: Option<usize>) -> Result<usize, Answer> {
    let length = announced.ok_or(Answer::BadRequest)?;
    let label = fields.only("content-type")?.unwrap_or_default();
    let label = label.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    if !label.eq_ignore_ascii_case(FORM.as_bytes()) {
        return Err(Answer::NotAForm);
    }
    if length > LONGEST_FORM { Err(Answer::TooMuch) } else { Ok(length) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOST: &str = "127.0.0.1:8914";

    fn request(line: &str, headers: &str) -> Reading {
        read(format!("{line} HTTP/1.1\r\n{headers}\r\n").as_bytes(), HOST, false)
    }

    #[test]
    fn a_navigation_to_the_exact_host_is_read() {
        let read = request(
            "GET /cb?code=a",
            "Host: 127.0.0.1:8914\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n",
        );
        let expected = Request { target: "/cb?code=a".into(), is_navigation: true, form_at: None, form: None };
        assert_eq!(read, Reading::Whole(expected));
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
        assert_eq!(read(&b"G".repeat(LONGEST_LINE + 1), HOST, false), Reading::Refused(Answer::LineTooLong));
        let endless = format!("GET / HTTP/1.1\r\nX: {}", "a".repeat(LONGEST_HEADERS));
        assert_eq!(read(endless.as_bytes(), HOST, false), Reading::Refused(Answer::HeadersTooLarge));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X: a\r\n".repeat(MOST_HEADERS + 1));
        assert_eq!(read(many.as_bytes(), HOST, false), Reading::Refused(Answer::HeadersTooLarge));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let _ = read(&bytes, HOST, true);
        }

        #[test]
        fn a_request_is_partial_until_its_last_byte(cut in 0_usize..48) {
            let whole = format!("GET /cb?code=a HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
            prop_assert_eq!(read(&whole.as_bytes()[..cut], HOST, false), Reading::Partial);
        }
    }
}
